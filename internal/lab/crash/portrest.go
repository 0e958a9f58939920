package crash

import (
	"context"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/inbox"
)

// box keeps what the gateway told.
type box struct {
	inbox.Inbox
	*Points
}

func (b box) Put(ctx context.Context, m inbox.Message) (bool, error) {
	return call(ctx, b.Points, "Inbox.Put", func() (bool, error) { return b.Inbox.Put(ctx, m) })
}

func (b box) Claim(ctx context.Context, source string, limit int, lease time.Duration) ([]inbox.Claim, error) {
	return call(ctx, b.Points, "Inbox.Claim", func() ([]inbox.Claim, error) { return b.Inbox.Claim(ctx, source, limit, lease) })
}

func (b box) Finish(ctx context.Context, c inbox.Claim, how inbox.Outcome) error {
	return act(ctx, b.Points, "Inbox.Finish", func() error { return b.Inbox.Finish(ctx, c, how) })
}

// notifier writes to customers.
type notifier struct {
	checkout.Notifier
	*Points
}

func (n notifier) Notify(ctx context.Context, notice checkout.Notice) error {
	return act(ctx, n.Points, "Notifier.Notify", func() error { return n.Notifier.Notify(ctx, notice) })
}

// publisher tells the rest of the shop.
type publisher struct {
	checkout.Publisher
	*Points
}

func (p publisher) Publish(ctx context.Context, events ...checkout.Event) error {
	return act(ctx, p.Points, "Publisher.Publish", func() error { return p.Publisher.Publish(ctx, events...) })
}

// shipper books parcels.
type shipper struct {
	checkout.Shipper
	*Points
}

func (s shipper) Ship(ctx context.Context, r checkout.Record) (checkout.Shipment, error) {
	return call(ctx, s.Points, "Shipper.Ship", func() (checkout.Shipment, error) { return s.Shipper.Ship(ctx, r) })
}

func (s shipper) FindShipment(ctx context.Context, r checkout.Record) (checkout.Shipment, error) {
	none := func() (checkout.Shipment, error) { return checkout.Shipment{}, checkout.ErrNotFound }
	return read(ctx, s.Points, "Shipper.FindShipment", string(r.ID), none, func() (checkout.Shipment, error) {
		return s.Shipper.FindShipment(ctx, r)
	})
}
