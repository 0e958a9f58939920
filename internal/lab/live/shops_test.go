// Package live_test holds the WooCommerce client to its promises against a
// running store: the stand-in of package wootest always, and a real WooCommerce
// where one is named.
//
//	WOO_URL=http://127.0.0.1:8080 WOO_KEY=ck_… WOO_SECRET=cs_… go test ./live/
//
// The store has to be one to try things on: products and orders are made in it.
// What is made is named after the run and taken away at its end; the orders go
// to the trash, as a shop keeper would put them. It needs
//
//   - WooCommerce with High-Performance Order Storage, WPGraphQL and WooGraphQL
//     (without GraphQL only rules and stock are tried);
//   - India as its country, rupees, GST classes gst-5, gst-12 and gst-18 with
//     rates for its own state and for the others, and a shipping zone for India;
//   - pretty permalinks, and a REST key with read and write permission that may
//     be used: over https, or over plain http on loopback with
//     X-Forwarded-Proto honoured.
package live_test

import (
	"context"
	"crypto/rand"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

// site is where a store is and how to get in.
type site struct {
	name, url, graphql string
	key, secret        string
}

// shop is a store for one test: its keeper, the client, and the wire between
// the client and the store.
type shop struct {
	*testing.T
	site   site
	mark   string // in every name and token of this test
	keeper *keeper
	wire   *wire
	client *woo.Client
}

// eachShop runs a test against the stand-in and against the real store.
func eachShop(t *testing.T, check func(*testing.T, *shop)) {
	t.Helper()
	t.Run("wootest", func(t *testing.T) { check(t, openShop(t, standIn(t))) })
	t.Run("live", func(t *testing.T) { check(t, openShop(t, liveSite(t))) })
}

// standIn starts a store in this process.
func standIn(t *testing.T) site {
	t.Helper()
	store, err := wootest.New(wootest.Config{TrustForwardedProto: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return site{"wootest", store.URL(), store.GraphQLURL(), store.ConsumerKey(), store.ConsumerSecret()}
}

// liveSite is the store named by the environment.
func liveSite(t *testing.T) site {
	t.Helper()
	s := site{"live", strings.TrimSuffix(os.Getenv("WOO_URL"), "/"), "", os.Getenv("WOO_KEY"), os.Getenv("WOO_SECRET")}
	if s.url == "" || s.key == "" || s.secret == "" {
		t.Skip("needs a WooCommerce to try things on: set WOO_URL, WOO_KEY and WOO_SECRET")
	}
	return s
}

// openShop makes the keeper, who talks to the store directly, and the client,
// who talks to it through the wire.
func openShop(t *testing.T, at site) *shop {
	t.Helper()
	s := &shop{T: t, site: at, mark: strings.ToLower(rand.Text()[:8])}
	s.keeper = newKeeper(t, at)
	s.wire = newWire(t, at.url)
	s.client = s.newClient()
	return s
}

// newClient makes another client of the same store, with caches of its own.
func (s *shop) newClient() *woo.Client {
	s.Helper()
	transport := &http.Transport{DialContext: s.wire.dial}
	s.Cleanup(transport.CloseIdleConnections)
	client, err := woo.New(woo.Config{
		URL: s.site.url, GraphQLURL: s.site.graphql, Key: s.site.key, Secret: woo.NewSecret(s.site.secret),
		HTTP: &http.Client{Transport: transport}, Timeout: time.Minute,
	})
	if err != nil {
		s.Fatal(err)
	}
	return client
}

// needGraphQL skips the test where the store has no catalogue to read.
func (s *shop) needGraphQL() {
	s.Helper()
	endpoint := s.site.graphql
	if endpoint == "" {
		endpoint = s.site.url + "/graphql"
	}
	req, err := http.NewRequestWithContext(s.Context(), http.MethodPost, endpoint, strings.NewReader(`{"query":"{__typename}"}`))
	s.check(err)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	s.check(err)
	s.check(resp.Body.Close())
	if resp.StatusCode != http.StatusOK {
		s.Skipf("%s has no GraphQL: %s", s.site.url, resp.Status)
	}
}

func (s *shop) check(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// hostOf is the address to dial for a URL.
func hostOf(t *testing.T, raw string) string {
	t.Helper()
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		t.Fatal(err)
	case u.Port() != "":
	case u.Scheme == "https":
		return net.JoinHostPort(u.Hostname(), "443")
	default:
		return net.JoinHostPort(u.Hostname(), "80")
	}
	return u.Host
}

// afterwards is a context for taking things away again, when the test's is done.
func afterwards(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
	t.Cleanup(cancel)
	return ctx
}
