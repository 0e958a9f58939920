package checkout_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// odd is a store whose answers are not what was asked for.
type odd struct {
	checkout.OrderCreator
	bend      func(*checkout.StoreOrder) // what it says of an order
	lostFirst bool                       // the reply of the first creation is lost
	cancelled []int64
}

func (o *odd) CreatePending(ctx context.Context, req checkout.OrderRequest) (checkout.StoreOrder, error) {
	order, err := o.OrderCreator.CreatePending(ctx, req)
	if o.lostFirst {
		o.lostFirst = false
		return checkout.StoreOrder{}, checkout.ErrUnknown
	}
	return order, err
}

func (o *odd) Complete(ctx context.Context, id int64, how checkout.Completion) (checkout.StoreOrder, error) {
	order, err := o.OrderCreator.Complete(ctx, id, how)
	o.bend(&order)
	return order, err
}

func (o *odd) FindOrder(ctx context.Context, token string) ([]checkout.StoreOrder, error) {
	found, err := o.OrderCreator.FindOrder(ctx, token)
	for i := range found {
		o.bend(&found[i])
	}
	return found, err
}

func (o *odd) Cancel(ctx context.Context, id int64) (checkout.StoreOrder, error) {
	o.cancelled = append(o.cancelled, id)
	return o.OrderCreator.Cancel(ctx, id)
}

// oddShop sells from a shop whose store bends what it says.
func oddShop(t *testing.T, bend func(*checkout.StoreOrder)) (*shop, *odd) {
	o := &odd{bend: bend}
	return newShop(t, func(c *checkout.Config) { o.OrderCreator, c.Orders = c.Orders, o }), o
}

func one(texts []string, part string) bool {
	return len(texts) == 1 && strings.Contains(texts[0], part)
}

// TestStockTheStoreDidNotSubtract stays claimed here, and a person is told.
func TestStockTheStoreDidNotSubtract(t *testing.T) {
	for reduced, want := range map[int64]struct {
		stock checkout.StockState
		alert string
	}{
		1: {checkout.StockAllocated, "has not subtracted stock for 11"},
		4: {checkout.StockConfirmed, "subtracted stock twice for 11"},
	} {
		s, _ := oddShop(t, func(o *checkout.StoreOrder) {
			for i := range o.Lines {
				o.Lines[i].Reduced = reduced
			}
		})
		r := s.pay(s.placed("guest:1", mug, 2))
		if r.Stock != want.stock || !one(r.Alerts, want.alert) || r.Status() != checkout.StatusOrdered {
			t.Errorf("%d of 2 subtracted: %s, %s, alerts %q", reduced, r.Status(), r.Stock, r.Alerts)
		}
		s.conserved()
	}
}

// TestATotalThatDiffers is seen in what the store says after completing, and keeps a found order from being completed.
func TestATotalThatDiffers(t *testing.T) {
	s, _ := oddShop(t, func(o *checkout.StoreOrder) { o.Total = pricing.Paise(o.Total.Minor() - 1) })
	if r := s.pay(s.placed("guest:1", mug, 1)); r.Status() != checkout.StatusOrdered || !one(r.Alerts, "the quote says") {
		t.Errorf("%s, alerts %q", r.Status(), r.Alerts)
	}
	s, o := oddShop(t, func(o *checkout.StoreOrder) { o.Total = pricing.Paise(o.Total.Minor() - 1) })
	o.lostFirst = true
	r := s.pay(s.placed("guest:1", mug, 1))
	s.pass(time.Hour)
	if r = s.load(r.ID); !r.Stuck() || s.effective(r.Token) != 0 || len(s.orders.All()) != 1 {
		t.Errorf("%s, %+v", r.Status(), r.Intents)
	}
}

