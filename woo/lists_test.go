package woo_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/woo"
)

func TestEveryRecordedProduct(t *testing.T) {
	client := graph(t, "graphql/products.http").client(t, withoutKey)
	types := map[woo.ProductType]int{}
	kinds := map[woo.PriceKind]int{}
	for p, err := range client.Products(t.Context(), woo.ProductFilter{}) {
		if err != nil {
			t.Fatal(err)
		}
		types[p.Type]++
		kinds[p.Price.Kind]++
		if p.ID == 0 || p.Name == "" || p.Slug == "" || strings.Contains(p.Slug, "%") || len(p.Categories) == 0 {
			t.Errorf("product %+v", p)
		}
		if p.Variations != nil {
			t.Errorf("%s has variations that nobody asked for", p.Slug)
		}
	}
	if diff := cmp.Diff(map[woo.ProductType]int{woo.Simple: 17, woo.Variable: 2, woo.Grouped: 1, woo.External: 1}, types); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(map[woo.PriceKind]int{woo.Priced: 19, woo.Free: 1, woo.NoPrice: 1}, kinds); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// pagedSite has n products, given out as many at a time as asked for, forwards
// or, as the shop's own order is read, from the end. It shows two decimals.
func pagedSite(t testing.TB, n int) *site {
	return newSite(t, map[string]http.Handler{
		"GET /wp-json/wc/store/v1/products/collection-data": answering(200, `{"price_range":{"currency_code":"INR","currency_symbol":"\u20b9","currency_minor_unit":2,"currency_decimal_separator":".","currency_prefix":"\u20b9"}}`),
		"POST /graphql": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			q := readGraph(t, r)
			size, at := int(q.Variables["n"].(float64)), 0
			if cursor, ok := q.Variables["at"].(string); ok {
				at, _ = strconv.Atoi(cursor)
			}
			var nodes []string
			for id := at + 1; id <= min(at+size, n); id++ {
				nodes = append(nodes, fmt.Sprintf(`{"__typename":"SimpleProduct","databaseId":%d,"slug":"p%d","purchasable":true,"price":"\u20b9%d.00","priceRaw":"%d"}`, id, id, id, id))
			}
			more, cursor := "hasNextPage", "endCursor"
			if strings.Contains(q.Query, "last:$n,before:$at") {
				slices.Reverse(nodes)
				more, cursor = "hasPreviousPage", "startCursor"
			}
			fmt.Fprintf(w, `{"data":{"products":{"found":%d,"pageInfo":{"%s":%v,"%s":"%d"},"nodes":[%s]}}}`, n, more, at+size < n, cursor, at+size, strings.Join(nodes, ","))
		}),
	})
}

func readGraph(t testing.TB, r *http.Request) graphRequest {
	t.Helper()
	body := make([]byte, r.ContentLength)
	r.Body.Read(body)
	return seen{body: body}.graph(t)
}

func TestPagingGivesEveryProductOnce(t *testing.T) {
	for _, n := range []int{0, 1, 6, 7, 8, 50, 99} {
		site := pagedSite(t, n)
		want := int64(1)
		for p, err := range site.client(t).Products(t.Context(), woo.ProductFilter{PageSize: 7}) {
			if err != nil || p.ID != want {
				t.Fatalf("n %d: product %d, want %d; %v", n, p.ID, want, err)
			}
			want++
		}
		if want != int64(n)+1 {
			t.Errorf("n %d: %d products", n, want-1)
		}
		if pages := max((n+6)/7, 1); len(site.seen()) != pages {
			t.Errorf("n %d: %d requests, want %d", n, len(site.seen()), pages)
		}
	}
}

func TestLeavingTheLoopStopsReading(t *testing.T) {
	site := pagedSite(t, 50)
	for p := range site.client(t).Products(t.Context(), woo.ProductFilter{PageSize: 7}) {
		if p.ID == 8 {
			break
		}
	}
	if n := len(site.seen()); n != 2 {
		t.Errorf("%d pages read, want 2", n)
	}
}

