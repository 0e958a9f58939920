package rest_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/rest"
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func amount(s string) rest.Amount { return rest.AmountOf(dec(s)) }

// site is a store that answers as it is told.
type site struct {
	*httptest.Server
	mu  sync.Mutex
	got []request
}

// request is one that arrived.
type request struct {
	line  string // "GET products/16"
	query url.Values
	body  string
}

// newSite starts a store that gives every request to answer.
func newSite(t *testing.T, answer http.Handler) (*site, *rest.Client) {
	t.Helper()
	s := &site{}
	s.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.got = append(s.got, request{r.Method + " " + strings.TrimPrefix(r.URL.Path, "/wp-json/wc/v3/"), r.URL.Query(), string(body)})
		s.mu.Unlock()
		answer.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	client, err := woo.New(woo.Config{
		URL: s.URL, Key: "ck_1", Secret: woo.NewSecret("cs_1"), HTTP: s.Client(), Retries: -1,
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, rest.New(client)
}

func (s *site) seen() []request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]request{}, s.got...)
}

// recorded answers with a file of testdata, parts of its body replaced.
func recorded(name string, oldnew ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		raw, err := os.ReadFile(filepath.Join("testdata", name+".http"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusTeapot)
			return
		}
		resp, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(raw)), nil)
		if err != nil {
			http.Error(w, err.Error(), http.StatusTeapot)
			return
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		maps.Copy(w.Header(), resp.Header)
		w.WriteHeader(resp.StatusCode)
		_, _ = strings.NewReplacer(oldnew...).WriteString(w, string(body))
	})
}

func answering(status int, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

// checkKind wants a woo.Error of a kind.
func checkKind(t *testing.T, err error, want woo.Kind) {
	t.Helper()
	var e *woo.Error
	if !errors.As(err, &e) || e.Kind != want {
		t.Fatalf("got %v, want an Error of kind %q", err, want)
	}
}
