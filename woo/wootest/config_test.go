package wootest_test

import (
	"crypto/tls"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

func TestConfigMistakes(t *testing.T) {
	tests := map[string]struct {
		cfg   wootest.Config
		field string
	}{
		"any address":       {wootest.Config{Addr: "0.0.0.0:0"}, "Config.Addr"},
		"no port":           {wootest.Config{Addr: "127.0.0.1"}, "Config.Addr"},
		"a public name":     {wootest.Config{Addr: "example.test:80"}, "Config.Addr"},
		"empty key":         {wootest.Config{Keys: []wootest.APIKey{{Secret: "s", Permissions: wootest.Read}}}, "Config.Keys[0]"},
		"empty secret":      {wootest.Config{Keys: []wootest.APIKey{{Key: "k", Permissions: wootest.Read}}}, "Config.Keys[0]"},
		"no permission":     {wootest.Config{Keys: []wootest.APIKey{{Key: "k", Secret: "s"}}}, "Config.Keys[0].Permissions"},
		"negative window":   {wootest.Config{CompletionWindow: -1}, "Config.CompletionWindow"},
		"checkout window":   {wootest.Config{CheckoutWindow: -1}, "Config.CheckoutWindow"},
		"unknown plugin":    {wootest.Config{WooGraphQL: "0.19"}, "Config.WooGraphQL"},
		"operation of hook": {wootest.Config{Faults: []wootest.Fault{{Kind: wootest.WebhookLost, Operation: "checkout"}}}, "Faults[0].Operation"},
		"unknown fault":     {wootest.Config{Faults: []wootest.Fault{{Kind: "nope"}}}, "Faults[0].Kind"},
		"bad pattern":       {wootest.Config{Faults: []wootest.Fault{{Kind: wootest.Slow, Path: "["}}}, "Faults[0].Path"},
		"negative delay":    {wootest.Config{Faults: []wootest.Fault{{Kind: wootest.Slow, Delay: -1}}}, "Faults[0]"},
		"negative skip":     {wootest.Config{Faults: []wootest.Fault{{Kind: wootest.Slow, Skip: -1}}}, "Faults[0]"},
		"unreadable file":   {wootest.Config{Catalogue: fstest.MapFS{"products.json": {Data: []byte("{")}}}, "products.json"},
		"file of no object": {wootest.Config{Catalogue: fstest.MapFS{"taxes.json": {Data: []byte(`["x"]`)}}}, "taxes.json"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s, err := wootest.New(tc.cfg)
			if err == nil {
				_ = s.Close()
				t.Fatal("accepted")
			}
			if !errors.Is(err, wootest.ErrInvalid) || !strings.Contains(err.Error(), tc.field) {
				t.Errorf("%v does not name %s", err, tc.field)
			}
		})
	}
}

func TestConfigMistakesTogether(t *testing.T) {
	_, err := wootest.New(wootest.Config{Addr: ":0", CompletionWindow: -time.Second, Keys: []wootest.APIKey{{}}})
	for _, field := range []string{"Config.Addr", "Config.CompletionWindow", "Config.Keys[0]", "Config.Keys[0].Permissions"} {
		if !strings.Contains(err.Error(), field) {
			t.Errorf("%v leaves out %s", err, field)
		}
	}
	var one *wootest.InvalidError
	if !errors.As(err, &one) || one.Field == "" || one.Reason == "" {
		t.Errorf("no *InvalidError in %v", err)
	}
}

// TestEmptyCatalogue: a store with no data at all still answers.
func TestEmptyCatalogue(t *testing.T) {
	s, _ := storetest.NewStore(t, func(cfg *wootest.Config) { cfg.Catalogue = fstest.MapFS{} })
	a := storetest.Send(t, s, "GET", "/wp-json/wc/v3/products", "", storetest.SignedIn(storetest.TestKeys()[0]))
	if a.Status != http.StatusOK || a.Body != "[]" || a.Header.Get("X-WP-Total") != "0" {
		t.Errorf("%d %s, total %q", a.Status, a.Body, a.Header.Get("X-WP-Total"))
	}
	if got := storetest.GraphQL(t, s, `{products{nodes{id}}}`); got != `{"products":{"nodes":[]}}` {
		t.Error(got)
	}
}

