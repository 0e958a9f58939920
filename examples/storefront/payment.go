package main

import (
	"errors"
	"net/http"
	"time"

	"github.com/ankkor/ankkor/checkout"
)

// windowPage is the simulated payment window. A real one is the gateway's own and opens in the shopper's browser.
type windowPage struct {
	Record checkout.Record
	PayBy  time.Time
	Late   time.Duration
	Failed int // attempts that came to nothing so far
}

func (s *server) paymentWindow(w http.ResponseWriter, r *http.Request) error {
	record, err := s.record(w, r)
	if err != nil {
		return err
	}
	if whereTo(record) != "/pay/"+string(record.ID) {
		http.Redirect(w, r, whereTo(record), http.StatusSeeOther)
		return nil
	}
	if s.window != nil {
		s.razorpayWindow(w, r, record)
		return nil
	}
	s.show(w, r, http.StatusOK, "window", windowPage{
		Record: record, PayBy: record.PayBy(), Late: s.lateBy, Failed: failed(record),
	})
	return nil
}

// payInWindow does what the shopper pressed in the window. Only "pay" brings something back to the shop: of everything
// else it hears, as from a real gateway, by asking.
func (s *server) payInWindow(w http.ResponseWriter, r *http.Request) error {
	record, err := s.record(w, r)
	if err != nil {
		return err
	}
	if record.Gateway == nil || s.window != nil {
		return errNoPage
	}
	switch r.PostFormValue("do") {
	case "pay":
		callback, paid := s.gateway.Pay(record.Gateway.ID)
		if paid == nil {
			s.paid.keep(record.ID, callback, time.Now())
			http.Redirect(w, r, "/pay/"+string(record.ID)+"/paid", http.StatusSeeOther)
			return nil
		}
		err = paid
	case "late":
		_, err = s.gateway.PayLate(record.Gateway.ID, s.lateBy)
	case "fail":
		_, err = s.gateway.Fail(record.Gateway.ID)
	case "close":
	default:
		return errForm
	}
	if err != nil { // paid already, in another tab: the order's page knows
		s.log.WarnContext(r.Context(), "payment window", "error", err)
	}
	http.Redirect(w, r, orderURL(record), http.StatusSeeOther)
	return nil
}

// confirmPayment takes the callback. Whatever it says, the gateway itself is asked.
func (s *server) confirmPayment(w http.ResponseWriter, r *http.Request) error {
	record, err := s.record(w, r)
	if err != nil {
		return err
	}
	_, err = s.checkout.ConfirmPayment(r.Context(), record.Owner, record.ID, callbackOf(r))
	if errors.Is(err, checkout.ErrPaymentMismatch) {
		s.show(w, r, http.StatusUnprocessableEntity, "message", message{
			Title: "This payment could not be verified",
			Text:  "If money has left your account it is not lost: we keep asking the bank, and your order’s page will say what became of it.",
			Link:  orderURL(record), Label: "Go to the order",
		})
		return nil
	}
	s.paid.drop(record.ID)
	if err != nil {
		s.log.WarnContext(r.Context(), "confirmed, with work left", "error", clip(err.Error()))
	}
	http.Redirect(w, r, orderURL(record), http.StatusSeeOther)
	return nil
}
