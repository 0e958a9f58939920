package adjust_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/adjust"
	"github.com/ankkor/ankkor/pricing/quote"
)

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func percent(text string) adjust.Reduction { return adjust.PercentOff(dec(text)) }

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// shop is a purchase of three products: 3 cups at 100, 2 plates at 45.50 (on sale), 1 variation of a lamp at 1999.99.
func shop() quote.Input {
	return quote.Input{
		Settings: quote.Settings{
			Currency: pricing.INR, Decimals: 2, TaxEnabled: true, PricesIncludeTax: true, BaseCountry: "IN", BaseState: "MH",
			CartDisplay: quote.DisplayInclusive, ShippingTaxClass: quote.InheritShippingClass,
		},
		ShipTo: quote.Destination{Country: "IN", State: "MH"}, At: noon,
		Lines: []quote.Line{
			{Key: "cups", ProductID: 1, UnitPrice: dec("100"), Quantity: 3, CategoryIDs: []int64{7}},
			{Key: "plates", ProductID: 2, UnitPrice: dec("45.50"), Quantity: 2, CategoryIDs: []int64{7, 8}, OnSale: true},
			{Key: "lamp", ProductID: 30, VariationID: 31, UnitPrice: dec("1999.99"), Quantity: 1, CategoryIDs: []int64{9}},
		},
	}
}

// adjusted writes what rules did to the lines: "cups: tier -30, vip -27".
func adjusted(in quote.Input) string {
	var out []string
	for _, l := range in.Lines {
		var parts []string
		for _, a := range l.Adjustments {
			parts = append(parts, a.Rule+" "+a.Amount.String())
		}
		if len(parts) > 0 {
			out = append(out, l.Key+": "+strings.Join(parts, ", "))
		}
	}
	return strings.Join(out, "; ")
}

