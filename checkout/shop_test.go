package checkout_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
)

// clock is a time that only moves when told.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 8, 18, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// shop is a whole shop on memory, with a hand on everything in it.
type shop struct {
	*checkout.Service
	config  checkout.Config
	restart func() // replaces a process that has died, or nil
	t       testing.TB
	clock   *clock
	catalog *memstore.Catalog
	stock   *memstore.Stock
	carts   *cart.Service
	store   *memstore.Checkouts
	rules   *memstore.Rulebook
	gateway *fakegateway.Gateway
	orders  *faultyOrders
	notices *notices
}

var (
	mug   = managed(11, "Terracotta mug", 499, "gst-12")
	sari  = managed(12, "Kanchipuram sari", 125000, "gst-5")
	eBook = cart.Item{
		Ref: cart.ItemRef{ProductID: 13}, Status: cart.StatusOK, Purchasable: true, Name: "E-book", UnitPrice: decimal.NewFromInt(99),
		Currency: pricing.INR, TaxStatus: "taxable", TaxClass: "gst-12", Virtual: true, Stock: cart.Stock{Item: "product:13", InStock: true},
	}
)

func managed(id int64, name string, price int64, class string) cart.Item {
	return cart.Item{
		Ref: cart.ItemRef{ProductID: id}, Status: cart.StatusOK, Purchasable: true, Name: name,
		UnitPrice: decimal.NewFromInt(price), Currency: pricing.INR, TaxStatus: "taxable", TaxClass: class,
		Stock: cart.Stock{Item: string(inventory.ProductItem(id)), Managed: true, Quantity: 10, InStock: true},
	}
}

// newShop opens a shop with ten mugs, ten saris and an e-book. Each change may alter the configuration.
func newShop(t testing.TB, change ...func(*checkout.Config)) *shop {
	t.Helper()
	s := &shop{t: t, clock: newClock(), catalog: memstore.NewCatalog(mug, sari, eBook), notices: &notices{}}
	s.stock = memstore.NewStock(memstore.StockConfig{Now: s.clock.Now})
	for _, item := range []cart.Item{mug, sari} {
		s.check(s.stock.Receive(t.Context(), keyOf(item), 10))
	}
	cartStore := memstore.NewCarts()
	var err error
	s.carts, err = cart.NewService(cart.Config{Store: cartStore, Catalog: s.catalog, Now: s.clock.Now})
	s.check(err)
	s.gateway, err = fakegateway.New(fakegateway.Config{KeySecret: payment.NewSecret("rzp_test_secret_0123456789"), Now: s.clock.Now})
	s.check(err)
	s.rules, err = memstore.NewRulebook(karnataka())
	s.check(err)
	s.store = memstore.NewCheckouts(s.stock)
	s.orders = &faultyOrders{Orders: memstore.NewOrders(s.clock.Now), now: s.clock.Now}
	c := checkout.Config{
		Store: s.store, Carts: cartStore, Catalog: s.catalog, Rules: s.rules, Reserver: s.stock, Orders: s.orders,
		Notifier: s.notices, Now: s.clock.Now,
		Payments: []checkout.PaymentOption{
			{Method: payment.MethodRazorpay, Title: "Razorpay", Gateway: s.gateway, Verifier: s.gateway},
			{Method: payment.MethodCOD, Title: "Cash on delivery", Gateway: payment.CashOnDelivery{}},
		},
	}
	for _, f := range change {
		f(&c)
	}
	s.config = c
	s.reopenShop(func(*checkout.Config) {})
	return s
}

// reopenShop starts another process on the same stores, configured a little differently.
func (s *shop) reopenShop(change func(*checkout.Config)) {
	s.t.Helper()
	c := s.config
	change(&c)
	var err error
	s.Service, err = checkout.New(c)
	s.check(err)
}

func keyOf(item cart.Item) inventory.Key {
	return inventory.Key{Item: inventory.Item(item.Stock.Item), Location: inventory.DefaultLocation}
}

