package main

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/woo/wootest"
)

// paid buys what is in the cart by Razorpay, up to the order's page.
func (s *shopper) paid(review page) page {
	s.t.Helper()
	window := s.places(s.pays(review, "razorpay")).want(http.StatusOK, "/pay/")
	callback := s.submit(window, window.path, map[string]string{"do": "pay"}).want(http.StatusOK, window.path)
	return s.submit(callback, "/orders/"+idOfPage(window)+"/confirm", nil)
}

func onlyOrder(t *testing.T, s *shop) wootest.Order {
	t.Helper()
	orders := s.store.Orders()
	if len(orders) != 1 {
		t.Fatalf("%d orders in WooCommerce, want 1", len(orders))
	}
	return orders[0]
}

// equalsShown compares an order's total with the one a page shows.
func equalsShown(t *testing.T, order wootest.Order, shown string) {
	t.Helper()
	if want := rupees.Amount(order.Total); shown != want {
		t.Errorf("the page shows %s, WooCommerce has %s", shown, want)
	}
}

func TestBuyByRazorpay(t *testing.T) {
	shop, server := open(t)
	asha := newShopper(t, server)
	asha.put(mug, "2").want(http.StatusOK, "/cart").says("Masala Chai Mug", "₹998.00")
	review := asha.toReview(address()).says("Bengaluru 560001", "Bengaluru Urban", "Karnataka", "₹49.00", "IGST")
	order := asha.paid(review).want(http.StatusOK, "/orders/").says("Thank you, it is ordered", "IGST", "Confirmed")

	placed := onlyOrder(t, shop)
	equalsShown(t, placed, order.element("total"))
	if placed.Status != "processing" || placed.Number != order.element("number") || !strings.HasPrefix(placed.TransactionID, "pay_") {
		t.Errorf("order %s is %s, transaction %s; the page shows %s", placed.Number, placed.Status, placed.TransactionID, order.element("number"))
	}
	if left, err := shop.store.Stock(placed.Lines[0].ProductID); err != nil || left.Quantity != 8 {
		t.Errorf("WooCommerce has %d left (%v), want 8", left.Quantity, err)
	}
	asha.get("/cart").says("It is empty")
}

func TestBuyCashOnDelivery(t *testing.T) {
	shop, server := open(t)
	asha := newShopper(t, server)
	asha.put("festive-lamp", "1")
	home := address()
	home["postcode"], home["city"] = "400001", "Mumbai"
	review := asha.toReview(home).says("Maharashtra", "CGST", "SGST", "Free shipping").saysNot("IGST").saysNot("Flat rate")
	order := asha.places(asha.pays(review, "cod")).want(http.StatusOK, "/orders/").says("Thank you, it is ordered", "at the door, in cash")

	placed := onlyOrder(t, shop)
	equalsShown(t, placed, order.element("total"))
	if placed.PaymentMethod != "cod" || !placed.Paid.IsZero() {
		t.Errorf("payment method %s, paid %v; want cod, not paid", placed.PaymentMethod, placed.Paid)
	}
}

func TestBuyAVariation(t *testing.T) {
	shop, server := open(t)
	asha := newShopper(t, server)
	form := asha.get("/products/"+bangle).says("Engraving", "Size")
	asha.submit(form, "/cart/add", map[string]string{"attribute_engraving": ""}).want(http.StatusUnprocessableEntity, "/cart/add").says("Please choose one of each.")
	asha.submit(form, "/cart/add", map[string]string{"attribute_engraving": "Name", "attribute_pa_size": "l"}).
		want(http.StatusOK, "/cart").says("Brass Bangle")
	order := asha.paid(asha.toReview(address())).want(http.StatusOK, "/orders/").says("Thank you")

	placed := onlyOrder(t, shop)
	equalsShown(t, placed, order.element("total"))
	if placed.Lines[0].VariationID == 0 {
		t.Error("the order's line names no variation")
	}
}

