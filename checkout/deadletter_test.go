package checkout_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// noRefunds is a gateway that cannot give money back.
type noRefunds struct{ payment.Gateway }

func TestARefundThatCannotBeMadeDoesNotStopTheSale(t *testing.T) {
	s := newShop(t, func(c *checkout.Config) { c.Payments[0].Gateway = noRefunds{c.Payments[0].Gateway} })
	s.check(s.gateway.Plant(fakegateway.Fault{Op: fakegateway.OpPay, Kind: fakegateway.CaptureTwice}))
	r := s.pay(s.placed("guest:1", mug, 1))
	s.pass(2 * time.Minute)
	r = s.load(r.ID)
	if r.Status() != checkout.StatusOrdered || len(r.Refunds) != 0 || !r.Stuck() || len(r.Alerts) != 2 || !r.CartCleared {
		t.Fatalf("%s, %+v, alerts %q", r.Status(), r.Intents, r.Alerts)
	}
	s.reopenShop(func(c *checkout.Config) { c.Payments[0].Gateway = s.gateway })
	r, err := s.Retry(t.Context(), r.ID, "meera")
	if err != nil || r.Stuck() || len(r.Refunds) != 1 {
		t.Fatalf("after Retry: %v, %+v, refunds %v", err, r.Intents, r.Refunds)
	}
}

// TestARefusedCaptureEndsInALook lets the bank's hold lapse at the gateway before it could be captured.
func TestARefusedCaptureEndsInALook(t *testing.T) {
	s := newShop(t)
	r := s.placed("guest:1", mug, 1)
	s.check(errOf(s.gateway.Authorize(r.Gateway.ID)))
	s.check(s.gateway.Plant(fakegateway.Fault{Op: fakegateway.OpCapture, Kind: fakegateway.Refuse, Times: 100}))
	s.pass(2 * time.Minute)
	if got := s.load(r.ID); got.Status() != checkout.StatusPendingPayment || len(got.Alerts) != 1 || s.level(mug).Allocated != 1 {
		t.Fatalf("%s, alerts %v, %+v", got.Status(), got.Alerts, s.level(mug))
	}
	s.pass(30 * time.Minute)
	if got := s.load(r.ID); got.Status() != checkout.StatusCancelled || s.level(mug).Allocated != 0 || got.DueAt.IsZero() {
		t.Fatalf("%s, %+v, due %s", got.Status(), s.level(mug), got.DueAt)
	}
	if n := s.gateway.Calls(fakegateway.OpCapture); n != 1 {
		t.Fatalf("a refused capture was tried %d times", n)
	}
}

// cancelling is a book of orders whose Cancel goes wrong as told.
type cancelling struct {
	checkout.OrderCreator
	err error
}

func (c *cancelling) Cancel(ctx context.Context, id int64) (checkout.StoreOrder, error) {
	if c.err != nil {
		return checkout.StoreOrder{}, c.err
	}
	return c.OrderCreator.Cancel(ctx, id)
}

func TestATwinThatCannotBeTrashedDoesNotStopTheSale(t *testing.T) {
	book := &cancelling{err: &checkout.RefusedError{Code: "gone", Reason: "somebody deleted it"}}
	s := newShop(t, func(c *checkout.Config) { book.OrderCreator, c.Orders = c.Orders, book })
	r := s.placed("guest:1", mug, 1)
	s.orders.after = []error{checkout.ErrUnknown}
	s.check(errOf(s.gateway.Pay(r.Gateway.ID)))
	s.check(errOf(s.Recheck(t.Context(), r.ID)), checkout.ErrUnknown)
	s.check(errOf(s.orders.Orders.CreatePending(t.Context(), checkout.OrderRequest{Token: r.Token, Quote: *r.Quote})))
	s.pass(5 * time.Minute)
	if got := s.load(r.ID); got.Status() != checkout.StatusOrdered || !got.Stuck() || len(got.Alerts) != 1 {
		t.Fatalf("%s, alerts %q", got.Status(), got.Alerts)
	}
}

// TestAnUnpaidOrderThatCannotBeCancelled is followed all the same, because money may still arrive.
func TestAnUnpaidOrderThatCannotBeCancelled(t *testing.T) {
	book := &cancelling{err: &checkout.RefusedError{Code: "gone", Reason: "somebody deleted it"}}
	s := newShop(t, func(c *checkout.Config) {
		book.OrderCreator, c.Orders = c.Orders, book
		c.Policy.OrderTiming = checkout.OrderBeforePayment
	})
	r := s.placed("guest:1", mug, 1)
	s.pass(31 * time.Minute)
	if got := s.load(r.ID); got.Status() != checkout.StatusCancelled || !got.Stuck() || got.DueAt.IsZero() {
		t.Fatalf("%s, %+v, due %s", got.Status(), got.Intents, got.DueAt)
	}
	s.check(errOf(s.gateway.Pay(r.Gateway.ID)))
	s.pass(2 * time.Hour)
	if got := s.load(r.ID); got.Status() != checkout.StatusOrdered {
		t.Fatalf("%s %v", got.Status(), got.Timeline)
	}
}