func TestRules(t *testing.T) {
	tiers := func(together bool, steps ...adjust.Step) adjust.Rule {
		return adjust.Tiers{ID: "t", Together: together, Steps: steps}
	}
	cups, lamps := adjust.Scope{Products: []int64{1}}, adjust.Scope{Products: []int64{30}}
	crockery := adjust.Scope{Categories: []int64{7}}
	tests := []struct {
		name   string
		groups string
		rules  []adjust.Rule
		want   string
	}{
		{"none", "", nil, ""},
		{"tier not reached", "", []adjust.Rule{tiers(false, adjust.Step{From: 4, Price: percent("10")})}, ""},
		{"tier reached by a line", "", []adjust.Rule{tiers(false, adjust.Step{From: 3, Price: percent("10")})}, "cups: t -30"},
		{"the highest step counts", "", []adjust.Rule{tiers(false, adjust.Step{From: 1, Price: percent("1")}, adjust.Step{From: 2, Price: percent("2")}, adjust.Step{From: 3, Price: percent("10")})}, "cups: t -30; plates: t -1.82; lamp: t -20"},
		{"together", "", []adjust.Rule{adjust.Tiers{ID: "t", Scope: crockery, Together: true, Steps: []adjust.Step{{From: 5, Price: adjust.AmountOff(dec("5"))}}}}, "cups: t -15; plates: t -10"},
		{"not together", "", []adjust.Rule{adjust.Tiers{ID: "t", Scope: crockery, Steps: []adjust.Step{{From: 5, Price: percent("5")}}}}, ""},
		{"no more than it costs", "", []adjust.Rule{adjust.Timed{ID: "t", Price: adjust.AmountOff(dec("1000"))}}, "cups: t -300; plates: t -91; lamp: t -1000"},
		{"a fixed price", "", []adjust.Rule{adjust.Timed{ID: "t", Price: adjust.FixedPrice(dec("50"))}}, "cups: t -150; lamp: t -1949.99"},
		{"variation by its own id", "", []adjust.Rule{adjust.Timed{ID: "t", Scope: adjust.Scope{Products: []int64{31}}, Price: percent("50")}}, "lamp: t -1000"},
		{"by the variable product", "", []adjust.Rule{adjust.Timed{ID: "t", Scope: lamps, Price: percent("50")}}, "lamp: t -1000"},
		{"not what is on sale", "", []adjust.Rule{adjust.Timed{ID: "t", Scope: adjust.Scope{Categories: []int64{7}, ExcludeSale: true}, Price: percent("1")}}, "cups: t -3"},
		{"before its time", "", []adjust.Rule{adjust.Timed{ID: "t", From: noon.Add(1), Price: percent("1")}}, ""},
		{"from its first moment", "", []adjust.Rule{adjust.Timed{ID: "t", Scope: cups, From: noon, Price: percent("1")}}, "cups: t -3"},
		{"not in its last", "", []adjust.Rule{adjust.Timed{ID: "t", Until: noon, Price: percent("1")}}, ""},
		{"just before", "", []adjust.Rule{adjust.Timed{ID: "t", Scope: cups, Until: noon.Add(1), Price: percent("1")}}, "cups: t -3"},
		{"another group", "member", []adjust.Rule{adjust.Group{ID: "g", Group: "dealer", Price: percent("20")}}, ""},
		{"the group", "member dealer", []adjust.Rule{adjust.Group{ID: "g", Scope: cups, Group: "dealer", Price: percent("20")}}, "cups: g -60"},
		{"20 % and then 10 % is 28 %", "dealer", []adjust.Rule{
			adjust.Group{ID: "g", Scope: cups, Group: "dealer", Price: percent("20")}, adjust.Timed{ID: "t", Scope: cups, Price: percent("10")},
		}, "cups: g -60, t -24"},
		{"buy 2 get 1", "", []adjust.Rule{adjust.BuyGet{ID: "b", Buy: cups, X: 2, Y: 1, Price: percent("100")}}, "cups: b -100"},
		{"the cheapest of all", "", []adjust.Rule{adjust.BuyGet{ID: "b", Buy: crockery, X: 1, Y: 1, Price: percent("100")}}, "plates: b -91"},
		{"the cheapest first", "", []adjust.Rule{adjust.BuyGet{ID: "b", Buy: adjust.Scope{}, X: 1, Y: 1, Price: percent("50")}}, "plates: b -45.5; cups: b -50"},
		{"not enough", "", []adjust.Rule{adjust.BuyGet{ID: "b", Buy: cups, X: 3, Y: 1, Price: percent("100")}}, ""},
		{"something else", "", []adjust.Rule{adjust.BuyGet{ID: "b", Buy: cups, Get: &lamps, X: 3, Y: 1, Price: adjust.AmountOff(dec("99.99"))}}, "lamp: b -99.99"},
		{"what is given is not bought", "", []adjust.Rule{adjust.BuyGet{ID: "b", Buy: crockery, Get: &crockery, X: 1, Y: 1, Price: percent("100")}}, ""},
		{"at most", "", []adjust.Rule{adjust.BuyGet{ID: "b", Buy: adjust.Scope{}, X: 1, Y: 1, Most: 1, Price: percent("100")}}, "plates: b -45.5"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := shop()
			got, err := adjust.Apply(in, adjust.Buyer{Groups: strings.Fields(tt.groups)}, tt.rules...)
			if err != nil {
				t.Fatal(err)
			}
			if order := strings.Split(adjusted(got), "; "); !sameSet(order, strings.Split(tt.want, "; ")) {
				t.Errorf("got %q, want %q", adjusted(got), tt.want)
			}
			if adjusted(in) != "" {
				t.Error("the input was changed")
			}
		})
	}
}

func sameSet(a, b []string) bool {
	seen := map[string]int{}
	for _, s := range a {
		seen[s]++
	}
	for _, s := range b {
		seen[s]--
	}
	for _, n := range seen {
		if n != 0 {
			return false
		}
	}
	return true
}

