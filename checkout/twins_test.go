package checkout_test

import (
	"context"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
)

// lateOrders takes the first order only a minute and a half after the connection broke.
type lateOrders struct {
	checkout.OrderCreator
	clock *clock
	held  *checkout.OrderRequest
	due   time.Time
}

func (o *lateOrders) CreatePending(ctx context.Context, req checkout.OrderRequest) (checkout.StoreOrder, error) {
	if o.due.IsZero() {
		o.held, o.due = &req, o.clock.Now().Add(90*time.Second)
		return checkout.StoreOrder{}, checkout.ErrUnknown
	}
	return o.OrderCreator.CreatePending(ctx, req)
}

func (o *lateOrders) FindOrder(ctx context.Context, token string) ([]checkout.StoreOrder, error) {
	if o.held != nil && !o.clock.Now().Before(o.due) {
		if _, err := o.OrderCreator.CreatePending(ctx, *o.held); err != nil {
			return nil, err
		}
		o.held = nil
	}
	return o.OrderCreator.FindOrder(ctx, token)
}

func TestEffectAfterTheLookMakesNoSecondOrder(t *testing.T) {
	late := &lateOrders{}
	s := newShop(t, func(c *checkout.Config) {
		late.OrderCreator = c.Orders
		c.Orders = late
	})
	late.clock = s.clock
	r := s.placed("guest:1", mug, 1)
	_, err := s.gateway.Pay(r.Gateway.ID)
	s.check(err)
	s.pass(20 * time.Minute)
	s.check(errOf(late.FindOrder(t.Context(), r.Token))) // by now the first one is there in any case
	if n := len(s.orders.All()); n != 1 || s.load(r.ID).Status() != checkout.StatusOrdered {
		t.Fatalf("%d orders, %s", n, s.load(r.ID).Status())
	}
}

func TestTwinIsTrashed(t *testing.T) {
	s := newShop(t)
	r := s.placed("guest:1", mug, 1)
	s.orders.after = []error{checkout.ErrUnknown}
	_, err := s.gateway.Pay(r.Gateway.ID)
	s.check(err)
	s.clock.advance(time.Minute)
	_, _ = s.AdvanceDue(t.Context(), 1)
	_, err = s.orders.Orders.CreatePending(t.Context(), checkout.OrderRequest{Token: r.Token, Quote: *r.Quote}) // a proxy sent it twice
	s.check(err)
	s.pass(20 * time.Minute)
	all := s.orders.All()
	if len(all) != 2 || s.effective(r.Token) != 1 || !all[1].Trashed() {
		t.Fatalf("%+v", all)
	}
}

// Nothing comes of a sale whose order was made before it was paid. The twin that a proxy made is trashed with it.
func TestTwinOfACancelledSaleIsTrashed(t *testing.T) {
	s := newShop(t, func(c *checkout.Config) { c.Policy.OrderTiming = checkout.OrderBeforePayment })
	r := s.placed("guest:1", mug, 1)
	_, err := s.orders.Orders.CreatePending(t.Context(), checkout.OrderRequest{Token: r.Token, Quote: *r.Quote})
	s.check(err)
	_, err = s.Cancel(t.Context(), r.Owner, r.ID, "")
	s.check(err)
	s.pass(20 * time.Minute)
	all := s.orders.All()
	if len(all) != 2 || !all[0].Trashed() || !all[1].Trashed() {
		t.Fatalf("%+v", all)
	}
}

// behind is a store whose search sees nothing for a while, and says so without an error.
type behind struct {
	checkout.OrderCreator
	until time.Time
	now   func() time.Time
}

func (b *behind) FindOrder(ctx context.Context, token string) ([]checkout.StoreOrder, error) {
	if b.now().Before(b.until) {
		return nil, nil
	}
	return b.OrderCreator.FindOrder(ctx, token)
}

// The order's creation was acknowledged, and something on the way sent it twice. The search lags for a minute: nobody
// takes its silence for an answer.
func TestTwinIsFoundBySearchThatLags(t *testing.T) {
	search := &behind{}
	s := newShop(t, func(c *checkout.Config) { search.OrderCreator, search.now, c.Orders = c.Orders, c.Now, search })
	r := s.placed("guest:1", mug, 1)
	search.until = s.clock.Now().Add(time.Minute)
	s.pay(r)
	_, err := s.orders.Orders.CreatePending(t.Context(), checkout.OrderRequest{Token: r.Token, Quote: *r.Quote})
	s.check(err)
	s.pass(20 * time.Minute)
	all := s.orders.All()
	if len(all) != 2 || s.effective(r.Token) != 1 || !all[1].Trashed() || len(s.load(r.ID).Alerts) > 0 {
		t.Fatalf("%+v, alerts %q", all, s.load(r.ID).Alerts)
	}
}
