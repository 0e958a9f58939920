package main

import (
	"errors"
	"net/http"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

func (s *server) startCheckout(w http.ResponseWriter, r *http.Request) error {
	owner, err := s.owner(w, r)
	if err != nil {
		return err
	}
	started, err := s.checkout.Start(r.Context(), checkout.StartRequest{Owner: owner})
	if err != nil {
		return s.cannotGoOn(w, r, err)
	}
	http.Redirect(w, r, whereTo(started.Record), http.StatusSeeOther)
	return nil
}

// resume goes to where the checkout stands.
func (s *server) resume(w http.ResponseWriter, r *http.Request) error {
	record, err := s.record(w, r)
	if err != nil {
		return err
	}
	http.Redirect(w, r, whereTo(record), http.StatusSeeOther)
	return nil
}

// whereTo is the page a checkout goes on with.
func whereTo(r checkout.Record) string {
	id := string(r.ID)
	switch {
	case r.Status() == checkout.StatusPendingPayment && r.Gateway != nil:
		return "/pay/" + id
	case r.Placed != nil, r.Closing != nil:
		return "/orders/" + id
	case r.Billing.IsZero():
		return "/checkout/" + id + "/address"
	}
	return "/checkout/" + id + "/review"
}

func orderURL(r checkout.Record) string { return "/orders/" + string(r.ID) }

// record loads the checkout of the request's path, if it is the shopper's own.
func (s *server) record(w http.ResponseWriter, r *http.Request) (checkout.Record, error) {
	owner, err := s.owner(w, r)
	if err != nil {
		return checkout.Record{}, err
	}
	return s.checkout.Get(r.Context(), owner, checkout.ID(r.PathValue("id")))
}

// cancel gives up an order that was not paid, or a checkout that was not placed.
func (s *server) cancel(w http.ResponseWriter, r *http.Request) error {
	record, err := s.record(w, r)
	if err != nil {
		return err
	}
	if record, err = s.checkout.Cancel(r.Context(), record.Owner, record.ID, "Cancelled by you"); err != nil {
		return err
	}
	if record.Placed == nil {
		http.Redirect(w, r, "/cart", http.StatusSeeOther)
		return nil
	}
	http.Redirect(w, r, orderURL(record), http.StatusSeeOther)
	return nil
}

// sorryPage tells kindly why a checkout cannot go on, and what can be done about it.
type sorryPage struct {
	Title, Text string
	Missing     []missing   // what there is not enough of
	Resume      checkout.ID // another checkout that waits for its payment
	Again       bool        // the checkout can be started anew
}

// missing is one line of the cart that cannot be had in full.
type missing struct {
	Key        cart.LineKey
	Slug, Name string
	Want, Have int64
}

// cannotGoOn shows what a shopper can do about an error of the checkout. Anything else stays an error.
func (s *server) cannotGoOn(w http.ResponseWriter, r *http.Request, err error) error {
	var busy *checkout.InProgressError
	var short *inventory.ShortageError
	var page sorryPage
	switch {
	case errors.Is(err, checkout.ErrEmptyCart):
		http.Redirect(w, r, "/cart", http.StatusSeeOther)
		return nil
	case errors.Is(err, checkout.ErrPlaced), errors.Is(err, checkout.ErrClosed):
		http.Redirect(w, r, "/orders/"+r.PathValue("id"), http.StatusSeeOther)
		return nil
	case errors.Is(err, checkout.ErrCartChanged):
		page = sorryPage{Title: "Your cart changed on the way", Again: true,
			Text: "Something was put in, taken out or is no longer sold since you came to the checkout. Nothing was ordered."}
	case errors.As(err, &busy):
		page = sorryPage{Title: "Another order of yours waits for its payment", Resume: busy.ID,
			Text: "Pay or cancel that one first, so that you do not pay twice. Your cart stays as it is."}
	case errors.Is(err, checkout.ErrOutOfStock) && errors.As(err, &short):
		page = sorryPage{Title: "Somebody was a moment faster", Missing: s.missingOf(r, short),
			Text: "There is not enough left of what you chose. Nothing was charged, and the rest of your cart is untouched."}
	default:
		return err
	}
	s.show(w, r, http.StatusConflict, "sorry", page)
	return nil
}

// missingOf says which lines of the cart a shortage is about.
func (s *server) missingOf(r *http.Request, short *inventory.ShortageError) []missing {
	who, err := s.guests.Identify(r)
	if err != nil {
		return nil
	}
	view, err := s.carts.View(r.Context(), cart.Owner(who.Owner()))
	if err != nil {
		return nil
	}
	var out []missing
	for _, m := range short.Lines {
		for _, l := range view.Lines {
			if l.Item.Stock.Item == string(m.Item) {
				out = append(out, missing{Key: l.Line.Key, Slug: l.Item.Slug, Name: l.Item.Name, Want: l.Line.Quantity, Have: max(m.Have, 0)})
			}
		}
	}
	return out
}
