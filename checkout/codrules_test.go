package checkout_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// choice is what the shop says of cash on delivery for the owner's checkout.
func (s *shop) choice(r checkout.Record) checkout.PaymentChoice {
	s.t.Helper()
	choices, err := s.PaymentChoices(s.t.Context(), r.Owner, r.ID)
	s.check(err)
	if len(choices) != 2 || len(choices[0].Refusals) != 0 {
		s.t.Fatalf("choices %+v", choices)
	}
	return choices[1]
}

func codesOf(refusals []checkout.Refusal) []checkout.RefusalCode {
	var codes []checkout.RefusalCode
	for _, r := range refusals {
		if r.Reason == "" {
			return nil
		}
		codes = append(codes, r.Code)
	}
	return codes
}

// TestCashRules: a mug of ₹553.88 with shipping and GST, to 560001 in Karnataka.
func TestCashRules(t *testing.T) {
	rupees := func(n int64) pricing.Money { return pricing.Paise(n * 100) }
	tests := map[string]struct {
		rules checkout.CashRules
		want  []checkout.RefusalCode
	}{
		"no rules":                        {checkout.CashRules{}, nil},
		"the PIN is allowed":              {checkout.CashRules{AllowPINs: []string{"560001"}}, nil},
		"its beginning is allowed":        {checkout.CashRules{AllowPINs: []string{"110", "56"}}, nil},
		"other PINs are allowed":          {checkout.CashRules{AllowPINs: []string{"560002", "57"}}, []checkout.RefusalCode{checkout.RefusedPIN}},
		"the PIN is denied":               {checkout.CashRules{DenyPINs: []string{"560001"}}, []checkout.RefusalCode{checkout.RefusedPIN}},
		"its beginning is denied":         {checkout.CashRules{DenyPINs: []string{"5"}}, []checkout.RefusalCode{checkout.RefusedPIN}},
		"other PINs are denied":           {checkout.CashRules{DenyPINs: []string{"7", "560002"}}, nil},
		"allowed in a region denied":      {checkout.CashRules{DenyPINs: []string{"5"}, AllowPINs: []string{"5600"}}, nil},
		"denied in a region allowed":      {checkout.CashRules{AllowPINs: []string{"5"}, DenyPINs: []string{"5600"}}, []checkout.RefusalCode{checkout.RefusedPIN}},
		"denied and allowed alike":        {checkout.CashRules{AllowPINs: []string{"56"}, DenyPINs: []string{"56"}}, []checkout.RefusalCode{checkout.RefusedPIN}},
		"the state is denied":             {checkout.CashRules{DenyStates: []string{"TN", "KA"}}, []checkout.RefusalCode{checkout.RefusedState}},
		"another state is denied":         {checkout.CashRules{DenyStates: []string{"TN"}}, nil},
		"only another state":              {checkout.CashRules{AllowStates: []string{"TN"}}, []checkout.RefusalCode{checkout.RefusedState}},
		"to deny weighs more":             {checkout.CashRules{AllowStates: []string{"KA"}, DenyStates: []string{"KA"}}, []checkout.RefusalCode{checkout.RefusedState}},
		"just enough":                     {checkout.CashRules{MinTotal: pricing.Paise(55388)}, nil},
		"a paisa too little":              {checkout.CashRules{MinTotal: pricing.Paise(55389)}, []checkout.RefusalCode{checkout.RefusedBelowMinimum}},
		"just not too much":               {checkout.CashRules{MaxTotal: pricing.Paise(55388)}, nil},
		"a paisa too much":                {checkout.CashRules{MaxTotal: pricing.Paise(55387)}, []checkout.RefusalCode{checkout.RefusedAboveMaximum}},
		"the product":                     {checkout.CashRules{Products: []int64{11}}, []checkout.RefusalCode{checkout.RefusedProduct}},
		"another product":                 {checkout.CashRules{Products: []int64{12, 0}}, nil},
		"the category":                    {checkout.CashRules{Categories: []int64{7}}, []checkout.RefusalCode{checkout.RefusedProduct}},
		"another category":                {checkout.CashRules{Categories: []int64{8}}, nil},
		"with this way of shipping":       {checkout.CashRules{ShippingMethods: []string{"flat_rate"}}, nil},
		"with this instance":              {checkout.CashRules{ShippingMethods: []string{"flat_rate:1", "flat_rate:2"}}, nil},
		"with another instance":           {checkout.CashRules{ShippingMethods: []string{"flat_rate:7"}}, []checkout.RefusalCode{checkout.RefusedShippingMethod}},
		"only when it is picked up":       {checkout.CashRules{ShippingMethods: []string{"local_pickup"}}, []checkout.RefusalCode{checkout.RefusedShippingMethod}},
		"everything speaks against it":    {checkout.CashRules{DenyPINs: []string{"5"}, DenyStates: []string{"KA"}, MinTotal: rupees(5000), Products: []int64{11}}, []checkout.RefusalCode{checkout.RefusedPIN, checkout.RefusedState, checkout.RefusedBelowMinimum, checkout.RefusedProduct}},
		"history counts where it is kept": {checkout.CashRules{MaxReturned: 0, MaxOpen: 1}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := cashShop(t, checkout.CashTerms{Rules: test.rules})
			vase := mug
			vase.CategoryIDs = []int64{3, 7}
			s.catalog.Put(vase)
			s.fill("guest:1", mug, 1)
			r := s.ready("guest:1", payment.MethodRazorpay)
			if got := codesOf(s.choice(r).Refusals); !slices.Equal(got, test.want) {
				t.Fatalf("refused for %v, want %v; the total is %s", got, test.want, r.Quote.Totals.Total)
			}
			chosen, err := s.ChoosePayment(t.Context(), "guest:1", r.ID, payment.MethodCOD)
			if test.want == nil {
				s.check(err)
				s.place(chosen)
				return
			}
			var refused *checkout.NotEligibleError
			if !errors.As(err, &refused) || !errors.Is(err, checkout.ErrNotEligible) || !slices.Equal(codesOf(refused.Refusals), test.want) || refused.Method != payment.MethodCOD {
				t.Fatalf("chosen all the same: %v", err)
			}
			if got := s.load(r.ID); got.Version != r.Version || got.PaymentMethod != payment.MethodRazorpay {
				t.Error("the record was written")
			}
			if strings.Contains(err.Error(), "560001") {
				t.Errorf("the error repeats the PIN: %v", err)
			}
		})
	}
}

