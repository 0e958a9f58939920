package main

import (
	"math"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limitConfig says how often one address may ask.
type limitConfig struct {
	perSecond, burst int
	proxies          []netip.Prefix // whose X-Forwarded-For is believed
}

// limiter bounds how often one address asks this process, each by a bucket of its own. It is safe for concurrent use and
// keeps at most mostBuckets: where those do not suffice, newcomers share one.
type limiter struct {
	config limitConfig
	now    func() time.Time
	full   time.Duration // after so long without a request a bucket is as good as new

	mu      sync.Mutex
	buckets map[netip.Prefix]*bucket
	crowd   *rate.Limiter
	swept   time.Time
}

type bucket struct {
	*rate.Limiter
	last time.Time
}

const mostBuckets = 100_000

func newLimiter(c limitConfig) *limiter {
	return &limiter{
		config: c, now: time.Now, full: time.Duration(math.Ceil(float64(c.burst)/float64(max(c.perSecond, 1)))) * time.Second,
		buckets: map[netip.Prefix]*bucket{}, crowd: rate.NewLimiter(rate.Limit(c.perSecond), c.burst),
	}
}

// limit refuses with 429 what comes too often from one address.
func (l *limiter) limit(next http.Handler) http.Handler {
	if l.config.perSecond == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if wait := l.take(l.client(r)); wait > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
			problem(w, http.StatusTooManyRequests, codeTooMany, "Too many requests", "Wait for as long as Retry-After says, then repeat the request.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// take takes one request out of an address's bucket, or says how long to wait for the next.
func (l *limiter) take(who netip.Prefix) (wait time.Duration) {
	now := l.now()
	one := l.bucket(who, now).ReserveN(now, 1)
	if wait = one.DelayFrom(now); wait > 0 {
		one.CancelAt(now) // what is refused does not make others wait
	}
	return wait
}

func (l *limiter) bucket(who netip.Prefix, now time.Time) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.swept) >= l.full {
		l.sweep(now)
	}
	b, known := l.buckets[who]
	switch {
	case known:
	case len(l.buckets) >= mostBuckets:
		return l.crowd
	default:
		b = &bucket{Limiter: rate.NewLimiter(rate.Limit(l.config.perSecond), l.config.burst)}
		l.buckets[who] = b
	}
	b.last = now
	return b.Limiter
}

// sweep forgets the buckets that are full again.
func (l *limiter) sweep(now time.Time) {
	l.swept = now
	for who, b := range l.buckets {
		if now.Sub(b.last) >= l.full {
			delete(l.buckets, who)
		}
	}
}

// client is who asks: the peer or, where that is a proxy of ours, the last in X-Forwarded-For that is none. What stands
// before that one anybody may have written. An address of IPv6 counts by its /64, which is what one household has.
func (l *limiter) client(r *http.Request) netip.Prefix {
	who, _ := peer(r.RemoteAddr)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !l.ours(who) {
			break
		}
		before, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		who = before.Unmap()
	}
	if who.Is6() {
		return netip.PrefixFrom(who, 64).Masked()
	}
	return netip.PrefixFrom(who, who.BitLen())
}

func (l *limiter) ours(who netip.Addr) bool {
	return slices.ContainsFunc(l.config.proxies, func(p netip.Prefix) bool { return p.Contains(who) })
}

func peer(remote string) (netip.Addr, error) {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return netip.Addr{}, err
	}
	who, err := netip.ParseAddr(host)
	return who.Unmap().WithZone(""), err
}
