package crash

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/internal/lab/copies"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
)

// clock is a time that moves when it is told to.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

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

// deciding is a store of checkouts that keeps the levels it decides by, as one in Postgres does.
type deciding struct {
	*copies.Reader
	*memstore.Stock
}

var _ Deciding = deciding{}

// Entries implements inventory.Ledger, which both parts do.
func (d deciding) Entries(ctx context.Context, q inventory.LedgerQuery) ([]inventory.Entry, error) {
	return d.Stock.Entries(ctx, q)
}

// NewMemory is a World in memory. As in a shop with Redis, reservations are kept apart from what decides, and both learn
// of an item from the store of record when it is first asked for.
func NewMemory() (*World, error) {
	time := &clock{now: time.Date(2026, 11, 8, 18, 0, 0, 0, time.UTC)}
	books := memstore.NewStock(memstore.StockConfig{Now: time.Now})
	bank, err := newMemoryBank(time)
	if err != nil {
		return nil, err
	}
	rules, err := memstore.NewRulebook(memoryRules())
	if err != nil {
		return nil, err
	}
	post, orders, records := NewPost(), memstore.NewOrders(time.Now), copies.NewReader(memstore.NewCheckouts(books))
	return &World{
		Coupon: memoryCoupon,
		Config: checkout.Config{
			Store: deciding{records, books}, Carts: memstore.NewCarts(), Catalog: memstore.NewCatalog(mug()),
			Rules: rules, Reserver: memstore.NewStock(memstore.StockConfig{Now: time.Now}), Orders: orders, Stock: shelf{},
			Notifier: post, Publisher: post, Shipper: post, Now: time.Now,
			Payments: PaymentsThrough(bank.Gateway, bank.Gateway), CashHistory: records,
		},
		Look: orders.FindOrder, Inbox: memstore.NewInbox(time.Now), Bank: bank, Books: books, Post: post, Advance: time.advance,
		Sold: func() (int64, error) { return subtracted(orders.All()), nil },
	}, nil
}

// subtracted is how many pieces the store of record took for orders.
func subtracted(all []checkout.StoreOrder) (sum int64) {
	for _, o := range all {
		for _, l := range o.Lines {
			sum += l.Reduced
		}
	}
	return sum
}

func mug() cart.Item {
	return cart.Item{
		Ref: cart.ItemRef{ProductID: Product}, Status: cart.StatusOK, Purchasable: true, Name: "Terracotta mug",
		UnitPrice: decimal.NewFromInt(499), Currency: pricing.INR, TaxStatus: "taxable",
		Stock: cart.Stock{Item: string(Item()), Managed: true, Quantity: Pieces, InStock: true},
	}
}

const memoryCoupon = "once"

// memoryRules are ₹49 to ship, and a coupon of ₹100 for one order.
func memoryRules() checkout.Rules {
	return checkout.Rules{
		Settings:  quote.Settings{Currency: pricing.INR, Decimals: 2, BaseCountry: "IN", BaseState: "KA"},
		Zones:     shipping.FlatWithFreeThreshold(decimal.NewFromInt(49), decimal.NewFromInt(5000)),
		Countries: []string{"IN"},
		States:    map[string][]checkout.State{"IN": {{Code: "KA", Name: "Karnataka"}}},
		Coupons: map[string]quote.Coupon{memoryCoupon: {
			ID: 1, Code: memoryCoupon, Type: quote.FixedCartCoupon, Amount: decimal.NewFromInt(100), UsageLimit: 1,
		}},
	}
}

// shelf is a store of record that has Pieces of everything.
type shelf struct{}

func (shelf) Stock(_ context.Context, items []inventory.Item) ([]inventory.Level, error) {
	known := make([]inventory.Level, len(items))
	for i, item := range items {
		known[i] = inventory.Level{Key: item.At(inventory.DefaultLocation), OnHand: Pieces, Policy: inventory.Deny}
	}
	return known, nil
}

// memoryBank is a fake gateway that tells of payments as Razorpay does: which order to look at, late, twice, in any order.
type memoryBank struct {
	*fakegateway.Gateway
	now     func() time.Time
	box     inbox.Inbox
	shuffle *rand.Rand
	news    []inbox.Message
	due     []inbox.Message
}

func newMemoryBank(c *clock) (*memoryBank, error) {
	g, err := fakegateway.New(fakegateway.Config{KeySecret: payment.NewSecret("rzp_test_secret_0123456789"), Now: c.Now})
	return &memoryBank{Gateway: g, now: c.Now, shuffle: rand.New(rand.NewPCG(1, 2))}, err //nolint:gosec // the same disorder every time
}

func (b *memoryBank) Pay(orderID string) (payment.Callback, error) {
	c, err := b.Gateway.Pay(orderID)
	b.tell(err, c, "payment.authorized", "payment.captured", "order.paid")
	return c, err
}

func (b *memoryBank) Authorize(orderID string) (payment.Callback, error) {
	c, err := b.Gateway.Authorize(orderID)
	b.tell(err, c, "payment.authorized")
	return c, err
}

func (b *memoryBank) tell(err error, c payment.Callback, events ...string) {
	if err != nil {
		return
	}
	for _, e := range events {
		m := inbox.Message{Source: "razorpay", Key: e + " " + c.PaymentID, Topic: e, Body: []byte(c.OrderID), ReceivedAt: b.now()}
		b.news, b.due = append(b.news, m), append(b.due, m)
	}
}

func (b *memoryBank) Orders(receipt string) []string {
	var ids []string
	for _, o := range b.Gateway.Orders(receipt) {
		ids = append(ids, o.ID)
	}
	return ids
}

func (b *memoryBank) Listen(box inbox.Inbox) error {
	b.box = box
	return nil
}

func (b *memoryBank) Deliver(ctx context.Context) {
	b.shuffle.Shuffle(len(b.due), func(i, j int) { b.due[i], b.due[j] = b.due[j], b.due[i] })
	b.due = slices.DeleteFunc(b.due, func(m inbox.Message) bool {
		_, err := b.box.Put(ctx, m)
		return err == nil
	})
}

func (b *memoryBank) Replay() { b.due = append(b.due, b.news...) }

func (b *memoryBank) Dispatcher(box inbox.Inbox, s *checkout.Service) (*inbox.Dispatcher, error) {
	return inbox.NewDispatcher(inbox.DispatcherConfig{
		Inbox: box, Source: "razorpay", Log: silent(), Group: func(m inbox.Message) string { return string(m.Body) },
		Handle: func(ctx context.Context, m inbox.Message) error {
			r, err := s.RecheckGatewayOrder(ctx, string(m.Body))
			switch {
			case errors.Is(err, checkout.ErrNotFound):
				return nil
			case err == nil && len(r.Payments.Payments()) == 0:
				return errors.New("the payment does not show yet")
			}
			return err
		},
	})
}
