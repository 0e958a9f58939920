package woo_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo"
)

// wooSignature is what WooCommerce computes (WC_REST_Authentication): written
// from PHP, step by step, and checked against a request a real store took.
func wooSignature(method, address string, params url.Values, secret string) string {
	rawurlencode := func(s string) string {
		var b strings.Builder
		for i := range len(s) {
			c := s[i]
			if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-_.~", c) >= 0 {
				b.WriteByte(c)
			} else {
				b.WriteString("%" + strings.ToUpper(strconv.FormatUint(uint64(c)+256, 16)[1:]))
			}
		}
		return b.String()
	}
	var names []string
	for name := range params {
		if name != "oauth_signature" {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	var joined []string
	for _, name := range names {
		joined = append(joined, rawurlencode(rawurlencode(name)+"="+rawurlencode(params.Get(name))))
	}
	mac := hmac.New(sha256.New, []byte(secret+"&"))
	mac.Write([]byte(method + "&" + rawurlencode(address) + "&" + strings.Join(joined, "%26")))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// The request and its key are from a test store that is gone.
func TestSignatureOfRecordedRequest(t *testing.T) {
	recorded, err := url.Parse("http://127.0.0.1:8088/wp-json/wc/v3/products?oauth_consumer_key=ck_75c1d7c6f81c7dbddd058e9869fb436cd14c619a" +
		"&oauth_nonce=13e04948db344e01&oauth_signature_method=HMAC-SHA256&oauth_timestamp=1795151570&per_page=1&_fields=id" +
		"&oauth_signature=rDITcKbwBeQV9kmygavjyYe4kTJmBG20LhRwJtt677U%3D")
	if err != nil {
		t.Fatal(err)
	}
	got := wooSignature("GET", "http://127.0.0.1:8088/wp-json/wc/v3/products", recorded.Query(), "cs_6f5fb4b491e53fbe545f535c68d4228e15eb4ab4")
	if want := recorded.Query().Get("oauth_signature"); got != want {
		t.Errorf("signature %s, want %s", got, want)
	}
}

func TestPlainHTTPIsSigned(t *testing.T) {
	now := time.Unix(1795151570, 0)
	var mu sync.Mutex
	var requests []*http.Request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		requests = append(requests, r)
		mu.Unlock()
		replay(w, "rest/order-created.http", nil)
	}))
	defer server.Close()
	client, err := woo.New(woo.Config{
		URL: server.URL + "/shop", Key: testKey, Secret: woo.NewSecret(testSecret),
		Now: func() time.Time { return now }, Retries: -1,
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		client.FindOrder(t.Context(), "tok~en&=%+/?#") // every sign that needs an escape
	}
	server.Close() // what the client gave up waiting for is still being handled
	if len(requests) == 0 {
		t.Fatal("nothing was sent")
	}
	nonces := map[string]bool{}
	for _, r := range requests {
		query := r.URL.Query()
		if got, want := query.Get("oauth_signature"), wooSignature(r.Method, server.URL+r.URL.Path, query, testSecret); got != want {
			t.Errorf("%s: signature %s, want %s", r.URL, got, want)
		}
		if query.Get("oauth_timestamp") != "1795151570" || query.Get("oauth_signature_method") != "HMAC-SHA256" {
			t.Errorf("%s: timestamp or method is not as configured", r.URL)
		}
		nonces[query.Get("oauth_nonce")] = true
		if r.Header.Get("Authorization") != "" || strings.Contains(r.URL.String(), testSecret) {
			t.Error("the secret travels over plain HTTP")
		}
	}
	if len(nonces) != len(requests) {
		t.Errorf("%d nonces for %d requests; WooCommerce refuses a repeated one", len(nonces), len(requests))
	}
}

// TestBrokenConnectionIsSignedAnew: a connection that worked before breaks
// while its reply is awaited. net/http would send a GET again as it was, and
// WooCommerce answers 401 to a nonce that it has seen.
func TestBrokenConnectionIsSignedAnew(t *testing.T) {
	var mu sync.Mutex
	var nonces []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		nonces = append(nonces, r.URL.Query().Get("oauth_nonce"))
		n := len(nonces)
		mu.Unlock()
		if body, err := io.ReadAll(r.Body); err != nil || len(body) > 0 || r.ContentLength > 0 || len(r.TransferEncoding) > 0 {
			t.Errorf("a GET has a body: %q, %v, %d, %v", body, err, r.ContentLength, r.TransferEncoding)
		}
		if n == 2 {
			panic(http.ErrAbortHandler)
		}
		replay(w, "rest/order-created.http", nil)
	}))
	defer server.Close()
	client, err := woo.New(woo.Config{
		URL: server.URL, Key: testKey, Secret: woo.NewSecret(testSecret), HTTP: server.Client(),
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := client.Order(t.Context(), 154); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(nonces)
	if got := len(slices.Compact(slices.Clone(nonces))); len(nonces) != 3 || got != 3 {
		t.Errorf("%d requests with %d nonces, want 3 and 3", len(nonces), got)
	}
}

func TestTLSUsesBasic(t *testing.T) {
	site := newSite(t, map[string]http.Handler{"*": recording("rest/order-created.http")})
	if _, err := site.client(t).Order(t.Context(), 1); err == nil {
		t.Error("an answer about another order was taken")
	}
	r := http.Request{Header: site.seen()[0].header}
	if key, secret, ok := r.BasicAuth(); !ok || key != testKey || secret != testSecret {
		t.Errorf("Basic auth is %q %v", key, ok)
	}
	if strings.Contains(site.seen()[0].query, "oauth") {
		t.Error("OAuth parameters over TLS")
	}
}
