package live_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
)

// counter is a whole checkout: everything in memory but the catalogue, the
// rules, the stock and the orders, which are the store's.
type counter struct {
	*checkout.Service
	shop    *shop
	stock   *memstore.Stock
	carts   *cart.Service
	gateway *fakegateway.Gateway

	mu  sync.Mutex
	now time.Time
}

func (s *shop) openCounter(orders checkout.OrderCreator) *counter {
	s.Helper()
	c := &counter{shop: s, now: time.Now()}
	c.stock = memstore.NewStock(memstore.StockConfig{Now: c.clock})
	store := memstore.NewCarts()
	var err error
	c.carts, err = cart.NewService(cart.Config{Store: store, Catalog: s.client, Now: c.clock})
	s.check(err)
	c.gateway, err = fakegateway.New(fakegateway.Config{KeySecret: payment.NewSecret("rzp_test_secret_0123456789"), Now: c.clock})
	s.check(err)
	c.Service, err = checkout.New(checkout.Config{
		Store: memstore.NewCheckouts(c.stock), Carts: store, Catalog: s.client, Rules: s.client, Reserver: c.stock,
		Orders: orders, Stock: s.client, Now: c.clock,
		Payments: []checkout.PaymentOption{
			{Method: payment.MethodRazorpay, Title: "Razorpay", Gateway: c.gateway, Verifier: c.gateway},
			{Method: payment.MethodCOD, Title: "Cash on delivery", Gateway: payment.CashOnDelivery{}},
		},
	})
	s.check(err)
	return c
}

// clock is a time that only moves when told.
func (c *counter) clock() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// pass lets time go by in steps, doing whatever falls due.
func (c *counter) pass(t *testing.T, d time.Duration) {
	t.Helper()
	const stride = 30 * time.Second
	for ; d > 0; d -= stride {
		c.mu.Lock()
		c.now = c.now.Add(stride)
		c.mu.Unlock()
		for n := 1; n > 0; {
			var err error
			if n, err = c.AdvanceDue(t.Context(), 100); err != nil {
				t.Log("due work:", err)
				break
			}
		}
	}
}

// buy takes a piece from the shelf to the order. The record it returns is
// that of the checkout; the error is why there was none.
func (c *counter) buy(ctx context.Context, owner cart.Owner, p piece, to checkout.Address, m payment.Method) (checkout.Record, error) {
	if _, err := c.carts.Add(ctx, owner, p.ref, 1); err != nil {
		return checkout.Record{}, err
	}
	started, err := c.Start(ctx, checkout.StartRequest{Owner: owner})
	if err != nil {
		return checkout.Record{}, err
	}
	id := started.Record.ID
	if _, err := c.SetAddresses(ctx, owner, id, checkout.Addresses{Billing: to}); err != nil {
		return started.Record, err
	}
	ready, err := c.ChoosePayment(ctx, owner, id, m)
	if err != nil {
		return started.Record, err
	}
	placed, err := c.Place(ctx, checkout.PlaceRequest{Owner: owner, ID: id, Key: "key-" + string(id), QuoteHash: ready.QuoteHash})
	if err != nil || m == payment.MethodCOD {
		return placed, err
	}
	callback, err := c.gateway.Pay(placed.Gateway.ID)
	if err != nil {
		return placed, err
	}
	return c.ConfirmPayment(ctx, owner, id, callback)
}

// level is what is known here of a piece's stock.
func (c *counter) level(t *testing.T, p piece) inventory.Level {
	t.Helper()
	levels, err := c.stock.Levels(t.Context(), []inventory.Item{stockItem(p)})
	if err != nil || len(levels) != 1 {
		t.Fatalf("%d levels, %v", len(levels), err)
	}
	return levels[0]
}

// spoiler arms the wire once, just before the order is created or completed.
type spoiler struct {
	checkout.OrderCreator
	wire *wire
	at   string // "create" or "complete"
	how  loss
	once sync.Once
}

func (o *spoiler) CreatePending(ctx context.Context, req checkout.OrderRequest) (checkout.StoreOrder, error) {
	o.arm("create", 0)
	return o.OrderCreator.CreatePending(ctx, req)
}

func (o *spoiler) Complete(ctx context.Context, id int64, how checkout.Completion) (checkout.StoreOrder, error) {
	o.arm("complete", 1) // after the reading
	return o.OrderCreator.Complete(ctx, id, how)
}

func (o *spoiler) arm(at string, skip int) {
	if at == o.at {
		o.once.Do(func() { o.wire.spoil(o.how, skip) })
	}
}
