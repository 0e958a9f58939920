package shipping_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/shipping"
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// everywhere is a store with one zone for the whole world.
func everywhere(methods ...shipping.Method) []shipping.Zone {
	return []shipping.Zone{{Methods: methods}}
}

func flatRate(cost string) shipping.Method {
	return shipping.Method{InstanceID: 3, Kind: shipping.FlatRate, Enabled: true, Title: "Flat", Taxable: true, Cost: cost}
}

// request is a cart of five pieces in two lines for 250.
func request() shipping.Request {
	return shipping.Request{
		Country: "IN", State: "KA", Postcode: "560001", Decimals: 2, DisplayedSubtotal: dec("250"),
		Lines: []shipping.Line{{Quantity: 2, Total: dec("100")}, {Quantity: 3, Total: dec("150"), ShippingClass: "bulky"}},
	}
}

func only(t *testing.T, m shipping.Method, req shipping.Request) shipping.Rate {
	t.Helper()
	rates, err := shipping.Rates(everywhere(m), req)
	if err != nil {
		t.Fatal(err)
	}
	if len(rates) != 1 {
		t.Fatalf("%d rates", len(rates))
	}
	return rates[0]
}

func TestFormulas(t *testing.T) {
	for formula, want := range map[string]string{
		"49":                              "49",
		"49.50":                           "49.5",
		"12,50":                           "12.5",
		" 10 + 5 * [qty] ":                "35",
		"(10 + [qty]) * 2":                "30",
		"2(3)":                            "6",
		"2 3":                             "23",
		"[qty][qty]":                      "55",
		"100 / [qty]":                     "20",
		"100 / 3":                         "33.333333",
		"2 / 3":                           "0.666667",
		"2 ^ 3":                           "8",
		"2 ^ 3 ^ 2":                       "512",
		"-2 ^ 2 + 10":                     "6",
		"2 ^ -1":                          "0.5",
		"10 - 2 - 3":                      "5",
		"24 / 2 / 3":                      "4",
		"5 + 3 * [qty] - 1":               "19",
		"+ 7 *":                           "7",
		"* / 7 -":                         "7",
		"1.234,50":                        "0.617", // 1.234 times .50: two operands side by side
		"pi * 100":                        "314",
		"e":                               "2.71",
		"[cost] * 0.1":                    "25",
		"[cost]":                          "250",
		"0":                               "0",
		"((((1))))":                       "1",
		`[fee percent="10"]`:              "25",
		`[fee percent='12.5']`:            "31.25",
		`[fee percent=10]`:                "25",
		`[fee percent="10" min_fee="40"]`: "40",
		`[fee percent="10" max_fee="20"]`: "20",
		`[fee percent="10" min_fee="40" max_fee="30"]`: "30",
		`[fee min_fee="5"]`:                            "5",
		`[fee percent="0" max_fee="5"]`:                "0",
		`25 + [fee percent="5"] + [fee percent="1"]`:   "40",
		`[fee percent="0.33333"]`:                      "0.83",
	} {
		if got := only(t, flatRate(formula), request()).Cost; got.String() != want {
			t.Errorf("%q costs %s, want %s", formula, got, want)
		}
	}
}

// Since 10.6 WooCommerce rounds what a percentage comes to.
func TestFeesAreRoundedSince106(t *testing.T) {
	for version, want := range map[string]string{"": "0.83", "10.6.0": "0.83", "11.0.1": "0.83", "12.1": "0.83", "10.5.3": "0.833325", "9.8.5": "0.833325"} {
		req := request()
		req.Version = version
		if got := only(t, flatRate(`[fee percent="0.33333"]`), req).Cost; got.String() != want {
			t.Errorf("%q: %s, want %s", version, got, want)
		}
	}
}

