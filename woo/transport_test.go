package woo_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo"
)

func quoteJSON(s string) string {
	text, _ := json.Marshal(s)
	return string(text)
}

// TestCredentialsStayWithTheStore: a redirect is never followed elsewhere, not
// by a read, not to another port, not to another scheme.
func TestCredentialsStayWithTheStore(t *testing.T) {
	var reached atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer other.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		site := newSite(t, map[string]http.Handler{"*": answering(status, "", "Location", other.URL+"/wp-json/wc/v3/orders/1")})
		client := site.client(t)
		_, restErr := client.Order(t.Context(), 1)
		_, graphErr := client.Product(t.Context(), "mug")
		for _, err := range []error{restErr, graphErr} {
			checkKind(t, err, woo.Unavailable)
		}
		if n := len(site.seen()); n != 2 {
			t.Errorf("%d: asked %d times; a redirect does not pass by itself", status, n)
		}
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("%d requests reached the other host", n)
	}
}

// TestNoDowngrade: https does not become http, not on the same host either.
func TestNoDowngrade(t *testing.T) {
	site := newSite(t, map[string]http.Handler{"*": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://"+r.Host+r.URL.Path, http.StatusMovedPermanently)
	})})
	var plain atomic.Int32
	own := site.Server.Client().Transport
	client := site.client(t, func(c *woo.Config) {
		c.HTTP = &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			if r.URL.Scheme != "https" {
				plain.Add(1)
			}
			return own.RoundTrip(r)
		})}
	})
	_, err := client.Order(t.Context(), 1)
	checkKind(t, err, woo.Unavailable)
	if plain.Load() != 0 {
		t.Error("the key went out in the clear")
	}
}

func TestReadFollowsRedirectInside(t *testing.T) {
	site := newSite(t, map[string]http.Handler{
		"GET /wp-json/wc/v3/orders/154":  answering(301, "", "Location", "/wp-json/wc/v3/orders/154/"),
		"GET /wp-json/wc/v3/orders/154/": recording("rest/order-created.http"),
	})
	if _, err := site.client(t).Order(t.Context(), 154); err != nil {
		t.Error(err)
	}
}

func TestRedirectLoopEnds(t *testing.T) {
	site := newSite(t, map[string]http.Handler{"*": answering(302, "", "Location", "?again")})
	_, err := site.client(t).Order(t.Context(), 154)
	checkKind(t, err, woo.Unavailable)
	if n := len(site.seen()); n > 4 {
		t.Errorf("followed %d times", n)
	}
}

func TestEndlessBodyIsCut(t *testing.T) {
	var sent atomic.Int64
	endless := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		chunk := []byte(strings.Repeat(" ", 64<<10))
		for r.Context().Err() == nil {
			n, err := w.Write(chunk)
			sent.Add(int64(n))
			if err != nil {
				return
			}
		}
	})
	site := newSite(t, map[string]http.Handler{"*": endless})
	client := site.client(t, func(c *woo.Config) { c.MaxBody = 1 << 20 })
	_, readErr := client.Order(t.Context(), 1)
	checkKind(t, readErr, woo.Unavailable)
	_, writeErr := client.CreatePending(t.Context(), mugOrder())
	checkKind(t, writeErr, woo.Unknown)
	_, graphErr := client.Product(t.Context(), "mug")
	checkKind(t, graphErr, woo.Unavailable)
	if n := len(site.seen()); n != 3 {
		t.Errorf("asked %d times, want 3: an endless body will not get shorter", n)
	}
	if got := sent.Load(); got > 64<<20 {
		t.Errorf("read %d bytes", got)
	}
}

func TestGzipBombIsCut(t *testing.T) {
	site := newSite(t, map[string]http.Handler{"*": gzipped(strings.Repeat(" ", 8<<20))})
	_, err := site.client(t, func(c *woo.Config) { c.MaxBody = 1 << 20 }).Order(t.Context(), 1)
	if e := checkKind(t, err, woo.Unavailable); !strings.Contains(e.Error(), "MaxBody") {
		t.Errorf("got %v", err)
	}
}

