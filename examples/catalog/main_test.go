package main

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/woo/wootest"
)

// shop is a store and the environment that names it.
type shop struct {
	*wootest.Store
	env map[string]string
}

func openShop(t *testing.T, cfg wootest.Config) shop {
	t.Helper()
	store, err := wootest.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return shop{store, map[string]string{"WOO_URL": store.URL(), "WOO_KEY": store.ConsumerKey(), "WOO_SECRET": store.ConsumerSecret()}}
}

// catalog runs the program.
func (s shop) catalog(t *testing.T, args ...string) (code int, lines []map[string]any, progress string) {
	t.Helper()
	var out, complaints bytes.Buffer
	code = run(t.Context(), args, func(name string) string { return s.env[name] }, &out, &complaints)
	if strings.Contains(out.String()+complaints.String(), s.ConsumerSecret()) || strings.Contains(out.String()+complaints.String(), s.ConsumerKey()) {
		t.Error("a credential was printed")
	}
	return code, parseLines(t, out.String()), complaints.String()
}

func parseLines(t *testing.T, text string) (lines []map[string]any) {
	t.Helper()
	for l := range strings.Lines(text) {
		var line map[string]any
		if err := json.Unmarshal([]byte(l), &line); err != nil || !strings.HasSuffix(l, "\n") {
			t.Fatalf("%q is no line of JSON: %v", l, err)
		}
		lines = append(lines, line)
	}
	return lines
}

// slugsOf are the products of an export, sorted.
func slugsOf(lines []map[string]any) (out []string) {
	for _, l := range lines {
		out = append(out, fmt.Sprint(l["slug"]))
	}
	slices.Sort(out)
	return out
}

