package payment_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

var noon = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

// order is what was expected in most tests: ₹499.00.
func order() payment.Order {
	return payment.Order{ID: orderID, Receipt: "token-1", Amount: pricing.Paise(49900), Status: payment.OrderCreated, CreatedAt: noon}
}

// seen is an observation of a payment for the whole of order(), made the given minutes after noon.
func seen(id string, status payment.Status, minute int) payment.Payment {
	return payment.Payment{
		ID: id, OrderID: orderID, Amount: pricing.Paise(49900), Refunded: pricing.Paise(0), Status: status,
		CreatedAt: noon.Add(time.Duration(minute) * time.Minute),
	}
}

func with(p payment.Payment, change func(p *payment.Payment)) payment.Payment {
	change(&p)
	return p
}

// permutations calls f with every order of the observations.
func permutations(observed []payment.Payment, f func([]payment.Payment)) {
	var walk func(k int)
	walk = func(k int) {
		if k == len(observed) {
			f(observed)
			return
		}
		for i := k; i < len(observed); i++ {
			observed[k], observed[i] = observed[i], observed[k]
			walk(k + 1)
			observed[k], observed[i] = observed[i], observed[k]
		}
	}
	walk(0)
}

// stories are what a gateway's mouths may tell of one order, each with what is true in the end.
var stories = map[string]struct {
	observed []payment.Payment
	want     []payment.Payment
	outcome  payment.Outcome
}{
	"captured at once": {
		observed: []payment.Payment{
			seen("pay_a", payment.StatusCreated, 1), seen("pay_a", payment.StatusAuthorized, 1), seen("pay_a", payment.StatusCaptured, 1),
		},
		want:    []payment.Payment{seen("pay_a", payment.StatusCaptured, 1)},
		outcome: payment.Paid,
	},
	"failed, then authorised late, then captured": {
		observed: []payment.Payment{
			seen("pay_a", payment.StatusCreated, 1),
			with(seen("pay_a", payment.StatusFailed, 1), func(p *payment.Payment) { p.FailureCode = "payment_timed_out" }),
			seen("pay_a", payment.StatusAuthorized, 1),
			with(seen("pay_a", payment.StatusCaptured, 1), func(p *payment.Payment) { p.Method = "upi" }),
		},
		want: []payment.Payment{with(seen("pay_a", payment.StatusCaptured, 1), func(p *payment.Payment) {
			p.FailureCode, p.Method = "payment_timed_out", "upi"
		})},
		outcome: payment.Paid,
	},
	"one failed for good, another captured and partly refunded": {
		observed: []payment.Payment{
			seen("pay_b", payment.StatusFailed, 1),
			seen("pay_a", payment.StatusAuthorized, 2),
			seen("pay_a", payment.StatusCaptured, 2),
			with(seen("pay_a", payment.StatusCaptured, 2), func(p *payment.Payment) { p.Refunded = pricing.Paise(10000) }),
			with(seen("pay_a", payment.StatusCaptured, 2), func(p *payment.Payment) { p.Refunded = pricing.Paise(30000) }),
		},
		want: []payment.Payment{
			seen("pay_b", payment.StatusFailed, 1),
			with(seen("pay_a", payment.StatusCaptured, 2), func(p *payment.Payment) { p.Refunded = pricing.Paise(30000) }),
		},
		outcome: payment.Paid,
	},
	"refunded in full, told by the sum only": {
		observed: []payment.Payment{
			seen("pay_a", payment.StatusAuthorized, 1),
			seen("pay_a", payment.StatusCaptured, 1),
			with(seen("pay_a", payment.StatusCaptured, 1), func(p *payment.Payment) { p.Refunded = pricing.Paise(49900) }),
			with(seen("pay_a", payment.StatusCaptured, 1), func(p *payment.Payment) { p.Refunded = pricing.Paise(100) }),
		},
		want: []payment.Payment{with(seen("pay_a", payment.StatusRefunded, 1), func(p *payment.Payment) {
			p.Refunded = pricing.Paise(49900)
		})},
		outcome: payment.Refunded,
	},
	"refunded in full, told by the status only": {
		observed: []payment.Payment{
			seen("pay_a", payment.StatusCaptured, 1), seen("pay_a", payment.StatusFailed, 1),
			seen("pay_a", payment.StatusRefunded, 1), seen("pay_a", payment.StatusAuthorized, 1),
			{ID: "pay_a", OrderID: orderID, Status: payment.StatusRefunded},
		},
		want: []payment.Payment{with(seen("pay_a", payment.StatusRefunded, 1), func(p *payment.Payment) {
			p.Refunded = pricing.Paise(49900)
		})},
		outcome: payment.Refunded,
	},
	"lapsed without a capture": {
		observed: []payment.Payment{
			seen("pay_a", payment.StatusFailed, 1), seen("pay_a", payment.StatusAuthorized, 1), seen("pay_a", payment.StatusVoided, 1),
		},
		want:    []payment.Payment{seen("pay_a", payment.StatusVoided, 1)},
		outcome: payment.Pending,
	},
	"captured twice": {
		observed: []payment.Payment{
			seen("pay_a", payment.StatusAuthorized, 2), seen("pay_a", payment.StatusCaptured, 2),
			seen("pay_b", payment.StatusFailed, 1), seen("pay_b", payment.StatusAuthorized, 1), seen("pay_b", payment.StatusCaptured, 1),
			seen("pay_c", payment.StatusAuthorized, 0),
		},
		want: []payment.Payment{
			seen("pay_c", payment.StatusAuthorized, 0), seen("pay_b", payment.StatusCaptured, 1), seen("pay_a", payment.StatusCaptured, 2),
		},
		outcome: payment.Duplicate,
	},
	"told of two amounts": {
		observed: []payment.Payment{
			seen("pay_a", payment.StatusAuthorized, 1), seen("pay_a", payment.StatusCaptured, 1),
			with(seen("pay_a", payment.StatusCaptured, 1), func(p *payment.Payment) { p.Amount = pricing.Paise(49800) }),
			with(seen("pay_a", payment.StatusFailed, 1), func(p *payment.Payment) { p.Amount = pricing.Paise(50000) }),
		},
		want:    []payment.Payment{with(seen("pay_a", payment.StatusCaptured, 1), func(p *payment.Payment) { p.Amount = pricing.Paise(49800) })},
		outcome: payment.Conflicting,
	},
	"told in two currencies": {
		observed: []payment.Payment{
			seen("pay_a", payment.StatusCaptured, 1),
			with(seen("pay_a", payment.StatusAuthorized, 1), func(p *payment.Payment) { p.Amount = usd(499) }),
			with(seen("pay_a", payment.StatusCaptured, 1), func(p *payment.Payment) { p.Refunded = usd(100) }),
		},
		want:    []payment.Payment{with(seen("pay_a", payment.StatusCaptured, 1), func(p *payment.Payment) { p.Refunded = usd(100) })},
		outcome: payment.Conflicting,
	},
	"told with two times": {
		observed: []payment.Payment{
			seen("pay_a", payment.StatusAuthorized, 2), seen("pay_a", payment.StatusCaptured, 3), seen("pay_a", payment.StatusCreated, 1),
		},
		want:    []payment.Payment{seen("pay_a", payment.StatusCaptured, 1)},
		outcome: payment.Paid,
	},
	"told as lapsed and as captured: the money counts": {
		observed: []payment.Payment{
			seen("pay_a", payment.StatusVoided, 1), seen("pay_a", payment.StatusCaptured, 1), seen("pay_a", payment.StatusAuthorized, 1),
		},
		want:    []payment.Payment{seen("pay_a", payment.StatusCaptured, 1)},
		outcome: payment.Paid,
	},
	"told without an amount or a time at first": {
		observed: []payment.Payment{
			{ID: "pay_a", Status: payment.StatusCaptured},
			{ID: "pay_a", Status: "something new", OrderID: orderID},
			seen("pay_a", payment.StatusAuthorized, 1),
		},
		want:    []payment.Payment{seen("pay_a", payment.StatusCaptured, 1)},
		outcome: payment.Paid,
	},
}

