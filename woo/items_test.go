package woo_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/woo"
)

// itemSite answers a query for items out of the recorded products, as
// WooGraphQL does: null with an error for an unknown id, null alone for 33, a
// draft. edit changes what it sends.
func itemSite(t testing.TB, edit ...string) *site {
	products, variations := recordedItems(t)
	aliases := regexp.MustCompile(`([pv])(\d+):(product|productVariation)\(id:"(\d+)",idType:DATABASE_ID\)`)
	return newSite(t, map[string]http.Handler{
		"GET /wp-json/wc/v3/taxes/classes": recording("rules/tax-classes.http"),
		"POST /graphql": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			data, errs := map[string]json.RawMessage{}, []map[string]any{}
			for _, m := range aliases.FindAllStringSubmatch(readGraph(t, r).Query, -1) {
				alias, from := m[1]+m[2], products
				if m[3] == "productVariation" {
					from = variations
				}
				node, ok := from[m[4]]
				data[alias] = json.RawMessage("null")
				switch {
				case ok:
					data[alias] = json.RawMessage(strings.NewReplacer(edit...).Replace(string(node)))
				case m[4] != "33":
					errs = append(errs, map[string]any{"message": "No product exists with the database_id: " + m[4], "path": []string{alias}})
				}
			}
			answer := map[string]any{"data": data}
			if len(errs) > 0 {
				answer["errors"] = errs
			}
			json.NewEncoder(w).Encode(answer)
		}),
	})
}

// recordedItems are the recorded products and variations by id.
func recordedItems(t testing.TB) (products, variations map[string]json.RawMessage) {
	t.Helper()
	_, body, err := load("graphql/products.http")
	if err != nil {
		t.Fatal(err)
	}
	var list struct {
		Data struct {
			Products struct{ Nodes []json.RawMessage }
		}
	}
	if err := json.Unmarshal(body, &list); err != nil {
		t.Fatal(err)
	}
	products, variations = map[string]json.RawMessage{}, map[string]json.RawMessage{}
	for _, node := range list.Data.Products.Nodes {
		var p struct {
			DatabaseID int
			Variations struct{ Nodes []map[string]any }
		}
		if err := json.Unmarshal(node, &p); err != nil {
			t.Fatal(err)
		}
		products[fmt.Sprint(p.DatabaseID)] = node
		for _, v := range p.Variations.Nodes {
			v["parent"] = map[string]any{"node": map[string]any{"databaseId": p.DatabaseID}}
			variations[fmt.Sprint(v["databaseId"])], _ = json.Marshal(v)
		}
	}
	return products, variations
}

func product(id int64) cart.ItemRef { return cart.ItemRef{ProductID: id} }

func variation(parent, id int64, attributes ...string) cart.ItemRef {
	ref := cart.ItemRef{ProductID: parent, VariationID: id}
	for i := 0; i < len(attributes); i += 2 {
		if ref.Attributes == nil {
			ref.Attributes = map[string]string{}
		}
		ref.Attributes[attributes[i]] = attributes[i+1]
	}
	return ref
}

