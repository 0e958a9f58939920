package checkouthttp_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouthttp"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing/quote"
)

// shown is what tests look at of a cart.
type shown struct {
	Cart struct {
		Coupons []string
		Note    string
	}
	Lines []struct {
		Quantity int64
	}
}

func (a answer) cart() shown {
	a.t.Helper()
	var v shown
	if err := json.Unmarshal(a.want(http.StatusOK).body, &v); err != nil {
		a.t.Fatal(err)
	}
	return v
}

// totals is what tests look at of a quote.
type totals struct {
	Quote struct {
		Totals struct {
			Total struct{ Amount, Currency string }
		}
	}
	QuoteHash string `json:"quote_hash"`
	Gateway   *struct {
		Amount struct{ Amount, Currency string }
	}
}

func (a answer) totals() totals {
	a.t.Helper()
	var v totals
	if err := json.Unmarshal(a.want(http.StatusOK).body, &v); err != nil {
		a.t.Fatal(err)
	}
	return v
}

// What the store does not sell: a draft, something private or in the trash is gone for shoppers, as is what never was.
func TestCartTakesOnlyWhatIsSold(t *testing.T) {
	for _, status := range []cart.ItemStatus{cart.StatusGone, cart.StatusNotPurchasable, cart.StatusNoPrice} {
		t.Run(string(status), func(t *testing.T) {
			s := newShop(t)
			s.catalog.SetStatus(mug(0).Ref, status)
			before := s.world()
			p := s.as(asha).post("/cart/changes", `{"op":"add","product_id":11,"quantity":1}`).want(http.StatusConflict).problem(checkouthttp.CodeNotForSale)
			if p.Product == nil || p.Product.Reason != status || p.Product.ProductID != 11 {
				t.Errorf("%+v", p.Product)
			}
			s.still(before)
		})
	}
}

// What is taken off the shelf while it lies in the cart is not bought, and the shopper is told what was left out.
func TestStartLeavesOutWhatIsGone(t *testing.T) {
	s := newShop(t)
	c := s.as(asha)
	c.post("/cart/changes", `{"op":"add","product_id":11,"quantity":1}`).want(http.StatusOK)
	s.catalog.SetStatus(mug(0).Ref, cart.StatusGone)
	before := s.world()
	c.post("/checkouts", `{}`).want(http.StatusConflict).problem(checkouthttp.CodeCartEmpty)
	s.still(before)
}

// The same item twice is one line, held against the stock in sum.
func TestTheSameItemTwice(t *testing.T) {
	s := newShop(t)
	c := s.as(asha)
	c.post("/cart/changes", `{"op":"add","product_id":11,"quantity":6}`).want(http.StatusOK)
	before := s.world()
	p := c.post("/cart/changes", `{"op":"add","product_id":11,"quantity":6}`).want(http.StatusConflict).problem(checkouthttp.CodeOutOfStock)
	if len(p.Shortages) != 1 || p.Shortages[0].Want != 12 || p.Shortages[0].Have != 10 {
		t.Errorf("%+v", p.Shortages)
	}
	s.still(before)
	v := c.post("/cart/changes", `{"op":"add","product_id":11,"quantity":4}`).cart()
	if len(v.Lines) != 1 || v.Lines[0].Quantity != 10 {
		t.Errorf("%+v", v.Lines)
	}
}

// A cart has so many lines and no more.
func TestLinesAreCapped(t *testing.T) {
	s := newShop(t)
	c := s.as(asha)
	for id := range int64(cart.DefaultMaxLines + 1) {
		item := mug(1)
		item.Ref, item.Stock.Item = cart.ItemRef{ProductID: 100 + id}, string(inventory.ProductItem(100+id))
		s.catalog.Put(item)
	}
	for id := range int64(cart.DefaultMaxLines) {
		_, err := s.carts.Add(t.Context(), asha, cart.ItemRef{ProductID: 100 + id}, 1)
		s.check(err)
	}
	before := s.world()
	p := c.post("/cart/changes", fmt.Sprintf(`{"op":"add","product_id":%d,"quantity":1}`, 100+cart.DefaultMaxLines)).want(http.StatusUnprocessableEntity).problem(checkouthttp.CodeInvalid)
	if len(p.Errors) != 1 || p.Errors[0].Field != "lines" {
		t.Errorf("%+v", p.Errors)
	}
	s.still(before)
}

