package razorpay_test

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/adapters/razorpay"
	"github.com/ankkor/ankkor/adapters/razorpay/razorpaytest"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
)

// shop is a whole shop on memory that is paid through Razorpay, webhooks included.
type shop struct {
	*checkout.Service
	*bank
	t          *testing.T
	config     checkout.Config
	catalog    *memstore.Catalog
	stock      *memstore.Stock
	carts      *cart.Service
	rules      *memstore.Rulebook
	store      *memstore.Checkouts
	orders     *memstore.Orders
	inbox      *memstore.Inbox
	dispatcher *inbox.Dispatcher
}

// mug costs ₹499 and ₹49 to ship.
var mug = cart.Item{
	Ref: cart.ItemRef{ProductID: 11}, Status: cart.StatusOK, Purchasable: true, Name: "Terracotta mug",
	UnitPrice: decimal.NewFromInt(499), Currency: pricing.INR, TaxStatus: "taxable",
	Stock: cart.Stock{Item: string(inventory.ProductItem(11)), Managed: true, Quantity: 10, InStock: true},
}

func flatRules() checkout.Rules {
	return checkout.Rules{
		Settings:  quote.Settings{Currency: pricing.INR, Decimals: 2, BaseCountry: "IN", BaseState: "KA"},
		Zones:     shipping.FlatWithFreeThreshold(decimal.NewFromInt(49), decimal.NewFromInt(999)),
		Countries: []string{"IN"},
		States:    map[string][]checkout.State{"IN": {{Code: "KA", Name: "Karnataka"}}},
		Coupons: map[string]quote.Coupon{"diwali": {
			ID: 1, Code: "diwali", Type: quote.FixedCartCoupon, Amount: decimal.NewFromInt(100), UsageLimit: 1,
		}},
	}
}

// newShop opens one with ten mugs whose money is captured in that way.
func newShop(t *testing.T, capture razorpay.Capture) *shop {
	t.Helper()
	s := &shop{t: t, bank: newBank(t, func(c *razorpay.Config) { c.Capture = capture }), catalog: memstore.NewCatalog(mug)}
	s.stock = memstore.NewStock(memstore.StockConfig{Now: s.clock.Now})
	s.check(s.stock.Receive(t.Context(), mugKey(), 10))
	cartStore := memstore.NewCarts()
	var err error
	s.carts, err = cart.NewService(cart.Config{Store: cartStore, Catalog: s.catalog, Now: s.clock.Now})
	s.check(err)
	s.rules, err = memstore.NewRulebook(flatRules())
	s.check(err)
	s.store, s.orders = memstore.NewCheckouts(s.stock), memstore.NewOrders(s.clock.Now)
	s.config = checkout.Config{
		Store: s.store, Carts: cartStore, Catalog: s.catalog, Rules: s.rules, Reserver: s.stock, Orders: s.orders, Now: s.clock.Now,
		Payments: []checkout.PaymentOption{{Method: payment.MethodRazorpay, Title: "Razorpay", Gateway: s.client, Verifier: s.client}},
		Log:      slog.New(slog.DiscardHandler),
	}
	s.Service, err = checkout.New(s.config)
	s.check(err)
	s.listen()
	return s
}

// listen subscribes the shop to Razorpay's events.
func (s *shop) listen() {
	s.t.Helper()
	s.inbox = memstore.NewInbox(s.clock.Now)
	_, err := s.AddWebhook(razorpaytest.Webhook{Secret: hookSecret, Handler: newReceiver(s.t, s.inbox, hookSecret)})
	s.check(err)
	s.dispatcher, err = razorpay.NewDispatcher(inbox.DispatcherConfig{Inbox: s.inbox, Log: s.config.Log}, razorpay.Recheck(s.Service))
	s.check(err)
}

func mugKey() inventory.Key {
	return inventory.Key{Item: inventory.Item(mug.Stock.Item), Location: inventory.DefaultLocation}
}

func (s *shop) check(err error, allowed ...error) {
	s.t.Helper()
	if err != nil && !slices.ContainsFunc(allowed, func(want error) bool { return errors.Is(err, want) }) {
		s.t.Fatal(err)
	}
}

