package paymenttest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

func refundPromises() []promise {
	const needs = needsCustomer | needsRefunder
	return []promise{
		{"a refund gives back what was asked for", needs, refundGives},
		{"a refund of all makes the payment refunded", needs, refundOfAll},
		{"the same refund asked again is the same refund", needs, refundAgain},
		{"the same key for another amount is refused", needs, refundKeyReused},
		{"one key serves two payments", needs, refundKeyOfTwoPayments},
		{"refunds never exceed the capture", needs, refundsNeverExceed},
		{"refunds at once with one key are one refund", needs, refundsAtOnceOneKey},
		{"refunds at once never exceed the capture", needs, refundsAtOnce},
		{"a payment that was not captured is not refunded", needs, refundOfAuthorized},
		{"an unknown payment is not refunded", needs, refundOfUnknown},
		{"a refund is found by its key", needs, refundIsFound},
		{"a malformed refund is invalid and not sent", needs, malformedRefund},
	}
}

func refundOf(p payment.Payment, amount pricing.Money, key string) payment.RefundRequest {
	return payment.RefundRequest{PaymentID: p.ID, Amount: amount, Key: key, Reason: "paymenttest"}
}

func (s *shop) refund(t *testing.T, p payment.Payment, amount pricing.Money, key string) payment.Refund {
	t.Helper()
	r, err := s.refunder().Refund(s.ctx, refundOf(p, amount, key))
	if err != nil {
		t.Fatalf("Refund: %v", err)
	}
	return r
}

// refunded sees the payment with so much given back.
func (s *shop) refunded(t *testing.T, o payment.Order, id string, sum pricing.Money, status payment.Status) {
	t.Helper()
	if p := s.payment(t, o.ID, id); p.Refunded.Minor() != sum.Minor() || p.Status != status || p.Amount != s.Amount {
		t.Errorf("of %v there are %v refunded and the payment is %s; want %v of %v and %s",
			p.Amount, p.Refunded, p.Status, sum, s.Amount, status)
	}
}

func refundGives(t *testing.T, s *shop) {
	o, p := s.captured(t, "receipt-1")
	r := s.refund(t, p, s.part(t), "refund-key-1")
	if r.ID == "" || r.PaymentID != p.ID || r.Key != "refund-key-1" || r.Amount != s.part(t) {
		t.Errorf("the refund is %+v", r)
	}
	if r.Status != payment.RefundPending && r.Status != payment.RefundProcessed {
		t.Errorf("a new refund is %q", r.Status)
	}
	s.refunded(t, o, p.ID, s.part(t), payment.StatusCaptured)
	s.capturedOnce(t, o, p.ID) // a partly refunded payment is still a sale
}

func refundOfAll(t *testing.T, s *shop) {
	o, p := s.captured(t, "receipt-1")
	s.refund(t, p, s.part(t), "refund-key-1")
	s.refund(t, p, s.plus(t, -s.part(t).Minor()), "refund-key-2")
	s.refunded(t, o, p.ID, s.Amount, payment.StatusRefunded)
	if v := (payment.Facts{}).Fold(s.payments(t, o.ID)...).Decide(o); v.Outcome != payment.Refunded {
		t.Errorf("the verdict is %s, want %s", v.Outcome, payment.Refunded)
	}
}

func refundAgain(t *testing.T, s *shop) {
	o, p := s.captured(t, "receipt-1")
	first := s.refund(t, p, s.part(t), "refund-key-1")
	for range 2 {
		if again := s.refund(t, p, s.part(t), "refund-key-1"); again.ID != first.ID || again.Amount != first.Amount {
			t.Errorf("asked again: %+v, want %+v", again, first)
		}
	}
	s.refunded(t, o, p.ID, s.part(t), payment.StatusCaptured)
}

func refundKeyReused(t *testing.T, s *shop) {
	o, p := s.captured(t, "receipt-1")
	s.refund(t, p, s.part(t), "refund-key-1")
	_, err := s.refunder().Refund(s.ctx, refundOf(p, money(t, s.part(t).Minor()+1, s.Amount), "refund-key-1"))
	want(t, "Refund with a used key and another amount", err, payment.ErrRefused)
	s.refunded(t, o, p.ID, s.part(t), payment.StatusCaptured)
}

func refundKeyOfTwoPayments(t *testing.T, s *shop) {
	o1, p1 := s.captured(t, "receipt-1")
	o2, p2 := s.captured(t, "receipt-2")
	if a, b := s.refund(t, p1, s.part(t), "refund-key-1"), s.refund(t, p2, s.part(t), "refund-key-1"); a.ID == b.ID {
		t.Errorf("two payments share the refund %s", a.ID)
	}
	s.refunded(t, o1, p1.ID, s.part(t), payment.StatusCaptured)
	s.refunded(t, o2, p2.ID, s.part(t), payment.StatusCaptured)
}

