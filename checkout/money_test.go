package checkout_test

import (
	"errors"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
)

func TestUnpaidIsReleasedAfterLooking(t *testing.T) {
	s := newShop(t)
	r := s.placed("guest:1", mug, 1)
	s.pass(31 * time.Minute)
	r = s.load(r.ID)
	if r.Status() != checkout.StatusCancelled || s.level(mug).Allocated != 0 {
		t.Fatalf("%s, %+v", r.Status(), s.level(mug))
	}
	if r.LookedAt.Before(r.Placed.PayBy) {
		t.Fatal("released without a last look at the gateway")
	}
	s.conserved()
}

func TestLatePaymentReopensTheSale(t *testing.T) {
	s := newShop(t)
	r := s.placed("guest:1", mug, 1)
	_, err := s.gateway.Fail(r.Gateway.ID)
	s.check(err)
	s.check(errOf(s.gateway.PayLate(r.Gateway.ID, 2*time.Hour)))
	s.pass(31 * time.Minute)
	if got := s.load(r.ID); got.Status() != checkout.StatusCancelled {
		t.Fatalf("before the late payment: %s", got.Status())
	}
	s.pass(26 * time.Hour)
	got := s.load(r.ID)
	if got.Status() != checkout.StatusOrdered || s.effective(r.Token) != 1 {
		t.Fatalf("after the late payment: %s %v", got.Status(), got.Timeline)
	}
	s.conserved()
}

func TestLatePaymentWithoutStockIsRefunded(t *testing.T) {
	s := newShop(t)
	r := s.placed("guest:1", mug, 1)
	s.pass(31 * time.Minute)
	s.sellOut(mug)
	_, err := s.gateway.Pay(r.Gateway.ID) // the window was still open in a forgotten tab
	s.check(err)
	s.pass(2 * time.Hour)
	got := s.load(r.ID)
	if got.Status() != checkout.StatusRefunded || s.effective(r.Token) != 0 || len(got.Refunds) != 1 {
		t.Fatalf("%s, refunds %v, timeline %v", got.Status(), got.Refunds, got.Timeline)
	}
	if len(got.Alerts) == 0 {
		t.Fatal("nobody is told")
	}
	s.conserved()
}

func TestLateAuthorisationWithoutStockIsNotCaptured(t *testing.T) {
	s := newShop(t)
	r := s.placed("guest:1", mug, 1)
	_, err := s.gateway.Fail(r.Gateway.ID)
	s.check(err)
	s.check(errOf(s.gateway.PayLate(r.Gateway.ID, 2*time.Hour)))
	s.pass(31 * time.Minute)
	s.sellOut(mug)
	s.pass(50 * time.Hour)
	got := s.load(r.ID)
	if got.Status() != checkout.StatusCancelled || s.gateway.Calls(fakegateway.OpCapture) != 0 {
		t.Fatalf("%s, %d captures", got.Status(), s.gateway.Calls(fakegateway.OpCapture))
	}
}

// sellOut takes every available piece away, as an edit in the back office would.
func (s *shop) sellOut(item cart.Item) {
	s.t.Helper()
	s.check(errOf(s.stock.Move(s.t.Context(), inventory.Move{
		Kind: inventory.Adjust, Ref: "count", Lines: []inventory.Held{{Key: keyOf(item), Quantity: -s.level(item).Available()}},
	})))
}

func TestCancelLooksFirst(t *testing.T) {
	s := newShop(t)
	r := s.placed("guest:1", mug, 1)
	_, err := s.gateway.Pay(r.Gateway.ID) // the callback is lost
	s.check(err)
	got, err := s.Cancel(t.Context(), "guest:1", r.ID, "changed my mind")
	s.check(err)
	if got.Status() != checkout.StatusOrdered {
		t.Fatalf("a paid sale became %s", got.Status())
	}
	other := s.placed("guest:2", mug, 1)
	if got, err = s.Cancel(t.Context(), "guest:2", other.ID, ""); err != nil || got.Status() != checkout.StatusCancelled {
		t.Fatalf("%s %v", got.Status(), err)
	}
}

