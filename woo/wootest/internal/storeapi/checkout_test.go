package storeapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// storeOrder is what tests look at of a checkout's answer.
type storeOrder struct {
	ID      int64  `json:"order_id"`
	Key     string `json:"order_key"`
	Status  string
	Method  string         `json:"payment_method"`
	Note    string         `json:"customer_note"`
	Billing map[string]any `json:"billing_address"`
	Result  struct {
		Status string `json:"payment_status"`
		URL    string `json:"redirect_url"`
	} `json:"payment_result"`
	Cart json.RawMessage `json:"__experimentalCart"`
}

func storeOrderIn(t *testing.T, a storetest.Reply) storeOrder {
	t.Helper()
	var o storeOrder
	if err := json.Unmarshal([]byte(a.Body), &o); err != nil || a.Status != 200 {
		t.Fatalf("no order: %d %.400s", a.Status, a.Body)
	}
	return o
}

func buyer(change ...string) m {
	a := m{
		"first_name": "Ravi", "last_name": "Iyer", "address_1": "14 Brigade Road", "city": "Bengaluru", "state": "KA", "postcode": "560001",
		"country": "IN", "phone": "+919812345678", "email": "ravi@example.test",
	}
	for i := 0; i < len(change); i += 2 {
		a[change[i]] = change[i+1]
	}
	return a
}

// paying is the body of a checkout with both addresses the same.
func paying(method string) m {
	return m{"billing_address": buyer(), "shipping_address": buyer(), "payment_method": method}
}

func TestStoreCheckout(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	b := newShopper(t, s)
	b.add(t, 16, 3)
	body := paying("cod")
	body["customer_note"] = "ring <b>twice</b>"
	o := storeOrderIn(t, b.post(t, "checkout", body))
	if o.Status != "processing" || o.Result.Status != "success" || o.Note != "ring twice" ||
		o.Result.URL != fmt.Sprintf("%s/checkout/order-received/%d/?key=%s", s.URL(), o.ID, o.Key) {
		t.Errorf("answered %+v", o)
	}
	kept, err := s.Order(o.ID)
	if err != nil || kept.Status != "processing" || kept.Lines[0].ReducedStock[0] != 3 || kept.Billing.City != "Bengaluru" || kept.Total.String() != "1551.88" {
		t.Errorf("kept %+v, %v", kept, err)
	}
	if stock, _ := s.Stock(16); stock.Quantity != 7 {
		t.Errorf("%d mugs are left", stock.Quantity)
	}
	if n := cartCount(t, s, b.token); n != 0 {
		t.Errorf("%d pieces are still in the cart", n)
	}
	var rest map[string]any
	_, rest = restOrder(t, s, o.ID)
	if rest["created_via"] != "store-api" || rest["payment_method_title"] != "Cash on delivery" {
		t.Errorf("over REST: %v by %v", rest["created_via"], rest["payment_method_title"])
	}
}

func restOrder(t *testing.T, s *wootest.Store, id int64) (int, map[string]any) {
	t.Helper()
	return storetest.REST(t, s, http.MethodGet, fmt.Sprintf("orders/%d", id), "")
}

// TestStoreOrderIsNotTheCart: the checkout makes its order with the arithmetic
// of orders: taxes are rounded by line, and what is shipped takes the highest
// class of all items, the virtual ones too. A WooCommerce 10.4.3 charged these
// amounts for these carts.
func TestStoreOrderIsNotTheCart(t *testing.T) {
	for name, c := range map[string]struct {
		items           [][2]int64
		cart, order, of string
	}{
		"paise":          {[][2]int64{{29, 2}, {22, 3}}, "27145", "27143", "21523"},
		"more paise":     {[][2]int64{{22, 3}, {18, 3}}, "239845", "239843", "223523"},
		"a virtual item": {[][2]int64{{18, 3}, {30, 1}}, "234845", "235481", "218237"},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := storetest.NewStore(t, nil)
			b := newShopper(t, s)
			home := buyer("city", "Mumbai", "state", "MH", "postcode", "400001")
			b.post(t, "cart/update-customer", m{"billing_address": home, "shipping_address": home})
			for _, i := range c.items {
				b.add(t, i[0], i[1])
			}
			if got := b.cart(t).Totals["total_price"]; got != c.cart {
				t.Errorf("the cart costs %v, want %s", got, c.cart)
			}
			o := storeOrderIn(t, b.post(t, "checkout", m{"billing_address": home, "shipping_address": home, "payment_method": "bacs"}))
			a := b.do(t, "GET", fmt.Sprintf("order/%d?key=%s&billing_email=ravi@example.test", o.ID, o.Key), nil)
			if !strings.Contains(a.Body, `"total_price":"`+c.order+`"`) || !strings.Contains(a.Body, `"subtotal":"`+c.of+`"`) {
				t.Errorf("the order is %s", a.Body[strings.Index(a.Body, `"totals":{"subtotal"`):][:400])
			}
		})
	}
}

