package checkouthttp

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// place commits the shopper to a quote, once for each Idempotency-Key.
func (a *API) place(r *request) (reply, error) {
	key, err := idempotencyKey(r.Request)
	if err != nil {
		return reply{}, err
	}
	hash, err := oneText(r.body, "quote_hash")
	if err != nil {
		return reply{}, err
	}
	return a.shown(a.config.Service.Place(r.Context(), checkout.PlaceRequest{Owner: r.owner, ID: r.id, Key: key, QuoteHash: hash}))
}

// idempotencyKey is the request's one key, as it was sent.
func idempotencyKey(r *http.Request) (string, error) {
	keys := r.Header.Values("Idempotency-Key")
	if len(keys) != 1 || keys[0] == "" || len(keys[0]) > 255 {
		return "", errKeyRequired
	}
	for _, c := range []byte(keys[0]) {
		if c <= ' ' || c > '~' {
			return "", errKeyRequired
		}
	}
	return keys[0], nil
}

// confirm takes what the gateway's window gave to the shop's page.
func (a *API) confirm(r *request) (reply, error) {
	f, err := parseForm(r.body)
	if err != nil {
		return reply{}, err
	}
	callback := payment.Callback{
		OrderID: f.needText("razorpay_order_id"), PaymentID: f.needText("razorpay_payment_id"), Signature: f.needText("razorpay_signature"),
	}
	if err := f.done(); err != nil {
		return reply{}, err
	}
	return a.shown(a.config.Service.ConfirmPayment(r.Context(), r.owner, r.id, callback))
}

// Return takes a browser that a payment gateway posts back to the shop (Razorpay's callback_url): a form from another
// origin, without the shop's cookies. Mount it at a path with {id} for the checkout, outside of whatever refuses such
// requests; under the API itself it is POST /checkouts/{id}/return.
//
// The callback is checked over the gateway order that is stored for the checkout, as the JSON operation does; a payment
// that failed, a forged callback and an unknown id change nothing. The answer is the same for all: 303 to Config.ReturnTo,
// whose page shows what its own shopper may see. Without ReturnTo it is 404.
func (a *API) Return() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := checkout.ID(r.PathValue("id"))
		if a.config.ReturnTo == nil || !isID(string(id)) {
			a.fail(w, r, checkout.ErrNotFound)
			return
		}
		callback, err := callbackForm(w, r)
		if err != nil {
			a.fail(w, r, err)
			return
		}
		a.believe(r.Context(), id, callback)
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, a.config.ReturnTo(id), http.StatusSeeOther)
	})
}

// patience is how long a browser on its way back waits for the gateway to be asked. Later the shop finds out by itself.
const patience = 10 * time.Second

// believe hands a callback to the checkout it is about, whoever brought it: the signature is what counts. What goes wrong
// is the shop's to know.
func (a *API) believe(ctx context.Context, id checkout.ID, c payment.Callback) {
	if c.Signature == "" {
		return // a payment that failed, or was given up in the window
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	known, err := a.config.Service.Explain(ctx, id)
	if err == nil {
		_, err = a.config.Service.ConfirmPayment(ctx, known.Record.Owner, id, c)
	}
	if err != nil && !errors.Is(err, checkout.ErrNotFound) {
		a.config.Log.WarnContext(ctx, "a returning payment is not confirmed yet", "checkout", id, "error", err)
	}
}

// callbackForm reads the fields of Razorpay's form; others, such as those of an error, are let be.
func callbackForm(w http.ResponseWriter, r *http.Request) (payment.Callback, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" || r.Header.Get("Content-Encoding") != "" {
		return payment.Callback{}, errMediaType
	}
	r.Body = http.MaxBytesReader(w, r.Body, MaxBody)
	var tooLarge *http.MaxBytesError
	if err := r.ParseForm(); errors.As(err, &tooLarge) {
		return payment.Callback{}, errTooLarge
	} else if err != nil {
		return payment.Callback{}, invalidBody("body", "is not a form")
	}
	field := func(name string) string {
		if len(r.PostForm[name]) != 1 {
			return ""
		}
		return strings.TrimSpace(r.PostForm[name][0])
	}
	return payment.Callback{
		OrderID: field("razorpay_order_id"), PaymentID: field("razorpay_payment_id"), Signature: field("razorpay_signature"),
	}, nil
}