// karnataka is a store in Bengaluru: GST inside the price, ₹49 to ship, free from ₹999.
func karnataka() checkout.Rules {
	rules := checkout.Rules{
		Settings: quote.Settings{
			Currency: pricing.INR, Decimals: 2, TaxEnabled: true, PricesIncludeTax: true, BaseCountry: "IN", BaseState: "KA",
			TaxBasedOn: quote.BasedOnShipping, CartDisplay: quote.DisplayInclusive, ShippingTaxClass: quote.InheritShippingClass,
		},
		Zones:             shipping.FlatWithFreeThreshold(decimal.NewFromInt(49), decimal.NewFromInt(999)),
		HideRatesWhenFree: true,
		Countries:         []string{"IN"},
		States:            map[string][]checkout.State{"IN": {{Code: "KA", Name: "Karnataka"}, {Code: "TN", Name: "Tamil Nadu"}, {Code: "OD", Name: "Odisha"}}},
	}
	id := int64(0)
	for _, slab := range []struct{ class, half, whole string }{{"gst-12", "6", "12"}, {"gst-5", "2.5", "5"}} {
		rate := func(state, name, percent string, priority int) {
			id++
			rules.TaxRates = append(rules.TaxRates, quote.TaxRate{
				ID: id, Class: slab.class, Country: "IN", State: state, Name: name, Rate: decimal.RequireFromString(percent),
				Priority: priority, Shipping: true,
			})
		}
		rate("KA", "CGST", slab.half, 1)
		rate("KA", "SGST", slab.half, 2)
		rate("", "IGST", slab.whole, 1)
	}
	return rules
}

// check ends the test on an error that is none of those allowed.
func (s *shop) check(err error, allowed ...error) {
	s.t.Helper()
	if err != nil && !slices.ContainsFunc(allowed, func(want error) bool { return errors.Is(err, want) }) {
		s.t.Fatal(err)
	}
}

// fill puts pieces of an item into the owner's cart.
func (s *shop) fill(owner cart.Owner, item cart.Item, quantity int64) {
	s.t.Helper()
	_, err := s.carts.Add(s.t.Context(), owner, item.Ref, quantity)
	s.check(err)
}

func asha() checkout.Address {
	return checkout.Address{
		FirstName: "Asha", LastName: "Rao", Address1: "12 MG Road", City: "Bengaluru", State: "KA", Postcode: "560001", Country: "IN",
		Email: "asha@example.in", Phone: "9845012345",
	}
}

// ready takes the owner's cart to the point where only Place is missing.
func (s *shop) ready(owner cart.Owner, m payment.Method) checkout.Record {
	s.t.Helper()
	started, err := s.Start(s.t.Context(), checkout.StartRequest{Owner: owner})
	s.check(err)
	_, err = s.SetAddresses(s.t.Context(), owner, started.Record.ID, checkout.Addresses{Billing: asha()})
	s.check(err)
	r, err := s.ChoosePayment(s.t.Context(), owner, started.Record.ID, m)
	s.check(err)
	return r
}

func (s *shop) place(r checkout.Record) checkout.Record {
	s.t.Helper()
	placed, err := s.Place(s.t.Context(), placeRequest(r))
	s.check(err)
	return placed
}

func placeRequest(r checkout.Record) checkout.PlaceRequest {
	return checkout.PlaceRequest{Owner: r.Owner, ID: r.ID, Key: "key-" + string(r.ID), QuoteHash: r.QuoteHash}
}

// placed is a checkout of one item that waits for its payment.
func (s *shop) placed(owner cart.Owner, item cart.Item, quantity int64) checkout.Record {
	s.t.Helper()
	s.fill(owner, item, quantity)
	return s.place(s.ready(owner, payment.MethodRazorpay))
}

func (s *shop) pay(r checkout.Record) checkout.Record {
	s.t.Helper()
	callback, err := s.gateway.Pay(r.Gateway.ID)
	s.check(err)
	paid, err := s.ConfirmPayment(s.t.Context(), r.Owner, r.ID, callback)
	s.check(err)
	return paid
}

func (s *shop) load(id checkout.ID) checkout.Record {
	s.t.Helper()
	r, err := s.store.Load(s.t.Context(), id)
	s.check(err)
	return r
}

// pass lets time go by, from one moment at which something is due to the next, and does whatever falls due.
func (s *shop) pass(d time.Duration) {
	s.t.Helper()
	for end := s.clock.Now().Add(d); ; s.clock.advance(s.untilDue(end)) {
		if s.restart != nil {
			s.restart()
		}
		for {
			n, err := s.AdvanceDue(s.t.Context(), 100)
			if n == 0 || err != nil { // what failed is due again later
				break
			}
		}
		if !s.clock.Now().Before(end) {
			return
		}
	}
}