// TestStoreCheckoutDraft: reading the checkout makes the order that paying
// turns into a real one, and it follows the cart until then.
func TestStoreCheckoutDraft(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	b := newShopper(t, s)
	if e := errorIn(t, b.do(t, "GET", "checkout", nil)); e.Code != "woocommerce_rest_cart_empty" {
		t.Errorf("of an empty cart: %s", e.Code)
	}
	b.add(t, 17, 1)
	draft := storeOrderIn(t, b.do(t, "GET", "checkout", nil))
	if draft.Status != "checkout-draft" || draft.Method != "bacs" {
		t.Errorf("draft %+v", draft)
	}
	b.add(t, 17, 1)
	if o, err := s.Order(draft.ID); err != nil || o.Lines[0].Quantity != 2 {
		t.Errorf("the draft does not follow: %+v, %v", o.Lines, err)
	}
	put := storeOrderIn(t, b.do(t, "PUT", "checkout", m{"payment_method": "cod", "customer_note": "hi"}))
	if put.ID != draft.ID || put.Method != "cod" || put.Note != "hi" || !strings.Contains(string(put.Cart), `"items_count":2`) {
		t.Errorf("PUT answered %+v", put)
	}
	if a := b.do(t, "PATCH", "checkout?__experimental_calc_totals=true", m{"payment_method": "bacs"}); a.Status != 200 {
		t.Errorf("PATCH answered %d %s", a.Status, a.Body)
	}
	o := storeOrderIn(t, b.post(t, "checkout", paying("bacs")))
	if o.ID != draft.ID || o.Status != "on-hold" {
		t.Errorf("the draft %d became %d, %s", draft.ID, o.ID, o.Status)
	}
	b.add(t, 17, 1)
	if next := storeOrderIn(t, b.do(t, "GET", "checkout", nil)); next.ID == o.ID {
		t.Error("the next cart's draft is the last order")
	}
	if n := len(s.Orders()); n != 2 {
		t.Errorf("%d orders", n)
	}
}

