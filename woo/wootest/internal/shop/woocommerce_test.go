package shop_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// computed reads what WooCommerce computed.
func computed[T any](t *testing.T, name string) []T {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var rows []T
	if err := json.Unmarshal(raw, &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) == 0 {
		t.Fatalf("%s is empty", name)
	}
	return rows
}

// TestTaxAsWooCommerce holds the shares of a tax against WC_Tax::calc_tax: one rate,
// two side by side, and rates on rates, inside a price and on top of it.
func TestTaxAsWooCommerce(t *testing.T) {
	type row struct {
		Rates                [][3]any
		Price                string
		Inclusive, Exclusive [][2]any
	}
	for _, r := range computed[row](t, "tax.json") {
		var rates []shop.TaxRate
		for _, x := range r.Rates {
			rates = append(rates, shop.TaxRate{ID: int64(x[0].(float64)), Rate: decimal.RequireFromString(x[1].(string)), Compound: x[2].(bool)})
		}
		price := decimal.RequireFromString(r.Price)
		for kind, c := range map[string]struct {
			want [][2]any
			got  []shop.Share
		}{
			"inside":    {r.Inclusive, shop.InclusiveTax(price, rates)},
			"on top of": {r.Exclusive, shop.ExclusiveTax(price, rates)},
		} {
			want, got := map[string]string{}, map[string]string{}
			for _, w := range c.want {
				want[fmt.Sprint(w[0])] = w[1].(string)
			}
			for _, g := range c.got {
				got[strconv.FormatInt(g.Rate, 10)] = g.Amount.StringFixed(wp.RoundingPrecision)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%v %s %s (-WooCommerce +here)\n%s", r.Rates, kind, r.Price, diff)
			}
		}
	}
}

// TestPriceAsWooCommerce holds the markup of a price against wc_price.
func TestPriceAsWooCommerce(t *testing.T) {
	type row struct {
		Position, Thousand, Decimal string
		Decimals                    int
		Price, HTML                 string
	}
	for _, r := range computed[row](t, "price.json") {
		sh := &shop.Shop{
			Currency: wp.Object{{"symbol", json.RawMessage(`"&#8377;"`)}},
			Values: map[string]string{
				"woocommerce_currency_pos": r.Position, "woocommerce_price_thousand_sep": r.Thousand,
				"woocommerce_price_decimal_sep": r.Decimal, "woocommerce_price_num_decimals": strconv.Itoa(r.Decimals),
			},
		}
		if got := sh.PriceSpan(decimal.RequireFromString(r.Price), false); got != r.HTML {
			t.Errorf("%+v is\n%s", r, got)
		}
	}
}

// TestMatchRates: one row per priority, the most particular one.
func TestMatchRates(t *testing.T) {
	sh := &shop.Shop{Rates: []shop.TaxRate{
		{ID: 1, Country: "IN", State: "MH", Priority: 1}, {ID: 2, Country: "IN", State: "MH", Priority: 2}, {ID: 3, Country: "IN", Priority: 1},
		{ID: 4, Priority: 1}, {ID: 5, Country: "IN", State: "MH", Priority: 1, Class: "gst-5"}, {ID: 6, Country: "IN", State: "MH", Priority: 1},
	}}
	tests := map[string]struct {
		class string
		at    shop.Place
		want  []int64
	}{
		"a state with rates of its own": {"", shop.Place{Country: "IN", State: "MH"}, []int64{1, 2}},
		"another state":                 {"", shop.Place{Country: "IN", State: "KA"}, []int64{3}},
		"another country":               {"", shop.Place{Country: "DE"}, []int64{4}},
		"nowhere":                       {"", shop.Place{}, []int64{4}},
		"another class":                 {"gst-5", shop.Place{Country: "IN", State: "MH"}, []int64{5}},
		"another class elsewhere":       {"gst-5", shop.Place{Country: "IN", State: "KA"}, nil},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			var got []int64
			for _, r := range sh.MatchRates(c.class, c.at) {
				got = append(got, r.ID)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestSyncStatus: the status that follows from a quantity, by the shop's threshold.
func TestSyncStatus(t *testing.T) {
	tests := map[string]struct {
		threshold  string
		quantity   int64
		backorders string
		managed    shop.Managed
		want       string
	}{
		"some left":                 {"0", 1, "no", true, "instock"},
		"none left":                 {"0", 0, "no", true, "outofstock"},
		"less than none":            {"0", -2, "no", true, "outofstock"},
		"none left, may be owed":    {"0", 0, "notify", true, "onbackorder"},
		"at the shop's threshold":   {"3", 3, "no", true, "outofstock"},
		"above it":                  {"3", 4, "no", true, "instock"},
		"a threshold below zero":    {"-3", 3, "no", true, "outofstock"},
		"no number for a threshold": {"", 1, "no", true, "instock"},
		"not managed":               {"0", 0, "no", false, "as it was"},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			sh := &shop.Shop{Values: map[string]string{"woocommerce_notify_no_stock_amount": c.threshold}}
			p := &shop.Product{ManageStock: c.managed, StockQuantity: &c.quantity, Backorders: c.backorders, StockStatus: "as it was"}
			if sh.SyncStatus(p); p.StockStatus != c.want {
				t.Errorf("%d pieces are %s, want %s", c.quantity, p.StockStatus, c.want)
			}
		})
	}
}
