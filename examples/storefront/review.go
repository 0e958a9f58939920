package main

import (
	"crypto/rand"
	"errors"
	"net/http"
	"strings"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing/shipping"
)

// reviewPage is the last look before placing.
type reviewPage struct {
	Record  checkout.Record
	State   string // the name of the address's state
	Doubts  []string
	Rates   []shipping.Rate
	Ways    []way
	Key     string // makes the order button idempotent
	Ready   bool
	Coupons []string // coupons that take nothing off, and why
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
	if record.Placed != nil || record.Closing != nil || record.Billing.IsZero() {
		http.Redirect(w, r, whereTo(record), http.StatusSeeOther)
		return nil
	}
	var err error
	if page.Rates, err = s.checkout.ShippingRates(r.Context(), record.Owner, record.ID); err != nil {
		return err
	}
	if page.Doubts, err = s.doubts(r, record.Billing); err != nil {
		return err
	}
	page.Coupons = couponNotes(*record.Quote, page.Rates)
	page.State, err = s.stateName(r, record.Shipping)
	choices, choicesErr := s.checkout.PaymentChoices(r.Context(), record.Owner, record.ID)
	if choicesErr != nil {
		return choicesErr
	}
	page.Ways, page.Key = waysToPay(choices), rand.Text()
	page.Ready = offers(page.Ways, record.PaymentMethod) && (record.ShippingRate != "" || page.Rates == nil)
	s.show(w, r, status, "review", page)
	return err
}

func (s *server) stateName(r *http.Request, a checkout.Address) (string, error) {
	rules, err := s.Rules(r.Context())
	if err != nil {
		return "", err
	}
	for _, state := range rules.States[a.Country] {
		if state.Code == a.State {
			return state.Name, nil
		}
	}
	return a.State, nil
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

// afterChoice goes back to the review. A choice that is not offered changes nothing and is pointed out there.
func (s *server) afterChoice(w http.ResponseWriter, r *http.Request, record checkout.Record, err error) error {
	if errors.Is(err, checkout.ErrInvalid) || errors.Is(err, checkout.ErrNotEligible) {
		problem := strings.TrimSpace("Please choose one of what is offered. " + whyNotThisWay(err))
		if record, err = s.record(w, r); err == nil {
			return s.showReview(w, r, http.StatusUnprocessableEntity, reviewPage{Record: record, Problem: problem})
		}
	}
	if err != nil {
		return s.cannotGoOn(w, r, err)
	}
	http.Redirect(w, r, whereTo(record), http.StatusSeeOther)
	return nil
}

// place is the order button. It may be pressed twice: the key makes it one order.
func (s *server) place(w http.ResponseWriter, r *http.Request) error {
	record, err := s.record(w, r)
	if err != nil {
		return err
	}
	placed, err := s.checkout.Place(r.Context(), checkout.PlaceRequest{
		Owner: record.Owner, ID: record.ID, Key: r.PostFormValue("key"), QuoteHash: r.PostFormValue("quote"),
	})
	if errors.Is(err, checkout.ErrUnavailable) && placed.Placed != nil {
		err = nil // placed, and its page says how the payment comes along: the gateway is tried again, or a second press was faster
	}
	if err != nil {
		return s.notPlaced(w, r, record, err)
	}
	http.Redirect(w, r, whereTo(placed), http.StatusSeeOther)
	return nil
}

func (s *server) notPlaced(w http.ResponseWriter, r *http.Request, record checkout.Record, err error) error {
	var changed *checkout.QuoteChangedError
	switch {
	case errors.As(err, &changed):
		if record, err = s.checkout.Requote(r.Context(), record.Owner, record.ID); err != nil {
			return s.cannotGoOn(w, r, err)
		}
		return s.showReview(w, r, http.StatusConflict, reviewPage{Record: record, Changed: changed})
	case errors.Is(err, checkout.ErrCouponSpent):
		return s.withoutCoupon(w, r, record, err)
	case errors.Is(err, checkout.ErrKeyReused):
		http.Redirect(w, r, whereTo(record), http.StatusSeeOther)
		return nil
	case errors.Is(err, checkout.ErrNotEligible):
		problem := strings.TrimSpace(whyNotThisWay(err) + " Please choose how to pay, then order.")
		return s.showReview(w, r, http.StatusUnprocessableEntity, reviewPage{Record: record, Problem: problem})
	case errors.Is(err, checkout.ErrInvalid):
		return s.showReview(w, r, http.StatusUnprocessableEntity, reviewPage{Record: record, Problem: whatToChoose(err)})
	}
	return s.cannotGoOn(w, r, err)
}

// whatToChoose says what an order button that was pressed too early waits for.
func whatToChoose(err error) string {
	var fields checkout.FieldErrors
	var field *checkout.InvalidError
	if !errors.As(err, &fields) && errors.As(err, &field) {
		fields = checkout.FieldErrors{field}
	}
	send, pay := fields.Field("shipping_rate") != "", fields.Field("payment_method") != ""
	switch {
	case send && pay:
		return "Please choose how to send it and how to pay, then order."
	case send:
		return "Please choose how to send it, then order."
	case pay:
		return "Please choose how to pay, then order."
	}
	return "Nothing was ordered, because the order button came without its number. Please look again and press it once more."
}