func TestListThatDoesNotEnd(t *testing.T) {
	const page = `{"data":{"products":{"pageInfo":{"hasNextPage":true,"endCursor":"same","hasPreviousPage":true,"startCursor":"same"},"nodes":[]}}}`
	for sort, pages := range map[woo.Sort]int{woo.ByMenu: 2, woo.Newest: 2, woo.CheapFirst: 1} {
		site := newSite(t, map[string]http.Handler{"*": answering(200, page)})
		var last error
		for _, err := range site.client(t).Products(t.Context(), woo.ProductFilter{Sort: sort}) {
			last = err
		}
		checkKind(t, last, woo.Unavailable)
		if n := len(site.seen()); n != pages {
			t.Errorf("%s: %d pages read", sort, n)
		}
	}
}

// TestOneUnreadableProductDoesNotEndTheList: it is reported in its place.
func TestOneUnreadableProductDoesNotEndTheList(t *testing.T) {
	client := graph(t, "graphql/products.http", `"price":"\u20b9499.00"`, `"price":"1e99 or 2"`).client(t, withoutKey)
	good, bad := 0, 0
	for p, err := range client.Products(t.Context(), woo.ProductFilter{}) {
		var unreadable *woo.ProductError
		switch {
		case errors.As(err, &unreadable):
			bad++
			if unreadable.ID != 16 || unreadable.Slug != "masala-chai-mug" || unreadable.Field != "price" || !errors.Is(err, woo.ErrBadAnswer) || p.ID != 0 {
				t.Errorf("%+v for %+v", unreadable, p)
			}
		case err != nil:
			t.Fatal(err)
		default:
			good++
		}
	}
	if good != 20 || bad != 1 {
		t.Errorf("%d good, %d bad; want 20 and 1", good, bad)
	}
}

func TestListFailureEndsTheLoop(t *testing.T) {
	client := graph(t, "graphql/unknown-field.http").client(t)
	errs := 0
	for _, err := range client.Products(t.Context(), woo.ProductFilter{}) {
		errs++
		checkKind(t, err, woo.Refused)
	}
	if errs != 1 {
		t.Errorf("%d errors", errs)
	}
}