// TestATwinThatTookEffect is ours when it is found first, and never trashed when it is not.
func TestATwinThatTookEffect(t *testing.T) {
	twin := func(s *shop, r checkout.Record) checkout.StoreOrder {
		made, err := s.orders.Orders.CreatePending(t.Context(), checkout.OrderRequest{Token: r.Token, Quote: *r.Quote})
		s.check(err)
		made, err = s.orders.Orders.Complete(t.Context(), made.ID, checkout.Completion{Paid: true, TransactionID: "pay_1"})
		s.check(err)
		return made
	}
	s, o := oddShop(t, func(*checkout.StoreOrder) {})
	o.lostFirst = true
	r := s.pay(s.placed("guest:1", mug, 1))
	theirs := twin(s, r)
	s.pass(time.Hour)
	if r = s.load(r.ID); r.Order.ID != theirs.ID || s.effective(r.Token) != 1 || len(o.cancelled) != 1 {
		t.Fatalf("order %+v, cancelled %v", r.Order, o.cancelled)
	}

	s, o = oddShop(t, func(*checkout.StoreOrder) {})
	o.lostFirst = true
	r = s.pay(s.placed("guest:1", mug, 1))
	twin(s, r)
	third := twin(s, r)
	s.pass(time.Hour)
	if r = s.load(r.ID); !one(r.Alerts, "is a twin of") || len(o.cancelled) != 1 || o.cancelled[0] == third.ID {
		t.Fatalf("cancelled %v, alerts %q", o.cancelled, r.Alerts)
	}
}

// oddGateway makes orders for another amount, or finds that it made another.
type oddGateway struct {
	*fakegateway.Gateway
	less int64
}

func (g *oddGateway) CreateOrder(ctx context.Context, r payment.OrderRequest) (payment.Order, error) {
	r.Amount = pricing.Paise(r.Amount.Minor() - g.less)
	return g.Gateway.CreateOrder(ctx, r)
}

func TestAGatewayOrderForAnotherAmount(t *testing.T) {
	s := newShop(t, func(c *checkout.Config) {
		c.Payments[0].Gateway = &oddGateway{c.Payments[0].Gateway.(*fakegateway.Gateway), 100}
	})
	s.fill("guest:1", mug, 1)
	r, err := s.Place(t.Context(), placeRequest(s.ready("guest:1", payment.MethodRazorpay)))
	s.check(err, checkout.ErrClosed)
	if r.Gateway != nil || r.Status() != checkout.StatusCancelled || s.level(mug).Allocated != 0 {
		t.Fatalf("%s, %+v, %+v", r.Status(), r.Gateway, s.level(mug))
	}
}

// TestTheFirstGatewayOrderStays: two replicas may each have made one, and the shopper is paying the one that is stored.
func TestTheFirstGatewayOrderStays(t *testing.T) {
	m := &meddling{}
	s := newShop(t, func(c *checkout.Config) {
		c.Payments[0].Gateway = slowGateway{c.Payments[0].Gateway.(*fakegateway.Gateway), m}
	})
	s.fill("guest:1", mug, 1)
	ready := s.ready("guest:1", payment.MethodRazorpay)
	var quicker checkout.Record
	m.hand = func() {
		s.clock.advance(2 * time.Minute)
		quicker = s.place(ready)
	}
	if slower := s.place(ready); slower.Gateway.ID != quicker.Gateway.ID || len(s.gateway.Orders(ready.Token)) != 2 {
		t.Fatalf("%s, then %s", quicker.Gateway.ID, slower.Gateway.ID)
	}
}

// slowGateway lets something happen before an order is made.
type slowGateway struct {
	*fakegateway.Gateway
	*meddling
}

func (g slowGateway) CreateOrder(ctx context.Context, r payment.OrderRequest) (payment.Order, error) {
	g.meddle()
	return g.Gateway.CreateOrder(ctx, r)
}

// TestARefundIsLookedAt soon after it was made, so that what the gateway says of it is known.
func TestARefundIsLookedAt(t *testing.T) {
	s := newShop(t)
	s.check(s.gateway.Plant(fakegateway.Fault{Op: fakegateway.OpPay, Kind: fakegateway.AnswerShort, By: 100}))
	placed := s.placed("guest:1", mug, 1)
	s.clock.advance(6 * time.Minute) // nobody else would look before the fifteenth
	r := s.pay(placed)
	if p := r.Payments.Payments(); len(r.Refunds) != 1 || p[0].Status != payment.StatusRefunded {
		t.Fatalf("refunds %v, payments %+v", r.Refunds, p)
	}
}
