package woo

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// firstPause is about how long the first retry waits when the store names no
// time; each later one waits about twice as long.
const firstPause = 300 * time.Millisecond

// retrying runs a read until it succeeds, fails for good, has used up its
// tries, or the context leaves no time to wait.
func (c *Client) retrying(ctx context.Context, try func() *Error) error {
	growing := pauses()
	for n := 0; ; n++ {
		failed := try()
		if failed == nil {
			return nil
		}
		wait := pause(growing.NextBackOff(), failed.RetryAfter)
		if n >= c.retries || !mayPass(failed) || !timeFor(ctx, wait) {
			return failed
		}
		if c.sleep(ctx, wait) != nil {
			return failed
		}
	}
}

// mayPass reports whether asking again can help.
func mayPass(e *Error) bool {
	if e.Kind != Unavailable && e.Kind != RateLimited {
		return false
	}
	for _, final := range []error{errRedirect, errEndless, errPaused, context.Canceled} {
		if errors.Is(e.Cause, final) {
			return false
		}
	}
	return true
}

// pauses are the waits between tries: doubling, spread by a third so that
// clients do not come back all at once.
func pauses() *backoff.ExponentialBackOff {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.Multiplier, b.RandomizationFactor, b.MaxInterval = firstPause, 2, 1.0/3, LongestWait
	return b
}

// pause is the wait before the next try: what the store asked for and up to half
// as much again, at most LongestWait, or the client's own, whichever is longer.
func pause(own, asked time.Duration) time.Duration {
	if asked > own {
		own = asked + rand.N(asked/2+1) //nolint:gosec // nobody gains by guessing it
	}
	return min(own, LongestWait)
}

// timeFor reports whether ctx lasts longer than wait.
func timeFor(ctx context.Context, wait time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return ctx.Err() == nil && (!ok || time.Until(deadline) > wait)
}

// retryAfter reads the header of that name, seconds or a date (RFC 9110,
// 10.2.3). What is negative, past or unreadable is 0.
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if text == "" {
		return 0
	}
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		return time.Duration(min(max(seconds, 0), int64(time.Hour/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}
