package property_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

const expectedOrder = "order_IEIaMR65cu6nz3"

func rupeeOrder() payment.Order {
	return payment.Order{ID: expectedOrder, Receipt: "token-1", Amount: pricing.Paise(49900)}
}

// anyPayment is any observation that a gateway might make, contradictions included.
func anyPayment() *rapid.Generator[payment.Payment] {
	amounts := []pricing.Money{{}, pricing.Paise(0), pricing.Paise(100), pricing.Paise(49800), pricing.Paise(49900), pricing.Paise(50000)}
	if usd, err := pricing.New(49900, pricing.USD); err == nil {
		amounts = append(amounts, usd)
	}
	return rapid.Custom(func(t *rapid.T) payment.Payment {
		p := payment.Payment{
			ID:      rapid.SampledFrom([]string{"pay_a", "pay_b", "pay_c"}).Draw(t, "id"),
			OrderID: rapid.SampledFrom([]string{expectedOrder, expectedOrder, expectedOrder, "order_other", ""}).Draw(t, "order"),
			Status: rapid.SampledFrom([]payment.Status{
				payment.StatusCreated, payment.StatusFailed, payment.StatusAuthorized, payment.StatusVoided, payment.StatusCaptured,
				payment.StatusRefunded, "pending", "",
			}).Draw(t, "status"),
			Amount:      rapid.SampledFrom(amounts).Draw(t, "amount"),
			Refunded:    rapid.SampledFrom(amounts).Draw(t, "refunded"),
			Method:      rapid.SampledFrom([]string{"", "upi", "card"}).Draw(t, "method"),
			FailureCode: rapid.SampledFrom([]string{"", "payment_failed", "payment_timed_out"}).Draw(t, "failure"),
		}
		if minute := rapid.IntRange(0, 3).Draw(t, "minute"); minute > 0 {
			p.CreatedAt = time.Date(2026, 8, 1, 12, minute, 0, 0, time.UTC)
		}
		return p
	})
}

// Folding is a join: shuffled, repeated and in parts, the same observations are the same facts.
func TestPaymentFactsAreAJoin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		observed := rapid.SliceOfN(anyPayment(), 0, 12).Draw(t, "observed")
		whole := payment.Facts{}.Fold(observed...)

		told := append(rapid.Permutation(observed).Draw(t, "told"), rapid.Permutation(observed).Draw(t, "again")...)
		cut := rapid.IntRange(0, len(told)).Draw(t, "cut")
		parts := payment.Facts{}.Fold(told[:cut]...).Fold(told[cut:]...)
		if !parts.Equal(whole) {
			t.Fatalf("told as %v:\n%+v\nwant\n%+v", told, parts.Payments(), whole.Payments())
		}

		data, err := json.Marshal(parts)
		if err != nil {
			t.Fatal(err)
		}
		var read payment.Facts
		if err := json.Unmarshal(data, &read); err != nil || !read.Equal(whole) {
			t.Fatalf("read back from %s: %v", data, err)
		}
		if got, want := fmt.Sprint(read.Decide(rupeeOrder())), fmt.Sprint(whole.Decide(rupeeOrder())); got != want {
			t.Fatalf("another verdict: %s, want %s", got, want)
		}
	})
}