func TestItems(t *testing.T) {
	const uploads = "https://shop.example.test/wp-content/uploads/2026/11/"
	refs := []cart.ItemRef{product(16), variation(37, 43), variation(37, 40), product(31)}
	want := []cart.Item{
		{
			Ref: refs[0], Status: cart.StatusOK, Purchasable: true, Name: "Masala Chai Mug", SKU: "MUG-001", Slug: "masala-chai-mug",
			Image: uploads + "masala-mug.jpg", UnitPrice: dec("499"), RegularPrice: dec("499"), Currency: pricing.INR,
			TaxStatus: "taxable", TaxClass: "gst-12", CategoryIDs: []int64{17}, Weight: dec("0.45"),
			Stock: cart.Stock{Item: "product:16", Managed: true, Quantity: 10, InStock: true},
		},
		{
			Ref: refs[1], Status: cart.StatusOK, Purchasable: true, Name: "Handblock Kurta - L, Indigo", SKU: "KURTA-L-IND", Slug: "handblock-kurta",
			Image: uploads + "kurta.jpg", UnitPrice: dec("1099"), RegularPrice: dec("1399"), Currency: pricing.INR, OnSale: true,
			TaxStatus: "taxable", TaxClass: "gst-5", ParentID: 37, CategoryIDs: []int64{18},
			Stock: cart.Stock{Item: "variation:43", Managed: true, Quantity: 8, InStock: true},
		},
		{
			Ref: refs[2], Status: cart.StatusOK, Purchasable: true, Name: "Handblock Kurta - M, Red", SKU: "KURTA-M-RED", Slug: "handblock-kurta",
			Image: uploads + "kurta.jpg", UnitPrice: dec("1349"), RegularPrice: dec("1349"), Currency: pricing.INR,
			TaxStatus: "taxable", TaxClass: "gst-5", ParentID: 37, CategoryIDs: []int64{18},
			Stock: cart.Stock{Item: "product:37", Managed: true, Quantity: 20, InStock: true},
		},
		{
			Ref: refs[3], Status: cart.StatusOK, Purchasable: true, Name: "Recipe E-book", SKU: "EBOOK-1", Slug: "recipe-ebook",
			UnitPrice: dec("299"), RegularPrice: dec("299"), Currency: pricing.INR,
			TaxStatus: "taxable", TaxClass: "gst-18", CategoryIDs: []int64{20}, Virtual: true, Downloadable: true,
			Stock: cart.Stock{Item: "product:31", InStock: true},
		},
	}
	site := itemSite(t)
	got, err := site.client(t).Items(t.Context(), refs)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	queries := 0
	for _, r := range site.seen() {
		if r.method == "POST" {
			queries++
		}
	}
	if queries != 1 {
		t.Errorf("%d queries for four items", queries)
	}
}

func TestItemStatus(t *testing.T) {
	any45 := func(attributes ...string) cart.ItemRef { return variation(44, 45, attributes...) }
	tests := map[string]struct {
		ref  cart.ItemRef
		want cart.ItemStatus
	}{
		"unknown":                     {product(999999), cart.StatusGone},
		"draft":                       {product(33), cart.StatusGone},
		"id zero":                     {product(0), cart.StatusGone},
		"id negative":                 {product(-16), cart.StatusGone},
		"unknown variation":           {variation(37, 999), cart.StatusGone},
		"negative variation":          {variation(37, -1), cart.StatusGone},
		"variation of another":        {variation(44, 40), cart.StatusGone},
		"variation as product":        {product(40), cart.StatusGone},
		"variation of a simple":       {variation(16, 40), cart.StatusGone},
		"parent without variation":    {product(37), cart.StatusNotPurchasable},
		"external":                    {product(35), cart.StatusNotPurchasable},
		"grouped":                     {product(36), cart.StatusNotPurchasable},
		"no price":                    {product(24), cart.StatusNoPrice},
		"free":                        {product(23), cart.StatusOK},
		"hidden":                      {product(32), cart.StatusOK},
		"sold out is for sale":        {product(25), cart.StatusOK},
		"open attribute not chosen":   {any45(), cart.StatusNotPurchasable},
		"open attribute empty":        {any45("engraving", ""), cart.StatusNotPurchasable},
		"open attribute chosen":       {any45("engraving", "Name"), cart.StatusOK},
		"name as in a form":           {any45("attribute_Engraving", "Date", "attribute_pa_size", "S"), cart.StatusOK},
		"not an option":               {any45("engraving", "Poem"), cart.StatusNotPurchasable},
		"contradicts the variation":   {any45("engraving", "Name", "pa_size", "l"), cart.StatusNotPurchasable},
		"attribute of something else": {any45("engraving", "Name", "pa_color", "red"), cart.StatusNotPurchasable},
		"repeats the variation":       {variation(37, 40, "pa_size", "m", "pa_color", "RED"), cart.StatusOK},
	}
	client := itemSite(t).client(t)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := client.Items(t.Context(), []cart.ItemRef{test.ref})
			if err != nil || len(got) != 1 {
				t.Fatalf("%v, %v", got, err)
			}
			if got[0].Status != test.want || got[0].ForSale() != (test.want == cart.StatusOK) {
				t.Errorf("status %q, for sale %v; want %q", got[0].Status, got[0].ForSale(), test.want)
			}
			if diff := cmp.Diff(test.ref, got[0].Ref); diff != "" {
				t.Errorf("ref (-want +got)\n%s", diff)
			}
			if test.want == cart.StatusNoPrice && !got[0].UnitPrice.IsZero() {
				t.Errorf("no price is %s", got[0].UnitPrice)
			}
		})
	}
}

