package checkout_test

import (
	"context"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// giveUpMaking is a store whose first order takes so long to make that nobody hears of it, and a person gives the sale up
// meanwhile.
type giveUpMaking struct {
	checkout.OrderCreator
	giveUp func()
	total  pricing.Money // of the order that is made, where it is not the quote's
}

func (g *giveUpMaking) CreatePending(ctx context.Context, req checkout.OrderRequest) (checkout.StoreOrder, error) {
	g.giveUp()
	if !g.total.IsZero() {
		req.Quote.Totals.Total = g.total
	}
	if o, err := g.OrderCreator.CreatePending(ctx, req); err != nil {
		return o, err
	}
	return checkout.StoreOrder{}, checkout.ErrUnknown
}

// TestGiveUpWhileTheOrderIsMade leaves no pending order behind: the call that makes it stays written down until it is known
// what became of it.
func TestGiveUpWhileTheOrderIsMade(t *testing.T) {
	for name, total := range map[string]pricing.Money{"as quoted": {}, "with another total": pricing.Paise(1)} {
		t.Run(name, func(t *testing.T) {
			book := &giveUpMaking{total: total}
			s := newShop(t, func(c *checkout.Config) {
				book.OrderCreator, c.Orders = c.Orders, book
				c.Policy.OrderTiming = checkout.OrderBeforePayment
			})
			s.fill("guest:1", mug, 1)
			r := s.ready("guest:1", payment.MethodRazorpay)
			book.giveUp = func() {
				got, err := s.GiveUp(t.Context(), r.ID, "", "meera")
				if err != nil || len(got.Intents) != 1 || got.Intents[0].Effect != checkout.EffectCreateOrder {
					t.Errorf("%v, %+v", err, got.Intents)
				}
			}
			s.check(errOf(s.Place(t.Context(), placeRequest(r))), checkout.ErrClosed)
			s.pass(20 * time.Minute)
			all := s.orders.All()
			if got := s.load(r.ID); got.Status() != checkout.StatusCancelled || got.Stuck() || len(got.Intents) > 0 || len(all) != 1 || !all[0].Trashed() {
				t.Fatalf("%s, %+v, orders %+v", got.Status(), got.Intents, all)
			}
			s.conserved()
		})
	}
}

// TestGiveUpBeforeALateOrder gives up a paid sale whose order is only made when its caller has given up waiting.
func TestGiveUpBeforeALateOrder(t *testing.T) {
	late := &lateOrders{}
	s := newShop(t, func(c *checkout.Config) { late.OrderCreator, c.Orders = c.Orders, late })
	late.clock = s.clock
	r := s.placed("guest:1", mug, 1)
	s.check(errOf(s.gateway.Pay(r.Gateway.ID)))
	s.check(errOf(s.Recheck(t.Context(), r.ID)), checkout.ErrUnknown)
	s.check(errOf(s.GiveUp(t.Context(), r.ID, "", "meera")), checkout.ErrUnknown)
	s.pass(20 * time.Minute)
	s.check(errOf(late.FindOrder(t.Context(), r.Token))) // by now it is there in any case
	all := s.orders.All()
	if got := s.load(r.ID); got.Status() != checkout.StatusRefunded || len(got.Intents) > 0 || len(all) != 1 || !all[0].Trashed() {
		t.Fatalf("%s, %+v, orders %+v", got.Status(), got.Intents, all)
	}
}
