package checkouttest

import (
	"context"
	"fmt"
	"testing"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
)

// CashHistoryHarness is a history and the store it is read from.
type CashHistoryHarness struct {
	Store   checkout.Store
	History checkout.CashHistory
}

// RunCashHistory checks a [checkout.CashHistory] that a Store answers from its own checkouts.
func RunCashHistory(t *testing.T, fresh func(t *testing.T) CashHistoryHarness) {
	promises := []struct {
		name  string
		check func(*testing.T, *historyTest)
	}{
		{"nobody has a past who did not buy", noPast},
		{"a customer is known by any of three names", knownByAny},
		{"an empty name matches nobody", emptyMatchesNobody},
		{"a checkout with two of the names counts once", countedOnce},
		{"what counts is what CashRecord.Count says", countsAsDefined},
		{"a done context is an error", historyWithoutTime},
	}
	for _, p := range promises {
		t.Run(p.name, func(t *testing.T) { p.check(t, &historyTest{T: t, CashHistoryHarness: fresh(t)}) })
	}
}

type historyTest struct {
	*testing.T
	CashHistoryHarness
	n int
}

// change is what makes a cash order of asha's another one.
type change func(*checkout.Record)

const (
	ashasPhone = "+919845012345"
	ashasMail  = "asha@example.in"
)

// keep commits a cash order in effect, changed, under references of its own.
func (h *historyTest) keep(changes ...change) checkout.Record {
	h.Helper()
	h.n++
	r := full(checkout.ID(fmt.Sprint("chk_", h.n)))
	r.Token, r.Owner = fmt.Sprint("ank_", h.n), "customer:7"
	r.Billing.Phone, r.Billing.Email = ashasPhone, ashasMail
	r.Closing, r.Refunds, r.Intents = nil, nil, nil
	r.Placed.Key = fmt.Sprint("k", h.n)
	r.Placed.Plan = checkout.Plan{OnDelivery: r.Quote.Totals.Total}
	r.Order.CompletedAt = at
	r.Stock, r.Allocated, r.Reservation = checkout.StockNone, nil, nil
	for _, c := range changes {
		c(&r)
	}
	done, err := h.Store.Commit(h.Context(), checkout.Change{Record: r})
	if err != nil {
		h.Fatalf("Commit: %v", err)
	}
	return done.Record
}

func (h *historyTest) ask(who checkout.CashCustomer) checkout.CashRecord {
	h.Helper()
	past, err := h.History.CashHistory(h.Context(), who)
	if err != nil {
		h.Fatalf("CashHistory: %v", err)
	}
	return past
}

func noPast(t *testing.T, h *historyTest) {
	h.keep()
	if past := h.ask(checkout.CashCustomer{Owner: "customer:8", Phone: "+919999999999", Email: "ravi@example.in"}); past != (checkout.CashRecord{}) {
		t.Errorf("%+v", past)
	}
}

func knownByAny(t *testing.T, h *historyTest) {
	h.keep()
	for name, who := range map[string]checkout.CashCustomer{
		"owner": {Owner: "customer:7"}, "phone": {Phone: ashasPhone}, "e-mail": {Email: ashasMail},
		"phone of another owner": {Owner: "guest:1", Phone: ashasPhone, Email: "else@example.in"},
	} {
		if past := h.ask(who); past != (checkout.CashRecord{Open: 1}) {
			t.Errorf("by %s: %+v", name, past)
		}
	}
	h.keep(func(r *checkout.Record) {
		r.Owner, r.Billing.Phone, r.Billing.Email, r.Shipping = "guest:2", "", "", checkout.Address{Phone: "+918888888888"}
	})
	if past := h.ask(checkout.CashCustomer{Phone: "+918888888888"}); past.Open != 1 {
		t.Errorf("by the phone of whom it goes to: %+v", past)
	}
}

func emptyMatchesNobody(t *testing.T, h *historyTest) {
	h.keep(func(r *checkout.Record) { r.Billing.Phone, r.Billing.Email = "", "" })
	for _, who := range []checkout.CashCustomer{{}, {Owner: "guest:9"}} {
		if past := h.ask(who); past != (checkout.CashRecord{}) {
			t.Errorf("%+v: %+v", who, past)
		}
	}
}

func countedOnce(t *testing.T, h *historyTest) {
	h.keep()
	if past := h.ask(checkout.CashCustomer{Owner: "customer:7", Phone: ashasPhone, Email: ashasMail}); past != (checkout.CashRecord{Open: 1}) {
		t.Errorf("%+v", past)
	}
}

func countsAsDefined(t *testing.T, h *historyTest) {
	due := full("x").Quote.Totals.Total
	returned := func(r *checkout.Record) { r.Returned = &checkout.ReturnFact{At: at} }
	remitted := func(m pricing.Money) change {
		return func(r *checkout.Record) {
			r.Remittances = append(r.Remittances, checkout.Remittance{Key: "u", Amount: m, At: at})
		}
	}
	who := checkout.CashCustomer{Phone: ashasPhone}
	var want checkout.CashRecord
	for _, changes := range [][]change{
		{},
		{},
		{returned},
		{remitted(due)},
		{remitted(due), remitted(pricing.Paise(5))},
		{remitted(pricing.Paise(5))},
		{remitted(due), returned},
		{func(r *checkout.Record) { r.Cancelled = &checkout.Cancellation{At: at} }},
		{func(r *checkout.Record) { r.Closing = &checkout.Closing{At: at} }},
		{func(r *checkout.Record) { r.Placed.Plan = checkout.Plan{Online: due} }},
		{func(r *checkout.Record) {
			r.Placed.Plan.Online, r.Placed.Plan.OnDelivery = pricing.Paise(100), pricing.Paise(900)
		}, remitted(pricing.Paise(900))},
		{func(r *checkout.Record) { r.Order.CompletedAt = r.DeliveredAt }},
		{func(r *checkout.Record) { r.Placed = nil }},
		{func(r *checkout.Record) { r.Order = nil }},
	} {
		want = want.Count(h.keep(changes...), who)
	}
	if want.Returned != 2 || want.Settled < 3 || want.Open != 3 {
		t.Fatalf("CashRecord.Count comes to %+v", want)
	}
	if past := h.ask(who); past != want {
		t.Errorf("%+v, want %+v", past, want)
	}
}

func historyWithoutTime(t *testing.T, h *historyTest) {
	h.keep()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if past, err := h.History.CashHistory(ctx, checkout.CashCustomer{Phone: ashasPhone}); err == nil {
		t.Errorf("%+v", past)
	}
}