// TestCashRulesAtPlace: what was fine when it was chosen is asked again.
func TestCashRulesAtPlace(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{Rules: checkout.CashRules{DenyPINs: []string{"600"}, DenyStates: []string{"OR"}}})
	s.fill("guest:1", mug, 1)
	r := s.ready("guest:1", payment.MethodCOD)
	for _, to := range []struct {
		city, state, pin string
		want             checkout.RefusalCode
	}{{"Chennai", "TN", "600001", checkout.RefusedPIN}, {"Cuttack", "OD", "753001", checkout.RefusedState}} {
		address := asha()
		address.City, address.State, address.Postcode = to.city, to.state, to.pin
		moved, err := s.SetAddresses(t.Context(), "guest:1", r.ID, checkout.Addresses{Billing: asha(), Shipping: address})
		s.check(err)
		var refused *checkout.NotEligibleError
		_, err = s.Place(t.Context(), placeRequest(moved.Record))
		if !errors.As(err, &refused) || !slices.Equal(codesOf(refused.Refusals), []checkout.RefusalCode{to.want}) {
			t.Fatalf("placed to %s: %v", to.city, err)
		}
		if got := s.level(mug); got.Allocated != 0 || s.load(r.ID).Placed != nil {
			t.Fatalf("something was written: %+v", got)
		}
	}
	online, err := s.ChoosePayment(t.Context(), "guest:1", r.ID, payment.MethodRazorpay)
	s.check(err)
	s.pay(s.place(online))
}

