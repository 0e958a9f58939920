package checkouthttp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouthttp"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
)

// shop is a whole shop on memory behind its API.
type shop struct {
	t       testing.TB
	api     *checkouthttp.API
	service *checkout.Service
	carts   *cart.Service
	catalog *memstore.Catalog
	stock   *memstore.Stock
	store   *memstore.Checkouts
	gateway *fakegateway.Gateway
	rules   *memstore.Rulebook
	orders  *memstore.Orders

	recovery *checkout.Recovery

	mu  sync.Mutex
	now time.Time
}

func (s *shop) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *shop) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

func mug(price int64) cart.Item {
	return cart.Item{
		Ref: cart.ItemRef{ProductID: 11}, Status: cart.StatusOK, Purchasable: true, Name: "Terracotta mug",
		UnitPrice: decimal.NewFromInt(price), RegularPrice: decimal.NewFromInt(price), Currency: pricing.INR, TaxStatus: "none",
		Stock: cart.Stock{Item: "product:11", Managed: true, Quantity: 10, InStock: true},
	}
}

func rules() checkout.Rules {
	return checkout.Rules{
		Settings:  quote.Settings{Currency: pricing.INR, Decimals: 2, BaseCountry: "IN", BaseState: "KA"},
		Zones:     shipping.FlatWithFreeThreshold(decimal.NewFromInt(49), decimal.NewFromInt(999)),
		Countries: []string{"IN"},
		States:    map[string][]checkout.State{"IN": {{Code: "KA", Name: "Karnataka"}}},
	}
}

var errUnknownCaller = errors.New("no such caller")

// newShop opens a shop with ten mugs. Who asks is said by a header that only tests would trust.
func newShop(t testing.TB, change ...func(*checkout.Config, *checkouthttp.Config)) *shop {
	t.Helper()
	s := &shop{t: t, now: time.Date(2026, 11, 8, 18, 0, 0, 0, time.UTC)}
	s.stock = memstore.NewStock(memstore.StockConfig{Now: s.clock})
	s.check(s.stock.Receive(t.Context(), inventory.ProductItem(11).At(inventory.DefaultLocation), 10))
	s.catalog, s.orders = memstore.NewCatalog(mug(499)), memstore.NewOrders(s.clock)
	s.store = memstore.NewCheckouts(s.stock)
	carts := memstore.NewCarts()
	var err error
	s.carts, err = cart.NewService(cart.Config{Store: carts, Catalog: s.catalog, Now: s.clock})
	s.check(err)
	s.gateway, err = fakegateway.New(fakegateway.Config{KeySecret: payment.NewSecret("rzp_test_secret_0123456789"), Now: s.clock})
	s.check(err)
	s.rules, err = memstore.NewRulebook(rules())
	s.check(err)
	config := checkout.Config{
		Store: s.store, Carts: carts, Catalog: s.catalog, Rules: s.rules, Reserver: s.stock, Orders: s.orders, Now: s.clock,
		Payments: []checkout.PaymentOption{
			{Method: payment.MethodRazorpay, Title: "Razorpay", Gateway: s.gateway, Verifier: s.gateway},
			{Method: payment.MethodCOD, Title: "Cash on delivery", Gateway: payment.CashOnDelivery{}},
		},
	}
	c := checkouthttp.Config{
		Carts: s.carts, Owner: callerOf, Operator: staffOf, CustomerID: func(*http.Request) (int64, error) { return 0, nil },
		WindowKeys: map[payment.Method]string{payment.MethodRazorpay: "rzp_test_public"},
		ReturnTo:   func(id checkout.ID) string { return "/orders/" + string(id) },
	}
	for _, f := range change {
		f(&config, &c)
	}
	s.service, err = checkout.New(config)
	s.check(err)
	c.Service = s.service
	s.recovery, err = checkout.NewRecovery(checkout.RecoveryConfig{
		Service: s.service, Carts: s.carts, Keys: []checkout.Secret{checkout.NewSecret("0123456789abcdef0123456789abcdef")}, Now: s.clock,
	})
	s.check(err)
	c.Recovery = s.recovery
	s.api, err = checkouthttp.New(c)
	s.check(err)
	return s
}

func callerOf(r *http.Request) (checkout.Owner, error) {
	if who := r.Header.Get("X-Test-Shopper"); who != "" {
		return checkout.Owner(who), nil
	}
	return "", errUnknownCaller
}

func staffOf(r *http.Request) (string, error) {
	if who := r.Header.Get("X-Test-Staff"); who != "" {
		return who, nil
	}
	return "", errUnknownCaller
}

func (s *shop) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// caller asks the API as somebody.
type caller struct {
	*shop
	header http.Header
}

const (
	asha = "guest:asha"
	ravi = "customer:ravi"
)

func (s *shop) as(shopper string) caller {
	return caller{s, http.Header{"X-Test-Shopper": {shopper}}}
}

func (s *shop) staff() caller { return caller{s, http.Header{"X-Test-Staff": {"meera"}}} }

func (s *shop) nobody() caller { return caller{s, http.Header{}} }

