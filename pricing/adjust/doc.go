// Package adjust changes prices by a shop's own rules before a purchase is quoted: cheaper by the dozen, a price for
// three days, a price for dealers, three for the price of two.
//
//	in, err := adjust.Apply(in, adjust.Buyer{Groups: []string{"dealer"}},
//		adjust.Group{ID: "dealer", Label: "Dealer price", Group: "dealer", Price: adjust.PercentOff(decimal.NewFromInt(20))},
//		adjust.Tiers{ID: "dozen", Label: "By the dozen", Steps: []adjust.Step{{From: 12, Price: adjust.PercentOff(decimal.NewFromInt(10))}}},
//	)
//	q, err := quote.Calculate(in)
//
// A Rule looks at the purchase and says by how much lines change. Rules are applied in the order they are given, and
// each sees the prices as the rules before it left them: 20 % and then 10 % is 28 %. Rules only make cheaper, and never
// cheaper than nothing. What a rule takes off a line is rounded once, to the store's decimals, half away from zero.
//
// # In the order
//
// WooCommerce knows nothing of these rules. Each change becomes a [quote.Adjustment] of the line; the quote shows it with
// its label, and it is part of the line's subtotal, which is what an order is created with. So WooCommerce computes
// coupons and tax on the reduced price, and its total is the quote's.
//
// Everything here is pure: no I/O, no clock but Input.At, equal input gives equal output.
package adjust
