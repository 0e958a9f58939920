package paymenttest

import (
	"context"
	"errors"
	"testing"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// Run checks every promise of the ports that the harness has, each in a subtest with a harness of its own.
func Run(t *testing.T, newHarness func(t *testing.T) Harness) {
	t.Helper()
	for _, topic := range []struct {
		name     string
		promises []promise
	}{
		{"orders", orderPromises()}, {"payments", paymentPromises()}, {"capture", capturePromises()},
		{"refunds", refundPromises()}, {"verify", verifyPromises()}, {"outcomes", outcomePromises()},
	} {
		t.Run(topic.name, func(t *testing.T) {
			for _, p := range topic.promises {
				t.Run(p.name, func(t *testing.T) { p.run(t, newHarness(t)) })
			}
		})
	}
}

// promise is one sentence of a contract and how to see it kept.
type promise struct {
	name  string
	needs need
	check func(t *testing.T, s *shop)
}

// need is what a promise can only be checked with.
type need int

const (
	needsCustomer need = 1 << iota
	needsRefunder
	needsVerifier
	needsFaults
	needsSign
	needsStoredOrders
	needsRepeatedReceipts
)

func (p promise) run(t *testing.T, h Harness) {
	t.Helper()
	if h.Gateway == nil {
		t.Fatal("paymenttest: the harness has no gateway")
	}
	if missing := p.missing(h); missing != "" {
		t.Skip("not checked: " + missing)
	}
	if h.Amount == (pricing.Money{}) {
		h.Amount = pricing.Paise(49900)
	}
	p.check(t, &shop{Harness: h, ctx: t.Context()})
}

func (p promise) missing(h Harness) string {
	_, refunds := h.Gateway.(payment.Refunder)
	switch {
	case p.needs&needsCustomer != 0 && h.Customer == nil:
		return "the gateway takes no payments"
	case p.needs&needsRefunder != 0 && !refunds:
		return "the gateway is no payment.Refunder"
	case p.needs&needsVerifier != 0 && h.Verifier == nil:
		return "the harness has no Verifier"
	case p.needs&needsFaults != 0 && h.Faults == nil:
		return "the harness has no Faults"
	case p.needs&needsSign != 0 && h.Sign == nil:
		return "the harness has no Sign"
	case p.needs&needsStoredOrders != 0 && h.DerivedOrders:
		return "the gateway's orders are derived, not stored"
	case p.needs&needsRepeatedReceipts != 0 && h.UniqueReceipts:
		return "the gateway makes no second order for a receipt"
	}
	return ""
}

// shop is the suite's own hand: it does what goes well in every promise, and ends the test where it does not.
type shop struct {
	Harness
	ctx context.Context
}

func (s *shop) order(t *testing.T, receipt string) payment.Order {
	t.Helper()
	o, err := s.Gateway.CreateOrder(s.ctx, s.request(receipt))
	if err != nil {
		t.Fatalf("CreateOrder: %v", err)
	}
	return o
}

func (s *shop) request(receipt string) payment.OrderRequest {
	return payment.OrderRequest{Receipt: receipt, Amount: s.Amount}
}

// authorized is an order with a payment that waits to be captured.
func (s *shop) authorized(t *testing.T, receipt string) (payment.Order, payment.Callback) {
	t.Helper()
	o := s.order(t, receipt)
	return o, s.Customer.Authorize(t, o.ID)
}

// captured is an order with a payment in our hands.
func (s *shop) captured(t *testing.T, receipt string) (payment.Order, payment.Payment) {
	t.Helper()
	o, callback := s.authorized(t, receipt)
	p, err := s.Gateway.Capture(s.ctx, callback.PaymentID, s.Amount)
	if err != nil {
		t.Fatalf("Capture: %v", err)
	}
	return o, p
}

func (s *shop) payments(t *testing.T, orderID string) []payment.Payment {
	t.Helper()
	payments, err := s.Gateway.Payments(s.ctx, orderID)
	if err != nil {
		t.Fatalf("Payments: %v", err)
	}
	return payments
}

// payment is one payment as the gateway tells it now.
func (s *shop) payment(t *testing.T, orderID, paymentID string) payment.Payment {
	t.Helper()
	for _, p := range s.payments(t, orderID) {
		if p.ID == paymentID {
			return p
		}
	}
	t.Fatalf("Payments does not tell of %s", paymentID)
	return payment.Payment{}
}

func (s *shop) refunder() payment.Refunder { return s.Gateway.(payment.Refunder) }

// part is a tenth of the amount, at least one minor unit.
func (s *shop) part(t *testing.T) pricing.Money {
	return money(t, max(s.Amount.Minor()/10, 1), s.Amount)
}

// plus is the amount and so many minor units.
func (s *shop) plus(t *testing.T, minor int64) pricing.Money {
	return money(t, s.Amount.Minor()+minor, s.Amount)
}

func money(t *testing.T, minor int64, like pricing.Money) pricing.Money {
	t.Helper()
	m, err := pricing.New(minor, like.Currency())
	if err != nil {
		t.Fatalf("paymenttest: the harness's Amount: %v", err)
	}
	return m
}

// want fails unless err is the outcome, and no other one.
func want(t *testing.T, doing string, err, outcome error) {
	t.Helper()
	if !errors.Is(err, outcome) {
		t.Errorf("%s: %v, want %q", doing, err, outcome)
		return
	}
	for _, other := range []error{
		payment.ErrInvalid, payment.ErrRefused, payment.ErrUnknown, payment.ErrUnavailable, payment.ErrNotFound,
	} {
		if !errors.Is(outcome, other) && errors.Is(err, other) {
			t.Errorf("%s: %v is %q as well as %q", doing, err, other, outcome)
		}
	}
}