func TestFormulasThatCannotBeComputed(t *testing.T) {
	for _, formula := range []string{
		"abc", "1 +* 2", "(1", "1)", "()", "1 / 0", "100 / ([qty] - 5)", "2 ^ 9999", "9 ^ 9 ^ 9", "0 ^ -1", "[qtty]", "1 % 2", "x = 1",
		"[fee percent=\"10\"", "[fee percent=\"ten\"]", "[fee percent]", "1;2", strings.Repeat("(", 60) + "1", strings.Repeat("9", 2000),
		"1e5", "0x10", "१२", "$(reboot)", strings.Repeat("9", 31),
	} {
		_, err := shipping.Rates(everywhere(flatRate(formula)), request())
		var invalid *shipping.InvalidError
		if !errors.As(err, &invalid) || !errors.Is(err, shipping.ErrInvalid) {
			t.Errorf("%.20q: %v", formula, err)
			continue
		}
		if invalid.Field != "zones[0].methods[0].cost" || invalid.Reason == "" {
			t.Errorf("%.20q: field %q: %s", formula, invalid.Field, invalid.Reason)
		}
	}
	if _, err := shipping.Rates(everywhere(flatRate("2 ^ 0.5")), request()); !errors.Is(err, shipping.ErrUnsupported) {
		t.Errorf("a root: %v", err)
	}
}

func TestClassCosts(t *testing.T) {
	cases := map[string]struct {
		change func(*shipping.Method)
		cost   string // "" when the method is not offered
	}{
		"each class": {func(m *shipping.Method) { m.ClassCosts = map[string]string{"bulky": "7 * [qty]"}; m.NoClassCost = "1" }, "32"},
		"only the highest": {func(m *shipping.Method) {
			m.ClassCosts = map[string]string{"bulky": "7"}
			m.NoClassCost = "[cost]"
			m.ClassType = shipping.PerOrder
		}, "110"},
		"another class":              {func(m *shipping.Method) { m.ClassCosts = map[string]string{"light": "7"} }, "10"},
		"class costs alone":          {func(m *shipping.Method) { m.Cost = ""; m.ClassCosts = map[string]string{"bulky": "7"} }, "7"},
		"nothing at all":             {func(m *shipping.Method) { m.Cost = "" }, ""},
		"a class that costs nothing": {func(m *shipping.Method) { m.Cost = ""; m.ClassCosts = map[string]string{"bulky": "0"} }, "0"},
	}
	for name, c := range cases {
		m := flatRate("10")
		c.change(&m)
		rates, err := shipping.Rates(everywhere(m), request())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := ""
		if len(rates) > 0 {
			got = rates[0].Cost.String()
		}
		if got != c.cost {
			t.Errorf("%s: %q, want %q", name, got, c.cost)
		}
	}
}

func TestZonesSurviveJSON(t *testing.T) {
	zones := shipping.FlatWithFreeThreshold(dec("49.50"), dec("999.00"))
	zones[0].Methods[1].ClassCosts = map[string]string{"bulky": "[qty]"}
	data, err := json.Marshal(zones)
	if err != nil {
		t.Fatal(err)
	}
	var back []shipping.Zone
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(zones, back); diff != "" {
		t.Error(diff)
	}
	for _, v := range []any{
		shipping.Method{MinAmount: decimal.New(1, 1000)}, shipping.Rate{Cost: decimal.New(1, -1000)},
		shipping.Request{Discount: decimal.New(1, 101)}, shipping.Line{Weight: decimal.New(1, -101)},
	} {
		if data, err := json.Marshal(v); err == nil {
			t.Errorf("%T is written with %d bytes", v, len(data))
		}
	}
	data, err = json.Marshal(request())
	var req shipping.Request
	if err != nil || json.Unmarshal(data, &req) != nil || !cmp.Equal(req, request()) {
		t.Errorf("%v: %s", err, data)
	}
}

func TestASiteWithoutClasses(t *testing.T) {
	m := flatRate("10")
	m.NoClassCost = "5"
	req := request()
	req.NoShippingClasses = true
	if got := only(t, m, req).Cost.String(); got != "10" {
		t.Errorf("cost %s", got)
	}
}

func TestABrokenClassCostNamesItsClass(t *testing.T) {
	m := flatRate("10")
	m.ClassCosts = map[string]string{"bulky": "?"}
	_, err := shipping.Rates(everywhere(m), request())
	var invalid *shipping.InvalidError
	if !errors.As(err, &invalid) || invalid.Field != "zones[0].methods[0].class_costs[bulky]" {
		t.Errorf("%v", err)
	}
}

