package storeapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// storeCart is what tests look at of a cart.
type storeCart struct {
	Items []struct {
		Key       string
		ID        int64
		Quantity  int64
		Variation []map[string]string
		Prices    map[string]any
		Totals    map[string]any
	}
	Coupons  []struct{ Code string }
	Totals   map[string]any
	Shipping map[string]any   `json:"shipping_address"`
	Billing  map[string]any   `json:"billing_address"`
	Needs    bool             `json:"needs_shipping"`
	Errors   []map[string]any `json:"errors"`
	Packages []struct {
		Rates []struct {
			ID       string `json:"rate_id"`
			Selected bool
		} `json:"shipping_rates"`
	} `json:"shipping_rates"`
}

func (c storeCart) chosen() string {
	for _, p := range c.Packages {
		for _, r := range p.Rates {
			if r.Selected {
				return r.ID
			}
		}
	}
	return ""
}

func storeCartIn(t *testing.T, a storetest.Reply) storeCart {
	t.Helper()
	var c storeCart
	if err := json.Unmarshal([]byte(a.Body), &c); err != nil || a.Status >= 300 {
		t.Fatalf("no cart: %d %.400s", a.Status, a.Body)
	}
	return c
}

// shopper is one client of the Store API; every good answer's token is kept.
type shopper struct {
	store *wootest.Store
	token string
}

func newShopper(t *testing.T, s *wootest.Store) *shopper {
	t.Helper()
	return &shopper{s, storetest.Send(t, s, "GET", "/wp-json/wc/store/v1/cart", "", nil).Header.Get("Cart-Token")}
}

func (b *shopper) do(t *testing.T, method, path string, body any) storetest.Reply {
	t.Helper()
	a := storeSend(t, b.store, method, b.token, path, body)
	if a.Status < 300 && a.Header.Get("Cart-Token") != "" {
		b.token = a.Header.Get("Cart-Token")
	}
	return a
}

func (b *shopper) post(t *testing.T, path string, body any) storetest.Reply {
	t.Helper()
	return b.do(t, http.MethodPost, path, body)
}

func (b *shopper) add(t *testing.T, id, quantity int64) storeCart {
	t.Helper()
	return storeCartIn(t, b.post(t, "cart/add-item", m{"id": id, "quantity": quantity}))
}

func (b *shopper) cart(t *testing.T) storeCart {
	t.Helper()
	return storeCartIn(t, b.do(t, http.MethodGet, "cart", nil))
}

// m is a JSON object.
type m = map[string]any

func choice(pairs ...string) []m {
	var out []m
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, m{"attribute": pairs[i], "value": pairs[i+1]})
	}
	return out
}

