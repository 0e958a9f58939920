// Package record reads purchases as a WooCommerce store keeps them, and makes the quote.Input of each.
//
// A record is JSON in WooCommerce's own words: options by their names, tax rates and coupons as the REST API lists them,
// amounts as texts or as numbers, null or "" for none. There are three kinds: a Cart that the store's cart adds up, a
// CouponCart into which coupons are entered, and an Order that is posted to /wc/v3/orders. Support staff feed such records
// to examples/quote to see how a total came about; the tests of package quote hold the engine against thousands of them.
//
// Input checks only what has no place in an Input, such as a price that is missing; the rest is quote's to check.
package record