func TestFilterReachesTheStore(t *testing.T) {
	tests := map[string]struct {
		filter woo.ProductFilter
		query  []string
		vars   map[string]any
	}{
		"nothing":  {woo.ProductFilter{}, []string{`where:{status:"publish",visibility:CATALOG}`, "found"}, map[string]any{"n": 50.0}},
		"hidden":   {woo.ProductFilter{Hidden: true}, []string{`where:{status:"publish"}`}, map[string]any{"n": 50.0}},
		"category": {woo.ProductFilter{Category: "home"}, []string{"category:$category", "$category:String"}, map[string]any{"n": 50.0, "category": "home"}},
		"search":   {woo.ProductFilter{Search: "चाय"}, []string{"search:$search", "visibility:SEARCH"}, map[string]any{"n": 50.0, "search": "चाय"}},
		"tag":      {woo.ProductFilter{Tag: "new"}, []string{"tagIn:$tagIn", "$tagIn:[String]"}, map[string]any{"n": 50.0, "tagIn": []any{"new"}}},
		"sizes": {
			woo.ProductFilter{Attributes: []woo.AttributeFilter{{Name: "pa_size", Values: []string{"s", "m"}}, {Name: "pa_wash-care", Values: []string{"cold"}, All: true}}},
			[]string{"taxonomyFilter:{relation:AND,filters:[{taxonomy:PA_SIZE,terms:$terms0,operator:IN},{taxonomy:PA_WASH_CARE,terms:$terms1,operator:AND}]}", "$terms1:[String]"},
			map[string]any{"n": 50.0, "terms0": []any{"s", "m"}, "terms1": []any{"cold"}},
		},
		"menu":   {woo.ProductFilter{Sort: woo.ByMenu}, []string{"(last:$n,before:$at,", "hasPreviousPage,startCursor"}, map[string]any{"n": 50.0}},
		"newest": {woo.ProductFilter{Sort: woo.Newest}, []string{"(first:$n,after:$at,", "orderby:[{field:DATE,order:DESC}]"}, map[string]any{"n": 50.0}},
		"flags":  {woo.ProductFilter{OnSale: true, InStock: true, Featured: true}, []string{"onSale:true", "featured:true", "stockStatus:[IN_STOCK,ON_BACKORDER]"}, map[string]any{"n": 50.0}},
		"prices": {woo.ProductFilter{MinPrice: dec("99.5"), MaxPrice: dec("100000.00")}, []string{"minPrice:$minPrice", "$maxPrice:Float"}, map[string]any{"n": 50.0, "minPrice": 99.5, "maxPrice": 100000.0}},
		"order":  {woo.ProductFilter{Sort: woo.DearFirst, PageSize: 3}, []string{"orderby:[{field:PRICE,order:DESC}]"}, map[string]any{"n": 3.0}},
		"ids":    {woo.ProductFilter{IDs: []int64{16, 17}}, []string{"include:$include", "$include:[Int]"}, map[string]any{"n": 50.0, "include": []any{16.0, 17.0}}},
		"full":   {woo.ProductFilter{Variations: true}, []string{"variations(first:100)"}, map[string]any{"n": 10.0}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			site := pagedSite(t, 1)
			for _, err := range site.client(t).Products(t.Context(), test.filter) {
				if err != nil {
					t.Fatal(err)
				}
			}
			requests := site.seen()
			got := requests[len(requests)-1].graph(t)
			for _, want := range test.query {
				if !strings.Contains(got.Query, want) {
					t.Errorf("%q is not in %s", want, got.Query[:min(len(got.Query), 400)])
				}
			}
			if diff := cmp.Diff(test.vars, got.Variables); diff != "" {
				t.Errorf("variables (-want +got)\n%s", diff)
			}
		})
	}
}

func TestFilterIsChecked(t *testing.T) {
	sizes := func(a ...woo.AttributeFilter) woo.ProductFilter { return woo.ProductFilter{Attributes: a} }
	tests := map[string][]woo.ProductFilter{
		"page_size": {{PageSize: 101}, {PageSize: -1}},
		"sort":      {{Sort: "{field:DATE}]}){id}}#"}},
		"price":     {{MinPrice: dec("-1")}, {MaxPrice: decimal.New(1, 2_000_000)}, {MinPrice: decimal.New(1, -2_000_000)}, {MinPrice: dec("0.1234567891")}, {MaxPrice: dec("0.001")}},
		"search":    {{Search: strings.Repeat("a", 501)}},
		"category":  {{Category: "\xff"}},
		"tag":       {{Tag: "\xff"}},
		"sku":       {{SKU: "A-1,B-2"}, {SKU: "\xff"}},
		"ids":       {{IDs: make([]int64, 101)}},
		"attributes": {
			sizes(woo.AttributeFilter{Name: "size", Values: []string{"m"}}), sizes(woo.AttributeFilter{Name: "pa_", Values: []string{"m"}}),
			sizes(woo.AttributeFilter{Name: "pa_x}]}){id}}#", Values: []string{"m"}}), sizes(woo.AttributeFilter{Name: "pa_" + strings.Repeat("a", 40), Values: []string{"m"}}),
			sizes(woo.AttributeFilter{Name: "pa_size"}), sizes(woo.AttributeFilter{Name: "pa_size", Values: make([]string, 1)}),
			sizes(woo.AttributeFilter{Name: "pa_size", Values: make([]string, 101)}), sizes(make([]woo.AttributeFilter, 21)...),
		},
	}
	for field, filters := range tests {
		for _, filter := range filters {
			site := pagedSite(t, 1)
			client := site.client(t)
			_, counted := client.Count(t.Context(), filter)
			_, faceted := client.Facets(t.Context(), filter)
			_, paged := client.ProductPage(t.Context(), filter, "")
			for _, err := range client.Products(t.Context(), filter) {
				for _, err := range []error{err, counted, faceted, paged} {
					var refused *woo.InvalidError
					if !errors.As(err, &refused) || refused.Field != field || !errors.Is(err, woo.ErrRefused) {
						t.Errorf("%s: %v", field, err)
					}
				}
			}
			for _, r := range site.seen() {
				if r.method == "POST" {
					t.Errorf("%s: %+v was sent", field, filter)
				}
			}
		}
	}
}

