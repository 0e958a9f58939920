package storeapi

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
)

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
func (l *limiter) take(who string, requests int, window time.Duration, now time.Time) (rateWindow, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.windows == nil {
		l.windows = map[string]rateWindow{}
	}
	w, ok := l.windows[who]
	if !ok || now.After(w.ends) {
		w = rateWindow{left: requests, ends: now.Add(window)}
	}
	if w.left == 0 {
		return w, false
	}
	w.left--
	l.windows[who] = w
	return w, true
}

// limit refuses a request beyond the limit
// (StoreApi\Authentication::apply_rate_limiting).
func (s *API) limit(req *wire.Request, header http.Header) *wire.Error {
	requests := s.Options.RateRequests
	if requests == 0 {
		return nil
	}
	now := s.Now().Truncate(time.Second)
	w, ok := s.limiter.take(req.Client, requests, s.Options.RateWindow, now)
	header["RateLimit-Limit"] = []string{strconv.Itoa(requests)}
	header["RateLimit-Remaining"] = []string{strconv.Itoa(w.left)}
	header["RateLimit-Reset"] = []string{strconv.FormatInt(w.ends.Unix(), 10)}
	if ok {
		return nil
	}
	wait := int64(w.ends.Sub(now) / time.Second)
	header["RateLimit-Retry-After"] = []string{strconv.FormatInt(wait, 10)}
	return wire.Fault(http.StatusBadRequest, "rate_limit_exceeded", fmt.Sprintf("Too many requests. Please wait %d seconds before trying again.", wait))
}