func TestStoreCheckoutRefusals(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	with := func(change m) m {
		body := paying("cod")
		for k, v := range change {
			body[k] = v
		}
		return body
	}
	for name, c := range map[string]struct {
		body   m
		status int
		code   string
		text   string
	}{
		"no billing":        {m{"payment_method": "cod"}, 400, "rest_missing_callback_param", "billing_address"},
		"null billing":      {m{"billing_address": nil, "payment_method": "cod"}, 400, "rest_missing_callback_param", "billing_address"},
		"only a country":    {m{"billing_address": m{"country": "IN"}, "payment_method": "cod"}, 400, "woocommerce_rest_missing_email_address", ""},
		"no name":           {with(m{"billing_address": buyer("first_name", "")}), 400, "woocommerce_rest_invalid_address", "billing address: First name is required"},
		"no street, no PIN": {with(m{"shipping_address": buyer("address_1", "", "postcode", "")}), 400, "woocommerce_rest_invalid_address", "shipping address: PIN Code is required, Street address is required"},
		"e-mail":            {with(m{"billing_address": buyer("email", "x")}), 400, "rest_invalid_param", "The provided email address is not valid"},
		"PINs":              {with(m{"billing_address": buyer("postcode", "12"), "shipping_address": buyer("postcode", "12")}), 400, "rest_invalid_param", "Invalid parameter(s): billing_address, shipping_address"},
		"not sold there":    {with(m{"billing_address": buyer("country", "US", "state", "CA", "postcode", "90001")}), 400, "woocommerce_rest_invalid_address_country", "do not allow orders from the provided country (US)"},
		"not sent there":    {with(m{"shipping_address": buyer("country", "US", "state", "CA", "postcode", "90001")}), 400, "woocommerce_rest_invalid_shipping_option", ""},
		"no gateway":        {m{"billing_address": buyer(), "shipping_address": buyer()}, 400, "woocommerce_rest_checkout_missing_payment_method", ""},
		"unknown gateway":   {paying("nope"), 400, "rest_invalid_param", "payment_method is not one of , bacs, cheque, and cod."},
		"switched off":      {paying("cheque"), 400, "woocommerce_rest_checkout_payment_method_disabled", "Check payments is not available"},
		"gateway a number":  {with(m{"payment_method": 5}), 400, "rest_invalid_param", "payment_method is not of type string."},
		"account a word":    {with(m{"create_account": "x"}), 400, "rest_invalid_param", "create_account is not of type boolean."},
	} {
		t.Run(name, func(t *testing.T) {
			b := newShopper(t, s)
			b.add(t, 17, 1)
			a := b.post(t, "checkout", c.body)
			if a.Status != c.status || !strings.Contains(a.Body, `"code":"`+c.code+`"`) || !strings.Contains(strings.ReplaceAll(a.Body, `\/`, "/"), c.text) {
				t.Errorf("answered %d %s\nwant %s %q", a.Status, a.Body, c.code, c.text)
			}
			if n := cartCount(t, s, b.token); n != 1 {
				t.Errorf("%d pieces in the cart after a refusal", n)
			}
		})
	}
	for _, o := range s.Orders() {
		if o.Status != "checkout-draft" {
			t.Errorf("a refused checkout left order %d %s", o.ID, o.Status)
		}
	}
}

func TestStoreCheckoutConflicts(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	b := newShopper(t, s)
	a := b.post(t, "checkout", paying("cod"))
	if e := errorIn(t, a); a.Status != 409 || e.Code != "woocommerce_rest_cart_empty" || !strings.Contains(a.Body, `"data":{"0":400,"status":409,"cart":{"items":[]`) {
		t.Errorf("an empty cart: %d %s", a.Status, a.Body)
	}
	b.add(t, 16, 4)
	other := newShopper(t, s)
	other.add(t, 16, 8)
	storeOrderIn(t, other.post(t, "checkout", paying("cod")))
	// two are left: the cart is put right when it is loaded, so the order is for two
	o := storeOrderIn(t, b.post(t, "checkout", paying("cod")))
	if kept, err := s.Order(o.ID); err != nil || kept.Lines[0].Quantity != 2 {
		t.Errorf("ordered %+v, %v", kept.Lines, err)
	}
	b.add(t, 17, 1)
	b.add(t, 40, 1)
	if err := s.SetStock(37, 0); err != nil {
		t.Fatal(err)
	}
	a = b.post(t, "checkout", paying("cod"))
	if e := errorIn(t, a); a.Status != 409 || e.Code != "woocommerce_rest_product_out_of_stock" ||
		e.Message != `"Handblock Kurta - M, Red" is out of stock and cannot be purchased. Please remove it from your cart.` || !strings.Contains(string(e.Data.Cart), `"items_count":2`) {
		t.Errorf("sold out meanwhile: %d %.300s", a.Status, a.Body)
	}
}

