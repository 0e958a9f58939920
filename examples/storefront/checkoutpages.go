package main

import (
	"crypto/rand"
	"errors"
	"net/http"
	"strings"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
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
	if started.Record.Placed != nil {
		http.Redirect(w, r, orderURL(started.Record), http.StatusSeeOther)
		return nil
	}
	http.Redirect(w, r, "/checkout/"+string(started.Record.ID)+"/address", http.StatusSeeOther)
	return nil
}

// sorryPage tells kindly why a checkout cannot go on.
type sorryPage struct {
	Title, Text string
	Items       []string    // that are gone
	Resume      checkout.ID // another checkout that waits for its payment
}

// cannotGoOn shows what a shopper can do about an error of the checkout. Anything else stays an error.
func (s *server) cannotGoOn(w http.ResponseWriter, r *http.Request, err error) error {
	var busy *checkout.InProgressError
	var short *inventory.ShortageError
	page := sorryPage{}
	switch {
	case errors.Is(err, checkout.ErrEmptyCart), errors.Is(err, checkout.ErrCartChanged):
		http.Redirect(w, r, "/cart", http.StatusSeeOther)
		return nil
	case errors.As(err, &busy):
		page.Title, page.Resume = "Another order is waiting for its payment", busy.ID
		page.Text = "Finish or cancel it first, so that you do not pay twice."
	case errors.Is(err, checkout.ErrOutOfStock) && errors.As(err, &short):
		page.Title = "Somebody was a moment faster"
		page.Text = "There is not enough left of what is in your cart. Nothing was charged; the rest of your cart is untouched."
		page.Items = s.names(r, short)
	case errors.Is(err, checkout.ErrPlaced), errors.Is(err, checkout.ErrClosed):
		http.Redirect(w, r, "/orders/"+r.PathValue("id"), http.StatusSeeOther)
		return nil
	default:
		return err
	}
	s.show(w, r, http.StatusConflict, "sorry", page)
	return nil
}

// names says which lines of the cart a shortage is about.
func (s *server) names(r *http.Request, short *inventory.ShortageError) []string {
	who, err := s.guests.Identify(r)
	if err != nil {
		return nil
	}
	view, err := s.carts.View(r.Context(), cart.Owner(who.Owner()))
	if err != nil {
		return nil
	}
	var names []string
	for _, missing := range short.Lines {
		for _, l := range view.Lines {
			if l.Item.Stock.Item == string(missing.Item) {
				names = append(names, l.Item.Name+": "+count(max(missing.Have, 0))+" left, you asked for "+count(missing.Want))
			}
		}
	}
	return names
}

// addressPage is the address form.
type addressPage struct {
	Record checkout.Record
	Form   checkout.Address
	Note   string
	States []checkout.State
	Errors map[string]string // by field name, without the prefix
}

func (s *server) addressForm(w http.ResponseWriter, r *http.Request) error {
	record, err := s.record(w, r)
	if err != nil {
		return err
	}
	return s.showAddress(w, r, http.StatusOK, addressPage{Record: record, Form: record.Billing, Note: record.CustomerNote})
}

func (s *server) showAddress(w http.ResponseWriter, r *http.Request, status int, page addressPage) error {
	rules, err := s.woo.Rules(r.Context())
	if err != nil {
		return err
	}
	page.States = rules.States["IN"]
	s.show(w, r, status, "address", page)
	return nil
}

// record loads the checkout of the request's path, if it is the shopper's own.
func (s *server) record(w http.ResponseWriter, r *http.Request) (checkout.Record, error) {
	owner, err := s.owner(w, r)
	if err != nil {
		return checkout.Record{}, err
	}
	return s.checkout.Get(r.Context(), owner, checkout.ID(r.PathValue("id")))
}

func addressOf(r *http.Request) checkout.Address {
	v := func(name string) string { return r.PostFormValue(name) }
	return checkout.Address{
		FirstName: v("first_name"), LastName: v("last_name"), Address1: v("address_1"), Address2: v("address_2"), City: v("city"),
		District: v("district"), State: v("state"), Postcode: v("postcode"), Country: "IN", Email: v("email"), Phone: v("phone"),
	}
}

func (s *server) setAddress(w http.ResponseWriter, r *http.Request) error {
	record, err := s.record(w, r)
	if err != nil {
		return err
	}
	form, note := addressOf(r), r.PostFormValue("note")
	_, err = s.checkout.SetAddresses(r.Context(), record.Owner, record.ID, checkout.Addresses{Billing: form, Note: note})
	var refused checkout.FieldErrors
	switch {
	case errors.As(err, &refused):
		return s.showAddress(w, r, http.StatusUnprocessableEntity, addressPage{Record: record, Form: form, Note: note, Errors: byField(refused)})
	case err != nil:
		return s.cannotGoOn(w, r, err)
	}
	http.Redirect(w, r, "/checkout/"+string(record.ID)+"/review", http.StatusSeeOther)
	return nil
}

