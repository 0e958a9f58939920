package paymenttest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// atOnce is how many callers meet in the promises about concurrency.
const atOnce = 8

func capturePromises() []promise {
	return []promise{
		{"a capture takes the authorised amount", needsCustomer, captureTakes},
		{"a capture of another amount is refused", needsCustomer, captureOfAnotherAmount},
		{"capturing again succeeds and changes nothing", needsCustomer, captureAgain},
		{"captures at once capture once", needsCustomer, capturesAtOnce},
		{"a failed payment is not captured", needsCustomer, captureOfFailed},
		{"an unknown payment is not captured", 0, captureOfUnknown},
		{"a refunded payment is not captured again", needsCustomer | needsRefunder, captureOfRefunded},
		{"a malformed capture is invalid", needsCustomer, malformedCapture},
	}
}

func captureTakes(t *testing.T, s *shop) {
	o, p := s.captured(t, "receipt-1")
	if p.Status != payment.StatusCaptured || p.Amount != s.Amount || p.OrderID != o.ID {
		t.Errorf("Capture answers %s, %v of order %s; want %s, %v of %s",
			p.Status, p.Amount, p.OrderID, payment.StatusCaptured, s.Amount, o.ID)
	}
	v := payment.Facts{}.Fold(s.payments(t, o.ID)...).Decide(o)
	if v.Outcome != payment.Paid || v.Payment.ID != p.ID {
		t.Errorf("the verdict is %s of %q, want %s of %q", v.Outcome, v.Payment.ID, payment.Paid, p.ID)
	}
}

func captureOfAnotherAmount(t *testing.T, s *shop) {
	o, callback := s.authorized(t, "receipt-1")
	other := pricing.USD
	if s.Amount.Currency() == other {
		other = pricing.INR
	}
	foreign, err := pricing.New(s.Amount.Minor(), other)
	if err != nil {
		t.Fatal(err)
	}
	for _, amount := range []pricing.Money{s.plus(t, -1), s.plus(t, 1), money(t, 1, s.Amount), foreign} {
		_, err := s.Gateway.Capture(s.ctx, callback.PaymentID, amount)
		want(t, "Capture of "+amount.String()+" where "+s.Amount.String()+" is authorised", err, payment.ErrRefused)
		if p := s.payment(t, o.ID, callback.PaymentID); p.Status != payment.StatusAuthorized || p.Amount != s.Amount {
			t.Fatalf("after the refused capture the payment is %s, %v", p.Status, p.Amount)
		}
	}
	if _, err := s.Gateway.Capture(s.ctx, callback.PaymentID, s.Amount); err != nil {
		t.Errorf("Capture of the right amount afterwards: %v", err)
	}
}

func captureAgain(t *testing.T, s *shop) {
	o, first := s.captured(t, "receipt-1")
	for range 2 {
		again, err := s.Gateway.Capture(s.ctx, first.ID, s.Amount)
		if err != nil || again.ID != first.ID || again.Status != payment.StatusCaptured {
			t.Errorf("Capture again: %s %s, %v; want success", again.ID, again.Status, err)
		}
	}
	_, err := s.Gateway.Capture(s.ctx, first.ID, s.plus(t, -1))
	want(t, "Capture again, of another amount", err, payment.ErrRefused)
	s.capturedOnce(t, o, first.ID)
}

// capturedOnce sees one captured payment on the order, and no other.
func (s *shop) capturedOnce(t *testing.T, o payment.Order, paymentID string) {
	t.Helper()
	v := payment.Facts{}.Fold(s.payments(t, o.ID)...).Decide(o)
	if v.Outcome != payment.Paid || v.Payment.ID != paymentID || len(v.Surplus) != 0 {
		t.Errorf("the verdict is %s of %q with %d surplus captures, want %s of %q", v.Outcome, v.Payment.ID, len(v.Surplus), payment.Paid, paymentID)
	}
}

func capturesAtOnce(t *testing.T, s *shop) {
	o, callback := s.authorized(t, "receipt-1")
	var done atomic.Int64
	var wg sync.WaitGroup
	for range atOnce {
		wg.Go(func() {
			p, err := s.Gateway.Capture(s.ctx, callback.PaymentID, s.Amount)
			switch {
			case err == nil && p.Status == payment.StatusCaptured:
				done.Add(1)
			case !errors.Is(err, payment.ErrUnavailable):
				t.Errorf("one of %d captures at once: %s, %v; want it captured or ErrUnavailable", atOnce, p.Status, err)
			}
		})
	}
	wg.Wait()
	if done.Load() == 0 {
		t.Errorf("none of %d captures at once was done", atOnce)
	}
	s.capturedOnce(t, o, callback.PaymentID)
}

func captureOfFailed(t *testing.T, s *shop) {
	o := s.order(t, "receipt-1")
	id := s.Customer.Fail(t, o.ID)
	_, err := s.Gateway.Capture(s.ctx, id, s.Amount)
	want(t, "Capture of a failed payment", err, payment.ErrRefused)
	if p := s.payment(t, o.ID, id); p.Status != payment.StatusFailed {
		t.Errorf("the failed payment is now %s", p.Status)
	}
}

func captureOfUnknown(t *testing.T, s *shop) {
	_, err := s.Gateway.Capture(s.ctx, "pay_00000000000000", s.Amount)
	if s.Customer == nil && errors.Is(err, payment.ErrRefused) {
		return // a gateway that takes no payments may refuse them all
	}
	want(t, "Capture of an unknown payment", err, payment.ErrNotFound)
}

func captureOfRefunded(t *testing.T, s *shop) {
	_, p := s.captured(t, "receipt-1")
	if _, err := s.refunder().Refund(s.ctx, refundOf(p, s.Amount, "refund-key-1")); err != nil {
		t.Fatalf("Refund: %v", err)
	}
	_, err := s.Gateway.Capture(s.ctx, p.ID, s.Amount)
	want(t, "Capture of a refunded payment", err, payment.ErrRefused)
}

func malformedCapture(t *testing.T, s *shop) {
	o, callback := s.authorized(t, "receipt-1")
	for _, amount := range []pricing.Money{{}, money(t, 0, s.Amount), money(t, -1, s.Amount)} {
		_, err := s.Gateway.Capture(s.ctx, callback.PaymentID, amount)
		want(t, "Capture of "+amount.String(), err, payment.ErrInvalid)
	}
	if p := s.payment(t, o.ID, callback.PaymentID); p.Status != payment.StatusAuthorized {
		t.Errorf("after malformed captures the payment is %s", p.Status)
	}
}