// front stands before the store and answers some requests itself.
func (s shop) front(t *testing.T, instead func(w http.ResponseWriter, r *http.Request) bool) shop {
	t.Helper()
	target, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !instead(w, r) {
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	env := maps.Clone(s.env)
	env["WOO_URL"] = server.URL
	delete(env, "WOO_KEY") // a signature is for one address
	delete(env, "WOO_SECRET")
	return shop{s.Store, env}
}

// withoutGraphQL is a shop that has no WPGraphQL.
func withoutGraphQL(w http.ResponseWriter, r *http.Request) bool {
	if !strings.HasPrefix(r.URL.Path, "/graphql") {
		return false
	}
	http.Error(w, "<html><title>Page not found</title></html>", http.StatusNotFound)
	return true
}

// TestEveryProductOnce: of every type, hidden ones too, over either catalogue.
func TestEveryProductOnce(t *testing.T) {
	s := openShop(t, wootest.Config{})
	code, lines, progress := s.catalog(t, "-page", "7")
	if code != 0 || !strings.Contains(progress, " of 21 products\n") {
		t.Fatalf("exit code %d: %s", code, progress)
	}
	types := map[string]int{}
	for _, l := range lines {
		types[fmt.Sprint(l["type"])]++
	}
	if want := map[string]int{"simple": 17, "variable": 2, "grouped": 1, "external": 1}; !maps.Equal(types, want) {
		t.Errorf("types %v, want %v", types, want)
	}
	slugs := slugsOf(lines)
	if len(slices.Compact(slices.Clone(slugs))) != 21 || !slices.Contains(slugs, "hidden-item") || slices.Contains(slugs, "draft-item") {
		t.Errorf("slugs %v", slugs)
	}
	code, other, progress := s.front(t, withoutGraphQL).catalog(t, "-page", "7")
	if code != 0 || !slices.Equal(slugs, slugsOf(other)) {
		t.Errorf("over the Store API: exit code %d, %v: %s", code, slugsOf(other), progress)
	}
}

func TestAProductsLine(t *testing.T) {
	_, lines, _ := openShop(t, wootest.Config{}).catalog(t)
	by := map[string]map[string]any{}
	for _, l := range lines {
		by[fmt.Sprint(l["slug"])] = l
	}
	kurta := by["handblock-kurta"]
	variations, _ := kurta["variations"].([]any)
	if len(variations) != 6 || kurta["tax_class"] != "gst-5" || kurta["price"].(map[string]any)["text"] != "₹1,099.00 - ₹1,399.00" {
		t.Errorf("kurta %v", kurta)
	}
	first, _ := variations[0].(map[string]any)
	if first["price"].(map[string]any)["stored"] == nil || len(first["attributes"].(map[string]any)) != 2 {
		t.Errorf("variation %v", first)
	}
	if p := by["price-on-request"]; p["price"] != nil || p["purchasable"] != false {
		t.Errorf("no price: %v", p)
	}
	if p := by["free-sample"]; p["price"].(map[string]any)["min"] != "0" {
		t.Errorf("free: %v", p)
	}
	if stock := by["sold-out-diary"]["stock"].(map[string]any); stock["quantity"] != 0.0 || stock["status"] != "out_of_stock" {
		t.Errorf("sold out: %v", stock)
	}
	if set := by["diwali-gift-set"]; len(set["members"].([]any)) != 3 || set["stock"] != nil {
		t.Errorf("set: %v", set)
	}
}

func TestFilters(t *testing.T) {
	s := openShop(t, wootest.Config{})
	if code, lines, _ := s.catalog(t, "-search", "kurta"); code != 0 || !slices.Equal(slugsOf(lines), []string{"handblock-kurta"}) {
		t.Errorf("-search: %d, %v", code, slugsOf(lines))
	}
	if code, lines, _ := s.catalog(t, "-category", "digital"); code != 0 || !slices.Equal(slugsOf(lines), []string{"recipe-ebook"}) {
		t.Errorf("-category: %d, %v", code, slugsOf(lines))
	}
	if code, lines, _ := s.catalog(t, "-category", "no-such"); code != 0 || len(lines) != 0 {
		t.Errorf("an unknown category: %d, %v", code, slugsOf(lines))
	}
}

// TestStoppedAndResumed: the store goes away after some pages. What a second
// run adds makes the catalogue whole, each product once.
func TestStoppedAndResumed(t *testing.T) {
	whole := openShop(t, wootest.Config{})
	for name, alsoGraphQL := range map[string]bool{"GraphQL": true, "Store API": false} {
		t.Run(name, func(t *testing.T) {
			served, broken := 0, true
			s := whole.front(t, func(w http.ResponseWriter, r *http.Request) bool {
				if !alsoGraphQL && withoutGraphQL(w, r) {
					return true
				}
				list := r.URL.Path == "/graphql" || strings.HasSuffix(r.URL.Path, "/store/v1/products") && r.URL.Query().Get("type") == ""
				if list {
					served++
				}
				if list && broken && served > 3 {
					http.Error(w, `{"code":"x","message":"busy"}`, http.StatusForbidden) // not worth another try
					return true
				}
				return false
			})
			file := filepath.Join(t.TempDir(), "place.json")
			code, first, progress := s.catalog(t, "-page", "5", "-resume", file)
			if code != 3 || len(first) == 0 || len(first) == 21 {
				t.Fatalf("exit code %d after %d products: %s", code, len(first), progress)
			}
			if code, _, progress := s.catalog(t, "-page", "5", "-resume", file, "-search", "mug"); code != 2 || !strings.Contains(progress, "another export") {
				t.Errorf("another export took the place: %d, %s", code, progress)
			}
			broken = false
			code, second, progress := s.catalog(t, "-page", "5", "-resume", file)
			if code != 0 || !strings.Contains(progress, fmt.Sprintf("going on after %d products", len(first))) {
				t.Fatalf("exit code %d: %s", code, progress)
			}
			all := slugsOf(append(first, second...))
			if len(all) != 21 || len(slices.Compact(all)) != 21 {
				t.Errorf("%d and %d products", len(first), len(second))
			}
			if _, err := os.Stat(file); !os.IsNotExist(err) {
				t.Errorf("the place is still kept: %v", err)
			}
		})
	}
}

// TestUnreadableProduct: it is a line, the others are there, and the exit code
// says so.
func TestUnreadableProduct(t *testing.T) {
	s := openShop(t, wootest.Config{}).front(t, func(w http.ResponseWriter, r *http.Request) bool {
		if withoutGraphQL(w, r) {
			return true
		}
		q := r.URL.Query()
		if !strings.HasSuffix(r.URL.Path, "/store/v1/products") || q.Get("type") != "" || q.Get("per_page") == "1" && q.Get("page") != "4" {
			return false
		}
		w.WriteHeader(http.StatusInternalServerError) // PHP gives up over the fourth
		fmt.Fprint(w, `{"code":"internal_server_error","message":"There has been a critical error on this website.","data":{"status":500}}`)
		return true
	})
	code, lines, progress := s.catalog(t, "-page", "100")
	broken := 0
	for _, l := range lines {
		if l["error"] != nil {
			broken++
		}
	}
	if code != 1 || len(lines) != 21 || broken != 1 || !strings.Contains(progress, "1 of them could not be read") {
		t.Errorf("exit code %d, %d lines, %d broken: %s", code, len(lines), broken, progress)
	}
}

func TestOverTLS(t *testing.T) {
	s := openShop(t, wootest.Config{TLS: true})
	if code, _, progress := s.catalog(t); code != 3 || !strings.Contains(progress, "certificate") {
		t.Errorf("an unknown certificate: %d, %s", code, progress)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	conn := s.HTTPClient().Transport.(*http.Transport)
	resp, err := (&http.Client{Transport: conn}).Get(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	chain := resp.TLS.PeerCertificates
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: chain[len(chain)-1].Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	s.env["WOO_CA"] = file
	if code, lines, progress := s.catalog(t); code != 0 || len(lines) != 21 {
		t.Errorf("with WOO_CA: %d, %d lines, %s", code, len(lines), progress)
	}
}

func TestWrongUse(t *testing.T) {
	s := openShop(t, wootest.Config{})
	junk := filepath.Join(t.TempDir(), "junk")
	if err := os.WriteFile(junk, []byte("junk"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		args []string
		env  map[string]string
		says string
	}{
		"unknown flag":      {args: []string{"-x"}, says: "-x"},
		"an argument":       {args: []string{"x"}, says: "see -h"},
		"page size":         {args: []string{"-page", "0"}, says: "1 to 100"},
		"search too long":   {args: []string{"-search", strings.Repeat("x", 501)}, says: "search"},
		"no place":          {args: []string{"-resume", junk}, says: "no place"},
		"a folder as place": {args: []string{"-resume", t.TempDir()}, says: "usage"},
		"no URL":            {env: map[string]string{"WOO_URL": ""}, says: "WOO_URL is required"},
		"no address":        {env: map[string]string{"WOO_URL": "shop"}, says: "https://"},
		"half a key":        {env: map[string]string{"WOO_SECRET": ""}, says: "Secret"},
		"no certificate":    {env: map[string]string{"WOO_CA": junk}, says: "PEM"},
		"no such file":      {env: map[string]string{"WOO_CA": "/nowhere"}, says: "WOO_CA"},
	}
	for name, test := range tests {
		env := maps.Clone(s.env)
		maps.Copy(env, test.env)
		code, lines, progress := shop{s.Store, env}.catalog(t, test.args...)
		if code != 2 || len(lines) != 0 || !strings.Contains(progress, test.says) {
			t.Errorf("%s: exit code %d, %d lines, %q", name, code, len(lines), progress)
		}
	}
}

func TestHelp(t *testing.T) {
	var out, complaints bytes.Buffer
	code := run(t.Context(), []string{"-h"}, func(string) string { return "" }, &out, &complaints)
	for _, word := range []string{"WOO_URL", "WOO_KEY", "WOO_SECRET", "WOO_GRAPHQL_URL", "WOO_CA", "-resume", "-search", "-category", "Exit code"} {
		if code != 0 || complaints.Len() > 0 || !strings.Contains(out.String(), word) {
			t.Errorf("exit code %d, %q is missing", code, word)
		}
	}
}

func TestInterrupted(t *testing.T) {
	s := openShop(t, wootest.Config{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, complaints bytes.Buffer
	if code := run(ctx, nil, func(name string) string { return s.env[name] }, &out, &complaints); code != 3 || out.Len() > 0 {
		t.Errorf("exit code %d, %q", code, out.String())
	}
}
