package quote_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/quote/record"
)

// recordedTotal is a cart or order in the recorded traffic of a test store: what was in it, and the totals it was
// answered with, by GraphQL, the Store API, REST or a webhook.
type recordedTotal struct {
	ID  string `json:"id"`
	Via string `json:"via"` // "order": created over REST; "cart": added up by the cart, or an order made of one
	// Settings are what differs from the test store's usual ones.
	Settings *struct {
		PricesIncludeTax bool   `json:"prices_include_tax"`
		Display          string `json:"tax_display_cart"`
	} `json:"settings"`
	Country *string `json:"country"`
	State   string  `json:"state"`
	Lines   []struct {
		record.Line
		Subtotal *number `json:"subtotal"`
		Total    *number `json:"total"`
	} `json:"lines"`
	Coupons  []string `json:"coupons"`
	Shipping []struct {
		Method string `json:"method"`
		Cost   number `json:"cost"`
	} `json:"shipping"`
	Fees []struct {
		Name     string `json:"name"`
		Amount   number `json:"amount"`
		Taxable  bool   `json:"taxable"`
		TaxClass string `json:"tax_class"`
	} `json:"fees"`
	Expect map[string]string `json:"expect"`
}

// testStore is the store the traffic was recorded from: its settings, taxes and coupons.
func testStore() quote.Input {
	in := quote.Input{Settings: quote.Settings{
		Currency: pricing.INR, Decimals: 2, TaxEnabled: true, PricesIncludeTax: true, BaseCountry: "IN", BaseState: "MH",
		CartDisplay: quote.DisplayInclusive, ShippingTaxClass: quote.InheritShippingClass,
	}}
	for _, class := range []struct {
		slug    string
		percent int64
	}{{"", 18}, {"gst-5", 5}, {"gst-12", 12}, {"gst-18", 18}} {
		half := decimal.NewFromInt(class.percent).Div(decimal.NewFromInt(2))
		for i, r := range []quote.TaxRate{
			{State: "MH", Name: "CGST", Rate: half, Priority: 1}, {State: "MH", Name: "SGST", Rate: half, Priority: 2},
			{Name: "IGST", Rate: decimal.NewFromInt(class.percent), Priority: 1},
		} {
			r.ID, r.Class, r.Country, r.Shipping, r.Order = int64(len(in.Rates)+1), class.slug, "IN", true, i
			in.Rates = append(in.Rates, r)
		}
	}
	in.Coupons = []quote.Coupon{
		{ID: 1, Code: "save10", Type: quote.PercentCoupon, Amount: decimal.NewFromInt(10)},
		{ID: 2, Code: "flat100", Type: quote.FixedCartCoupon, Amount: decimal.NewFromInt(100), MinimumAmount: decimal.NewFromInt(500)},
		{ID: 3, Code: "mug50", Type: quote.FixedProductCoupon, Amount: decimal.NewFromInt(50), ProductIDs: []int64{16}},
		{ID: 4, Code: "freeship", Type: quote.FixedCartCoupon, FreeShipping: true},
	}
	return in
}

func (r *recordedTotal) input() quote.Input {
	in := testStore()
	if r.Settings != nil {
		in.Settings.PricesIncludeTax = r.Settings.PricesIncludeTax
		in.Settings.CartDisplay = quote.TaxDisplay(r.Settings.Display)
	}
	country := "IN"
	if r.Country != nil {
		country = *r.Country
	}
	in.ShipTo = quote.Destination{Country: country, State: r.State}
	in.Coupons = slices.DeleteFunc(in.Coupons, func(c quote.Coupon) bool { return !slices.Contains(r.Coupons, c.Code) })
	for _, l := range r.Lines {
		line := l.Line.Line()
		if l.Subtotal != nil || l.Total != nil {
			line.Given = &quote.Given{}
			for from, into := range map[*number]**decimal.Decimal{l.Subtotal: &line.Given.Subtotal, l.Total: &line.Given.Total} {
				if from != nil {
					*into = &from.Decimal
				}
			}
		}
		in.Lines = append(in.Lines, line)
	}
	for _, s := range r.Shipping {
		in.Shipping = append(in.Shipping, quote.ShippingLine{MethodID: s.Method, Cost: s.Cost.Decimal, Taxable: s.Method != "free_shipping"})
	}
	for _, f := range r.Fees {
		in.Fees = append(in.Fees, quote.Fee{Name: f.Name, Amount: f.Amount.Decimal, Taxable: f.Taxable, TaxClass: f.TaxClass})
	}
	return in
}

// TestRecordedTotals adds up every cart and order of the recorded traffic.
func TestRecordedTotals(t *testing.T) {
	kinds := map[string]int{}
	for _, r := range sample[recordedTotal](t, "recorded-totals") {
		kinds[r.Via]++
		var got map[string]decimal.Decimal
		if r.Via == "order" {
			o, err := quote.Order(r.input())
			if err != nil {
				t.Errorf("%s: %v", r.ID, err)
				continue
			}
			v := o.Totals
			got = totalsByName(v.Total, v.TotalTax, v.Subtotal, v.SubtotalTax, v.DiscountTotal, v.DiscountTax, v.ShippingTotal, v.ShippingTax)
		} else {
			k, err := quote.Cart(r.input())
			if err != nil {
				t.Errorf("%s: %v", r.ID, err)
				continue
			}
			v := k.Totals
			got = totalsByName(v.Total, v.TotalTax, v.Subtotal, v.SubtotalTax, v.DiscountTotal, v.DiscountTax, v.ShippingTotal, v.ShippingTax)
		}
		c := comparison{places: 2}
		for name, want := range r.Expect {
			c.text(name, want, got[name])
		}
		if len(c.diffs) > 0 {
			t.Errorf("%s to %s with %v and %v: %s", r.ID, r.State, r.Coupons, r.Shipping, fmt.Sprint(c.diffs))
		}
	}
	if kinds["order"] < 24 || kinds["cart"] < 40 {
		t.Errorf("%v", kinds)
	}
}

func totalsByName(values ...decimal.Decimal) map[string]decimal.Decimal {
	got := map[string]decimal.Decimal{}
	for i, name := range []string{"total", "total_tax", "subtotal", "subtotal_tax", "discount_total", "discount_tax", "shipping_total", "shipping_tax"} {
		got[name] = values[i]
	}
	return got
}
