package razorpaytest

import (
	_ "embed"
	"errors"
	"net/http"
	"time"
)

// script stands in for https://checkout.razorpay.com/v1/checkout.js: the same constructor, options and events.
//
//go:embed checkout.js
var script []byte

// Window is the payment window for a browser: checkout.js, and what its buttons call beside it. Mount it anywhere on the
// shop's own origin, below a path of its own:
//
//	mux.Handle("/razorpay/", http.StripPrefix("/razorpay", rzp.Window(time.Minute)))
//
// and load /razorpay/checkout.js where the page would load Razorpay's. The script takes key, order_id, amount, currency,
// name, handler or callback_url with redirect, and modal.ondismiss, and tells payment.failed; it needs no other origin and
// no inline style. A bank that answers late does so after lateBy.
func (s *Server) Window(lateBy time.Duration) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /checkout.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(script)
	})
	mux.HandleFunc("POST /attempt", func(w http.ResponseWriter, r *http.Request) { s.press(w, r, lateBy) })
	return mux
}

// press is a button of the window. Like Razorpay's it needs the key's public half and nothing else: whoever has the page
// may pay.
func (s *Server) press(w http.ResponseWriter, r *http.Request, lateBy time.Duration) {
	r.Body = http.MaxBytesReader(w, r.Body, 4096)
	if r.PostFormValue("key") != s.config.KeyID {
		refuse(http.StatusUnauthorized, "The api key provided is invalid", "").write(w)
		return
	}
	orderID := r.PostFormValue("order_id")
	attempt, ok := map[string]Attempt{
		"pay": {}, "fail": {Fails: true}, "late": {Fails: true, LateBy: lateBy},
	}[r.PostFormValue("do")]
	if !ok {
		bad("do is not valid", "do").write(w)
		return
	}
	c, err := s.Attempt(orderID, attempt)
	switch {
	case errors.Is(err, ErrNoOrder):
		unknownID().write(w)
	case errors.Is(err, ErrFailed):
		failure("payment_failed", "Payment failed", orderID, c.PaymentID).write(w)
	case err != nil:
		bad("Your payment has been declined as the order is already paid. Please initiate the payment with a new order.", "").write(w)
	default:
		done(c).write(w)
	}
}

// failure is what the window tells the page of a payment that failed.
func failure(reason, description, orderID, paymentID string) reply {
	return reply{http.StatusBadRequest, map[string]any{"error": map[string]any{
		"code": "BAD_REQUEST_ERROR", "description": description, "source": "customer", "step": "payment_authentication",
		"reason": reason, "metadata": map[string]string{"order_id": orderID, "payment_id": paymentID},
	}}}
}