// What a rule takes off a line is rounded once, to the store's decimals.
func TestRounding(t *testing.T) {
	for _, tt := range []struct {
		decimals    int
		price, want string
	}{
		{2, "0.05", "-0.02"}, // 1.5 paise, half away from zero
		{2, "33.33", "-10"},
		{0, "33.33", "-10"},
		{0, "1", "0"},
	} {
		in := shop()
		in.Settings.Decimals = tt.decimals
		in.Lines = in.Lines[:1]
		in.Lines[0].UnitPrice, in.Lines[0].Quantity = dec(tt.price), 1
		got, err := adjust.Apply(in, adjust.Buyer{}, adjust.Timed{ID: "t", Price: percent("30")})
		if err != nil {
			t.Fatal(err)
		}
		sum := decimal.Decimal{}
		for _, a := range got.Lines[0].Adjustments {
			sum = sum.Add(a.Amount)
		}
		if sum.String() != tt.want {
			t.Errorf("30 %% off %s in %d decimals: %s, want %s", tt.price, tt.decimals, sum, tt.want)
		}
	}
	in := shop() // a price with more decimals than the store shows is not rounded below nothing
	in.Lines = in.Lines[:1]
	in.Lines[0].UnitPrice, in.Lines[0].Quantity = dec("0.005"), 1
	got, err := adjust.Apply(in, adjust.Buyer{}, adjust.Timed{ID: "t", Price: percent("100")})
	if err != nil || adjusted(got) != "cups: t -0.005" {
		t.Errorf("%v, %v", adjusted(got), err)
	}
}

// change is a rule made of one change.
type change adjust.Change

func (c change) Name() string { return "host" }
func (c change) Changes(adjust.Purchase) ([]adjust.Change, error) {
	return []adjust.Change{adjust.Change(c)}, nil
}

func TestRefused(t *testing.T) {
	tests := []struct {
		name  string
		rule  adjust.Rule
		field string
	}{
		{"no such line", change{Line: 3}, "line"},
		{"a line before the first", change{Line: -1}, "line"},
		{"dearer", change{Line: 0, Amount: dec("1")}, "amount"},
		{"cheaper than nothing", change{Line: 0, Amount: dec("-300.01")}, "amount"},
		{"an exponent bomb", change{Line: 0, Amount: decimal.New(-1, 1_000_000)}, "amount"},
		{"101 percent", adjust.Timed{Price: percent("101")}, "price"},
		{"negative", adjust.Timed{Price: percent("-1")}, "price"},
		{"no kind", adjust.Timed{}, "price"},
		{"a price of too many digits", adjust.Timed{Price: adjust.FixedPrice(decimal.New(1, 1_000_000))}, "price"},
		{"over before it begins", adjust.Timed{From: noon, Until: noon, Price: percent("1")}, "until"},
		{"no group", adjust.Group{Price: percent("1")}, "group"},
		{"a group's price", adjust.Group{Group: "x", Price: percent("-1")}, "price"},
		{"a step at nothing", adjust.Tiers{Steps: []adjust.Step{{From: 0, Price: percent("1")}}}, "steps[0].from"},
		{"steps out of order", adjust.Tiers{Steps: []adjust.Step{{From: 5, Price: percent("1")}, {From: 5, Price: percent("2")}}}, "steps[1].from"},
		{"a step's price", adjust.Tiers{Steps: []adjust.Step{{From: 5, Price: percent("1")}, {From: 6, Price: percent("200")}}}, "steps[1].price"},
		{"buy nothing", adjust.BuyGet{X: 0, Y: 1, Price: percent("100")}, "x"},
		{"get nothing", adjust.BuyGet{X: 1, Y: 0, Price: percent("100")}, "y"},
		{"at most less than nothing", adjust.BuyGet{X: 1, Y: 1, Most: -1, Price: percent("100")}, "most"},
		{"get at a price", adjust.BuyGet{X: 1, Y: 1, Price: adjust.Reduction{Kind: "x"}}, "price"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := adjust.Apply(shop(), adjust.Buyer{}, tt.rule)
			var invalid *adjust.InvalidError
			if !errors.Is(err, adjust.ErrInvalid) || !errors.As(err, &invalid) || invalid.Field != tt.field {
				t.Errorf("%v, want an error on %q", err, tt.field)
			}
		})
	}
}

