package storeapi_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// storeGet reads a Store API address without a token.
func storeGet(t *testing.T, s *wootest.Store, path string, into any) storetest.Reply {
	t.Helper()
	a := storetest.Send(t, s, http.MethodGet, "/wp-json/wc/store/v1/"+path, "", nil)
	if into != nil {
		if err := json.Unmarshal([]byte(a.Body), into); err != nil {
			t.Fatalf("GET %s answered %d %.300s", path, a.Status, a.Body)
		}
	}
	return a
}

// storeError is the body of a refusal.
type storeError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Data    struct {
		Status int               `json:"status"`
		Params map[string]string `json:"params"`
		Cart   json.RawMessage   `json:"cart"`
	} `json:"data"`
}

func errorIn(t *testing.T, a storetest.Reply) storeError {
	t.Helper()
	var e storeError
	if err := json.Unmarshal([]byte(a.Body), &e); err != nil {
		t.Fatalf("no error: %d %.300s", a.Status, a.Body)
	}
	return e
}

func TestStoreProductFilters(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	for query, want := range map[string]string{
		"sku=MUG-001,PEN-001&orderby=id&order=asc":                   "masala-chai-mug gel-pen",
		"sku=KURTA-M-RED":                                            "handblock-kurta-m-red",
		"slug=gel-pen":                                               "gel-pen",
		"category=jewellery&orderby=price&order=asc":                 "brass-bangle silver-dinner-set 22k-gold-necklace",
		"category=19&orderby=price&order=desc":                       "22k-gold-necklace silver-dinner-set brass-bangle",
		"category=home&category_operator=and":                        "", // demands the categories below it too
		"category=home,jewellery&category_operator=not_in":           "recipe-ebook hidden-item handblock-kurta cotton-t-shirt-sale",
		"tag=bestseller":                                             "masala-chai-mug",
		"on_sale=true&orderby=id&order=asc":                          "cotton-t-shirt-sale festive-lamp handblock-kurta",
		"on_sale=true&include=17&orderby=id&order=asc":               "gel-pen festive-lamp handblock-kurta", // joined by position
		"featured=true":                                              "masala-chai-mug",
		"stock_status=outofstock&orderby=id&order=asc":               "sold-out-diary unmanaged-oos",
		"stock_status[]=onbackorder":                                 "handloom-rug",
		"type=grouped":                                               "diwali-gift-set",
		"type=variation&parent=44&orderby=id&order=asc":              "brass-bangle-s brass-bangle-name-l brass-bangle-none-l",
		"search=MUG":                                                 "masala-chai-mug",
		"search=ceramic":                                             "", // titles and SKUs only
		"min_price=10000000":                                         "22k-gold-necklace silver-dinner-set",
		"max_price=2500&category=home":                               "gel-pen diwali-gift-set price-on-request free-sample",
		"attributes[0][attribute]=pa_size&attributes[0][slug]=s":     "handblock-kurta brass-bangle",
		"attributes[0][attribute]=pa_size&attributes[0][term_id]=24": "handblock-kurta",
		"attributes[0][attribute]=pa_size&attributes[0][slug][]=s&attributes[1][attribute]=pa_color&attributes[1][slug]=red&attribute_relation=in": "handblock-kurta",
		"attributes[0][attribute]=pa_size&attributes[0][slug]=s,m,l&attributes[0][operator]=and":                                                   "handblock-kurta",
		"attributes[0][attribute]=pa_size&attributes[0][slug]=s&attributes[0][operator]=not_in&category=digital":                                   "recipe-ebook",
		"catalog_visibility=hidden":                "hidden-item",
		"catalog_visibility=visible&type=external": "brass-idol",
		"rating=4":                                          "masala-chai-mug",
		"include=23,17&orderby=include":                     "free-sample gel-pen",
		"include=none":                                      "",
		"exclude=31&category=digital":                       "",
		"category=digital&per_page=0":                       "recipe-ebook",
		"category=jewellery&offset=1&per_page=1&orderby=id": "silver-dinner-set",
		"orderby=title&order=asc&per_page=1":                "22k-gold-necklace",
		"orderby=rating&per_page=1":                         "masala-chai-mug",
		"after=2027-01-01T00:00:00":                         "",
		"before=2020-01-01T00:00:00Z&date_column=modified":  "",
	} {
		t.Run(query, func(t *testing.T) {
			var list []struct{ Slug string }
			storeGet(t, s, "products?"+strings.ReplaceAll(query, "[]", "%5B%5D"), &list)
			var slugs []string
			for _, p := range list {
				slugs = append(slugs, p.Slug)
			}
			sameSet := !strings.Contains(query, "orderby")
			if got := strings.Join(slugs, " "); got != want && (!sameSet || !sameWords(got, want)) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// sameWords compares lists of words in any order.
func sameWords(a, b string) bool {
	count := map[string]int{}
	for _, w := range strings.Fields(a) {
		count[w]++
	}
	for _, w := range strings.Fields(b) {
		count[w]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}

func TestStoreProductPages(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	seen := map[int64]bool{}
	for page := 1; page <= 3; page++ {
		var list []struct{ ID int64 }
		a := storeGet(t, s, "products?per_page=8&page="+string(rune('0'+page)), &list)
		if total := a.Header.Get("X-WP-Total"); total != "21" || a.Header.Get("X-WP-TotalPages") != "3" {
			t.Errorf("page %d: %s products on %s pages", page, total, a.Header.Get("X-WP-TotalPages"))
		}
		for _, p := range list {
			if seen[p.ID] {
				t.Errorf("product %d is on two pages", p.ID)
			}
			seen[p.ID] = true
		}
	}
	if len(seen) != 21 {
		t.Errorf("%d products on three pages", len(seen))
	}
	// everything but the first parameter lands behind a "#", as in WooCommerce
	root := s.URL() + "/wp-json/wc/store/v1/products"
	want := "<" + root + "?per_page=8&page=1#038;page=2>; rel=\"prev\", <" + root + "?per_page=8&page=3#038;page=2>; rel=\"next\""
	if got := storeGet(t, s, "products?per_page=8&page=2", nil).Header.Get("Link"); got != want {
		t.Errorf("Link %s\nwant %s", got, want)
	}
	want = "<" + root + "?include%5B0%5D=24&page=2#038;include%5B1%5D=23&#038;per_page=1>; rel=\"next\""
	if got := storeGet(t, s, "products?include=24,23&per_page=1", nil).Header.Get("Link"); got != want {
		t.Errorf("Link %s\nwant %s", got, want)
	}
	if a := storeGet(t, s, "products?page=9", nil); a.Body != "[]" || a.Header.Get("Link") == "" {
		t.Errorf("beyond the end: %s, Link %q", a.Body, a.Header.Get("Link"))
	}
}

func TestStoreProductRefusals(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	for path, want := range map[string]storeErrorLine{
		"products/999999":                   {404, "woocommerce_rest_product_invalid_id", ""},
		"products/nope":                     {404, "woocommerce_rest_product_invalid_slug", ""},
		"products/categories/99":            {404, "woocommerce_rest_category_invalid_id", ""},
		"products/attributes/9":             {404, "woocommerce_rest_attribute_invalid_id", ""},
		"products/attributes/9/terms":       {404, "woocommerce_rest_taxonomy_invalid", ""},
		"nope":                              {404, "rest_no_route", ""},
		"products?per_page=101":             {400, "rest_invalid_param", "per_page must be between 0 (inclusive) and 100 (inclusive)"},
		"products?per_page=x":               {400, "rest_invalid_param", "per_page is not of type integer."},
		"products?page=0":                   {400, "rest_invalid_param", "page must be greater than or equal to 1"},
		"products?order=up":                 {400, "rest_invalid_param", "order is not one of asc and desc."},
		"products?on_sale=maybe":            {400, "rest_invalid_param", "on_sale is not of type boolean."},
		"products?after=soon":               {400, "rest_invalid_param", "Invalid date."},
		"products?type=foo":                 {400, "rest_invalid_param", "type is not one of simple, grouped, external, variable, and variation."},
		"products?category[]=home":          {400, "rest_invalid_param", "category is not of type string."},
		"products?stock_status=some":        {400, "rest_invalid_param", "stock_status[0] is not one of instock, outofstock, and onbackorder."},
		"products?attributes=x":             {400, "rest_invalid_param", "attributes[0] is not of type object."},
		"products?attributes[0][term_id]=s": {400, "rest_invalid_param", "attributes[0][term_id][0] is not of type integer."},
		"products/reviews?per_page=101":     {400, "rest_invalid_param", "per_page must be between 0 (inclusive) and 100 (inclusive)"},
	} {
		t.Run(path, func(t *testing.T) {
			a := storeGet(t, s, strings.NewReplacer("[", "%5B", "]", "%5D").Replace(path), nil)
			got := storeErrorLine{a.Status, errorIn(t, a).Code, ""}
			for _, text := range errorIn(t, a).Data.Params {
				got.param = text
			}
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(storeErrorLine{})); diff != "" {
				t.Error(diff)
			}
		})
	}
	if a := storeGet(t, s, "products?min_price=abc", nil); a.Status != http.StatusInternalServerError {
		t.Errorf("a price that is no number answered %d", a.Status)
	}
	if a := storetest.Send(t, s, http.MethodDelete, "/wp-json/wc/store/v1/cart", "", nil); a.Status != 404 || a.Header.Get("Allow") != "" {
		t.Errorf("a method the route does not have answered %d, Allow %q", a.Status, a.Header.Get("Allow"))
	}
}

type storeErrorLine struct {
	status int
	code   string
	param  string // the text of the refused parameter
}

func TestStoreFacets(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	for query, want := range map[string]string{
		"": `{"price_range":null,"attribute_counts":null,"rating_counts":null,"stock_status_counts":null,"taxonomy_counts":null}`,
		"calculate_stock_status_counts=true&category=home&stock_status=outofstock":                                                                             `"stock_status_counts":[{"status":"instock","count":"12"},{"status":"outofstock","count":"2"},{"status":"onbackorder","count":"1"}]`,
		"calculate_rating_counts=true&rating=1":                                                                                                                `"rating_counts":[{"rating":4,"count":1}]`,
		"calculate_price_range=true&category=jewellery&min_price=9999999":                                                                                      `"price_range":{"min_price":"45000","max_price":"12500000","currency_code":"INR"`,
		"calculate_attribute_counts[0][taxonomy]=pa_size&attributes[0][attribute]=pa_size&attributes[0][slug]=m":                                               `"attribute_counts":[{"term":23,"count":2},{"term":24,"count":1},{"term":25,"count":2}]`,
		"calculate_attribute_counts[0][taxonomy]=pa_size&calculate_attribute_counts[0][query_type]=and&attributes[0][attribute]=pa_size&attributes[0][slug]=m": `"attribute_counts":[{"term":23,"count":1},{"term":24,"count":1},{"term":25,"count":1}]`,
		"calculate_taxonomy_counts[]=product_tag":                                                                                                              `"taxonomy_counts":[{"term":22,"count":1}]`,
		"calculate_price_range=true&sku=NONE":                                                                                                                  `"price_range":null`,
	} {
		t.Run(query, func(t *testing.T) {
			a := storeGet(t, s, "products/collection-data?"+strings.NewReplacer("[", "%5B", "]", "%5D").Replace(query), nil)
			if a.Status != 200 || !strings.Contains(a.Body, want) {
				t.Errorf("answered %d %s\nwant %s", a.Status, a.Body, want)
			}
		})
	}
}

func TestStoreTerms(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	names := func(path string) string {
		var list []struct{ Name string }
		storeGet(t, s, path, &list)
		var out []string
		for _, x := range list {
			out = append(out, x.Name)
		}
		return strings.Join(out, "|")
	}
	for path, want := range map[string]string{
		"products/categories?orderby=count&order=desc&per_page=2": "Home|Kitchen &amp; Dining",
		"products/categories?search=dig":                          "Digital",
		"products/categories?include=20,18":                       "Apparel|Digital",
		"products/categories?exclude=15,16,17,18,19":              "Digital",
		"products/tags":               "bestseller",
		"products/brands":             "",
		"products/attributes":         "Color|Size",
		"products/attributes/1/terms": "L|M|S",
		"products/attributes/2/terms?orderby=slug&order=desc": "Red|Indigo",
	} {
		if got := names(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if a := storeGet(t, s, "products/categories?per_page=4", nil); a.Header.Get("X-WP-Total") != "6" {
		t.Errorf("a full page of terms says %q in all", a.Header.Get("X-WP-Total"))
	}
	if a := storeGet(t, s, "products/categories", nil); a.Header.Get("X-WP-Total") != "" {
		t.Error("all terms at once come with a total")
	}
}

func TestStoreProductView(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	hindi := url.PathEscape("चाय-मसाला")
	for path, want := range map[string]string{
		"products/" + hindi:                      `"sku":"`,
		"products/16?_fields=id,name":            `{"id":16,"name":"Masala Chai Mug"}`,
		"products/gift-wrap?_fields=has_options": `{"has_options":false}`,
		"products/40?_fields=variation,name":     `{"name":"Handblock Kurta","variation":"Size: M, Color: Red"}`,
		"products/22k-gold-necklace":             `"low_stock_remaining":2,"stock_availability":{"text":"2 in stock","class":"in-stock"},"sold_individually":true`,
		"products/handloom-rug":                  `"stock_availability":{"text":"Available on backorder","class":"available-on-backorder"}`,
		"products/brass-idol":                    `"add_to_cart":{"text":"Buy on marketplace","description":"Buy on marketplace","url":"https:\/\/example.test\/brass-idol"`,
		"products/diwali-gift-set":               `"prices":{"price":"2500","regular_price":"2500","sale_price":"2500","price_range":{"min_amount":"2500","max_amount":"119925"}`,
		"products/brass-bangle":                  `"variations":[{"id":45,"attributes":[{"name":"Engraving","value":null},{"name":"Size","value":"s"}]}`,
		"products/reviews?product_id=16":         `"reviewer":"Asha","review":"<p>Lovely mug<\/p>\n","rating":4,"verified":false`,
		"products/reviews?category_id=19":        `[]`,
		"":                                       `"namespace":"wc\/store\/v1"`,
	} {
		if a := storeGet(t, s, path, nil); a.Status != 200 || !strings.Contains(a.Body, want) {
			t.Errorf("%s answered %d without %s\n%.900s", path, a.Status, want, a.Body)
		}
	}
}

// TestStorePrices: minor units follow the shop's currency, and prices follow
// what the shop keeper does.
func TestStorePrices(t *testing.T) {
	s, _ := storetest.NewStore(t, func(cfg *wootest.Config) {
		files := withSetting(t, wootest.Catalogue(), "settings_general.json", "woocommerce_price_num_decimals", "0")
		cfg.Catalogue = withSetting(t, files, "settings_general.json", "woocommerce_currency_pos", "right_space")
	})
	if err := s.SetPrice(17, "26"); err != nil {
		t.Fatal(err)
	}
	var p struct{ Prices map[string]any }
	storeGet(t, s, "products/17", &p)
	want := map[string]any{"price": "26", "currency_minor_unit": 0.0, "currency_prefix": "", "currency_suffix": " ₹"}
	for key, v := range want {
		if p.Prices[key] != v {
			t.Errorf("%s is %v, want %v", key, p.Prices[key], v)
		}
	}
}
