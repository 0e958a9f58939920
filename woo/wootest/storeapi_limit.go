package wootest

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// RateLimit is WooCommerce's own limit on Store API requests, which a shop has
// to switch on (woocommerce_store_api_rate_limit_options): so many requests of
// one shopper in a window that begins with the first. A request beyond it is
// answered 400 rate_limit_exceeded, with RateLimit headers and no Retry-After.
// The zero RateLimit is none; WooCommerce's own numbers are 25 in 10 seconds.
type RateLimit struct {
	Requests int
	Window   time.Duration
}

func (l RateLimit) on() bool { return l.Requests > 0 }

// limiter counts the requests of each shopper.
type limiter struct {
	mu      sync.Mutex
	windows map[string]rateWindow
}

// rateWindow is what is left of a shopper's window and when it ends.
type rateWindow struct {
	left int
	ends time.Time
}

// take counts one request in; it answers what is left afterwards and when the
// window ends, and false when nothing was left.
func (l *limiter) take(who string, limit RateLimit, now time.Time) (rateWindow, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.windows == nil {
		l.windows = map[string]rateWindow{}
	}
	w, ok := l.windows[who]
	if !ok || now.After(w.ends) {
		w = rateWindow{left: limit.Requests, ends: now.Add(limit.Window)}
	}
	if w.left == 0 {
		return w, false
	}
	w.left--
	l.windows[who] = w
	return w, true
}

// limitStore refuses a request beyond the limit
// (StoreApi\Authentication::apply_rate_limiting).
func (s *Store) limitStore(req *request, header http.Header) *restError {
	limit := s.cfg.StoreRateLimit
	if !limit.on() {
		return nil
	}
	now := s.now().Truncate(time.Second)
	w, ok := s.limiter.take(req.client, limit, now)
	header["RateLimit-Limit"] = []string{strconv.Itoa(limit.Requests)}
	header["RateLimit-Remaining"] = []string{strconv.Itoa(w.left)}
	header["RateLimit-Reset"] = []string{strconv.FormatInt(w.ends.Unix(), 10)}
	if ok {
		return nil
	}
	wait := int64(w.ends.Sub(now) / time.Second)
	header["RateLimit-Retry-After"] = []string{strconv.FormatInt(wait, 10)}
	return fault(http.StatusBadRequest, "rate_limit_exceeded", fmt.Sprintf("Too many requests. Please wait %d seconds before trying again.", wait))
}
