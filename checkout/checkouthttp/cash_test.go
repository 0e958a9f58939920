package checkouthttp_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouthttp"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/adjust"
)

// cashShop asks for ₹99 beforehand and ₹40 besides, up to ₹2,500.
func cashShop(t *testing.T, change ...func(*checkout.CashTerms)) *shop {
	terms := checkout.CashTerms{
		Currency:   pricing.INR,
		Rules:      checkout.CashRules{MaxTotal: pricing.Paise(250000), DenyPINs: []string{"7"}},
		Fee:        adjust.CashOnDelivery{Name: "Cash on delivery", Amount: decimal.NewFromInt(40)},
		Prepayment: payment.Prepayment{Through: payment.MethodRazorpay, Fixed: pricing.Paise(9900)},
	}
	for _, f := range change {
		f(&terms)
	}
	return newShop(t, func(c *checkout.Config, _ *checkouthttp.Config) { c.Payments[1].Cash = &terms })
}

type money struct{ Amount string }

// moneyView is what is paid when.
type moneyView struct {
	PayNow        money `json:"pay_now"`
	PayOnDelivery money `json:"pay_on_delivery"`
	Total, Extra  money
	Quote         struct{ Totals struct{ Total money } }
	Gateway       *struct{ Method string }
	Owed          money
	SettledAt     string `json:"settled_at"`
	Remittances   []struct{ Reference string }
	Alerts        []string
}

func (a answer) money() (v moneyView) {
	a.t.Helper()
	if err := json.Unmarshal(a.body, &v); err != nil {
		a.t.Fatal(err)
	}
	return v
}

// adds checks that what is paid now and at the door is the total.
func (v moneyView) adds(t *testing.T, total money) {
	t.Helper()
	sum := decimal.RequireFromString("0" + v.PayNow.Amount).Add(decimal.RequireFromString("0" + v.PayOnDelivery.Amount))
	if !sum.Equal(decimal.RequireFromString(total.Amount)) {
		t.Errorf("%s now and %s at the door, %s in all", v.PayNow.Amount, v.PayOnDelivery.Amount, total.Amount)
	}
}

func TestPaymentChoices(t *testing.T) {
	c := cashShop(t).as(asha)
	v := c.ready("1", payment.MethodRazorpay)
	type choice struct {
		Method   string
		Window   bool
		Key      string
		Offered  bool
		Refusals []checkout.Refusal
		PayNowBy string `json:"pay_now_by"`
		moneyView
	}
	read := func() (online, cash choice) {
		a := c.get("/checkouts/" + v.ID + "/payment-methods").want(http.StatusOK)
		var list struct{ Methods []choice }
		if err := json.Unmarshal(a.body, &list); err != nil || len(list.Methods) != 2 {
			t.Fatalf("%s, %v", a.body, err)
		}
		for _, m := range list.Methods {
			m.adds(t, m.Total)
		}
		return list.Methods[0], list.Methods[1]
	}
	online, cash := read()
	if !online.Offered || online.Total.Amount != "548.00" || online.PayNowBy != "razorpay" || online.Extra.Amount != "" {
		t.Errorf("online: %+v", online)
	}
	if !cash.Offered || cash.Total.Amount != "588.00" || cash.Extra.Amount != "40.00" || cash.PayNow.Amount != "99.00" || cash.PayNowBy != "razorpay" || !cash.Window || cash.Key != "rzp_test_public" {
		t.Errorf("cash: %+v", cash)
	}
	c.put("/checkouts/"+v.ID+"/addresses", strings.NewReplacer("560 001", "781 001").Replace(home)).want(http.StatusOK)
	if _, cash = read(); cash.Offered || len(cash.Refusals) != 1 || cash.Refusals[0].Code != checkout.RefusedPIN || cash.Refusals[0].Reason == "" {
		t.Errorf("where it is not offered: %+v", cash)
	}
}

// Why it is not offered comes with the problem, when it is chosen and when it is placed.
func TestCashNotOffered(t *testing.T) {
	c := cashShop(t).as(asha)
	v := c.ready("6", payment.MethodRazorpay)
	before, err := c.store.All()
	c.check(err)
	p := c.put("/checkouts/"+v.ID+"/payment-method", `{"method":"cod"}`).want(http.StatusConflict).problem(checkouthttp.CodeNotOffered)
	if len(p.Refusals) != 1 || p.Refusals[0].Code != checkout.RefusedAboveMaximum || p.Refusals[0].Limit.Amount() != "2500.00" || !strings.Contains(p.Refusals[0].Reason, "₹2,500.00") {
		t.Errorf("refusals %+v", p.Refusals)
	}
	c.unchanged(before)

	other := cashShop(t).as(asha)
	v = other.ready("1", payment.MethodCOD)
	moved := other.put("/checkouts/"+v.ID+"/addresses", strings.NewReplacer("560 001", "781 001").Replace(home)).want(http.StatusOK).checkout()
	p = other.place(moved).want(http.StatusConflict).problem(checkouthttp.CodeNotOffered)
	if len(p.Refusals) != 1 || p.Refusals[0].Code != checkout.RefusedPIN {
		t.Errorf("refusals %+v", p.Refusals)
	}
}

