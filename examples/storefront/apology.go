package main

import (
	"errors"
	"net/http"
	"slices"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/woo/wootest"
)

// apology is a page for something that cannot be done. The pages that can show better what to do about it come first: a
// form with its mistakes, what is left of what sold out, the quote that changed (see cannotGoOn and notPlaced).
type apology struct {
	status      int
	title, text string
	again       bool // the page offers to try again
	of          []error
}

// senders reports whether the fault is in what was sent, and not in the shop.
func senders(err error) bool { return apologize(err).status == http.StatusUnprocessableEntity }

// apologies are tried in this order; what is none of them is the shop's own failure. They are the codes of package
// checkouthttp in a shopper's words.
func apologies() []apology {
	return []apology{
		{http.StatusUnprocessableEntity, "Something in that form is not right", "Please go back and try again.", false, []error{
			errForm, checkout.ErrInvalid, cart.ErrInvalid, cart.ErrLineNotFound, inventory.ErrInvalid, payment.ErrInvalid, wootest.ErrInvalid,
		}},
		{http.StatusConflict, "That has just changed", "It was changed at the same moment, perhaps from another window of yours. " +
			"Nothing was lost and nothing was done twice. Please look at it again.", true, []error{checkout.ErrConflict, checkout.ErrBound, cart.ErrConflict}},
		{http.StatusConflict, "This cart has moved", "What was in it belongs to the account that you signed in to.", false, []error{cart.ErrMoved}},
		{http.StatusConflict, "This cannot be bought right now", "It has been taken off the shelf. The rest of your cart is untouched.", false,
			[]error{cart.ErrNotForSale}},
		{http.StatusConflict, "Sorry, there is not enough left", "Somebody was a moment faster. Nothing was charged.", false,
			[]error{checkout.ErrOutOfStock, cart.ErrInsufficientStock, inventory.ErrInsufficient}},
		{http.StatusServiceUnavailable, "We are not sure yet", "It may or may not have gone through. Please try again: what was done is found, and not done twice.", true,
			[]error{checkout.ErrUnknown, payment.ErrUnknown}},
		{http.StatusConflict, "That was declined", "Please see where your order stands, or choose another way to pay.", true,
			[]error{checkout.ErrRefused, payment.ErrRefused}},
	}
}

// apologize finds the page for an error. Whatever is not known is a failure that passes: nothing of the shop is lost by it.
func apologize(err error) apology {
	for _, a := range apologies() {
		if slices.ContainsFunc(a.of, func(one error) bool { return errors.Is(err, one) }) {
			return a
		}
	}
	return apology{status: http.StatusServiceUnavailable, title: "We cannot do that right now", text: "Nothing was lost. Please try again in a moment.", again: true}
}

// apologizes shows it. Every address that takes a form also answers to a link, with the page where the shopper stands.
func (s *server) apologizes(w http.ResponseWriter, r *http.Request, err error) {
	a := apologize(err)
	page := message{Title: a.title, Text: a.text}
	if a.again {
		page.Link, page.Label = r.URL.EscapedPath(), "Try again"
	}
	if a.status >= http.StatusInternalServerError {
		s.log.ErrorContext(r.Context(), "page failed", "page", r.Pattern, "error", clip(err.Error()))
		w.Header().Set("Retry-After", "5")
	}
	s.show(w, r, a.status, "message", page)
}
