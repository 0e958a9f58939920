package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/fakegateway"
)

// toWindow goes to the payment window with one mug.
func toWindow(t *testing.T, s *shopper) page {
	t.Helper()
	return toPayment(t, s).says("A simulation")
}

// toPayment goes to the page of the payment, whichever window it has.
func toPayment(t *testing.T, s *shopper) page {
	t.Helper()
	s.put(mug, "1")
	return s.places(s.pays(s.toReview(address()), "razorpay")).want(http.StatusOK, "/pay/").says("₹553.88")
}

func TestThePaymentFailsThenSucceeds(t *testing.T) {
	shop, server := open(t)
	asha := newShopper(t, server)
	window := toWindow(t, asha)
	asha.submit(window, window.path, map[string]string{"do": "fail"}).want(http.StatusOK, "/orders/").
		says("Waiting for your payment", "has failed so far", "Try another payment").saysNot("Nothing was charged")
	callback := asha.submit(asha.get(window.path), window.path, map[string]string{"do": "pay"})
	asha.submit(callback, "/orders/"+idOfPage(window)+"/confirm", nil).says("Thank you, it is ordered")
	onlyOrder(t, shop)
}

// TestTheGatewayIsAway: the order is placed, its page waits, and the payment can begin once the gateway is back.
func TestTheGatewayIsAway(t *testing.T) {
	shop, server := open(t)
	away := fakegateway.Fault{Op: fakegateway.OpCreateOrder, Kind: fakegateway.Unavailable}
	if err := shop.gateway.Plant(away, away); err != nil { // when the order is placed, and when its page looks
		t.Fatal(err)
	}
	asha := newShopper(t, server)
	asha.put(mug, "1")
	order := asha.places(asha.pays(asha.toReview(address()), "razorpay")).want(http.StatusOK, "/orders/").
		says("Preparing your payment").saysNot("Pay now")
	asha.get(order.path).says("Waiting for your payment", "Pay now") // a shopper who looks does not wait for the engine's pause
	if len(shop.store.Orders()) != 0 {
		t.Error("an order nobody has paid for")
	}
}

func TestTheBankAnswersLate(t *testing.T) {
	shop, server := open(t)
	shop.lateBy = time.Nanosecond
	asha := newShopper(t, server)
	window := toWindow(t, asha)
	late := asha.submit(window, window.path, map[string]string{"do": "late"}).want(http.StatusOK, "/orders/")
	asha.get(late.path).says("Thank you, it is ordered")
	if placed := onlyOrder(t, shop); placed.Paid.IsZero() {
		t.Error("the order is not paid")
	}
}

func TestTheWindowIsClosed(t *testing.T) {
	shop, server := open(t)
	asha := newShopper(t, server)
	window := toWindow(t, asha)
	order := asha.submit(window, window.path, map[string]string{"do": "close"}).want(http.StatusOK, "/orders/").
		says("Waiting for your payment", "Cancel the order")
	asha.submit(order, "/checkout/"+idOfPage(window)+"/cancel", nil).want(http.StatusOK, order.path).says("This order was not made")
	asha.get(window.path).want(http.StatusOK, order.path)
	if n := len(shop.store.Orders()); n != 0 {
		t.Errorf("%d orders of a purchase that was cancelled", n)
	}
	asha.get("/products/" + mug).says("In stock")
}

// TestMoneyAfterTheCancellation: a bank that says yes after the shopper has given up is sent its money back.
func TestMoneyAfterTheCancellation(t *testing.T) {
	shop, server := open(t)
	asha := newShopper(t, server)
	window := toWindow(t, asha)
	id := idOfPage(window)
	asha.post("/checkout/"+id+"/cancel", nil).want(http.StatusOK, "/orders/").says("This order was not made")
	asha.post(window.path, url.Values{"do": {"pay"}}).want(http.StatusOK, window.path)
	if _, err := shop.checkout.Recheck(t.Context(), "/"); err == nil {
		t.Fatal("a checkout that does not exist was looked at")
	}
	records, err := shop.records.All()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := shop.checkout.Recheck(t.Context(), records[0].ID); err != nil {
		t.Fatal(err)
	}
	asha.get("/orders/"+id).says("Your money is on its way back", "You get the whole amount back.", "₹553.88 sent back")
	if n := len(shop.store.Orders()); n != 0 {
		t.Errorf("%d orders beside the refund", n)
	}
}

