package main

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/auth"
)

// config is everything that differs between two places where the server runs.
type config struct {
	addr      string
	publicURL string // as browsers and webhooks know this server
	origins   []string
	plainHTTP bool
	guestKeys []secret
	staff     []member

	database secret // the URL of Postgres, password and all
	schema   string
	pool     int
	redis    secret // the URL of Redis; empty means that Postgres admits, too

	woo      wooConfig
	razorpay razorpayConfig

	mail mailConfig

	lease, settle time.Duration // 0 means the checkout's own
	drain, grace  time.Duration
	logLevel      slog.Level
}

type wooConfig struct {
	url, graphQL, key string
	secret            secret
	webhooks          []secret
}

type razorpayConfig struct {
	url, keyID       string
	secret, previous secret
	webhooks         []secret
}

// mailConfig says who writes to customers; without a key nobody does.
type mailConfig struct {
	key        secret
	shop, from string
}

// member is one of the staff.
type member struct {
	name   string
	digest [sha256.Size]byte // of the token: compared in constant time, whatever its length
}

// variable is one line of the program's usage.
type variable struct{ name, means string }

func variables() []variable {
	return []variable{
		{"ADDR", "address to listen on; 127.0.0.1:8080"},
		{"PUBLIC_URL", "this server as browsers and webhooks reach it; required"},
		{"TRUSTED_ORIGINS", "origins of the storefront's pages, when they are not this server's, separated by commas"},
		{"GUEST_KEYS", "secrets of 32 bytes and more that seal guests' cookies, the one in use first; required"},
		{"STAFF_TOKENS", "name=token pairs, tokens of 32 bytes and more; without it there are no staff routes"},
		{"DATABASE_URL", "Postgres, postgres://…; required"},
		{"DATABASE_SCHEMA", "the schema that holds the tables; ankkor"},
		{"DATABASE_POOL", "connections to Postgres; 16"},
		{"REDIS_URL", "Redis, redis://…; without it Postgres alone keeps reservations"},
		{"WOO_URL", "the WooCommerce site; required"},
		{"WOO_GRAPHQL_URL", "where WPGraphQL answers; found out by asking unless set"},
		{"WOO_KEY, WOO_SECRET", "a REST API key that may read and write; required"},
		{"WOO_WEBHOOK_SECRETS", "what the store signs webhooks with, the one in use first; without it the store is only polled"},
		{"RAZORPAY_KEY_ID, …_SECRET", "the account's API key; required"},
		{"RAZORPAY_PREVIOUS_KEY_SECRET", "the secret before the key was replaced"},
		{"RAZORPAY_WEBHOOK_SECRETS", "what Razorpay signs webhooks with, the one in use first; without it payments are only polled"},
		{"RAZORPAY_URL", "another address of Razorpay's API; RAZORPAY_MOCK=true means demostore's, with its key"},
		{"RESEND_API_KEY", "for mails to customers through Resend; without it they are lines of the log"},
		{"SHOP_NAME, MAIL_FROM", "whom those mails are from: Ankkor Clay, Ankkor Clay <orders@shop.example>"},
		{"LEASE", "how long one call to Razorpay or the store may take before another server may look after it; 1m"},
		{"SETTLE", "how long the store may still be working on a call that was cut: LEASE and PHP's max_execution_time; 2m"},
		{"DRAIN", "how long to go on serving after SIGTERM while load balancers notice; 5s"},
		{"GRACE", "how long requests under way may take after that; 20s"},
		{"LOG_LEVEL", "debug, info, warn or error; info"},
		{"OTEL_EXPORTER_OTLP_ENDPOINT", "where traces and metrics go; nowhere unless set (and OpenTelemetry's other variables)"},
		{"DANGEROUSLY_ALLOW_PLAIN_HTTP", "true lets guests' cookies travel without TLS: on your own machine only"},
	}
}

// errConfig comes with every mistake in the environment.
var errConfig = errors.New("the environment is wrong")

