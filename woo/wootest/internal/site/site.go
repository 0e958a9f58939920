package site

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
)

// Site is one WordPress installation: its settings, its database and the lock
// over it. Everything that answers a request works on a site.
type Site struct {
	Options Options
	Shop    *shop.Shop
	Secret  []byte          // signs tokens, nonces and cookies (wp_salt)
	Closing <-chan struct{} // closed when nobody may wait any longer

	mu       sync.Mutex // Lock and Unlock
	State    *State
	Previous *State           // before the last write
	Due      []Event          // webhook deliveries
	Mailed   map[int64]string // the key in a user's last reset mail
}

// Options are what a site is told when it is made.
type Options struct {
	Now              func() time.Time
	Keys             []APIKey
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

// APIKey is one WooCommerce REST key.
type APIKey struct {
	ID, Secret  string
	Read, Write bool
}

// Lock takes the database. WordPress has no such lock; requests here do their
// work one after the other, but for where they linger.
func (s *Site) Lock() { s.mu.Lock() }

// Unlock lets the database go.
func (s *Site) Unlock() { s.mu.Unlock() }

// Now is the site's clock.
func (s *Site) Now() time.Time { return s.Options.Now() }

// Change runs an action of the back office on the state, which becomes the
// previous one for stale reads.
func (s *Site) Change(do func(st *State) error) error {
	s.Lock()
	defer s.Unlock()
	s.Previous = s.State.Clone()
	return do(s.State)
}

// StateFor is the state a request works on, under the lock: before a write the
// present one becomes the previous one, which stale reads see.
func (s *Site) StateFor(req *wire.Request) *State {
	reading := req.Method == http.MethodGet || req.Path == "/graphql"
	if req.Stale && reading {
		return s.Previous.Clone()
	}
	if !reading {
		s.Previous = s.State.Clone()
	}
	return s.State
}

// Wait sleeps until the time is over, ready is closed, the caller has gone or
// the site closes.
func (s *Site) Wait(ctx context.Context, d time.Duration, ready <-chan struct{}) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ready:
	case <-ctx.Done():
	case <-s.Closing:
	}
}

// Linger is the time between a request's reading and its writing: until all
// that race it have read, else the window. WordPress holds no lock there, so
// the caller must not hold the site's.
func (s *Site) Linger(req *wire.Request, window time.Duration) {
	switch {
	case req.Race != nil:
		s.Wait(req.Context, req.Race.Limit, req.Race.Arrive())
	case window > 0:
		s.Wait(req.Context, window, nil)
	}
}

// BaseURL is the address WordPress builds links with: the request's own
// scheme, the site's host.
func (s *Site) BaseURL(req *wire.Request) string {
	if req.Secure {
		return "https" + strings.TrimPrefix(s.Shop.URL, strings.SplitN(s.Shop.URL, ":", 2)[0])
	}
	return s.Shop.URL
}