func TestAForgedCallbackPaysNothing(t *testing.T) {
	shop, server := open(t)
	asha := newShopper(t, server)
	window := toWindow(t, asha)
	records, err := shop.records.All()
	if err != nil {
		t.Fatal(err)
	}
	asha.post("/orders/"+idOfPage(window)+"/confirm", url.Values{
		"razorpay_order_id": {records[0].Gateway.ID}, "razorpay_payment_id": {"pay_forged12345678"}, "razorpay_signature": {strings.Repeat("0", 64)},
	}).want(http.StatusUnprocessableEntity, "/orders/").says("This payment could not be verified")
	asha.get("/orders/" + idOfPage(window)).says("Waiting for your payment")
}

func TestSendAndDeliver(t *testing.T) {
	_, server := open(t)
	asha, staff := newShopper(t, server), newShopper(t, server)
	asha.put(mug, "2")
	order := asha.paid(asha.toReview(address()))
	id := idOfPage(order)
	counter := staff.get("/counter").says("Every piece accounted for", "order took effect", "processing", "Masala Chai Mug")
	counter = staff.submit(counter, "/counter/"+id+"/ship", map[string]string{"tracking": " EE123456789IN "}).want(http.StatusOK, "/counter").says("shipped")
	asha.get(order.path).says("It is on its way", "EE123456789IN")
	staff.submit(counter, "/counter/"+id+"/deliver", nil).want(http.StatusOK, "/counter").says("delivered", "Every piece accounted for")
	asha.get(order.path).says("Delivered")
}

// TestCountedBelowWhatIsClaimed: the claim is kept, and nobody else gets anything.
func TestCountedBelowWhatIsClaimed(t *testing.T) {
	shop, server := open(t)
	asha, staff := newShopper(t, server), newShopper(t, server)
	window := toWindow(t, asha)
	set(t, staff, mugID(t, shop), "0")
	staff.get("/counter").says("Masala Chai Mug product:16 0 0 1 -1 0 0", "Every piece accounted for")
	newShopper(t, server).get("/products/" + mug).says("Sold out")
	callback := asha.submit(window, window.path, map[string]string{"do": "pay"})
	asha.submit(callback, "/orders/"+idOfPage(window)+"/confirm", nil).says("Thank you, it is ordered")
}

func TestImpossibleCounts(t *testing.T) {
	shop, server := open(t)
	staff := newShopper(t, server)
	item := "product:" + count(mugID(t, shop))
	for _, bad := range []url.Values{
		{"item": {item}, "quantity": {"-1"}}, {"item": {item}, "quantity": {"1.5"}}, {"item": {"product:424242"}, "quantity": {"1"}}, {},
	} {
		staff.post("/counter/stock", bad).want(http.StatusUnprocessableEntity, "/counter/stock")
	}
}

func TestWhatTheCartSays(t *testing.T) {
	shop, server := open(t)
	asha := newShopper(t, server)
	asha.put(mug, "2")
	asha.put("gel-pen", "1")
	id := mugID(t, shop)
	if err := shop.store.SetPrice(id, "599"); err != nil {
		t.Fatal(err)
	}
	asha.get("/cart").says("Masala Chai Mug now costs ₹599.00; it was ₹499.00 when you put it here.")
	if err := shop.store.SetStock(id, 1); err != nil {
		t.Fatal(err)
	}
	asha.get("/cart").says("Only 1 left of Masala Chai Mug; you want 2.")
	if err := shop.store.TrashProduct(id); err != nil {
		t.Fatal(err)
	}
	asha.get("/cart").says("is no longer sold and was left out of your cart", "Gel Pen").saysNot("Masala Chai Mug now")
}

// TestTheCartChangesInAnotherTab: what is ordered is what the shopper looked at.
func TestTheCartChangesInAnotherTab(t *testing.T) {
	shop, server := open(t)
	asha := newShopper(t, server)
	asha.put(mug, "1")
	review := asha.pays(asha.toReview(address()), "cod")
	asha.put("gel-pen", "4")
	changed := asha.places(review).want(http.StatusConflict, "/checkout/").says("Your cart changed on the way")
	if n := len(shop.store.Orders()); n != 0 {
		t.Fatalf("%d orders", n)
	}
	again := asha.submit(changed, "/checkout", nil).want(http.StatusOK, review.path).says("Gel Pen", "Masala Chai Mug")
	asha.places(again).want(http.StatusOK, "/orders/").says("Thank you")
}