// TestACombinationThatIsNotMade: a combination nobody makes is said to be that, and puts nothing into the cart.
func TestACombinationThatIsNotMade(t *testing.T) {
	_, server := open(t)
	asha := newShopper(t, server)
	form := asha.get("/products/" + kurta)
	asha.submit(form, "/cart/add", map[string]string{"attribute_pa_size": "xxl", "attribute_pa_color": "red"}).
		want(http.StatusUnprocessableEntity, "/cart/add").says("That combination is not made.")
	asha.get("/cart").says("It is empty")
}

func TestPressingTwiceIsOneOrder(t *testing.T) {
	shop, server := open(t)
	asha := newShopper(t, server)
	asha.put(mug, "1")
	review := asha.pays(asha.toReview(address()), "cod")
	form, action := review.form(strings.TrimSuffix(review.path, "review")+"place"), strings.TrimSuffix(review.path, "review")+"place"
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() { asha.post(action, form).want(http.StatusOK, "/orders/") })
	}
	both.Wait()
	asha.post(action, form).want(http.StatusOK, "/orders/").says("Thank you, it is ordered")
	if placed := onlyOrder(t, shop); len(placed.Lines[0].ReducedStock) != 1 {
		t.Errorf("stock was reduced %d times", len(placed.Lines[0].ReducedStock))
	}
}

func TestThePriceChangesBeforeTheButton(t *testing.T) {
	shop, server := open(t)
	asha := newShopper(t, server)
	asha.put(mug, "1")
	review := asha.pays(asha.toReview(address()), "cod")
	if err := shop.store.SetPrice(mugID(t, shop), "549"); err != nil {
		t.Fatal(err)
	}
	again := asha.places(review).want(http.StatusConflict, "/checkout/").
		says("The total changed while you were here", "Masala Chai Mug: ₹499.00 → ₹549.00")
	if n := len(shop.store.Orders()); n != 0 {
		t.Fatalf("%d orders were made of a total nobody agreed to", n)
	}
	place := strings.TrimSuffix(review.path, "review") + "place"
	order := asha.submit(again, place, nil).want(http.StatusOK, "/orders/")
	equalsShown(t, onlyOrder(t, shop), order.element("total"))
}

func mugID(t *testing.T, s *shop) int64 {
	t.Helper()
	p, err := s.woo.Product(t.Context(), mug)
	if err != nil {
		t.Fatal(err)
	}
	return p.ID
}

func TestTheLastPiece(t *testing.T) {
	shop, server := open(t)
	asha, ravi := newShopper(t, server), newShopper(t, server)
	set(t, asha, mugID(t, shop), "1")
	asha.put(mug, "1")
	ravi.get("/products/" + mug).says("Only 1 left")
	ravi.put(mug, "1")
	review := asha.toReview(address())
	asha.get("/products/" + mug).says("Only 1 left") // it is hers
	newShopper(t, server).get("/products/" + mug).says("In somebody’s checkout just now")

	sorry := ravi.submit(ravi.get("/cart"), "/checkout", nil).want(http.StatusConflict, "/checkout").
		says("Somebody was a moment faster", "Masala Chai Mug", "none left, you wanted 1", "Nothing was charged")
	asha.paid(review).says("Thank you, it is ordered")
	ravi.submit(sorry, "/cart/quantity", map[string]string{"remove": "1"}).want(http.StatusOK, "/cart").says("It is empty")
	newShopper(t, server).get("/products/" + mug).says("Sold out")
	onlyOrder(t, shop)
}

// TestTakeWhatIsLeft: a shopper who wanted more is offered what there is.
func TestTakeWhatIsLeft(t *testing.T) {
	shop, server := open(t)
	asha, ravi := newShopper(t, server), newShopper(t, server)
	set(t, asha, mugID(t, shop), "3")
	asha.put(mug, "2")
	ravi.put(mug, "2")
	asha.toReview(address())
	sorry := ravi.submit(ravi.get("/cart"), "/checkout", nil).want(http.StatusConflict, "/checkout").says("1 left, you wanted 2", "Take 1")
	ravi.submit(sorry, "/cart/quantity", nil).want(http.StatusOK, "/cart")
	ravi.paid(ravi.toReview(address())).says("Thank you, it is ordered")
}

