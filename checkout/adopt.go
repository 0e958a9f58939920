package checkout

import (
	"context"
	"errors"
)

// Adopt gives a guest's open or unpaid checkout to the customer the guest turned out to be. Stock stays held throughout:
// it belongs to the cart, not to the owner. If the customer has a checkout under way already, the guest's unplaced one is
// closed and its stock let go; a placed one moves in any case, money may be on its way. Without a guest's checkout Adopt
// does nothing, so it may be called at every sign-in. Owners that are no usable names are an *InvalidError.
func (s *Service) Adopt(ctx context.Context, guest, customer Owner, customerID int64) error {
	if guest.Validate() != nil || customer.Validate() != nil {
		return &InvalidError{Field: "owner", Reason: "is not a usable name"}
	}
	var err error
	for range casAttempts {
		if err = s.adopt(ctx, guest, customer, customerID); !errors.Is(err, ErrBound) {
			return err
		}
	}
	return err
}

func (s *Service) adopt(ctx context.Context, guest, customer Owner, customerID int64) error {
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
		closed = false
		if d.Owner != guest || d.Closing != nil {
			return nil
		}
		if closed = busy && d.Placed == nil; closed {
			d.close("the customer had another checkout", true)
			return nil
		}
		d.adopt(customer, customerID, !busy && !d.CartCleared)
		return nil
	})
	if err == nil && closed {
		s.letGo(ctx, r.Reservation)
	}
	return err
}

// adopt moves the record to its new owner, for whom it is the current one unless there is another.
func (d *draft) adopt(customer Owner, customerID int64, current bool) {
	d.unbind = append(d.unbind, openRef(d.Owner))
	if current {
		d.bind = append(d.bind, openRef(customer))
	}
	d.Owner = customer
	d.CustomerID = or(customerID, d.CustomerID)
	d.log(d.now, actorShopper, "signed in", "the checkout moved along")
}
