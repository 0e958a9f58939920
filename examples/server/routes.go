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
//	/api/account/sign-in        a guest turned out to be a customer
//	/stock?item=product:16      stock as it changes, as server-sent events
//	/webhooks/razorpay, /webhooks/woocommerce
//	/healthz, /readyz
func (s *shop) routes(ready *readiness) (http.Handler, error) {
	api, err := s.api()
	if err != nil {
		return nil, err
	}
	shoppers := http.NewServeMux()
	shoppers.Handle("/api/", http.StripPrefix("/api", api))
	if len(s.config.accounts.keys) > 0 {
		shoppers.HandleFunc("POST /api/account/sign-in", s.signIn)
	}
	limit := newLimiter(s.config.limit)
	mux := http.NewServeMux()
	mux.Handle("/api/", limit.limit(s.accounts(s.guests.Middleware(shoppers))))
	mux.Handle("POST /api/checkouts/{id}/return", limit.limit(api.Return())) // a form from the gateway's own page, without our cookies
	mux.Handle("GET /stock", limit.limit(s.stock.feed))
	if s.hooks.razorpay != nil {
		mux.Handle(razorpayPath, s.hooks.razorpay)
	}
	if s.hooks.woo != nil {
		mux.Handle(wooPath, s.hooks.woo)
	}
	pages, err := s.config.cors()
	if err != nil {
		return nil, err
	}
	handler := http.Handler(mux)
	if pages != nil {
		handler = pages.Wrap(mux)
	}
	outside := http.NewServeMux()
	outside.Handle("/", s.watch.server(secure(handler)))
	outside.HandleFunc("GET /healthz", healthy)
	outside.Handle("GET /readyz", ready)
	return outside, nil
}

func (s *shop) api() (*checkouthttp.API, error) {
	c := checkouthttp.Config{
		Service: s.checkout, Carts: s.carts, Owner: owner, TrustedOrigins: s.config.origins, Replies: s.store.Replies(), Log: s.log,
		WindowKeys: map[payment.Method]string{payment.MethodRazorpay: s.razorpay.KeyID()},
		ReturnTo:   s.orderPage, Recovery: s.recovery, CustomerID: customerID,
	}
	if len(s.config.staff) > 0 {
		c.Operator = s.config.operator
	}
	return checkouthttp.New(c)
}

// owner says whose cart and checkout a request is about: the customer of its token, see accounts, or the guest of its
// cookie.
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
