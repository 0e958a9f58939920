// Package backend runs examples/server as a process of its own, as a shop would run it, on real Postgres and Redis, with
// a WooCommerce and a Razorpay in the test's process behind it, and buys from it over HTTP.
//
//	shop := backend.Open(t, backend.Config{})
//	bought, err := shop.Shopper().Buy(ctx, shop.Goods(t)[0], 2)
//	shop.Settle(t)
//	shop.Audit(t)
//
// The process can be asked to stop, killed and started again; its log is kept. Audit holds everything that was sold
// against what the WooCommerce and the Razorpay have in their books.
package backend
