// Package storeapi is WooCommerce's Store API, version 1: what a shopper's browser
// calls without a key, with money in minor units.
//
// An API answers requests; each becomes a Call, which embeds REST's and adds what
// only the Store API has: parameters decoded as PHP does, the cart its token names,
// and the state an overlapping checkout read. Routes and their parameters stand at the
// head of products.go, cart_routes.go and checkout.go; params.go checks them in WordPress'
// order and words.
//
// The cart itself is package carts. The filters and counts of products serve GraphQL's
// collectionStats too, which WooGraphQL hands to the same code.
package storeapi
