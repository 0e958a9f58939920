package wootest_test

import (
	"bufio"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/woo/wootest"
)

// recording is one request of the recorded store and its answer.
type recording struct {
	File          string            `json:"file"`
	Note          string            `json:"note"`
	At            time.Time         `json:"at"`
	Method        string            `json:"method"`
	Path          string            `json:"path"`
	TLS           bool              `json:"tls"`
	Auth          string            `json:"auth"`
	Headers       map[string]string `json:"headers"`
	Body          *string           `json:"body"`
	Status        int               `json:"status"`
	AnswerHeaders [][2]string       `json:"answerHeaders"`
	Answer        string            `json:"answer"`
}

// readRecordings reads a group of testdata/recorded.
func readRecordings[T any](t *testing.T, group string) []T {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "recorded", group+".jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }() // only read from
	zipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(zipped)
	lines.Buffer(nil, 1<<20)
	var out []T
	for lines.Scan() {
		var r T
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// clock is a store clock that a test sets.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = t
}

// seeded is the moment after the recorded store was filled.
var seeded = time.Date(2026, 11, 20, 5, 0, 0, 0, time.UTC)

var testKeys = []wootest.APIKey{
	{Key: "ck_" + strings.Repeat("1", 40), Secret: "cs_" + strings.Repeat("a", 40), Permissions: wootest.ReadWrite},
	{Key: "ck_" + strings.Repeat("2", 40), Secret: "cs_" + strings.Repeat("b", 40), Permissions: wootest.Read},
	{Key: "ck_" + strings.Repeat("3", 40), Secret: "cs_" + strings.Repeat("c", 40), Permissions: wootest.Write},
}

// newStore starts a store that stops with the test. Plain HTTP requests that
// say they came through a proxy with TLS count as such.
func newStore(t *testing.T, change func(*wootest.Config)) (*wootest.Store, *clock) {
	t.Helper()
	c := &clock{at: seeded}
	cfg := wootest.Config{Now: c.now, TrustForwardedProto: true, Keys: testKeys}
	if change != nil {
		change(&cfg)
	}
	s, err := wootest.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, c
}

// overlay lays files over a file system.
type overlay struct {
	fs.FS
	over fstest.MapFS
}

func (o overlay) Open(name string) (fs.File, error) {
	if _, ok := o.over[name]; ok {
		return o.over.Open(name)
	}
	return o.FS.Open(name)
}

// bulkCatalogue is the embedded catalogue with the hundred bulk products of
// the recorded store, which were left out of it.
func bulkCatalogue(t *testing.T) fs.FS {
	t.Helper()
	var products, categories []json.RawMessage
	readJSON(t, wootest.Catalogue(), "products.json", &products)
	readJSON(t, wootest.Catalogue(), "categories.json", &categories)
	for i := 1; i <= 100; i++ {
		at := fmt.Sprintf("2026-11-20T04:46:%02d", 8+(i-1)/29) // the recorded store made about 29 a second
		if i >= 87 {
			at = "2026-11-20T04:46:11"
		}
		products = append(products, json.RawMessage(fmt.Sprintf(`{"id":%d,"name":"Bulk item %d","slug":"bulk-item-%d","type":"simple",
			"status":"publish","catalog_visibility":"visible","sku":"BULK-%03d","regular_price":"%d","tax_status":"taxable","tax_class":"gst-18",
			"manage_stock":true,"stock_quantity":100000,"stock_status":"instock","backorders":"no","reviews_allowed":true,
			"download_limit":-1,"download_expiry":-1,"average_rating":"0.00","date_created_gmt":%q,"date_modified_gmt":%q,
			"categories":[{"id":21,"name":"Bulk","slug":"bulk"}]}`, 47+i, i, i, i, 10*i, at, at)))
	}
	categories = append(categories, json.RawMessage(`{"id":21,"name":"Bulk","slug":"bulk","parent":0,"description":"","display":"default","image":null,"menu_order":0}`))
	return overlay{wootest.Catalogue(), fstest.MapFS{
		"products.json":   {Data: mustJSON(t, products)},
		"categories.json": {Data: mustJSON(t, categories)},
	}}
}

func readJSON(t *testing.T, files fs.FS, name string, into any) {
	t.Helper()
	raw, err := fs.ReadFile(files, name)
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// answered is a reply of the store.
type answered struct {
	status int
	header http.Header
	body   string
}

// sendRaw makes one request and reads the whole answer.
func sendRaw(s *wootest.Store, method, path, body string, header map[string]string) (answered, error) {
	req, err := http.NewRequest(method, s.URL()+path, strings.NewReader(body))
	if err != nil {
		return answered{}, err
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	res, err := s.HTTPClient().Do(req)
	if err != nil {
		return answered{}, err
	}
	defer func() { _ = res.Body.Close() }() // only read from
	raw, err := io.ReadAll(res.Body)
	return answered{res.StatusCode, res.Header, string(raw)}, err
}

func send(t *testing.T, s *wootest.Store, method, path, body string, header map[string]string) answered {
	t.Helper()
	a, err := sendRaw(s, method, path, body, header)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return a
}

// signedIn are the headers of a REST request with a key, as if over TLS.
func signedIn(k wootest.APIKey) map[string]string {
	req := &http.Request{Header: http.Header{}}
	req.SetBasicAuth(k.Key, k.Secret)
	return map[string]string{
		"Authorization": req.Header.Get("Authorization"), "Content-Type": "application/json", "X-Forwarded-Proto": "https",
	}
}

// rest makes a REST request with the read_write key and decodes the answer.
func rest(t *testing.T, s *wootest.Store, method, path, body string) (int, map[string]any) {
	t.Helper()
	a := send(t, s, method, "/wp-json/wc/v3/"+path, body, signedIn(testKeys[0]))
	var out map[string]any
	if err := json.Unmarshal([]byte(a.body), &out); err != nil {
		t.Fatalf("%s %s answered %d %s", method, path, a.status, a.body)
	}
	return a.status, out
}

func decimalOf(t *testing.T, text string) decimal.Decimal {
	t.Helper()
	d, err := decimal.NewFromString(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// payloadOf is the payload of a JWT.
func payloadOf(t *testing.T, token string) []byte {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("no token: %q", token)
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
