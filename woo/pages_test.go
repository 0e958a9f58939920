package woo_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

// TestPagesByHand: a list read page by page, the place kept as text, is the
// list; its length is told on the first page, and by Count.
func TestPagesByHand(t *testing.T) {
	store, _ := openStore(t, wootest.Config{})
	for _, kind := range []woo.Catalogue{woo.CatalogueGraphQL, woo.CatalogueStoreAPI} {
		client := clientOf(t, store, over(kind))
		for _, sort := range []woo.Sort{"", woo.Newest, woo.CheapFirst, woo.DearFirst} {
			f := woo.ProductFilter{Sort: sort, PageSize: 3}
			_, want := list(t, client, woo.ProductFilter{Sort: sort, PageSize: 100})
			var got []string
			for after := ""; ; {
				page, err := client.ProductPage(t.Context(), f, after)
				if err != nil {
					t.Fatal(err)
				}
				if after == "" && page.Total != int64(len(want)) {
					t.Errorf("%s by %q: a total of %d", kind, sort, page.Total)
				}
				for _, p := range page.Products {
					got = append(got, p.Slug)
				}
				if after = page.Next; after == "" {
					break
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s by %q (-at once +page by page)\n%s", kind, sort, diff)
			}
		}
	}
}

// overlappingSite sorts by price as WooGraphQL does: a cursor is of no use, and
// of what is named nothing can be excluded.
func overlappingSite(t *testing.T, n int) *site {
	return newSite(t, map[string]http.Handler{"POST /graphql": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := readGraph(t, r)
		if q.Variables["at"] != nil && strings.Contains(q.Query, "PRICE") {
			t.Error("a cursor in a list by price")
		}
		numbers := func(name string) (out []int) {
			list, _ := q.Variables[name].([]any)
			for _, v := range list {
				out = append(out, int(v.(float64)))
			}
			return out
		}
		size, include, exclude := int(q.Variables["n"].(float64)), numbers("include"), numbers("exclude")
		if (len(include) > 0 || strings.Contains(q.Query, "onSale:true")) && len(exclude) > 0 {
			t.Error("exclude beside named products or those on sale is without effect")
		}
		var left []int
		for id := 1; id <= n; id++ {
			if (len(include) == 0 || slices.Contains(include, id)) && !slices.Contains(exclude, id) {
				left = append(left, id)
			}
		}
		var nodes []string
		for _, id := range left[:min(size, len(left))] {
			nodes = append(nodes, fmt.Sprintf(`{"__typename":"SimpleProduct","databaseId":%d,"slug":"p%d","onSale":true,"purchasable":true,"price":"\u20b95.00","priceRaw":"5"}`, id, id))
		}
		fmt.Fprintf(w, `{"data":{"products":{"found":%d,"pageInfo":{"hasNextPage":%v,"endCursor":"useless"},"nodes":[%s]}}}`, len(left), len(left) > size, strings.Join(nodes, ","))
	})})
}

// TestByPriceNothingIsLost: every page says what has been listed.
func TestByPriceNothingIsLost(t *testing.T) {
	for name, f := range map[string]woo.ProductFilter{
		"all": {}, "named": {IDs: []int64{9, 8, 7, 6, 5, 4, 3}}, "on sale": {OnSale: true}, "named, on sale": {IDs: []int64{1, 2, 3, 4, 5}, OnSale: true},
	} {
		client := overlappingSite(t, 10).client(t, withoutKey)
		want := max(len(f.IDs), 10)
		if len(f.IDs) > 0 {
			want = len(f.IDs)
		}
		f.Sort, f.PageSize = woo.CheapFirst, 3
		_, slugs := list(t, client, f)
		if slices.Sort(slugs); len(slugs) != want || len(slices.Compact(slugs)) != want {
			t.Errorf("%s: %v, want %d", name, slugs, want)
		}
	}
}

func TestPlaceInAListByPrice(t *testing.T) {
	client := overlappingSite(t, 3).client(t, withoutKey)
	many := make([]string, 5001)
	for i := range many {
		many[i] = strconv.Itoa(i + 1)
	}
	f := woo.ProductFilter{Sort: woo.CheapFirst}
	for _, after := range []string{"x", "not:", "not:1,x", "not:0", "not:-1", "YXJyYXljb25uZWN0aW9uOjI4"} {
		var invalid *woo.InvalidError
		if _, err := client.ProductPage(t.Context(), f, after); !errors.As(err, &invalid) || invalid.Field != "after" {
			t.Errorf("%q: %v", after, err)
		}
	}
	if _, err := client.ProductPage(t.Context(), f, "not:"+strings.Join(many, ",")); !errors.Is(err, woo.ErrUnsupported) {
		t.Errorf("after 5001 products: %v", err)
	}
}

