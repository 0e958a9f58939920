// Package carts is a shopper's cart as WooCommerce keeps and checks it, whoever
// asks: GraphQL and the Store API are two doors to the same one.
//
// A Basket is the work of one request on a session's cart. It adds and removes
// items, applies coupons, offers shipping rates, calculates, and turns the cart into
// an order (Place). What is refused is an *Error, whose text is the notice
// WooCommerce shows the shopper, HTML included.
//
// The totals come from packages pricing/quote and pricing/shipping of the library in
// the cart's own arithmetic, which those packages hold against thousands of real
// carts. Orders have another arithmetic: package orders.
package carts