// untilDue is how long nothing happens: half a minute at least, and not beyond the end.
func (s *shop) untilDue(end time.Time) time.Duration {
	s.t.Helper()
	all, err := s.store.All()
	s.check(err)
	due := end
	for _, r := range all {
		if !r.DueAt.IsZero() && r.DueAt.Before(due) {
			due = r.DueAt
		}
	}
	now := s.clock.Now()
	return min(max(due.Sub(now), 30*time.Second), end.Sub(now))
}

// level is what is known of an item's stock.
func (s *shop) level(item cart.Item) inventory.Level {
	s.t.Helper()
	levels, err := s.stock.Levels(s.t.Context(), []inventory.Item{inventory.Item(item.Stock.Item)})
	s.check(err)
	if len(levels) != 1 {
		s.t.Fatalf("%d levels of %s", len(levels), item.Stock.Item)
	}
	return levels[0]
}

// conserved checks that no piece appeared or vanished.
func (s *shop) conserved() {
	s.t.Helper()
	entries, err := s.stock.Entries(s.t.Context(), inventory.LedgerQuery{})
	s.check(err)
	for _, item := range []cart.Item{mug, sari} {
		s.check(inventory.Conserved(entries, s.level(item)))
	}
}

// effective counts the orders with the token that took effect.
func (s *shop) effective(token string) int {
	n := 0
	for _, o := range s.orders.All() {
		if o.Token == token && o.Effective() {
			n++
		}
	}
	return n
}

// notices remembers what customers were told. Like a mail service it deduplicates by key.
type notices struct {
	mu   sync.Mutex
	sent []checkout.Notice
}

func (n *notices) Notify(_ context.Context, notice checkout.Notice) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !slices.ContainsFunc(n.sent, func(o checkout.Notice) bool { return o.Key == notice.Key }) {
		n.sent = append(n.sent, notice)
	}
	return nil
}

func (n *notices) count(kind checkout.NoticeKind) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	count := 0
	for _, notice := range n.sent {
		if notice.Kind == kind {
			count++
		}
	}
	return count
}

// faultyOrders is a book of orders that can lose replies or be away. Each fault is used once, in order; nil is none.
type faultyOrders struct {
	*memstore.Orders
	now    func() time.Time
	mu     sync.Mutex
	away   time.Time // before it nothing is answered
	before []error   // returned instead of doing anything
	after  []error   // returned after it was done
}

func (f *faultyOrders) next(list *[]error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.now().Before(f.away) {
		return checkout.ErrUnavailable
	}
	if len(*list) == 0 {
		return nil
	}
	err := (*list)[0]
	*list = (*list)[1:]
	return err
}

func (f *faultyOrders) CreatePending(ctx context.Context, req checkout.OrderRequest) (checkout.StoreOrder, error) {
	if err := f.next(&f.before); err != nil {
		return checkout.StoreOrder{}, err
	}
	o, err := f.Orders.CreatePending(ctx, req)
	if lost := f.next(&f.after); lost != nil {
		return checkout.StoreOrder{}, lost
	}
	return o, err
}

func (f *faultyOrders) Complete(ctx context.Context, id int64, how checkout.Completion) (checkout.StoreOrder, error) {
	if err := f.next(&f.before); err != nil {
		return checkout.StoreOrder{}, err
	}
	o, err := f.Orders.Complete(ctx, id, how)
	if lost := f.next(&f.after); lost != nil {
		return checkout.StoreOrder{}, lost
	}
	return o, err
}

func (f *faultyOrders) SettleCash(ctx context.Context, id int64, how checkout.CashSettlement) (checkout.StoreOrder, error) {
	if err := f.next(&f.before); err != nil {
		return checkout.StoreOrder{}, err
	}
	o, err := f.Orders.SettleCash(ctx, id, how)
	if lost := f.next(&f.after); lost != nil {
		return checkout.StoreOrder{}, lost
	}
	return o, err
}

func (f *faultyOrders) NoteOrder(ctx context.Context, id int64, text string) error {
	if err := f.next(&f.before); err != nil {
		return err
	}
	err := f.Orders.NoteOrder(ctx, id, text)
	if lost := f.next(&f.after); lost != nil {
		return lost
	}
	return err
}
