package woo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/ankkor/ankkor/internal/secret"
	"github.com/ankkor/ankkor/pricing"
)

// Secret is a text that no verb, encoder or logger prints.
type Secret = secret.Secret

// NewSecret hides text. [Secret.Reveal] is the only way back to it.
func NewSecret(text string) Secret { return secret.New(text) }

// Defaults of a Config.
const (
	DefaultTimeout = 30 * time.Second
	DefaultMaxBody = 10 << 20
	DefaultRetries = 2
	// LongestWait is the most a retry waits for, whatever Retry-After says.
	LongestWait = 30 * time.Second
)

// Config says which store to talk to, and how. Only URL is required; without
// Key and Secret the catalogue can be read and nothing else.
type Config struct {
	// URL is the site's address as WordPress knows it (Settings → General →
	// Site Address), for example "https://shop.example". Requests are never
	// redirected to another one.
	URL string
	// GraphQLURL is WPGraphQL's endpoint; URL/graphql unless set.
	GraphQLURL string
	// Catalogue is where products are read: over GraphQL unless set.
	Catalogue Catalogue

	// Key and Secret are a REST API key with read and write permission
	// (WooCommerce → Settings → Advanced → REST API). Over https they travel
	// as HTTP Basic. Over plain http, where WooCommerce ignores Basic, every
	// request is signed with OAuth 1.0a instead; keep that to a loopback or a
	// private network, since customers' addresses are readable on the way.
	Key    string
	Secret Secret

	// HTTP is the client to send with; nil means http.DefaultTransport. It is
	// copied: redirects and cookies of the copy are ours, the transport and
	// the timeout are yours. A transport that resends a POST by itself breaks
	// the promise that an unknown outcome is never blindly repeated.
	HTTP *http.Client
	// Timeout bounds one request, its body included; the context can only
	// shorten it. 0 means DefaultTimeout.
	Timeout time.Duration
	// MaxBody is the longest answer read, in bytes after decompression.
	// 0 means DefaultMaxBody.
	MaxBody int64
	// Retries is how often a read is tried again after a failure that may
	// pass. 0 means DefaultRetries, a negative number means never. A write is
	// never tried again.
	Retries int
	// MaxConcurrent bounds the requests under way at a time; more wait. 0 means
	// DefaultMaxConcurrent, a negative number means no bound.
	MaxConcurrent int
	// BreakAfter is how many requests in a row may fail, on the network or with
	// 502, 503 or 504, before the store is left alone for BreakFor: calls then
	// fail at once as [Unavailable], nothing sent. One request is then let
	// through to see. 0 means DefaultBreakAfter and DefaultBreakFor, a negative
	// BreakAfter means never.
	BreakAfter int
	BreakFor   time.Duration

	// Parser reads displayed prices; nil means one for ₹1,299.00.
	Parser pricing.PriceParser
	// Currency is the store's; empty means INR. Rules refuses a store that
	// has another one.
	Currency pricing.Currency

	// Now is the clock, for OAuth timestamps and snapshot times; nil means
	// time.Now.
	Now func() time.Time
	// Sleep waits between two attempts and returns early with the context's
	// error; nil means a timer.
	Sleep func(ctx context.Context, d time.Duration) error
}

// ErrConfig is matched by every mistake in a Config.
var ErrConfig = errors.New("woo: invalid configuration")

// ConfigError names one field of a Config and what is wrong with it. It never
// repeats a key or a secret.
type ConfigError struct {
	Field  string
	Reason string
}

// Error implements error.
func (e *ConfigError) Error() string { return "woo: Config." + e.Field + ": " + e.Reason }

// Is makes errors.Is(err, ErrConfig) true.
func (e *ConfigError) Is(target error) bool { return target == ErrConfig }