func refundsNeverExceed(t *testing.T, s *shop) {
	o, p := s.captured(t, "receipt-1")
	_, err := s.refunder().Refund(s.ctx, refundOf(p, s.plus(t, 1), "refund-key-1"))
	want(t, "Refund of more than was captured", err, payment.ErrRefused)
	s.refund(t, p, s.part(t), "refund-key-2")
	_, err = s.refunder().Refund(s.ctx, refundOf(p, s.Amount, "refund-key-3"))
	want(t, "Refund of more than is left", err, payment.ErrRefused)
	s.refunded(t, o, p.ID, s.part(t), payment.StatusCaptured)
}

func refundsAtOnceOneKey(t *testing.T, s *shop) {
	o, p := s.captured(t, "receipt-1")
	var made sync.Map // refund id → struct{}{}
	var wg sync.WaitGroup
	for range atOnce {
		wg.Go(func() {
			r, err := s.refunder().Refund(s.ctx, refundOf(p, s.part(t), "refund-key-1"))
			switch {
			case err == nil:
				made.Store(r.ID, struct{}{})
			case !errors.Is(err, payment.ErrUnavailable):
				t.Errorf("one of %d equal refunds at once: %v, want it done or ErrUnavailable", atOnce, err)
			}
		})
	}
	wg.Wait()
	count := 0
	made.Range(func(any, any) bool { count++; return true })
	if count != 1 {
		t.Errorf("one key made %d refunds", count)
	}
	s.refunded(t, o, p.ID, s.part(t), payment.StatusCaptured)
}

func refundsAtOnce(t *testing.T, s *shop) {
	o, p := s.captured(t, "receipt-1")
	half := money(t, s.Amount.Minor()/2, s.Amount)
	var done atomic.Int64
	var wg sync.WaitGroup
	for i := range atOnce {
		wg.Go(func() {
			_, err := s.refunder().Refund(s.ctx, refundOf(p, half, fmt.Sprintf("refund-key-%d", i)))
			switch {
			case err == nil:
				done.Add(1)
			case !errors.Is(err, payment.ErrRefused):
				t.Errorf("one of %d refunds at once: %v, want it done or ErrRefused", atOnce, err)
			}
		})
	}
	wg.Wait()
	if done.Load() != 2 {
		t.Errorf("of %d refunds of half the payment %d were done, want 2", atOnce, done.Load())
	}
	if p := s.payment(t, o.ID, p.ID); p.Refunded.Minor() > p.Amount.Minor() {
		t.Errorf("%v of %v are refunded", p.Refunded, p.Amount)
	}
}

func refundOfAuthorized(t *testing.T, s *shop) {
	o, callback := s.authorized(t, "receipt-1")
	_, err := s.refunder().Refund(s.ctx, refundOf(payment.Payment{ID: callback.PaymentID}, s.Amount, "refund-key-1"))
	want(t, "Refund of an authorised payment", err, payment.ErrRefused)
	s.refunded(t, o, callback.PaymentID, pricing.Money{}, payment.StatusAuthorized)
}

func refundOfUnknown(t *testing.T, s *shop) {
	_, err := s.refunder().Refund(s.ctx, refundOf(payment.Payment{ID: "pay_00000000000000"}, s.Amount, "refund-key-1"))
	want(t, "Refund of an unknown payment", err, payment.ErrNotFound)
}

func refundIsFound(t *testing.T, s *shop) {
	_, p := s.captured(t, "receipt-1")
	made := s.refund(t, p, s.part(t), "refund-key-10")
	found, err := s.refunder().FindRefund(s.ctx, p.ID, "refund-key-10")
	if err != nil || found.ID != made.ID || found.Amount != made.Amount || found.Key != made.Key || found.PaymentID != made.PaymentID {
		t.Errorf("found %+v (%v), want %+v", found, err, made)
	}
	for _, key := range []string{"refund-key-1", "refund-key-100"} {
		_, err = s.refunder().FindRefund(s.ctx, p.ID, key)
		want(t, "FindRefund of a key that was not used", err, payment.ErrNotFound)
	}
	_, err = s.refunder().FindRefund(s.ctx, "pay_00000000000000", "refund-key-10")
	want(t, "FindRefund of another payment", err, payment.ErrNotFound)
}

func malformedRefund(t *testing.T, s *shop) {
	o, p := s.captured(t, "receipt-1")
	requests := map[string]payment.RefundRequest{
		"no payment":        refundOf(payment.Payment{}, s.part(t), "refund-key-1"),
		"no amount":         refundOf(p, pricing.Money{}, "refund-key-1"),
		"a negative amount": refundOf(p, money(t, -1, s.Amount), "refund-key-1"),
		"no key":            refundOf(p, s.part(t), ""),
		"a short key":       refundOf(p, s.part(t), "refund-1"),
		"CR LF in the key":  refundOf(p, s.part(t), "refund-key\r\n1"),
	}
	for name, r := range requests {
		_, err := s.refunder().Refund(s.ctx, r)
		want(t, "Refund with "+name, err, payment.ErrInvalid)
	}
	s.refunded(t, o, p.ID, pricing.Money{}, payment.StatusCaptured)
}
