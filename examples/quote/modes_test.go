package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/pricing/quote/record"
)

// oneLine puts a record on one line.
func oneLine(s string) string { return strings.NewReplacer("\n", "", "\t", "").Replace(s) }

var ratesRecord = oneLine(`{"id":"r","woocommerce":"10.4.3","input":{"settings":` + settings + `,"tax_rates":` + rates + `,
	"zones":[{"id":4,"name":"India","order":1,"locations":[{"type":"country","code":"IN"}],"methods":[
		{"instance_id":7,"method":"flat_rate","enabled":true,"order":1,"title":"Flat","tax_status":"taxable","cost":"12.50","class_costs":{"bulky":"[qty] * 10"},"type":"class"},
		{"instance_id":8,"method":"flat_rate","enabled":true,"order":2,"title":"Value","tax_status":"none","cost":"[fee percent=\"1.11\"]","class_costs":[]},
		{"instance_id":9,"method":"free_shipping","enabled":true,"order":3,"title":"Free","requires":"min_amount","min_amount":"999","ignore_discounts":"no"},
		{"instance_id":10,"method":"local_pickup","enabled":false,"order":4,"title":"Pickup","tax_status":"none","cost":"0"}]}],
	"destination":` + mumbai + `,"lines":[` + mugs + `,
		{"product_id":1002,"price":"10","quantity":1,"tax_status":"none","tax_class":"","virtual":true}],"coupons":[]}}`)

