package checkouthttp_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouthttp"
	"github.com/ankkor/ankkor/payment"
)

// What no cart change may be. None of it changes the cart, and none of it is repeated in the answer.
func TestCartRefuses(t *testing.T) {
	const add = `{"op":"add","product_id":11,`
	tests := []struct {
		name, body string
		code       checkouthttp.Code
	}{
		{"quantity 0", add + `"quantity":0}`, checkouthttp.CodeInvalidBody},
		{"quantity -1", add + `"quantity":-1}`, checkouthttp.CodeInvalidBody},
		{"the largest quantity", add + `"quantity":9223372036854775807}`, checkouthttp.CodeInvalidBody},
		{"a quantity beyond that", add + `"quantity":9223372036854775808}`, checkouthttp.CodeInvalidBody},
		{"a fraction", add + `"quantity":1.5}`, checkouthttp.CodeInvalidBody},
		{"a fraction of nothing", add + `"quantity":1.0}`, checkouthttp.CodeInvalidBody},
		{"an exponent", add + `"quantity":1e2}`, checkouthttp.CodeInvalidBody},
		{"a text", add + `"quantity":"1"}`, checkouthttp.CodeInvalidBody},
		{"null", add + `"quantity":null}`, checkouthttp.CodeInvalidBody},
		{"a price", add + `"quantity":1,"price":"1.00"}`, checkouthttp.CodeInvalidBody},
		{"a total", add + `"quantity":1,"total":1}`, checkouthttp.CodeInvalidBody},
		{"a line total", add + `"quantity":1,"line_total":1}`, checkouthttp.CodeInvalidBody},
		{"a discount", add + `"quantity":1,"discount":1}`, checkouthttp.CodeInvalidBody},
		{"a tax", add + `"quantity":1,"tax":0}`, checkouthttp.CodeInvalidBody},
		{"a field in capitals", `{"OP":"add","product_id":11,"quantity":1}`, checkouthttp.CodeInvalidBody},
		{"a field twice", add + `"quantity":1,"quantity":2}`, checkouthttp.CodeInvalidBody},
		{"product 0", `{"op":"add","product_id":0,"quantity":1}`, checkouthttp.CodeInvalidBody},
		{"product -1", `{"op":"add","product_id":-1,"quantity":1}`, checkouthttp.CodeInvalidBody},
		{"a product beyond what browsers count", `{"op":"add","product_id":9007199254740993,"quantity":1}`, checkouthttp.CodeInvalidBody},
		{"a product that is not there", `{"op":"add","product_id":404,"quantity":1}`, checkouthttp.CodeNotForSale},
		{"more than there are", add + `"quantity":11}`, checkouthttp.CodeOutOfStock},
		{"a line that is not there", `{"op":"set","key":"0123456789abcdef0123456789abcdef","quantity":1}`, checkouthttp.CodeLineNotFound},
		{"no op", `{"product_id":11,"quantity":1}`, checkouthttp.CodeInvalidBody},
		{"an op of no cart", `{"op":"steal"}`, checkouthttp.CodeInvalidBody},
		{"a coupon of 300 characters", `{"op":"apply_coupon","code":"` + strings.Repeat("x", 300) + `"}`, checkouthttp.CodeInvalidBody},
		{"NUL in a note", `{"op":"note","note":"a\u0000b"}`, checkouthttp.CodeInvalidBody},
		{"a note of 10 kB", `{"op":"note","note":"` + strings.Repeat("x", 10_000) + `"}`, checkouthttp.CodeInvalidBody},
		{"invalid UTF-8", "{\"op\":\"note\",\"note\":\"\xff\"}", checkouthttp.CodeInvalidBody},
		{"nothing", ``, checkouthttp.CodeInvalidBody},
		{"a list", `[]`, checkouthttp.CodeInvalidBody},
		{"half an object", `{"op":`, checkouthttp.CodeInvalidBody},
		{"two objects", `{"op":"clear"}{"op":"clear"}`, checkouthttp.CodeInvalidBody},
		{"33 levels", `{"op":"add","data":` + strings.Repeat(`{"a":`, 32) + `1` + strings.Repeat(`}`, 33), checkouthttp.CodeInvalidBody},
		{"9,999 levels", strings.Repeat(`[`, 9_999) + strings.Repeat(`]`, 9_999), checkouthttp.CodeInvalidBody},
		{"10,001 levels", strings.Repeat(`[`, 10_001) + strings.Repeat(`]`, 10_001), checkouthttp.CodeInvalidBody},
		{"more than 64 KiB", `{"op":"note","note":"` + strings.Repeat("x", checkouthttp.MaxBody) + `"}`, checkouthttp.CodeTooLarge},
	}
	c := newShop(t).as(asha)
	c.post("/cart/changes", `{"op":"add","product_id":11,"quantity":2,"id":"first"}`).want(http.StatusOK)
	before := c.get("/cart").body
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c.post("/cart/changes", tt.body).problem(tt.code)
			if after := c.get("/cart").body; !bytes.Equal(before, after) {
				t.Errorf("the cart changed:\n%s\n%s", before, after)
			}
		})
	}
}