func TestOwnAddress(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", "localhost:0"} {
		s, _ := storetest.NewStore(t, func(cfg *wootest.Config) { cfg.Addr = addr })
		if !strings.HasPrefix(s.URL(), "http://127.0.0.1:") && !strings.HasPrefix(s.URL(), "http://[::1]:") {
			t.Errorf("%s: %s", addr, s.URL())
		}
		if s.GraphQLURL() != s.URL()+"/graphql" {
			t.Error(s.GraphQLURL())
		}
	}
}

func TestTLS(t *testing.T) {
	s, _ := storetest.NewStore(t, func(cfg *wootest.Config) { cfg.TLS = true })
	if !strings.HasPrefix(s.URL(), "https://") || s.CertPool() == nil {
		t.Fatalf("%s, pool %v", s.URL(), s.CertPool())
	}
	stranger := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}}}
	if res, err := stranger.Get(s.URL()); err == nil {
		_ = res.Body.Close()
		t.Error("a client without the pool trusts the certificate")
	}
	res, err := s.HTTPClient().Get(s.URL() + "/wp-json/wc/v3/")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }() // only the status counts
	if res.StatusCode != http.StatusOK {
		t.Error(res.Status)
	}
}

// TestKeysAreMade: without keys in the Config a store makes one that nobody
// can guess.
func TestKeysAreMade(t *testing.T) {
	a, _ := storetest.NewStore(t, func(cfg *wootest.Config) { cfg.Keys = nil })
	b, _ := storetest.NewStore(t, func(cfg *wootest.Config) { cfg.Keys = nil })
	if len(a.ConsumerKey()) != 43 || len(a.ConsumerSecret()) != 43 || a.ConsumerKey() == b.ConsumerKey() || a.ConsumerSecret() == b.ConsumerSecret() {
		t.Errorf("%s %s", a.ConsumerKey(), b.ConsumerKey())
	}
}

func TestClose(t *testing.T) {
	s, err := wootest.New(wootest.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := storetest.SendRaw(s, "GET", "/", "", nil); err == nil {
		t.Error("a closed store answers")
	}
}

// TestCloseWhileWaiting: a request held by a fault does not hold Close.
func TestCloseWhileWaiting(t *testing.T) {
	s, err := wootest.New(wootest.Config{Faults: []wootest.Fault{{Kind: wootest.Slow, Delay: time.Hour}}})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() {
		_, err := storetest.SendRaw(s, "GET", "/graphql?query={generalSettings{title}}", "", nil)
		done <- err
	}()
	if err := s.Faults().Await(t.Context(), wootest.Slow, 1); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Logf("the held request ended with %v", err) // answered or cut, but over
	}
}

func TestUnknownPage(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	for _, path := range []string{"/", "/product/x/", "/wp-admin/"} {
		if a := storetest.Send(t, s, "GET", path, "", nil); a.Status != http.StatusNotFound || !strings.Contains(a.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d %s", path, a.Status, a.Header)
		}
	}
}

func TestBodyTooLarge(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	a, err := storetest.SendRaw(s, "POST", "/graphql", strings.Repeat(" ", 9<<20), map[string]string{"Content-Type": "application/json"})
	if err == nil && a.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("%d", a.Status)
	}
}

func TestPictures(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	small := storetest.Send(t, s, "GET", "/wp-content/uploads/2026/11/kurta-150x150.jpg", "", nil)
	big := storetest.Send(t, s, "GET", "/wp-content/uploads/2026/11/kurta.jpg", "", nil)
	other := storetest.Send(t, s, "GET", "/wp-content/uploads/2026/11/masala-mug.jpg", "", nil)
	if small.Status != http.StatusOK || small.Header.Get("Content-Type") != "image/svg+xml" || !strings.HasPrefix(small.Body, "<svg ") {
		t.Errorf("%d %s %.60s", small.Status, small.Header.Get("Content-Type"), small.Body)
	}
	if small.Body != big.Body || big.Body == other.Body {
		t.Error("one picture has two drawings, or two pictures have one")
	}
	hostile := storetest.Send(t, s, "GET", "/wp-content/uploads/%3Cscript%3E.png", "", nil)
	if strings.Contains(hostile.Body, "<script") || !strings.Contains(hostile.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Error(hostile.Body)
	}
	if a := storetest.Send(t, s, "GET", "/wp-content/uploads/woocommerce_uploads/recipes.pdf", "", nil); a.Status != http.StatusNotFound {
		t.Errorf("a file that is no picture: %d", a.Status)
	}
}
