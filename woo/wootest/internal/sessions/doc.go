// Package sessions is how a shopper is found again: the woocommerce-session token of
// GraphQL, the Cart-Token of the Store API, and a browser's cookies, all of which can
// name the same session.
//
// A Visit is what one GraphQL request holds of a session (WooGraphQL's
// QL_Session_Handler): Begin reads the token, or begins a new session when there is no
// good one, and Finish saves and sets the headers of the answer. Which tokens are
// issued, when one is refused and when signing in moves a cart are the rules a client
// most often gets wrong, and each is written at its function with the plugin's own
// name for it.
//
// Doors are the ways from a session into a browser (User Session transferring URLs).
package sessions
