// Package rest is WooCommerce's REST API, version 3, as a back office meets it:
// keys, OAuth over plain HTTP, collections with their paging headers, and the forms
// in which orders, products, customers, coupons and the shop's settings are shown and
// written.
//
// An API answers requests; each becomes a Call, whose methods are the handlers of the
// routes (see allRoutes). A handler answers an Answer or a *wire.Error. The views
// (OrderView, ProductView, CustomerView) are also the bodies of webhooks, and the Store
// API embeds a Call for its parameters and paths.
//
// What a request does to an order is in package orders; here is what is taken from its
// body, checked against WordPress' schema, and shown.
package rest
