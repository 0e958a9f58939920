package quote_test

import (
	"testing"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func ptr(s string) *decimal.Decimal { d := dec(s); return &d }

// shop is a shop in Karnataka whose prices include GST of 12 %.
func shop(t testing.TB) quote.Input {
	t.Helper()
	rates, err := quote.GSTRates("KA", quote.Slab{Rate: dec("12")}, quote.Slab{Class: "gst-18", Rate: dec("18")}, quote.Slab{Class: "gst-0", Rate: dec("0")})
	if err != nil {
		t.Fatal(err)
	}
	return quote.Input{
		Settings: quote.Settings{
			Currency: pricing.INR, Decimals: 2, TaxEnabled: true, PricesIncludeTax: true,
			BaseCountry: "IN", BaseState: "KA", TaxBasedOn: quote.BasedOnShipping,
			CartDisplay: quote.DisplayInclusive, ShippingTaxClass: quote.InheritShippingClass, Version: "10.4.3",
		},
		Rates:  rates,
		Lines:  []quote.Line{{Key: "a", ProductID: 1, UnitPrice: dec("499"), Quantity: 2}},
		ShipTo: quote.Destination{Country: "IN", State: "KA", Postcode: "560001"},
	}
}

func calculate(t testing.TB, in quote.Input) quote.Quote {
	t.Helper()
	q, err := quote.Calculate(in)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestTotals(t *testing.T) {
	cases := map[string]struct {
		change func(*quote.Input)
		total  string // what the customer pays
		tax    string
	}{
		"two pieces of 499 with 12 % GST in two halves":    {func(*quote.Input) {}, "997.99", "106.92"},
		"the same to another state: one tax, one rounding": {func(in *quote.Input) { in.ShipTo.State = "MH" }, "998.00", "106.93"},
		"one piece":                    {func(in *quote.Input) { in.Lines[0].Quantity = 1 }, "499.00", "53.46"},
		"rounded at the subtotal":      {func(in *quote.Input) { in.Settings.RoundAtSubtotal = true }, "998.00", "106.93"},
		"prices without tax":           {func(in *quote.Input) { in.Settings.PricesIncludeTax = false }, "1117.76", "119.76"},
		"tax switched off":             {func(in *quote.Input) { in.Settings.TaxEnabled = false }, "998.00", "0.00"},
		"abroad: the tax is taken out": {func(in *quote.Input) { in.ShipTo = quote.Destination{Country: "AE"} }, "891.07", "0.00"},
		"abroad at a fixed gross price": {func(in *quote.Input) {
			in.ShipTo = quote.Destination{Country: "AE"}
			in.Settings.FixedGrossPrice = true
		}, "998.00", "0.00"},
		"exempt customer":               {func(in *quote.Input) { in.VATExempt = true }, "891.07", "0.00"},
		"not taxed":                     {func(in *quote.Input) { in.Lines[0].TaxStatus = quote.NotTaxable }, "998.00", "0.00"},
		"nil rated":                     {func(in *quote.Input) { in.Lines[0].TaxClass = "gst-0" }, "998.00", "0.00"},
		"a class without rates":         {func(in *quote.Input) { in.Lines[0].TaxClass = "gst-40" }, "998.00", "0.00"},
		"no address: taxed at the shop": {func(in *quote.Input) { in.ShipTo = quote.Destination{} }, "997.99", "106.92"},
		"no shipping address: billing": {func(in *quote.Input) {
			in.ShipTo = quote.Destination{}
			in.BillTo = quote.Destination{Country: "IN", State: "MH"}
		}, "998.00", "106.93"},
		"taxed by the billing address": {func(in *quote.Input) {
			in.Settings.TaxBasedOn = quote.BasedOnBilling
			in.BillTo = quote.Destination{Country: "IN", State: "MH"}
		}, "998.00", "106.93"},
		"taxed at the shop": {func(in *quote.Input) { in.Settings.TaxBasedOn = quote.BasedOnBase; in.ShipTo.State = "MH" }, "997.99", "106.92"},
		"picked up from another state": {func(in *quote.Input) {
			in.ShipTo.State = "MH"
			in.Shipping = []quote.ShippingLine{{MethodID: "local_pickup"}}
		}, "997.99", "106.92"},
		"with shipping of 49":            {func(in *quote.Input) { in.Shipping = flat("49") }, "1052.87", "112.80"},
		"shipping in its own class":      {func(in *quote.Input) { in.Shipping = flat("49"); in.Settings.ShippingTaxClass = "gst-18" }, "1055.81", "115.74"},
		"a fee of 25":                    {func(in *quote.Input) { in.Fees = []quote.Fee{{Name: "COD", Amount: dec("25"), Taxable: true}} }, "1025.99", "109.92"},
		"a fee that is not taxed":        {func(in *quote.Input) { in.Fees = []quote.Fee{{Name: "COD", Amount: dec("25")}} }, "1022.99", "106.92"},
		"a discount as a fee":            {func(in *quote.Input) { in.Fees = []quote.Fee{{Name: "-", Amount: dec("-91.07")}} }, "896.00", "96.00"},
		"a discount larger than the lot": {func(in *quote.Input) { in.Fees = []quote.Fee{{Name: "-", Amount: dec("-5000")}} }, "0.00", "0.00"},
		"a price rule takes 10 % off": {func(in *quote.Input) {
			in.Lines[0].Adjustments = []quote.Adjustment{{Rule: "tier", Amount: dec("-99.80")}}
		}, "898.20", "96.24"},
		"amounts given by hand":           {func(in *quote.Input) { in.Lines[0].Given = &quote.Given{Subtotal: ptr("900"), Total: ptr("800")} }, "896.00", "96.00"},
		"a given total raises a subtotal": {func(in *quote.Input) { in.Lines[0].Given = &quote.Given{Subtotal: ptr("1"), Total: ptr("800")} }, "896.00", "96.00"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			in := shop(t)
			c.change(&in)
			q := calculate(t, in)
			if got := q.Totals.Total.Amount(); got != c.total {
				t.Errorf("total %s, want %s", got, c.total)
			}
			if got := q.Totals.TotalTax.Amount(); got != c.tax {
				t.Errorf("tax %s, want %s", got, c.tax)
			}
		})
	}
}

func flat(cost string) []quote.ShippingLine {
	return []quote.ShippingLine{{RateID: "flat_rate:3", MethodID: "flat_rate", InstanceID: 3, Title: "Flat rate", Cost: dec(cost), Taxable: true}}
}

func TestLinesAreSentWithoutTaxInSixDecimals(t *testing.T) {
	in := shop(t)
	in.Lines[0].Name, in.Lines[0].SKU = "Kurta", "K-1"
	q := calculate(t, in)
	l := q.Lines[0]
	if got := l.Subtotal.StringFixed(6); got != "891.071428" {
		t.Errorf("subtotal %s", got)
	}
	if l.Total.Exponent() != -6 {
		t.Errorf("total has %d decimals", -l.Total.Exponent())
	}
	if l.Gross.Amount() != "997.99" || l.Name != "Kurta" || l.SKU != "K-1" || l.Quantity != 2 || l.TaxStatus != quote.Taxable {
		t.Errorf("line %+v", l)
	}
	if len(l.Taxes) != 2 || l.Taxes[0].Total.String() != "53.464286" || l.Taxes[0].RateID != 1 || l.Taxes[1].RateID != 2 {
		t.Errorf("taxes %+v", l.Taxes)
	}
}

func TestTaxRows(t *testing.T) {
	in := shop(t)
	in.Shipping = flat("49")
	q := calculate(t, in)
	if len(q.Taxes) != 2 {
		t.Fatalf("%d rows", len(q.Taxes))
	}
	row := q.Taxes[1]
	if row.Code != "IN-KA-SGST-2" || row.Label != "SGST" || row.Percent.String() != "6" || row.Tax.Amount() != "53.46" || row.ShippingTax.Amount() != "2.94" {
		t.Errorf("row %+v", row)
	}
}

func TestVariations(t *testing.T) {
	for name, line := range map[string]quote.Line{
		"product and variation": {ProductID: 31, VariationID: 41, UnitPrice: dec("10"), Quantity: 1},
		"product and parent":    {ProductID: 41, ParentID: 31, UnitPrice: dec("10"), Quantity: 1},
		"all three":             {ProductID: 31, VariationID: 41, ParentID: 31, UnitPrice: dec("10"), Quantity: 1},
	} {
		in := shop(t)
		in.Lines = []quote.Line{line}
		in.Coupons = []quote.Coupon{{ID: 1, Code: "both", Type: quote.PercentCoupon, Amount: dec("50"), ProductIDs: []int64{31}, ExcludedProductIDs: []int64{99}}}
		q := calculate(t, in)
		if l := q.Lines[0]; l.ProductID != 31 || l.VariationID != 41 {
			t.Errorf("%s: %d/%d", name, l.ProductID, l.VariationID)
		}
		if q.Totals.Total.Amount() != "5.00" {
			t.Errorf("%s: the coupon on the parent gives %s", name, q.Totals.Total)
		}
	}
}

func TestYenHaveNoDecimals(t *testing.T) {
	in := shop(t)
	in.Settings.Currency, in.Settings.Decimals = pricing.JPY, 0
	in.Lines[0].UnitPrice = dec("4990")
	if got := calculate(t, in).Totals.Total.Amount(); got != "9981" {
		t.Errorf("total %s: 8910.71 and twice 534.64 are rounded one by one", got)
	}
}

func TestWholeRupees(t *testing.T) {
	in := shop(t)
	in.Settings.Decimals = 0
	q := calculate(t, in)
	if got := q.Totals.Total.Amount(); got != "997.00" {
		t.Errorf("total %s: a store without decimals rounds 53.46 twice", got)
	}
}

func TestCartIsBesideTheOrder(t *testing.T) {
	in := shop(t)
	in.Shipping = flat("49")
	in.Shipping[0].Taxable = false
	q := calculate(t, in)
	found := map[string]quote.CartDifference{}
	for _, d := range q.Cart.Differences {
		found[d.Field] = d
	}
	d, ok := found["shipping_tax"]
	if !ok || d.Order.String() != "5.88" || !d.Cart.IsZero() || d.Reason == "" {
		t.Errorf("shipping_tax %+v of %+v", d, q.Cart.Differences)
	}
	if _, ok := found["subtotal"]; ok {
		t.Errorf("the same subtotal is reported as different")
	}
}

func TestNoDifferencesInAPlainCart(t *testing.T) {
	if d := calculate(t, shop(t)).Cart.Differences; len(d) > 0 {
		t.Errorf("differences %+v", d)
	}
}

// TestFifteenDigits: PHP takes a number to 15 significant digits before it rounds. The tax in this price is
// 22836924.61016949 paise: rounded at once to six decimals of a paisa that is .610169, by way of 15 digits .610170.
func TestFifteenDigits(t *testing.T) {
	in := shop(t)
	in.ShipTo.State, in.Settings.BaseState = "MH", "TN"
	in.Lines = []quote.Line{{ProductID: 1, UnitPrice: dec("1497087.28"), Quantity: 1, TaxClass: "gst-18"}}
	got := calculate(t, in).Cart.Lines[0].TotalTaxes[0].Amount
	if got.StringFixed(8) != "228369.24610170" {
		t.Errorf("tax %s", got.StringFixed(8))
	}
}
