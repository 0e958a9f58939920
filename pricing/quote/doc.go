// Package quote computes what a purchase costs, to the paisa that WooCommerce computes.
package quote