// A cash order with a prepayment, from the choice to the remittance: the parts are the total wherever they are shown.
func TestPrepaidCashOrder(t *testing.T) {
	s := cashShop(t)
	c := s.as(asha)
	v := c.ready("2", payment.MethodCOD)
	open := c.get("/checkouts/" + v.ID).want(http.StatusOK).money()
	open.adds(t, open.Quote.Totals.Total)
	a := c.place(v).want(http.StatusOK)
	placed := a.money()
	placed.adds(t, placed.Quote.Totals.Total)
	if placed.PayNow.Amount != "99.00" || placed.PayOnDelivery.Amount != "988.00" || placed.Gateway == nil || placed.Gateway.Method != "razorpay" {
		t.Fatalf("%s", a.body)
	}
	paid := c.post("/checkouts/"+v.ID+"/payment", c.callback(a.checkout())).want(http.StatusOK)
	if paid.checkout().Status != checkout.StatusOrdered || paid.money().PayOnDelivery.Amount != "988.00" {
		t.Fatalf("%s", paid.body)
	}
	at := "/operator/checkouts/" + v.ID
	seen := s.staff().get(at).want(http.StatusOK).money()
	seen.adds(t, seen.Total)
	if seen.Owed.Amount != "988.00" {
		t.Errorf("owed %+v", seen.Owed)
	}
	some := s.staff().post(at+"/remittances", `{"reference":"UTR-1","amount_minor":98000,"currency":"INR"}`).want(http.StatusOK).money()
	if some.Owed.Amount != "8.00" || some.SettledAt != "" || len(some.Alerts) != 1 {
		t.Errorf("short: %+v", some)
	}
	for range 2 {
		all := s.staff().post(at+"/remittances", `{"reference":"UTR-2","amount_minor":800,"currency":"INR"}`).want(http.StatusOK).money()
		if all.Owed.Amount != "" || all.SettledAt == "" || len(all.Alerts) != 0 || len(all.Remittances) != 2 || all.Remittances[1].Reference != "UTR-2" {
			t.Errorf("whole: %+v", all)
		}
	}
	if o := s.orders.All()[0]; !o.Paid() || o.Status != "completed" {
		t.Errorf("order %+v", o)
	}
}

func TestRemittanceBadInputs(t *testing.T) {
	s := cashShop(t)
	v := s.as(asha).paid("1") // online: nothing is due at the door
	before, err := s.store.All()
	s.check(err)
	for body, code := range map[string]checkouthttp.Code{
		`{"reference":"r","amount_minor":100,"currency":"INR"}`:                                checkouthttp.CodeInvalid,
		`{"reference":"r","amount_minor":0,"currency":"INR"}`:                                  checkouthttp.CodeInvalid,
		`{"reference":"r","amount_minor":-5,"currency":"INR"}`:                                 checkouthttp.CodeInvalid,
		`{"reference":"r","amount_minor":1.5,"currency":"INR"}`:                                checkouthttp.CodeInvalidBody,
		`{"reference":"r","amount_minor":"100","currency":"INR"}`:                              checkouthttp.CodeInvalidBody,
		`{"reference":"r","amount_minor":1e19,"currency":"INR"}`:                               checkouthttp.CodeInvalidBody,
		`{"reference":"r","amount_minor":100,"currency":"rupees"}`:                             checkouthttp.CodeInvalidBody,
		`{"reference":"","amount_minor":100,"currency":"INR"}`:                                 checkouthttp.CodeInvalidBody,
		`{"reference":"a b","amount_minor":100,"currency":"INR"}`:                              checkouthttp.CodeInvalid,
		`{"reference":"r","amount_minor":100,"currency":"INR","x":1}`:                          checkouthttp.CodeInvalidBody,
		`{"reference":"` + strings.Repeat("r", 256) + `","amount_minor":100,"currency":"INR"}`: checkouthttp.CodeInvalid,
	} {
		s.staff().post("/operator/checkouts/"+v.ID+"/remittances", body).problem(code)
	}
	s.unchanged(before)
}