func usd(cents int64) pricing.Money {
	m, err := pricing.New(cents, pricing.USD)
	if err != nil {
		panic(err)
	}
	return m
}

func TestFoldInAnyOrder(t *testing.T) {
	for name, story := range stories {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			observed := append([]payment.Payment(nil), story.observed...)
			whole := payment.Facts{}.Fold(observed...)
			count := 0
			permutations(observed, func(told []payment.Payment) {
				count++
				var facts payment.Facts
				for _, p := range told {
					facts = facts.Fold(p)
				}
				facts = facts.Fold(told...) // and all of it a second time
				if !facts.Equal(whole) {
					t.Fatalf("told in the order %v the facts differ", told)
				}
				if diff := cmp.Diff(story.want, facts.Payments()); diff != "" {
					t.Fatalf("told in the order %v (-want +got):\n%s", told, diff)
				}
				if got := facts.Decide(order()).Outcome; got != story.outcome {
					t.Fatalf("told in the order %v the outcome is %s, want %s", told, got, story.outcome)
				}
			})
			if want := factorial(len(observed)); count != want {
				t.Errorf("%d orders were tried, want %d", count, want)
			}
		})
	}
}

func factorial(n int) int {
	if n < 2 {
		return 1
	}
	return n * factorial(n-1)
}

// Folding the halves separately, as two replicas do, and then one onto the other gives the same as folding all.
func TestFoldFromHalves(t *testing.T) {
	for name, story := range stories {
		for cut := range story.observed {
			left := payment.Facts{}.Fold(story.observed[:cut]...)
			right := payment.Facts{}.Fold(story.observed[cut:]...)
			joined := left.Fold(right.Payments()...)
			whole := payment.Facts{}.Fold(story.observed...)
			want, got := whole.Decide(order()), joined.Decide(order())
			// What one half alone knew to conflict is not in its Payments.
			if want.Outcome != payment.Conflicting && got.Outcome != want.Outcome {
				t.Errorf("%s, cut at %d: %s, want %s", name, cut, got.Outcome, want.Outcome)
			}
		}
	}
}