func TestFreeShipping(t *testing.T) {
	cases := []struct {
		requires       shipping.FreeRequirement
		subtotal, off  string
		ignore, coupon bool
		free           bool
	}{
		{shipping.RequireNothing, "0", "0", false, false, true},
		{shipping.RequireMinAmount, "999", "0", false, false, true},
		{shipping.RequireMinAmount, "998.99", "0", false, false, false},
		{shipping.RequireMinAmount, "998.995", "0", false, false, true},
		{shipping.RequireMinAmount, "1000", "1.01", false, false, false},
		{shipping.RequireMinAmount, "1000", "1.01", true, false, true},
		{shipping.RequireMinAmount, "998", "0", false, true, false},
		{shipping.RequireCoupon, "5000", "0", false, false, false},
		{shipping.RequireCoupon, "1", "0", false, true, true},
		{shipping.RequireEither, "1", "0", false, true, true},
		{shipping.RequireEither, "999", "0", false, false, true},
		{shipping.RequireEither, "1", "0", false, false, false},
		{shipping.RequireBoth, "999", "0", false, true, true},
		{shipping.RequireBoth, "999", "0", false, false, false},
		{shipping.RequireBoth, "1", "0", false, true, false},
	}
	for _, c := range cases {
		m := shipping.Method{InstanceID: 1, Kind: shipping.FreeShipping, Enabled: true, Requires: c.requires, MinAmount: dec("999"), IgnoreDiscounts: c.ignore}
		req := request()
		req.DisplayedSubtotal, req.Discount, req.FreeShippingCoupon = dec(c.subtotal), dec(c.off), c.coupon
		rates, err := shipping.Rates(everywhere(m), req)
		if err != nil {
			t.Fatal(err)
		}
		if (len(rates) == 1) != c.free {
			t.Errorf("%+v: %d rates", c, len(rates))
		}
	}
}

func TestFlatWithFreeThreshold(t *testing.T) {
	zones := shipping.FlatWithFreeThreshold(dec("49"), dec("999"))
	for subtotal, want := range map[string]string{
		"998.99": "flat_rate:2 49", "999": "free_shipping:1 0", "2500": "free_shipping:1 0", "0": "flat_rate:2 49",
	} {
		req := request()
		req.DisplayedSubtotal, req.HideRatesWhenFree = dec(subtotal), true
		rates, err := shipping.Rates(zones, req)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(rates[0].ID, " ", rates[0].Cost); len(rates) != 1 || got != want {
			t.Errorf("%s: %d rates, %s", subtotal, len(rates), got)
		}
	}
}

func TestACostWithoutEndIsRefused(t *testing.T) {
	for _, cost := range []decimal.Decimal{decimal.New(1, 1_000_000_000), decimal.New(1, -2147483648), dec("-49")} {
		_, err := shipping.Rates(shipping.FlatWithFreeThreshold(cost, dec("999")), request())
		if cost.IsNegative() != (err == nil) {
			t.Errorf("%d: %v", cost.Exponent(), err)
		}
	}
}

func TestOrderAndHiding(t *testing.T) {
	zones := everywhere(
		shipping.Method{InstanceID: 9, Kind: shipping.LocalPickup, Enabled: true, Order: 1, Title: "Shop", Cost: "5"},
		shipping.Method{InstanceID: 8, Kind: shipping.FreeShipping, Enabled: true, Order: 3},
		shipping.Method{InstanceID: 7, Kind: shipping.FlatRate, Enabled: true, Order: 2, Cost: "49"},
		shipping.Method{InstanceID: 6, Kind: shipping.FlatRate, Enabled: false, Order: 0, Cost: "broken ("},
	)
	ids := func(rates []shipping.Rate) string {
		var s []string
		for _, r := range rates {
			s = append(s, r.ID)
		}
		return strings.Join(s, " ")
	}
	req := request()
	rates, err := shipping.Rates(zones, req)
	if err != nil || ids(rates) != "local_pickup:9 flat_rate:7 free_shipping:8" {
		t.Errorf("%s, %v", ids(rates), err)
	}
	if r, ok := shipping.Preselect(rates, false); !ok || r.ID != "local_pickup:9" {
		t.Errorf("preselected %s", r.ID)
	}
	if r, _ := shipping.Preselect(rates, true); r.ID != "free_shipping:8" {
		t.Errorf("preselected with a coupon %s", r.ID)
	}
	req.HideRatesWhenFree = true
	if rates, _ = shipping.Rates(zones, req); ids(rates) != "free_shipping:8 local_pickup:9" {
		t.Errorf("hidden: %s", ids(rates))
	}
	if _, ok := shipping.Preselect(nil, true); ok {
		t.Error("something is preselected out of nothing")
	}
}

