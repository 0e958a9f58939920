package woo_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

// wire notes every GraphQL operation that passes.
type wire struct {
	http.RoundTripper
	mu   sync.Mutex
	sent []graphRequest
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/graphql") {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		var q graphRequest
		if json.Unmarshal(body, &q) == nil {
			w.mu.Lock()
			w.sent = append(w.sent, q)
			w.mu.Unlock()
		}
	}
	return w.RoundTripper.RoundTrip(r)
}

// everyFilter has each part of a filter once, alone and all together.
func everyFilter() []woo.ProductFilter {
	all := woo.ProductFilter{
		Category: "home", Tag: "bestseller", Search: "mug", SKU: "MUG-001", InStock: true, Featured: true, MinPrice: dec("1"), MaxPrice: dec("999"),
		Attributes: []woo.AttributeFilter{{Name: "pa_size", Values: []string{"s", "m"}}, {Name: "pa_color", Values: []string{"red"}, All: true}},
	}
	filters := []woo.ProductFilter{
		{}, all, {Hidden: true}, {Variations: true, Hidden: true, PageSize: 3}, {Search: "kurta"}, {OnSale: true}, {OnSale: true, Sort: woo.CheapFirst, PageSize: 1}, {SKU: "MUG"}, {SKU: "KURTA-M-RED"},
		{IDs: []int64{16, 37}}, {IDs: []int64{16, 37}, Sort: woo.DearFirst, PageSize: 1}, {IDs: []int64{16, 37}, OnSale: true},
	}
	for _, sort := range []woo.Sort{woo.Newest, woo.CheapFirst, woo.DearFirst, woo.ByName, woo.ByMenu, woo.MostPopular, woo.BestRated, woo.LastModified} {
		filters = append(filters, woo.ProductFilter{Sort: sort, PageSize: 7})
	}
	return filters
}

// readEverything makes every call of the catalogue.
func readEverything(t *testing.T, client *woo.Client) {
	t.Helper()
	ctx := t.Context()
	check := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err := client.Product(ctx, "handblock-kurta")
	check("by slug", err)
	_, err = client.ProductByID(ctx, 36)
	check("by id", err)
	_, err = client.ProductBySKU(ctx, "MUG-001")
	check("by SKU", err)
	_, err = client.ProductBySKU(ctx, "KURTA-M-RED")
	check("by a variation's SKU", err)
	_, err = client.Items(ctx, []cart.ItemRef{product(16), variation(37, 40)})
	check("items", err)
	_, err = client.CategoryTree(ctx)
	check("categories", err)
	for _, f := range everyFilter() {
		for _, err := range client.Products(ctx, f) {
			check("list", err)
		}
		_, err = client.Count(ctx, f)
		check("count", err)
		if f.OnSale && len(f.IDs) > 0 {
			continue // nobody can count that
		}
		_, err = client.Facets(ctx, f, "pa_size", "pa_color")
		check("facets", err)
	}
}

// TestOperationsAreInTheSchemas validates every operation of the catalogue with
// the schemas of both versions of WooGraphQL. Only the search for a variation's
// SKU is asked in two ways.
func TestOperationsAreInTheSchemas(t *testing.T) {
	w := &wire{}
	store, _ := openStore(t, wootest.Config{})
	w.RoundTripper = store.HTTPClient().Transport
	if w.RoundTripper == nil {
		w.RoundTripper = http.DefaultTransport
	}
	for _, kind := range []woo.Catalogue{woo.CatalogueGraphQL, woo.CatalogueAutomatic} {
		readEverything(t, clientOf(t, store, func(c *woo.Config) { c.Catalogue, c.HTTP = kind, &http.Client{Transport: w} }))
	}
	old := newSite(t, map[string]http.Handler{"POST /graphql": http.HandlerFunc(oldStore)})
	if _, err := old.client(t, withoutKey).ProductBySKU(t.Context(), "KURTA-M-RED"); err != nil {
		t.Error(err)
	}
	for _, r := range old.seen() {
		w.sent = append(w.sent, r.graph(t))
	}
	var big []graphRequest // a product with more variations than come at once
	many := variationsSite(t)
	if _, err := many.client(t, withoutKey).Product(t.Context(), "handblock-kurta"); err != nil {
		t.Error(err)
	}
	for _, r := range many.seen() {
		big = append(big, r.graph(t))
	}
	for version, schema := range map[string]*ast.Schema{
		"1.0": loadSchema(t, "wootest/internal/graphql/schema/woographql-1.0.2.graphql.gz"), "0.21": loadSchema(t, "testdata/schema/woographql-0.21.2.graphql.gz"),
	} {
		distinct := map[string]bool{}
		for _, q := range append(w.sent, big...) {
			if distinct[q.Query] || otherDialect(version, q.Query) {
				continue
			}
			distinct[q.Query] = true
			if _, errs := gqlparser.LoadQueryWithRules(schema, q.Query, nil); errs != nil {
				t.Errorf("%s: %v\n%s", version, errs, q.Query)
			}
		}
		if len(distinct) < 30 {
			t.Errorf("%s: only %d operations", version, len(distinct))
		}
	}
}

// otherDialect finds the query that is written in two ways.
func otherDialect(version, query string) bool {
	if version == "1.0" {
		return strings.Contains(query, "{products(first:100,where:{sku:$sku,includeVariations:true")
	}
	return strings.Contains(query, "productsWithVariations")
}

func loadSchema(t *testing.T, file string) *ast.Schema {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(zipped)
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: file, Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// oldStore speaks WooGraphQL 0.21 as far as a variation's SKU goes.
func oldStore(w http.ResponseWriter, r *http.Request) {
	var q graphRequest
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		http.Error(w, err.Error(), http.StatusTeapot)
		return
	}
	switch {
	case strings.Contains(q.Query, "idType:SKU"):
		io.WriteString(w, `{"errors":[{"message":"No product ID was found corresponding to the sku: x","path":["product"]}],"data":{"product":null}}`)
	case strings.Contains(q.Query, "productsWithVariations"):
		io.WriteString(w, `{"errors":[{"message":"Cannot query field \"productsWithVariations\" on type \"RootQuery\". Did you mean \"productVariation\"?"}]}`)
	case strings.Contains(q.Query, "includeVariations"):
		io.WriteString(w, `{"data":{"products":{"nodes":[{"sku":"KURTA-M-RED-2","parent":{"node":{"databaseId":1}}},{"sku":"KURTA-M-RED","parent":{"node":{"databaseId":37}}}]}}}`)
	default:
		replay(w, "graphql/kurta.http", nil)
	}
}
