package record_test

import (
	"encoding/json"
	"fmt"

	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/quote/record"
)

// A customer asks why two mugs cost 998.00 and not 997.99. The cart is read as the store's export has it.
func ExampleCart_Input() {
	export := `{
		"settings": {"currency": "INR", "decimals": 2, "tax_enabled": true, "prices_include_tax": true,
			"base_country": "IN", "base_state": "MH", "tax_based_on": "shipping"},
		"destination": {"shipping": {"country": "IN", "state": "KA"}},
		"tax_rates": [{"id": 3, "country": "IN", "rate": "12.0000", "name": "IGST", "priority": 1}],
		"lines": [{"product_id": 16, "price": "499", "quantity": 2}]}`
	var cart record.Cart
	if err := json.Unmarshal([]byte(export), &cart); err != nil {
		fmt.Println(err)
		return
	}
	in, err := cart.Input("10.4.3")
	if err != nil {
		fmt.Println(err)
		return
	}
	view, err := quote.Cart(in)
	fmt.Println(view.Totals.Total.StringFixed(2), err)
	// Output: 998.00 <nil>
}