// TestStoreCheckoutTwice: nothing but the emptied cart stops a second order.
func TestStoreCheckoutTwice(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	b := newShopper(t, s)
	b.add(t, 17, 1)
	codes := make([]int, 8)
	var wg sync.WaitGroup
	for i := range codes {
		wg.Go(func() {
			a, err := storetest.SendRaw(s, "POST", "/wp-json/wc/store/v1/checkout", string(storetest.MustJSON(t, paying("cod"))),
				map[string]string{"Content-Type": "application/json", "Cart-Token": b.token})
			if err != nil {
				t.Error(err)
			}
			codes[i] = a.Status
		})
	}
	wg.Wait()
	count := map[int]int{}
	for _, code := range codes {
		count[code]++
	}
	if count[200] != 1 || count[409] != 7 || len(s.Orders()) != 1 {
		t.Errorf("answers %v, %d orders", count, len(s.Orders()))
	}
}

func TestStoreCheckoutFreeAndVirtual(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	free := newShopper(t, s)
	free.add(t, 23, 1)
	free.post(t, "cart/select-shipping-rate", m{"package_id": 0, "rate_id": "local_pickup:3"})
	o := storeOrderIn(t, free.post(t, "checkout", m{"billing_address": buyer(), "shipping_address": buyer()}))
	if o.Status != "processing" || o.Method != "" {
		t.Errorf("nothing to pay: %+v", o)
	}
	virtual := newShopper(t, s)
	virtual.add(t, 31, 1)
	o = storeOrderIn(t, virtual.post(t, "checkout", m{"billing_address": buyer(), "payment_method": "cod"}))
	if o.Status != "on-hold" { // a download waits for its money
		t.Errorf("a download on delivery: %+v", o)
	}
}

// TestStoreCouponOfTheBuyer: how often somebody may use a coupon is known at
// the checkout, by the e-mail address.
func TestStoreCouponOfTheBuyer(t *testing.T) {
	s, _ := storetest.NewStore(t, func(cfg *wootest.Config) {
		cfg.Catalogue = withCoupons(t, `{"id":900,"code":"first","status":"publish","amount":"10","discount_type":"percent","usage_limit_per_user":1}`,
			`{"id":901,"code":"staff","status":"publish","amount":"10","discount_type":"percent","email_restrictions":["*@staff.test"]}`)
	})
	var b *shopper
	for i, want := range []int{200, 409} {
		b = newShopper(t, s) // who says who it is at the checkout only
		b.add(t, 17, 1)
		b.post(t, "cart/apply-coupon", m{"code": "first"})
		a := b.post(t, "checkout", paying("cod"))
		if a.Status != want {
			t.Fatalf("use %d answered %d %.300s", i+1, a.Status, a.Body)
		}
		if want == 409 && (errorIn(t, a).Code != "woocommerce_rest_cart_coupon_errors" || !strings.Contains(a.Body, `"removed_coupons":{"first":"Usage limit`)) {
			t.Errorf("refused with %.400s", a.Body)
		}
	}
	if c := b.cart(t); len(c.Coupons) != 0 {
		t.Errorf("the coupon is still there: %v", c.Coupons)
	}
	b = newShopper(t, s)
	b.add(t, 17, 1)
	b.post(t, "cart/update-customer", m{"billing_address": m{"email": "asha@staff.test"}})
	if c := storeCartIn(t, b.post(t, "cart/apply-coupon", m{"code": "staff"})); len(c.Coupons) != 1 {
		t.Fatalf("not applied: %v", c.Coupons)
	}
	if e := errorIn(t, b.post(t, "checkout", paying("cod"))); e.Data.Status != 409 {
		t.Errorf("somebody else's coupon: %+v", e)
	}
	storeOrderIn(t, b.post(t, "checkout", paying("cod")))
}

// withCoupons is the embedded catalogue with more coupons.
func withCoupons(t *testing.T, more ...string) storetest.Overlay {
	t.Helper()
	var list []json.RawMessage
	storetest.ReadJSON(t, wootest.Catalogue(), "coupons.json", &list)
	for _, c := range more {
		list = append(list, json.RawMessage(c))
	}
	return storetest.Overlay{FS: wootest.Catalogue(), Over: fstest.MapFS{"coupons.json": {Data: storetest.MustJSON(t, list)}}}
}

