package shipping

import "github.com/shopspring/decimal"

// Rates returns the rates the store offers, in WooCommerce's order: the first is what it would preselect.
// When nothing in the cart needs shipping it returns nil and no error; when the zone has no method, too.
func Rates(zones []Zone, req Request) ([]Rate, error) {
	return nil, &UnsupportedError{Feature: "rates"}
}

// FlatWithFreeThreshold is what most Indian shops do: one flat rate everywhere, and free shipping from a threshold.
// The threshold is compared with the displayed subtotal after coupons.
func FlatWithFreeThreshold(cost, threshold decimal.Decimal) []Zone {
	return []Zone{{ID: 0, Methods: []Method{
		{InstanceID: 1, Kind: FreeShipping, Enabled: true, Order: 1, Title: "Free shipping", Requires: RequireMinAmount, MinAmount: threshold},
		{InstanceID: 2, Kind: FlatRate, Enabled: true, Order: 2, Title: "Flat rate", Taxable: true, Cost: cost.String()},
	}}}
}
