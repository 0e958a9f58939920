package checkouthttp_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouthttp"
	"github.com/ankkor/ankkor/payment"
)

func TestPlaceWantsAKey(t *testing.T) {
	c := newShop(t).as(asha)
	v := c.ready("1", payment.MethodRazorpay)
	for name, keys := range map[string][]string{
		"none": nil, "empty": {""}, "two": {"a", "b"}, "256 characters": {strings.Repeat("k", 256)},
		"a line break": {"a\r\nb"}, "a space": {"a b"}, "no ASCII": {"schlüssel"},
	} {
		t.Run(name, func(*testing.T) {
			bad := c
			for _, key := range keys {
				bad = bad.with("Idempotency-Key", key)
			}
			bad.post("/checkouts/"+v.ID+"/place", `{"quote_hash":"`+v.QuoteHash+`"}`).want(400).problem(checkouthttp.CodeKeyRequired)
		})
	}
	c.with("Idempotency-Key", strings.Repeat("k", 255)).post("/checkouts/"+v.ID+"/place", `{"quote_hash":"`+v.QuoteHash+`"}`).want(200)
}

// The same key answers with the same placement, minutes or weeks later; with another body it is refused.
func TestPlaceIsIdempotent(t *testing.T) {
	s := newShop(t)
	c := s.as(asha)
	v := c.ready("1", payment.MethodRazorpay)
	first := c.place(v).want(http.StatusOK).checkout()
	for _, later := range []time.Duration{0, time.Minute, 23 * time.Hour, 2 * time.Hour, 28 * 24 * time.Hour} {
		s.pass(later)
		if again := c.place(v); again.status == http.StatusOK && again.checkout().Gateway != nil && again.checkout().Gateway.OrderID != first.Gateway.OrderID {
			t.Errorf("after %v another order: %s", later, again.body)
		}
		other := v
		other.QuoteHash = "another"
		c.place(other).want(http.StatusUnprocessableEntity).problem(checkouthttp.CodeKeyReused)
	}
	if all, err := s.store.All(); err != nil || len(all) != 1 {
		t.Errorf("%d checkouts, %v", len(all), err)
	}
}

// A key is its owner's: for another checkout of the same owner it is refused, for another owner it is another key.
func TestKeyOfAnotherCheckout(t *testing.T) {
	s := newShop(t)
	place := func(c caller, v view) answer {
		return c.with("Idempotency-Key", "the-same").post("/checkouts/"+v.ID+"/place", `{"quote_hash":"`+v.QuoteHash+`"}`)
	}
	c := s.as(asha)
	first := place(c, c.ready("1", payment.MethodCOD)).want(http.StatusOK).checkout()
	second := c.ready("1", payment.MethodCOD)
	if second.ID == first.ID {
		t.Fatal("the checkout that was bought goes on")
	}
	place(c, second).want(http.StatusUnprocessableEntity).problem(checkouthttp.CodeKeyReused)
	other := s.as(ravi)
	place(other, other.ready("1", payment.MethodCOD)).want(http.StatusOK)
}

// Of fifty at once one is executed, and all are told of it.
func TestPlaceConcurrently(t *testing.T) {
	s := newShop(t)
	c := s.as(asha)
	v := c.ready("3", payment.MethodCOD)
	answers := make([]answer, 50)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() { answers[i] = c.place(v) })
	}
	wg.Wait()
	placed := 0
	for _, a := range answers {
		switch a.status {
		case http.StatusOK:
			placed++
		case http.StatusConflict, http.StatusServiceUnavailable:
		default:
			t.Errorf("%d: %s", a.status, a.body)
		}
	}
	if placed == 0 || len(s.orders.All()) != 1 {
		t.Errorf("%d were told of it, %d orders", placed, len(s.orders.All()))
	}
	levels, err := s.service.Levels(t.Context(), "product:11")
	if err != nil || levels[0].Allocated+levels[0].Sold != 3 {
		t.Errorf("levels %+v, %v", levels, err)
	}
}

// Two shoppers, stock for one: the other is told what is short, and the price is what holds now.
func TestShortageAndChangedQuote(t *testing.T) {
	s := newShop(t)
	first, second := s.as(asha), s.as(ravi)
	first.post("/cart/changes", `{"op":"add","product_id":11,"quantity":10}`).want(http.StatusOK)
	second.post("/cart/changes", `{"op":"add","product_id":11,"quantity":1}`).want(http.StatusOK)
	v := first.post("/checkouts", `{}`).want(http.StatusCreated).checkout()
	p := second.post("/checkouts", `{}`).want(http.StatusConflict).problem(checkouthttp.CodeOutOfStock)
	if len(p.Shortages) != 1 || p.Shortages[0] != (checkouthttp.Shortage{Item: "product:11", Want: 1, Have: 0}) {
		t.Errorf("shortages %+v", p.Shortages)
	}

	at := "/checkouts/" + v.ID
	first.put(at+"/addresses", home).want(http.StatusOK)
	v = first.put(at+"/payment-method", `{"method":"cod"}`).want(http.StatusOK).checkout()
	s.catalog.SetPrice(cart.ItemRef{ProductID: 11}, decimal.NewFromInt(599))
	p = first.place(v).want(http.StatusConflict).problem(checkouthttp.CodeQuoteChanged)
	if p.Quote == nil || p.Difference == nil || p.Difference.Total == nil || p.Difference.Total.New.Amount() != "5990.00" {
		t.Fatalf("difference %+v", p.Difference)
	}
	v.QuoteHash = p.QuoteHash // the shopper agrees
	first.place(v).want(http.StatusOK)
}

// A shop that reserves at the cart: each change holds its stock, a shortage is told, and leaving out gives it back.
func TestHoldCarts(t *testing.T) {
	s := newShop(t, func(c *checkout.Config, h *checkouthttp.Config) {
		c.Policy.ReserveAt, h.HoldCarts = checkout.ReserveAtCart, true
	})
	reserved := func() int64 {
		levels, err := s.service.Levels(t.Context(), "product:11")
		s.check(err)
		return levels[0].Reserved
	}
	s.as(asha).post("/cart/changes", `{"op":"add","product_id":11,"quantity":8}`).want(http.StatusOK)
	p := s.as(ravi).post("/cart/changes", `{"op":"add","product_id":11,"quantity":3}`).want(http.StatusConflict).problem(checkouthttp.CodeOutOfStock)
	if len(p.Shortages) != 1 || p.Shortages[0].Have != 2 || reserved() != 8 {
		t.Errorf("%+v, %d reserved", p.Shortages, reserved())
	}
	s.as(asha).post("/cart/changes", `{"op":"clear"}`).want(http.StatusOK)
	if reserved() != 0 {
		t.Errorf("%d reserved for an empty cart", reserved())
	}
	s.as(asha).post("/cart/changes", `{"op":"add","product_id":11,"quantity":-8}`).problem(checkouthttp.CodeInvalidBody)
}
