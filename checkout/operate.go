package checkout

import (
	"context"
	"fmt"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

// Explanation says how a checkout stands and what happens next, for staff.
type Explanation struct {
	Record Record
	Status Status
	Next   Effect // with Why
}

// Explain returns a checkout of any owner as staff want to see it. The host decides who is staff.
func (s *Service) Explain(ctx context.Context, id ID) (Explanation, error) {
	r, err := s.config.Store.Load(ctx, id)
	if err != nil {
		return Explanation{}, err
	}
	return Explanation{Record: r, Status: r.Status(), Next: Next(r, s.config.Now())}, nil
}

// Retry makes effects that were given up due again, with all their attempts, and performs what is due.
func (s *Service) Retry(ctx context.Context, id ID, actor string) (Record, error) {
	_, err := s.update(ctx, id, func(d *draft) error {
		for _, i := range d.Intents {
			i.Dead, i.Attempts, i.NotBefore = false, 0, time.Time{}
			d.keep(i)
			d.log(d.now, actor, "retried", string(i.Effect))
		}
		return nil
	})
	if err != nil {
		return Record{}, err
	}
	return s.Advance(ctx, id)
}

// RecordShipment notes that staff have sent the order. Recording it again changes nothing. A text of the shipment that is
// too long or not one line is an *InvalidError.
func (s *Service) RecordShipment(ctx context.Context, id ID, sh Shipment, actor string) (Record, error) {
	if err := sh.validate(); err != nil {
		return Record{}, err
	}
	r, err := s.config.Store.Load(ctx, id)
	if err != nil {
		return Record{}, err
	}
	sold, err := s.soldBy(ctx, r)
	if err != nil {
		return Record{}, err
	}
	_, err = s.updateFrom(ctx, r, func(d *draft) error {
		switch {
		case !d.inEffect():
			return &InvalidError{Field: "shipment", Reason: "the order has not taken effect yet"}
		case d.Shipment == nil && d.Cancelled != nil:
			return &InvalidError{Field: "shipment", Reason: "the order was cancelled"}
		}
		sh.At = or(sh.At, d.now)
		shipped(sh, actor, sold)(d)
		return nil
	})
	if err != nil {
		return Record{}, err
	}
	return s.Advance(ctx, id)
}

// RecordDelivery notes that the parcel arrived. Recording it again changes nothing.
func (s *Service) RecordDelivery(ctx context.Context, id ID, at time.Time, actor string) (Record, error) {
	return s.update(ctx, id, func(d *draft) error {
		switch {
		case d.Shipment == nil:
			return &InvalidError{Field: "delivery", Reason: "the order was not shipped"}
		case d.DeliveredAt.IsZero():
			d.DeliveredAt = or(at, d.now)
			d.log(d.now, actor, "delivered", "")
		}
		return nil
	})
}

// Levels reads what the Reserver knows of items, for pages that show availability. A Reserver that keeps no levels gives
// an error wrapping ErrUnavailable.
func (s *Service) Levels(ctx context.Context, items ...inventory.Item) ([]inventory.Level, error) {
	known, ok := s.config.Reserver.(inventory.Levels)
	if !ok {
		return nil, fmt.Errorf("%w: the reserver keeps no levels", ErrUnavailable)
	}
	return known.Levels(ctx, items)
}
