package quote_test

import (
	"errors"
	"fmt"
	"log"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// karnataka are the settings of a shop in Bengaluru whose prices include GST.
func karnataka() quote.Settings {
	return quote.Settings{
		Currency: pricing.INR, Decimals: 2, TaxEnabled: true, PricesIncludeTax: true,
		BaseCountry: "IN", BaseState: "KA", TaxBasedOn: quote.BasedOnShipping,
		CartDisplay: quote.DisplayInclusive, ShippingTaxClass: quote.InheritShippingClass, Version: "10.4.3",
	}
}

// Two pieces of ₹499 with 12 % GST inside: to the shop's own state the tax has two halves, each rounded on its own, and
// WooCommerce comes to ₹997.99. To another state it is one tax, and the total is ₹998.00.
func Example() {
	rates, err := quote.GSTRates("KA", quote.Slab{Rate: decimal.NewFromInt(12)})
	if err != nil {
		log.Fatal(err)
	}
	in := quote.Input{
		Settings: karnataka(),
		Rates:    rates,
		Lines:    []quote.Line{{Key: "kurta", ProductID: 1001, UnitPrice: decimal.NewFromInt(499), Quantity: 2}},
	}
	for _, state := range []string{"KA", "MH"} {
		in.ShipTo = quote.Destination{Country: "IN", State: state}
		q, err := quote.Calculate(in)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("to", state, q.Totals.Total)
		for _, row := range q.Taxes {
			fmt.Println("  ", row.Label, row.Percent, "%", row.Tax)
		}
	}
	// Output:
	// to KA INR 997.99
	//    CGST 6 % INR 53.46
	//    SGST 6 % INR 53.46
	// to MH INR 998.00
	//    IGST 12 % INR 106.93
}

// The trace answers the customer who asks why.
func ExampleCalculate_explain() {
	rates, _ := quote.GSTRates("KA", quote.Slab{Rate: decimal.NewFromInt(12)})
	q, err := quote.Calculate(quote.Input{
		Settings: karnataka(), Rates: rates, Explain: true,
		Lines:  []quote.Line{{ProductID: 1001, UnitPrice: decimal.NewFromInt(499), Quantity: 2}},
		ShipTo: quote.Destination{Country: "IN", State: "KA"},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, step := range q.Trace {
		fmt.Printf("%-18s %s -> %s\n", step.Subject, step.From.StringFixed(6), step.To.StringFixed(6))
	}
	// Output:
	// lines[0].subtotal  998.000000 -> 891.071428
	// lines[0].tax[CGST] 53.464286 -> 53.460000
	// lines[0].tax[SGST] 53.464286 -> 53.460000
	// lines[0].total     891.071428 -> 891.070000
	// total              997.991428 -> 997.990000
}

// A coupon, shipping and a fee for cash on delivery, as the order will have them.
func ExampleCalculate_coupon() {
	rates, _ := quote.GSTRates("KA", quote.Slab{Rate: decimal.NewFromInt(18)})
	q, err := quote.Calculate(quote.Input{
		Settings: karnataka(), Rates: rates,
		Lines:    []quote.Line{{ProductID: 1001, UnitPrice: decimal.NewFromInt(1299), Quantity: 1}},
		ShipTo:   quote.Destination{Country: "IN", State: "TN"},
		Coupons:  []quote.Coupon{{ID: 7, Code: "diwali10", Type: quote.PercentCoupon, Amount: decimal.NewFromInt(10)}, {Code: "typo"}},
		Shipping: []quote.ShippingLine{{RateID: "flat_rate:1", MethodID: "flat_rate", Cost: decimal.NewFromInt(49), Taxable: true}},
		Fees:     []quote.Fee{{Name: "Cash on delivery", Amount: decimal.NewFromInt(30), Taxable: true}},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("discount", q.Totals.DiscountTotal, "and", q.Totals.DiscountTax, "tax")
	fmt.Println("shipping", q.Totals.ShippingTotal, "and", q.Totals.ShippingTax, "tax")
	fmt.Println("total", q.Totals.Total)
	for _, r := range q.Refused {
		fmt.Println("not used:", r.Code, int(r.Reason))
	}
	// Output:
	// discount INR 110.09 and INR 19.82 tax
	// shipping INR 49.00 and INR 8.82 tax
	// total INR 1262.32
	// not used: typo 105
}

// Between the quote and the payment a price went up: the storefront shows what changed and asks again.
func ExampleCompare() {
	in := quote.Input{
		Settings: quote.Settings{Currency: pricing.INR, Decimals: 2},
		Lines:    []quote.Line{{Key: "kurta", ProductID: 1001, Name: "Kurta", UnitPrice: decimal.NewFromInt(499), Quantity: 2}},
	}
	before, _ := quote.Calculate(in)
	in.Lines[0].UnitPrice = decimal.NewFromInt(549)
	after, _ := quote.Calculate(in)

	if before.Hash() == after.Hash() {
		return
	}
	d := quote.Compare(before, after)
	for _, l := range d.Lines {
		fmt.Println(l.New.Name, l.Kinds, l.Old.UnitPrice, "->", l.New.UnitPrice)
	}
	fmt.Println("total", d.Total.Old, "->", d.Total.New)
	// Output:
	// Kurta [price] 499 -> 549
	// total INR 998.00 -> INR 1098.00
}

// Input that cannot be true is refused by the name of its field.
func ExampleInvalidError() {
	_, err := quote.Calculate(quote.Input{
		Settings: quote.Settings{Currency: pricing.INR, Decimals: 2},
		Lines:    []quote.Line{{ProductID: 1001, UnitPrice: decimal.NewFromInt(499), Quantity: -5}},
	})
	var invalid *quote.InvalidError
	if errors.As(err, &invalid) {
		fmt.Println(invalid.Field + ": " + invalid.Reason)
	}
	// Output:
	// lines[0].quantity: must be a whole number from 1 to 1000000
}

func ExampleGSTRates() {
	rates, err := quote.GSTRates("CH", quote.Slab{Class: "gst-5", Rate: decimal.NewFromInt(5)})
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range rates {
		fmt.Printf("%s %s%% %q\n", r.Name, r.Rate, r.State)
	}
	// Output:
	// CGST 2.5% "CH"
	// UTGST 2.5% "CH"
	// IGST 5% ""
}
