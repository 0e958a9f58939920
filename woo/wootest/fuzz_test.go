package wootest_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// FuzzOrder: whatever is posted, the answer is JSON with a status WooCommerce
// uses, and the store lives on.
func FuzzOrder(f *testing.F) {
	for _, seed := range []string{
		storetest.OneMug(""), storetest.OneMug(`"set_paid":true,"coupon_lines":[{"code":"save10"},{"code":"mug50"}],"fee_lines":[{"name":"x","total":"-1e9"}]`),
		`{"line_items":[{"product_id":16,"quantity":-5}]}`, `{"line_items":[{"product_id":9e99}]}`, `{"line_items":[{"sku":"x"}]}`,
		`{"line_items":[{"product_id":16,"subtotal":"1e1000000000","total":"NaN"}]}`, `{"billing":{"state":5}}`, `[]`, `null`, `"x"`, ``,
		`{"meta_data":[{"id":"x"},{"key":"a","value":null},{"key":"b","value":{"c":[1]}}]}`, `{"shipping_lines":[{"method_id":"x","total":"0x1"}]}`,
		`{"line_items":[{"product_id":16,"quantity":9223372036854775807}],"coupon_lines":[{"code":"save10"}]}`,
	} {
		f.Add(seed)
	}
	s, err := wootest.New(wootest.Config{TrustForwardedProto: true, Keys: storetest.TestKeys()})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = s.Close() })
	f.Fuzz(func(t *testing.T, body string) {
		a, err := storetest.SendRaw(s, "POST", "/wp-json/wc/v3/orders", body, storetest.SignedIn(storetest.TestKeys()[0]))
		if err != nil {
			t.Fatal(err)
		}
		if a.Status != 201 && a.Status != 400 || !json.Valid([]byte(a.Body)) {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		if a := storetest.Send(t, s, "GET", "/wp-json/wc/v3/orders?per_page=1", "", storetest.SignedIn(storetest.TestKeys()[0])); a.Status != 200 || !json.Valid([]byte(a.Body)) {
			t.Fatalf("afterwards: %d %s", a.Status, a.Body)
		}
	})
}

// FuzzGraphQL: every document gets data or errors.
func FuzzGraphQL(f *testing.F) {
	for _, r := range []string{
		`{products{nodes{id}}}`, `query($a:Int){products(first:$a){nodes{...F}}} fragment F on Product{name}`, `{`, `mutation{emptyCart(input:{}){cart{isEmpty}}}`,
		`{product(id:"16",idType:DATABASE_ID){...on VariableProduct{variations(first:-1){nodes{id}}}}}`, `{a:products(last:1,before:"x"){edges{cursor}}}`,
		`{products(where:{dateQuery:{after:{year:0}},minPrice:1e300}){found}}`, `fragment F on Product{...F} {products{nodes{...F}}}`, `{__typename}`,
		`subscription{x}`, `{products(where:{orderby:[]}){nodes{image{mediaDetails{sizes{name}}}}}}`,
	} {
		f.Add(r, `{"a":5}`)
	}
	s, err := wootest.New(wootest.Config{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = s.Close() })
	f.Fuzz(func(t *testing.T, query, variables string) {
		if !json.Valid([]byte(variables)) {
			variables = "null"
		}
		text, err := json.Marshal(query)
		if err != nil {
			t.Skip()
		}
		a, err := storetest.SendRaw(s, "POST", "/graphql", `{"query":`+string(text)+`,"variables":`+variables+`}`, map[string]string{"Content-Type": "application/json"})
		if err != nil {
			t.Fatal(err)
		}
		if a.Status != 200 && a.Status != 500 || !json.Valid([]byte(a.Body)) || !strings.Contains(a.Body, `"data"`) && !strings.Contains(a.Body, `"errors"`) {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	})
}
