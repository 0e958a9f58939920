// Package accounts is who a request comes from, and what an account can be given:
// WordPress users with WooCommerce customers in them, and the bearer and refresh
// tokens of the plugin WPGraphQL JWT Authentication.
//
// WhoIs answers an Identity for every interface. A bearer that is not taken is not
// nobody: Identity.Broken makes every GraphQL root field fail, and REST ignores it.
// NewCustomer is wc_create_new_customer, in WooCommerce's own words when it refuses.
package accounts