// brokenSite fails over product 3 whenever it is in a list or read alone.
func brokenSite(t *testing.T, lists int) *site {
	node := func(id int) string {
		return fmt.Sprintf(`{"__typename":"SimpleProduct","databaseId":%d,"slug":"p%d","purchasable":true,"price":"\u20b95.00","priceRaw":"5"}`, id, id)
	}
	return newSite(t, map[string]http.Handler{"POST /graphql": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := readGraph(t, r)
		id, _ := q.Variables["id"].(string)
		switch {
		case id == "3":
			io.WriteString(w, `{"errors":[{"message":"Internal server error","path":["product","price"]}],"data":{"product":{"databaseId":3}}}`)
		case id != "":
			n, _ := strconv.Atoi(id)
			fmt.Fprintf(w, `{"data":{"product":%s}}`, node(n))
		case strings.Contains(q.Query, "...P"):
			io.WriteString(w, `{"errors":[{"message":"Internal server error","path":["products","nodes",2,"price"]}],"data":{"products":null}}`)
		case lists == 0:
			io.WriteString(w, `{"errors":[{"message":"Internal server error","path":["products"]}],"data":{"products":null}}`)
		default:
			fmt.Fprintf(w, `{"data":{"products":{"found":5,"pageInfo":{},"nodes":[%s,%s,%s,%s,%s]}}}`, node(1), node(2), node(3), node(4), node(5))
		}
	})})
}

// TestOneBrokenProductDoesNotTakeThePage: the store fails over one product, the
// others are there and it is named.
func TestOneBrokenProductDoesNotTakeThePage(t *testing.T) {
	for _, sort := range []woo.Sort{woo.Newest, woo.CheapFirst, woo.ByMenu} {
		page, err := brokenSite(t, 1).client(t, withoutKey).ProductPage(t.Context(), woo.ProductFilter{Sort: sort}, "")
		if err != nil || len(page.Products) != 4 || len(page.Unreadable) != 1 || page.Unreadable[0].ID != 3 || page.Unreadable[0].Slug != "p3" {
			t.Errorf("%s: %+v, %v", sort, page, err)
		}
	}
	_, err := brokenSite(t, 0).client(t, withoutKey).ProductPage(t.Context(), woo.ProductFilter{}, "")
	checkKind(t, err, woo.Unavailable)
}

// storeSite is a Store API with n products of which one makes PHP give up, 0
// for none, -1 for all.
func storeSite(t *testing.T, n, broken int) *site {
	return newSite(t, map[string]http.Handler{"GET /wp-json/wc/store/v1/products": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		size, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
		number, _ := strconv.Atoi(r.URL.Query().Get("page"))
		var list []map[string]any
		for id := (number-1)*size + 1; id <= min(number*size, n); id++ {
			if id == broken || broken == -1 {
				w.WriteHeader(http.StatusInternalServerError)
				io.WriteString(w, `{"code":"internal_server_error","message":"There has been a critical error on this website.","data":{"status":500}}`)
				return
			}
			list = append(list, map[string]any{
				"id": id, "slug": fmt.Sprint("p", id), "type": "simple", "is_purchasable": true, "prices": map[string]any{"price": "500", "currency_minor_unit": 2},
			})
		}
		w.Header().Set("X-WP-Total", strconv.Itoa(n))
		w.Header().Set("X-WP-TotalPages", strconv.Itoa((n+size-1)/max(size, 1)))
		if list == nil {
			list = []map[string]any{}
		}
		json.NewEncoder(w).Encode(list)
	})})
}

func TestOneProductThatCrashesTheStoreAPI(t *testing.T) {
	for _, broken := range []int{1, 4, 7, 8} { // 8 is alone on its page
		client := storeSite(t, 8, broken).client(t, over(woo.CatalogueStoreAPI), withoutKey)
		var good []int64
		var bad []error
		for p, err := range client.Products(t.Context(), woo.ProductFilter{PageSize: 7}) {
			if err != nil {
				bad = append(bad, err)
				continue
			}
			good = append(good, p.ID)
		}
		var unreadable *woo.ProductError
		if len(good) != 7 || len(bad) != 1 || !errors.As(bad[0], &unreadable) || slices.Contains(good, int64(broken)) {
			t.Errorf("%d: good %v, bad %v", broken, good, bad)
		}
	}
	_, err := storeSite(t, 8, -1).client(t, over(woo.CatalogueStoreAPI), withoutKey).ProductPage(t.Context(), woo.ProductFilter{PageSize: 3}, "")
	checkKind(t, err, woo.Unavailable)
}

