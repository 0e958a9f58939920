package main

import (
	"net/http"
	"net/url"
	"testing"
)

const giftSet = "diwali-gift-set"

// TestBuyingPartsOfASet: they are put into the cart from the set's own page, as many of each as the form says.
func TestBuyingPartsOfASet(t *testing.T) {
	shop, server := open(t)
	asha := newShopper(t, server)
	set := asha.get("/products/"+giftSet).says("Parts ₹25.00 – ₹1,199.25", "Pieces of Masala Chai Mug", "Put in the cart")
	parts := set.form("/cart/add")
	for _, field := range []string{"part_16", "part_17", "part_19"} {
		if parts.Get(field) != "1" {
			t.Errorf("%s begins with %q, want one of each", field, parts.Get(field))
		}
	}
	asha.submit(set, "/cart/add", map[string]string{"part_16": "2", "part_19": "0"}).want(http.StatusOK, "/cart").
		says("Masala Chai Mug", "₹998.00", "Gel Pen", "Cart 3 in it").saysNot("Festive Lamp")
	order := asha.places(asha.pays(asha.toReview(address()), "cod")).want(http.StatusOK, "/orders/")
	equalsShown(t, onlyOrder(t, shop), order.element("total"))
	asha.get("/").says("Parts ₹25.00 – ₹1,199.25")
}

func TestSetsThatCannotBeHad(t *testing.T) {
	shop, server := open(t)
	asha := newShopper(t, server)
	form := asha.get("/products/" + giftSet).form("/cart/add")
	refused := func(says string, change map[string]string) page {
		t.Helper()
		sent := url.Values{}
		for name := range form {
			sent.Set(name, form.Get(name))
		}
		for name, value := range change {
			sent.Set(name, value)
		}
		return asha.post("/cart/add", sent).want(http.StatusUnprocessableEntity, "/cart/add").says(says)
	}
	refused("Please say how many you want of which part.", map[string]string{"part_16": "0", "part_17": "", "part_19": "0"})
	refused("must be a whole number: Gel Pen", map[string]string{"part_17": "-1"})
	refused("must be a whole number: Masala Chai Mug", map[string]string{"part_16": "1.5"})
	refused("Masala Chai Mug: Sorry, only 10 left.", map[string]string{"part_16": "11"}).says("In this set")
	asha.get("/cart").says("It is empty") // nothing of a form that could not be read, or that failed at its first part

	refused("Festive Lamp: Sorry, only 7 left.", map[string]string{"part_19": "8"}).says("Your cart", "Masala Chai Mug", "Gel Pen", "Cart 2 in it")
	if err := shop.store.TrashProduct(mugID(t, shop)); err != nil {
		t.Fatal(err)
	}
	asha.get("/products/"+giftSet).want(http.StatusOK, "/products/").saysNot("Pieces of Masala Chai Mug")
}

// TestAPartThatIsGone can be looked at, but has no field to buy it by.
func TestAPartThatIsGone(t *testing.T) {
	shop, server := open(t)
	asha := newShopper(t, server)
	set(t, newShopper(t, server), mugID(t, shop), "0")
	page := asha.get("/products/"+giftSet).says("Sold out", "Pieces of Gel Pen").saysNot("Pieces of Masala Chai Mug")
	asha.submit(page, "/cart/add", nil).want(http.StatusOK, "/cart").says("Gel Pen", "Festive Lamp").saysNot("Masala Chai Mug")
}

// TestWhereGSTIs: only a price that contains GST is said to.
func TestWhereGSTIs(t *testing.T) {
	_, server := open(t)
	asha := newShopper(t, server)
	asha.get("/products/" + mug).says("GST is in the price.")
	for _, slug := range []string{"free-sample", "price-on-request", "brass-idol"} {
		asha.get("/products/"+slug).want(http.StatusOK, "/products/").saysNot("GST is in the price.")
	}
}
