package quote_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// recordedStore is a real WooCommerce 10.4.3 test store in Maharashtra: its settings, tax table and some of its
// products. The tests below are purchases made there, and what the store answered.
func recordedStore() quote.Input {
	in := quote.Input{Settings: quote.Settings{
		Currency: pricing.INR, Decimals: 2, TaxEnabled: true, PricesIncludeTax: true, BaseCountry: "IN", BaseState: "MH",
		TaxBasedOn: quote.BasedOnShipping, CartDisplay: quote.DisplayInclusive, ShippingTaxClass: quote.InheritShippingClass,
		Version: "10.4.3", TaxClasses: []string{"gst-12", "gst-18", "gst-5", "reduced-rate", "zero-rate"},
	}}
	for _, class := range []struct{ slug, half, whole string }{{"", "9", "18"}, {"gst-5", "2.5", "5"}, {"gst-12", "6", "12"}, {"gst-18", "9", "18"}} {
		row := quote.TaxRate{Class: class.slug, Country: "IN", Shipping: true}
		for _, r := range []struct {
			name, state, rate string
			priority          int
		}{{"CGST", "MH", class.half, 1}, {"SGST", "MH", class.half, 2}, {"IGST", "", class.whole, 1}} {
			row.ID, row.Name, row.State, row.Rate, row.Priority = int64(len(in.Rates)+1), r.name, r.state, dec(r.rate), r.priority
			in.Rates = append(in.Rates, row)
		}
	}
	return in
}

// bought is a line of a recorded purchase.
type bought struct {
	product  string
	quantity int64
}

func (b bought) line() quote.Line {
	switch b.product {
	case "mug":
		return quote.Line{ProductID: 16, UnitPrice: dec("499"), TaxClass: "gst-12", Quantity: b.quantity}
	case "pen":
		return quote.Line{ProductID: 17, UnitPrice: dec("25.00"), TaxClass: "gst-18", Quantity: b.quantity}
	case "rug":
		return quote.Line{ProductID: 27, UnitPrice: dec("2499"), TaxClass: "gst-12", Quantity: b.quantity}
	case "bangle":
		return quote.Line{ProductID: 44, VariationID: 45, UnitPrice: dec("450"), TaxClass: "gst-12", Quantity: b.quantity}
	case "kurta M":
		return quote.Line{ProductID: 37, VariationID: 38, UnitPrice: dec("1299"), TaxClass: "gst-5", Quantity: b.quantity}
	case "kurta L":
		return quote.Line{ProductID: 37, VariationID: 40, UnitPrice: dec("1349"), TaxClass: "gst-5", Quantity: b.quantity}
	}
	return quote.Line{ProductID: 37, VariationID: 43, UnitPrice: dec("1099"), TaxClass: "gst-5", Quantity: b.quantity}
}

// codes are the store's coupons.
func codes(entered []string) []quote.Coupon {
	known := map[string]quote.Coupon{
		"save10":  {ID: 1, Type: quote.PercentCoupon, Amount: dec("10.00")},
		"flat100": {ID: 2, Type: quote.FixedCartCoupon, Amount: dec("100.00"), MinimumAmount: dec("500.00")},
	}
	var coupons []quote.Coupon
	for _, code := range entered {
		c := known[strings.ToLower(code)]
		c.Code = code
		coupons = append(coupons, c)
	}
	return coupons
}

type purchase struct {
	name    string
	lines   []bought
	country string
	state   string
	method  string // of shipping, with its cost
	cost    string
	coupons []string
	fee     string
	// what the store answered
	items, itemsTax, discount, discountTax, shippingTax, tax, total string
}

func (p *purchase) input() quote.Input {
	in := recordedStore()
	for _, b := range p.lines {
		in.Lines = append(in.Lines, b.line())
	}
	in.ShipTo = quote.Destination{Country: p.country, State: p.state}
	if p.method != "" {
		in.Shipping = []quote.ShippingLine{{MethodID: p.method, Cost: dec(p.cost), Taxable: true}}
	}
	if p.fee != "" {
		in.Fees = []quote.Fee{{Name: "COD fee", Amount: dec(p.fee), Taxable: true}}
	}
	in.Coupons = codes(p.coupons)
	return in
}