func TestInputThatCannotBe(t *testing.T) {
	for _, price := range []decimal.Decimal{dec("-1"), decimal.New(1, 1_000_000), decimal.New(1, -1_000_000)} {
		in := shop()
		in.Lines[1].UnitPrice = price
		var invalid *quote.InvalidError
		if _, err := adjust.Apply(in, adjust.Buyer{}, adjust.Timed{Price: percent("1")}); !errors.As(err, &invalid) || invalid.Field != "lines[1].unit_price" {
			t.Errorf("%v", err)
		}
	}
}

// TestTotalInTheOrder creates the order as WooCommerce would, from the subtotals that are sent, and finds the same total:
// with both kinds of GST, a coupon and shipping.
func TestTotalInTheOrder(t *testing.T) {
	rates, err := quote.GSTRates("MH", quote.Slab{Rate: dec("18")})
	if err != nil {
		t.Fatal(err)
	}
	for _, state := range []string{"MH", "KA"} {
		for _, inclusive := range []bool{true, false} {
			t.Run(fmt.Sprint(state, inclusive), func(t *testing.T) {
				in := shop()
				in.Rates, in.ShipTo.State, in.Settings.PricesIncludeTax = rates, state, inclusive
				in.Coupons = []quote.Coupon{{ID: 1, Code: "ten", Type: quote.PercentCoupon, Amount: dec("10")}}
				in.Shipping = []quote.ShippingLine{{RateID: "flat_rate:1", MethodID: "flat_rate", Cost: dec("49"), Taxable: true}}
				in, err := adjust.Apply(in, adjust.Buyer{},
					adjust.Tiers{ID: "tier", Label: "From three", Steps: []adjust.Step{{From: 3, Price: percent("7.5")}}},
					adjust.BuyGet{ID: "gift", Label: "One plate free", Buy: adjust.Scope{Products: []int64{2}}, X: 1, Y: 1, Price: percent("100")},
				)
				if err != nil {
					t.Fatal(err)
				}
				q, err := quote.Calculate(in)
				if err != nil {
					t.Fatal(err)
				}
				if a := q.Lines[1].Adjustments; len(a) != 1 || a[0].Label != "One plate free" || !a[0].Amount.Equal(dec("-45.50")) {
					t.Errorf("the quote explains %+v", a)
				}
				ordered := in
				ordered.Lines = nil
				for i, l := range in.Lines {
					l.Adjustments, l.Given = nil, &quote.Given{Subtotal: &q.Lines[i].Subtotal, Total: &q.Lines[i].Total}
					ordered.Lines = append(ordered.Lines, l)
				}
				order, err := quote.Order(ordered)
				if err != nil {
					t.Fatal(err)
				}
				if !order.Totals.Total.Equal(q.Totals.Total.Decimal()) || !order.Totals.TotalTax.Equal(q.Totals.TotalTax.Decimal()) {
					t.Errorf("quoted %s and %s tax, ordered %s and %s", q.Totals.Total, q.Totals.TotalTax, order.Totals.Total, order.Totals.TotalTax)
				}
			})
		}
	}
}

func FuzzReductions(f *testing.F) {
	f.Add("percent", "33.3333", "99.995", int64(3), int64(2), int64(1))
	f.Add("fixed", "0", "1e-18", int64(1), int64(1), int64(1))
	f.Fuzz(func(t *testing.T, kind, value, price string, quantity, x, y int64) {
		v, err1 := decimal.NewFromString(value)
		p, err2 := decimal.NewFromString(price)
		if err1 != nil || err2 != nil {
			return
		}
		in := shop()
		in.Lines[0].UnitPrice, in.Lines[0].Quantity = p, quantity
		r := adjust.Reduction{Kind: adjust.Kind(kind), Value: v}
		got, err := adjust.Apply(in, adjust.Buyer{}, adjust.Tiers{Steps: []adjust.Step{{From: 1, Price: r}}}, adjust.BuyGet{X: x, Y: y, Price: r})
		if err != nil {
			return
		}
		for _, l := range got.Lines {
			left := l.UnitPrice.Mul(decimal.NewFromInt(l.Quantity))
			for _, a := range l.Adjustments {
				if left = left.Add(a.Amount); a.Amount.IsPositive() || left.IsNegative() {
					t.Errorf("%+v", l)
				}
			}
		}
	})
}