// with is the caller sending another header too.
func (c caller) with(name, value string) caller {
	c.header = c.header.Clone()
	c.header.Add(name, value)
	return c
}

// answer is what came back.
type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   []byte
}

// send makes a request, and holds it and its answer against the contract.
func (c caller) send(method, target, body string) answer {
	c.t.Helper()
	r := httptest.NewRequestWithContext(context.Background(), method, target, strings.NewReader(body))
	if method != http.MethodGet {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, values := range c.header {
		r.Header[name] = values
	}
	return c.do(r, body)
}

func (c caller) do(r *http.Request, body string) answer {
	c.t.Helper()
	w := httptest.NewRecorder()
	c.api.ServeHTTP(w, r)
	a := answer{c.t, w.Code, w.Header(), w.Body.Bytes()}
	contract(c.t).hold(c.t, r, []byte(body), a)
	return a
}

func (c caller) get(target string) answer { c.t.Helper(); return c.send(http.MethodGet, target, "") }
func (c caller) put(target, body string) answer {
	c.t.Helper()
	return c.send(http.MethodPut, target, body)
}
func (c caller) post(target, body string) answer {
	c.t.Helper()
	return c.send(http.MethodPost, target, body)
}

// want ends the test unless the answer has the status.
func (a answer) want(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	return a
}

// problem ends the test unless the answer is a problem with the code.
func (a answer) problem(code checkouthttp.Code) checkouthttp.Problem {
	a.t.Helper()
	var p checkouthttp.Problem
	if err := json.Unmarshal(a.body, &p); err != nil || p.Code != code || p.Status != a.status {
		a.t.Fatalf("status %d, want a problem %q: %s", a.status, code, a.body)
	}
	if kind := a.header.Get("Content-Type"); kind != "application/problem+json" {
		a.t.Fatalf("a problem as %q", kind)
	}
	return p
}

// view is what tests look at of a checkout.
type view struct {
	ID        string
	Status    checkout.Status
	QuoteHash string `json:"quote_hash"`
	Gateway   *struct {
		OrderID string `json:"order_id"`
		Minor   int64  `json:"amount_minor"`
	}
	OrderNumber string `json:"order_number"`
}

func (a answer) checkout() view {
	a.t.Helper()
	var outer struct{ Checkout *view }
	var v view
	if err := json.Unmarshal(a.body, &outer); err == nil && outer.Checkout != nil {
		return *outer.Checkout
	}
	if err := json.Unmarshal(a.body, &v); err != nil || v.ID == "" {
		a.t.Fatalf("no checkout: %s", a.body)
	}
	return v
}

const home = `{"billing":{"first_name":"Asha","last_name":"Rao","address_1":"12 MG Road","city":"Bengaluru","state":"KA",` +
	`"postcode":"560 001","country":"IN","email":"asha@example.in","phone":"98450 12345"}}`

// started is a checkout of some mugs.
func (c caller) started(pieces string) view {
	c.t.Helper()
	c.post("/cart/changes", `{"op":"add","product_id":11,"quantity":`+pieces+`}`).want(http.StatusOK)
	return c.post("/checkouts", `{}`).want(http.StatusCreated).checkout()
}

// ready is a checkout that only has to be placed.
func (c caller) ready(pieces string, method payment.Method) view {
	c.t.Helper()
	at := "/checkouts/" + c.started(pieces).ID
	c.put(at+"/addresses", home).want(http.StatusOK)
	return c.put(at+"/payment-method", `{"method":"`+string(method)+`"}`).want(http.StatusOK).checkout()
}

// place places with a key of its own for each checkout.
func (c caller) place(v view) answer {
	c.t.Helper()
	return c.with("Idempotency-Key", "key-"+v.ID).post("/checkouts/"+v.ID+"/place", `{"quote_hash":"`+v.QuoteHash+`"}`)
}

// placed is a checkout that waits for its payment.
func (c caller) placed(pieces string) view {
	c.t.Helper()
	return c.place(c.ready(pieces, payment.MethodRazorpay)).want(http.StatusOK).checkout()
}

// paid is a checkout with its order.
func (c caller) paid(pieces string) view {
	c.t.Helper()
	v := c.placed(pieces)
	return c.post("/checkouts/"+v.ID+"/payment", c.callback(v)).want(http.StatusOK).checkout()
}

// callback is what the gateway's window signs for a payment.
func (c caller) callback(v view) string {
	c.t.Helper()
	signed, err := c.gateway.Pay(v.Gateway.OrderID)
	c.check(err)
	body, err := json.Marshal(signed)
	c.check(err)
	return string(bytes.TrimSpace(body))
}

// unchanged checks that no checkout has moved since.
func (s *shop) unchanged(before []checkout.Record) {
	s.t.Helper()
	after, err := s.store.All()
	s.check(err)
	if len(before) != len(after) {
		s.t.Fatalf("%d checkouts, now %d", len(before), len(after))
	}
	for i := range before {
		if before[i].ID != after[i].ID || before[i].Version != after[i].Version {
			s.t.Errorf("%v became %v", before[i], after[i])
		}
	}
}