func byField(refused checkout.FieldErrors) map[string]string {
	out := map[string]string{}
	for _, f := range refused {
		out[strings.TrimPrefix(f.Field, "billing.")] = f.Reason
	}
	return out
}

// reviewPage is the last look before placing.
type reviewPage struct {
	Record  checkout.Record
	Quote   *quote.Quote
	Rates   []shipping.Rate
	Options []checkout.PaymentOption
	Key     string // makes the order button idempotent
	Changed *checkout.QuoteChangedError
	Problem string
}

func (s *server) review(w http.ResponseWriter, r *http.Request) error {
	record, err := s.record(w, r)
	if err != nil {
		return err
	}
	return s.showReview(w, r, http.StatusOK, reviewPage{Record: record})
}

func (s *server) showReview(w http.ResponseWriter, r *http.Request, status int, page reviewPage) error {
	record := page.Record
	switch {
	case record.Placed != nil || record.Closing != nil:
		http.Redirect(w, r, orderURL(record), http.StatusSeeOther)
		return nil
	case record.Billing.IsZero():
		http.Redirect(w, r, "/checkout/"+string(record.ID)+"/address", http.StatusSeeOther)
		return nil
	}
	var err error
	if page.Rates, err = s.checkout.ShippingRates(r.Context(), record.Owner, record.ID); err != nil {
		return err
	}
	page.Quote, page.Options, page.Key = record.Quote, s.checkout.Payments, rand.Text()
	s.show(w, r, status, "review", page)
	return nil
}

func (s *server) chooseShipping(w http.ResponseWriter, r *http.Request) error {
	record, err := s.record(w, r)
	if err != nil {
		return err
	}
	record, err = s.checkout.ChooseShipping(r.Context(), record.Owner, record.ID, r.PostFormValue("rate"))
	return s.afterChoice(w, r, record, err)
}

func (s *server) choosePayment(w http.ResponseWriter, r *http.Request) error {
	record, err := s.record(w, r)
	if err != nil {
		return err
	}
	record, err = s.checkout.ChoosePayment(r.Context(), record.Owner, record.ID, payment.Method(r.PostFormValue("method")))
	return s.afterChoice(w, r, record, err)
}

func (s *server) afterChoice(w http.ResponseWriter, r *http.Request, record checkout.Record, err error) error {
	if err != nil {
		return s.cannotGoOn(w, r, err)
	}
	http.Redirect(w, r, "/checkout/"+string(record.ID)+"/review", http.StatusSeeOther)
	return nil
}

func (s *server) place(w http.ResponseWriter, r *http.Request) error {
	record, err := s.record(w, r)
	if err != nil {
		return err
	}
	placed, err := s.checkout.Place(r.Context(), checkout.PlaceRequest{
		Owner: record.Owner, ID: record.ID, Key: r.PostFormValue("key"), QuoteHash: r.PostFormValue("quote"),
	})
	var changed *checkout.QuoteChangedError
	var invalid checkout.FieldErrors
	switch {
	case errors.As(err, &changed):
		if record, err = s.checkout.Requote(r.Context(), record.Owner, record.ID); err != nil {
			return s.cannotGoOn(w, r, err)
		}
		return s.showReview(w, r, http.StatusConflict, reviewPage{Record: record, Changed: changed})
	case errors.As(err, &invalid):
		return s.showReview(w, r, http.StatusUnprocessableEntity, reviewPage{Record: record, Problem: "Please choose how to ship and how to pay."})
	case errors.Is(err, checkout.ErrUnavailable):
		return s.showReview(w, r, http.StatusServiceUnavailable, reviewPage{Record: record, Problem: "The payment could not be started. Please try again."})
	case err != nil:
		return s.cannotGoOn(w, r, err)
	}
	http.Redirect(w, r, next(placed), http.StatusSeeOther)
	return nil
}

// next is where a placed checkout goes on: to the payment window, or to its order.
func next(r checkout.Record) string {
	if r.Status() == checkout.StatusPendingPayment {
		return "/pay/" + string(r.ID)
	}
	return orderURL(r)
}

func orderURL(r checkout.Record) string { return "/orders/" + string(r.ID) }

func (s *server) cancel(w http.ResponseWriter, r *http.Request) error {
	record, err := s.record(w, r)
	if err != nil {
		return err
	}
	if record, err = s.checkout.Cancel(r.Context(), record.Owner, record.ID, "cancelled by the shopper"); err != nil {
		return err
	}
	if record.Placed == nil {
		http.Redirect(w, r, "/cart", http.StatusSeeOther)
		return nil
	}
	http.Redirect(w, r, orderURL(record), http.StatusSeeOther)
	return nil
}