// A text that hostile requests carry, and that no answer and no log may repeat.
const marked = "Zxq9CanaryZxq9"

// Requests that no operation of a checkout takes. The checkout stays as it was.
func TestCheckoutRefuses(t *testing.T) {
	address := func(field, value string) string {
		return strings.Replace(home, `"`+field+`":"`, `"`+field+`":"`+value, 1)
	}
	tests := []struct {
		name, method, path, body string
		status                   int
		code                     checkouthttp.Code
	}{
		{"no billing", "PUT", "/addresses", `{}`, 400, checkouthttp.CodeInvalidBody},
		{"billing null", "PUT", "/addresses", `{"billing":null}`, 400, checkouthttp.CodeInvalidBody},
		{"billing as text", "PUT", "/addresses", `{"billing":"` + marked + `"}`, 400, checkouthttp.CodeInvalidBody},
		{"a field that no address has", "PUT", "/addresses", strings.Replace(home, `"city"`, `"total":"1","city"`, 1), 400, checkouthttp.CodeInvalidBody},
		{"a PIN of 7 digits", "PUT", "/addresses", address("postcode", "5"), 422, checkouthttp.CodeInvalid},
		{"a PIN of letters", "PUT", "/addresses", address("postcode", marked), 422, checkouthttp.CodeInvalid},
		{"a phone of 40 digits", "PUT", "/addresses", address("phone", strings.Repeat("9", 40)), 422, checkouthttp.CodeInvalid},
		{"an e-mail of 321 characters", "PUT", "/addresses", address("email", strings.Repeat("a", 321)), 422, checkouthttp.CodeInvalid},
		{"a name of 10 kB", "PUT", "/addresses", address("first_name", strings.Repeat("n", 10_000)), 422, checkouthttp.CodeInvalid},
		{"no name", "PUT", "/addresses", strings.Replace(home, `"first_name":"Asha",`, ``, 1), 422, checkouthttp.CodeInvalid},
		{"a foreign shipping rate", "PUT", "/shipping-rate", `{"rate":"` + marked + `"}`, 422, checkouthttp.CodeInvalid},
		{"no shipping rate", "PUT", "/shipping-rate", `{}`, 400, checkouthttp.CodeInvalidBody},
		{"a shipping price", "PUT", "/shipping-rate", `{"rate":"flat_rate:1","cost":"0"}`, 400, checkouthttp.CodeInvalidBody},
		{"a way to pay that is not offered", "PUT", "/payment-method", `{"method":"` + marked + `"}`, 422, checkouthttp.CodeInvalid},
		{"a number as way to pay", "PUT", "/payment-method", `{"method":1}`, 400, checkouthttp.CodeInvalidBody},
		{"a total with the quote", "POST", "/quote", `{"total":"1.00"}`, 400, checkouthttp.CodeInvalidBody},
		{"a total with the order", "POST", "/place", `{"quote_hash":"a","total":"1.00"}`, 400, checkouthttp.CodeInvalidBody},
		{"an amount with the order", "POST", "/place", `{"quote_hash":"a","amount":1}`, 400, checkouthttp.CodeInvalidBody},
		{"no quote hash", "POST", "/place", `{}`, 400, checkouthttp.CodeInvalidBody},
		{"another quote's hash", "POST", "/place", `{"quote_hash":"` + marked + `"}`, 409, checkouthttp.CodeQuoteChanged},
		{"a reason of many lines", "POST", "/cancel", `{"reason":"` + marked + `\n"}`, 422, checkouthttp.CodeInvalid},
		{"a payment of nothing placed", "POST", "/payment", `{"razorpay_order_id":"` + marked + `","razorpay_payment_id":"b","razorpay_signature":"c"}`, 422, checkouthttp.CodePaymentMismatch},
		{"half a payment", "POST", "/payment", `{"razorpay_order_id":"` + marked + `"}`, 400, checkouthttp.CodeInvalidBody},
		{"a payment with an amount", "POST", "/payment", `{"razorpay_order_id":"a","razorpay_payment_id":"b","razorpay_signature":"c","amount":1}`, 400, checkouthttp.CodeInvalidBody},
	}
	s := newShop(t)
	c := s.as(asha)
	v := c.ready("1", payment.MethodRazorpay)
	at := "/checkouts/" + v.ID
	before := c.get(at).body
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := c.with("Idempotency-Key", "key-1").send(tt.method, at+tt.path, tt.body)
			a.want(tt.status).problem(tt.code)
			if strings.Contains(string(a.body), marked) {
				t.Errorf("the answer repeats what was sent: %s", a.body)
			}
			if after := c.get(at).body; !bytes.Equal(before, after) {
				t.Errorf("the checkout changed:\n%s\n%s", before, after)
			}
		})
	}
}

