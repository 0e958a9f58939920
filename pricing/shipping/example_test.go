package shipping_test

import (
	"fmt"
	"log"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/shipping"
)

// ₹49 everywhere, free from ₹999: what most Indian shops do.
func ExampleFlatWithFreeThreshold() {
	zones := shipping.FlatWithFreeThreshold(decimal.NewFromInt(49), decimal.NewFromInt(999))
	for _, subtotal := range []int64{499, 1299} {
		rates, err := shipping.Rates(zones, shipping.Request{
			Country: "IN", State: "KA", Postcode: "560001", Decimals: 2, HideRatesWhenFree: true,
			Lines:             []shipping.Line{{Quantity: 1, Total: decimal.NewFromInt(subtotal)}},
			DisplayedSubtotal: decimal.NewFromInt(subtotal),
		})
		if err != nil {
			log.Fatal(err)
		}
		for _, r := range rates {
			fmt.Println(subtotal, r.ID, r.Label, r.Cost)
		}
	}
	// Output:
	// 499 flat_rate:2 Flat rate 49
	// 1299 free_shipping:1 Free shipping 0
}

// A formula with a percentage, and a zone for Mumbai's postcodes.
func ExampleRates() {
	zones := []shipping.Zone{
		{
			ID: 1, Name: "Mumbai", Order: 1,
			Locations: []shipping.ZoneLocation{{Type: shipping.PostcodeLocation, Code: "400001...400104"}},
			Methods:   []shipping.Method{{InstanceID: 1, Kind: shipping.LocalPickup, Enabled: true, Title: "Pick up in Dadar"}},
		},
		{
			Name: "Everywhere else",
			Methods: []shipping.Method{{
				InstanceID: 2, Kind: shipping.FlatRate, Enabled: true, Title: "Courier", Taxable: true,
				Cost:       `40 + [fee percent="2" max_fee="50"]`,
				ClassCosts: map[string]string{"fragile": "15 * [qty]"},
			}},
		},
	}
	req := shipping.Request{
		Country: "IN", State: "KA", Postcode: "560001", Decimals: 2,
		Lines: []shipping.Line{
			{Quantity: 1, Total: decimal.NewFromInt(700)},
			{Quantity: 2, Total: decimal.NewFromInt(300), ShippingClass: "fragile"},
		},
	}
	for _, postcode := range []string{"560001", "400 014"} {
		req.Postcode = postcode
		rates, err := shipping.Rates(zones, req)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(postcode, rates[0].Label, rates[0].Cost)
	}
	// Output:
	// 560001 Courier 90
	// 400 014 Pick up in Dadar 0
}
