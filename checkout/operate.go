package checkout

import (
	"context"
	"errors"
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

// Retry makes an effect that was given up due again, with all its attempts, and performs what is due.
func (s *Service) Retry(ctx context.Context, id ID, actor string) (Record, error) {
	_, err := s.update(ctx, id, func(d *draft) error {
		if i := d.Intent; i != nil {
			again := *i
			again.Dead, again.Attempts, again.NotBefore = false, 0, time.Time{}
			d.Intent = &again
			d.log(d.now, actor, "retried", string(i.Effect))
		}
		return nil
	})
	if err != nil {
		return Record{}, err
	}
	return s.Advance(ctx, id)
}

// RecordShipment notes that staff have sent the order. Recording it again changes nothing.
func (s *Service) RecordShipment(ctx context.Context, id ID, sh Shipment, actor string) (Record, error) {
	_, err := s.update(ctx, id, func(d *draft) error {
		if d.Order == nil || d.Order.CompletedAt.IsZero() {
			return &InvalidError{Field: "shipment", Reason: "the order has not taken effect yet"}
		}
		if sh.At.IsZero() {
			sh.At = d.now
		}
		return shipped(sh, actor)(d)
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

// Adopt gives a guest's open or unpaid checkout to the customer the guest turned out to be. Stock stays held throughout:
// it belongs to the cart, not to the owner. If the customer has a checkout under way already, the guest's unplaced one is
// closed and its stock let go; a placed one moves in any case, money may be on its way. Without a guest's checkout Adopt
// does nothing, so it may be called at every sign-in.
func (s *Service) Adopt(ctx context.Context, guest, customer Owner, customerID int64) error {
	r, err := s.Current(ctx, guest)
	if errors.Is(err, ErrNotFound) || guest == customer {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = s.Current(ctx, customer)
	busy := err == nil
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	closed := false
	_, err = s.update(ctx, r.ID, func(d *draft) error {
		if d.Owner != guest {
			return nil
		}
		if closed = busy && d.Placed == nil; closed {
			d.close("the customer had another checkout", true)
			return nil
		}
		d.adopt(customer, customerID, !busy)
		return nil
	})
	if err == nil && closed {
		s.letGo(ctx, r.Reservation)
	}
	return err
}

func (d *draft) adopt(customer Owner, customerID int64, current bool) {
	d.unbind = append(d.unbind, openRef(d.Owner))
	if current {
		d.bind = append(d.bind, openRef(customer))
	}
	d.Owner = customer
	d.CustomerID = or(customerID, d.CustomerID)
	d.log(d.now, actorShopper, "signed in", "the checkout moved along")
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