// variationsSite has a kurta whose variations come on three pages.
func variationsSite(t testing.TB) *site {
	t.Helper()
	_, kurta, err := load("graphql/kurta.http")
	if err != nil {
		t.Fatal(err)
	}
	first := strings.Replace(string(kurta), `"variations":{`, `"variations":{"pageInfo":{"hasNextPage":true,"endCursor":"c1"},`, 1)
	next := func(id int, more bool) string {
		return fmt.Sprintf(`{"data":{"product":{"variations":{"pageInfo":{"hasNextPage":%v,"endCursor":"c%d"},"nodes":[{"databaseId":%d,"name":"v","purchasable":true,"price":"\u20b91.00","priceRaw":"1","manageStock":"PARENT"}]}}}}`, more, id, id)
	}
	return newSite(t, map[string]http.Handler{"*": inTurn(answering(200, first), answering(200, next(900, true)), answering(200, next(901, false)))})
}

// TestVariationsBeyondTheFirstPage: WooGraphQL gives a hundred at most.
func TestVariationsBeyondTheFirstPage(t *testing.T) {
	site := variationsSite(t)
	p, err := site.client(t, withoutKey).Product(t.Context(), "handblock-kurta")
	if err != nil || len(p.Variations) != 8 || p.Variations[7].ID != 901 || p.Variations[6].Stock.Item != "product:37" {
		t.Fatalf("%d variations, %v", len(p.Variations), err)
	}
	for i, want := range []any{nil, "c1", "c900"} {
		if got := site.seen()[i].graph(t).Variables["after"]; got != want {
			t.Errorf("request %d: after %v, want %v", i, got, want)
		}
	}
}

func TestTaxClassNames(t *testing.T) {
	classes := answering(200, `[{"slug":"standard"},{"slug":"gst-5"},{"slug":"gst_12"},{"slug":"zero-rate"}]`)
	tests := []struct {
		enum, want string
		keyed      string
	}{
		{"STANDARD", "", ""}, {"GST_5", "gst-5", "gst-5"}, {"GST_12", "gst-12", "gst_12"},
		{"ZERO", "zero", "zero"}, {"NEW_CLASS", "new-class", "new-class"},
	}
	for _, test := range tests {
		site := newSite(t, map[string]http.Handler{
			"POST /graphql":                    edited("graphql/mug.http", `"taxClass":"GST_12"`, `"taxClass":"`+test.enum+`"`),
			"GET /wp-json/wc/v3/taxes/classes": classes,
		})
		for want, client := range map[string]*woo.Client{test.want: site.client(t, withoutKey), test.keyed: site.client(t)} {
			for range 2 {
				if p, err := client.Product(t.Context(), "mug"); err != nil || p.TaxClass != want {
					t.Errorf("%s is %q, want %q; %v", test.enum, p.TaxClass, want, err)
				}
			}
		}
		lists := 0
		for _, r := range site.seen() {
			if r.method == "GET" {
				lists++
			}
		}
		if lists > 1 {
			t.Errorf("%s: the list was read %d times", test.enum, lists)
		}
	}
}
