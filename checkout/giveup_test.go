package checkout_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// stuckAfterPaying is a paid checkout whose order the store refuses.
func (s *shop) stuckAfterPaying() checkout.Record {
	s.t.Helper()
	r := s.placed("guest:1", mug, 1)
	s.orders.before = []error{&checkout.RefusedError{Code: "woocommerce_rest_invalid_coupon", Reason: "the coupon is used up"}}
	callback, err := s.gateway.Pay(r.Gateway.ID)
	s.check(err)
	r, err = s.ConfirmPayment(s.t.Context(), "guest:1", r.ID, callback)
	s.check(err)
	if !r.Stuck() {
		s.t.Fatalf("not stuck: %s", r.Status())
	}
	return r
}

func TestGiveUp(t *testing.T) {
	s := newShop(t)
	r := s.stuckAfterPaying()
	got, err := s.GiveUp(t.Context(), r.ID, "the coupon was used up", "meera")
	s.check(err)
	captured, refunded := s.moneyOf(got)
	if got.Status() != checkout.StatusRefunded || captured != refunded || captured == 0 || s.level(mug).Allocated != 0 || got.Stuck() {
		t.Fatalf("%s, %d captured, %d refunded, %+v", got.Status(), captured, refunded, s.level(mug))
	}
	again, err := s.GiveUp(t.Context(), r.ID, "", "meera")
	if err != nil || len(again.Refunds) != 1 {
		t.Fatalf("given up twice: %v, %v", err, again.Refunds)
	}
	s.pass(time.Minute)
	if n := s.notices.count(checkout.NoticeRefunded); n != 1 {
		t.Fatalf("%d notices of the refund", n)
	}
	s.conserved()
}

func TestGiveUpTrashesWhatLiesPending(t *testing.T) {
	s := newShop(t)
	r := s.stuckAfterPaying()
	made, err := s.orders.Orders.CreatePending(t.Context(), checkout.OrderRequest{Token: r.Token, Quote: *r.Quote})
	s.check(err)
	s.check(errOf(s.GiveUp(t.Context(), r.ID, "", "meera")))
	if o := s.orders.All()[0]; o.ID != made.ID || !o.Trashed() {
		t.Fatalf("the pending order is %q", o.Status)
	}
}

func TestGiveUpRefuses(t *testing.T) {
	s := newShop(t)
	ordered := s.pay(s.placed("guest:1", mug, 1))
	s.unchanged(ordered, func() error { return errOf(s.GiveUp(t.Context(), ordered.ID, "", "meera")) }, checkout.ErrInvalid)
	s.fill("guest:2", mug, 1)
	open := s.ready("guest:2", payment.MethodRazorpay)
	s.unchanged(open, func() error { return errOf(s.GiveUp(t.Context(), open.ID, "", "meera")) }, checkout.ErrInvalid)
	if err := errOf(s.GiveUp(t.Context(), "chk_none", "", "meera")); !errors.Is(err, checkout.ErrNotFound) {
		t.Fatal(err)
	}

	s.orders.after = []error{nil, checkout.ErrUnknown} // the completion's reply is lost, and it takes effect
	r := s.placed("guest:3", mug, 1)
	callback, err := s.gateway.Pay(r.Gateway.ID)
	s.check(err)
	_, err = s.ConfirmPayment(t.Context(), "guest:3", r.ID, callback)
	if err != nil && !errors.Is(err, checkout.ErrUnknown) {
		t.Fatal(err)
	}
	for _, after := range []time.Duration{0, time.Hour} { // while it may still be running, and long after
		s.clock.advance(after)
		if err := errOf(s.GiveUp(t.Context(), r.ID, "", "meera")); !errors.Is(err, checkout.ErrInvalid) {
			t.Fatalf("an order that took effect was given up after %s: %v", after, err)
		}
	}
}

// draftOrders leaves a draft behind when it refuses, as WooCommerce does for a coupon.
type draftOrders struct {
	checkout.OrderCreator
	drafts []checkout.StoreOrder
}

func (o *draftOrders) CreatePending(ctx context.Context, req checkout.OrderRequest) (checkout.StoreOrder, error) {
	if len(o.drafts) == 0 {
		o.drafts = append(o.drafts, checkout.StoreOrder{ID: 77, Number: "77", Status: "checkout-draft", Token: req.Token, Total: req.Quote.Totals.Total})
		return checkout.StoreOrder{}, &checkout.RefusedError{Code: "woocommerce_rest_invalid_coupon", Reason: "no such coupon"}
	}
	return o.OrderCreator.CreatePending(ctx, req)
}

func (o *draftOrders) FindOrder(ctx context.Context, token string) ([]checkout.StoreOrder, error) {
	found, err := o.OrderCreator.FindOrder(ctx, token)
	return append(found, o.drafts...), err
}

func TestADraftIsNotOurOrder(t *testing.T) {
	s := newShop(t, func(c *checkout.Config) { c.Orders = &draftOrders{OrderCreator: c.Orders} })
	r := s.placed("guest:1", mug, 1)
	callback, err := s.gateway.Pay(r.Gateway.ID)
	s.check(err)
	_, err = s.ConfirmPayment(t.Context(), "guest:1", r.ID, callback)
	s.check(err)
	s.clock.advance(10 * time.Minute)
	got, err := s.Retry(t.Context(), r.ID, "meera")
	if err != nil || got.Status() != checkout.StatusOrdered || got.Order.ID == 77 {
		t.Fatalf("after Retry: %s %v, order %+v", got.Status(), err, got.Order)
	}
}