// TestCountOfAStoreThatDoesNotCount: no number beside no products is zero,
// beside some it is unknown.
func TestCountOfAStoreThatDoesNotCount(t *testing.T) {
	none := newSite(t, map[string]http.Handler{"*": answering(200, `{"data":{"products":{"found":null,"nodes":[]}}}`)})
	if n, err := none.client(t).Count(t.Context(), woo.ProductFilter{}); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	some := newSite(t, map[string]http.Handler{"*": answering(200, `{"data":{"products":{"found":null,"nodes":[{"databaseId":1}]}}}`)})
	if _, err := some.client(t).Count(t.Context(), woo.ProductFilter{}); !errors.Is(err, woo.ErrBadAnswer) {
		t.Error(err)
	}
	if page, err := some.client(t).ProductPage(t.Context(), woo.ProductFilter{}, ""); err != nil || page.Total != -1 {
		t.Errorf("a total of %d, %v", page.Total, err)
	}
	cached := newSite(t, map[string]http.Handler{"*": answering(200, `[]`)})
	if _, err := cached.client(t, over(woo.CatalogueStoreAPI)).Count(t.Context(), woo.ProductFilter{}); !errors.Is(err, woo.ErrBadAnswer) {
		t.Error(err)
	}
}

// TestPriceFormat: of the store itself, and of others.
func TestPriceFormat(t *testing.T) {
	_, client := openStore(t, wootest.Config{})
	format, currency, err := client.PriceFormat(t.Context())
	if err != nil || currency != pricing.INR || format.Amount(dec("125000")) != "₹125,000.00" || format.Symbol != "₹" || format.Position != pricing.Left {
		t.Errorf("%+v %s, %v", format, currency, err)
	}
	const text = `{"price_range":{"currency_code":"EUR","currency_symbol":"\u20ac","currency_minor_unit":0,"currency_decimal_separator":",","currency_thousand_separator":".","currency_prefix":%q,"currency_suffix":%q}}`
	for around, want := range map[[2]string]pricing.Position{
		{"€", ""}: pricing.Left, {"€\u00a0", ""}: pricing.LeftSpace, {"", "€"}: pricing.Right, {"", "\u00a0€"}: pricing.RightSpace,
	} {
		site := newSite(t, map[string]http.Handler{"*": answering(200, fmt.Sprintf(text, around[0], around[1]))})
		format, currency, err := site.client(t).PriceFormat(t.Context())
		if err != nil || format.Position != want || format.Decimals != 0 || currency != pricing.EUR {
			t.Errorf("%q: %+v, %v", around, format, err)
		}
	}
	for _, body := range []string{`{}`, `{"price_range":null}`, `{"price_range":{"currency_code":"INR","currency_minor_unit":99}}`, `{"price_range":{"currency_code":"rupees"}}`, `[]`} {
		_, _, err := newSite(t, map[string]http.Handler{"*": answering(200, body)}).client(t).PriceFormat(t.Context())
		if !errors.Is(err, woo.ErrBadAnswer) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

// TestPriceBoundsFollowTheShopsDecimals: WooGraphQL makes hundredths of what it
// is told, and WooCommerce reads them as the smallest unit the shop shows.
func TestPriceBoundsFollowTheShopsDecimals(t *testing.T) {
	for decimals, want := range map[int]string{0: "4.99", 2: "499", 3: "4990"} {
		graph := inTurn(answering(200, `{"data":{"products":{"nodes":[]}}}`))
		site := newSite(t, map[string]http.Handler{
			"POST /graphql": graph,
			"GET /wp-json/wc/store/v1/products/collection-data": answering(200, fmt.Sprintf(`{"price_range":{"currency_code":"INR","currency_minor_unit":%d}}`, decimals)),
		})
		client := site.client(t)
		for range 2 {
			list(t, client, woo.ProductFilter{MinPrice: dec("499"), MaxPrice: dec("499")})
		}
		requests := site.seen()
		if len(requests) != 3 {
			t.Fatalf("%d requests", len(requests))
		}
		var sent struct {
			Variables map[string]json.Number `json:"variables"`
		}
		if err := json.Unmarshal(requests[2].body, &sent); err != nil && sent.Variables["minPrice"] == "" {
			t.Fatal(err)
		}
		if sent.Variables["minPrice"].String() != want || sent.Variables["maxPrice"].String() != want {
			t.Errorf("%d decimals: %v, want %s", decimals, sent.Variables, want)
		}
	}
	closed := newSite(t, map[string]http.Handler{
		"POST /graphql": answering(200, `{"data":{"products":{"nodes":[]}}}`),
		"*":             answering(404, `{"code":"rest_no_route","message":"No route was found","data":{"status":404}}`),
	})
	if _, err := closed.client(t).ProductPage(t.Context(), woo.ProductFilter{MinPrice: dec("1")}, ""); err != nil {
		t.Errorf("a shop without a Store API: %v", err)
	}
	down := newSite(t, map[string]http.Handler{"*": answering(503, "<html>")})
	if _, err := down.client(t).ProductPage(t.Context(), woo.ProductFilter{MinPrice: dec("1")}, ""); !errors.Is(err, woo.ErrUnavailable) {
		t.Errorf("a shop that is down: %v", err)
	}
}
