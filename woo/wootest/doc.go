// Package wootest is a WooCommerce in a process, for the tests of a program
// that talks to one.
//
// New starts a real HTTP server on loopback that answers as WordPress with
// WooCommerce and WooGraphQL does: GraphQL at /graphql, REST at
// /wp-json/wc/v3, webhooks to loopback addresses, pictures under
// /wp-content/uploads.
package wootest
