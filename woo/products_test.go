package woo_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/woo"
)

// readProduct decodes a recorded product.
func readProduct(t *testing.T, name string, oldnew ...string) woo.Product {
	t.Helper()
	p, err := graph(t, "graphql/"+name+".http", oldnew...).client(t, withoutKey).Product(t.Context(), "x")
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return p
}

// withoutKey reads the catalogue only, so tax classes are guessed.
func withoutKey(c *woo.Config) { c.Key, c.Secret = "", woo.Secret{} }

func amount(s string) decimal.NullDecimal { return decimal.NewNullDecimal(dec(s)) }

func TestSimpleProduct(t *testing.T) {
	got := readProduct(t, "mug")
	picture := func(id int64, name string) woo.Image {
		return woo.Image{
			ID: id, Alt: "Photo of " + name, Width: 1200, Height: 1200,
			URL: "https://shop.example.test/wp-content/uploads/2026/11/" + name + ".jpg",
		}
	}
	main := picture(11, "masala-mug")
	want := woo.Product{
		ID: 16, Slug: "masala-chai-mug", Name: "Masala Chai Mug", SKU: "MUG-001", Type: woo.Simple,
		Link:        "https://shop.example.test/product/masala-chai-mug/",
		Description: "<p>Hand-painted <strong>ceramic</strong> mug &amp; saucer.</p>\n", ShortDescription: "<p>350 ml mug</p>\n",
		ModifiedAt: time.Date(2026, 11, 20, 4, 46, 8, 0, time.UTC),
		Price: woo.Price{
			Kind: woo.Priced, Text: "₹499.00", RegularText: "₹499.00", Min: dec("499.00"), Max: amount("499.00"),
			Stored: amount("499"), StoredRegular: amount("499"),
		},
		TaxStatus: "taxable", TaxClass: "gst-12", Purchasable: true, Featured: true,
		Stock:         woo.Stock{Status: woo.InStock, Item: "product:16", Managed: true, Quantity: 10},
		NeedsShipping: true, Weight: dec("0.45"), Size: woo.Size{Length: dec("12"), Width: dec("9"), Height: dec("10")},
		Image: &main, Gallery: []woo.Image{picture(14, "mug-back")},
		Categories: []woo.Term{{ID: 17, Name: "Kitchen & Dining", Slug: "kitchen-dining"}},
		Rating:     dec("4"), ReviewCount: 1,
	}
	for _, img := range append(got.Gallery, *got.Image) {
		if !strings.Contains(img.SrcSet, " 300w, ") {
			t.Errorf("srcset is %q", img.SrcSet)
		}
	}
	got.Image.SrcSet, got.Gallery[0].SrcSet, got.Tags = "", "", nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestVariableProduct(t *testing.T) {
	p := readProduct(t, "kurta")
	if p.Type != woo.Variable || p.Price.Text != "₹1,099.00 - ₹1,399.00" || !p.Price.Min.Equal(dec("1099")) || !p.Price.Max.Decimal.Equal(dec("1399")) {
		t.Errorf("type %s, price %+v", p.Type, p.Price)
	}
	if p.Price.Stored.Valid {
		t.Errorf("a range has the stored price %s", p.Price.Stored.Decimal)
	}
	want := []woo.Attribute{
		{Name: "pa_size", Label: "Size", Global: true, Visible: true, Variations: true, Options: []woo.Option{{Value: "l", Label: "L"}, {Value: "m", Label: "M"}, {Value: "s", Label: "S"}}},
		{Name: "pa_color", Label: "Color", Global: true, Visible: true, Variations: true, Options: []woo.Option{{Value: "indigo", Label: "Indigo"}, {Value: "red", Label: "Red"}}},
		{Name: "fabric", Label: "Fabric", Visible: true, Options: []woo.Option{{Value: "Cotton", Label: "Cotton"}, {Value: "Khadi", Label: "Khadi"}}},
	}
	if diff := cmp.Diff(want, p.Attributes); diff != "" {
		t.Errorf("attributes (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"pa_size": "m", "pa_color": "red"}, p.Defaults); diff != "" {
		t.Errorf("defaults (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"pa_size": "l", "pa_color": "indigo"}, p.Variations[5].Attributes); diff != "" {
		t.Errorf("variation (-want +got)\n%s", diff)
	}
	sale := p.Variations[5]
	if !sale.OnSale || !sale.Price.Stored.Decimal.Equal(dec("1099")) || !sale.Price.StoredRegular.Decimal.Equal(dec("1399")) || sale.TaxClass != "gst-5" {
		t.Errorf("the variation on sale is %+v", sale)
	}
	if fixed := p.Variations[0]; !strings.Contains(fixed.Image.URL, "kurta-red") || fixed.SKU != "KURTA-S-RED" {
		t.Errorf("variation %+v", fixed)
	}
}

// TestStock: null is zero where stock is managed, and the key is that of
// whoever counts.
func TestStock(t *testing.T) {
	tests := []struct {
		product   string
		variation int // index, -1 for the product itself
		want      woo.Stock
	}{
		{"mug", -1, woo.Stock{Status: woo.InStock, Item: "product:16", Managed: true, Quantity: 10}},
		{"soldout", -1, woo.Stock{Status: woo.OutOfStock, Item: "product:25", Managed: true}},
		{"backorder", -1, woo.Stock{Status: woo.OnBackorder, Item: "product:27", Managed: true, Backorders: true}},
		{"ebook", -1, woo.Stock{Status: woo.InStock, Item: "product:31"}},
		{"kurta", -1, woo.Stock{Status: woo.InStock, Item: "product:37", Managed: true, Quantity: 20}},
		{"kurta", 0, woo.Stock{Status: woo.InStock, Item: "variation:38", Managed: true, Quantity: 5}},
		{"kurta", 1, woo.Stock{Status: woo.OutOfStock, Item: "variation:39", Managed: true}},
		{"kurta", 2, woo.Stock{Status: woo.InStock, Item: "product:37", Managed: true, Quantity: 20}},
		{"kurta", 4, woo.Stock{Status: woo.OnBackorder, Item: "variation:42", Managed: true, Backorders: true}},
		{"bangle", 0, woo.Stock{Status: woo.InStock, Item: "variation:45"}},
		{"bangle", 1, woo.Stock{Status: woo.OutOfStock, Item: "variation:47"}},
	}
	for _, test := range tests {
		p := readProduct(t, test.product)
		got := p.Stock
		if test.variation >= 0 {
			got = p.Variations[test.variation].Stock
		}
		if got != test.want {
			t.Errorf("%s %d: %+v, want %+v", test.product, test.variation, got, test.want)
		}
		if available := test.want.Status != woo.OutOfStock; got.Available() != available {
			t.Errorf("%s %d: Available is %v", test.product, test.variation, !available)
		}
	}
}

func TestNegativeStock(t *testing.T) {
	if got := readProduct(t, "mug", `"stockQuantity":10`, `"stockQuantity":-2`).Stock.Quantity; got != -2 {
		t.Errorf("quantity %d, want -2", got)
	}
}

func TestPriceKinds(t *testing.T) {
	tests := map[string]woo.Price{
		"free":     {Kind: woo.Free, Max: amount("0"), Stored: amount("0"), StoredRegular: amount("0")},
		"noprice":  {},
		"external": {Kind: woo.Priced, Text: "₹3,500.00", RegularText: "₹3,500.00", Min: dec("3500"), Max: amount("3500"), Stored: amount("3500"), StoredRegular: amount("3500")},
		"grouped":  {Kind: woo.Priced, Text: "₹25.00 - ₹1,199.25", Min: dec("25"), Max: amount("1199.25")},
		"sale":     {Kind: woo.Priced, Text: "₹1,199.25", RegularText: "₹1,499.50", Min: dec("1199.25"), Max: amount("1199.25"), Stored: amount("1199.25"), StoredRegular: amount("1499.50")},
	}
	for name, want := range tests {
		if diff := cmp.Diff(want, readProduct(t, name).Price); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestShownAndStoredPriceDiffer: entered without tax, shown with it.
func TestShownAndStoredPriceDiffer(t *testing.T) {
	p := readProduct(t, "mug", `"price":"\u20b9499.00"`, `"price":"\u20b9558.88"`)
	if !p.Price.Min.Equal(dec("558.88")) || !p.Price.Stored.Decimal.Equal(dec("499")) {
		t.Errorf("shown %s, stored %s", p.Price.Min, p.Price.Stored.Decimal)
	}
}

func TestOtherTypes(t *testing.T) {
	group := readProduct(t, "grouped")
	var members []string
	for _, m := range group.Members {
		members = append(members, fmt.Sprint(m.ID, " ", m.Name))
	}
	if diff := cmp.Diff([]string{"16 Masala Chai Mug", "17 Gel Pen", "19 Festive Lamp"}, members); diff != "" || group.Type != woo.Grouped || group.Purchasable {
		t.Errorf("grouped product %+v (-want +got)\n%s", group, diff)
	}
	idol := readProduct(t, "external")
	if diff := cmp.Diff(&woo.Offsite{URL: "https://example.test/brass-idol", ButtonText: "Buy on marketplace"}, idol.External); diff != "" || idol.Type != woo.External {
		t.Errorf("external product (-want +got)\n%s", diff)
	}
	if book := readProduct(t, "ebook"); !book.Virtual || book.NeedsShipping {
		t.Errorf("the e-book needs shipping: %+v", book)
	}
}

func TestHindiSlug(t *testing.T) {
	const readable = "चाय-मसाला"
	site := graph(t, "graphql/hindi.http")
	client := site.client(t, withoutKey)
	for _, slug := range []string{readable, "%e0%a4%9a%e0%a4%be%e0%a4%af-%e0%a4%ae%e0%a4%b8%e0%a4%be%e0%a4%b2%e0%a4%be"} {
		p, err := client.Product(t.Context(), slug)
		if err != nil || p.Slug != readable || p.Name != "चाय मसाला ☕" || p.SKU != "CHAI-हिं" {
			t.Errorf("%s: %q %q %q, %v", slug, p.Slug, p.Name, p.SKU, err)
		}
	}
	for _, r := range site.seen() {
		if got := r.graph(t).Variables["id"]; got != readable {
			t.Errorf("asked for %q", got)
		}
	}
}

func TestProductNotFound(t *testing.T) {
	for _, name := range []string{"not-found-slug", "not-found-id", "draft"} {
		_, err := graph(t, "graphql/"+name+".http").client(t).Product(t.Context(), "does-not-exist")
		checkKind(t, err, woo.NotFound)
	}
}

func TestProductArguments(t *testing.T) {
	site := newSite(t, nil)
	client := site.client(t)
	for _, slug := range []string{"", "\xff", strings.Repeat("a", 3000)} {
		if _, err := client.Product(t.Context(), slug); !errors.Is(err, woo.ErrRefused) {
			t.Errorf("slug of %d bytes: %v", len(slug), err)
		}
	}
	for _, id := range []int64{0, -1} {
		if _, err := client.ProductByID(t.Context(), id); !errors.Is(err, woo.ErrRefused) {
			t.Errorf("id %d: %v", id, err)
		}
	}
	if len(site.seen()) != 0 {
		t.Error("a refused argument was sent")
	}
}

// TestTextTravelsAsVariable: nothing a visitor types becomes part of a query.
func TestTextTravelsAsVariable(t *testing.T) {
	const evil = `") { x } # \u0022 अ`
	site := graph(t, "graphql/products.http")
	client := site.client(t, withoutKey)
	client.Product(t.Context(), evil)
	for range client.Products(t.Context(), woo.ProductFilter{Search: evil, Category: evil, Tag: evil, SKU: evil}) {
		break
	}
	for _, r := range site.seen() {
		q := r.graph(t)
		if strings.Contains(q.Query, "{ x }") || strings.Contains(q.Query, "अ") {
			t.Errorf("the query holds the text: %s", q.Query)
		}
	}
	if got := site.seen()[1].graph(t).Variables; got["search"] != evil || got["category"] != evil || got["tagIn"].([]any)[0] != evil || got["sku"] != evil {
		t.Errorf("variables %v", got)
	}
}

func TestGraphQLErrors(t *testing.T) {
	const both = `{"errors":[{"message":"Something &quot;odd&quot;","path":["product","price"]}],"data":{"product":{"__typename":"SimpleProduct","databaseId":16,"status":"publish"}}}`
	tests := map[string]struct {
		handler http.Handler
		want    woo.Kind
		message string
	}{
		"data beside errors":    {answering(200, both), woo.Refused, `Something "odd"`},
		"internal server error": {answering(200, `{"errors":[{"message":"Internal server error","path":["product"]}],"data":{"product":null}}`), woo.Unavailable, "Internal server error"},
		"unknown field":         {recording("graphql/unknown-field.http"), woo.Refused, `Cannot query field "price" on type "Product".`},
		"syntax error, 500":     {recording("graphql/syntax-error.http"), woo.Refused, "Syntax Error: Expected Name"},
		"no JSON asked, 500":    {recording("graphql/empty-body.http"), woo.Refused, "Expected JSON object or array"},
		"wrong type, 415":       {recording("graphql/form.http"), woo.Refused, "Content-Type"},
		"login wall":            {answering(401, `<html><title>Authorization Required</title></html>`), woo.Unauthorised, ""},
		"no WPGraphQL":          {answering(404, `<html><title>Page not found</title></html>`), woo.Unavailable, ""},
		"HTML with 200":         {brokenAnswers["HTML with 200"], woo.Unavailable, ""},
		"PHP notice before":     {answering(200, "<br />\n<b>Notice</b>: x\n"+both), woo.Unavailable, ""},
		"breaks off":            {answering(200, both[:120]), woo.Unavailable, ""},
		"empty":                 {answering(200, ""), woo.Unavailable, ""},
		"neither data":          {answering(200, `{"extensions":{"data":1}}`), woo.Unavailable, ""},
		"data of another shape": {answering(200, `{"data":{"product":{"databaseId":"sixteen"}}}`), woo.Unavailable, ""},
		"data is a list":        {answering(200, `{"data":[]}`), woo.Unavailable, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			site := newSite(t, map[string]http.Handler{"POST /graphql": test.handler})
			_, err := site.client(t).Product(t.Context(), "mug")
			if e := checkKind(t, err, test.want); !strings.Contains(e.Message, test.message) {
				t.Errorf("message %q, want %q in it", e.Message, test.message)
			}
			if n := len(site.seen()); n > 1+woo.DefaultRetries || test.want == woo.Refused && n != 1 {
				t.Errorf("asked %d times", n)
			}
		})
	}
}