// TestEightAfterThree: of eight shoppers who press at the same moment three get a piece, and the others are told kindly.
func TestEightAfterThree(t *testing.T) {
	shop, server := open(t)
	var shoppers [8]*shopper
	for i := range shoppers {
		shoppers[i] = newShopper(t, server)
		shoppers[i].put(mug, "1")
	}
	set(t, shoppers[0], mugID(t, shop), "3")
	var all sync.WaitGroup
	var bought, sorry atomic.Int64
	for _, s := range shoppers {
		all.Go(func() {
			p := s.post("/checkout", nil)
			if p.status == http.StatusConflict {
				p.says("Somebody was a moment faster")
				sorry.Add(1)
				return
			}
			review := s.submit(p, p.path, address())
			s.places(s.pays(review, "cod")).says("Thank you, it is ordered")
			bought.Add(1)
		})
	}
	all.Wait()
	if bought.Load() != 3 || sorry.Load() != 5 || len(shop.store.Orders()) != 3 {
		t.Errorf("%d bought, %d were told, %d orders; want 3, 5 and 3", bought.Load(), sorry.Load(), len(shop.store.Orders()))
	}
	if left, err := shop.store.Stock(mugID(t, shop)); err != nil || left.Quantity != 0 {
		t.Errorf("WooCommerce has %d left (%v), want 0", left.Quantity, err)
	}
}

// set counts an item anew behind the counter.
func set(t *testing.T, s *shopper, id int64, quantity string) {
	t.Helper()
	s.post("/counter/stock", url.Values{"item": {string(inventory.ProductItem(id))}, "quantity": {quantity}}).want(http.StatusOK, "/counter")
}

func TestAnotherOrderWaits(t *testing.T) {
	shop, server := open(t)
	asha := newShopper(t, server)
	asha.put(mug, "1")
	window := asha.places(asha.pays(asha.toReview(address()), "razorpay")).want(http.StatusOK, "/pay/")
	asha.put("gel-pen", "3")
	busy := asha.submit(asha.get("/cart"), "/checkout", nil).want(http.StatusConflict, "/checkout").
		says("Another order of yours waits for its payment")
	asha.submit(busy, "/checkout/"+idOfPage(window)+"/cancel", nil).want(http.StatusOK, "/orders/").says("This order was not made", "Cancelled by you")
	order := asha.places(asha.pays(asha.toReview(address()), "cod")).want(http.StatusOK, "/orders/").says("Thank you")
	equalsShown(t, onlyOrder(t, shop), order.element("total"))
}

func TestCouponIsTakenOff(t *testing.T) {
	shop, server := open(t)
	asha := newShopper(t, server)
	asha.put(mug, "1")
	asha.submit(asha.get("/cart"), "/cart/coupon", map[string]string{"code": " SAVE10 "}).want(http.StatusOK, "/cart").says("save10 is checked at the checkout")
	asha.submit(asha.get("/cart"), "/cart/coupon", map[string]string{"code": "nosuch"}).want(http.StatusOK, "/cart")
	review := asha.toReview(address()).says("Saved with save10", "₹49.90", "The coupon “nosuch” is not known here")
	order := asha.places(asha.pays(review, "cod")).want(http.StatusOK, "/orders/")
	placed := onlyOrder(t, shop)
	equalsShown(t, placed, order.element("total"))
	records, err := shop.records.All()
	if err != nil {
		t.Fatal(err)
	}
	if off := records[0].Quote.Totals.DiscountTotal; !placed.DiscountTotal.Equal(off.Decimal()) || off.IsZero() {
		t.Errorf("WooCommerce took %s off, the quote %s", placed.DiscountTotal, off)
	}
}
