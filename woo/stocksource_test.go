package woo_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/woo"
)

// stockList answers a list of products out of JSON objects by id.
func stockList(products map[string]string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var hits []string
		for _, id := range strings.Split(r.URL.Query().Get("include"), ",") {
			if p, ok := products[id]; ok {
				hits = append(hits, p)
			}
		}
		fmt.Fprintf(w, "[%s]", strings.Join(hits, ","))
	})
}

func TestStockSource(t *testing.T) {
	site := newSite(t, map[string]http.Handler{
		"GET /wp-json/wc/v3/products": stockList(map[string]string{
			"16": body(t, "stock/mug.http"), "37": body(t, "stock/kurta.http"), "27": body(t, "stock/backorder.http"), "31": body(t, "stock/ebook.http"),
			"26": `{"id":26,"manage_stock":false,"stock_quantity":null,"stock_status":"outofstock","backorders":"no"}`,
			"20": `{"id":"20","manage_stock":"1","stock_quantity":"-2","stock_status":"outofstock","backorders":"no"}`,
			"21": `{"id":21,"manage_stock":true,"stock_quantity":null,"stock_status":"outofstock","backorders":"yes"}`,
			"22": `{"id":22,"manage_stock":true,"stock_quantity":3.7,"stock_status":"instock","backorders":"no"}`,
		}),
		"GET /wp-json/wc/v3/products/40": recording("stock/variation-parent.http"),
		"GET /wp-json/wc/v3/products/43": answering(200, `{"id":43,"type":"variation","parent_id":37,"manage_stock":true,"stock_quantity":8,"stock_status":"instock","backorders":"no"}`),
		"GET /wp-json/wc/v3/products/99": recording("rest/product-unknown.http"),
	})
	items := []inventory.Item{
		"product:16", "product:37", "product:27", "product:31", "product:26", "product:20", "product:21", "product:22",
		"product:16", "product:404", "variation:40", "variation:43", "variation:99", "coupon:diwali", "product:x", "product:007",
	}
	got, err := site.client(t).Stock(t.Context(), items)
	if err != nil {
		t.Fatal(err)
	}
	level := func(item string, onHand int64, policy inventory.Policy) inventory.Level {
		l := inventory.Level{Key: inventory.Item(item).At(inventory.DefaultLocation), OnHand: onHand, Policy: policy}
		if policy == inventory.Backorder {
			l.BackorderLimit = inventory.MaxLevel
		}
		return l
	}
	want := []inventory.Level{
		level("product:16", 10, inventory.Deny), level("product:20", -2, inventory.Deny), level("product:21", 0, inventory.Backorder),
		level("product:22", 3, inventory.Deny), level("product:26", 0, inventory.Deny), level("product:27", 0, inventory.Backorder),
		level("product:31", 0, inventory.Untracked), level("product:37", 20, inventory.Deny), level("variation:43", 8, inventory.Deny),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, l := range got {
		if err := l.Validate(); err != nil {
			t.Errorf("%v: %v", l.Key, err)
		}
	}
	if n := len(site.seen()); n != 4 {
		t.Errorf("%d requests, want one for the products and three for variations", n)
	}
}

func body(t *testing.T, name string) string {
	t.Helper()
	_, b, err := load(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestStockIsReadPastCaches: no address is asked for twice.
func TestStockIsReadPastCaches(t *testing.T) {
	site := newSite(t, map[string]http.Handler{"*": stockList(nil)})
	client := site.client(t)
	addresses := map[string]bool{}
	for range 5 {
		if _, err := client.Stock(t.Context(), []inventory.Item{"product:16"}); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range site.seen() {
		addresses[r.query] = true
		if q, _ := url.ParseQuery(r.query); q.Get("include") != "16" || q.Get("per_page") != "100" {
			t.Errorf("asked %s", r.query)
		}
	}
	if len(addresses) != 5 {
		t.Errorf("%d addresses for 5 readings", len(addresses))
	}
}

func TestStockOfManyProducts(t *testing.T) {
	products := map[string]string{}
	var items []inventory.Item
	for id := 1; id <= 250; id++ {
		products[fmt.Sprint(id)] = fmt.Sprintf(`{"id":%d,"manage_stock":true,"stock_quantity":%d,"backorders":"no"}`, id, id)
		items = append(items, inventory.ProductItem(int64(id)))
	}
	site := newSite(t, map[string]http.Handler{"*": stockList(products)})
	got, err := site.client(t).Stock(t.Context(), items)
	if err != nil || len(got) != 250 || len(site.seen()) != 3 {
		t.Fatalf("%d levels in %d requests, %v", len(got), len(site.seen()), err)
	}
	for _, l := range got {
		if l.Key.Item != inventory.ProductItem(l.OnHand) {
			t.Errorf("%s has %d", l.Key.Item, l.OnHand)
		}
	}
}

func TestStockFails(t *testing.T) {
	tests := map[string]http.Handler{
		"unavailable":     answering(503, ""),
		"HTML":            answering(200, "<html>"),
		"not a number":    answering(200, `[{"id":16,"manage_stock":true,"stock_quantity":"ten"}]`),
		"out of range":    answering(200, `[{"id":16,"manage_stock":true,"stock_quantity":99999999999999999}]`),
		"exponent":        answering(200, `[{"id":16,"manage_stock":true,"stock_quantity":1e99}]`),
		"unauthorised":    recording("rest/no-auth.http"),
		"a single object": answering(200, `{"id":16}`),
	}
	for name, answer := range tests {
		levels, err := newSite(t, map[string]http.Handler{"*": answer}).client(t).Stock(t.Context(), []inventory.Item{"product:16"})
		var e *woo.Error
		if levels != nil || !errors.As(err, &e) {
			t.Errorf("%s: %v, %v", name, levels, err)
		}
	}
	_, err := newSite(t, map[string]http.Handler{"*": answering(200, `{"id":41,"manage_stock":true,"stock_quantity":7}`)}).
		client(t).Stock(t.Context(), []inventory.Item{"variation:40"})
	checkKind(t, err, woo.Unavailable)
}

// TestOneFailureStopsTheRest of a parallel reading, and is what is reported.
func TestOneFailureStopsTheRest(t *testing.T) {
	site := newSite(t, map[string]http.Handler{
		"GET /wp-json/wc/v3/variations": answering(404, `{"code":"rest_no_route","message":"No route","data":{"status":404}}`),
		"GET /wp-json/wc/v3/products/1": recording("rest/no-auth.http"),
		"*":                             http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }),
	})
	var items []inventory.Item
	for id := int64(1); id <= 40; id++ {
		items = append(items, inventory.VariationItem(id))
	}
	_, err := site.client(t).Stock(t.Context(), items)
	checkKind(t, err, woo.Unauthorised)
	if n := len(site.seen()); n > 9 { // the list, and those that were under way
		t.Errorf("%d of 40 were asked for", n)
	}
}

// TestStockOfOthersIsLeftOut: a plugin that drops the include filter makes the
// store list its whole catalogue.
func TestStockOfOthersIsLeftOut(t *testing.T) {
	site := newSite(t, map[string]http.Handler{"*": answering(200, `[{"id":15,"manage_stock":true,"stock_quantity":1},{"id":16,"manage_stock":true,"stock_quantity":7}]`)})
	got, err := site.client(t).Stock(t.Context(), []inventory.Item{"product:16"})
	if err != nil || len(got) != 1 || got[0].Key.Item != "product:16" || got[0].OnHand != 7 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestStockOfNothing(t *testing.T) {
	site := newSite(t, nil)
	for _, items := range [][]inventory.Item{nil, {"coupon:x"}} {
		if got, err := site.client(t).Stock(t.Context(), items); err != nil || len(got) != 0 {
			t.Errorf("%v: %v, %v", items, got, err)
		}
	}
	if _, err := site.client(t).Stock(t.Context(), []inventory.Item{"no colon"}); !errors.Is(err, inventory.ErrInvalid) {
		t.Errorf("a malformed item: %v", err)
	}
	if len(site.seen()) != 0 {
		t.Error("something was asked")
	}
}

// TestStockOfManyVariations: from a list where the store has one, and whatever that
// leaves out by itself.
func TestStockOfManyVariations(t *testing.T) {
	variations, items := map[string]string{}, []inventory.Item{}
	routes := map[string]http.Handler{}
	for id := 1; id <= 120; id++ {
		text := fmt.Sprintf(`{"id":%d,"manage_stock":true,"stock_quantity":%d,"backorders":"no"}`, id, id)
		if variations[fmt.Sprint(id)] = text; id > 110 {
			delete(variations, fmt.Sprint(id)) // not in the list
		}
		routes[fmt.Sprintf("GET /wp-json/wc/v3/products/%d", id)] = answering(200, text)
		items = append(items, inventory.VariationItem(int64(id)))
	}
	routes["GET /wp-json/wc/v3/products/120"] = recording("rest/product-unknown.http")
	for name, tc := range map[string]struct {
		list     http.Handler
		requests int
	}{
		"a list":           {stockList(variations), 2 + 10},
		"no list":          {answering(404, `{"code":"rest_no_route","message":"No route","data":{"status":404}}`), 2 + 120},
		"a list of others": {answering(200, `[{"id":999,"manage_stock":true,"stock_quantity":1}]`), 2 + 120},
	} {
		routes["GET /wp-json/wc/v3/variations"] = tc.list
		site := newSite(t, routes)
		got, err := site.client(t).Stock(t.Context(), items)
		if err != nil || len(got) != 119 || len(site.seen()) != tc.requests {
			t.Errorf("%s: %d levels in %d requests, %v", name, len(got), len(site.seen()), err)
		}
		for _, l := range got {
			if l.Key.Item != inventory.VariationItem(l.OnHand) {
				t.Errorf("%s: %s has %d", name, l.Key.Item, l.OnHand)
			}
		}
	}
	routes["GET /wp-json/wc/v3/variations"] = answering(403, `{"code":"woocommerce_rest_cannot_view","message":"No","data":{"status":403}}`)
	if got, err := newSite(t, routes).client(t).Stock(t.Context(), items); err == nil || got != nil {
		t.Errorf("a list one may not see: %v, %v", got, err)
	}
}
