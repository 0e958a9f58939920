package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// TestGoingBackAfterPaying: every page on the way has an address that can be asked again without sending anything twice.
func TestGoingBackAfterPaying(t *testing.T) {
	shop, server := open(t)
	asha, ravi := newShopper(t, server), newShopper(t, server)
	window := toWindow(t, asha)
	paid := asha.submit(window, window.path, map[string]string{"do": "pay"}).want(http.StatusOK, window.path+"/paid").says("Back to the shop")
	asha.get(paid.path).want(http.StatusOK, paid.path).says("Back to the shop") // reloaded before it was brought
	ravi.get(paid.path).want(http.StatusNotFound, paid.path)
	order := asha.submit(paid, "/orders/"+idOfPage(window)+"/confirm", nil).want(http.StatusOK, "/orders/").says("Thank you, it is ordered")
	for _, path := range []string{paid.path, window.path, order.path + "/confirm"} {
		asha.get(path).want(http.StatusOK, order.path).says("Thank you, it is ordered")
	}
	onlyOrder(t, shop)
}

// TestTheWindowWasNotPaid: its later page leads back to it.
func TestTheWindowWasNotPaid(t *testing.T) {
	_, server := open(t)
	asha := newShopper(t, server)
	window := toWindow(t, asha)
	asha.get(window.path+"/paid").want(http.StatusOK, window.path).says("Pay ₹553.88")
}

func TestCallbacksAreForgotten(t *testing.T) {
	var c callbacks
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	c.keep("a", payment.Callback{PaymentID: "pay_a"}, at)
	c.keep("b", payment.Callback{PaymentID: "pay_b"}, at.Add(keepCallbacks))
	if got, ok := c.of("a"); !ok || got.PaymentID != "pay_a" {
		t.Errorf("a is %v, %v", got, ok)
	}
	c.keep("c", payment.Callback{}, at.Add(keepCallbacks+1))
	c.drop("b")
	for id, want := range map[checkout.ID]bool{"a": false, "b": false, "c": true, "d": false} {
		if _, ok := c.of(id); ok != want {
			t.Errorf("%s is kept: %v, want %v", id, ok, want)
		}
	}
}

// TestNobodyKnowsYet: until the bank's last word nothing is promised about the money, and nobody is sent to pay twice.
func TestNobodyKnowsYet(t *testing.T) {
	shop, server := open(t)
	shop.lateBy = time.Hour
	asha := newShopper(t, server)
	window := toWindow(t, asha).saysNot("no money has left")
	asha.submit(window, window.path, map[string]string{"do": "late"}).want(http.StatusOK, "/orders/").
		says("the attempt has failed so far", "If the bank still says yes, that counts", "do not pay again", "one is sent back", "Try another payment").
		saysNot("Nothing was charged").saysNot("Pay now")
	again := asha.get(window.path).says("An earlier attempt has failed so far", "Pay again only if no money has left your account")
	asha.submit(again, window.path, map[string]string{"do": "fail"}).says("each attempt has failed so far")
}
