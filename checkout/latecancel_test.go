package checkout_test

import (
	"context"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
)

// vagueCancels is a store that answers no cancelling while it is vague, and does it when lands says.
type vagueCancels struct {
	checkout.OrderCreator
	vague bool
	lands string // "at once", "late": just before an order is completed; or never
	held  []int64
}

func (v *vagueCancels) Cancel(ctx context.Context, id int64) (checkout.StoreOrder, error) {
	if !v.vague {
		return v.OrderCreator.Cancel(ctx, id)
	}
	switch v.lands {
	case "at once":
		if o, err := v.OrderCreator.Cancel(ctx, id); err != nil {
			return o, err
		}
	case "late":
		v.held = append(v.held, id)
	}
	return checkout.StoreOrder{}, checkout.ErrUnknown
}

func (v *vagueCancels) Complete(ctx context.Context, id int64, how checkout.Completion) (checkout.StoreOrder, error) {
	for _, held := range v.held {
		if o, err := v.OrderCreator.Cancel(ctx, held); err != nil {
			return o, err
		}
	}
	v.held = nil
	return v.OrderCreator.Complete(ctx, id, how)
}

// TestALateSaleWhoseCancellingWasGivenUp must not wait for an order that lies in the trash already, or may get there: its
// money came after cancelling the order had failed for good.
func TestALateSaleWhoseCancellingWasGivenUp(t *testing.T) {
	for _, lands := range []string{"at once", "late", "never"} {
		t.Run(lands, func(t *testing.T) {
			book := &vagueCancels{vague: true, lands: lands}
			s := newShop(t, func(c *checkout.Config) {
				book.OrderCreator, c.Orders = c.Orders, book
				c.Policy.OrderTiming, c.Policy.MaxAttempts = checkout.OrderBeforePayment, 2
			})
			r := s.placed("guest:1", mug, 1)
			s.pass(time.Hour)
			if got := s.load(r.ID); got.Status() != checkout.StatusCancelled || !got.Stuck() {
				t.Fatalf("%s, %+v", got.Status(), got.Intents)
			}
			book.vague = false
			s.check(errOf(s.gateway.Pay(r.Gateway.ID)))
			s.check(errOf(s.Recheck(t.Context(), r.ID)))
			s.pass(time.Hour)
			all := s.orders.All()
			if got := s.load(r.ID); got.Status() != checkout.StatusOrdered || got.Stuck() || s.effective(r.Token) != 1 || len(all) != 2 || !all[0].Trashed() {
				t.Fatalf("%s, %+v, orders %+v", got.Status(), got.Intents, all)
			}
			s.conserved()
		})
	}
}