// TestAnOrderThatIsTrashedByStaff can never take effect: after one attempt it waits for a person.
func TestAnOrderThatIsTrashedByStaff(t *testing.T) {
	s := newShop(t, func(c *checkout.Config) { c.Policy.OrderTiming = checkout.OrderBeforePayment })
	r := s.placed("guest:1", mug, 1)
	s.check(errOf(s.orders.Cancel(t.Context(), r.Order.ID)))
	s.pay(r)
	s.pass(time.Hour)
	got := s.load(r.ID)
	if got.Status() != checkout.StatusPaid || !got.Stuck() || len(got.Alerts) != 1 || got.Intents[0].Attempts != 1 {
		t.Fatalf("%s, %+v, alerts %q", got.Status(), got.Intents, got.Alerts)
	}
}

// TestALateSaleGetsAnotherOrder pays after the pending order was trashed.
func TestALateSaleGetsAnotherOrder(t *testing.T) {
	s := newShop(t, func(c *checkout.Config) { c.Policy.OrderTiming = checkout.OrderBeforePayment })
	r := s.placed("guest:1", mug, 1)
	s.pass(31 * time.Minute)
	s.check(errOf(s.gateway.Pay(r.Gateway.ID)))
	s.pass(time.Hour)
	all := s.orders.All()
	if got := s.load(r.ID); got.Status() != checkout.StatusOrdered || len(all) != 2 || !all[0].Trashed() || s.effective(r.Token) != 1 {
		t.Fatalf("%s, %+v", got.Status(), all)
	}
	s.conserved()
}

// differing is a store that makes the order and then says that its total is another.
type differing struct {
	checkout.OrderCreator
	sound bool
}

func (d *differing) CreatePending(ctx context.Context, req checkout.OrderRequest) (checkout.StoreOrder, error) {
	o, err := d.OrderCreator.CreatePending(ctx, req)
	if err == nil && !d.sound {
		err = &checkout.RefusedError{Code: "total_mismatch", Reason: "the order is pending, with another total"}
	}
	return o, err
}

// TestARefusedOrderIsNotMadeTwice: the refused one lies in the store, and is found when a person says Retry.
func TestARefusedOrderIsNotMadeTwice(t *testing.T) {
	book := &differing{}
	s := newShop(t, func(c *checkout.Config) { book.OrderCreator, c.Orders = c.Orders, book })
	r := s.pay(s.placed("guest:1", mug, 1))
	if !r.Stuck() || len(s.orders.All()) != 1 {
		t.Fatalf("%+v", r.Intents)
	}
	book.sound = true
	r, err := s.Retry(t.Context(), r.ID, "meera")
	if err != nil || r.Status() != checkout.StatusOrdered || len(s.orders.All()) != 1 {
		t.Fatalf("%v, %s, %d orders", err, r.Status(), len(s.orders.All()))
	}
}

// TestAlertsDoNotGrow fails with another text each time, for a week.
func TestAlertsDoNotGrow(t *testing.T) {
	n := 0
	s := newShop(t, func(c *checkout.Config) {
		c.Policy.MaxAttempts = 12
		c.Payments[0].Gateway = failingReads{c.Payments[0].Gateway, func() error {
			n++
			return fmt.Errorf("%w: request %d\r\n%s", payment.ErrUnavailable, n, make([]byte, 5000))
		}}
	})
	r := s.placed("guest:1", mug, 1)
	s.pass(24 * time.Hour)
	got := s.load(r.ID)
	if n < 12 || n > 60 || len(got.Alerts) != 2 || len(got.Timeline) > 12 || s.level(mug).Allocated != 1 {
		t.Fatalf("%d reads, alerts %q, %d lines, %+v", n, got.Alerts, len(got.Timeline), s.level(mug))
	}
	if text := got.Intents[0].Error; len(text) > 300 || slices.ContainsFunc([]byte(text), func(b byte) bool { return b < ' ' }) {
		t.Fatalf("%q is kept", text)
	}
}

// failingReads is a gateway whose payments cannot be read.
type failingReads struct {
	payment.Gateway
	err func() error
}

func (g failingReads) Payments(context.Context, string) ([]payment.Payment, error) {
	return nil, g.err()
}
