package wootest

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
)

// site is one WordPress installation: its settings, its database and the lock
// over it. Everything that answers a request works on a site.
type site struct {
	opts    options
	shop    *shop.Shop
	secret  []byte          // signs tokens, nonces and cookies (wp_salt)
	closing <-chan struct{} // closed when nobody may wait any longer

	mu       sync.Mutex // Lock and Unlock
	state    *state
	previous *state           // before the last write
	due      []event          // webhook deliveries
	mailed   map[int64]string // the key in a user's last reset mail
}

// options are what a site is told when it is made.
type options struct {
	Now              func() time.Time
	Keys             []apiKey
	JWTSecret        string
	TransferURLs     bool
	CartTokens       bool // Cart-Tokens name GraphQL sessions and are issued
	SessionTokens    bool // woocommerce-session tokens are issued
	OldGraphQL       bool // WooGraphQL 0.21
	Companion        bool
	RateRequests     int // of the Store API, 0 for no limit
	RateWindow       time.Duration
	CheckoutWindow   time.Duration
	CompletionWindow time.Duration
}

// apiKey is one WooCommerce REST key.
type apiKey struct {
	ID, Secret  string
	Read, Write bool
}

// Lock takes the database. WordPress has no such lock; requests here do their
// work one after the other, but for where they linger.
func (s *site) Lock() { s.mu.Lock() }

// Unlock lets the database go.
func (s *site) Unlock() { s.mu.Unlock() }

func (s *site) now() time.Time { return s.opts.Now() }

// change runs an action of the back office on the state, which becomes the
// previous one for stale reads.
func (s *site) change(do func(st *state) error) error {
	s.Lock()
	defer s.Unlock()
	s.previous = s.state.clone()
	return do(s.state)
}

// stateFor is the state a request works on, under the lock: before a write the
// present one becomes the previous one, which stale reads see.
func (s *site) stateFor(req *wire.Request) *state {
	reading := req.Method == http.MethodGet || req.Path == "/graphql"
	if req.Stale && reading {
		return s.previous.clone()
	}
	if !reading {
		s.previous = s.state.clone()
	}
	return s.state
}

// wait sleeps until the time is over, ready is closed, the caller has gone or
// the site closes.
func (s *site) wait(ctx context.Context, d time.Duration, ready <-chan struct{}) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ready:
	case <-ctx.Done():
	case <-s.closing:
	}
}

// linger is the time between a request's reading and its writing: until all
// that race it have read, else the window. WordPress holds no lock there, so
// the caller must not hold the site's.
func (s *site) linger(req *wire.Request, window time.Duration) {
	switch {
	case req.Race != nil:
		s.wait(req.Context, req.Race.Limit, req.Race.Arrive())
	case window > 0:
		s.wait(req.Context, window, nil)
	}
}

// baseURL is the address WordPress builds links with: the request's own
// scheme, the site's host.
func (s *site) baseURL(req *wire.Request) string {
	if req.Secure {
		return "https" + strings.TrimPrefix(s.shop.URL, strings.SplitN(s.shop.URL, ":", 2)[0])
	}
	return s.shop.URL
}
