package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
)

const home = `{"billing":{"first_name":"Asha","last_name":"Rao","address_1":"12 MG Road","city":"Bengaluru","state":"KA",` +
	`"postcode":"560 001","country":"IN","email":"asha@example.in","phone":"98450 12345"}}`

// view is what the test reads of a checkout.
type view struct {
	ID          string
	Status      checkout.Status
	QuoteHash   string `json:"quote_hash"`
	Quote       struct{ Totals struct{ Total pricing.Money } }
	OrderNumber string `json:"order_number"`
	Gateway     struct {
		OrderID string `json:"order_id"`
	}
}

// placed takes two pieces from the cart to an order that waits for its payment, or is to be paid at the door.
func (b *browser) placed(product int64, method string) (v view) {
	b.t.Helper()
	b.send("POST", "/cart/changes", fmt.Sprintf(`{"op":"add","product_id":%d,"quantity":2}`, product), 200, nil)
	var started struct{ Checkout view }
	b.send("POST", "/checkouts", `{}`, 201, &started)
	at := "/checkouts/" + started.Checkout.ID
	b.send("PUT", at+"/addresses", home, 200, nil)
	b.send("PUT", at+"/payment-method", `{"method":"`+method+`"}`, 200, &v)
	b.send("POST", at+"/place", `{"quote_hash":"`+v.QuoteHash+`"}`, 200, &v)
	return v
}

// comeBack lets the gateway's page post the browser back to the shop, and follows to the page it leads to.
func (b *browser) comeBack(v view) (after view) {
	b.t.Helper()
	signed, err := b.gateway.Pay(v.Gateway.OrderID)
	b.check(err)
	form := url.Values{
		"razorpay_order_id": {signed.OrderID}, "razorpay_payment_id": {signed.PaymentID}, "razorpay_signature": {signed.Signature},
	}
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.server.URL+"/api/checkouts/"+v.ID+"/return", strings.NewReader(form.Encode()))
	b.check(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "https://api.razorpay.com")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	b.do(r, 200, &after)
	return after
}

// A guest buys through the API; the store has one order, for the very total that the guest agreed to, and took its stock.
func TestPurchase(t *testing.T) {
	s := open(t)
	product := s.counted()
	before := s.left(product)
	b := s.browser()
	v := b.placed(product.ID, "razorpay")
	if len(s.store.Orders()) != 0 || v.Status != checkout.StatusPendingPayment {
		t.Fatalf("before the payment: %+v, %d orders", v, len(s.store.Orders()))
	}
	if v = b.comeBack(v); v.Status != checkout.StatusOrdered {
		t.Fatalf("after it: %+v", v)
	}
	orders := s.store.Orders()
	if len(orders) != 1 || fmt.Sprint(orders[0].ID) != v.OrderNumber || !orders[0].Total.Equal(v.Quote.Totals.Total.Decimal()) {
		t.Errorf("orders %+v, agreed %v", orders, v.Quote.Totals.Total)
	}
	if after := s.left(product); after != before-2 {
		t.Errorf("the store had %d and has %d", before, after)
	}
}

// Cash on delivery makes the order at once; somebody else's browser sees none of it.
func TestCashOnDelivery(t *testing.T) {
	s := open(t)
	product := s.counted()
	v := s.browser().placed(product.ID, "cod")
	if v.Status != checkout.StatusOrdered || len(s.store.Orders()) != 1 {
		t.Fatalf("%+v", v)
	}
	other := s.browser()
	other.send("GET", "/checkouts/"+v.ID, "", 401, nil)
	other.send("POST", "/cart/changes", `{"op":"clear"}`, 200, nil)
	other.send("GET", "/checkouts/"+v.ID, "", 404, nil)
}

// A store whose price moves between quote and order: the shopper is told, agrees, and pays the new price.
func TestPriceMoves(t *testing.T) {
	s := open(t)
	product := s.counted()
	b := s.browser()
	b.send("POST", "/cart/changes", fmt.Sprintf(`{"op":"add","product_id":%d,"quantity":1}`, product.ID), 200, nil)
	var started struct{ Checkout view }
	b.send("POST", "/checkouts", `{}`, 201, &started)
	at := "/checkouts/" + started.Checkout.ID
	var v view
	b.send("PUT", at+"/addresses", home, 200, nil)
	b.send("PUT", at+"/payment-method", `{"method":"cod"}`, 200, &v)
	s.check(s.store.SetPrice(product.ID, "4321"))
	var changed struct {
		Code      string
		QuoteHash string `json:"quote_hash"`
	}
	b.send("POST", at+"/place", `{"quote_hash":"`+v.QuoteHash+`"}`, 409, &changed)
	if changed.Code != "quote_changed" || len(s.store.Orders()) != 0 {
		t.Fatalf("%+v, %d orders", changed, len(s.store.Orders()))
	}
	b.send("POST", at+"/place", `{"quote_hash":"`+changed.QuoteHash+`"}`, 200, &v)
	if orders := s.store.Orders(); len(orders) != 1 || !orders[0].Total.Equal(v.Quote.Totals.Total.Decimal()) {
		t.Errorf("%+v", orders)
	}
}