// placed is a checkout of mugs that waits for its payment; coupons may be none.
func (s *shop) placed(owner cart.Owner, quantity int64, coupons ...string) checkout.Record {
	s.t.Helper()
	ctx := s.t.Context()
	_, err := s.carts.Add(ctx, owner, mug.Ref, quantity)
	s.check(err)
	for _, code := range coupons {
		_, err = s.carts.ApplyCoupon(ctx, owner, code)
		s.check(err)
	}
	started, err := s.Start(ctx, checkout.StartRequest{Owner: owner})
	s.check(err)
	_, err = s.SetAddresses(ctx, owner, started.Record.ID, checkout.Addresses{Billing: checkout.Address{
		FirstName: "Asha", LastName: "Rao", Address1: "12 MG Road", City: "Bengaluru", State: "KA", Postcode: "560001", Country: "IN",
		Email: "asha@example.in", Phone: "9845012345",
	}})
	s.check(err)
	ready, err := s.ChoosePayment(ctx, owner, started.Record.ID, payment.MethodRazorpay)
	s.check(err)
	r, err := s.Place(ctx, checkout.PlaceRequest{Owner: owner, ID: ready.ID, Key: "key-" + string(ready.ID), QuoteHash: ready.QuoteHash})
	s.check(err)
	return r
}

// try pays at Razorpay; nobody tells the shop but webhooks.
func (s *shop) try(r checkout.Record, a razorpaytest.Attempt) string {
	s.t.Helper()
	c, err := s.Attempt(r.Gateway.ID, a)
	if c.PaymentID == "" {
		s.t.Fatal(err)
	}
	return c.PaymentID
}

// pass lets time go by a minute or a tenth at a time, with webhooks and everything that falls due.
func (s *shop) pass(d time.Duration) {
	s.t.Helper()
	step := max(min(time.Minute, d), d/100)
	for end := s.clock.Now().Add(d); ; s.clock.pass(min(step, end.Sub(s.clock.Now()))) {
		s.work()
		if !s.clock.Now().Before(end) {
			return
		}
	}
}

func (s *shop) work() {
	s.t.Helper()
	s.Deliver(s.t.Context())
	_, err := s.dispatcher.Dispatch(s.t.Context())
	s.check(err)
	for {
		n, err := s.AdvanceDue(s.t.Context(), 100)
		if n == 0 || err != nil { // what failed is due again later
			return
		}
	}
}

func (s *shop) load(r checkout.Record) checkout.Record {
	s.t.Helper()
	now, err := s.store.Load(s.t.Context(), r.ID)
	s.check(err)
	return now
}

// effective are the orders of a checkout that took effect.
func (s *shop) effective(r checkout.Record) []checkout.StoreOrder {
	var list []checkout.StoreOrder
	for _, o := range s.orders.All() {
		if o.Token == r.Token && o.Effective() {
			list = append(list, o)
		}
	}
	return list
}

// level is what is known of the mugs, and checks that none appeared or vanished.
func (s *shop) level() inventory.Level {
	s.t.Helper()
	levels, err := s.stock.Levels(s.t.Context(), []inventory.Item{mugKey().Item})
	s.check(err)
	entries, err := s.stock.Entries(s.t.Context(), inventory.LedgerQuery{})
	s.check(err)
	s.check(inventory.Conserved(entries, levels[0]))
	return levels[0]
}

// sellOut takes every mug that is left away.
func (s *shop) sellOut() {
	s.t.Helper()
	_, err := s.stock.Move(s.t.Context(), inventory.Move{
		Kind: inventory.Adjust, Ref: "count", Lines: []inventory.Held{{Key: mugKey(), Quantity: -s.level().Available()}},
	})
	s.check(err)
}

// money is what Razorpay holds of an order for the shop: captured less given back.
func (s *shop) money(r checkout.Record) (held int64, captures int) {
	for _, p := range s.Server.Payments(r.Gateway.ID) {
		if p.Captured {
			captures++
			held += p.Amount - p.AmountRefunded
		}
	}
	return held, captures
}

// balanced checks that money and order go together: one order and its price, or no order and nothing.
func (s *shop) balanced(r checkout.Record) error {
	held, _ := s.money(r)
	switch orders := s.effective(r); {
	case len(orders) > 1:
		return fmt.Errorf("%d orders took effect", len(orders))
	case len(orders) == 1 && held != r.Gateway.Amount.Minor():
		return fmt.Errorf("an order, and %d of %d held", held, r.Gateway.Amount.Minor())
	case len(orders) == 0 && held != 0:
		return fmt.Errorf("no order, and %d held", held)
	}
	return nil
}