func TestRates(t *testing.T) {
	want := `"packages":[{"zone_id":4,"contents_cost":891.07142858,"cart_subtotal":1007.99,"rates":[` +
		`{"id":"flat_rate:7","method_id":"flat_rate","instance_id":7,"label":"Flat","cost":"12.50","taxes":{"1":0.75,"2":0.75},"shipping_tax":1.5},` +
		`{"id":"flat_rate:8","method_id":"flat_rate","instance_id":8,"label":"Value","cost":"9.890892857238","taxes":{},"shipping_tax":0},` +
		`{"id":"free_shipping:9","method_id":"free_shipping","instance_id":9,"label":"Free","cost":"0","taxes":{},"shipping_tax":0}]}]`
	if got := ask(t, []string{"-rates"}, ratesRecord)[0]; !strings.Contains(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// From 11.0 a fee in a formula is rounded to the store's decimals.
func TestRatesOf11(t *testing.T) {
	got := ask(t, []string{"-rates"}, strings.Replace(ratesRecord, "10.4.3", "11.0.1", 1))[0]
	if !strings.Contains(got, `"label":"Value","cost":"9.89"`) {
		t.Error(got)
	}
}

func TestRatesOfPickupAreTaxedAtTheShop(t *testing.T) {
	record := strings.NewReplacer(`"enabled":false,"order":4`, `"enabled":true,"order":0`, `"state":"MH","postcode"`, `"state":"KA","postcode"`).Replace(ratesRecord)
	got := ask(t, []string{"-rates"}, record)[0]
	for _, want := range []string{`"chosen":["local_pickup:10"]`, `"taxable_address":{"country":"IN","state":"MH"}`, `"cost":"12.50","taxes":{"1":0.75,"2":0.75}`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
}

func TestNothingToShip(t *testing.T) {
	record := strings.Replace(ratesRecord, mugs+",", "", 1)
	got := ask(t, []string{"-rates"}, record)[0]
	if !strings.Contains(got, `"needs_shipping":false,"packages":[]`) {
		t.Error(got)
	}
}

func TestFormulaThatCannotBeComputed(t *testing.T) {
	got := ask(t, []string{"-rates"}, strings.Replace(ratesRecord, `"12.50"`, `"12 / (1 - 1)"`, 1))[0]
	if !strings.Contains(got, `zones[0].methods[0].cost`) {
		t.Error(got)
	}
}

var couponsRecord = oneLine(`{"id":"c","woocommerce":"10.4.3","input":{"settings":` + settings + `,"tax_rates":` + rates + `,"destination":` + mumbai + `,
	"customer":{"user_id":0,"user_email":null,"billing_email":"asha@example.test"},"lines":[` + mugs + `],
	"coupons":[
		{"id":1,"code":"ten","type":"percent","amount":"10"},
		{"id":2,"code":"alone","type":"fixed_cart","amount":"50","individual_use":true},
		{"id":3,"code":"big","type":"percent","amount":"10","minimum_amount":"2500"},
		{"id":4,"code":"late","type":"percent","amount":"10","date_expires":"2026-11-20T05:00:00Z","expires_in":"-1 hour"},
		{"id":5,"code":"used","type":"percent","amount":"10","usage_limit":2,"usage_count":2},
		{"id":6,"code":"named","type":"percent","amount":"10","email_restrictions_stored":["*@example.com"]},
		{"id":7,"code":"not","type":"fixed_cart","amount":"10","excluded_product_ids":[1001]}],
	"steps":["ten"," TEN ","nosuch","big","late","used","named","not","alone","ten"]}}`)

func TestCoupons(t *testing.T) {
	out := decode[struct {
		Output struct {
			At    time.Time `json:"evaluated_at"`
			Steps []struct {
				Code     string   `json:"code"`
				Accepted bool     `json:"accepted"`
				Reason   int      `json:"error_code"`
				Error    string   `json:"error"`
				Applied  []string `json:"applied_after"`
				Removed  []string `json:"removed"`
			} `json:"steps"`
		} `json:"output"`
	}](t, ask(t, []string{"-coupons"}, couponsRecord)[0]).Output
	if want := time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC); !out.At.Equal(want) {
		t.Errorf("judged at %v, want %v: an hour after the expiry that was an hour ago", out.At, want)
	}
	want := []string{
		"ten true 0 [ten] [] ",
		" TEN  false 103 [ten] [] Coupon code \"ten\" already applied!",
		"nosuch false 105 [ten] [] Coupon \"nosuch\" cannot be applied because it does not exist.",
		"big false 108 [ten] [] The minimum spend for coupon \"big\" is ₹2,500.00.",
		"late false 107 [ten] [] Coupon \"late\" has expired.",
		"used false 116 [ten] [] Usage limit for coupon \"used\" has been reached. Please try again after some time, or contact us for help.",
		"named false 102 [ten] [] Please enter a valid email at checkout to use coupon code \"named\".",
		"not false 113 [ten] [] Sorry, coupon \"not\" is not applicable to the products: #1001.",
		"alone true 0 [alone] [ten] ",
		"ten false 104 [alone] [] Sorry, coupon \"alone\" has already been applied and cannot be used in conjunction with other coupons.",
	}
	for i, s := range out.Steps {
		if got := fmt.Sprint(s.Code, " ", s.Accepted, s.Reason, s.Applied, s.Removed, s.Error); strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(want[i], " ", "") {
			t.Errorf("got  %s\nwant %s", got, want[i])
		}
	}
}

func TestClock(t *testing.T) {
	expires := time.Date(2026, 11, 20, 18, 30, 0, 0, time.UTC)
	at := func(in string) time.Time {
		return clock(time.Time{}, []record.Coupon{{Expires: &expires, ExpiresIn: &in}})
	}
	tests := []struct {
		in   string
		want time.Duration // from the expiry
	}{
		{"-1 minute", time.Minute}, {"+1 hour", -time.Hour}, {"+30 days", -30 * 24 * time.Hour},
		{"today", 12 * time.Hour}, {"tomorrow", -12 * time.Hour},
	}
	for _, tt := range tests {
		if got := at(tt.in).Sub(expires); got != tt.want {
			t.Errorf("%s: %v after the expiry, want %v", tt.in, got, tt.want)
		}
	}
	for _, vague := range []string{"", "soon", "1 blue moon", "x days", "+99999999 days"} {
		if got := at(vague); time.Since(got) > time.Hour {
			t.Errorf("%q: judged at %v, want now", vague, got)
		}
	}
	asked := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	if got := clock(asked, nil); !got.Equal(asked) {
		t.Errorf("judged at %v, asked for %v", got, asked)
	}
}

var ordersRecord = oneLine(`{"id":"o","woocommerce":"10.4.3","settings":` + settings + `,"tax_rates":` + rates + `,
	"products":[{"id":156,"parent_id":0,"price":"499","tax_status":"taxable","tax_class":"","category_ids":[]},
		{"id":158,"parent_id":157,"price":"10","tax_status":"none","tax_class":"","category_ids":[]}],
	"coupons":[{"id":9,"code":"ten","type":"percent","amount":"10"},{"id":8,"code":"old","type":"percent","amount":"10","date_expires":"2020-01-01T00:00:00Z"}],
	"request":{"method":"POST","path":"/wp-json/wc/v3/orders","body":{"billing":` + mumbai + `,"shipping":` + mumbai + `,
		"line_items":[{"product_id":156,"quantity":2},{"product_id":157,"variation_id":158,"quantity":1,"subtotal":"10","total":"9.5"}],
		"shipping_lines":[{"method_id":"flat_rate","method_title":"Flat","total":"49"}],
		"fee_lines":[{"name":"Wrap","total":"20","tax_status":"taxable"}]}}}`)

func TestOrders(t *testing.T) {
	got := ask(t, []string{"-orders"}, ordersRecord)[0]
	for _, want := range []string{
		`"discount_total":"0.50"`, `"total":"1084.77"`, `"shipping_tax":"5.88"`, `"cart_tax":"109.32"`,
		`"subtotal":"891.07","subtotal_tax":"106.92","total":"891.07","total_tax":"106.92"`,
		`"variation_id":158,"quantity":1,"subtotal":"10.00","subtotal_tax":"0.00","total":"9.50"`,
		`"rate_code":"IN-MH-CGST-1","label":"CGST","compound":false,"tax_total":"54.66","shipping_tax_total":"2.94"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

func TestOrdersInSixDecimals(t *testing.T) {
	got := ask(t, []string{"-orders"}, strings.Replace(ordersRecord, "/v3/orders", "/v3/orders?dp=6", 1))[0]
	if !strings.Contains(got, `"subtotal":"891.071428"`) && !strings.Contains(got, `"subtotal":"891.071429"`) {
		t.Error(got)
	}
}

func TestRefusedOrders(t *testing.T) {
	for _, code := range []string{"old", "nosuch"} {
		record := strings.Replace(ordersRecord, `"shipping_lines"`, `"coupon_lines":[{"code":"`+code+`"}],"shipping_lines"`, 1)
		if got := ask(t, []string{"-orders"}, record)[0]; got != `{"id":"o","output":{"refused":"woocommerce_rest_invalid_coupon"}}` {
			t.Errorf("%s: %s", code, got)
		}
	}
	good := strings.Replace(ordersRecord, `"shipping_lines"`, `"coupon_lines":[{"code":"TEN"}],"shipping_lines"`, 1)
	if got := ask(t, []string{"-orders"}, good)[0]; !strings.Contains(got, `"coupon_lines":[{"code":"ten","discount":"90.`) {
		t.Error(got)
	}
	unknown := strings.Replace(ordersRecord, `"product_id":156`, `"product_id":999`, 1)
	if got := ask(t, []string{"-orders"}, unknown)[0]; !strings.Contains(got, "line_items[0]") {
		t.Error(got)
	}
}

// A bill says what is paid for what, and why.
func TestTable(t *testing.T) {
	for _, tt := range []struct {
		args   []string
		record string
		want   []string
	}{
		{[]string{"-table"}, cartOf("a", `"coupons":[{"id":1,"code":"nosuch","type":"percent","amount":"1","status":"trash"}]`), []string{
			"a: INR, WooCommerce 10.4.3, taxed at IN-MH", "#1001       2    499  891.071428", "TOTAL  997.99",
			`Coupon "nosuch" cannot be applied because it does not exist. (105)`, "half down because prices include tax", "CGST 6 %   53.46",
		}},
		{[]string{"-table", "-rates"}, ratesRecord, []string{"shipping, Flat flat_rate:7", "CGST 6 % on shipping"}},
		{[]string{"-table", "-coupons"}, couponsRecord, []string{"coupon alone", `Sorry, coupon "alone" has already been applied and cannot be used in conjunction with other coupons. (104)`}},
		{[]string{"-table", "-orders"}, ordersRecord, []string{"Wrap", "#158", "the line's amounts were given"}},
		{[]string{"-table"}, `{"id":3}`, []string{"3: quote: settings.currency"}},
		{[]string{"-table"}, `x`, []string{"line 1: not a record"}},
		{[]string{"-table"}, strings.Replace(cartOf("a"), mumbai, "{}", 1), []string{"which knows no address yet"}},
	} {
		got := strings.Join(ask(t, tt.args, tt.record), "\n")
		for _, want := range tt.want {
			if !strings.Contains(got, want) {
				t.Errorf("%v: no %q in\n%s", tt.args, want, got)
			}
		}
	}
}

// The table says when nobody has measured the store's version, and tells a refused shopper what the store would.
func TestTableSaysWhatItAssumes(t *testing.T) {
	coupon := `"coupons":[{"id":1,"code":"big","type":"percent","amount":"10","minimum_amount":"5000"}]`
	for version, want := range map[string][]string{
		"10.4.3": {"WooCommerce 10.4.3", `The minimum spend for coupon "big" is ₹5,000.00. (108)`},
		"9.8.5":  {"The minimum spend for this coupon is ₹5,000.00. (108)"},
		"12.1.0": {"settings.version: WooCommerce 12.1.0 is newer than every version this engine was measured with"},
		"":       {"WooCommerce of unknown version", "settings.version: the store does not tell"},
	} {
		text := strings.Join(ask(t, []string{"-table"}, strings.Replace(cartOf("1", coupon), "10.4.3", version, 1)), "\n")
		for _, part := range want {
			if !strings.Contains(text, part) {
				t.Errorf("%q: no %q in\n%s", version, part, text)
			}
		}
		if known := version == "10.4.3" || version == "9.8.5"; known == strings.Contains(text, "settings.version") {
			t.Errorf("%q: a note, or none\n%s", version, text)
		}
	}
}
