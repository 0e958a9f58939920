package gst_test

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/adjust"
	"github.com/ankkor/ankkor/pricing/gst"
	"github.com/ankkor/ankkor/pricing/quote"
)

// A shop in Mumbai sells a shirt and a coat to Bengaluru: 5 % up to ₹2,500 a piece, 18 % above.
func Example() {
	rates, err := quote.GSTRates("MH", gst.Slabs()...)
	if err != nil {
		fmt.Println(err)
		return
	}
	in := quote.Input{
		Settings: quote.Settings{Currency: pricing.INR, Decimals: 2, TaxEnabled: true, PricesIncludeTax: true, BaseCountry: "IN", BaseState: "MH"},
		Rates:    rates,
		ShipTo:   quote.Destination{Country: "IN", State: "KA"},
		Lines: []quote.Line{
			{ProductID: 1, Name: "Shirt", UnitPrice: decimal.NewFromInt(1050), Quantity: 1, CategoryIDs: []int64{7}},
			{ProductID: 2, Name: "Coat", UnitPrice: decimal.NewFromInt(5900), Quantity: 1, CategoryIDs: []int64{7}},
		},
	}
	in, err = gst.Classify(in, gst.Apparel(adjust.Scope{Categories: []int64{7}}))
	if err != nil {
		fmt.Println(err)
		return
	}
	q, err := quote.Calculate(in)
	if err != nil {
		fmt.Println(err)
		return
	}
	invoice, err := gst.NewInvoice(q, rates)
	for _, r := range invoice.Rows {
		fmt.Printf("%s%%: %s, IGST %s\n", r.Percent, r.Taxable, r.IGST)
	}
	fmt.Println(invoice.Total, err)
	// Output:
	// 5%: INR 1000.00, IGST INR 50.00
	// 18%: INR 5000.00, IGST INR 900.00
	// INR 6950.00 <nil>
}

func ExampleParseGSTIN() {
	g, err := gst.ParseGSTIN("27 AAPFU 0939 F1ZV")
	fmt.Println(g, g.State(), err)
	_, err = gst.ParseGSTIN("27AAPFU0938F1ZV")
	fmt.Println(err)
	// Output:
	// 27AAPFU0939F1ZV MH <nil>
	// gst: gstin: has a wrong check digit: one character was mistyped
}
