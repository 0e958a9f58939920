package razorpay

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/payment"
)

var _ Rechecker = (*checkout.Service)(nil)

// Rechecker asks the gateway what became of an order's payments and goes on from there. *checkout.Service is one.
type Rechecker interface {
	// RecheckGatewayOrder is harmless twice and in parallel. An order that is not known is checkout.ErrNotFound; any
	// other error means later.
	RecheckGatewayOrder(ctx context.Context, orderID string) (checkout.Record, error)
}

// alerter is a Rechecker that tells people, as *checkout.Service does.
type alerter interface {
	// AlertGatewayOrder tells of an order once, however often it is called. An order that is not known is
	// checkout.ErrNotFound; any other error means later.
	AlertGatewayOrder(ctx context.Context, orderID, text string) error
}

var _ alerter = (*checkout.Service)(nil)

// NewDispatcher hands out what a Receiver stored: look is told which order to look at, and an error from it means later.
// Give it Recheck(service), or a function of your own that calls it and does more. c.Handle and c.Group
// are set here; c.Source is "razorpay" unless the receiver's was another. Events of one order that are claimed together
// are one call, disputes are always told each. A message that is no event becomes a dead letter.
func NewDispatcher(c inbox.DispatcherConfig, look func(context.Context, Event) error) (*inbox.Dispatcher, error) {
	if look == nil {
		return nil, &inbox.InvalidError{Field: "look", Reason: "is missing"}
	}
	if c.Source == "" {
		c.Source = Source
	}
	c.Group = group
	c.Handle = func(ctx context.Context, m inbox.Message) error {
		e, err := EventOf(m)
		if err != nil {
			return fmt.Errorf("%w: %w", err, inbox.ErrGiveUp)
		}
		return look(ctx, e)
	}
	return inbox.NewDispatcher(c)
}

// group names the order an event is about. What cannot be told, or must be told each, stays by itself.
func group(m inbox.Message) string {
	e, err := EventOf(m)
	if err != nil || e.Dispute() {
		return ""
	}
	return e.OrderID
}

// Recheck looks at the order of an event. An event without an order, and one of an order that the service does not know,
// as of another shop on the same account, is done with: an order's id is stored before any browser sees it, so a payment
// of ours cannot come before. If Razorpay's list does not show yet what the event tells of, it is looked at again later:
// nothing else might do so before a day has passed. Of a dispute, which a person must answer at Razorpay within days, the
// checkout's alerts tell, if s is a *checkout.Service or has its AlertGatewayOrder.
func Recheck(s Rechecker) func(context.Context, Event) error {
	return func(ctx context.Context, e Event) error {
		if e.OrderID == "" {
			return nil
		}
		if err := tell(ctx, s, e); err != nil {
			return err
		}
		r, err := s.RecheckGatewayOrder(ctx, e.OrderID)
		switch {
		case errors.Is(err, checkout.ErrNotFound):
			return nil
		case err == nil && r.ID != "" && !e.shows(r):
			return fmt.Errorf("%w: %s of %s", errNotListed, e.Name, e.OrderID)
		}
		return err
	}
}

// tell alerts people to a dispute.
func tell(ctx context.Context, s Rechecker, e Event) error {
	a, ok := s.(alerter)
	if !ok || !e.Dispute() {
		return nil
	}
	text := fmt.Sprintf("payment %s is disputed: %s of %s", e.PaymentID, e.Name, cmp.Or(e.DisputeID, "no id"))
	switch e.Name {
	case "payment.dispute.created", "payment.dispute.action_required", "payment.dispute.under_review":
		text += "; answer it at Razorpay"
	}
	if err := a.AlertGatewayOrder(ctx, e.OrderID, text); err != nil && !errors.Is(err, checkout.ErrNotFound) {
		return err
	}
	return nil
}

// errNotListed says that an event was quicker than the list it is about.
var errNotListed = errors.New("razorpay: the order's payments do not show yet what was told of one")

// shows reports whether a record has the payment of an event, as far as the event says it has come.
func (e Event) shows(r checkout.Record) bool {
	if e.PaymentID == "" {
		return true
	}
	seen := r.Payments.Payments()
	i := slices.IndexFunc(seen, func(p payment.Payment) bool { return p.ID == e.PaymentID })
	if i < 0 {
		return false
	}
	switch e.Name {
	case "payment.authorized", "payment.captured", "order.paid":
		return seen[i].Status != payment.StatusCreated && seen[i].Status != payment.StatusFailed
	}
	return true
}