func TestStoreOrderAccess(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	b := newShopper(t, s)
	b.add(t, 40, 1)
	b.post(t, "cart/apply-coupon", m{"code": "save10"})
	o := storeOrderIn(t, b.post(t, "checkout", paying("bacs")))
	path := fmt.Sprintf("order/%d", o.ID)
	for query, want := range map[string]string{
		"": "woocommerce_rest_invalid_order", "?key=x&billing_email=ravi@example.test": "woocommerce_rest_invalid_order",
		"?key=" + o.Key: "woocommerce_rest_invalid_billing_email", "?billing_email=x@example.test&key=" + o.Key: "woocommerce_rest_invalid_billing_email",
	} {
		a := b.do(t, "GET", path+query, nil)
		if a.Status != 401 || errorIn(t, a).Code != want || a.Header.Get("Allow") != "" {
			t.Errorf("%s answered %d %s", query, a.Status, a.Body)
		}
	}
	if a := b.do(t, "GET", "order/9999", nil); a.Status != 404 {
		t.Errorf("an unknown order answered %d", a.Status)
	}
	a := b.do(t, "GET", path+"?billing_email=RAVI@example.test&key="+o.Key, nil)
	for _, part := range []string{`"total_price":"`, `"coupons":[{"code":"save10","discount_type":"percent"`, `"display_key":"Size"`, `"rate":"5"`, `"needs_payment":false`} {
		if !strings.Contains(a.Body, part) {
			t.Errorf("the order lacks %s: %s", part, a.Body)
		}
	}
	id, _ := createOrder(t, s, `{"customer_id":2,"line_items":[{"product_id":17,"quantity":1}]}`)
	if a := b.do(t, "GET", fmt.Sprintf("order/%d", id), nil); a.Status != 403 || errorIn(t, a).Code != "woocommerce_rest_invalid_user" {
		t.Errorf("a customer's order answered a guest %d %s", a.Status, a.Body)
	}
}

// createOrder makes an order over REST.
func createOrder(t *testing.T, s *wootest.Store, body string) (int64, string) {
	t.Helper()
	status, o := storetest.REST(t, s, http.MethodPost, "orders", body)
	if status != 201 {
		t.Fatalf("POST orders answered %d %v", status, o)
	}
	id, _ := o["id"].(float64)
	key, _ := o["order_key"].(string)
	return int64(id), key
}

// TestStorePayOrder: a pending order is paid once, by who knows it.
func TestStorePayOrder(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	id, key := createOrder(t, s, `{"billing":{"email":"ravi@example.test"},"line_items":[{"product_id":16,"quantity":1}]}`)
	b := newShopper(t, s)
	path := fmt.Sprintf("checkout/%d?key=%s&billing_email=ravi@example.test", id, key)
	if a := b.post(t, fmt.Sprintf("checkout/%d?key=x", id), m{"billing_address": buyer(), "payment_method": "cod"}); a.Status != 401 || a.Header.Get("Cart-Token") != "" {
		t.Errorf("a wrong key answered %d %s", a.Status, a.Body)
	}
	for _, c := range []struct {
		body m
		code string
	}{
		{m{"billing_address": buyer()}, "woocommerce_rest_checkout_missing_payment_method"},
		{m{"billing_address": buyer("city", ""), "payment_method": "cod"}, "woocommerce_rest_invalid_address"},
	} {
		if e := errorIn(t, b.post(t, path, c.body)); e.Code != c.code {
			t.Errorf("%v: %s, want %s", c.body, e.Code, c.code)
		}
	}
	o := storeOrderIn(t, b.post(t, path, m{"billing_address": buyer(), "payment_method": "cod"}))
	if o.ID != id || o.Status != "processing" || o.Billing["city"] != "Bengaluru" {
		t.Errorf("paid %+v", o)
	}
	if stock, _ := s.Stock(16); stock.Quantity != 9 {
		t.Errorf("%d mugs are left", stock.Quantity)
	}
	a := b.post(t, path, m{"billing_address": buyer(), "payment_method": "cod"})
	if a.Status != 500 || !strings.Contains(a.Body, `"invalid_order_update_status"`) {
		t.Errorf("paying again answered %d %s", a.Status, a.Body)
	}
}
