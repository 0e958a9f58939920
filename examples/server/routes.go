package main

import (
	"errors"
	"net/http"

	"github.com/ankkor/ankkor/auth"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouthttp"
	"github.com/ankkor/ankkor/payment"
)

// routes is everything that is answered over HTTP:
//
//	/api/…                      cart, checkout and staff (checkouthttp; its contract is at /api/openapi.json)
//	/stock?item=product:16      stock as it changes, as server-sent events
//	/webhooks/razorpay, /webhooks/woocommerce
//	/healthz, /readyz
func (s *shop) routes(ready *readiness) (http.Handler, error) {
	api, err := s.api()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/api/", s.guests.Middleware(http.StripPrefix("/api", api)))
	mux.Handle("POST /api/checkouts/{id}/return", api.Return()) // a form from the gateway's own page, without our cookies
	mux.Handle("GET /stock", s.stock.feed)
	if s.hooks.razorpay != nil {
		mux.Handle(razorpayPath, s.hooks.razorpay)
	}
	if s.hooks.woo != nil {
		mux.Handle(wooPath, s.hooks.woo)
	}
	outside := http.NewServeMux()
	outside.Handle("/", s.watch.server(secure(mux)))
	outside.HandleFunc("GET /healthz", healthy)
	outside.Handle("GET /readyz", ready)
	return outside, nil
}

func (s *shop) api() (*checkouthttp.API, error) {
	c := checkouthttp.Config{
		Service: s.checkout, Carts: s.carts, Owner: owner, TrustedOrigins: s.config.origins, Replies: s.store.Replies(), Log: s.log,
		WindowKeys: map[payment.Method]string{payment.MethodRazorpay: s.razorpay.KeyID()},
		ReturnTo:   s.orderPage,
	}
	if len(s.config.staff) > 0 {
		c.Operator = s.config.operator
	}
	return checkouthttp.New(c)
}

// owner says whose cart and checkout a request is about: the guest of its cookie. A shop with accounts puts its customers
// into the context before the guests' middleware, see auth.NewContext.
func owner(r *http.Request) (checkout.Owner, error) {
	who, ok := auth.FromContext(r.Context())
	if !ok {
		return "", errors.New("nobody yet")
	}
	return checkout.Owner(who.Owner()), nil
}

// secure sets the headers that every answer should have.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		next.ServeHTTP(w, r)
	})
}
