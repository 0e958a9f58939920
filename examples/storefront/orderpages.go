package main

import (
	"errors"
	"net/http"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// windowPage is the simulated payment window. A real one belongs to the gateway and runs in the shopper's browser.
type windowPage struct{ Record checkout.Record }

func (s *server) paymentWindow(w http.ResponseWriter, r *http.Request) error {
	record, err := s.record(w, r)
	if err != nil {
		return err
	}
	if record.Status() != checkout.StatusPendingPayment || record.Gateway == nil {
		http.Redirect(w, r, orderURL(record), http.StatusSeeOther)
		return nil
	}
	s.show(w, r, http.StatusOK, "window", windowPage{Record: record})
	return nil
}

// payLateAfter is how long the simulated bank takes to answer late.
const payLateAfter = 20 * time.Second

// callbackPage hands what the window signed back to the shop, as the gateway's script does in the browser.
type callbackPage struct {
	Record   checkout.Record
	Callback payment.Callback
}

// payInWindow does what the shopper pressed in the window.
func (s *server) payInWindow(w http.ResponseWriter, r *http.Request) error {
	record, err := s.record(w, r)
	if err != nil {
		return err
	}
	if record.Gateway == nil {
		return errNoPage
	}
	switch r.PostFormValue("do") {
	case "pay":
		callback, err := s.gateway.Pay(record.Gateway.ID)
		if err != nil {
			break // paid already, or taken by another window: the order page knows
		}
		s.show(w, r, http.StatusOK, "callback", callbackPage{Record: record, Callback: callback})
		return nil
	case "late":
		if _, err := s.gateway.Fail(record.Gateway.ID); err == nil {
			_, err = s.gateway.PayLate(record.Gateway.ID, payLateAfter)
			s.logLate(r, err)
		}
	case "fail":
		if _, err := s.gateway.Fail(record.Gateway.ID); err != nil {
			s.logLate(r, err)
		}
	}
	http.Redirect(w, r, orderURL(record), http.StatusSeeOther)
	return nil
}

func (s *server) logLate(r *http.Request, err error) {
	if err != nil {
		s.log.WarnContext(r.Context(), "simulated window", "error", err)
	}
}

// confirmPayment takes the callback. Whatever it says, the gateway itself is asked.
func (s *server) confirmPayment(w http.ResponseWriter, r *http.Request) error {
	record, err := s.record(w, r)
	if err != nil {
		return err
	}
	_, err = s.checkout.ConfirmPayment(r.Context(), record.Owner, record.ID, payment.Callback{
		OrderID: r.PostFormValue("razorpay_order_id"), PaymentID: r.PostFormValue("razorpay_payment_id"),
		Signature: r.PostFormValue("razorpay_signature"),
	})
	if errors.Is(err, checkout.ErrPaymentMismatch) {
		s.show(w, r, http.StatusUnprocessableEntity, "message", message{
			Title: "This payment could not be verified", Text: "If money left your account it is not lost: we ask the bank again and again.",
		})
		return nil
	}
	if err != nil {
		s.log.WarnContext(r.Context(), "confirmed, with work left", "error", err)
	}
	http.Redirect(w, r, orderURL(record), http.StatusSeeOther)
	return nil
}

// orderPage is a placed order, or what became of it.
type orderPage struct {
	Record  checkout.Record
	Status  checkout.Status
	Waiting bool // the page looks again by itself
	CanPay  bool
}

func (s *server) order(w http.ResponseWriter, r *http.Request) error {
	record, err := s.record(w, r)
	if err != nil {
		return err
	}
	if record.Placed == nil && record.Closing == nil {
		http.Redirect(w, r, "/checkout/"+string(record.ID)+"/review", http.StatusSeeOther)
		return nil
	}
	if record.Status() == checkout.StatusPendingPayment {
		if fresh, err := s.checkout.Recheck(r.Context(), record.ID); err == nil {
			record = fresh
		}
	}
	page := orderPage{Record: record, Status: record.Status()}
	page.Waiting = page.Status == checkout.StatusPendingPayment || page.Status == checkout.StatusPaid
	page.CanPay = page.Status == checkout.StatusPendingPayment && record.Gateway != nil && time.Now().Before(record.PayBy())
	s.show(w, r, http.StatusOK, "order", page)
	return nil
}
