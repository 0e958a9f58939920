package woo_test

import (
	"encoding/json"
	"net/http"
	"sync"
	"testing"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/woo"
)

// classSite is itemSite with shipping classes 61 and 62.
func classSite(t *testing.T, edit ...string) *site {
	s := itemSite(t, edit...)
	s.routes["GET /wp-json/wc/v3/products/shipping_classes"] = answering(200, `[{"id":61,"slug":"bulky"},{"id":62,"slug":"fragile"}]`)
	return s
}

// one reads one item.
func one(t *testing.T, client *woo.Client, ref cart.ItemRef) cart.Item {
	t.Helper()
	items, err := client.Items(t.Context(), []cart.ItemRef{ref})
	if err != nil {
		t.Fatal(err)
	}
	return items[0]
}

func TestShippingClasses(t *testing.T) {
	// A product that was saved has 0, a variation null.
	const saved, untouched = `"shippingClassId":0`, `"shippingClassId":null`
	tests := map[string]struct {
		edit []string
		ref  cart.ItemRef
		want string
	}{
		"none":                 {nil, product(16), ""},
		"of a product":         {[]string{saved, `"shippingClassId":61`}, product(16), "bulky"},
		"deleted since":        {[]string{saved, `"shippingClassId":99`}, product(16), ""},
		"of the parent":        {[]string{saved, `"shippingClassId":62`}, variation(37, 40), "fragile"},
		"of its own":           {[]string{saved, `"shippingClassId":62`, untouched, `"shippingClassId":61`}, variation(37, 40), "bulky"},
		"of a download's none": {nil, product(31), ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			site := classSite(t, test.edit...)
			client := site.client(t)
			for range 3 {
				if got := one(t, client, test.ref).ShippingClass; got != test.want {
					t.Errorf("class %q, want %q", got, test.want)
				}
			}
			lists := 0
			for _, r := range site.seen() {
				if r.path == "/wp-json/wc/v3/products/shipping_classes" {
					lists++
				}
			}
			if lists > 1 {
				t.Errorf("the list was read %d times", lists)
			}
		})
	}
}

// TestShippingClassWithoutKey: only REST knows the slug.
func TestShippingClassWithoutKey(t *testing.T) {
	site := classSite(t, `"shippingClassId":0`, `"shippingClassId":61`)
	if got := one(t, site.client(t, withoutKey), product(16)); got.ShippingClass != "" || !got.ForSale() {
		t.Errorf("%+v", got)
	}
	p := readProduct(t, "mug", `"shippingClassId":0`, `"shippingClassId":61`)
	if p.ShippingClassID != 61 || p.ShippingClass != "" {
		t.Errorf("class %d %q", p.ShippingClassID, p.ShippingClass)
	}
}

func TestShippingClassesCannotBeRead(t *testing.T) {
	site := itemSite(t, `"shippingClassId":0`, `"shippingClassId":61`)
	site.routes["GET /wp-json/wc/v3/products/shipping_classes"] = recording("rest/no-auth.http")
	_, err := site.client(t).Items(t.Context(), []cart.ItemRef{product(16)})
	checkKind(t, err, woo.Unauthorised)
}

// TestWeightIsInherited, as WC_Product_Variation::get_weight does.
func TestWeightIsInherited(t *testing.T) {
	products, variations := recordedItems(t)
	if len(products["37"]) == 0 || len(variations["40"]) == 0 {
		t.Fatal("the kurta is not recorded")
	}
	site := itemSite(t)
	parent := weighing(t, string(products["37"]), "0.5")
	site.routes["POST /graphql"] = answering(200, `{"data":{"p37":`+parent+`,"v40":`+string(variations["40"])+`}}`)
	if got := one(t, site.client(t), variation(37, 40)); !got.Weight.Equal(dec("0.5")) {
		t.Errorf("weight %s, want the parent's", got.Weight)
	}
	site.routes["POST /graphql"] = answering(200, `{"data":{"p37":`+parent+`,"v40":`+weighing(t, string(variations["40"]), "0.2")+`}}`)
	if got := one(t, site.client(t), variation(37, 40)); !got.Weight.Equal(dec("0.2")) {
		t.Errorf("weight %s, want its own", got.Weight)
	}
}

// weighing gives a product or a variation a weight, its own and not those of
// what lies within.
func weighing(t *testing.T, node, weight string) string {
	t.Helper()
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(node), &fields); err != nil {
		t.Fatal(err)
	}
	fields["weight"] = json.RawMessage(`"` + weight + `"`)
	text, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestManyCallersShareTheClient: every reading at once, for the race detector.
func TestManyCallersShareTheClient(t *testing.T) {
	site := classSite(t, `"shippingClassId":0`, `"shippingClassId":61`)
	client := site.client(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			items, err := client.Items(t.Context(), []cart.ItemRef{product(16), variation(37, 40), product(31)})
			if err != nil || items[0].TaxClass != "gst-12" || items[0].ShippingClass != "bulky" || items[2].TaxClass != "gst-18" {
				t.Errorf("%d items, %v", len(items), err)
			}
		})
	}
	wg.Wait()
	lists := map[string]int{}
	for _, r := range site.seen() {
		if r.method == http.MethodGet {
			lists[r.path]++
		}
	}
	for path, n := range lists {
		if n != 1 {
			t.Errorf("%s was read %d times", path, n)
		}
	}
}
