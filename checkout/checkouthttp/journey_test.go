package checkouthttp_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// From the cart to the paid order, as a storefront would do it.
func TestJourney(t *testing.T) {
	s := newShop(t)
	c := s.as(asha)
	c.get("/cart").want(http.StatusOK)
	v := c.started("2")
	at := "/checkouts/" + v.ID
	c.get("/checkouts/current").want(http.StatusOK)
	c.put(at+"/addresses", home).want(http.StatusOK)
	rates := c.get(at + "/shipping-rates").want(http.StatusOK)
	var offered struct{ Rates []struct{ ID string } }
	if err := json.Unmarshal(rates.body, &offered); err != nil || len(offered.Rates) == 0 {
		t.Fatalf("rates %s", rates.body)
	}
	c.put(at+"/shipping-rate", `{"rate":"`+offered.Rates[0].ID+`"}`).want(http.StatusOK)
	if methods := c.get("/payment-methods").want(http.StatusOK); !strings.Contains(string(methods.body), `"key":"rzp_test_public"`) {
		t.Errorf("no key for the window: %s", methods.body)
	}
	c.put(at+"/payment-method", `{"method":"razorpay"}`).want(http.StatusOK)
	quoted := c.post(at+"/quote", `{}`).want(http.StatusOK).checkout()

	placed := c.place(quoted).want(http.StatusOK).checkout()
	if placed.Status != checkout.StatusPendingPayment || placed.Gateway == nil || placed.Gateway.Minor != 104700 {
		t.Fatalf("placed: %+v", placed)
	}
	paid := c.post(at+"/payment", c.callback(placed)).want(http.StatusOK).checkout()
	if paid.Status != checkout.StatusOrdered || paid.OrderNumber == "" || paid.Gateway != nil {
		t.Errorf("paid: %+v", paid)
	}
	again := c.get(at).want(http.StatusOK)
	if again.checkout().OrderNumber != paid.OrderNumber {
		t.Errorf("read again: %s", again.body)
	}
	if n := len(s.orders.All()); n != 1 {
		t.Errorf("%d orders in the store", n)
	}
}

func TestCashOnDelivery(t *testing.T) {
	c := newShop(t).as(ravi)
	a := c.place(c.ready("1", payment.MethodCOD)).want(http.StatusOK)
	if v := a.checkout(); v.Status != checkout.StatusOrdered || v.Gateway != nil {
		t.Errorf("%s", a.body)
	}
	if !strings.Contains(string(a.body), `"pay_on_delivery":{"amount":"548.00","currency":"INR"}`) {
		t.Errorf("what is due at the door: %s", a.body)
	}
}

func TestCancel(t *testing.T) {
	c := newShop(t).as(asha)
	v := c.placed("10")
	cancelled := c.post("/checkouts/"+v.ID+"/cancel", `{"reason":"changed my mind"}`).want(http.StatusOK)
	if cancelled.checkout().Status != checkout.StatusCancelled {
		t.Errorf("%s", cancelled.body)
	}
	again := c.post("/checkouts", `{}`).want(http.StatusCreated).checkout() // the stock is free again
	if again.ID == v.ID {
		t.Error("the cancelled checkout goes on")
	}
}

// What a page shows tells nothing that is the shop's own.
func TestShopperSeesNothingOfTheShops(t *testing.T) {
	s := newShop(t)
	c := s.as(asha)
	v := c.paid("1")
	record, err := s.store.Load(t.Context(), checkout.ID(v.ID))
	s.check(err)
	body := string(c.get("/checkouts/" + v.ID).want(http.StatusOK).body)
	for what, secret := range map[string]string{"token": record.Token, "owner": asha, "cart id": record.CartID, "timeline": `"timeline"`, "policy": `"policy"`, "trace": `"trace"`} {
		if strings.Contains(body, secret) {
			t.Errorf("the shopper sees the %s: %s", what, body)
		}
	}
}

func TestCartOfTwoShoppers(t *testing.T) {
	s := newShop(t)
	s.as(asha).post("/cart/changes", `{"op":"add","product_id":11,"quantity":3}`).want(http.StatusOK)
	if a := s.as(ravi).get("/cart").want(http.StatusOK); strings.Contains(string(a.body), "mug") {
		t.Errorf("ravi sees asha's cart: %s", a.body)
	}
	s.as(asha).post("/cart/acknowledge", `{}`).want(http.StatusOK)
}
