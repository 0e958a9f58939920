package checkout_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// watcher notes what it is told of, as a tracer would.
type watcher struct {
	mu    sync.Mutex
	begun []checkout.EffectKind
	ended []error
}

type spanKey struct{}

func (w *watcher) Performing(ctx context.Context, id checkout.ID, kind checkout.EffectKind) (context.Context, func(error)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.begun = append(w.begun, kind)
	return context.WithValue(ctx, spanKey{}, string(kind)+" "+string(id)), func(err error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.ended = append(w.ended, err)
	}
}

// spanned are orders that note under which effect they are created.
type spanned struct {
	checkout.OrderCreator
	under []any
}

func (o *spanned) CreatePending(ctx context.Context, req checkout.OrderRequest) (checkout.StoreOrder, error) {
	o.under = append(o.under, ctx.Value(spanKey{}))
	return o.OrderCreator.CreatePending(ctx, req)
}

func TestObserver(t *testing.T) {
	w, orders := &watcher{}, &spanned{}
	s := newShop(t, func(c *checkout.Config) {
		orders.OrderCreator = c.Orders
		c.Observer, c.Orders = w, orders
	})
	s.orders.before = []error{checkout.ErrUnavailable}
	s.fill("guest:1", mug, 1)
	r := s.place(s.ready("guest:1", payment.MethodRazorpay))
	callback, err := s.gateway.Pay(r.Gateway.ID)
	s.check(err)
	if _, err := s.ConfirmPayment(t.Context(), r.Owner, r.ID, callback); err != nil {
		t.Fatal(err)
	}
	s.pass(checkout.DefaultPolicy().Backoff)

	for _, kind := range []checkout.EffectKind{checkout.EffectCreateGatewayOrder, checkout.EffectCreateOrder, checkout.EffectCompleteOrder, checkout.EffectNotify} {
		if !slices.Contains(w.begun, kind) {
			t.Errorf("told of %v, not of %s", w.begun, kind)
		}
	}
	if len(w.begun) != len(w.ended) {
		t.Errorf("%d effects begun, %d ended", len(w.begun), len(w.ended))
	}
	first := slices.Index(w.begun, checkout.EffectCreateOrder)
	if err := w.ended[first]; !errors.Is(err, checkout.ErrUnavailable) {
		t.Errorf("the store was away, and the observer heard %v", err)
	}
	if want := "create_order " + string(r.ID); len(orders.under) == 0 || orders.under[0] != want {
		t.Errorf("the order was created under %v, want %s", orders.under, want)
	}
}