// readConfig reads the environment, and reports all that is wrong with it at once.
func readConfig(get func(string) string) (config, error) {
	e := &environment{get: get}
	c := config{
		addr: e.text("ADDR", "127.0.0.1:8080"), publicURL: e.address("PUBLIC_URL"), plainHTTP: e.yes("DANGEROUSLY_ALLOW_PLAIN_HTTP"),
		guestKeys: e.secrets("GUEST_KEYS", auth.MinKeyBytes), staff: readStaff(e),
		database: e.requiredSecret("DATABASE_URL"), schema: e.text("DATABASE_SCHEMA", ""), pool: e.count("DATABASE_POOL", 16, 4, 500),
		redis: e.secret("REDIS_URL"), woo: readWoo(e), razorpay: readRazorpay(e), mail: readMail(e),
		lease: e.duration("LEASE", 0), settle: e.duration("SETTLE", 0),
		drain: e.duration("DRAIN", 5*time.Second), grace: e.duration("GRACE", 20*time.Second), logLevel: e.level("LOG_LEVEL"),
	}
	if c.publicURL == "" {
		e.wrong("PUBLIC_URL", "is required")
	}
	if len(c.guestKeys) == 0 {
		e.wrong("GUEST_KEYS", "is required (or GUEST_KEYS_FILE)")
	}
	for origin := range strings.SplitSeq(e.text("TRUSTED_ORIGINS", ""), ",") {
		if origin = strings.TrimSpace(origin); origin != "" {
			c.origins = append(c.origins, origin)
		}
	}
	c.checkServers(e)
	if err := e.err(); err != nil {
		return config{}, fmt.Errorf("%w:\n%w", errConfig, err)
	}
	return c, nil
}

// checkServers reads the URLs as the drivers will, without their messages, which may repeat a password.
func (c config) checkServers(e *environment) {
	if c.database.Len() > 0 {
		if _, err := pgx.ParseConfig(c.database.Reveal()); err != nil {
			e.wrong("DATABASE_URL", "is no Postgres URL")
		}
	}
	if c.redis.Len() > 0 {
		if _, err := redis.ParseURL(c.redis.Reveal()); err != nil {
			e.wrong("REDIS_URL", "is no Redis URL")
		}
	}
}

func readWoo(e *environment) wooConfig {
	c := wooConfig{
		url: e.address("WOO_URL"), graphQL: e.address("WOO_GRAPHQL_URL"), key: e.required("WOO_KEY"),
		secret: e.requiredSecret("WOO_SECRET"), webhooks: e.secrets("WOO_WEBHOOK_SECRETS", 16),
	}
	if c.url == "" {
		e.wrong("WOO_URL", "is required")
	}
	return c
}

func readMail(e *environment) mailConfig {
	c := mailConfig{key: e.secret("RESEND_API_KEY")}
	if c.key.Len() > 0 {
		c.shop, c.from = e.required("SHOP_NAME"), e.required("MAIL_FROM")
	}
	return c
}

func readRazorpay(e *environment) razorpayConfig {
	if e.yes("RAZORPAY_MOCK") {
		return demoRazorpay(e.address("RAZORPAY_URL"))
	}
	return razorpayConfig{
		url: e.address("RAZORPAY_URL"), keyID: e.required("RAZORPAY_KEY_ID"), secret: e.requiredSecret("RAZORPAY_KEY_SECRET"),
		previous: e.secret("RAZORPAY_PREVIOUS_KEY_SECRET"), webhooks: e.secrets("RAZORPAY_WEBHOOK_SECRETS", 16),
	}
}

// readStaff reads name=token pairs.
func readStaff(e *environment) []member {
	var staff []member
	for _, pair := range e.secrets("STAFF_TOKENS", 0) {
		name, token, found := strings.Cut(pair.Reveal(), "=")
		if !found || name == "" || len(token) < 32 {
			e.wrong("STAFF_TOKENS", "wants name=token pairs with tokens of 32 bytes and more")
			return nil
		}
		staff = append(staff, member{name: name, digest: sha256.Sum256([]byte(token))})
	}
	return staff
}

// errStaff is the same for no token and a wrong one.
var errStaff = errors.New("not one of the staff")

// operator says who of the staff asks: "Authorization: Bearer <token>". Every name is compared, so that the time an
// answer takes tells nothing.
func (c config) operator(r *http.Request) (string, error) {
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	digest, found := sha256.Sum256([]byte(token)), ""
	for _, m := range c.staff {
		if subtle.ConstantTimeCompare(digest[:], m.digest[:]) == 1 && bearer {
			found = m.name
		}
	}
	if found == "" {
		return "", errStaff
	}
	return found, nil
}