// Headers that spoil a good request.
func TestRefusesByHeader(t *testing.T) {
	tests := []struct {
		name, header, value string
		code                checkouthttp.Code
	}{
		{"a form", "Content-Type", "application/x-www-form-urlencoded", checkouthttp.CodeMediaType},
		{"plain text", "Content-Type", "text/plain", checkouthttp.CodeMediaType},
		{"no media type", "Content-Type", "", checkouthttp.CodeMediaType},
		{"another encoding", "Content-Type", "application/json; charset=utf-16", checkouthttp.CodeMediaType},
		{"a compressed body", "Content-Encoding", "gzip", checkouthttp.CodeMediaType},
		{"another site", "Sec-Fetch-Site", "cross-site", checkouthttp.CodeCrossOrigin},
		{"a neighbour of the site", "Sec-Fetch-Site", "same-site", checkouthttp.CodeCrossOrigin},
		{"another origin", "Origin", "https://evil.example", checkouthttp.CodeCrossOrigin},
		{"no origin to speak of", "Origin", "null", checkouthttp.CodeCrossOrigin},
	}
	c := newShop(t).as(asha)
	for _, tt := range tests {
		t.Run(tt.name, func(*testing.T) {
			bad := caller{c.shop, c.header.Clone()}
			bad.header.Set(tt.header, tt.value)
			bad.post("/cart/changes", `{"op":"add","product_id":11,"quantity":1}`).problem(tt.code)
		})
	}
	if body := string(c.get("/cart").body); strings.Contains(body, "mug") {
		t.Errorf("the cart changed: %s", body)
	}
	c.with("Sec-Fetch-Site", "same-origin").post("/cart/changes", `{"op":"add","product_id":11,"quantity":1}`).want(http.StatusOK)
}

func TestTrustsOrigins(t *testing.T) {
	c := newShop(t, func(_ *checkout.Config, h *checkouthttp.Config) {
		h.TrustedOrigins = []string{"https://www.example.in"}
	}).as(asha)
	c.with("Origin", "https://www.example.in").post("/cart/changes", `{"op":"clear"}`).want(http.StatusOK)
	c.with("Origin", "https://m.example.in").post("/cart/changes", `{"op":"clear"}`).problem(checkouthttp.CodeCrossOrigin)
}

// Paths and methods that are none.
func TestNoSuchRoute(t *testing.T) {
	c := newShop(t).as(asha)
	for _, path := range []string{"/", "/nowhere", "/cart/", "//cart", "/cart/../cart", "/checkouts/a/b", "/checkouts/", "/checkouts/chk_1/place/again"} {
		t.Run(path, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
			r.URL.Path = path
			c.do(r, "").want(http.StatusNotFound).problem(checkouthttp.CodeNotFound)
		})
	}
	a := c.send(http.MethodDelete, "/cart", `{}`).want(http.StatusMethodNotAllowed)
	a.problem(checkouthttp.CodeMethod)
	if allow := a.header.Get("Allow"); allow != "GET, HEAD" {
		t.Errorf("Allow: %q", allow)
	}
}

func TestMistakesInTheConfiguration(t *testing.T) {
	_, err := checkouthttp.New(checkouthttp.Config{TrustedOrigins: []string{"not an origin"}})
	if err == nil {
		t.Fatal("New takes nothing")
	}
	for _, want := range []string{"Config.Service", "Config.Carts", "Config.Owner", "Config.TrustedOrigins[0]"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
}
