package wootest

import (
	"io/fs"
	"log/slog"
	"time"
)

// Config says how a store behaves. The zero Config is a plain HTTP store with
// the embedded catalogue, the system clock and no faults.
type Config struct {
	// Now is the store's clock; nil means time.Now. It dates orders and
	// products, decides whether a dated sale runs and checks OAuth timestamps.
	Now func() time.Time

	// Logger receives one debug record per request; nil discards them.
	// No key, secret or body is ever logged.
	Logger *slog.Logger

	// Catalogue replaces the embedded store data. It holds the files named in
	// the README of the embedded catalogue folder, each one an answer of a
	// real store's REST API. A missing file means an empty collection.
	Catalogue fs.FS

	// TLS serves HTTPS with a certificate made for this store; CertPool and
	// HTTPClient trust it.
	TLS bool

	// TrustForwardedProto makes a request with "X-Forwarded-Proto: https"
	// count as one over TLS, as a WordPress behind a terminating proxy does.
	// Without it HTTP Basic is ignored on plain HTTP, as WooCommerce does.
	TrustForwardedProto bool

	// Addr is the loopback address to listen on, "127.0.0.1:0" when empty.
	// Anything but a loopback address is refused.
	Addr string

	// Keys are the REST API keys the store knows. Empty means one read_write
	// key made from random bytes; see ConsumerKey and ConsumerSecret.
	Keys []APIKey

	// JWTSecret signs sign-in tokens, GRAPHQL_JWT_AUTH_SECRET_KEY in WordPress.
	// Empty means random bytes; a test sets it to forge tokens. It never signs
	// anything else.
	JWTSecret string

	// TransferURLs is WooGraphQL's setting "User Session transferring URLs": the
	// customer has cartUrl, checkoutUrl, accountUrl and their like, and
	// /transfer-session exists. Off, as in WooGraphQL, the fields are unknown.
	TransferURLs bool

	// SessionTokens is WooGraphQL's setting "Session Token Type"; empty means
	// LegacyTokens.
	SessionTokens SessionTokens

	// StoreRateLimit is the Store API's own limit; the zero value is none, as a
	// shop has it that did not switch it on.
	StoreRateLimit RateLimit

	// Companion makes the store behave as one with ankkor-companion.php active:
	// one order per key, lookup by key under /wp-json/wc-ankkor/v1, a revision of
	// the stock in products, and a header on REST v3 that says so.
	Companion bool

	// Faults are armed from the start; more can be armed with Store.Faults.
	Faults []Fault

	// WooGraphQL is the version of the plugin, WooGraphQL10 when empty.
	WooGraphQL string

	// CheckoutWindow is how long a GraphQL checkout stays between reading the
	// cart and the stock and writing the order: the time in which a second one
	// makes a second order of the same cart, or sells the same last piece. Zero
	// means checkouts overlap only when the Overlap fault makes them.
	CheckoutWindow time.Duration

	// CompletionWindow is how long a request that marks an unpaid order as
	// paid stays between reading the order and writing it: the time in which a
	// second one reduces the stock again. Zero means the requests overlap only
	// when the Overlap fault makes them.
	CompletionWindow time.Duration
}

// RateLimit is WooCommerce's own limit on Store API requests, which a shop has
// to switch on (woocommerce_store_api_rate_limit_options): so many requests of
// one shopper in a window that begins with the first. A request beyond it is
// answered 400 rate_limit_exceeded, with RateLimit headers and no Retry-After.
// The zero RateLimit is none; WooCommerce's own numbers are 25 in 10 seconds.
type RateLimit struct {
	Requests int
	Window   time.Duration
}

// SessionTokens is WooGraphQL's setting "Session Token Type": the tokens a
// GraphQL request can name its session with, and those it is answered.
type SessionTokens string

// The kinds of tokens. A Cart-Token of the Store API, sent bare in the
// woocommerce-session header, is taken whatever the setting.
const (
	LegacyTokens SessionTokens = "legacy"    // woocommerce-session alone, the default
	StoreTokens  SessionTokens = "store-api" // Cart-Token alone
	BothTokens   SessionTokens = "both"
)

// The versions of WooGraphQL a store can stand in for. The older one differs
// here as far as carts and sessions go: it lacks fields, says "Expired token"
// without "invalid_token: " before it, and hands a guest's cart to the user at
// the first request that carries bearer and session token, not at the login.
const (
	WooGraphQL10 = "1.0"
	WooGraphQL21 = "0.21"
)

// APIKey is one WooCommerce REST key with its permission.
type APIKey struct {
	Key         string     // "ck_" and 40 hex digits
	Secret      string     // "cs_" and 40 hex digits
	Permissions Permission // read, write or read_write
}

// Permission is what a REST key may do.
type Permission string

// The permissions WooCommerce knows.
const (
	Read      Permission = "read"
	Write     Permission = "write"
	ReadWrite Permission = "read_write"
)
