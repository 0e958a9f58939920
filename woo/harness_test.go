package woo_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo"
)

const (
	testKey    = "ck_0000000000000000000000000000000000000001"
	testSecret = "cs_0000000000000000000000000000000000000002"
)

// site is a store that answers from recordings.
type site struct {
	*httptest.Server
	mu     sync.Mutex
	routes map[string]http.Handler // "GET /wp-json/wc/v3/orders"
	got    []seen
}

// seen is a request that arrived.
type seen struct {
	method, path, query string
	header              http.Header
	body                []byte
}

// newSite starts a store over TLS. Routes are method and path; "*" takes what
// no other route does.
func newSite(t testing.TB, routes map[string]http.Handler) *site {
	t.Helper()
	s := &site{routes: maps.Clone(routes)}
	s.Server = httptest.NewUnstartedServer(s)
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // handshakes that a test breaks off
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	s.mu.Lock()
	s.got = append(s.got, seen{r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Clone(), body})
	route := s.routes[r.Method+" "+r.URL.Path]
	if route == nil {
		route = s.routes["*"]
	}
	s.mu.Unlock()
	if route == nil {
		http.Error(w, "no route for "+r.Method+" "+r.URL.Path, http.StatusTeapot)
		return
	}
	route.ServeHTTP(w, r)
}

// seen lists what arrived.
func (s *site) seen() []seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.got)
}

// client talks to the site; edit changes its configuration.
func (s *site) client(t testing.TB, edit ...func(*woo.Config)) *woo.Client {
	t.Helper()
	c := woo.Config{
		URL: s.URL, Key: testKey, Secret: woo.NewSecret(testSecret), HTTP: s.Server.Client(),
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
	for _, e := range edit {
		e(&c)
	}
	client, err := woo.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// recording answers with a file of testdata.
func recording(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { replay(w, name, nil) })
}

// inTurn answers with one handler after the other, the last one for ever.
func inTurn(handlers ...http.Handler) http.Handler {
	var mu sync.Mutex
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		next := handlers[0]
		if len(handlers) > 1 {
			handlers = handlers[1:]
		}
		mu.Unlock()
		next.ServeHTTP(w, r)
	})
}

// edited answers with a file after replacing parts of its body.
func edited(name string, oldnew ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		replay(w, name, strings.NewReplacer(oldnew...))
	})
}

func replay(w http.ResponseWriter, name string, edit *strings.Replacer) {
	resp, body, err := load(name)
	if err != nil {
		http.Error(w, err.Error(), http.StatusTeapot)
		return
	}
	if edit != nil {
		body = []byte(edit.Replace(string(body)))
	}
	maps.Copy(w.Header(), resp.Header)
	w.WriteHeader(resp.StatusCode)
	w.Write(body)
}

// load reads a recorded response.
func load(name string) (*http.Response, []byte, error) {
	raw, err := os.ReadFile(filepath.Join("testdata", filepath.FromSlash(name)))
	if err != nil {
		return nil, nil, err
	}
	resp, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(raw)), nil)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp, bytes.TrimSuffix(body, []byte("\n")), err
}

// answering answers with a status and a body.
func answering(status int, body string, header ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	})
}

// graphRequest is what arrives at /graphql.
type graphRequest struct {
	Query     string         `json:"query"`
	Variables map[string]any `json:"variables"`
}

func (s seen) graph(t testing.TB) graphRequest {
	t.Helper()
	var r graphRequest
	if err := json.Unmarshal(s.body, &r); err != nil {
		t.Fatalf("the request is no GraphQL: %v", err)
	}
	return r
}

// graph is a site that answers every query from one recording.
func graph(t testing.TB, name string, oldnew ...string) *site {
	return newSite(t, map[string]http.Handler{"POST /graphql": edited(name, oldnew...)})
}
