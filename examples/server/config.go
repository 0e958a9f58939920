package main

import (
	"cmp"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/mail"
	"net/netip"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jub0bs/cors"
	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/auth"
	"github.com/ankkor/ankkor/checkout"
)

// defaultAddr is where the server listens unless told otherwise.
const defaultAddr = "127.0.0.1:8080"

// config is everything that differs between two places where the server runs.
type config struct {
	addr       string
	publicURL  string // as browsers and webhooks know this server
	storefront string // where its pages are: mails lead there, and the gateway's window
	origins    []string
	plainHTTP  bool
	guestKeys  []secret
	staff      []member
	accounts   accountConfig
	limit      limitConfig

	database secret // the URL of Postgres, password and all
	schema   string
	pool     int
	redis    secret // the URL of Redis; empty means that Postgres admits, too

	woo      wooConfig
	razorpay razorpayConfig

	mail   mailConfig
	cash   *checkout.CashTerms // nil: no cash on delivery
	remind remindConfig

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

// errConfig comes with every mistake in the environment.
var errConfig = errors.New("the environment is wrong")

// readConfig reads the environment, and reports all that is wrong with it at once. Environ is all of it, to find what is
// misspelled.
func readConfig(get func(string) string, environ []string) (config, error) {
	e := &environment{get: get}
	misspelled(e, environ)
	c := config{
		addr: e.text("ADDR", defaultAddr), publicURL: e.address("PUBLIC_URL"), plainHTTP: e.yes("DANGEROUSLY_ALLOW_PLAIN_HTTP"),
		guestKeys: e.secrets("GUEST_KEYS", auth.MinKeyBytes), staff: readStaff(e), origins: e.list("TRUSTED_ORIGINS"),
		database: e.requiredSecret("DATABASE_URL"), schema: e.text("DATABASE_SCHEMA", ""), pool: e.count("DATABASE_POOL", 16, 4, 500),
		redis: e.secret("REDIS_URL"), woo: readWoo(e), razorpay: readRazorpay(e), mail: readMail(e), cash: readCash(e), limit: readLimit(e),
		remind: remindConfig{keys: e.secrets("RECOVERY_KEYS", checkout.MinRecoveryKey), after: e.duration("ABANDON_AFTER", 0)},
		lease:  e.duration("LEASE", 0), settle: e.duration("SETTLE", 0),
		drain: e.duration("DRAIN", 5*time.Second), grace: e.duration("GRACE", 20*time.Second), logLevel: e.level("LOG_LEVEL"),
	}
	c.storefront = cmp.Or(e.address("STOREFRONT_URL"), c.publicURL)
	c.accounts = accountConfig{
		keys: e.secrets("ACCOUNT_KEYS", accountKeyBytes), issuer: e.text("ACCOUNT_ISSUER", c.woo.url), audience: e.text("ACCOUNT_AUDIENCE", ""),
	}
	if c.publicURL == "" {
		e.wrong("PUBLIC_URL", "is required")
	}
	if len(c.guestKeys) == 0 {
		e.wrong("GUEST_KEYS", "is required (or GUEST_KEYS_FILE)")
	}
	if _, err := c.cors(); err != nil {
		e.wrong("TRUSTED_ORIGINS", "wants origins such as https://www.example.in, separated by commas")
	}
	c.checkServers(e)
	if err := e.err(); err != nil {
		return config{}, fmt.Errorf("%w:\n%w", errConfig, err)
	}
	return c, nil
}

// cors lets the storefront's pages read what this server answers, when they come from another origin; nil where there is
// none.
func (c config) cors() (*cors.Middleware, error) {
	if len(c.origins) == 0 {
		return nil, nil
	}
	return cors.NewMiddleware(cors.Config{
		Origins: c.origins, Credentialed: true, Methods: []string{http.MethodGet, http.MethodPost, http.MethodPut},
		RequestHeaders: []string{"Authorization", "Content-Type", "Idempotency-Key"}, MaxAgeInSeconds: 600,
		ResponseHeaders: []string{"Idempotent-Replayed", "Retry-After"}, DangerouslyTolerateInsecureOrigins: c.plainHTTP,
	})
}

// readLimit reads how often one address may ask.
func readLimit(e *environment) limitConfig {
	c := limitConfig{perSecond: e.count("RATE_LIMIT", 20, 0, 1_000_000)}
	c.burst = e.count("RATE_BURST", 3*c.perSecond, 1, 1_000_000)
	for _, word := range e.list("TRUSTED_PROXIES") {
		network, err := netip.ParsePrefix(word)
		if one, oneErr := netip.ParseAddr(word); oneErr == nil {
			network, err = netip.PrefixFrom(one.Unmap(), one.Unmap().BitLen()), nil
		}
		if err != nil {
			e.wrong("TRUSTED_PROXIES", "wants addresses and networks such as 10.0.0.0/8, separated by commas")
			break
		}
		c.proxies = append(c.proxies, network.Masked())
	}
	return c
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
		if _, err := mail.ParseAddress(c.from); c.from != "" && err != nil {
			e.wrong("MAIL_FROM", "wants an address such as Ankkor Clay <orders@shop.example>")
		}
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
	token, given := bearer(r)
	digest, found := sha256.Sum256([]byte(token)), ""
	for _, m := range c.staff {
		if subtle.ConstantTimeCompare(digest[:], m.digest[:]) == 1 && given {
			found = m.name
		}
	}
	if found == "" {
		return "", errStaff
	}
	return found, nil
}
