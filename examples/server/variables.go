package main

import (
	"slices"
	"strings"
)

// variable is one line of the program's usage, and of README.md.
type variable struct {
	name, means string
	secret      bool // or NAME_FILE
}

// variables are all that the server reads, but for OpenTelemetry's own.
func variables() []variable {
	return slices.Concat([]variable{
		{"ADDR", "address to listen on; 127.0.0.1:8080", false},
		{"PUBLIC_URL", "this server as browsers and webhooks reach it; required", false},
		{"STOREFRONT_URL", "where the shop's pages are: mails and the gateway's own page lead to its /orders/{id}; PUBLIC_URL", false},
		{"TRUSTED_ORIGINS", "origins of the storefront's pages, when they are not this server's, separated by commas; they get CORS", false},
		{"DANGEROUSLY_ALLOW_PLAIN_HTTP", "true lets guests' cookies travel without TLS: on your own machine only", false},
		{"GUEST_KEYS", "secrets of 32 bytes and more that seal guests' cookies, the one in use first; required", true},
		{"STAFF_TOKENS", "name=token pairs, tokens of 32 bytes and more; without it there are no staff routes", true},
		{"ACCOUNT_KEYS", "what customers' tokens are signed with (HS256), 32 bytes and more, the one in use first; without it all are guests", true},
		{"ACCOUNT_ISSUER", "the iss of customers' tokens; WOO_URL, as the plugins for WPGraphQL have it", false},
		{"ACCOUNT_AUDIENCE", "the aud that customers' tokens must have; any", false},
		{"RATE_LIMIT", "requests a second that one address may send to one server; 20, and 0 for any number", false},
		{"RATE_BURST", "requests that it may send at once; three times RATE_LIMIT", false},
		{"TRUSTED_PROXIES", "addresses and networks of your load balancers, whose X-Forwarded-For is believed, separated by commas", false},
		{"DATABASE_URL", "Postgres, postgres://…; required", true},
		{"DATABASE_SCHEMA", "the schema that holds the tables; ankkor", false},
		{"DATABASE_POOL", "connections to Postgres; 16", false},
		{"REDIS_URL", "Redis, redis://…; without it Postgres alone keeps reservations", true},
	}, outsideVariables(), []variable{
		{"ABANDON_AFTER", "how long a checkout rests before it counts as left; 1h", false},
		{"RECOVERY_KEYS", "secrets of 32 bytes and more that sign links back to a cart, the one in use first; with it, who leaves a checkout gets one mail", true},
		{"LEASE", "how long one call to Razorpay or the store may take before another server may look after it; 1m", false},
		{"SETTLE", "how long the store may still be working on a call that was cut: LEASE and PHP's max_execution_time; 2m", false},
		{"DRAIN", "how long to go on serving after SIGTERM while load balancers notice; 5s", false},
		{"GRACE", "how long requests under way may take after that; 20s", false},
		{"LOG_LEVEL", "debug, info, warn or error; info", false},
		{"OTEL_EXPORTER_OTLP_ENDPOINT", "where traces and metrics go; nowhere unless set (and OpenTelemetry's other variables)", false},
	})
}

// outsideVariables are those of the store, the gateway, the mails, and of what the courier collects.
func outsideVariables() []variable {
	return []variable{
		{"WOO_URL", "the WooCommerce site; required", false},
		{"WOO_GRAPHQL_URL", "where WPGraphQL answers; found out by asking unless set", false},
		{"WOO_KEY", "a REST API key that may read and write; required", false},
		{"WOO_SECRET", "its secret; required", true},
		{"WOO_WEBHOOK_SECRETS", "what the store signs webhooks with, the one in use first; without it the store is only polled", true},
		{"RAZORPAY_KEY_ID", "the account's API key; required", false},
		{"RAZORPAY_KEY_SECRET", "its secret; required", true},
		{"RAZORPAY_PREVIOUS_KEY_SECRET", "the secret before the key was replaced", true},
		{"RAZORPAY_WEBHOOK_SECRETS", "what Razorpay signs webhooks with, the one in use first; without it payments are only polled", true},
		{"RAZORPAY_URL", "another address of Razorpay's API", false},
		{"RAZORPAY_MOCK", "true means demostore's Razorpay, with its key", false},
		{"RESEND_API_KEY", "for mails to customers through Resend; without it they are lines of the log", true},
		{"SHOP_NAME", "whom those mails are from; required with RESEND_API_KEY", false},
		{"MAIL_FROM", "and from where, such as Ankkor Clay <orders@shop.example>; required with RESEND_API_KEY", false},
		{"COD", "whether cash on delivery is offered; true", false},
		{"COD_MIN", "the least rupees that a purchase for cash comes to; any", false},
		{"COD_MAX", "the most rupees that it comes to; any", false},
		{"COD_PINS", "PINs, or their first digits, where the courier takes cash, such as 560001,56; everywhere", true},
		{"COD_PINS_EXCEPT", "PINs where the courier takes none; of two that fit the longer one counts", true},
		{"COD_STATES_EXCEPT", "states where the courier takes none, by WooCommerce's codes, such as NL,AS", false},
		{"COD_PRODUCTS_EXCEPT", "products and variations that are not sold for cash, by id", false},
		{"COD_CATEGORIES_EXCEPT", "categories that are not sold for cash, by id", false},
		{"COD_MAX_RETURNED", "how many cash orders of a customer may have come back; any number", false},
		{"COD_MAX_OPEN", "how many cash orders of a customer may be on their way; any number", false},
		{"COD_FEE", "what is charged for taking cash, such as 49, or 2%; nothing", false},
		{"COD_FEE_TAXED", "true adds tax to the fee", false},
		{"COD_PREPAY", "what is paid beforehand through Razorpay, such as 99, or 10%; nothing", false},
		{"COD_PREPAY_FROM", "the total in rupees from which on COD_PREPAY is asked for; any", false},
		{"COD_PREPAY_REFUNDED", "true gives the prepayment back when the parcel comes back; it is kept", false},
	}
}

// misspelled refuses a variable that looks like one of ours and is none: RAZORPAY_WEBHOOK_SECRET does nothing, and nobody
// would notice until a webhook is missed. What begins with a name that platforms use, too, is let be.
func misspelled(e *environment, environ []string) {
	known := map[string]bool{}
	for _, v := range variables() {
		known[v.name], known[v.name+"_FILE"] = true, v.secret
	}
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		ours := slices.ContainsFunc([]string{"WOO_", "RAZORPAY_", "COD_", "ACCOUNT_", "RESEND_", "GUEST_", "STAFF_", "RECOVERY_", "RATE_"},
			func(prefix string) bool { return strings.HasPrefix(name, prefix) })
		// Kubernetes describes services to their neighbours: WOO_SERVICE_HOST, WOO_PORT_80_TCP
		platform := strings.Contains(name, "_SERVICE_") || strings.Contains(name, "_PORT")
		if ours && !platform && !known[name] && value != "" {
			e.wrong(name, "is no variable of this server; see server -h")
		}
	}
}
