// Package load drives examples/server as many shoppers at once do, over HTTP, and says how fast it was and whether the
// books agree afterwards:
//
//	make load ORDERS=2000 CALLERS=64
//
// Server, Postgres, Redis, the WooCommerce and the Razorpay behind it, and the shoppers themselves share one machine: the
// figures compare one version with another on that machine, and nothing else.
package load
