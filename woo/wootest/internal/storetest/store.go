package storetest

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/shopspring/decimal"
)

// Clock is a store clock that a test sets.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// Now is what the store takes for the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Set moves the clock.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = t
}

// Seeded is the moment after the recorded store was filled.
func Seeded() time.Time { return time.Date(2026, 11, 20, 5, 0, 0, 0, time.UTC) }

// TestKeys are one for each permission: both, reading, writing.
func TestKeys() []wootest.APIKey {
	return []wootest.APIKey{
		{Key: "ck_" + strings.Repeat("1", 40), Secret: "cs_" + strings.Repeat("a", 40), Permissions: wootest.ReadWrite},
		{Key: "ck_" + strings.Repeat("2", 40), Secret: "cs_" + strings.Repeat("b", 40), Permissions: wootest.Read},
		{Key: "ck_" + strings.Repeat("3", 40), Secret: "cs_" + strings.Repeat("c", 40), Permissions: wootest.Write},
	}
}

// NewStore starts a store that stops with the test. Plain HTTP requests that
// say they came through a proxy with TLS count as such.
func NewStore(t *testing.T, change func(*wootest.Config)) (*wootest.Store, *Clock) {
	t.Helper()
	c := &Clock{at: Seeded()}
	cfg := wootest.Config{Now: c.Now, TrustForwardedProto: true, Keys: TestKeys()}
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

// Overlay lays files over a file system.
type Overlay struct {
	fs.FS
	Over fstest.MapFS
}

// Open implements fs.FS.
func (o Overlay) Open(name string) (fs.File, error) {
	if _, ok := o.Over[name]; ok {
		return o.Over.Open(name)
	}
	return o.FS.Open(name)
}

// BulkCatalogue is the embedded catalogue with the hundred bulk products of
// the recorded store, which were left out of it.
func BulkCatalogue(t *testing.T) fs.FS {
	t.Helper()
	var products, categories []json.RawMessage
	ReadJSON(t, wootest.Catalogue(), "products.json", &products)
	ReadJSON(t, wootest.Catalogue(), "categories.json", &categories)
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
	return Overlay{wootest.Catalogue(), fstest.MapFS{
		"products.json":   {Data: MustJSON(t, products)},
		"categories.json": {Data: MustJSON(t, categories)},
	}}
}

// ReadJSON decodes a file of a catalogue.
func ReadJSON(t *testing.T, files fs.FS, name string, into any) {
	t.Helper()
	raw, err := fs.ReadFile(files, name)
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// MustJSON encodes what encodes.
func MustJSON(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// DecimalOf reads an amount.
func DecimalOf(t *testing.T, text string) decimal.Decimal {
	t.Helper()
	d, err := decimal.NewFromString(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
