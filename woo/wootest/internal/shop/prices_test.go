package shop_test

import (
	"fmt"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// withSettings overlays the general settings.
func withSettings(rows string) func(*wootest.Config) {
	return func(cfg *wootest.Config) {
		cfg.Catalogue = storetest.Overlay{FS: wootest.Catalogue(), Over: fstest.MapFS{
			"settings_general.json": {Data: []byte("[" + rows + "]")},
			"currency.json":         {Data: []byte(`{"code":"EUR","name":"Euro","symbol":"&euro;"}`)},
		}}
	}
}

const mugPrice = `{product(id:"20",idType:DATABASE_ID){... on ProductWithPricing{price raw:price(format:RAW)}}}`

// TestPriceForms: symbol, position, separators and decimals are the shop's.
func TestPriceForms(t *testing.T) {
	tests := map[string]struct{ position, thousand, point, decimals, want string }{
		"left":        {"left", ",", ".", "2", "€125,000.00"},
		"right":       {"right", ".", ",", "2", "125.000,00€"},
		"left space":  {"left_space", " ", ".", "0", "€&nbsp;125 000"},
		"right space": {"right_space", "", ",", "3", "125000,000&nbsp;€"},
		"no decimals": {"left", ",", ".", "x", "€125,000.00"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s, _ := storetest.NewStore(t, withSettings(fmt.Sprintf(`{"id":"woocommerce_currency_pos","value":%q},{"id":"woocommerce_price_thousand_sep","value":%q},
				{"id":"woocommerce_price_decimal_sep","value":%q},{"id":"woocommerce_price_num_decimals","value":%q}`, tc.position, tc.thousand, tc.point, tc.decimals)))
			want := string(storetest.MustJSON(t, map[string]any{"product": map[string]string{"price": tc.want, "raw": "125000"}}))
			if got := storetest.GraphQL(t, s, mugPrice); got != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
		})
	}
}

// TestDatedSale follows the lamp, on sale from the start of 2026 to the end of
// 2030, through the store's clock.
func TestDatedSale(t *testing.T) {
	s, c := storetest.NewStore(t, nil)
	ist := time.FixedZone("", 330*60)
	tests := []struct {
		at    time.Time
		price string
		sale  bool
	}{
		{time.Date(2025, 12, 31, 23, 59, 59, 0, ist), "1499.50", false},
		{time.Date(2026, 1, 1, 0, 0, 0, 0, ist), "1199.25", true},
		{time.Date(2030, 12, 31, 0, 0, 0, 0, ist), "1199.25", true},
		{time.Date(2030, 12, 31, 0, 0, 1, 0, ist), "1499.50", false},
	}
	for _, tc := range tests {
		c.Set(tc.at)
		if _, p := storetest.REST(t, s, "GET", "products/19", ""); p["price"] != tc.price || p["on_sale"] != tc.sale {
			t.Errorf("%s: %v, on sale %v", tc.at, p["price"], p["on_sale"])
		}
	}
}

// TestSortedLists: every order a client can ask for, both ways.
func TestSortedLists(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	storetest.Place(t, s, storetest.OneMug(""))
	tests := map[string]string{
		"DATE ASC": "[32 31]", "DATE DESC": "[44 37]", "NAME ASC": "[20 44]", "NAME DESC": "[28 26]", "SLUG ASC": "[28 20]",
		"SLUG DESC": "[26 25]", "PRICE DESC": "[20 21]", "MODIFIED DESC": "[44 37]", "RATING DESC": "[16 44]", "REVIEW_COUNT DESC": "[16 44]",
		"POPULARITY DESC": "[44 37]", "MENU_ORDER ASC": "[44 37]", "PARENT ASC": "[44 37]",
	}
	for by, want := range tests {
		var field, direction string
		if _, err := fmt.Sscan(by, &field, &direction); err != nil {
			t.Fatal(err)
		}
		got := storetest.GraphQL(t, s, `{products(first:2,where:{exclude:[33],orderby:[{field:`+field+`,order:`+direction+`}]}){nodes{databaseId}}}`)
		var ids []int
		list, _ := storetest.Decode(t, got).(map[string]any)
		for _, n := range list["products"].(map[string]any)["nodes"].([]any) {
			var id int
			if _, err := fmt.Sscan(fmt.Sprint(n.(map[string]any)["databaseId"]), &id); err != nil {
				t.Fatal(err)
			}
			ids = append(ids, id)
		}
		if fmt.Sprint(ids) != want {
			t.Errorf("%s: %v, want %s", by, ids, want)
		}
	}
}

// TestChosenByID: categories, tags and parents by number.
func TestChosenByID(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	for where, want := range map[string]string{
		`categoryIdIn:[18]`:                     `[{"databaseId":37},{"databaseId":18}]`,
		`tagIdIn:[22]`:                          `[{"databaseId":16}]`,
		`tagIdNotIn:[22],categoryId:17`:         `[{"databaseId":28},{"databaseId":21},{"databaseId":22},{"databaseId":29}]`,
		`tagNotIn:["bestseller"],categoryId:20`: `[{"databaseId":31}]`,
		`slugIn:["gel-pen","brass-idol"]`:       `[{"databaseId":17},{"databaseId":35}]`,
		`typeNotIn:[SIMPLE]`:                    `[{"databaseId":37},{"databaseId":36},{"databaseId":35},{"databaseId":44}]`,
		`taxClass:GST_5,categoryId:18`:          `[{"databaseId":37},{"databaseId":18}]`,
		`search:"CERAMIC"`:                      `[{"databaseId":16}]`,
		`onSale:false,categoryId:18`:            `[]`,
	} {
		if got := storetest.GraphQL(t, s, `{products(where:{`+where+`}){nodes{databaseId}}}`); got != `{"products":{"nodes":`+want+`}}` {
			t.Errorf("%s: %s", where, got)
		}
	}
	if got := storetest.GraphQL(t, s, `{productsWithVariations(where:{includeVariations:true,parent:44}){nodes{databaseId}}}`); got != `{"productsWithVariations":{"nodes":[{"databaseId":45},{"databaseId":47},{"databaseId":46}]}}` {
		t.Error(got)
	}
}
