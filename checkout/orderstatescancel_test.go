package checkout_test

import (
	"context"
	"testing"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
)

// deafReserver does not hear of releases.
type deafReserver struct {
	inventory.Reserver
	deaf bool
}

func (d *deafReserver) Release(ctx context.Context, id string) (inventory.Reservation, error) {
	if d.deaf {
		return inventory.Reservation{}, checkout.ErrUnavailable
	}
	return d.Reserver.Release(ctx, id)
}

// A checkout that is closed lets nothing go any more: its hold may be that of the next checkout of the same cart.
func TestCancelAgainLeavesTheNextCheckoutsHold(t *testing.T) {
	d := &deafReserver{deaf: true}
	s := newShop(t, func(c *checkout.Config) { d.Reserver, c.Reserver = c.Reserver, d })
	s.fill("guest:1", mug, 3)
	first := s.ready("guest:1", payment.MethodRazorpay)
	s.check(errOf(s.Cancel(t.Context(), "guest:1", first.ID, "")))
	next := s.ready("guest:1", payment.MethodRazorpay)
	if next.ID == first.ID || next.Reservation.ID != first.Reservation.ID {
		t.Fatalf("the hold is not shared: %+v, %+v", first.Reservation, next.Reservation)
	}
	d.deaf = false
	s.check(errOf(s.Cancel(t.Context(), "guest:1", first.ID, "")))
	if l := s.level(mug); l.Reserved != 3 {
		t.Errorf("the next checkout holds %d of 3", l.Reserved)
	}
	s.check(errOf(s.Cancel(t.Context(), "guest:1", next.ID, "")))
	if l := s.level(mug); l.Reserved != 0 {
		t.Errorf("%d are held by nobody", l.Reserved)
	}
}
