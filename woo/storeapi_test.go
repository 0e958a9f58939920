package woo_test

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/woo"
)

// inList puts a recorded product into the list that a client asks for.
func inList(t testing.TB, name string, oldnew ...string) http.Handler {
	t.Helper()
	_, body, err := load("storeapi/" + name + ".http")
	if err != nil {
		t.Fatal(err)
	}
	return answering(200, "["+strings.NewReplacer(oldnew...).Replace(string(body))+"]", "X-WP-Total", "1", "X-WP-TotalPages", "1")
}

// storeProduct reads a recorded product over the Store API, without a key.
func storeProduct(t *testing.T, id int64, handler http.Handler) (woo.Product, error) {
	t.Helper()
	site := newSite(t, map[string]http.Handler{"GET /wp-json/wc/store/v1/products": handler})
	return site.client(t, over(woo.CatalogueStoreAPI), withoutKey).ProductByID(t.Context(), id)
}

func TestRecordedProductOverTheStoreAPI(t *testing.T) {
	got, err := storeProduct(t, 16, inList(t, "mug"))
	if err != nil {
		t.Fatal(err)
	}
	const uploads = "https://shop.example.test/wp-content/uploads/2026/11/"
	want := woo.Product{
		ID: 16, Slug: "masala-chai-mug", Name: "Masala Chai Mug", SKU: "MUG-001", Type: woo.Simple,
		Link:        "https://shop.example.test/product/masala-chai-mug/",
		Description: "<p>Hand-painted <strong>ceramic</strong> mug &amp; saucer.</p>", ShortDescription: "<p>350 ml mug</p>",
		Price:       woo.Price{Kind: woo.Priced, Text: "₹499.00", RegularText: "₹499.00", Min: dec("499"), Max: amount("499")},
		Purchasable: true, Stock: woo.Stock{Status: woo.InStock, Item: "product:16"},
		Image: &woo.Image{ID: 11, URL: uploads + "masala-mug.jpg", Alt: "Photo of masala-mug"}, Gallery: []woo.Image{{ID: 14, URL: uploads + "mug-back.jpg", Alt: "Photo of mug-back"}},
		Categories: []woo.Term{{ID: 17, Name: "Kitchen & Dining", Slug: "kitchen-dining"}}, Tags: []woo.Term{{ID: 22, Name: "bestseller", Slug: "bestseller"}},
		Rating: dec("4"), ReviewCount: 1,
	}
	if !strings.Contains(got.Image.SrcSet, " 300w, ") {
		t.Errorf("srcset %q", got.Image.SrcSet)
	}
	got.Image.SrcSet, got.Gallery[0].SrcSet = "", ""
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestRecordedVariationsOverTheStoreAPI: the product says what a variation
// stands for, the variation what it costs.
func TestRecordedVariationsOverTheStoreAPI(t *testing.T) {
	kurta, variation := inList(t, "kurta"), inList(t, "variation")
	p, err := storeProduct(t, 37, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("type") == "variation" {
			variation.ServeHTTP(w, r)
			return
		}
		kurta.ServeHTTP(w, r)
	}))
	if err != nil || len(p.Variations) != 1 {
		t.Fatalf("%d variations, %v", len(p.Variations), err) // of six one was recorded: the others count as unpublished
	}
	v := p.Variations[0]
	if diff := cmp.Diff(map[string]string{"pa_size": "m", "pa_color": "red"}, v.Attributes); diff != "" || v.Name != "Handblock Kurta - M, Red" || v.ID != 40 {
		t.Errorf("%+v\n%s", v, diff)
	}
	if p.Price.Text != "₹1,099.00 - ₹1,399.00" || p.Price.Stored.Valid || v.Price.Text != "₹1,349.00" || v.Price.Stored.Valid {
		t.Errorf("%+v, %+v: nothing stored is shown", p.Price, v.Price)
	}
	want := []woo.Attribute{
		{Name: "pa_size", Label: "Size", Global: true, Visible: true, Variations: true, Options: []woo.Option{{Value: "l", Label: "L"}, {Value: "m", Label: "M"}, {Value: "s", Label: "S"}}},
		{Name: "pa_color", Label: "Color", Global: true, Visible: true, Variations: true, Options: []woo.Option{{Value: "indigo", Label: "Indigo"}, {Value: "red", Label: "Red"}}},
		{Name: "fabric", Label: "Fabric", Visible: true, Options: []woo.Option{{Value: "Cotton", Label: "Cotton"}, {Value: "Khadi", Label: "Khadi"}}},
	}
	if diff := cmp.Diff(want, p.Attributes) + cmp.Diff(map[string]string{"pa_size": "m", "pa_color": "red"}, p.Defaults); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestStoreAPIPrices: 0 is free or none, and the shop's decimals and separators
