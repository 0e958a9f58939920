package woo_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

func cardIDs(list []woo.Card) (ids []int64) {
	for _, c := range list {
		ids = append(ids, c.ID)
	}
	slices.Sort(ids)
	return ids
}

// TestOneRequestForAPage: the product, its variations, the copies of its images
// and what is shown beside it.
func TestOneRequestForAPage(t *testing.T) {
	store, _ := openStore(t, wootest.Config{})
	w := &wire{RoundTripper: http.DefaultTransport}
	client := clientOf(t, store, func(c *woo.Config) { c.HTTP = &http.Client{Transport: w}; withoutKey(c) })
	mug, err := client.Product(t.Context(), "masala-chai-mug")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(cardIDs(mug.Upsells), []int64{19}) || !slices.Equal(cardIDs(mug.CrossSells), []int64{17, 28}) {
		t.Errorf("upsells %v, cross-sells %v", cardIDs(mug.Upsells), cardIDs(mug.CrossSells))
	}
	lamp := mug.Upsells[0]
	if lamp.Name != "Festive Lamp" || !lamp.OnSale || !lamp.Price.Stored.Decimal.Equal(dec("1199.25")) || lamp.Type != woo.Simple || lamp.Stock.Item != "product:19" {
		t.Errorf("%+v", lamp)
	}
	if len(mug.Related) == 0 || slices.Contains(cardIDs(mug.Related), mug.ID) {
		t.Errorf("related %v", cardIDs(mug.Related))
	}
	if len(mug.Image.Sizes) < 4 || !slices.ContainsFunc(mug.Image.Sizes, func(s woo.ImageSize) bool {
		return s.Name == "woocommerce_thumbnail" && s.Width == 300 && s.Height == 300 && strings.HasSuffix(s.URL, "-300x300.jpg")
	}) {
		t.Errorf("sizes %+v", mug.Image.Sizes)
	}
	if len(w.sent) != 1 {
		t.Errorf("%d requests", len(w.sent))
	}
}

// TestNothingIsRelatedToAProductAlone: WooGraphQL sends the whole catalogue.
func TestNothingIsRelatedToAProductAlone(t *testing.T) {
	node := func(id string, terms string) string {
		return `{"__typename":"SimpleProduct","databaseId":` + id + `,"slug":"p` + id + `","status":"publish","purchasable":true,"price":"\u20b95.00","priceRaw":"5",` + terms + `}`
	}
	body := `{"data":{"product":` + strings.TrimSuffix(node("30", `"productCategories":{"nodes":[{"databaseId":20}]},"productTags":{"nodes":[{"databaseId":5}]}`), "}") + `,"related":{"nodes":[` +
		strings.Join([]string{
			node("27", `"productCategories":{"nodes":[{"databaseId":16}]}`), node("30", `"productCategories":{"nodes":[{"databaseId":20}]}`),
			node("31", `"productCategories":{"nodes":[{"databaseId":20}]}`), node("32", `"productTags":{"nodes":[{"databaseId":5}]}`), "null",
		}, ",") + `]},"upsell":{"nodes":[null,` + strings.Replace(node("33", `"x":1`), "publish", "draft", 1) + `,` + strings.Replace(node("34", `"x":1`), `\u20b95.00`, "1e99 or 2", 1) + `]}}}}`
	p, err := newSite(t, map[string]http.Handler{"*": answering(200, body)}).client(t, withoutKey).Product(t.Context(), "x")
	if err != nil || !slices.Equal(cardIDs(p.Related), []int64{31, 32}) || p.Upsells != nil {
		t.Errorf("related %v, upsells %v, %v", cardIDs(p.Related), p.Upsells, err)
	}
}

// TestDownloadable: said of products and of variations.
func TestDownloadable(t *testing.T) {
	book := readProduct(t, "ebook", `"downloadable":false`, `"downloadable":true`)
	mug := readProduct(t, "mug")
	if !book.Downloadable || mug.Downloadable {
		t.Errorf("book %v, mug %v", book.Downloadable, mug.Downloadable)
	}
}