// Whatever else is learnt, no payment goes backwards and no refund shrinks.
func TestPaymentsNeverGoBackwards(t *testing.T) {
	rank := map[payment.Status]int{
		payment.StatusCreated: 0, payment.StatusFailed: 1, payment.StatusAuthorized: 2, payment.StatusVoided: 3,
		payment.StatusCaptured: 4, payment.StatusRefunded: 5,
	}
	rapid.Check(t, func(t *rapid.T) {
		before := payment.Facts{}.Fold(rapid.SliceOfN(anyPayment(), 1, 8).Draw(t, "before")...)
		after := before.Fold(rapid.SliceOfN(anyPayment(), 1, 8).Draw(t, "after")...)
		now := map[string]payment.Payment{}
		for _, p := range after.Payments() {
			now[p.ID] = p
		}
		for _, p := range after.Decide(rupeeOrder()).Conflicts {
			delete(now, p.ID) // of two stories neither is told on
		}
		for _, p := range before.Payments() {
			if now[p.ID].ID == "" {
				continue
			}
			if rank[now[p.ID].Status] < rank[p.Status] {
				t.Fatalf("%s went from %s to %s", p.ID, p.Status, now[p.ID].Status)
			}
			if c, err := now[p.ID].Refunded.Cmp(p.Refunded); err == nil && c < 0 {
				t.Fatalf("the refunds of %s went from %v to %v", p.ID, p.Refunded, now[p.ID].Refunded)
			}
		}
	})
}

// A sale that is bound stays this payment's sale, or is refunded, or is called in doubt: never anybody else's, and never
// pending again.
func TestABoundSaleStays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		facts := payment.Facts{}.Fold(rapid.SliceOfN(anyPayment(), 0, 8).Draw(t, "before")...).Fold(payment.Payment{
			ID: "pay_d", OrderID: expectedOrder, Amount: pricing.Paise(49900), Status: payment.StatusCaptured,
		})
		v := facts.Decide(rupeeOrder())
		if !v.Outcome.Sale() {
			t.Fatalf("with an exact capture the verdict is %s", v.Outcome)
		}
		facts, err := facts.Bind(v.Payment.ID)
		if err != nil {
			t.Fatal(err)
		}
		later := facts.Fold(rapid.SliceOfN(anyPayment(), 0, 8).Draw(t, "after")...).Decide(rupeeOrder())
		if later.Payment.ID != v.Payment.ID {
			t.Fatalf("the sale moved from %s to %s", v.Payment.ID, later.Payment.ID)
		}
		switch later.Outcome {
		case payment.Paid, payment.Duplicate, payment.Refunded, payment.Conflicting:
		default:
			t.Fatalf("the sale became %s", later.Outcome)
		}
	})
}

// gatewayModel is what must be true of one order at the fake gateway, whatever is done to it.
type gatewayModel struct {
	gateway *fakegateway.Gateway
	now     time.Time
	order   payment.Order
	facts   payment.Facts
	keys    map[string]pricing.Money // refunds done, by payment and key
}

func (m *gatewayModel) payments(t *rapid.T) []payment.Payment {
	payments, err := m.gateway.Payments(t.Context(), m.order.ID)
	if err != nil {
		t.Fatal(err)
	}
	return payments
}

func (m *gatewayModel) any(t *rapid.T) (payment.Payment, bool) {
	payments := m.payments(t)
	if len(payments) == 0 {
		return payment.Payment{}, false
	}
	return rapid.SampledFrom(payments).Draw(t, "payment"), true
}

func (m *gatewayModel) capture(t *rapid.T) {
	p, ok := m.any(t)
	if !ok {
		return
	}
	amount := rapid.SampledFrom([]pricing.Money{m.order.Amount, m.order.Amount, pricing.Paise(1)}).Draw(t, "amount")
	due := amount == p.Amount && (p.Status == payment.StatusCaptured || p.Status == payment.StatusAuthorized && !m.paid(t))
	got, err := m.gateway.Capture(t.Context(), p.ID, amount)
	done := err == nil && got.Status == payment.StatusCaptured
	if done != due || err != nil && !errors.Is(err, payment.ErrRefused) {
		t.Fatalf("Capture of %v on %+v: %v, %v", amount, p, got.Status, err)
	}
}

func (m *gatewayModel) paid(t *rapid.T) bool {
	for _, p := range m.payments(t) {
		if p.Status == payment.StatusCaptured || p.Status == payment.StatusRefunded {
			return true
		}
	}
	return false
}