// New makes a client. It does no I/O. Every mistake in c is reported at once,
// as *ConfigError values joined into one error.
func New(c Config) (*Client, error) {
	var errs []error
	report := func(field, format string, args ...any) {
		errs = append(errs, &ConfigError{Field: field, Reason: fmt.Sprintf(format, args...)})
	}
	site := parseEndpoint("URL", c.URL, report)
	if c.GraphQLURL == "" && site != nil {
		c.GraphQLURL = site.JoinPath("graphql").String()
	}
	graph := parseEndpoint("GraphQLURL", c.GraphQLURL, report)
	checkCredentials(c, report)
	checkLimits(c, report)
	c = withDefaults(c, report)
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return newClient(c, site, graph)
}

// parseEndpoint accepts an absolute http or https URL without user, query or
// fragment.
func parseEndpoint(field, raw string, report func(string, string, ...any)) *url.URL {
	if raw == "" {
		if field == "URL" {
			report(field, "is required, for example https://shop.example")
		}
		return nil
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		report(field, "is not a URL")
	case u.Scheme != "http" && u.Scheme != "https":
		report(field, "must begin with https:// (or http:// on a private network)")
	case u.Host == "" || u.Hostname() == "":
		report(field, "has no host")
	case u.User != nil:
		report(field, "must not carry a user or password; use Key and Secret")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		report(field, "must not have a query or a fragment")
	default:
		u.Path = strings.TrimSuffix(path.Clean("/"+u.Path), "/")
		u.RawPath = ""
		return u
	}
	return nil
}

// checkCredentials wants a key and a secret, or neither.
func checkCredentials(c Config, report func(string, string, ...any)) {
	switch {
	case c.Key == "" && !c.Secret.IsZero():
		report("Key", "is empty while Secret is set")
	case c.Key != "" && c.Secret.IsZero():
		report("Secret", "is empty while Key is set")
	}
	if strings.ContainsFunc(c.Key, unfitForHeader) || strings.Contains(c.Key, ":") {
		report("Key", "must be printable ASCII without spaces and colons")
	}
	if strings.ContainsFunc(c.Secret.Reveal(), unfitForHeader) {
		report("Secret", "must be printable ASCII without spaces")
	}
}

func unfitForHeader(r rune) bool { return r <= ' ' || r > '~' }

func checkLimits(c Config, report func(string, string, ...any)) {
	if c.Timeout < 0 {
		report("Timeout", "must not be negative")
	}
	if c.MaxBody < 0 {
		report("MaxBody", "must not be negative")
	}
	if c.BreakFor < 0 {
		report("BreakFor", "must not be negative")
	}
	if c.Retries > 10 {
		report("Retries", "must be at most 10")
	}
	if !c.Catalogue.known() {
		report("Catalogue", "must be CatalogueGraphQL, CatalogueStoreAPI or CatalogueAutomatic")
	}
	if c.Currency != "" {
		if _, err := pricing.ParseCurrency(string(c.Currency)); err != nil {
			report("Currency", "must be an ISO 4217 code such as INR")
		}
	}
}

func withDefaults(c Config, report func(string, string, ...any)) Config {
	if c.HTTP == nil {
		c.HTTP = &http.Client{}
	}
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	if c.MaxBody == 0 {
		c.MaxBody = DefaultMaxBody
	}
	if c.Retries == 0 {
		c.Retries = DefaultRetries
	}
	if c.MaxConcurrent == 0 {
		c.MaxConcurrent = DefaultMaxConcurrent
	}
	if c.BreakAfter == 0 {
		c.BreakAfter = DefaultBreakAfter
	}
	if c.BreakFor == 0 {
		c.BreakFor = DefaultBreakFor
	}
	if c.Currency == "" {
		c.Currency = pricing.INR
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Sleep == nil {
		c.Sleep = sleep
	}
	if c.Parser == nil {
		parser, err := pricing.NewParser(pricing.IndianFormat())
		if err != nil {
			report("Parser", "could not be made: %v", err)
		}
		c.Parser = parser
	}
	return c
}

// sleep waits for d or the end of ctx, whichever comes first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