// TestRecordedCarts are answers of the Store API's cart and of WooGraphQL's.
func TestRecordedCarts(t *testing.T) {
	three := []bought{{"mug", 3}, {"kurta L", 1}, {"kurta S", 1}}
	four := []bought{{"mug", 2}, {"kurta L", 1}, {"pen", 1}, {"bangle", 1}}
	for _, p := range []purchase{
		{"a pen", []bought{{"pen", 1}}, "IN", "MH", "flat_rate", "49", nil, "", "21.19", "3.82", "0.00", "0.00", "8.82", "12.64", "82.83"},
		{"three pens", []bought{{"pen", 3}}, "IN", "MH", "flat_rate", "49", nil, "", "63.56", "11.44", "0.00", "0.00", "8.82", "20.26", "132.82"},
		{"a pen to Karnataka", []bought{{"pen", 1}}, "IN", "KA", "flat_rate", "49", nil, "", "21.19", "3.81", "0.00", "0.00", "8.82", "12.63", "82.82"},
		{"a mug", []bought{{"mug", 1}}, "IN", "MH", "flat_rate", "49", nil, "", "445.54", "53.46", "0.00", "0.00", "5.88", "59.34", "553.88"},
		{"two mugs", []bought{{"mug", 2}}, "IN", "MH", "flat_rate", "49", nil, "", "891.07", "106.92", "0.00", "0.00", "5.88", "112.80", "1052.87"},
		{"three mugs", []bought{{"mug", 3}}, "IN", "MH", "flat_rate", "49", nil, "", "1336.61", "160.40", "0.00", "0.00", "5.88", "166.28", "1551.89"},
		{"two classes", []bought{{"mug", 3}, {"kurta L", 1}}, "IN", "MH", "flat_rate", "49", nil, "", "2621.37", "224.64", "0.00", "0.00", "5.88", "230.52", "2900.89"},
		{"three lines", three, "IN", "MH", "flat_rate", "49", nil, "", "3668.04", "276.98", "0.00", "0.00", "5.88", "282.86", "3999.90"},
		{"with ten percent off", three, "IN", "MH", "flat_rate", "49", []string{"save10"}, "", "3668.04", "276.98", "366.80", "27.70", "5.88", "255.16", "3605.40"},
		{"to Karnataka", three, "IN", "KA", "flat_rate", "49", nil, "", "3668.04", "276.96", "0.00", "0.00", "5.88", "282.84", "3999.88"},
		{"to America", three, "US", "CA", "", "", nil, "", "3668.04", "0.00", "0.00", "0.00", "0.00", "0.00", "3668.04"},
		{"with a coupon", four, "IN", "MH", "flat_rate", "49", []string{"SAVE10"}, "", "2598.81", "223.20", "259.88", "22.32", "5.88", "206.78", "2594.71"},
		{"with two coupons", four, "IN", "MH", "flat_rate", "49", []string{"save10", "flat100"}, "", "2598.81", "223.20", "349.45", "32.75", "5.88", "196.30", "2494.66"},
		{"a coupon to Karnataka", four, "IN", "KA", "flat_rate", "49", []string{"save10"}, "", "2598.81", "223.19", "259.88", "22.32", "5.88", "206.75", "2594.68"},
		{"picked up", three, "IN", "KA", "local_pickup", "0", nil, "", "3668.04", "276.98", "0.00", "0.00", "0.00", "276.98", "3945.02"},
	} {
		t.Run(p.name, func(t *testing.T) {
			got, err := quote.Cart(p.input())
			if err != nil {
				t.Fatal(err)
			}
			g := &got.Totals
			p.compare(t, g.Subtotal, g.SubtotalTax, g.DiscountTotal, g.DiscountTax, g.ShippingTax, g.TotalTax, g.Total)
		})
	}
}

