package paymenttest

import (
	"testing"
	"time"

	"github.com/ankkor/ankkor/payment"
)

func paymentPromises() []promise {
	return []promise{
		{"an order without attempts has no payments", 0, noPayments},
		{"payments of an unknown order are not found", needsCustomer, paymentsOfUnknownOrder},
		{"every attempt is told, oldest first", needsCustomer, everyAttempt},
		{"all of many attempts are told", needsCustomer, manyAttempts},
		{"only the order's own payments are told", needsCustomer, ownPayments},
		{"a failed payment may be authorised late", needsCustomer, lateAuthorisation},
		{"the order says how far it has come", needsCustomer | needsStoredOrders, orderProgress},
	}
}

func noPayments(t *testing.T, s *shop) {
	o := s.order(t, "receipt-1")
	if got := s.payments(t, o.ID); len(got) != 0 {
		t.Errorf("a new order has the payments %+v", got)
	}
}

func paymentsOfUnknownOrder(t *testing.T, s *shop) {
	s.order(t, "receipt-1")
	_, err := s.Gateway.Payments(s.ctx, "order_00000000000000")
	want(t, "Payments of an unknown order", err, payment.ErrNotFound)
}

func everyAttempt(t *testing.T, s *shop) {
	o := s.order(t, "receipt-1")
	ids := []string{s.Customer.Fail(t, o.ID)}
	s.Customer.Pass(t, 2*time.Second)
	ids = append(ids, s.Customer.Fail(t, o.ID))
	s.Customer.Pass(t, 2*time.Second)
	ids = append(ids, s.Customer.Authorize(t, o.ID).PaymentID)

	payments := s.payments(t, o.ID)
	if len(payments) != len(ids) {
		t.Fatalf("%d payments are told, want all %d attempts", len(payments), len(ids))
	}
	for i, p := range payments {
		status := payment.StatusFailed
		if i == 2 {
			status = payment.StatusAuthorized
		}
		if p.ID != ids[i] || p.Status != status {
			t.Errorf("payment %d is %s, %s; want %s, %s", i, p.ID, p.Status, ids[i], status)
		}
		if p.OrderID != o.ID || p.Amount != s.Amount || !p.Refunded.IsZero() {
			t.Errorf("payment %d is %v of order %s, %v refunded; want %v of %s, nothing", i, p.Amount, p.OrderID, p.Refunded, s.Amount, o.ID)
		}
	}
	if payments[0].FailureCode == "" {
		t.Error("a failed payment has no FailureCode")
	}
	if v := (payment.Facts{}).Fold(payments...).Decide(o); v.Outcome != payment.Authorized || v.Payment.ID != ids[2] {
		t.Errorf("the verdict is %s of %s, want %s of %s", v.Outcome, v.Payment.ID, payment.Authorized, ids[2])
	}
}

// Gateways answer in pages, of ten at Razorpay.
func manyAttempts(t *testing.T, s *shop) {
	const attempts = 23
	o := s.order(t, "receipt-1")
	want := map[string]bool{}
	for range attempts {
		want[s.Customer.Fail(t, o.ID)] = true
	}
	for _, p := range s.payments(t, o.ID) {
		if !want[p.ID] {
			t.Errorf("%s is told twice, or was never made", p.ID)
		}
		delete(want, p.ID)
	}
	if len(want) != 0 {
		t.Errorf("%d of %d attempts are not told", len(want), attempts)
	}
}

func ownPayments(t *testing.T, s *shop) {
	mine, theirs := s.order(t, "receipt-1"), s.order(t, "receipt-2")
	s.Customer.Authorize(t, theirs.ID)
	if got := s.payments(t, mine.ID); len(got) != 0 {
		t.Errorf("an order that nobody paid has the payments %+v", got)
	}
}

func lateAuthorisation(t *testing.T, s *shop) {
	o := s.order(t, "receipt-1")
	id := s.Customer.PayLate(t, o.ID, time.Hour)
	if p := s.payment(t, o.ID, id); p.Status != payment.StatusFailed && p.Status != payment.StatusCreated {
		t.Errorf("before its time the late payment is %s", p.Status)
	}
	if _, err := s.Gateway.Capture(s.ctx, id, s.Amount); err == nil {
		t.Error("a failed payment was captured")
	}
	s.Customer.Pass(t, 2*time.Hour)
	if p := s.payment(t, o.ID, id); p.Status != payment.StatusAuthorized {
		t.Fatalf("after its time the late payment is %s, want %s", p.Status, payment.StatusAuthorized)
	}
	if p, err := s.Gateway.Capture(s.ctx, id, s.Amount); err != nil || p.Status != payment.StatusCaptured {
		t.Errorf("capturing the late payment: %s, %v", p.Status, err)
	}
}

func orderProgress(t *testing.T, s *shop) {
	o := s.order(t, "receipt-1")
	expect := func(status payment.OrderStatus) {
		t.Helper()
		if found, err := s.Gateway.FindOrder(s.ctx, "receipt-1"); err != nil || found.Status != status {
			t.Errorf("the order is %s (%v), want %s", found.Status, err, status)
		}
	}
	expect(payment.OrderCreated)
	s.Customer.Fail(t, o.ID)
	expect(payment.OrderAttempted)
	callback := s.Customer.Authorize(t, o.ID)
	expect(payment.OrderAttempted)
	if _, err := s.Gateway.Capture(s.ctx, callback.PaymentID, s.Amount); err != nil {
		t.Fatalf("Capture: %v", err)
	}
	expect(payment.OrderPaid)
}
