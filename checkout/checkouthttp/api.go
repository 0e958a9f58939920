package checkouthttp

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/replies"
	"github.com/ankkor/ankkor/payment"
)

// Config is what the API is made of. Service, Carts and Owner are required.
type Config struct {
	Service *checkout.Service
	Carts   *cart.Service
	// Owner says whose cart and checkout a request is about. An error, or no owner, is answered with 401.
	Owner func(*http.Request) (checkout.Owner, error)
	// CustomerID is WooCommerce's id of the customer who asks, 0 for a guest; nil means that all are guests. An error is
	// answered with 401.
	CustomerID func(*http.Request) (int64, error)
	// Operator names the member of staff who asks, for the timeline. An error, or no name, is answered with 403. Without
	// it there are no operator's routes.
	Operator func(*http.Request) (actor string, err error)
	// WindowKeys are the public keys that gateways' windows are opened with, such as Razorpay's key_id. Never a secret.
	WindowKeys map[payment.Method]string
	// ReturnTo is the page of the shop that a shopper comes back to from the gateway's own page. Without it there is no
	// return route.
	ReturnTo func(checkout.ID) string
	// Recovery brings back the carts of those who left a checkout. Without it there is no such route.
	Recovery *checkout.Recovery
	// Replies keeps the answers of requests with an Idempotency-Key, so that a copy is answered alike, byte for byte, for
	// [replies.KeptFor]. Without it a copy does nothing twice either, and is told how things stand by then.
	Replies replies.Store
	// HoldCarts is for a shop whose policy is checkout.ReserveAtCart: each change of a cart holds its stock.
	HoldCarts bool
	// TrustedOrigins are origins ("https://www.example.in") besides the server's own whose pages may send requests that
	// change something; see http.CrossOriginProtection.AddTrustedOrigin.
	TrustedOrigins []string
	// TimeZone is where the shop's day begins, Asia/Kolkata's offset when nil; Now is the clock, time.Now when nil.
	TimeZone *time.Location
	Now      func() time.Time
	// Log is told of what the shop could not do; nil discards it.
	Log *slog.Logger
}

// API is the handler. It is safe for concurrent use and keeps nothing between requests.
type API struct {
	config Config
	mux    *http.ServeMux
	guard  *http.CrossOriginProtection
}

var _ http.Handler = (*API)(nil)

// New checks the configuration, reports all mistakes at once, and returns the API with its routes at "/": mount it under
// a prefix with http.StripPrefix.
func New(c Config) (*API, error) {
	a := &API{config: c, mux: http.NewServeMux(), guard: http.NewCrossOriginProtection()}
	if err := errors.Join(c.missing(), a.trust(c.TrustedOrigins)); err != nil {
		return nil, err
	}
	a.config.defaults()
	a.mux.Handle(returnRoute, a.Return())
	for _, rt := range a.routes() {
		a.mux.Handle(rt.method+" "+rt.path, a.handle(rt))
	}
	return a, nil
}

func (c *Config) defaults() {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.TimeZone == nil {
		c.TimeZone = time.FixedZone("IST", 5*60*60+30*60)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
}

func (c Config) missing() error {
	var errs []error
	for _, need := range []struct {
		name string
		ok   bool
	}{{"Service", c.Service != nil}, {"Carts", c.Carts != nil}, {"Owner", c.Owner != nil}} {
		if !need.ok {
			errs = append(errs, fmt.Errorf("checkouthttp: Config.%s is required", need.name))
		}
	}
	return errors.Join(errs...)
}

func (a *API) trust(origins []string) error {
	var errs []error
	for i, origin := range origins {
		if err := a.guard.AddTrustedOrigin(origin); err != nil {
			errs = append(errs, fmt.Errorf("checkouthttp: Config.TrustedOrigins[%d]: %w", i, err))
		}
	}
	return errors.Join(errs...)
}

// ServeHTTP implements http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h, pattern := a.mux.Handler(r)
	switch {
	case r.URL.Path != path.Clean(r.URL.Path): // the mux would redirect, past the prefix that the host took off
		a.fail(w, r, errNoRoute)
	case pattern == "":
		a.nowhere(w, r, h)
	default:
		a.mux.ServeHTTP(w, r)
	}
}

// nowhere answers a request that no route takes: 405 where the path has routes for other methods, else 404.
func (a *API) nowhere(w http.ResponseWriter, r *http.Request, refuse http.Handler) {
	seen := &peek{header: http.Header{}}
	refuse.ServeHTTP(seen, r)
	if seen.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", seen.header.Get("Allow"))
		a.fail(w, r, errMethod)
		return
	}
	a.fail(w, r, errNoRoute)
}

// peek is a response that is only looked at.
type peek struct {
	header http.Header
	status int
}

func (p *peek) Header() http.Header         { return p.header }
func (p *peek) Write(b []byte) (int, error) { return len(b), nil }
func (p *peek) WriteHeader(status int)      { p.status = status }