func TestStoreAddItem(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	for name, c := range map[string]struct {
		body m
		code string
		text string
	}{
		"no id":             {m{"quantity": 1}, "woocommerce_rest_cart_invalid_product", "Product with ID &quot;&quot; was not found"},
		"unknown":           {m{"id": 999999}, "woocommerce_rest_cart_invalid_product", "Product with ID &quot;999999&quot; was not found"},
		"a word":            {m{"id": "mug"}, "woocommerce_rest_cart_invalid_product", "Product with ID &quot;0&quot; was not found"},
		"quantity a word":   {m{"id": 16, "quantity": "x"}, "rest_invalid_param", ""},
		"none":              {m{"id": 16, "quantity": 0}, "woocommerce_rest_product_invalid_quantity", "less than or equal to 0"},
		"fewer than none":   {m{"id": 16, "quantity": -5}, "woocommerce_rest_product_invalid_quantity", "less than or equal to 0"},
		"very many":         {m{"id": 16, "quantity": json.Number("9223372036854775807")}, "woocommerce_rest_product_partially_out_of_stock", "(10 remaining)"},
		"sold out":          {m{"id": 25}, "woocommerce_rest_product_out_of_stock", "is out of stock"},
		"sold elsewhere":    {m{"id": 35}, "woocommerce_rest_product_not_purchasable", "&quot;Brass Idol (Marketplace)&quot; is not available"},
		"a group":           {m{"id": 36}, "woocommerce_rest_product_not_purchasable", "is not available"},
		"private":           {m{"id": 34}, "woocommerce_rest_product_not_purchasable", "This item is not available for purchase."},
		"no attributes":     {m{"id": 37}, "woocommerce_rest_missing_attributes", ""},
		"half of them":      {m{"id": 37, "variation": choice("pa_size", "s")}, "woocommerce_rest_missing_attributes", ""},
		"no such variation": {m{"id": 37, "variation": choice("Size", "XXL", "Color", "Red")}, "woocommerce_rest_variation_id_from_variation_data", ""},
		"any, not said":     {m{"id": 45}, "woocommerce_rest_missing_variation_data", "Engraving is a required field"},
		"any, wrong":        {m{"id": 45, "variation": choice("Engraving", "Foo")}, "woocommerce_rest_invalid_variation_data", "Allowed values: None, Name, Date"},
		"not its own":       {m{"id": 40, "variation": choice("Size", "S")}, "woocommerce_rest_invalid_variation_data", "Invalid value posted for Size"},
		"variation a text":  {m{"id": 45, "variation": "x"}, "rest_invalid_param", ""},
		"with a key":        {m{"id": 16, "key": "x"}, "woocommerce_rest_cart_item_exists", ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := newShopper(t, s)
			a := b.post(t, "cart/add-item", c.body)
			if e := errorIn(t, a); a.Status != 400 || e.Code != c.code || !strings.Contains(e.Message, c.text) {
				t.Errorf("answered %d %s %q, want %s with %q", a.Status, e.Code, e.Message, c.code, c.text)
			}
			if n := cartCount(t, s, b.token); n != 0 {
				t.Errorf("%d pieces in the cart after a refusal", n)
			}
		})
	}
}

func TestStoreItemsOfACart(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	b := newShopper(t, s)
	if got := b.add(t, 16, 2).Items[0]; got.Quantity != 2 || got.Key != "c74d97b01eae257e44aa9d5bade97baf" {
		t.Fatalf("added %+v", got)
	}
	c := storeCartIn(t, b.post(t, "cart/add-item", m{"id": 45, "variation": choice("engraving", "Date")}))
	want := []map[string]string{
		{"raw_attribute": "attribute_engraving", "attribute": "Engraving", "value": "Date"},
		{"raw_attribute": "attribute_pa_size", "attribute": "Size", "value": "S"},
	}
	if got := c.Items[1].Variation; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("variation %v, want %v", got, want)
	}
	// one that is sold one by one is taken once, and then no more
	if got := b.add(t, 20, 5); got.Items[2].Quantity != 1 {
		t.Errorf("%d of a product sold individually", got.Items[2].Quantity)
	}
	if e := errorIn(t, b.post(t, "cart/add-item", m{"id": 20})); e.Code != "readonly_quantity" {
		t.Errorf("a second one: %s", e.Code)
	}
	for quantity, code := range map[any]string{0: "invalid_quantity", 99: "invalid_quantity", "x": "rest_invalid_param"} {
		if e := errorIn(t, b.post(t, "cart/update-item", m{"key": c.Items[0].Key, "quantity": quantity})); e.Code != code {
			t.Errorf("quantity %v: %s, want %s", quantity, e.Code, code)
		}
	}
	c = storeCartIn(t, b.post(t, "cart/update-item", m{"key": c.Items[0].Key, "quantity": 5}))
	if c.Items[0].Quantity != 5 {
		t.Errorf("quantity %d", c.Items[0].Quantity)
	}
	for _, quantity := range []string{"9223372036854775807", "99999999999999999999", "1e30"} {
		if e := errorIn(t, b.post(t, "cart/add-item", m{"id": 17, "quantity": json.Number(quantity)})); e.Code != "" {
			t.Errorf("%s pens were refused: %s", quantity, e.Code)
		}
		c := b.cart(t)
		last := c.Items[len(c.Items)-1]
		if b.post(t, "cart/remove-item", m{"key": last.Key}); last.Quantity < 1 || last.Quantity > 9999 {
			t.Errorf("%s pens made %d", quantity, last.Quantity)
		}
	}
	a := b.post(t, "cart/remove-item", m{"key": "gone"})
	if e := errorIn(t, a); a.Status != 409 || e.Code != "woocommerce_rest_cart_invalid_key" || !strings.Contains(string(e.Data.Cart), `"items_count":7`) {
		t.Errorf("an unknown key: %d %s", a.Status, a.Body)
	}
	if c = storeCartIn(t, b.post(t, "cart/remove-item", m{"key": c.Items[0].Key})); len(c.Items) != 2 {
		t.Errorf("%d lines are left", len(c.Items))
	}
}