func TestLostReplyMakesNoSecondOrder(t *testing.T) {
	s := newShop(t)
	s.orders.after = []error{checkout.ErrUnknown, nil, checkout.ErrUnknown}
	r := s.placed("guest:1", mug, 1)
	callback, err := s.gateway.Pay(r.Gateway.ID)
	s.check(err)
	if paid, err := s.ConfirmPayment(t.Context(), "guest:1", r.ID, callback); err != nil || paid.Status() != checkout.StatusPaid {
		t.Fatalf("the money is in, but: %s %v", paid.Status(), err)
	}
	s.pass(10 * time.Minute)
	got := s.load(r.ID)
	if got.Status() != checkout.StatusOrdered || len(s.orders.All()) != 1 || s.effective(r.Token) != 1 {
		t.Fatalf("%s, %d orders", got.Status(), len(s.orders.All()))
	}
	s.conserved()
}

// TestTheFirstSaleStands pays once, then lets an older attempt on the same gateway order be captured as well.
func TestTheFirstSaleStands(t *testing.T) {
	s := newShop(t)
	r := s.placed("guest:1", mug, 1)
	_, err := s.gateway.Fail(r.Gateway.ID) // the older attempt
	s.check(err)
	s.clock.advance(2 * time.Second)
	paid := s.pay(r)
	kept := paid.Payments.Bound()
	if kept == "" || s.orders.All()[0].TransactionID != kept {
		t.Fatalf("the sale stands on %q, the order on %q", kept, s.orders.All()[0].TransactionID)
	}
	older := paid.Payments.Payments()[0]
	older.Status = payment.StatusCaptured
	again := paid
	again.Payments = paid.Payments.Fold(older)
	if e := checkout.Next(again, s.clock.Now()); e.Kind != checkout.EffectRefund || e.Ref != older.ID {
		t.Fatalf("next is %+v, want the older payment %s refunded, not %s", e, older.ID, kept)
	}
}

func TestPaidTwiceRefundsTheSurplus(t *testing.T) {
	s := newShop(t)
	s.check(s.gateway.Plant(fakegateway.Fault{Op: fakegateway.OpPay, Kind: fakegateway.CaptureTwice}))
	r := s.pay(s.placed("guest:1", mug, 1))
	s.pass(time.Minute)
	r = s.load(r.ID)
	if r.Status() != checkout.StatusOrdered || len(r.Refunds) != 1 || r.Refunds[0].PaymentID == r.Payments.Bound() {
		t.Fatalf("%s, refunds %+v, sale on %s", r.Status(), r.Refunds, r.Payments.Bound())
	}
}

func TestShortPaymentIsNoSale(t *testing.T) {
	s := newShop(t)
	s.check(s.gateway.Plant(fakegateway.Fault{Op: fakegateway.OpPay, Kind: fakegateway.AnswerShort, By: 100}))
	r := s.pay(s.placed("guest:1", mug, 1))
	s.pass(time.Minute)
	r = s.load(r.ID)
	if r.Status() == checkout.StatusOrdered || len(r.Refunds) != 1 || len(r.Alerts) == 0 || s.effective(r.Token) != 0 {
		t.Fatalf("%s, refunds %v, alerts %v", r.Status(), r.Refunds, r.Alerts)
	}
}

func TestGatewayDownFailsBeforeMoney(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 1)
	ready := s.ready("guest:1", payment.MethodRazorpay)
	s.check(s.gateway.Plant(fakegateway.Fault{Op: fakegateway.OpCreateOrder, Kind: fakegateway.Unavailable}))
	r, err := s.Place(t.Context(), placeRequest(ready))
	if !errors.Is(err, checkout.ErrUnavailable) || r.Placed == nil {
		t.Fatalf("%v, placed %v", err, r.Placed)
	}
	again, err := s.Place(t.Context(), placeRequest(ready))
	if err != nil || again.Gateway == nil {
		t.Fatalf("placing again: %v", err)
	}
	if got := s.level(mug).Allocated; got != 1 {
		t.Fatalf("%d allocated", got)
	}
}

func TestGatewayOrderReplyLost(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 1)
	ready := s.ready("guest:1", payment.MethodRazorpay)
	s.check(s.gateway.Plant(fakegateway.Fault{Op: fakegateway.OpCreateOrder, Kind: fakegateway.LoseReply}))
	if _, err := s.Place(t.Context(), placeRequest(ready)); !errors.Is(err, checkout.ErrUnavailable) {
		t.Fatalf("%v", err)
	}
	again, err := s.Place(t.Context(), placeRequest(ready))
	if err != nil || again.Gateway == nil {
		t.Fatalf("placing again: %v", err)
	}
	if n := len(s.gateway.Orders(again.Token)); n != 1 {
		t.Fatalf("%d orders at the gateway", n)
	}
}
