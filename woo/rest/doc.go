// Package rest is a typed client of WooCommerce's REST API, version 3: products
// and their stock, orders, notes and refunds, customers, coupons, taxes,
// shipping, settings, webhooks. It is for the programs around a shop (imports,
// back offices, reports); a checkout needs none of it and uses package woo.
//
// # Shapes
//
// Everything is reached from a [Client], and comes in one of three shapes. A
// [List] can be read, a [Resource] written too, a [Collection] written in
// batches as well. What is read and what is written are two types: of
// [Product] one writes a [ProductChange], whose fields are pointers, so that
// what is nil is not sent and stays as it is.
//
//	shop := rest.New(client)
//	mug, err := shop.Products().Get(ctx, 16)
//	mug, err = shop.Products().Update(ctx, 16, rest.ProductChange{RegularPrice: new(rest.AmountOf(price))})
//	for product, err := range shop.Products().All(ctx, rest.Query{SKU: []string{"MUG-001"}}) { … }
//
// # Money and time
//
// Amounts are decimals and travel as strings in both directions; a number is
// never sent, because PHP would make a float of it. An [Amount] that is not
// Valid is no amount at all: a product without a price, a sale that has ended.
// Times are UTC: WooCommerce writes each date twice, and only the *_gmt twin
// says which instant it means.
//
// # What became of a call
//
// Errors are those of package woo: refused, not found, unauthorised, rate
// limited, unavailable, and, for a write, unknown. A write is sent once and
// never again. WooCommerce says 200 to some writes that it ignores, such as a
// stock quantity for a product that does not manage stock; the answer is
// compared with what was sent and such a call fails with an [*IgnoredError].
// In a batch every item has an outcome of its own.
package rest
