// Package shipping finds the shipping rates a WooCommerce store offers for a cart: the zone that serves the destination,
// the methods of that zone, and what each costs.
//
//	rates, err := shipping.Rates(zones, shipping.Request{Country: "IN", State: "KA", Postcode: "560001", Lines: …})
//
// It is pure: zones come from the store (REST: /shipping/zones), the request from the cart, and equal input gives equal
// rates. Costs are without tax and are not rounded; package quote taxes the rate that is chosen.
//
// # Zones
//
// Zones are tried in the store's order, and the first that matches serves. A zone matches when one of its countries,
// states or continents is the destination's (or it has none), and when one of its postcodes is (or it has none).
// Postcodes are exact, a prefix (400*), or a range (400001...400099). Zone 0 serves the rest of the world.
//
// # Costs
//
// A flat rate is a number or a formula:
//
//	49
//	10 + 5 * [qty]                                  pieces that need shipping
//	[cost] * 0.05                                   what they cost, without tax, after coupons
//	25 + [fee percent="10" min_fee="20" max_fee="100"]
//
// Formulas are computed in exact fractions; the result has six decimals, as WooCommerce stores it. Shipping classes add
// their own costs, each or only the highest of them. Free shipping can ask for a coupon, for a minimum amount, for one of
// them or for both.
//
// # What it refuses
//
// A formula that cannot be computed gives an *InvalidError with its field: WooCommerce would quietly ship for nothing.
// Methods of plugins, whose prices only the plugin knows, give an *UnsupportedError.
package shipping
