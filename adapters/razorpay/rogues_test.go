package razorpay_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/razorpay"
	"github.com/ankkor/ankkor/adapters/razorpay/razorpaytest"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// What went wrong in public, replayed here. Each test bears the name of the tracker and the number of the thread.

// at runs them all at once.
func at(once ...func() error) error {
	var mu sync.Mutex
	var errs []error
	var wg sync.WaitGroup
	for _, f := range once {
		wg.Go(func() {
			err := f()
			mu.Lock()
			defer mu.Unlock()
			errs = append(errs, err)
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// confirm brings a callback as the browser does.
func (s *shop) confirm(r checkout.Record, c razorpaytest.Callback) error {
	_, err := s.ConfirmPayment(s.t.Context(), r.Owner, r.ID, payment.Callback(c))
	return err
}

func (s *shop) paid(r checkout.Record) razorpaytest.Callback {
	s.t.Helper()
	c, err := s.Pay(r.Gateway.ID)
	s.check(err)
	return c
}

// oneSale checks the only good end: one order, its money, one mug.
func (s *shop) oneSale(r checkout.Record) {
	s.t.Helper()
	got := s.load(r)
	if err := s.balanced(r); err != nil || got.Status() != checkout.StatusOrdered || len(s.orders.All()) != 1 || len(got.Refunds) != 0 {
		s.t.Errorf("%v, %s, %d orders, refunds %v, alerts %q", err, got.Status(), len(s.orders.All()), got.Refunds, got.Alerts)
	}
	if level := s.level(); level.Sold != 1 || level.Allocated != 0 {
		s.t.Errorf("%+v", level)
	}
}

// The callback and the webhook of one payment each made an order.
func TestRazorpayWooCommerce167(t *testing.T) {
	for range 50 {
		s := newShop(t, razorpay.CaptureAutomatic)
		r := s.placed("guest:1", 1)
		c := s.paid(r)
		s.check(at(
			func() error { return s.confirm(r, c) },
			func() error { s.Deliver(t.Context()); _, err := s.dispatcher.Dispatch(t.Context()); return err },
			func() error { return s.confirm(r, c) },
			func() error { _, err := s.AdvanceDue(t.Context(), 10); return err },
		))
		s.pass(2 * time.Minute)
		s.oneSale(r)
	}
}

// The storefront's completion failed, because the webhook had completed and deleted the checkout under it.
func TestSaleor12652(t *testing.T) {
	s := newShop(t, razorpay.CaptureAutomatic)
	r := s.placed("guest:1", 1)
	c := s.paid(r)
	s.work() // the webhook was quicker
	if err := s.confirm(r, c); err != nil {
		t.Errorf("the shopper who paid is told: %v", err)
	}
	s.oneSale(r)
}

// A payment that the gateway had captured by itself was captured once more; that failed, and the sale was refunded.
func TestMedusa13301(t *testing.T) {
	s := newShop(t, razorpay.CaptureManual)
	r := s.placed("guest:1", 1)
	c, err := s.Authorize(r.Gateway.ID)
	s.check(err)
	s.plant(t, razorpaytest.Fault{Op: razorpaytest.OpCapture, Kind: razorpaytest.LoseReply}) // captured, and nobody here knows
	s.check(s.confirm(r, c), payment.ErrUnknown, checkout.ErrUnavailable)
	s.pass(10 * time.Minute)
	s.oneSale(r)
}

// The webhook came while the cart was being completed, and reset it.
func TestMedusa2948(t *testing.T) {
	s := newShop(t, razorpay.CaptureManual)
	r := s.placed("guest:1", 1)
	c, err := s.Authorize(r.Gateway.ID)
	s.check(err)
	s.check(at(
		func() error { return s.confirm(r, c) },
		func() error { s.Deliver(t.Context()); _, err := s.dispatcher.Dispatch(t.Context()); return err },
	))
	s.pass(5 * time.Minute)
	s.oneSale(r)
}

// The webhook came before the shop had an order, and several processes made one each; the stock went down for each.
func TestPayPalPayments4058And4173(t *testing.T) {
	s := newShop(t, razorpay.CaptureAutomatic)
	r := s.placed("guest:1", 1)
	s.paid(r)
	var processes []func() error
	for range 8 {
		processes = append(processes, func() error { _, err := s.RecheckGatewayOrder(t.Context(), r.Gateway.ID); return err })
	}
	s.check(at(processes...))
	s.pass(2 * time.Minute)
	s.oneSale(r)
}

// A currency that the browser chose made a hundredth of the price pass for the price.
func TestPayfort81(t *testing.T) {
	s := newShop(t, razorpay.CaptureAutomatic)
	r := s.placed("guest:1", 1)
	c, err := s.Attempt(r.Gateway.ID, razorpaytest.Attempt{Currency: "USD"})
	s.check(err)
	s.check(s.confirm(r, c))
	s.pass(5 * time.Minute)
	s.noSale(r)
}

// One cent paid for anything.
func TestCubeCart1670(t *testing.T) {
	s := newShop(t, razorpay.CaptureAutomatic)
	r := s.placed("guest:1", 1)
	c, err := s.Attempt(r.Gateway.ID, razorpaytest.Attempt{Amount: 1})
	s.check(err)
	s.check(s.confirm(r, c))
	s.pass(5 * time.Minute)
	s.noSale(r)
}

func (s *shop) noSale(r checkout.Record) {
	s.t.Helper()
	if err := s.balanced(r); err != nil || len(s.orders.All()) != 0 || len(s.load(r).Alerts) == 0 {
		s.t.Errorf("%v, %d orders, alerts %q", err, len(s.orders.All()), s.load(r).Alerts)
	}
}

// A genuine payment of a cheap order was presented for a dear one (razorpay-php#122: take the order id from a trusted
// source).
func TestRazorpayPHP122(t *testing.T) {
	s := newShop(t, razorpay.CaptureAutomatic)
	cheap, dear := s.placed("guest:1", 1), s.placed("guest:2", 2)
	c := s.paid(cheap)
	for _, forged := range []razorpaytest.Callback{c, {OrderID: dear.Gateway.ID, PaymentID: c.PaymentID, Signature: c.Signature}} {
		if err := s.confirm(dear, forged); !errors.Is(err, checkout.ErrPaymentMismatch) {
			t.Errorf("%v", err)
		}
	}
	s.pass(2 * time.Minute)
	if got := s.load(dear); got.Status() != checkout.StatusPendingPayment {
		t.Errorf("the dear one is %s", got.Status())
	}
	if got := s.load(cheap); got.Status() != checkout.StatusOrdered {
		t.Errorf("the cheap one is %s", got.Status())
	}
}

// Somebody else's order could be paid, seen and changed by its number (CVE-2026-3507).
func TestRazorpayWooCommerce647(t *testing.T) {
	s := newShop(t, razorpay.CaptureAutomatic)
	r := s.placed("guest:1", 1)
	c := s.paid(r)
	if _, err := s.ConfirmPayment(t.Context(), "guest:2", r.ID, payment.Callback(c)); !errors.Is(err, checkout.ErrNotFound) {
		t.Errorf("%v", err)
	}
	if got := s.load(r); got.Status() != checkout.StatusPendingPayment {
		t.Errorf("%s", got.Status())
	}
}

// A retry made a new idempotency key, and gave the money back twice.
func TestGlobalPaymentsDotnet94(t *testing.T) {
	s := newShop(t, razorpay.CaptureAutomatic)
	r := s.placed("guest:1", 1)
	_, err := s.Cancel(t.Context(), "guest:1", r.ID, "")
	s.check(err)
	s.plant(t, razorpaytest.Fault{Op: razorpaytest.OpRefund, Kind: razorpaytest.LoseReply}, razorpaytest.Fault{Op: razorpaytest.OpRefund, Kind: razorpaytest.TimeoutAfter})
	id := s.try(r, razorpaytest.Attempt{})
	s.pass(2 * time.Hour)
	if refunds := s.Refunds(id); len(refunds) != 1 || refunds[0].Amount != r.Gateway.Amount.Minor() {
		t.Errorf("%+v", refunds)
	}
	s.check(s.balanced(r))
}

// The event of a first card that was declined came after the second card had paid, and the order was marked failed.
func TestWooCommerceGatewayStripe905(t *testing.T) {
	s := newShop(t, razorpay.CaptureAutomatic)
	r := s.placed("guest:1", 1)
	declined := s.try(r, razorpaytest.Attempt{Fails: true})
	s.plant(t, razorpaytest.Fault{Op: razorpaytest.OpWebhook, Kind: razorpaytest.LoseEvent, Times: 10}) // the events of both are late
	s.check(s.confirm(r, s.paid(r)))
	for n := range 3 {
		s.tell(eventOf("payment.failed", r, declined, fmt.Sprintf(`"amount":54800,"currency":"INR","status":"failed","n":%d`, n)))
		s.oneSale(r)
	}
	s.pass(24 * time.Hour) // when Razorpay gives up sending them again
	s.oneSale(r)
}

// TestATripleReplayed brings one genuine callback a hundred times at once.
func TestATripleReplayed(t *testing.T) {
	s := newShop(t, razorpay.CaptureAutomatic)
	r := s.placed("guest:1", 1)
	c := s.paid(r)
	var replays []func() error
	for range 100 {
		replays = append(replays, func() error { return s.confirm(r, c) })
	}
	err := at(replays...)
	s.check(err, checkout.ErrConflict, checkout.ErrUnavailable)
	s.pass(2 * time.Minute)
	s.oneSale(r)
}

// TestVerifyAfterARefund: what went back stays back.
func TestVerifyAfterARefund(t *testing.T) {
	s := newShop(t, razorpay.CaptureAutomatic)
	r := s.placed("guest:1", 1)
	_, err := s.Cancel(t.Context(), "guest:1", r.ID, "")
	s.check(err)
	c := s.paid(r)
	s.pass(5 * time.Minute)
	s.check(s.confirm(r, c))
	s.pass(5 * time.Minute)
	if got := s.load(r); got.Status() != checkout.StatusRefunded || len(s.orders.All()) != 0 {
		t.Errorf("%s, %d orders", got.Status(), len(s.orders.All()))
	}
	s.check(s.balanced(r))
}

// TestEveryFaultOnTheWay pays one checkout, or pays it twice, for every fault of every call, and looks that money and order go together once
// everybody has had time.
func TestEveryFaultOnTheWay(t *testing.T) {
	ops := []razorpaytest.Op{
		razorpaytest.OpPayments, razorpaytest.OpPayment, razorpaytest.OpCapture, razorpaytest.OpRefund,
		razorpaytest.OpPay, razorpaytest.OpWebhook,
	}
	met := 0
	for _, op := range ops {
		for n, kind := range razorpaytest.Kinds() {
			if n%faultStride != 0 {
				continue
			}
			f := razorpaytest.Fault{Op: op, Kind: kind, Times: 2, Delay: time.Minute, By: 100}
			if kind == razorpaytest.Hang || newBank(t).Plant(f) != nil {
				continue // nobody waits for an answer that never comes, or this cannot happen there
			}
			once := withFault(t, razorpay.CaptureManual, f, razorpaytest.Attempt{})
			if twice := withFault(t, razorpay.CaptureAutomatic, f, razorpaytest.Attempt{}, again); once || twice {
				met++
			}
		}
	}
	if faultStride == 1 && met < 70 {
		t.Errorf("only %d faults were met", met)
	}
}

// withFault pays a checkout while something goes wrong, and reports whether it did.
func withFault(t *testing.T, capture razorpay.Capture, f razorpaytest.Fault, attempts ...razorpaytest.Attempt) bool {
	t.Helper()
	s := newShop(t, capture)
	s.plant(t, f)
	r := s.placed("guest:1", 1)
	for _, a := range attempts {
		_, _ = s.Attempt(r.Gateway.ID, a)
	}
	s.pass(2 * time.Hour)
	s.pass(8 * 24 * time.Hour)
	if err := s.balanced(r); err != nil && !(f.Kind == razorpaytest.Refuse && s.load(r).Stuck()) { // a no is a person's to solve
		t.Errorf("%s of %s: %v", f.Kind, f.Op, err)
	}
	left := s.Planted()
	return len(left) == 0 || left[0].Times < f.Times
}