// TestItemsAnswersEachRef: in order, repeated ones repeated, none for none.
func TestItemsAnswersEachRef(t *testing.T) {
	site := itemSite(t)
	client := site.client(t)
	if items, err := client.Items(t.Context(), nil); err != nil || len(items) != 0 || len(site.seen()) != 0 {
		t.Errorf("no refs: %v, %v, %d requests", items, err, len(site.seen()))
	}
	refs := []cart.ItemRef{product(17), product(999999), product(17), variation(37, 40), product(16), product(17)}
	items, err := client.Items(t.Context(), refs)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for i, item := range items {
		names = append(names, item.Name)
		if diff := cmp.Diff(refs[i], item.Ref); diff != "" {
			t.Errorf("item %d answers another ref: %s", i, diff)
		}
	}
	if diff := cmp.Diff([]string{"Gel Pen", "", "Gel Pen", "Handblock Kurta - M, Red", "Masala Chai Mug", "Gel Pen"}, names); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestManyItemsAreReadInFewQueries(t *testing.T) {
	site := itemSite(t)
	var refs []cart.ItemRef
	for id := int64(1); id <= 250; id++ {
		refs = append(refs, product(id))
	}
	items, err := site.client(t).Items(t.Context(), refs)
	if err != nil || len(items) != 250 || items[15].Name != "Masala Chai Mug" {
		t.Fatalf("%d items, %v", len(items), err)
	}
	queries := 0
	for _, r := range site.seen() {
		if r.method == "POST" {
			queries++
		}
	}
	if queries != 3 {
		t.Errorf("%d queries for 250 items, want 3", queries)
	}
}

// TestUnreadableItemDoesNotCloseTheCart: it cannot be bought, the rest can.
func TestUnreadableItemDoesNotCloseTheCart(t *testing.T) {
	site := itemSite(t, `"priceRaw":"499"`, `"priceRaw":"4,99"`)
	items, err := site.client(t).Items(t.Context(), []cart.ItemRef{product(16), product(17)})
	if err != nil || items[0].Status != cart.StatusNotPurchasable || items[1].Status != cart.StatusOK {
		t.Errorf("%+v, %v", items, err)
	}
}

func TestCatalogueFailure(t *testing.T) {
	internal := `{"errors":[{"message":"Internal server error","path":["p16"]}],"data":{"p16":null}}`
	foreign := `{"errors":[{"message":"The GraphQL endpoint is closed"}],"data":null}`
	deeper := `{"errors":[{"message":"no such size","path":["p16","image"]}],"data":{"p16":{"__typename":"SimpleProduct","databaseId":16,"status":"publish"}}}`
	for name, body := range map[string]string{"internal": internal, "not about an item": foreign, "data beside error": deeper, "HTML": "<html>"} {
		site := newSite(t, map[string]http.Handler{"*": answering(200, body)})
		items, err := site.client(t).Items(t.Context(), []cart.ItemRef{product(16)})
		var e *woo.Error
		if items != nil || !errors.As(err, &e) {
			t.Errorf("%s: %v, %v; want an error and no item", name, items, err)
		}
	}
}

func TestTaxClassesCannotBeRead(t *testing.T) {
	site := itemSite(t)
	site.mu.Lock()
	site.routes["GET /wp-json/wc/v3/taxes/classes"] = recording("rest/no-auth.http")
	site.mu.Unlock()
	if _, err := site.client(t).Items(t.Context(), []cart.ItemRef{product(16)}); !errors.Is(err, woo.ErrUnauthorised) {
		t.Errorf("got %v, want ErrUnauthorised: a guessed tax class is a wrong total", err)
	}
}

func refsOf(ids ...int64) (refs []cart.ItemRef) {
	for _, id := range ids {
		refs = append(refs, product(id))
	}
	return refs
}