// TestCashNeedsADoor: nobody comes for what is not sent.
func TestCashNeedsADoor(t *testing.T) {
	for _, virtual := range []bool{false, true} {
		s := cashShop(t, checkout.CashTerms{Rules: checkout.CashRules{Virtual: virtual}})
		s.fill("guest:1", eBook, 1)
		r := s.ready("guest:1", payment.MethodRazorpay)
		if got := len(s.choice(r).Refusals) == 0; got != virtual {
			t.Errorf("virtual %v: offered %v", virtual, got)
		}
	}
}

// TestCashBeforeThereIsAnAddress: rules about the address wait for it.
func TestCashBeforeThereIsAnAddress(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{Rules: checkout.CashRules{AllowPINs: []string{"110"}, AllowStates: []string{"DL"}}})
	s.fill("guest:1", mug, 1)
	started, err := s.Start(t.Context(), checkout.StartRequest{Owner: "guest:1"})
	s.check(err)
	if refusals := s.choice(started.Record).Refusals; len(refusals) != 0 {
		t.Errorf("refused for %v", codesOf(refusals))
	}
}

// TestCashChoices shows what each way to pay comes to.
func TestCashChoices(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{Fee: fortyRupees, Prepayment: deposit(), Rules: checkout.CashRules{MaxTotal: pricing.Paise(55388)}})
	s.fill("guest:1", mug, 1)
	r := s.ready("guest:1", payment.MethodRazorpay)
	cash := s.choice(r)
	if len(cash.Refusals) != 0 {
		t.Errorf("the fee counts towards the most: %+v", cash.Refusals)
	}
	sum, err := cash.Plan.Total()
	if err != nil || !sum.Equal(cash.Total) || cash.Extra.Amount() != "44.80" || cash.Plan.Online.Amount() != "99.00" {
		t.Errorf("%+v, %v", cash, err)
	}
	if again := s.load(r.ID); again.Version != r.Version {
		t.Error("asking changed the record")
	}
	if _, err := s.PaymentChoices(t.Context(), "guest:2", r.ID); !errors.Is(err, checkout.ErrNotFound) {
		t.Errorf("asked by somebody else: %v", err)
	}
	s.place(r)
	if _, err := s.PaymentChoices(t.Context(), "guest:1", r.ID); !errors.Is(err, checkout.ErrPlaced) {
		t.Errorf("asked when it was placed: %v", err)
	}
}

// TestPrepaymentOfEverything is refused: the shopper pays online instead.
func TestPrepaymentOfEverything(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{Prepayment: deposit(func(p *payment.Prepayment) { p.Fixed = pricing.Paise(55388) })})
	s.fill("guest:1", mug, 1)
	r := s.ready("guest:1", payment.MethodRazorpay)
	if got := codesOf(s.choice(r).Refusals); !slices.Equal(got, []checkout.RefusalCode{checkout.RefusedAllPrepaid}) {
		t.Fatalf("refused for %v, total %s", got, r.Quote.Totals.Total)
	}
	if _, err := s.ChoosePayment(t.Context(), "guest:1", r.ID, payment.MethodCOD); !errors.Is(err, checkout.ErrNotEligible) {
		t.Fatal(err)
	}
	s.fill("guest:1", mug, 1)
	started, err := s.Start(t.Context(), checkout.StartRequest{Owner: "guest:1"})
	s.check(err)
	if more, err := s.ChoosePayment(t.Context(), "guest:1", started.Record.ID, payment.MethodCOD); err != nil || !more.Plan.Prepaid() {
		t.Fatalf("%+v, %v", more.Plan, err)
	}
}

// pasts answers with one record, or an error.
type pasts struct {
	past checkout.CashRecord
	err  error
	who  []checkout.CashCustomer
}

func (p *pasts) CashHistory(_ context.Context, who checkout.CashCustomer) (checkout.CashRecord, error) {
	p.who = append(p.who, who)
	return p.past, p.err
}