// TestRecordedOrders are answers of POST /wc/v3/orders.
func TestRecordedOrders(t *testing.T) {
	mugAndKurta := []bought{{"mug", 2}, {"kurta M", 1}}
	for _, p := range []purchase{
		{"a mug", []bought{{"mug", 1}}, "IN", "KA", "", "", nil, "", "445.54", "53.46", "0.00", "0.00", "0.00", "53.46", "499.00"},
		{"two kurtas", []bought{{"kurta L", 2}}, "IN", "KA", "", "", nil, "", "2569.52", "128.48", "0.00", "0.00", "0.00", "128.48", "2698.00"},
		{"two others", []bought{{"kurta S", 2}}, "IN", "KA", "", "", nil, "", "2093.33", "104.67", "0.00", "0.00", "0.00", "104.67", "2198.00"},
		{"two rugs", []bought{{"rug", 2}}, "IN", "KA", "", "", nil, "", "4462.50", "535.50", "0.00", "0.00", "0.00", "535.50", "4998.00"},
		{"a hundred mugs", []bought{{"mug", 100}}, "IN", "KA", "", "", nil, "", "44553.57", "5346.43", "0.00", "0.00", "0.00", "5346.43", "49900.00"},
		{"a mug and a kurta", mugAndKurta, "IN", "KA", "flat_rate", "49.00", nil, "", "2128.21", "168.79", "0.00", "0.00", "5.88", "174.67", "2351.88"},
		{"with ten percent off", mugAndKurta, "IN", "KA", "flat_rate", "49.00", []string{"save10"}, "", "2128.21", "168.79", "212.82", "16.88", "5.88", "157.79", "2122.18"},
		{"with a fee", mugAndKurta, "IN", "KA", "flat_rate", "49.00", nil, "30.00", "2128.21", "168.79", "0.00", "0.00", "5.88", "180.07", "2387.28"},
		{"five hundred mugs", []bought{{"mug", 500}}, "IN", "KA", "flat_rate", "49.00", nil, "", "222767.86", "26732.14", "0.00", "0.00", "5.88", "26738.02", "249554.88"},
		{"a pen", []bought{{"pen", 1}}, "IN", "KA", "flat_rate", "49.00", nil, "", "21.19", "3.81", "0.00", "0.00", "8.82", "12.63", "82.82"},
	} {
		t.Run(p.name, func(t *testing.T) {
			q := calculate(t, p.input())
			g := &q.Totals
			p.compare(t, g.Subtotal.Decimal(), g.SubtotalTax.Decimal(), g.DiscountTotal.Decimal(), g.DiscountTax.Decimal(),
				g.ShippingTax.Decimal(), g.TotalTax.Decimal(), g.Total.Decimal())
		})
	}
}

func (p *purchase) compare(t *testing.T, got ...decimal.Decimal) {
	t.Helper()
	names := []string{"items", "items tax", "discount", "discount tax", "shipping tax", "tax", "total"}
	for i, want := range []string{p.items, p.itemsTax, p.discount, p.discountTax, p.shippingTax, p.tax, p.total} {
		if g := got[i].StringFixed(2); g != want {
			t.Errorf("%s %s, the store says %s", names[i], g, want)
		}
	}
}

// TestRecordedCartWithPricesWithoutTax: the same store after the merchant changed how prices are entered.
func TestRecordedCartWithPricesWithoutTax(t *testing.T) {
	p := purchase{"a mug", []bought{{"mug", 1}}, "IN", "MH", "flat_rate", "49", nil, "", "499.00", "59.88", "0.00", "0.00", "5.88", "65.76", "613.76"}
	in := p.input()
	in.Settings.PricesIncludeTax = false
	got, err := quote.Cart(in)
	if err != nil {
		t.Fatal(err)
	}
	g := &got.Totals
	p.compare(t, g.Subtotal, g.SubtotalTax, g.DiscountTotal, g.DiscountTax, g.ShippingTax, g.TotalTax, g.Total)
	if !g.DisplayedSubtotal.Equal(dec("558.88")) {
		t.Errorf("displayed subtotal %s", g.DisplayedSubtotal)
	}
	in.Settings.CartDisplay = quote.DisplayExclusive
	if got, err = quote.Cart(in); err != nil || !got.Totals.DisplayedSubtotal.Equal(dec("499")) {
		t.Errorf("displayed subtotal %s, %v", got.Totals.DisplayedSubtotal, err)
	}
}
