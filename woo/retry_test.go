package woo_test

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo"
)

func gzipped(body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		io.WriteString(z, body)
		z.Close()
	})
}

// waits notes how long a client would have slept.
type waits []time.Duration

func (w *waits) sleep(ctx context.Context, d time.Duration) error {
	*w = append(*w, d)
	return ctx.Err()
}

func TestReadIsTriedAgain(t *testing.T) {
	unavailable := answering(503, "Briefly unavailable")
	calls := 0
	site := newSite(t, map[string]http.Handler{"*": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if calls++; calls < 3 {
			unavailable.ServeHTTP(w, r)
			return
		}
		replay(w, "rest/order-created.http", nil)
	})})
	var slept waits
	if _, err := site.client(t, func(c *woo.Config) { c.Sleep = slept.sleep }).Order(t.Context(), 154); err != nil {
		t.Fatal(err)
	}
	if len(slept) != 2 || slept[0] < 200*time.Millisecond || slept[1] < 400*time.Millisecond || slept[1] > time.Second {
		t.Errorf("waited %v, want about 200 ms, then about 400 ms", slept)
	}
}

func TestRetryAfterIsHonouredWithinReason(t *testing.T) {
	now := time.Date(2026, 11, 20, 5, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		header   string
		from, to time.Duration
	}{
		"seconds":    {"3", 3 * time.Second, 5 * time.Second},
		"huge":       {"2147483647", woo.LongestWait, woo.LongestWait},
		"overflow":   {"99999999999999999999", 200 * time.Millisecond, 400 * time.Millisecond},
		"negative":   {"-5", 200 * time.Millisecond, 400 * time.Millisecond},
		"date":       {now.Add(4 * time.Second).Format(http.TimeFormat), 4 * time.Second, 7 * time.Second},
		"past date":  {now.Add(-time.Hour).Format(http.TimeFormat), 200 * time.Millisecond, 400 * time.Millisecond},
		"unreadable": {"soon", 200 * time.Millisecond, 400 * time.Millisecond},
	}
	for name, test := range tests {
		for _, status := range []int{429, 503} {
			t.Run(name, func(t *testing.T) {
				site := newSite(t, map[string]http.Handler{"*": answering(status, "slow down", "Retry-After", test.header)})
				var slept waits
				client := site.client(t, func(c *woo.Config) {
					c.Retries, c.Sleep, c.Now = 1, slept.sleep, func() time.Time { return now }
				})
				client.Order(t.Context(), 1)
				client.Product(t.Context(), "mug")
				if len(slept) != 2 || slices.Min(slept) < test.from || slices.Max(slept) > test.to {
					t.Errorf("%d: waited %v, want %v to %v, twice", status, slept, test.from, test.to)
				}
			})
		}
	}
}

// TestNoWaitBeyondTheContext: a wait that outlasts the context is not begun.
func TestNoWaitBeyondTheContext(t *testing.T) {
	site := newSite(t, map[string]http.Handler{"*": answering(429, "", "Retry-After", "20")})
	var slept waits
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	_, err := site.client(t, func(c *woo.Config) { c.Sleep = slept.sleep }).Order(ctx, 1)
	if e := checkKind(t, err, woo.RateLimited); e.RetryAfter != 20*time.Second {
		t.Errorf("the caller is told to wait %v", e.RetryAfter)
	}
	if len(slept) != 0 || len(site.seen()) != 1 {
		t.Errorf("waited %v and asked %d times", slept, len(site.seen()))
	}
}

func TestRetriesAreBounded(t *testing.T) {
	for configured, want := range map[int]int{-1: 1, 0: 1 + woo.DefaultRetries, 1: 2, 5: 6} {
		site := newSite(t, map[string]http.Handler{"*": answering(503, "")})
		client := site.client(t, func(c *woo.Config) { c.Retries = configured })
		_, err := client.Order(t.Context(), 1)
		checkKind(t, err, woo.Unavailable)
		if n := len(site.seen()); n != want {
			t.Errorf("Retries %d: asked %d times, want %d", configured, n, want)
		}
	}
}

func TestRateLimitedWriteIsNotSentAgain(t *testing.T) {
	site := newSite(t, map[string]http.Handler{"*": answering(429, "", "Retry-After", "1")})
	_, err := site.client(t).CreatePending(t.Context(), mugOrder())
	checkKind(t, err, woo.RateLimited)
	if n := len(site.seen()); n != 1 {
		t.Errorf("sent %d times", n)
	}
}

// TestRefusedReadIsNotAskedAgain: the same question gets the same answer.
func TestRefusedReadIsNotAskedAgain(t *testing.T) {
	for _, file := range []string{"no-auth", "bad-param", "product-unknown"} {
		site := newSite(t, map[string]http.Handler{"*": recording("rest/" + file + ".http")})
		site.client(t).Order(t.Context(), 1)
		if n := len(site.seen()); n != 1 {
			t.Errorf("%s: asked %d times", file, n)
		}
	}
}