func TestFoldLeavesItsReceiverAlone(t *testing.T) {
	before := payment.Facts{}.Fold(seen("pay_b", payment.StatusAuthorized, 1), seen("pay_d", payment.StatusFailed, 1))
	want := before.Payments()
	_ = before.Fold(seen("pay_b", payment.StatusCaptured, 1))
	_ = before.Fold(seen("pay_a", payment.StatusCaptured, 1), seen("pay_c", payment.StatusCaptured, 1))
	if diff := cmp.Diff(want, before.Payments()); diff != "" {
		t.Errorf("Fold changed the facts it was called on:\n%s", diff)
	}
}

func TestFoldDropsAPaymentWithoutID(t *testing.T) {
	facts := payment.Facts{}.Fold(with(seen("", payment.StatusCaptured, 1), func(*payment.Payment) {}))
	if len(facts.Payments()) != 0 || facts.Decide(order()).Outcome != payment.Pending {
		t.Errorf("a payment without an id counts: %v", facts.Payments())
	}
}

func TestFoldIgnoresTheClockReadingAndZone(t *testing.T) {
	india := time.FixedZone("IST", 5*3600+1800)
	a := payment.Facts{}.Fold(seen("pay_a", payment.StatusCaptured, 1))
	b := payment.Facts{}.Fold(with(seen("pay_a", payment.StatusCaptured, 1), func(p *payment.Payment) { p.CreatedAt = p.CreatedAt.In(india) }))
	if !a.Equal(b) {
		t.Error("one moment in two zones makes two facts")
	}
}

func TestBind(t *testing.T) {
	facts, err := payment.Facts{}.Bind("pay_b")
	if err != nil || facts.Bound() != "pay_b" {
		t.Fatalf("Bind: %q, %v", facts.Bound(), err)
	}
	if _, err = facts.Bind("pay_b"); err != nil {
		t.Errorf("binding again: %v", err)
	}
	again, err := facts.Bind("pay_a")
	if !errors.Is(err, payment.ErrBound) || again.Bound() != "pay_b" {
		t.Errorf("binding another: %q, %v, want ErrBound", again.Bound(), err)
	}
	for _, bad := range []string{"", strings.Repeat("x", 65)} {
		if _, err := (payment.Facts{}).Bind(bad); !errors.Is(err, payment.ErrInvalid) {
			t.Errorf("binding %d bytes: %v", len(bad), err)
		}
	}
	if facts.Fold(seen("pay_a", payment.StatusCaptured, 1)).Bound() != "pay_b" {
		t.Error("Fold forgets what is bound")
	}
}

func TestFactsJSON(t *testing.T) {
	for name, story := range stories {
		facts, err := payment.Facts{}.Fold(story.observed...).Bind("pay_a")
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(facts)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var read payment.Facts
		if err := json.Unmarshal(data, &read); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !read.Equal(facts) || read.Bound() != "pay_a" {
			t.Errorf("%s: read back as %+v, want %+v", name, read, facts)
		}
		if diff := cmp.Diff(facts.Decide(order()), read.Decide(order())); diff != "" {
			t.Errorf("%s: another verdict after reading back:\n%s", name, diff)
		}
	}
}

func TestFactsJSONForm(t *testing.T) {
	facts := payment.Facts{}.Fold(seen("pay_a", payment.StatusCaptured, 1))
	data, err := json.Marshal(facts)
	const want = `{"payments":[{"id":"pay_a","order_id":"order_IEIaMR65cu6nz3",` +
		`"amount":{"amount":"499.00","currency":"INR"},"refunded":{"amount":"0.00","currency":"INR"},` +
		`"status":"captured","created_at":"2026-08-01T12:01:00Z"}]}`
	if err != nil || string(data) != want {
		t.Errorf("%s, %v; want %s", data, err, want)
	}
	if data, err := json.Marshal(payment.Facts{}); err != nil || string(data) != `{}` {
		t.Errorf("no facts: %s, %v", data, err)
	}
}

func TestFactsJSONRefuses(t *testing.T) {
	for _, bad := range []string{
		`[]`, `{"payments":{}}`, `{"payments":[{"status":"captured"}]}`, `{"payments":[{"id":1}]}`,
		`{"payments":[{"id":"a","amount":499.0}]}`, `{"bound":7}`,
	} {
		facts := payment.Facts{}.Fold(seen("pay_a", payment.StatusFailed, 1))
		if err := json.Unmarshal([]byte(bad), &facts); err == nil {
			t.Errorf("%s is read", bad)
		}
		if len(facts.Payments()) != 1 {
			t.Errorf("%s: the facts changed although it was refused", bad)
		}
	}
}

func TestEqual(t *testing.T) {
	a := payment.Facts{}.Fold(seen("pay_a", payment.StatusCaptured, 1))
	bound, _ := a.Bind("pay_a")
	differing := []payment.Facts{
		{}, bound, a.Fold(seen("pay_b", payment.StatusFailed, 1)), a.Fold(seen("pay_a", payment.StatusRefunded, 1)),
	}
	for i, other := range differing {
		if a.Equal(other) || other.Equal(a) {
			t.Errorf("%d: facts that differ are equal", i)
		}
	}
}