func TestCashHistory(t *testing.T) {
	tests := map[string]struct {
		rules checkout.CashRules
		past  pasts
		want  []checkout.RefusalCode
	}{
		"nobody known":      {checkout.CashRules{}, pasts{}, nil},
		"a good customer":   {checkout.CashRules{}, pasts{past: checkout.CashRecord{Settled: 12, Open: 3}}, nil},
		"one came back":     {checkout.CashRules{}, pasts{past: checkout.CashRecord{Settled: 12, Returned: 1}}, []checkout.RefusalCode{checkout.RefusedReturns}},
		"one is forgiven":   {checkout.CashRules{MaxReturned: 1}, pasts{past: checkout.CashRecord{Returned: 1}}, nil},
		"two are not":       {checkout.CashRules{MaxReturned: 1}, pasts{past: checkout.CashRecord{Returned: 2}}, []checkout.RefusalCode{checkout.RefusedReturns}},
		"too many open":     {checkout.CashRules{MaxOpen: 2}, pasts{past: checkout.CashRecord{Open: 2}}, []checkout.RefusalCode{checkout.RefusedOpenOrders}},
		"room for one":      {checkout.CashRules{MaxOpen: 2}, pasts{past: checkout.CashRecord{Open: 1}}, nil},
		"cannot be asked":   {checkout.CashRules{}, pasts{err: checkout.ErrUnavailable}, []checkout.RefusalCode{checkout.RefusedHistoryUnknown}},
		"and other reasons": {checkout.CashRules{DenyStates: []string{"KA"}}, pasts{past: checkout.CashRecord{Returned: 1}}, []checkout.RefusalCode{checkout.RefusedState, checkout.RefusedReturns}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := cashShop(t, checkout.CashTerms{Rules: test.rules}, func(c *checkout.Config) { c.CashHistory = &test.past })
			s.fill("guest:1", mug, 1)
			r := s.ready("guest:1", payment.MethodRazorpay)
			if got := codesOf(s.choice(r).Refusals); !slices.Equal(got, test.want) {
				t.Errorf("refused for %v, want %v", got, test.want)
			}
			if who := test.past.who; len(who) != 1 || who[0].Phone != "+919845012345" || who[0].Owner != "guest:1" || who[0].Email != "asha@example.in" {
				t.Errorf("asked about %+v", who)
			}
		})
	}
}

// TestCashHistoryFromTheStore counts by phone, whoever the owner is.
func TestCashHistoryFromTheStore(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{Rules: checkout.CashRules{MaxOpen: 2}}, func(c *checkout.Config) { c.CashHistory = c.Store.(checkout.CashHistory) })
	buy := func(owner cart.Owner) error {
		s.fill(owner, mug, 1)
		started, err := s.Start(t.Context(), checkout.StartRequest{Owner: owner})
		s.check(err)
		s.check(errOf(s.SetAddresses(t.Context(), owner, started.Record.ID, checkout.Addresses{Billing: asha()})))
		r, err := s.ChoosePayment(t.Context(), owner, started.Record.ID, payment.MethodCOD)
		if err == nil {
			s.place(r)
		}
		return err
	}
	s.check(buy("guest:1"))
	s.check(buy("guest:2"))
	var refused *checkout.NotEligibleError
	if err := buy("guest:3"); !errors.As(err, &refused) || codesOf(refused.Refusals)[0] != checkout.RefusedOpenOrders {
		t.Fatalf("a third order: %v", err)
	}
	ask := func(who checkout.CashCustomer) checkout.CashRecord {
		past, err := s.store.CashHistory(t.Context(), who)
		s.check(err)
		return past
	}
	for name, who := range map[string]checkout.CashCustomer{
		"by phone": {Phone: "+919845012345"}, "by mail": {Email: "asha@example.in"}, "by any": {Owner: "guest:1", Phone: "+919845012345"},
	} {
		if past := ask(who); past != (checkout.CashRecord{Open: 2}) {
			t.Errorf("%s: %+v", name, past)
		}
	}
	for name, who := range map[string]checkout.CashCustomer{"nobody": {}, "a stranger": {Owner: "guest:9", Phone: "+919999999999", Email: "x@example.in"}} {
		if past := ask(who); past != (checkout.CashRecord{}) {
			t.Errorf("%s: %+v", name, past)
		}
	}
	if past := ask(checkout.CashCustomer{Owner: "guest:2"}); past.Open != 1 {
		t.Errorf("by owner: %+v", past)
	}
}
