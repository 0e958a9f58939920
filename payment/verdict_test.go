package payment_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

func TestDecide(t *testing.T) {
	amount := func(id string, status payment.Status, minute int, paise int64) payment.Payment {
		return with(seen(id, status, minute), func(p *payment.Payment) { p.Amount = pricing.Paise(paise) })
	}
	dollars := with(seen("pay_d", payment.StatusCaptured, 1), func(p *payment.Payment) { p.Amount, p.Refunded = usd(49900), usd(0) })
	foreign := with(seen("pay_f", payment.StatusCaptured, 1), func(p *payment.Payment) { p.OrderID = "order_CHEAPCHEAPCHEA" })
	partly := with(seen("pay_p", payment.StatusCaptured, 1), func(p *payment.Payment) { p.Refunded = pricing.Paise(100) })
	twoAmounts := []payment.Payment{seen("pay_x", payment.StatusCaptured, 1), amount("pay_x", payment.StatusCaptured, 1, 100)}
	twoOrders := []payment.Payment{seen("pay_x", payment.StatusCaptured, 1), with(seen("pay_x", payment.StatusFailed, 1),
		func(p *payment.Payment) { p.OrderID = "order_CHEAPCHEAPCHEA" })}

	tests := []struct {
		name    string
		seen    []payment.Payment
		bound   string
		outcome payment.Outcome
		payment string
		surplus []string
		others  []string // conflicts, then foreign
	}{
		{name: "nothing", outcome: payment.Pending},
		{name: "tried", seen: []payment.Payment{seen("pay_a", payment.StatusCreated, 1)}, outcome: payment.Pending, payment: "pay_a"},
		{
			name:    "the latest failure is told",
			seen:    []payment.Payment{seen("pay_a", payment.StatusFailed, 2), seen("pay_b", payment.StatusFailed, 1)},
			outcome: payment.Pending, payment: "pay_a",
		},
		{name: "authorised", seen: []payment.Payment{seen("pay_a", payment.StatusAuthorized, 1)}, outcome: payment.Authorized, payment: "pay_a"},
		{name: "captured", seen: []payment.Payment{seen("pay_a", payment.StatusCaptured, 1)}, outcome: payment.Paid, payment: "pay_a"},
		{
			name:    "captured after a failure",
			seen:    []payment.Payment{seen("pay_a", payment.StatusFailed, 1), seen("pay_b", payment.StatusCaptured, 2)},
			outcome: payment.Paid, payment: "pay_b",
		},
		{name: "lapsed", seen: []payment.Payment{seen("pay_a", payment.StatusVoided, 1)}, outcome: payment.Pending, payment: "pay_a"},
		{name: "refunded", seen: []payment.Payment{seen("pay_a", payment.StatusRefunded, 1)}, outcome: payment.Refunded, payment: "pay_a"},
		{
			name:    "refunded, then paid again",
			seen:    []payment.Payment{seen("pay_a", payment.StatusRefunded, 1), seen("pay_b", payment.StatusCaptured, 2)},
			outcome: payment.Paid, payment: "pay_b",
		},
		{name: "partly refunded is still paid", seen: []payment.Payment{partly}, outcome: payment.Paid, payment: "pay_p"},
		{
			name:    "one paisa short",
			seen:    []payment.Payment{amount("pay_a", payment.StatusCaptured, 1, 49899)},
			outcome: payment.Short, payment: "pay_a",
		},
		{
			name:    "one paisa over",
			seen:    []payment.Payment{amount("pay_a", payment.StatusCaptured, 1, 49901)},
			outcome: payment.Over, payment: "pay_a",
		},
		{
			name:    "authorised for less",
			seen:    []payment.Payment{amount("pay_a", payment.StatusAuthorized, 1, 49899)},
			outcome: payment.Short, payment: "pay_a",
		},
		{
			name:    "authorised for less, then in full",
			seen:    []payment.Payment{amount("pay_a", payment.StatusAuthorized, 1, 49899), seen("pay_b", payment.StatusAuthorized, 2)},
			outcome: payment.Authorized, payment: "pay_b",
		},
		{
			name:    "authorised for less, captured for more",
			seen:    []payment.Payment{amount("pay_a", payment.StatusAuthorized, 1, 49899), amount("pay_b", payment.StatusCaptured, 2, 49901)},
			outcome: payment.Over, payment: "pay_b",
		},
		{name: "another currency", seen: []payment.Payment{dollars}, outcome: payment.WrongCurrency, payment: "pay_d"},
		{
			name:    "two halves do not make a whole",
			seen:    []payment.Payment{amount("pay_b", payment.StatusCaptured, 2, 24950), amount("pay_a", payment.StatusCaptured, 1, 24950)},
			outcome: payment.Short, payment: "pay_a", surplus: []string{"pay_b"},
		},
		{
			name:    "short first, exact later",
			seen:    []payment.Payment{amount("pay_a", payment.StatusCaptured, 1, 100), seen("pay_b", payment.StatusCaptured, 2)},
			outcome: payment.Duplicate, payment: "pay_b", surplus: []string{"pay_a"},
		},
		{
			name:    "short captured, exact authorised",
			seen:    []payment.Payment{amount("pay_a", payment.StatusCaptured, 1, 100), seen("pay_b", payment.StatusAuthorized, 2)},
			outcome: payment.Authorized, payment: "pay_b", surplus: []string{"pay_a"},
		},
		{
			name: "captured three times",
			seen: []payment.Payment{
				seen("pay_c", payment.StatusCaptured, 2), seen("pay_b", payment.StatusCaptured, 3), seen("pay_a", payment.StatusCaptured, 1),
			},
			outcome: payment.Duplicate, payment: "pay_a", surplus: []string{"pay_c", "pay_b"},
		},
		{
			name:    "captured twice at one moment",
			seen:    []payment.Payment{seen("pay_b", payment.StatusCaptured, 1), seen("pay_a", payment.StatusCaptured, 1)},
			outcome: payment.Duplicate, payment: "pay_a", surplus: []string{"pay_b"},
		},
		{
			name:    "captured twice, the second refunded",
			seen:    []payment.Payment{seen("pay_a", payment.StatusCaptured, 1), seen("pay_b", payment.StatusRefunded, 2)},
			outcome: payment.Paid, payment: "pay_a",
		},
		{
			name:    "captured twice, the second partly refunded",
			seen:    []payment.Payment{seen("pay_a", payment.StatusCaptured, 0), partly},
			outcome: payment.Duplicate, payment: "pay_a", surplus: []string{"pay_p"},
		},
		{
			name:    "captured and another authorised",
			seen:    []payment.Payment{seen("pay_a", payment.StatusCaptured, 2), seen("pay_b", payment.StatusAuthorized, 1)},
			outcome: payment.Paid, payment: "pay_a",
		},
		{
			name:    "the bound one is kept, though an older one is captured late",
			seen:    []payment.Payment{seen("pay_a", payment.StatusCaptured, 1), seen("pay_b", payment.StatusCaptured, 2)},
			bound:   "pay_b",
			outcome: payment.Duplicate, payment: "pay_b", surplus: []string{"pay_a"},
		},
		{
			name:    "the bound one was refunded: another captured one is surplus, not a new sale",
			seen:    []payment.Payment{seen("pay_a", payment.StatusRefunded, 1), seen("pay_b", payment.StatusCaptured, 2)},
			bound:   "pay_a",
			outcome: payment.Refunded, payment: "pay_a", surplus: []string{"pay_b"},
		},
		{
			name:    "the bound one was not told of yet",
			seen:    []payment.Payment{seen("pay_b", payment.StatusCaptured, 2)},
			bound:   "pay_a",
			outcome: payment.Pending, payment: "pay_a", surplus: []string{"pay_b"},
		},
		{name: "another order's payment", seen: []payment.Payment{foreign}, outcome: payment.Pending, others: []string{"pay_f"}},
		{
			name:    "another order's payment beside ours",
			seen:    []payment.Payment{foreign, seen("pay_a", payment.StatusAuthorized, 1)},
			outcome: payment.Authorized, payment: "pay_a", others: []string{"pay_f"},
		},
		{name: "two amounts told", seen: twoAmounts, outcome: payment.Conflicting, payment: "pay_x", others: []string{"pay_x"}},
		{name: "two orders told", seen: twoOrders, outcome: payment.Conflicting, payment: "pay_x", others: []string{"pay_x"}},
		{
			name:    "two amounts told, and another exact",
			seen:    append([]payment.Payment{seen("pay_a", payment.StatusCaptured, 5)}, twoAmounts...),
			outcome: payment.Paid, payment: "pay_a", others: []string{"pay_x"},
		},
		{
			name: "the exact amount and another told, and another payment exact",
			seen: []payment.Payment{
				seen("pay_x", payment.StatusCaptured, 1), amount("pay_x", payment.StatusCaptured, 1, 50000), seen("pay_a", payment.StatusCaptured, 5),
			},
			outcome: payment.Paid, payment: "pay_a", others: []string{"pay_x"},
		},
		{
			name: "two amounts told of a failure",
			seen: []payment.Payment{
				seen("pay_x", payment.StatusFailed, 1), amount("pay_x", payment.StatusFailed, 1, 100), seen("pay_a", payment.StatusAuthorized, 2),
			},
			outcome: payment.Authorized, payment: "pay_a", others: []string{"pay_x"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			facts := payment.Facts{}
			if test.bound != "" {
				facts, _ = facts.Bind(test.bound)
			}
			v := facts.Fold(test.seen...).Decide(order())
			if v.Outcome != test.outcome || v.Payment.ID != test.payment {
				t.Errorf("%s %q, want %s %q", v.Outcome, v.Payment.ID, test.outcome, test.payment)
			}
			if diff := cmp.Diff(test.surplus, ids(v.Surplus)); diff != "" {
				t.Errorf("surplus (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.others, ids(append(v.Conflicts, v.Foreign...))); diff != "" {
				t.Errorf("conflicts and foreign (-want +got):\n%s", diff)
			}
		})
	}
}

func ids(payments []payment.Payment) []string {
	var ids []string
	for _, p := range payments {
		ids = append(ids, p.ID)
	}
	return ids
}

// An order that expects nothing is never paid, whatever is told: not by a payment of nothing, and not by one without an
// order.
func TestDecideForAnOrderThatExpectsNothing(t *testing.T) {
	facts := payment.Facts{}.Fold(
		payment.Payment{ID: "pay_a", Status: payment.StatusCaptured},
		payment.Payment{ID: "pay_b", OrderID: orderID, Status: payment.StatusCaptured},
		payment.Payment{ID: "pay_c", OrderID: orderID, Amount: pricing.Paise(0), Status: payment.StatusCaptured},
		payment.Payment{ID: "pay_d", OrderID: orderID, Amount: pricing.Paise(-5), Status: payment.StatusCaptured},
		seen("pay_e", payment.StatusCaptured, 1),
		with(seen("pay_f", payment.StatusCaptured, 1), func(p *payment.Payment) { p.OrderID = "" }),
	)
	for _, o := range []payment.Order{
		{}, {ID: orderID}, {ID: orderID, Amount: pricing.Paise(0)}, {ID: orderID, Amount: pricing.Paise(-5)}, {Amount: pricing.Paise(49900)},
	} {
		if v := facts.Decide(o); v.Outcome.Sale() {
			t.Errorf("%+v is %s by %+v", o, v.Outcome, v.Payment)
		}
	}
}

func TestDecideForCashOnDelivery(t *testing.T) {
	o := payment.Order{ID: "cod_1", Amount: pricing.Paise(49900), Status: payment.OrderDueOnDelivery}
	if got := (payment.Facts{}).Decide(o).Outcome; got != payment.DueOnDelivery {
		t.Errorf("a cash order is %s", got)
	}
	foreign := payment.Facts{}.Fold(seen("pay_a", payment.StatusCaptured, 1))
	if got := foreign.Decide(o).Outcome; got != payment.DueOnDelivery {
		t.Errorf("a cash order with another order's payment is %s", got)
	}
	own := payment.Facts{}.Fold(with(seen("pay_a", payment.StatusCaptured, 1), func(p *payment.Payment) { p.OrderID = "cod_1" }))
	if got := own.Decide(o).Outcome; got != payment.Paid {
		t.Errorf("a cash order that was paid all the same is %s", got)
	}
}

func TestOnlyPaidAndDuplicateAreSales(t *testing.T) {
	sales := map[payment.Outcome]bool{payment.Paid: true, payment.Duplicate: true}
	for _, o := range []payment.Outcome{
		payment.Pending, payment.DueOnDelivery, payment.Authorized, payment.Paid, payment.Duplicate, payment.Short, payment.Over,
		payment.WrongCurrency, payment.Refunded, payment.Conflicting, "",
	} {
		if o.Sale() != sales[o] {
			t.Errorf("%q is a sale: %v", o, o.Sale())
		}
	}
}

// Every captured payment ends up in exactly one place of a verdict, whatever else there is: no money is lost sight of.
func TestNoCapturedMoneyIsLostSightOf(t *testing.T) {
	kinds := []payment.Payment{
		seen("pay_1", payment.StatusCaptured, 1),
		seen("pay_2", payment.StatusCaptured, 2),
		seen("pay_3", payment.StatusAuthorized, 0),
		seen("pay_4", payment.StatusRefunded, 0),
		with(seen("pay_5", payment.StatusCaptured, 0), func(p *payment.Payment) { p.Amount = pricing.Paise(100) }),
		with(seen("pay_6", payment.StatusCaptured, 3), func(p *payment.Payment) { p.Amount, p.Refunded = usd(5), usd(0) }),
		with(seen("pay_7", payment.StatusCaptured, 3), func(p *payment.Payment) { p.Refunded = usd(5) }),
		with(seen("pay_8", payment.StatusCaptured, 3), func(p *payment.Payment) { p.OrderID = "order_CHEAPCHEAPCHEA" }),
	}
	for mask := range 1 << len(kinds) {
		var facts payment.Facts
		for i, p := range kinds {
			if mask>>i&1 == 1 {
				facts = facts.Fold(p)
			}
		}
		for _, bound := range []string{"", "pay_1", "pay_2", "pay_5", "pay_7"} {
			if bound != "" {
				facts, _ = facts.Bind(bound)
			}
			checkSeenOnce(t, facts)
		}
	}
}

func checkSeenOnce(t *testing.T, facts payment.Facts) {
	t.Helper()
	v := facts.Decide(order())
	count := map[string]int{}
	if v.Outcome != payment.Conflicting {
		count[v.Payment.ID]++
	}
	conflicting := map[string]bool{}
	for _, p := range v.Conflicts {
		conflicting[p.ID] = true
	}
	for _, p := range append(v.Surplus, v.Foreign...) {
		count[p.ID]++
	}
	for _, p := range facts.Payments() {
		if p.Status == payment.StatusCaptured && !conflicting[p.ID] && count[p.ID] != 1 {
			t.Fatalf("%s is in %d places of %+v", p.ID, count[p.ID], v)
		}
	}
	if v.Outcome.Sale() && (v.Payment.Amount != order().Amount || v.Payment.OrderID != orderID || v.Payment.Status != payment.StatusCaptured) {
		t.Fatalf("a sale by %+v", v.Payment)
	}
}

func TestHeld(t *testing.T) {
	tests := []struct {
		name    string
		payment payment.Payment
		want    pricing.Money
	}{
		{"captured", seen("pay_a", payment.StatusCaptured, 1), pricing.Paise(49900)},
		{"partly refunded", with(seen("pay_a", payment.StatusCaptured, 1), func(p *payment.Payment) { p.Refunded = pricing.Paise(900) }), pricing.Paise(49000)},
		{"authorised", seen("pay_a", payment.StatusAuthorized, 1), pricing.Money{}},
		{"refunded", seen("pay_a", payment.StatusRefunded, 1), pricing.Money{}},
	}
	for _, test := range tests {
		if got, err := test.payment.Held(); err != nil || got != test.want {
			t.Errorf("%s: %v, %v; want %v", test.name, got, err, test.want)
		}
	}
	odd := with(seen("pay_a", payment.StatusCaptured, 1), func(p *payment.Payment) { p.Refunded = usd(1) })
	if _, err := odd.Held(); err == nil {
		t.Error("rupees less dollars are held")
	}
}
