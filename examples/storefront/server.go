package main

import (
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"mime"
	"net/http"
	"strings"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/woo"
)

//go:embed static
var static embed.FS

// server turns requests into calls of the shop's packages, and what they return into pages.
type server struct {
	*shop
	pages *pages
	paid  callbacks
	log   *slog.Logger
}

// maxForm is the largest form accepted, in bytes.
const maxForm = 64 << 10

// newServer returns the shop's pages as one handler.
func newServer(s *shop, log *slog.Logger) (http.Handler, error) {
	pages, err := newPages()
	if err != nil {
		return nil, err
	}
	files, err := fs.Sub(static, "static")
	if err != nil {
		return nil, err
	}
	srv := &server{shop: s, pages: pages, log: log}
	mux := http.NewServeMux()
	mux.Handle("GET /static/{file}", http.StripPrefix("/static/", http.FileServerFS(files)))
	for pattern, h := range srv.routes() {
		mux.Handle(pattern, srv.page(h))
	}
	outside := http.NewServeMux()
	if s.window != nil {
		s.window.mount(outside, s.lateBy)
	}
	sameOrigin := http.NewCrossOriginProtection()
	sameOrigin.AddInsecureBypassPattern("POST " + returnPath("{id}")) // Razorpay's site posts there; see returned
	outside.Handle("/", sameOrigin.Handler(http.MaxBytesHandler(mux, maxForm)))
	return secure(outside), nil
}

// handler is a page: it writes a response, or returns an error that is shown as a page.
type handler func(http.ResponseWriter, *http.Request) error

func (s *server) routes() map[string]handler {
	return map[string]handler{
		"GET /{$}":                     s.catalogue,
		"GET /products/{slug}":         s.product,
		"GET /picture/{slug}":          s.picture,
		"GET /cart":                    s.cart,
		"POST /cart/add":               s.addToCart,
		"POST /cart/quantity":          s.setQuantity,
		"POST /cart/coupon":            s.changeCoupon,
		"POST /checkout":               s.startCheckout,
		"GET /checkout/{id}/address":   s.addressForm,
		"POST /checkout/{id}/address":  s.setAddress,
		"GET /checkout/{id}/review":    s.review,
		"POST /checkout/{id}/shipping": s.chooseShipping,
		"POST /checkout/{id}/payment":  s.choosePayment,
		"POST /checkout/{id}/place":    s.place,
		"POST /checkout/{id}/cancel":   s.cancel,
		"GET /checkout":                toCart, // reloading what a form was answered with
		"GET /cart/{form}":             toCart,
		"GET /checkout/{id}/{form}":    s.resume,
		"GET /pay/{id}":                s.paymentWindow,
		"POST /pay/{id}":               s.payInWindow,
		"GET /pay/{id}/paid":           s.paidInWindow,
		"POST /pay/{id}/returned":      s.returned,
		"GET /pay/{id}/returned":       s.resume,
		"POST /orders/{id}/confirm":    s.confirmPayment,
		"GET /orders/{id}":             s.order,
		"GET /orders/{id}/{form}":      s.resume,
		"GET /pincode/{pin}":           s.pincode,
		"GET /counter":                 s.counter,
		"POST /counter/stock":          s.setStock,
		"POST /counter/{id}/ship":      s.ship,
		"POST /counter/{id}/deliver":   s.deliver,
		"POST /counter/{id}/cash":      s.cashArrived,
		"POST /counter/{id}/retry":     s.retry,
		"POST /counter/{id}/give-up":   s.giveUp,
		"GET /counter/{form...}":       toCounter,
		"GET /":                        func(http.ResponseWriter, *http.Request) error { return errNoPage },
	}
}

var (
	errNoPage = errors.New("no such page")
	errForm   = errors.New("a form that no page of this shop sends")
)

// policy is what a page may load and send to: this shop, and nothing else.
const policy = "default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"

// secure sets the headers every page of a shop should have.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

// page shows the error of a handler as a page a shopper understands.
func (s *server) page(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := readForm(r)
		if err == nil {
			err = h(w, r)
		}
		if err != nil {
			s.explain(w, r, err)
		}
	})
}

// readForm reads query and form once, so that what cannot be read is refused and not taken for empty fields.
func readForm(r *http.Request) error {
	if kind := r.Header.Get("Content-Type"); r.Method == http.MethodPost && kind != "" {
		if kind, _, err := mime.ParseMediaType(kind); err != nil || kind != "application/x-www-form-urlencoded" {
			return errForm
		}
	}
	err := r.ParseForm()
	var tooLarge *http.MaxBytesError
	if err == nil || errors.As(err, &tooLarge) {
		return err
	}
	return errForm
}

// owner says whose cart and checkout the request is about.
func (s *server) owner(w http.ResponseWriter, r *http.Request) (cart.Owner, error) {
	who, err := s.guests.Ensure(w, r)
	return cart.Owner(who.Owner()), err
}

// explain answers with what went wrong, in the shopper's words.
func (s *server) explain(w http.ResponseWriter, r *http.Request, err error) {
	var tooLarge *http.MaxBytesError
	switch {
	case nowhere(err):
		s.show(w, r, http.StatusNotFound, "message", message{Title: "We cannot find that page", Text: "It may have moved, or the link is incomplete."})
	case errors.As(err, &tooLarge):
		s.show(w, r, http.StatusRequestEntityTooLarge, "message", message{Title: "That was too much", Text: "The form is larger than we accept."})
	case r.Context().Err() != nil: // nobody waits for the answer any more
	default:
		s.apologizes(w, r, err)
	}
}

// nowhere reports whether an address leads to nothing here: unknown, somebody else's, or no name a product can have.
func nowhere(err error) bool {
	var refused *woo.InvalidError
	return errors.Is(err, errNoPage) || errors.Is(err, checkout.ErrNotFound) || errors.Is(err, woo.ErrNotFound) || errors.As(err, &refused)
}

// longestReason is how much of an error is written down or shown, in bytes: some quote what somebody sent.
const longestReason = 300

// clip shortens a text, and keeps it on one line.
func clip(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > longestReason {
		text = text[:longestReason] + "…"
	}
	return strings.ToValidUTF8(text, "�")
}

// message is a page that only says something, and where to go on.
type message struct{ Title, Text, Link, Label string }