func TestNothingToShip(t *testing.T) {
	req := request()
	for i := range req.Lines {
		req.Lines[i].Virtual = true
	}
	for name, r := range map[string]shipping.Request{"virtual": req, "empty": {}} {
		rates, err := shipping.Rates(everywhere(flatRate("49")), r)
		if rates != nil || err != nil {
			t.Errorf("%s: %v, %v", name, rates, err)
		}
	}
	req.Lines[0].Virtual = false
	if got := only(t, flatRate("[qty]"), req).Cost.String(); got != "2" {
		t.Errorf("%s pieces are shipped", got)
	}
	if rates, err := shipping.Rates(nil, request()); rates != nil || err != nil {
		t.Errorf("no zones: %v, %v", rates, err)
	}
}

func TestInvalidRequests(t *testing.T) {
	for field, change := range map[string]func(*[]shipping.Zone, *shipping.Request){
		"decimals":                       func(_ *[]shipping.Zone, r *shipping.Request) { r.Decimals = 5 },
		"lines":                          func(_ *[]shipping.Zone, r *shipping.Request) { r.Lines = make([]shipping.Line, 201) },
		"lines[0].quantity":              func(_ *[]shipping.Zone, r *shipping.Request) { r.Lines[0].Quantity = 0 },
		"lines[1].quantity":              func(_ *[]shipping.Zone, r *shipping.Request) { r.Lines[1].Quantity = 9223372036854775807 },
		"lines[0].total":                 func(_ *[]shipping.Zone, r *shipping.Request) { r.Lines[0].Total = decimal.New(1, 1_000_000_000) },
		"lines[1].total":                 func(_ *[]shipping.Zone, r *shipping.Request) { r.Lines[1].Total = decimal.New(1, -2147483648) },
		"displayed_subtotal":             func(_ *[]shipping.Zone, r *shipping.Request) { r.DisplayedSubtotal = dec("-1") },
		"discount":                       func(_ *[]shipping.Zone, r *shipping.Request) { r.Discount = decimal.New(1, 10_000) },
		"postcode":                       func(_ *[]shipping.Zone, r *shipping.Request) { r.Postcode = strings.Repeat("1", 101) },
		"zones":                          func(z *[]shipping.Zone, _ *shipping.Request) { *z = make([]shipping.Zone, 1001) },
		"zones[1].id":                    func(z *[]shipping.Zone, _ *shipping.Request) { *z = make([]shipping.Zone, 2) },
		"zones[0].methods":               func(z *[]shipping.Zone, _ *shipping.Request) { (*z)[0].Methods = make([]shipping.Method, 101) },
		"zones[0].methods[0].min_amount": func(z *[]shipping.Zone, _ *shipping.Request) { (*z)[0].Methods[0].MinAmount = dec("-5") },
		"zones[0].methods[0].cost":       func(_ *[]shipping.Zone, r *shipping.Request) { r.Lines[0].Total = dec("1000000000000000") },
	} {
		zones, req := everywhere(flatRate("[cost]")), request()
		change(&zones, &req)
		_, err := shipping.Rates(zones, req)
		var invalid *shipping.InvalidError
		if !errors.As(err, &invalid) || invalid.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestPluginsAreNotGuessed(t *testing.T) {
	m := flatRate("1")
	m.Kind = "table_rate"
	if _, err := shipping.Rates(everywhere(m), request()); !errors.Is(err, shipping.ErrUnsupported) {
		t.Errorf("%v", err)
	}
}