func (m *gatewayModel) refund(t *rapid.T) {
	p, ok := m.any(t)
	if !ok {
		return
	}
	r := payment.RefundRequest{
		PaymentID: p.ID,
		Amount:    pricing.Paise(rapid.SampledFrom([]int64{1, 20000, 49900}).Draw(t, "refund")),
		Key:       rapid.SampledFrom([]string{"refund-key-1", "refund-key-2", "refund-key-3"}).Draw(t, "key"),
	}
	before, used := m.keys[p.ID+r.Key]
	_, err := m.gateway.Refund(t.Context(), r)
	due := used && before == r.Amount ||
		!used && p.Status == payment.StatusCaptured && p.Refunded.Minor()+r.Amount.Minor() <= p.Amount.Minor()
	if (err == nil) != due || err != nil && !errors.Is(err, payment.ErrRefused) {
		t.Fatalf("%+v on %+v: %v", r, p, err)
	}
	if err == nil {
		m.keys[p.ID+r.Key] = r.Amount
	}
}

// check holds after every step.
func (m *gatewayModel) check(t *rapid.T) {
	payments := m.payments(t)
	m.facts = m.facts.Fold(payments...)
	ever, now := m.facts.Decide(m.order), payment.Facts{}.Fold(payments...).Decide(m.order)
	if ever.Outcome != now.Outcome || ever.Payment.ID != now.Payment.ID {
		t.Fatalf("the gateway went backwards: it told %+v, and now %+v", m.facts.Payments(), payments)
	}
	captured := 0
	for _, p := range payments {
		if p.Status == payment.StatusCaptured || p.Status == payment.StatusRefunded {
			captured++
		}
		if p.Refunded.Minor() > p.Amount.Minor() || (p.Refunded == p.Amount) != (p.Status == payment.StatusRefunded) {
			t.Fatalf("refunds do not go with the status: %+v", p)
		}
		var sum int64
		for _, r := range m.gateway.Refunds(p.ID) {
			sum += r.Amount.Minor()
		}
		if sum != p.Refunded.Minor() {
			t.Fatalf("%d were refunded, and the payment says %v", sum, p.Refunded)
		}
	}
	if captured > 1 {
		t.Fatalf("%d payments of one order were captured", captured)
	}
	if paid := m.gateway.Orders(m.order.Receipt)[0].Status == payment.OrderPaid; paid != (captured == 1) {
		t.Fatalf("%d captured, and the order is paid: %v", captured, paid)
	}
}

func TestFakeGatewayStateMachine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &gatewayModel{now: time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC), keys: map[string]pricing.Money{}}
		var err error
		m.gateway, err = fakegateway.New(fakegateway.Config{
			KeySecret:       payment.NewSecret("any sixteen bytes or more"),
			Now:             func() time.Time { return m.now },
			Rand:            rand.NewChaCha8([32]byte{}), // the same ids in every run
			AutoRefundAfter: 72 * time.Hour,
		})
		if err != nil {
			t.Fatal(err)
		}
		m.order, err = m.gateway.CreateOrder(t.Context(), payment.OrderRequest{Receipt: "token-1", Amount: pricing.Paise(49900)})
		if err != nil {
			t.Fatal(err)
		}
		t.Repeat(map[string]func(*rapid.T){
			"":          m.check,
			"pay":       func(*rapid.T) { _, _ = m.gateway.Pay(m.order.ID) },
			"authorize": func(*rapid.T) { _, _ = m.gateway.Authorize(m.order.ID) },
			"fail":      func(*rapid.T) { _, _ = m.gateway.Fail(m.order.ID) },
			"pay late": func(t *rapid.T) {
				_, _ = m.gateway.PayLate(m.order.ID, time.Duration(rapid.IntRange(0, 96).Draw(t, "hours"))*time.Hour)
			},
			"pass":    func(t *rapid.T) { m.now = m.now.Add(time.Duration(rapid.IntRange(0, 48).Draw(t, "hours")) * time.Hour) },
			"capture": m.capture,
			"refund":  m.refund,
		})
	})
}