// A hundred changes at once are all made: none overwrites another. Who was told to try again does.
func TestAHundredChangesAtOnce(t *testing.T) {
	s := newShop(t)
	s.catalog.SetStock("product:11", 1000)
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			body := fmt.Sprintf(`{"id":"change-%d","op":"add","product_id":11,"quantity":1}`, i)
			for {
				a := s.as(asha).post("/cart/changes", body)
				if a.status == http.StatusOK {
					return
				}
				a.problem(checkouthttp.CodeConflict)
			}
		})
	}
	wg.Wait()
	if v := s.as(asha).get("/cart").cart(); len(v.Lines) != 1 || v.Lines[0].Quantity != 100 {
		t.Errorf("%+v", v.Lines)
	}
}

// A coupon given twice, in other letters, is one.
func TestACouponTwice(t *testing.T) {
	c := newShop(t).as(asha)
	for _, code := range []string{"Diwali10", "DIWALI10", " diwali10 "} {
		if v := c.post("/cart/changes", `{"op":"apply_coupon","code":"`+code+`"}`).cart(); !slices.Equal(v.Cart.Coupons, []string{"diwali10"}) {
			t.Errorf("after %q: %v", code, v.Cart.Coupons)
		}
	}
}

// What shoppers write is kept as they wrote it, and written so that it can stand in a page.
func TestTextsAreKeptAndEscaped(t *testing.T) {
	c := newShop(t).as(asha)
	const note = "<script>alert('x')</script> & \u202eright to left\u200b"
	sent, err := json.Marshal(map[string]string{"op": "note", "note": note})
	c.check(err)
	a := c.post("/cart/changes", string(sent))
	if got := a.cart().Cart.Note; got != note {
		t.Errorf("%q became %q", note, got)
	}
	for _, raw := range []string{"<script>", "</script>"} {
		if strings.Contains(string(a.body), raw) {
			t.Errorf("%s stands in the answer: %s", raw, a.body)
		}
	}
	v := c.started("1")
	const name = "آشا\u200c\u200f<b>"
	a = c.put("/checkouts/"+v.ID+"/addresses", strings.Replace(home, `"first_name":"Asha"`, `"first_name":"`+name+`"`, 1)).want(http.StatusOK)
	var kept struct {
		Checkout struct {
			Billing struct {
				FirstName string `json:"first_name"`
			}
		}
	}
	if err := json.Unmarshal(a.body, &kept); err != nil || kept.Checkout.Billing.FirstName != name || strings.Contains(string(a.body), "<b>") {
		t.Errorf("%q became %q, %v", name, kept.Checkout.Billing.FirstName, err)
	}
}

// Neither a header nor a cookie nor the address says in which currency, or for what, something is sold.
func TestNobodyChoosesThePrice(t *testing.T) {
	s := newShop(t)
	c := s.as(asha)
	v := c.ready("2", payment.MethodRazorpay)
	before := c.get("/checkouts/" + v.ID).totals()
	hostile := c.with("Cookie", "currency=USD; woocommerce_currency=USD; price=1").with("X-Currency", "USD").with("Accept-Currency", "USD").
		with("Idempotency-Key", "the-price").with("X-Price", "1")
	a := hostile.send(http.MethodPost, "/checkouts/"+v.ID+"/place?currency=USD&total=1&price=0.01", `{"quote_hash":"`+v.QuoteHash+`"}`).totals()
	if a.Quote != before.Quote || a.QuoteHash != before.QuoteHash || a.Quote.Totals.Total.Amount != "1047.00" || a.Quote.Totals.Total.Currency != "INR" {
		t.Errorf("was %+v, placed as %+v", before, a)
	}
	if a.Gateway == nil || a.Gateway.Amount != a.Quote.Totals.Total {
		t.Errorf("the gateway asks for %+v", a.Gateway)
	}
}

