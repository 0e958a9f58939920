package checkout_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// onlooker looks into the store of checkouts whenever somebody outside is called: is it written there that the call is
// being made? It counts the calls.
type onlooker struct {
	*shop
	calls map[checkout.EffectKind]int
}

func (o onlooker) called(kind checkout.EffectKind) {
	o.t.Helper()
	o.calls[kind]++
	records, err := o.store.All()
	o.check(err)
	for _, r := range records {
		if slices.ContainsFunc(r.Intents, func(i checkout.Intent) bool {
			return i.Effect == kind && !i.SentAt.IsZero() && i.Until.After(o.clock.Now())
		}) {
			return
		}
	}
	o.t.Errorf("%s is called, and it is not written down: %+v", kind, records)
}

// seenGateway is a gateway in somebody's sight.
type seenGateway struct {
	*fakegateway.Gateway
	by onlooker
}

func (g seenGateway) CreateOrder(ctx context.Context, r payment.OrderRequest) (payment.Order, error) {
	g.by.called(checkout.EffectCreateGatewayOrder)
	return g.Gateway.CreateOrder(ctx, r)
}

func (g seenGateway) Capture(ctx context.Context, id string, amount pricing.Money) (payment.Payment, error) {
	g.by.called(checkout.EffectCapture)
	return g.Gateway.Capture(ctx, id, amount)
}

func (g seenGateway) Refund(ctx context.Context, r payment.RefundRequest) (payment.Refund, error) {
	g.by.called(checkout.EffectRefund)
	return g.Gateway.Refund(ctx, r)
}

// seenOrders is a store of record in somebody's sight.
type seenOrders struct {
	checkout.OrderCreator
	by onlooker
}

func (o seenOrders) CreatePending(ctx context.Context, req checkout.OrderRequest) (checkout.StoreOrder, error) {
	o.by.called(checkout.EffectCreateOrder)
	return o.OrderCreator.CreatePending(ctx, req)
}

func (o seenOrders) Complete(ctx context.Context, id int64, how checkout.Completion) (checkout.StoreOrder, error) {
	o.by.called(checkout.EffectCompleteOrder)
	return o.OrderCreator.Complete(ctx, id, how)
}

func (o seenOrders) Cancel(ctx context.Context, id int64) (checkout.StoreOrder, error) {
	o.by.called(checkout.EffectCancelOrder)
	return o.OrderCreator.Cancel(ctx, id)
}

// TestEveryCallIsWrittenDownFirst: a process may end at any moment of a call to somebody outside, and whoever takes over
// has to know that it was being made.
func TestEveryCallIsWrittenDownFirst(t *testing.T) {
	o := onlooker{calls: map[checkout.EffectKind]int{}}
	s := newShop(t)
	o.shop = s
	s.reopenShop(func(c *checkout.Config) {
		gateway := seenGateway{s.gateway, o}
		c.Payments = slices.Clone(c.Payments)
		c.Payments[0].Gateway = gateway
		c.Orders = seenOrders{c.Orders, o}
		c.Policy.OrderTiming = checkout.OrderBeforePayment
	})
	s.pay(s.placed("guest:1", mug, 1)) // a sale
	held := s.placed("guest:1", mug, 1)
	_, err := s.gateway.Authorize(held.Gateway.ID) // one that the bank holds
	s.check(err)
	s.pass(10 * time.Minute)
	s.placed("guest:1", mug, 1) // one that nobody pays
	s.pass(time.Hour)
	s.check(s.gateway.Plant(fakegateway.Fault{Op: fakegateway.OpPay, Kind: fakegateway.CaptureTwice}))
	s.pay(s.placed("guest:1", mug, 1)) // one that is paid twice
	s.pass(time.Minute)
	for _, kind := range []checkout.EffectKind{
		checkout.EffectCreateGatewayOrder, checkout.EffectCapture, checkout.EffectRefund,
		checkout.EffectCreateOrder, checkout.EffectCompleteOrder, checkout.EffectCancelOrder,
	} {
		if o.calls[kind] == 0 {
			t.Errorf("%s was never called", kind)
		}
	}
}
