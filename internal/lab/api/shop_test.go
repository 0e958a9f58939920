package api_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/auth"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouthttp"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

// shop is a WooCommerce stand-in, everything of ours in front of it, and its API at /api.
type shop struct {
	t       *testing.T
	store   *wootest.Store
	woo     *woo.Client
	gateway *fakegateway.Gateway
	server  *httptest.Server
}

func open(t *testing.T) *shop {
	t.Helper()
	s := &shop{t: t}
	var err error
	s.store, err = wootest.New(wootest.Config{})
	s.check(err)
	t.Cleanup(func() { _ = s.store.Close() })
	s.woo, err = woo.New(woo.Config{
		URL: s.store.URL(), Key: s.store.ConsumerKey(), Secret: woo.NewSecret(s.store.ConsumerSecret()), HTTP: s.store.HTTPClient(),
	})
	s.check(err)
	s.gateway, err = fakegateway.New(fakegateway.Config{KeySecret: payment.NewSecret(rand.Text())})
	s.check(err)
	guests, err := auth.NewGuests(auth.GuestConfig{Keys: []auth.Secret{auth.NewSecret(rand.Text() + rand.Text())}, DangerouslyAllowPlainHTTP: true})
	s.check(err)
	api := s.api()
	mux := http.NewServeMux()
	mux.Handle("/api/", guests.Middleware(http.StripPrefix("/api", api)))
	mux.Handle("POST /api/checkouts/{id}/return", api.Return())
	s.server = httptest.NewServer(mux)
	t.Cleanup(s.server.Close)
	return s
}

func (s *shop) api() *checkouthttp.API {
	s.t.Helper()
	cartStore, stock := memstore.NewCarts(), memstore.NewStock(memstore.StockConfig{})
	carts, err := cart.NewService(cart.Config{Store: cartStore, Catalog: s.woo})
	s.check(err)
	service, err := checkout.New(checkout.Config{
		Store: memstore.NewCheckouts(stock), Carts: cartStore, Catalog: s.woo, Rules: s.woo, Reserver: stock, Orders: s.woo, Stock: s.woo,
		Payments: []checkout.PaymentOption{
			{Method: payment.MethodRazorpay, Title: "Razorpay", Gateway: s.gateway, Verifier: s.gateway},
			{Method: payment.MethodCOD, Title: "Cash on delivery", Gateway: payment.CashOnDelivery{}},
		},
	})
	s.check(err)
	api, err := checkouthttp.New(checkouthttp.Config{
		Service: service, Carts: carts, ReturnTo: func(id checkout.ID) string { return "/api/checkouts/" + string(id) },
		Owner: func(r *http.Request) (checkout.Owner, error) {
			who, ok := auth.FromContext(r.Context())
			if !ok {
				return "", errors.New("no guest yet")
			}
			return checkout.Owner(who.Owner()), nil
		},
	})
	s.check(err)
	return api
}

func (s *shop) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// browser is somebody with cookies.
type browser struct {
	*shop
	client http.Client
}

func (s *shop) browser() *browser {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	s.check(err)
	return &browser{s, http.Client{Jar: jar}}
}

// send makes a request as the shop's own page would, wants a status, and decodes the answer.
func (b *browser) send(method, path, body string, want int, into any) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.server.URL+"/api"+path, strings.NewReader(body))
	b.check(err)
	if method != http.MethodGet {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("Idempotency-Key", "key-"+path)
	}
	b.do(r, want, into)
}

func (b *browser) do(r *http.Request, want int, into any) {
	b.t.Helper()
	response, err := b.client.Do(r)
	b.check(err)
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(response.Body)
	b.check(err)
	if response.StatusCode != want {
		b.t.Fatalf("%s %s: %d, want %d: %s", r.Method, r.URL.Path, response.StatusCode, want, bytes.TrimSpace(data))
	}
	if into != nil {
		b.check(json.Unmarshal(data, into))
	}
}

// counted is a simple product that the store counts, and has two pieces of, for anybody to buy as many as they like.
func (s *shop) counted() woo.Product {
	s.t.Helper()
	for p, err := range s.woo.Products(s.t.Context(), woo.ProductFilter{}) {
		if err != nil || !p.Stock.Managed || len(p.Variations) > 0 || p.SoldIndividually {
			continue
		}
		if s.left(p) >= 2 {
			return p
		}
	}
	s.t.Fatal("the store counts nothing")
	return woo.Product{}
}

// left is how many pieces of a product the store has.
func (s *shop) left(p woo.Product) int64 {
	s.t.Helper()
	stock, err := s.store.Stock(p.ID)
	s.check(err)
	return stock.Quantity
}