// withCoupons is a shop with these coupons.
func withCoupons(t *testing.T, coupons ...quote.Coupon) *shop {
	t.Helper()
	s := newShop(t)
	r := rules()
	r.Coupons = map[string]quote.Coupon{}
	for i, c := range coupons {
		c.ID = int64(i + 1)
		r.Coupons[c.Code] = c
	}
	s.check(s.rules.Set(r))
	return s
}

func (c caller) couponed(code string) view {
	c.t.Helper()
	c.post("/cart/changes", `{"op":"apply_coupon","code":"`+code+`"}`).want(http.StatusOK)
	return c.ready("1", payment.MethodRazorpay)
}

// The last use of a coupon, wanted by 64 at once, is one order; the others are told so.
func TestTheLastUseOfACoupon(t *testing.T) {
	s := withCoupons(t, quote.Coupon{Code: "last", Type: quote.FixedCartCoupon, Amount: decimal.NewFromInt(100), UsageLimit: 1})
	s.check(s.stock.Receive(t.Context(), inventory.ProductItem(11).At(inventory.DefaultLocation), 100))
	s.catalog.SetStock("product:11", 110)
	shoppers, views := make([]caller, 64), make([]view, 64)
	for i := range shoppers {
		shoppers[i] = s.as(fmt.Sprintf("guest:%d", i))
		views[i] = shoppers[i].couponed("last")
	}
	var placed atomic.Int64
	var wg sync.WaitGroup
	for i, c := range shoppers {
		wg.Go(func() {
			if a := c.place(views[i]); a.status == http.StatusOK {
				placed.Add(1)
			} else if p := a.problem(checkouthttp.CodeCouponSpent); p.Coupon != "last" {
				t.Errorf("%+v", p)
			}
		})
	}
	wg.Wait()
	if placed.Load() != 1 {
		t.Errorf("used %d times", placed.Load())
	}
}

// A coupon that ends between the quote and the order is a changed quote, not a surprise.
func TestACouponThatEnds(t *testing.T) {
	ends := time.Date(2026, 11, 8, 18, 10, 0, 0, time.UTC)
	s := withCoupons(t, quote.Coupon{Code: "short", Type: quote.FixedCartCoupon, Amount: decimal.NewFromInt(100), Expires: &ends})
	c := s.as(asha)
	v := c.couponed("short")
	if total := c.get("/checkouts/" + v.ID).totals().Quote.Totals.Total.Amount; total != "448.00" {
		t.Fatalf("with the coupon %s", total)
	}
	s.pass(10*time.Minute + time.Second) // WooCommerce: still good at the second itself
	before := s.world()
	p := c.place(v).want(http.StatusConflict).problem(checkouthttp.CodeQuoteChanged)
	if p.Difference == nil || p.Difference.Total == nil || p.Difference.Total.New.Amount() != "548.00" {
		t.Errorf("%+v", p.Difference)
	}
	s.still(before)
}

// A coupon for somebody else's address takes nothing off.
func TestACouponOfSomebodyElse(t *testing.T) {
	s := withCoupons(t, quote.Coupon{Code: "ravis", Type: quote.FixedCartCoupon, Amount: decimal.NewFromInt(100), EmailRestrictions: []string{"ravi@example.in"}})
	c := s.as(asha)
	v := c.couponed("ravis")
	if got := c.get("/checkouts/" + v.ID).totals().Quote.Totals.Total.Amount; got != "548.00" {
		t.Errorf("the total is %s", got)
	}
	placed := c.place(v).totals()
	if placed.Gateway == nil || placed.Gateway.Amount.Amount != "548.00" {
		t.Errorf("asked for %+v", placed.Gateway)
	}
}