// TestStoreSharedStock: variations that sell from their parent's stock share
// it, line by line.
func TestStoreSharedStock(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	b := newShopper(t, s)
	b.add(t, 40, 15)
	for _, x := range []struct{ id, quantity int64 }{{40, 6}, {41, 6}} {
		e := errorIn(t, b.post(t, "cart/add-item", m{"id": x.id, "quantity": x.quantity}))
		if e.Code != "woocommerce_rest_product_partially_out_of_stock" || !strings.Contains(e.Message, "(20 remaining)") {
			t.Errorf("%d more of %d: %s %s", x.quantity, x.id, e.Code, e.Message)
		}
	}
	if c := b.add(t, 41, 5); len(c.Items) != 2 || c.Items[1].Quantity != 5 {
		t.Errorf("the last five: %+v", c.Items)
	}
}

// TestStoreCartFollowsTheShop: what the shop keeper does shows at the next
// look.
func TestStoreCartFollowsTheShop(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	b := newShopper(t, s)
	b.add(t, 16, 8)
	b.add(t, 17, 1)
	for _, err := range []error{s.SetStock(16, 3), s.SetPrice(17, "26.50")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	c := b.cart(t)
	if c.Items[0].Quantity != 3 || c.Items[1].Prices["price"] != "2650" {
		t.Errorf("after the change: %d mugs, pen at %v", c.Items[0].Quantity, c.Items[1].Prices["price"])
	}
	if err := s.SetStock(16, 0); err != nil {
		t.Fatal(err)
	}
	c = b.cart(t)
	if len(c.Errors) != 1 || c.Errors[0]["code"] != "woocommerce_rest_product_out_of_stock" ||
		c.Errors[0]["message"] != "&#8220;Masala Chai Mug&#8221; is out of stock and cannot be purchased. Please remove it from your cart." {
		t.Errorf("errors %v", c.Errors)
	}
	if err := s.TrashProduct(17); err != nil {
		t.Fatal(err)
	}
	if c = b.cart(t); len(c.Items) != 1 {
		t.Errorf("%d lines with one product in the trash", len(c.Items))
	}
}

func TestStoreCoupons(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	b := newShopper(t, s)
	b.add(t, 16, 2)
	refused := func(path string, code any, status int, want, text string) {
		t.Helper()
		a := b.post(t, path, m{"code": code})
		if e := errorIn(t, a); a.Status != status || e.Code != want || !strings.Contains(e.Message, text) {
			t.Errorf("%s %v: %d %s %q", path, code, a.Status, e.Code, e.Message)
		}
	}
	const couponError = "woocommerce_rest_cart_coupon_error"
	refused("cart/apply-coupon", "nope", 400, couponError, "Coupon &quot;nope&quot; cannot be applied because it does not exist.")
	refused("cart/apply-coupon", "Expired", 400, couponError, "Coupon &quot;expired&quot; has expired.")
	refused("cart/apply-coupon", strings.Repeat("x", 300), 400, couponError, "does not exist")
	c := storeCartIn(t, b.post(t, "cart/apply-coupon", m{"code": " SAVE10 "}))
	if len(c.Coupons) != 1 || c.Coupons[0].Code != "save10" || c.Totals["total_discount"] == "0" {
		t.Errorf("applied %v, off %v", c.Coupons, c.Totals["total_discount"])
	}
	refused("cart/apply-coupon", "save10", 400, couponError, "Coupon code &quot;save10&quot; has already been applied.")
	if c = storeCartIn(t, b.post(t, "cart/apply-coupon", m{"code": "once"})); len(c.Coupons) != 1 || c.Coupons[0].Code != "once" {
		t.Errorf("for individual use, beside others: %v", c.Coupons)
	}
	refused("cart/apply-coupon", "save10", 400, couponError, "&quot;once&quot; has already been applied and cannot be used in conjunction with other coupons.")
	refused("cart/remove-coupon", "nope", 400, couponError, "Invalid coupon code.")
	refused("cart/remove-coupon", "save10", 409, "woocommerce_rest_cart_coupon_invalid_code", "not already applied")
	if c = storeCartIn(t, b.post(t, "cart/remove-coupon", m{"code": "ONCE"})); len(c.Coupons) != 0 || c.Totals["total_discount"] != "0" {
		t.Errorf("removed: %v", c.Coupons)
	}
	b.post(t, "cart/apply-coupon", m{"code": "flat100"})
	c = storeCartIn(t, b.post(t, "cart/update-item", m{"key": c.Items[0].Key, "quantity": 1}))
	if len(c.Coupons) != 0 || len(c.Errors) != 1 || !strings.Contains(fmt.Sprint(c.Errors), "coupon has been removed from your cart: The minimum spend") {
		t.Errorf("below its minimum the coupon stays: %v, errors %v", c.Coupons, c.Errors)
	}
}

func TestStoreCustomer(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	b := newShopper(t, s)
	b.add(t, 16, 1)
	for name, c := range map[string]struct {
		address m
		text    string
	}{
		"country":        {m{"country": "XX"}, "Invalid country code provided. Must be one of: AF, AX"},
		"state":          {m{"country": "IN", "state": "ZZ"}, "The provided state (ZZ) is not valid. Must be one of: AN, AP"},
		"state and PIN":  {m{"state": "ZZ", "postcode": "12"}, "WB The provided postcode / ZIP is not valid"},
		"PIN":            {m{"country": "IN", "postcode": "012345"}, "The provided postcode / ZIP is not valid"},
		"another's code": {m{"country": "US", "state": "CA", "postcode": "x"}, "The provided postcode / ZIP is not valid"},
		"phone":          {m{"phone": "abc"}, "The provided phone number is not valid"},
	} {
		for _, kind := range []string{"billing_address", "shipping_address"} {
			e := errorIn(t, b.post(t, "cart/update-customer", m{kind: c.address}))
			if e.Code != "rest_invalid_param" || !strings.Contains(e.Data.Params[kind], c.text) {
				t.Errorf("%s of %s: %s %q", name, kind, e.Code, e.Data.Params[kind])
			}
		}
	}
	c := storeCartIn(t, b.post(t, "cart/update-customer", m{
		"billing_address":  m{"first_name": "<b>Ravi</b>", "email": "no address"},
		"shipping_address": m{"state": "karnataka", "postcode": "560 001", "city": "Bengaluru"},
	}))
	if c.Billing["first_name"] != "Ravi" || c.Billing["email"] != "" || c.Shipping["state"] != "KA" || c.Shipping["postcode"] != "560001" {
		t.Errorf("billing %v, shipping %v", c.Billing, c.Shipping)
	}
	if fmt.Sprint(c.Totals["tax_lines"]) != "[map[name:IGST price:5934 rate:12%]]" {
		t.Errorf("tax in Karnataka: %v", c.Totals["tax_lines"])
	}
	// what ships nothing has one address
	v := newShopper(t, s)
	v.add(t, 31, 1)
	c = storeCartIn(t, v.post(t, "cart/update-customer", m{"billing_address": m{"city": "Pune", "state": "MH", "postcode": "411001"}}))
	if c.Needs || c.Shipping["city"] != "Pune" || c.Totals["total_shipping"] != nil {
		t.Errorf("a download's cart: %+v", c)
	}
}

func TestStoreRates(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	b := newShopper(t, s)
	if c := b.add(t, 16, 3); c.chosen() != "flat_rate:1" {
		t.Errorf("at first %s", c.chosen())
	}
	for _, step := range []struct {
		body m
		want string
	}{
		{m{"package_id": 0, "rate_id": "local_pickup:3"}, "local_pickup:3"},
		{m{"package_id": 7, "rate_id": "flat_rate:1"}, "local_pickup:3"},
		{m{"package_id": "0", "rate_id": "nope:1"}, "flat_rate:1"},
		{m{"rate_id": "free_shipping:2"}, "free_shipping:2"},
	} {
		if c := storeCartIn(t, b.post(t, "cart/select-shipping-rate", step.body)); c.chosen() != step.want {
			t.Errorf("%v: %s, want %s", step.body, c.chosen(), step.want)
		}
	}
	if a := b.post(t, "cart/select-shipping-rate", m{}); !strings.Contains(a.Body, `"rest_missing_callback_param"`) {
		t.Errorf("no rate: %s", a.Body)
	}
}

// TestStoreCartAsCollections: the older routes are the same cart.
func TestStoreCartAsCollections(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	b := newShopper(t, s)
	pen := b.post(t, "cart/items", m{"id": 17, "quantity": 2})
	if pen.Status != 201 || !strings.Contains(pen.Body, `\/cart\/items\/70efdf2ec9b086079795c442636b55fb","targetHints":{"allow":["GET","POST","PUT","PATCH","DELETE"]}`) {
		t.Fatalf("created %d %s", pen.Status, pen.Body)
	}
	const key = "cart/items/70efdf2ec9b086079795c442636b55fb"
	steps := []struct {
		method, path string
		body         any
		status       int
		want         string
	}{
		{"GET", "cart/items", nil, 200, `"quantity":2`},
		{"GET", key, nil, 200, `\/cart\/items\/(?P<key>[\\w-]{32})\/70efdf`},
		{"PUT", key, m{"quantity": 3}, 200, `"quantity":3`},
		{"PATCH", key, m{"quantity": 0}, 400, "invalid_quantity"},
		{"GET", "cart/items/" + strings.Repeat("x", 32), nil, 409, "woocommerce_rest_cart_invalid_key"},
		{"PUT", "cart/items/" + strings.Repeat("x", 32), m{"quantity": 1}, 409, "woocommerce_rest_cart_invalid_key"},
		{"DELETE", "cart/items/" + strings.Repeat("x", 32), nil, 409, "woocommerce_rest_cart_invalid_key"},
		{"GET", "cart/items/short", nil, 404, "rest_no_route"},
		{"POST", "cart/coupons", m{"code": "NOPE"}, 400, `"code":"Invalid parameter."`},
		{"POST", "cart/coupons", m{"code": "SAVE10"}, 201, `"code":"save10","discount_type":"percent"`},
		{"GET", "cart/coupons", nil, 200, `"total_discount":"636"`},
		{"GET", "cart/coupons/SAVE10", nil, 200, `"code":"save10"`},
		{"DELETE", "cart/coupons/save10", nil, 204, ""},
		{"DELETE", "cart/coupons/save10", nil, 404, "woocommerce_rest_cart_coupon_invalid_code"},
		{"GET", "cart/coupons/save10", nil, 404, "woocommerce_rest_cart_coupon_invalid_code"},
		{"DELETE", "cart/coupons", nil, 200, "[]"},
		{"POST", "cart/extensions", m{"namespace": "x"}, 400, "woocommerce_rest_cart_extensions_error"},
		{"DELETE", key, nil, 204, ""},
		{"GET", "cart/items", nil, 200, "[]"},
		{"POST", "cart/items", m{"id": 17}, 201, `"quantity":1`},
		{"DELETE", "cart/items", nil, 200, "[]"},
	}
	for _, step := range steps {
		if a := b.do(t, step.method, step.path, step.body); a.Status != step.status || !strings.Contains(a.Body, step.want) {
			t.Errorf("%s %s answered %d %.300s, want %d %s", step.method, step.path, a.Status, a.Body, step.status, step.want)
		}
	}
}
