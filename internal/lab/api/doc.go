// Package api runs the HTTP API of a shop end to end: a browser's cookie jar in front, the WooCommerce stand-in behind.
// It is a package of this module because a test of the core must not link the stand-in.
package api
