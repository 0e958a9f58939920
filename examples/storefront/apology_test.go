package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
)

// TestApologies: whatever goes wrong has a page that says what to do, with the status that fits, and the log hears of what
// is the shop's own failure and of nothing else.
func TestApologies(t *testing.T) {
	shop, _ := open(t)
	pages, err := newPages()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		err    error
		status int
		says   string
		again  bool
		logged bool
	}{
		{checkout.ErrConflict, http.StatusConflict, "That has just changed", true, false},
		{checkout.ErrBound, http.StatusConflict, "That has just changed", true, false},
		{&cart.ConflictError{}, http.StatusConflict, "That has just changed", true, false},
		{cart.ErrMoved, http.StatusConflict, "This cart has moved", false, false},
		{cart.ErrNotForSale, http.StatusConflict, "This cannot be bought right now", false, false},
		{cart.ErrInsufficientStock, http.StatusConflict, "there is not enough left", false, false},
		{inventory.ErrInsufficient, http.StatusConflict, "there is not enough left", false, false},
		{checkout.ErrRefused, http.StatusConflict, "That was declined", true, false},
		{payment.ErrRefused, http.StatusConflict, "That was declined", true, false},
		{checkout.ErrUnknown, http.StatusServiceUnavailable, "We are not sure yet", true, true},
		{payment.ErrUnknown, http.StatusServiceUnavailable, "We are not sure yet", true, true},
		{checkout.ErrUnavailable, http.StatusServiceUnavailable, "We cannot do that right now", true, true},
		{payment.ErrUnavailable, http.StatusServiceUnavailable, "We cannot do that right now", true, true},
		{errors.New("a mistake of ours"), http.StatusServiceUnavailable, "We cannot do that right now", true, true},
		{checkout.ErrInvalid, http.StatusUnprocessableEntity, "Something in that form is not right", false, false},
		{cart.ErrLineNotFound, http.StatusUnprocessableEntity, "Something in that form is not right", false, false},
		{checkout.ErrNotFound, http.StatusNotFound, "We cannot find that page", false, false},
		{&http.MaxBytesError{}, http.StatusRequestEntityTooLarge, "That was too much", false, false},
	} {
		var lines bytes.Buffer
		s := &server{shop: shop, pages: pages, log: newLog(&lines)}
		mux := http.NewServeMux()
		mux.Handle("POST /checkout/{id}/place", s.page(func(http.ResponseWriter, *http.Request) error { return fmt.Errorf("placing: %w", tt.err) }))
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/checkout/chk_1/place", nil))
		shown := page{t: t, status: w.Code, body: w.Body.String()}
		again := strings.Contains(shown.body, `href="/checkout/chk_1/place"`) && strings.Contains(shown.text(), "Try again")
		if shown.status != tt.status || !strings.Contains(shown.text(), tt.says) || again != tt.again {
			t.Errorf("%v: %d, want %d and %q, to be tried again %t: %s", tt.err, shown.status, tt.status, tt.says, tt.again, shown.text())
		}
		if logged := lines.Len() > 0; logged != tt.logged || (w.Header().Get("Retry-After") != "") != tt.logged {
			t.Errorf("%v: logged %t, Retry-After %q; want %t", tt.err, logged, w.Header().Get("Retry-After"), tt.logged)
		}
	}
}

// TestTryAgainLeadsSomewhere: every address that takes a form answers to a link, too, for an apology leads there.
func TestTryAgainLeadsSomewhere(t *testing.T) {
	_, server := open(t)
	asha := newShopper(t, server)
	window := toWindow(t, asha)
	id := idOfPage(window)
	for _, path := range []string{
		"/checkout", "/cart/add", "/cart/quantity", "/cart/coupon", "/checkout/" + id + "/shipping", "/checkout/" + id + "/payment",
		"/checkout/" + id + "/place", "/checkout/" + id + "/cancel", "/pay/" + id, "/pay/" + id + "/returned", "/orders/" + id + "/confirm",
	} {
		if p := asha.get(path); p.status != http.StatusOK {
			t.Errorf("%s: %d", path, p.status)
		}
	}
}

// TestCashTerms: what cash costs is shown before it is chosen, part of a large order is paid beforehand, and both are in the
// store's order.
func TestCashTerms(t *testing.T) {
	shop, server := open(t)
	asha := newShopper(t, server)
	asha.put(mug, "5")
	review := asha.toReview(address()).says("Cash on delivery ₹199.00 now, ₹2,336.00 at the door", "+ ₹40.00").saysNot("kept if the parcel")
	review = asha.pays(review, "cod").says("Order and pay ₹199.00 now", "The rest, ₹2,336.00, at the door, in cash", "kept if the parcel is sent back")
	window := asha.places(review).want(http.StatusOK, "/pay/").says("₹199.00", "The rest, ₹2,336.00, you pay at the door")
	callback := asha.submit(window, window.path, map[string]string{"do": "pay"}).want(http.StatusOK, window.path)
	order := asha.submit(callback, "/orders/"+idOfPage(window)+"/confirm", nil).want(http.StatusOK, "/orders/").
		says("Thank you, it is ordered", "₹199.00 beforehand, ₹2,336.00 at the door, in cash", "Cash on delivery ₹40.00", "Paid")

	placed := onlyOrder(t, shop)
	equalsShown(t, placed, order.element("total"))
	if placed.PaymentMethod != "cod" || placed.Status != "processing" || !placed.Paid.IsZero() || placed.Total.String() != "2535" {
		t.Errorf("the store's order: %s of %s, %s, paid %v", placed.PaymentMethod, placed.Total, placed.Status, placed.Paid)
	}
}

// TestCashIsNotForEverything: where it is not offered the page says why, and no form gets round it.
func TestCashIsNotForEverything(t *testing.T) {
	_, server := open(t)
	for name, tt := range map[string]struct {
		slug, pin, city, why string
	}{
		"too much": {necklace, "560001", "Bengaluru", "Cash on delivery is available up to ₹5,000.00."},
		"too far":  {mug, "791111", "Itanagar", "Cash on delivery is not available at this PIN code."},
	} {
		asha := newShopper(t, server)
		asha.put(tt.slug, "1")
		home := address()
		home["postcode"], home["city"] = tt.pin, tt.city
		review := asha.toReview(home).says("Cash on delivery " + tt.why)
		base := strings.TrimSuffix(review.path, "review")
		if strings.Contains(review.body, `value="cod"`) {
			t.Errorf("%s: it can be chosen", name)
		}
		asha.post(base+"payment", url.Values{"method": {"cod"}}).want(http.StatusUnprocessableEntity, base).says("Please choose one of what is offered. " + tt.why)
	}
}

// TestCashChosenThenTooFar: cash was chosen, and then the parcel goes where the courier takes none.
func TestCashChosenThenTooFar(t *testing.T) {
	shop, server := open(t)
	asha := newShopper(t, server)
	asha.put(mug, "1")
	review := asha.pays(asha.toReview(address()), "cod")
	base := strings.TrimSuffix(review.path, "review")
	home := address()
	home["postcode"], home["city"] = "791111", "Itanagar"
	review = asha.submit(asha.get(base+"address"), base+"address", home).want(http.StatusOK, review.path).
		says("Cash on delivery is not available at this PIN code.", "Choose how to pay, then order.")
	asha.places(review).want(http.StatusUnprocessableEntity, base).
		says("Cash on delivery is not available at this PIN code. Please choose how to pay, then order.")
	if n := len(shop.store.Orders()); n != 0 {
		t.Errorf("%d orders", n)
	}
	asha.paid(asha.get(review.path)).says("Thank you, it is ordered")
}
