package property_test

import (
	"context"
	"errors"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

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

// bazaar is a shop on memory, run by three replicas.
type bazaar struct {
	now      time.Time
	stock    *memstore.Stock
	catalog  *memstore.Catalog
	carts    *cart.Service
	store    *memstore.Checkouts
	gateway  *fakegateway.Gateway
	orders   *memstore.Orders
	fault    misfortune
	replicas []*checkout.Service

	callbacks map[checkout.ID]payment.Callback
}

// misfortune is what goes wrong with the next calls of the store of orders and of the database.
type misfortune struct {
	orders, database int  // so many calls fail
	lost             bool // after they took effect
	dies             int  // the process dies after so many more touches; 0 is never
	dead             bool
}

var errDied = errors.New("the process died")

// touch is one call of a replica to the outside.
func touch[T any](b *bazaar, left *int, unsent, unknown error, do func() (T, error)) (T, error) {
	var none T
	f := &b.fault
	if f.dead {
		return none, errDied
	}
	if f.dies > 0 {
		if f.dies--; f.dies == 0 {
			f.dead = true
			if f.lost {
				_, _ = do()
			}
			return none, errDied
		}
	}
	if *left == 0 {
		return do()
	}
	*left--
	if f.lost {
		_, _ = do()
		return none, unknown
	}
	return none, unsent
}

type bazaarStore struct {
	*memstore.Checkouts
	*bazaar
}

func (s bazaarStore) Commit(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
	away := errors.New("the database is away")
	return touch(s.bazaar, &s.fault.database, away, away, func() (checkout.Committed, error) { return s.Checkouts.Commit(ctx, c) })
}

type bazaarOrders struct {
	*memstore.Orders
	*bazaar
}

func (o bazaarOrders) CreatePending(ctx context.Context, r checkout.OrderRequest) (checkout.StoreOrder, error) {
	return touch(o.bazaar, &o.fault.orders, checkout.ErrUnavailable, checkout.ErrUnknown, func() (checkout.StoreOrder, error) {
		return o.Orders.CreatePending(ctx, r)
	})
}

func (o bazaarOrders) FindOrder(ctx context.Context, token string) ([]checkout.StoreOrder, error) {
	return touch(o.bazaar, &o.fault.orders, checkout.ErrUnavailable, checkout.ErrUnavailable, func() ([]checkout.StoreOrder, error) {
		return o.Orders.FindOrder(ctx, token)
	})
}

func (o bazaarOrders) Complete(ctx context.Context, id int64, how checkout.Completion) (checkout.StoreOrder, error) {
	return touch(o.bazaar, &o.fault.orders, checkout.ErrUnavailable, checkout.ErrUnknown, func() (checkout.StoreOrder, error) {
		return o.Orders.Complete(ctx, id, how)
	})
}

func (o bazaarOrders) Cancel(ctx context.Context, id int64) (checkout.StoreOrder, error) {
	return touch(o.bazaar, &o.fault.orders, checkout.ErrUnavailable, checkout.ErrUnknown, func() (checkout.StoreOrder, error) {
		return o.Orders.Cancel(ctx, id)
	})
}

var (
	bazaarOwners = []cart.Owner{"guest:1", "guest:2", "customer:7"}
	bazaarGoods  = []cart.ItemRef{{ProductID: 1}, {ProductID: 2}}
)

func stockOf(ref cart.ItemRef) inventory.Key {
	return inventory.ProductItem(ref.ProductID).At(inventory.DefaultLocation)
}

func newBazaar(t *rapid.T) *bazaar {
	b := &bazaar{now: time.Date(2026, 11, 8, 18, 0, 0, 0, time.UTC), catalog: memstore.NewCatalog(), callbacks: map[checkout.ID]payment.Callback{}}
	clock := func() time.Time { return b.now }
	b.stock = memstore.NewStock(memstore.StockConfig{Now: clock})
	for _, ref := range bazaarGoods {
		must(t, b.stock.Receive(t.Context(), stockOf(ref), 6))
		b.catalog.Put(cart.Item{
			Ref: ref, Status: cart.StatusOK, Purchasable: true, Name: "thing", UnitPrice: decimal.NewFromInt(100 * ref.ProductID), Currency: pricing.INR,
			Stock: cart.Stock{Item: string(stockOf(ref).Item), Managed: true, Quantity: 1000, InStock: true},
		})
	}
	var err error
	carts := memstore.NewCarts()
	b.carts, err = cart.NewService(cart.Config{Store: carts, Catalog: b.catalog, Now: clock})
	must(t, err)
	b.gateway, err = fakegateway.New(fakegateway.Config{KeySecret: payment.NewSecret("rzp_test_secret_0123456789"), Now: clock})
	must(t, err)
	rules, err := memstore.NewRulebook(checkout.Rules{
		Settings: quote.Settings{Currency: pricing.INR, Decimals: 2}, Countries: []string{"IN"},
		Zones: shipping.FlatWithFreeThreshold(decimal.NewFromInt(49), decimal.NewFromInt(999)), HideRatesWhenFree: true,
	})
	must(t, err)
	b.store, b.orders = memstore.NewCheckouts(b.stock), memstore.NewOrders(clock)
	policy := checkout.Policy{
		OrderTiming: rapid.SampledFrom([]checkout.OrderTiming{checkout.OrderAfterPayment, checkout.OrderBeforePayment}).Draw(t, "timing"),
	}
	for range 3 {
		replica, err := checkout.New(checkout.Config{
			Store: bazaarStore{b.store, b}, Orders: bazaarOrders{b.orders, b}, Carts: carts, Catalog: b.catalog, Rules: rules,
			Reserver: b.stock, Now: clock, Policy: policy,
			Payments: []checkout.PaymentOption{
				{Method: payment.MethodRazorpay, Title: "Razorpay", Gateway: b.gateway, Verifier: b.gateway},
				{Method: payment.MethodCOD, Title: "Cash", Gateway: payment.CashOnDelivery{}},
			},
		})
		must(t, err)
		b.replicas = append(b.replicas, replica)
	}
	return b
}