// are its own.
func TestStoreAPIPrices(t *testing.T) {
	const mug = `"price":"49900","regular_price":"49900"`
	tests := map[string]struct {
		edit []string
		want woo.Price
	}{
		"free":        {[]string{mug, `"price":"0","regular_price":"0"`}, woo.Price{Kind: woo.Free, Max: amount("0"), Stored: amount("0"), StoredRegular: amount("0")}},
		"none":        {[]string{mug, `"price":"0","regular_price":"0"`, `"is_purchasable":true`, `"is_purchasable":false`}, woo.Price{}},
		"no decimals": {[]string{`"currency_minor_unit":2`, `"currency_minor_unit":0`}, woo.Price{Kind: woo.Priced, Text: "₹49,900", RegularText: "₹49,900", Min: dec("49900"), Max: amount("49900")}},
		"euro": {
			[]string{`"currency_decimal_separator":"."`, `"currency_decimal_separator":","`, `"currency_prefix":"\u20b9"`, `"currency_prefix":""`, `"currency_suffix":""`, `"currency_suffix":"\u00a0\u20ac"`},
			woo.Price{Kind: woo.Priced, Text: "499,00 €", RegularText: "499,00 €", Min: dec("499"), Max: amount("499")},
		},
	}
	for name, test := range tests {
		p, err := storeProduct(t, 16, inList(t, "mug", test.edit...))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, p.Price); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	for name, edit := range map[string][]string{"decimals": {`"currency_minor_unit":2`, `"currency_minor_unit":99`}, "id": {`"id":16,"name"`, `"id":-16,"name"`}} {
		if _, err := storeProduct(t, 16, inList(t, "mug", edit...)); err == nil {
			t.Errorf("impossible %s: no error", name)
		}
	}
}

// TestStoreAPIIsAskedUnsigned: a key would make its holder the visitor.
func TestStoreAPIIsAskedUnsigned(t *testing.T) {
	site := newSite(t, map[string]http.Handler{"*": answering(200, `[]`, "X-WP-Total", "0")})
	client := site.client(t, over(woo.CatalogueStoreAPI))
	client.ProductByID(t.Context(), 16)
	client.Count(t.Context(), woo.ProductFilter{})
	list(t, client, woo.ProductFilter{InStock: true, Featured: true})
	if _, err := client.Items(t.Context(), []cart.ItemRef{product(16)}); err != nil {
		t.Error(err)
	}
	for _, r := range site.seen() {
		if signed := r.header.Get("Authorization") != ""; signed != strings.HasPrefix(r.path, "/wp-json/wc/v3/") {
			t.Errorf("%s is signed: %v", r.path, signed)
		}
	}
}

// TestNumericSlugIsNoID: the Store API takes a slug that is a number for an id.
func TestNumericSlugIsNoID(t *testing.T) {
	site := newSite(t, map[string]http.Handler{
		"GET /wp-json/wc/store/v1/products/categories": answering(200, `[{"id":7,"slug":"2026"},{"id":2026,"slug":"old"}]`),
		"GET /wp-json/wc/store/v1/products":            answering(200, `[]`, "X-WP-Total", "0", "X-WP-TotalPages", "0"),
	})
	client := site.client(t, over(woo.CatalogueStoreAPI), withoutKey)
	list(t, client, woo.ProductFilter{Category: "2026"})
	seen := site.seen()
	if last := seen[len(seen)-1]; !strings.Contains(last.query, "category=7&") {
		t.Errorf("asked for %s", last.query)
	}
	if products, _ := list(t, client, woo.ProductFilter{Category: "1999"}); len(products) != 0 {
		t.Errorf("%v", products)
	}
	if n, err := client.Count(t.Context(), woo.ProductFilter{Category: "1999"}); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if f, err := client.Facets(t.Context(), woo.ProductFilter{Category: "1999"}); len(f.Stock) != 0 || err != nil {
		t.Errorf("%+v, %v", f, err)
	}
	if n := len(site.seen()); n != len(seen)+3 {
		t.Errorf("%d more requests: products were asked for by a category that is not there", n-len(seen))
	}
}

// FuzzStoreAPIAnswer: whatever comes, a typed error or a product with an id.
func FuzzStoreAPIAnswer(f *testing.F) {
	seedBodies(f, "storeapi", func(body []byte) {
		f.Add(body)
		f.Add([]byte("[" + string(bytes.TrimSpace(body)) + "]"))
	})
	f.Add([]byte(`[{"id":16,"type":"variable","variations":[{"id":40,"attributes":null}],"prices":{"price":"1e9","currency_minor_unit":8}}]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		client, err := woo.New(woo.Config{URL: "https://shop.example.test", Retries: -1, MaxBody: 1 << 20, Catalogue: woo.CatalogueStoreAPI, HTTP: &http.Client{Transport: sameAnswer(body)}})
		if err != nil {
			t.Fatal(err)
		}
		p, err := client.ProductByID(t.Context(), 16)
		switch {
		case err != nil:
			checkTyped(t, err)
		case p.ID != 16, p.Price.Kind == woo.NoPrice && p.Price.Stored.Valid:
			t.Errorf("%+v", p)
		}
		if page, err := client.ProductPage(t.Context(), woo.ProductFilter{Variations: true}, ""); err != nil {
			checkTyped(t, err)
		} else if int64(len(page.Products)) > 0 && page.Products[0].ID <= 0 {
			t.Errorf("a product without an id: %+v", page.Products[0])
		}
		for _, err := range []error{second(client.Facets(t.Context(), woo.ProductFilter{}, "pa_size")), second(client.CategoryTree(t.Context()))} {
			var invalid *woo.InvalidError
			if err != nil && !errors.As(err, &invalid) { // an attribute the shop does not list
				checkTyped(t, err)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }
