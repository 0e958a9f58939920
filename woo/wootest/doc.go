// Package wootest is a WooCommerce in a process, for the tests of a program
// that talks to one and for demonstrations that need no WordPress.
//
// New starts a real HTTP server on loopback. It answers as WordPress with
// WooCommerce 10.4.3 and WooGraphQL 1.0.2 does, quirks included: the tests
// send requests recorded from a real store and compare status, headers, JSON
// shape and values.
//
//	GET|POST /graphql              WooGraphQL: catalogue, cart, checkout, accounts, orders
//	…        /wp-json/wc/v3/…      REST v3
//	…        /wp-json/wc/store/v1/… the Store API
//	GET      /wp-content/uploads/… drawn placeholders for the pictures
//	GET      /cart/, /checkout/, /my-account/, /transfer-session: a browser's way in
//
// # The catalogue
//
// The store sells what the recorded store sold: simple, variable (with stock
// of their own, of their parent, of nobody), grouped, external, virtual and
// downloadable products, on sale, dated, free, without a price, sold out, on
// backorder, hidden, draft and private, one with a Hindi slug. The data is in
// the very form the real store sent it; Config.Catalogue replaces or overlays
// its files. Catalogue answers them.
//
// # What a client meets here
//
// GraphQL prices are formatted strings; zero stock, a price of zero and no
// price are all null; errors come with status 200; every request without a
// session token is given one. Documents are checked against the real schema.
// What the schema has and wootest does not offer is answered with an error that
// says so, and so is a filter it does not apply.
//
// REST orders follow WooCommerce's own arithmetic, written down here a second
// time and on purpose not shared with package quote, so that "the order equals
// the quote" means something. Orders know no idempotency and no stock check.
// Processing, completed and on-hold take stock and note it on the line;
// cancelled and pending give it back. HTTP Basic works over TLS only, or behind
// a proxy that Config.TrustForwardedProto believes; over plain HTTP requests are
// signed with OAuth 1.0a.
//
// Completing one order twice in parallel takes the stock twice, as it does in
// WooCommerce: two requests that both read the order unpaid both reduce. In a
// test the Overlap fault makes that happen every time.
//
// # Sessions, carts and checkouts
//
// A cart lives in a session, which the header woocommerce-session names. A
// token is answered to whoever comes without a good one and after every
// mutation that changed the session; never after one that failed, except to
// somebody new. Older tokens of a session stay good until they expire. A token
// that is not taken is refused by cart fields and cart mutations, in php-jwt's
// words, and the same answer carries a new guest's token: do not adopt it. The
// mutations of one session are made one after the other, but for checkout.
//
// The cart is added up by packages pricing/quote and pricing/shipping, in the
// cart's own arithmetic, which those packages hold against thousands of real
// carts; an order that checkout makes has the cart's amounts. Checks and
// messages are WooCommerce's, HTML included. The mistakes are WooGraphQL's:
// amounts selected before total may be old, CartItem.id nulls the list,
// updateItemQuantities checks no stock, a checkout takes any address.
//
// Two checkouts that overlap make two orders of one cart, and two carts can
// sell the last piece twice: arm the Overlap fault with the operation
// "checkout", or set Config.CheckoutWindow.
//
// # The Store API
//
// Products with their filters and counts, the cart and every change of it, the
// checkout with its draft order, batches: what a shopper's browser calls, with
// money in minor units. A cart is named by a Cart-Token, which replaces nonce
// and cookies; a bad one opens a new, empty cart on reading and is refused on
// writing, and both answer a token that must not be taken for the cart's. A
// cart token and a woocommerce-session token can name one cart, as
// Config.SessionTokens says. Refusals with status 409 carry the cart.
// Config.StoreRateLimit switches WooCommerce's own limit on.
//
// # Who is asking
//
// The store has accounts: admin, the shop manager "manager" and the customer
// "priya", whose passwords are their names and "-pass-1"; Config.Catalogue may
// replace users.json. The GraphQL mutation login gives a bearer for five
// minutes and a refresh token for a year. A bearer that has expired or is
// forged makes every root field fail with "Internal server error", as WPGraphQL
// JWT Authentication does; BearerToken makes one of any age, and with
// Config.JWTSecret a test can forge any. The bearer counts on REST and the Store
// API too. Signing in with a guest's session token moves the cart. The back
// office creates and changes orders over GraphQL with WooGraphQL's own mistakes:
// the product's tax class is ignored, and a status given at creation takes no
// stock. MailedResetKey reads the password reset mail.
//
// # Things that happen when the test says so
//
// Webhooks become due as they do in WooCommerce and are sent by
// Store.DeliverWebhooks, to loopback addresses only, each body built then.
// Misbehaviour is armed with Store.Faults or Config.Faults: replies lost before
// or after the effect, gateways failing, an effect that appears only after the
// caller has looked, stale reads, and more; see FaultKind. The shop keeper's hand
// is played with SetStock, SetPrice, SetOrderStatus and TrashProduct, and Stock,
// Order and Orders look behind the counter.
//
// # What is left out
//
// Fees in a GraphQL cart, stock that pending orders hold, shipping methods of
// plugins and costs by shipping class, changing settings, taxes and zones over
// REST (501), and action.* webhooks, which can be registered and never fire.
//
// # How it is built
//
// This package is the server, the faults and the test's hands. Below it, in
// internal, each package uses only those further down:
//
//	graphql, pages, storeapi, rest   what a client talks to
//	sessions, accounts               who asks, and with which cart
//	carts, orders                    WooCommerce's rules
//	site                             the rows, and the lock over them
//	shop                             settings, prices, taxes
//	wire, phpjwt, wp                 requests and answers, tokens, PHP's ways
//
// Tests lie beside what they test; package storetest has what they share.
package wootest
