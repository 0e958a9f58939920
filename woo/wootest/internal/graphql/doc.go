// Package graphql is WooGraphQL on WPGraphQL: catalogue, cart, checkout, accounts and
// the back office, over the real schema.
//
// An API reads the operations of an HTTP request and runs each as a request, which
// validates the document against the schema, executes it, and keeps WPGraphQL's words
// for what goes wrong. A node is an object of the graph: fields are values or
// resolvers. What the schema has and a node has not is answered with an error that
// says so, never with an empty answer; filters that are not applied likewise.
//
// The files are the schema's parts: root.go and filter.go the lists, product.go and
// its neighbours what a product shows, cart*.go and checkout.go the shopper's
// mutations, auth*.go signing in, orders*.go the back office with WooGraphQL's own
// mistakes. The rules behind them are in packages carts, orders, accounts and
// sessions; overlap.go is where two requests are made to read before either writes.
package graphql