// What costs nothing is ordered without a payment: the gateway, which takes no order below a rupee, is not asked.
func TestNothingToPay(t *testing.T) {
	s := withCoupons(t, quote.Coupon{Code: "gift", Type: quote.PercentCoupon, Amount: decimal.NewFromInt(100), FreeShipping: true})
	r, err := s.rules.Rules(t.Context())
	s.check(err)
	for i := range r.Zones { // nothing to ship for either
		r.Zones[i].Methods = nil
	}
	s.check(s.rules.Set(r))
	item := mug(499)
	item.Virtual = true
	s.catalog.Put(item)
	c := s.as(asha)
	v := c.couponed("gift")
	placed := c.place(v).want(http.StatusOK).checkout()
	if placed.Gateway != nil || s.gateway.Calls(fakegateway.OpCreateOrder) != 0 {
		t.Errorf("asked to pay %+v", placed.Gateway)
	}
	if now := c.get("/checkouts/" + v.ID).checkout(); now.Status != checkout.StatusOrdered || len(s.orders.All()) != 1 {
		t.Errorf("%s, %d orders", now.Status, len(s.orders.All()))
	}
}

// Two tabs, the back button, a double click: one cart has one checkout, and one order to pay.
func TestTwoTabs(t *testing.T) {
	s := newShop(t)
	c := s.as(asha)
	first := c.ready("1", payment.MethodRazorpay)
	second := c.post("/checkouts", `{}`).want(http.StatusCreated).checkout()
	if second.ID != first.ID {
		t.Fatalf("%s and %s", first.ID, second.ID)
	}
	place := func(key string) answer {
		return c.with("Idempotency-Key", key).post("/checkouts/"+first.ID+"/place", `{"quote_hash":"`+first.QuoteHash+`"}`)
	}
	one, two := place("tab-1").want(http.StatusOK).checkout(), place("tab-2").want(http.StatusOK).checkout()
	if one.Gateway.OrderID != two.Gateway.OrderID || s.gateway.Calls(fakegateway.OpCreateOrder) != 1 {
		t.Errorf("%+v and %+v", one.Gateway, two.Gateway)
	}
	c.post("/cart/changes", `{"op":"add","product_id":11,"quantity":1}`).want(http.StatusOK)
	c.post("/checkouts", `{}`).want(http.StatusConflict).problem(checkouthttp.CodeInProgress)
}

// An identity that has expired, or that the host cannot tell, is nobody's.
func TestAnExpiredIdentity(t *testing.T) {
	expired := false
	s := newShop(t, func(_ *checkout.Config, h *checkouthttp.Config) {
		h.Owner = func(r *http.Request) (checkout.Owner, error) {
			if expired {
				return "", errUnknownCaller
			}
			return callerOf(r)
		}
	})
	c := s.as(asha)
	v := c.placed("1")
	before := s.world()
	expired = true
	for _, target := range []string{"/cart", "/checkouts/current", "/checkouts/" + v.ID} {
		c.get(target).want(http.StatusUnauthorized).problem(checkouthttp.CodeUnauthenticated)
	}
	c.post("/cart/changes", `{"op":"clear"}`).want(http.StatusUnauthorized)
	c.post("/checkouts/"+v.ID+"/payment", triple{v.Gateway.OrderID, "pay_NOBODYMADEIT00", "0"}.body(t)).want(http.StatusUnauthorized)
	expired = false
	s.still(before)
}

// A key with a line break, or NUL, is no request at all over the wire.
func TestAKeyWithALineBreakOnTheWire(t *testing.T) {
	s := newShop(t)
	v := s.as(asha).ready("1", payment.MethodRazorpay)
	server := httptest.NewServer(s.api)
	defer server.Close()
	before := s.world()
	for _, key := range []string{"a\r\nb", "a\nb", "a\rb", "a\x00b"} {
		body := `{"quote_hash":"` + v.QuoteHash + `"}`
		status := raw(t, server.Listener.Addr().String(), "POST /checkouts/"+v.ID+"/place HTTP/1.1\r\nHost: shop.example\r\nX-Test-Shopper: "+asha+
			"\r\nContent-Type: application/json\r\nIdempotency-Key: "+key+"\r\nContent-Length: "+fmt.Sprint(len(body))+"\r\nConnection: close\r\n\r\n"+body)
		if status != http.StatusBadRequest {
			t.Errorf("%q: HTTP %d", key, status)
		}
	}
	s.still(before)
}

// raw sends bytes over a connection and returns the status of the answer.
func raw(t *testing.T, address, request string) int {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte(request)); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return response.StatusCode
}