// TestCallEndsWithItsContext: an answer that has begun keeps no call alive.
func TestCallEndsWithItsContext(t *testing.T) {
	stop := make(chan struct{})
	defer close(stop)
	drip := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, " ")
		w.(http.Flusher).Flush()
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	})
	site := newSite(t, map[string]http.Handler{"*": drip})
	for name, limit := range map[string]func() (*woo.Client, context.Context, context.CancelFunc){
		"context": func() (*woo.Client, context.Context, context.CancelFunc) {
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			return site.client(t), ctx, cancel
		},
		"configuration": func() (*woo.Client, context.Context, context.CancelFunc) {
			return site.client(t, func(c *woo.Config) { c.Timeout, c.Retries = 50*time.Millisecond, -1 }), t.Context(), func() {}
		},
	} {
		t.Run(name, func(t *testing.T) {
			client, ctx, cancel := limit()
			defer cancel()
			_, err := client.CreatePending(ctx, mugOrder())
			checkKind(t, err, woo.Unknown)
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the cause is lost: %v", err)
			}
			client, ctx, cancel = limit()
			defer cancel()
			_, err = client.Order(ctx, 1)
			checkKind(t, err, woo.Unavailable)
		})
	}
}

// TestUnsentWriteIsUnavailable: what certainly never left is no unknown
// outcome.
func TestUnsentWriteIsUnavailable(t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	untrusted := newSite(t, nil)
	tests := map[string]struct {
		ctx  context.Context
		edit func(*woo.Config)
	}{
		"context over":          {cancelled, func(*woo.Config) {}},
		"nobody listens":        {t.Context(), func(c *woo.Config) { c.URL = "http://" + freeAddress(t) }},
		"no such host":          {t.Context(), func(c *woo.Config) { c.URL = "https://shop.invalid"; c.HTTP = noNames() }},
		"untrusted certificate": {t.Context(), func(c *woo.Config) { c.URL = untrusted.URL; c.HTTP = &http.Client{} }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			site := newSite(t, map[string]http.Handler{"*": recording("rest/order-created.http")})
			_, err := site.client(t, test.edit).CreatePending(test.ctx, mugOrder())
			checkKind(t, err, woo.Unavailable)
			if len(site.seen())+len(untrusted.seen()) != 0 {
				t.Error("something was sent")
			}
		})
	}
}

// freeAddress is a loopback address where nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// noNames is a client whose every lookup fails.
func noNames() *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.DNSError{Err: "no such host", Name: "shop.invalid", IsNotFound: true}
	}}}
}

// TestLostReplyIsUnknown cuts the connection after the request arrived, with a
// transport that reports connections and one that does not.
func TestLostReplyIsUnknown(t *testing.T) {
	cut := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			conn.Close()
		}
	})
	site := newSite(t, map[string]http.Handler{"*": cut})
	own := site.Server.Client().Transport
	for name, transport := range map[string]http.RoundTripper{
		"net/http": own,
		"silent":   roundTripper(func(*http.Request) (*http.Response, error) { return nil, errors.New("lost") }),
	} {
		t.Run(name, func(t *testing.T) {
			before := len(site.seen())
			_, err := site.client(t, func(c *woo.Config) { c.HTTP = &http.Client{Transport: transport} }).CreatePending(t.Context(), mugOrder())
			checkKind(t, err, woo.Unknown)
			if n := len(site.seen()) - before; n > 1 {
				t.Errorf("sent %d times", n)
			}
		})
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestHostClientIsCopied: cookies and redirect rules of the host's client are
// not ours, and ours not the host's.
func TestHostClientIsCopied(t *testing.T) {
	site := newSite(t, map[string]http.Handler{"*": answering(200, `{}`, "Set-Cookie", "wordpress_logged_in=1; Path=/")})
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	host := site.Server.Client()
	host.Jar = jar
	client := site.client(t, func(c *woo.Config) { c.HTTP = host })
	for range 2 {
		client.Order(t.Context(), 1)
	}
	for _, r := range site.seen() {
		if r.header.Get("Cookie") != "" {
			t.Error("a cookie was sent back")
		}
	}
	if u, _ := url.Parse(site.URL); len(jar.Cookies(u)) != 0 || host.CheckRedirect != nil {
		t.Error("the host's client was changed")
	}
}
