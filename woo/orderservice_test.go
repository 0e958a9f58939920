package woo_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/woo/wootest"
)

// replicas is a checkout run by two processes that share everything but their
// memory, in front of one store.
type replicas struct {
	*testing.T
	store    *wootest.Store
	orders   *crashing
	proxy    *doublingProxy
	services [2]*checkout.Service
	records  *memstore.Checkouts
	stock    *memstore.Stock
	carts    *cart.Service
	gateway  *fakegateway.Gateway

	mu  sync.Mutex
	now time.Time
}

func (s *replicas) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *replicas) advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

func (s *replicas) check(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// openReplicas reads catalogue and rules once, so that what goes wrong later
// goes wrong with orders.
func openReplicas(t *testing.T) *replicas {
	t.Helper()
	s := &replicas{T: t, now: time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC)}
	s.store, s.orders, s.proxy = front(t)
	items, err := s.orders.Items(t.Context(), []cart.ItemRef{product(16)})
	s.check(err)
	rules, err := s.orders.Rules(t.Context())
	s.check(err)
	items[0].Stock.Quantity = 10 * rounds
	catalog, cartStore := memstore.NewCatalog(items...), memstore.NewCarts()
	book, err := memstore.NewRulebook(rules)
	s.check(err)
	s.stock = memstore.NewStock(memstore.StockConfig{Now: s.clock})
	s.check(s.stock.Receive(t.Context(), inventory.Key{Item: inventory.ProductItem(16), Location: inventory.DefaultLocation}, 10*rounds))
	s.records = memstore.NewCheckouts(s.stock)
	s.carts, err = cart.NewService(cart.Config{Store: cartStore, Catalog: catalog, Now: s.clock})
	s.check(err)
	s.gateway, err = fakegateway.New(fakegateway.Config{KeySecret: payment.NewSecret("rzp_test_secret_0123456789"), Now: s.clock})
	s.check(err)
	for i := range s.services {
		s.services[i], err = checkout.New(checkout.Config{
			Store: s.records, Carts: cartStore, Catalog: catalog, Rules: book, Reserver: s.stock, Orders: s.orders, Now: s.clock,
			Payments: []checkout.PaymentOption{
				{Method: payment.MethodRazorpay, Title: "Razorpay", Gateway: s.gateway, Verifier: s.gateway},
				{Method: payment.MethodCOD, Title: "Cash on delivery", Gateway: payment.CashOnDelivery{}},
			},
		})
		s.check(err)
	}
	return s
}

// atTheTill takes one mug to where only the payment is missing.
func (s *replicas) atTheTill(owner cart.Owner) checkout.Record {
	s.Helper()
	ctx, service := s.Context(), s.services[0]
	_, err := s.carts.Add(ctx, owner, product(16), 1)
	s.check(err)
	started, err := service.Start(ctx, checkout.StartRequest{Owner: owner})
	s.check(err)
	_, err = service.SetAddresses(ctx, owner, started.Record.ID, checkout.Addresses{Billing: places["in another state"]})
	s.check(err)
	r, err := service.ChoosePayment(ctx, owner, started.Record.ID, payment.MethodRazorpay)
	s.check(err)
	r, err = service.Place(ctx, checkout.PlaceRequest{Owner: owner, ID: r.ID, Key: "key-" + string(r.ID), QuoteHash: r.QuoteHash})
	s.check(err)
	return r
}

// sell lets the shopper pay at one replica while the other works on the same
// checkout, and then both go on until nothing is due any more.
func (s *replicas) sell(r checkout.Record) checkout.Record {
	s.Helper()
	callback, err := s.gateway.Pay(r.Gateway.ID)
	s.check(err)
	s.together(func(i int) {
		if i == 0 {
			_, _ = s.services[0].ConfirmPayment(s.Context(), r.Owner, r.ID, callback) // the checkout says how it went
			return
		}
		_, _ = s.services[1].Advance(s.Context(), r.ID)
	})
	for end := s.clock().Add(45 * time.Minute); s.clock().Before(end); s.advance(15 * time.Second) {
		if r, err = s.records.Load(s.Context(), r.ID); err != nil || r.DueAt.IsZero() || r.DueAt.After(s.clock()) {
			s.check(err)
			continue
		}
		s.together(func(i int) { _, _ = s.services[i].Advance(s.Context(), r.ID) })
	}
	r, err = s.records.Load(s.Context(), r.ID)
	s.check(err)
	return r
}

// together runs both replicas at once. A goroutine of one may die.
func (s *replicas) together(do func(i int)) {
	var both sync.WaitGroup
	for i := range s.services {
		both.Go(func() { do(i) })
	}
	both.Wait()
}

// TestExactlyOneOrderByTheService: whatever happens to the calls and to the
// workers, a paid checkout ends with one order in effect, its stock moved once
// there and here, and nothing left hanging.
func TestExactlyOneOrderByTheService(t *testing.T) {
	var s *replicas
	for seed := range roundsNow() {
		tr := troubleOf(seed)
		if seed%roundsPerStore == 0 {
			s = openReplicas(t)
		}
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			s.T = t
			before := stockOf(t, s.store, 16)
			r := s.atTheTill(cart.Owner(fmt.Sprintf("guest:%d", seed)))
			tr.arm(t, s.store, s.proxy)
			s.orders.arm(tr.crash)
			r = s.sell(r)
			checkOneEffect(t, s.store, r.Token, before)
			if r.Status() != checkout.StatusOrdered || len(r.Intents) > 0 || r.Stock != checkout.StockConfirmed || r.Order.Twice || r.Order.Short {
				t.Errorf("%s, stock %s, order %+v, intents %+v", r.Status(), r.Stock, r.Order, r.Intents)
			}
			if double := s.store.Faults().Fired(wootest.Overlap) > 0; !double && len(r.Alerts) > 0 {
				t.Errorf("alerts %q", r.Alerts)
			}
			s.store.Faults().Clear()
			s.orders.arm("")
			if t.Failed() {
				t.Logf("trouble: %s\ntimeline: %+v\nalerts: %q", tr.name, r.Timeline, r.Alerts)
			}
		})
	}
}
