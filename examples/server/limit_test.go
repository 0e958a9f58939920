package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"
)

// clockwork is a limiter whose time passes when it is told to.
func clockwork(c limitConfig) (*limiter, func(time.Duration)) {
	now := time.Unix(1_800_000_000, 0)
	l := newLimiter(c)
	l.now = func() time.Time { return now }
	return l, func(d time.Duration) { now = now.Add(d) }
}

// asked sends a request from an address, and says how it was answered.
func asked(l *limiter, from string, forwarded ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", "/api/cart", nil)
	r.RemoteAddr = from
	for _, f := range forwarded {
		r.Header.Add("X-Forwarded-For", f)
	}
	w := httptest.NewRecorder()
	l.limit(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })).ServeHTTP(w, r)
	return w
}

func TestLimit(t *testing.T) {
	l, pass := clockwork(limitConfig{perSecond: 2, burst: 5})
	for n := range 5 {
		if w := asked(l, "203.0.113.1:1000"); w.Code != http.StatusNoContent {
			t.Fatalf("request %d: %d", n, w.Code)
		}
	}
	for range 3 { // those that are refused cost nothing
		w := asked(l, "203.0.113.1:2000")
		if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "1" || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Fatalf("too many: %d %v %s", w.Code, w.Header(), w.Body)
		}
	}
	if w := asked(l, "203.0.113.2:1000"); w.Code != http.StatusNoContent {
		t.Errorf("another address: %d", w.Code)
	}
	pass(500 * time.Millisecond)
	if first, second := asked(l, "203.0.113.1:1"), asked(l, "203.0.113.1:1"); first.Code != http.StatusNoContent || second.Code != http.StatusTooManyRequests {
		t.Errorf("after half a second: %d, %d", first.Code, second.Code)
	}
	pass(time.Hour)
	if w := asked(l, "203.0.113.3:1"); w.Code != http.StatusNoContent || len(l.buckets) != 1 {
		t.Errorf("%d, and %d buckets are kept of one that is in use", w.Code, len(l.buckets))
	}
	unlimited, _ := clockwork(limitConfig{})
	for range 1000 {
		if w := asked(unlimited, "203.0.113.1:1"); w.Code != http.StatusNoContent {
			t.Fatalf("no limit: %d", w.Code)
		}
	}
}

// More addresses than there are buckets share one, so that memory is bounded and nobody gets round the limit.
func TestCrowd(t *testing.T) {
	l, _ := clockwork(limitConfig{perSecond: 1, burst: 3})
	for n := range mostBuckets {
		l.take(netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}), 32))
	}
	served := 0
	for n := range 100 {
		if asked(l, fmt.Sprintf("203.0.113.%d:1", n)).Code == http.StatusNoContent {
			served++
		}
	}
	if served != 3 || len(l.buckets) != mostBuckets {
		t.Errorf("%d of a crowd were served, %d buckets", served, len(l.buckets))
	}
}

func TestClient(t *testing.T) {
	for _, tt := range []struct {
		name, from string
		forwarded  []string
		want       string
	}{
		{"no proxy", "203.0.113.1:1", nil, "203.0.113.1/32"},
		{"says it is another", "203.0.113.1:1", []string{"198.51.100.1"}, "203.0.113.1/32"},
		{"through ours", "10.0.0.1:1", []string{"198.51.100.1"}, "198.51.100.1/32"},
		{"through two of ours", "10.0.0.1:1", []string{"198.51.100.1, 10.0.0.2"}, "198.51.100.1/32"},
		{"through two of ours, two headers", "10.0.0.1:1", []string{"198.51.100.1", "10.0.0.2"}, "198.51.100.1/32"},
		{"and made up what is before", "10.0.0.1:1", []string{"192.0.2.7, 198.51.100.1"}, "198.51.100.1/32"},
		{"ours said nothing", "10.0.0.1:1", nil, "10.0.0.1/32"},
		{"ours said nonsense", "10.0.0.1:1", []string{"unknown"}, "10.0.0.1/32"},
		{"one of ours asks", "10.0.0.1:1", []string{"10.0.0.9"}, "10.0.0.9/32"},
		{"a household", "[2001:db8:1:2:aaaa::1]:1", nil, "2001:db8:1:2::/64"},
		{"a household through ours", "[fd00::1]:1", []string{"2001:db8:1:2:bbbb::1"}, "2001:db8:1:2::/64"},
		{"IPv4 as IPv6", "[::ffff:203.0.113.1]:1", nil, "203.0.113.1/32"},
		{"IPv4 as IPv6 through ours", "[::ffff:10.0.0.1]:1", []string{"::ffff:198.51.100.1"}, "198.51.100.1/32"},
		{"with a zone", "[fe80::1%eth0]:1", nil, "fe80::/64"},
		{"a socket without an address", "@", nil, "invalid Prefix"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLimiter(limitConfig{proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}})
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = tt.from
			for _, f := range tt.forwarded {
				r.Header.Add("X-Forwarded-For", f)
			}
			if got := l.client(r).String(); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}
