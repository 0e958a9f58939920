package checkout_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
)

// calls lists what a Service asks its ports, in order.
type calls struct {
	mu   sync.Mutex
	list []string
	each func() // run at every call, or nil
}

func (c *calls) add(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, name)
	if c.each != nil {
		c.each()
	}
}

// taken is the list so far, which then begins anew.
func (c *calls) taken() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := c.list
	c.list = nil
	return list
}

type listedStore struct {
	*memstore.Checkouts
	*calls
}

func (s listedStore) Load(ctx context.Context, id checkout.ID) (checkout.Record, error) {
	s.add("store.Load")
	return s.Checkouts.Load(ctx, id)
}

func (s listedStore) Find(ctx context.Context, ref checkout.Ref) (checkout.ID, error) {
	s.add("store.Find")
	return s.Checkouts.Find(ctx, ref)
}

func (s listedStore) Commit(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
	s.add("store.Commit")
	return s.Checkouts.Commit(ctx, c)
}

type listedCarts struct {
	cart.Store
	*calls
}

func (c listedCarts) Load(ctx context.Context, owner cart.Owner) (cart.Cart, error) {
	c.add("carts.Load")
	return c.Store.Load(ctx, owner)
}

func (c listedCarts) Save(ctx context.Context, what cart.Cart, expected int64) (cart.Cart, error) {
	c.add("carts.Save")
	return c.Store.Save(ctx, what, expected)
}

type listedCatalog struct {
	cart.Catalog
	*calls
}

func (c listedCatalog) Items(ctx context.Context, refs []cart.ItemRef) ([]cart.Item, error) {
	c.add("catalog.Items")
	return c.Catalog.Items(ctx, refs)
}

type listedRules struct {
	checkout.Rulebook
	*calls
}

func (r listedRules) Rules(ctx context.Context) (checkout.Rules, error) {
	r.add("rules.Rules")
	return r.Rulebook.Rules(ctx)
}

type listedStock struct {
	*memstore.Stock
	*calls
}

func (s listedStock) Reserve(ctx context.Context, req inventory.ReserveRequest) (inventory.Reservation, error) {
	s.add("reserver.Reserve")
	return s.Stock.Reserve(ctx, req)
}

func (s listedStock) Release(ctx context.Context, id string) (inventory.Reservation, error) {
	s.add("reserver.Release")
	return s.Stock.Release(ctx, id)
}

func (s listedStock) SetLevels(ctx context.Context, levels []inventory.Level) error {
	s.add("reserver.SetLevels")
	return s.Stock.SetLevels(ctx, levels)
}

type listedGateway struct {
	payment.Gateway
	*calls
}

func (g listedGateway) CreateOrder(ctx context.Context, r payment.OrderRequest) (payment.Order, error) {
	g.add("gateway.CreateOrder")
	return g.Gateway.CreateOrder(ctx, r)
}

func (g listedGateway) FindOrder(ctx context.Context, receipt string) (payment.Order, error) {
	g.add("gateway.FindOrder")
	return g.Gateway.FindOrder(ctx, receipt)
}

func (g listedGateway) Payments(ctx context.Context, orderID string) ([]payment.Payment, error) {
	g.add("gateway.Payments")
	return g.Gateway.Payments(ctx, orderID)
}

type listedOrders struct {
	*faultyOrders
	*calls
}

func (o listedOrders) CreatePending(ctx context.Context, req checkout.OrderRequest) (checkout.StoreOrder, error) {
	o.add("orders.CreatePending")
	return o.faultyOrders.CreatePending(ctx, req)
}

func (o listedOrders) FindOrder(ctx context.Context, token string) ([]checkout.StoreOrder, error) {
	o.add("orders.FindOrder")
	return o.faultyOrders.FindOrder(ctx, token)
}

func (o listedOrders) Complete(ctx context.Context, id int64, how checkout.Completion) (checkout.StoreOrder, error) {
	o.add("orders.Complete")
	return o.faultyOrders.Complete(ctx, id, how)
}

// listed is a shop whose ports are listed.
func listed(t *testing.T) (*shop, *calls) {
	t.Helper()
	s, c := newShop(t), &calls{}
	s.reopenShop(func(config *checkout.Config) {
		config.Store, config.Carts = listedStore{s.store, c}, listedCarts{config.Carts, c}
		config.Catalog, config.Rules = listedCatalog{config.Catalog, c}, listedRules{config.Rules, c}
		config.Reserver, config.Orders = listedStock{s.stock, c}, listedOrders{s.orders, c}
		for i, option := range config.Payments {
			config.Payments[i].Gateway = listedGateway{option.Gateway, c}
		}
		s.config = *config
	})
	return s, c
}

// What a purchase asks when nothing disturbs it, part by part.
var (
	askedToPlace = []string{
		"store.Load", "carts.Load", "catalog.Items", "rules.Rules",
		"store.Commit", // the placement, its stock, and that the gateway's order is being made
		"reserver.SetLevels", "reserver.Release", "gateway.CreateOrder",
		"store.Commit", // the gateway's order, and for cash that the store's is being made
	}
	askedToOrder = []string{
		"orders.CreatePending",
		"store.Commit", // the store's order, and that it is being completed
		"orders.FindOrder", "orders.Complete",
		"store.Commit", // the order in effect, and that the cart is being emptied
		"reserver.SetLevels", "carts.Load", "carts.Save",
		"store.Commit", // the emptied cart
	}
)

// TestPlaceAsksLittle lists what one Place asks: what was just written is not read again, and the intent of a call is
// committed with the outcome of the one before it.
func TestPlaceAsksLittle(t *testing.T) {
	for method, want := range map[payment.Method][]string{
		payment.MethodRazorpay: askedToPlace,
		payment.MethodCOD:      slices.Concat(askedToPlace, askedToOrder),
	} {
		t.Run(string(method), func(t *testing.T) {
			s, c := listed(t)
			s.fill("guest:1", mug, 1)
			r := s.ready("guest:1", method)
			c.taken()
			s.place(r)
			if diff := cmp.Diff(want, c.taken()); diff != "" {
				t.Errorf("Place asks otherwise (-want +got):\n%s", diff)
			}
		})
	}
}

// listedConcluder is a reserver that takes two calls in one.
type listedConcluder struct{ listedStock }

func (c listedConcluder) Conclude(ctx context.Context, id string, levels []inventory.Level) error {
	c.add("reserver.Conclude")
	if err := c.Stock.SetLevels(ctx, levels); err != nil {
		return err
	}
	_, err := c.Stock.Release(ctx, id)
	return err
}

// storehouse is a store that reserves too.
type storehouse struct {
	listedStore
	listedStock
}

// TestPlaceTellsTheReserverOnce counts what a reserver is told when its reservation has become an allocation: one that can
// hear both at once is called once, one that is the store not at all.
func TestPlaceTellsTheReserverOnce(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*shop, *calls) func(*checkout.Config)
		want   []string
	}{
		"in two calls": {func(*shop, *calls) func(*checkout.Config) { return func(*checkout.Config) {} },
			[]string{"reserver.SetLevels", "reserver.Release"}},
		"in one": {func(s *shop, c *calls) func(*checkout.Config) {
			return func(config *checkout.Config) { config.Reserver = listedConcluder{listedStock{s.stock, c}} }
		}, []string{"reserver.Conclude"}},
		"not at all": {func(s *shop, c *calls) func(*checkout.Config) {
			all := &storehouse{listedStore{s.store, c}, listedStock{s.stock, c}}
			return func(config *checkout.Config) { config.Store, config.Reserver = all, all }
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s, c := listed(t)
			s.reopenShop(tc.change(s, c))
			s.fill("guest:1", mug, 2)
			r := s.ready("guest:1", payment.MethodRazorpay)
			c.taken()
			s.place(r)
			told := slices.DeleteFunc(c.taken(), func(name string) bool { return !strings.HasPrefix(name, "reserver.") })
			if diff := cmp.Diff(tc.want, told, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("Place tells otherwise (-want +got):\n%s", diff)
			}
			if l := s.level(mug); l.Allocated != 2 || l.Reserved != 0 {
				t.Errorf("%d are allocated and %d still reserved", l.Allocated, l.Reserved)
			}
		})
	}
}

// listedBeside keeps carts beside the store.
type listedBeside struct {
	listedCarts
	store *listedStore
}

func (b listedBeside) Beside(s checkout.Store) bool { return s == checkout.Store(b.store) }

func (b listedBeside) LoadBoth(ctx context.Context, id checkout.ID) (r checkout.Record, c cart.Cart, there bool, err error) {
	b.add("carts.LoadBoth")
	if r, err = b.store.Checkouts.Load(ctx, id); err == nil {
		c, err = b.listedCarts.Store.Load(ctx, r.Owner)
	}
	return r, c, err == nil, err
}

// TestPlaceReadsBothAtOnce where carts lie beside the checkouts; somebody else's checkout is not there all the same, and a
// cart that has changed is seen.
func TestPlaceReadsBothAtOnce(t *testing.T) {
	s, c := listed(t)
	s.reopenShop(func(config *checkout.Config) {
		store := &listedStore{s.store, c}
		config.Store, config.Carts = store, listedBeside{config.Carts.(listedCarts), store}
	})
	s.fill("guest:1", mug, 1)
	r := s.ready("guest:1", payment.MethodRazorpay)
	thief := placeRequest(r)
	thief.Owner = "guest:2"
	if _, err := s.Place(t.Context(), thief); !errors.Is(err, checkout.ErrNotFound) {
		t.Errorf("somebody else's checkout: %v", err)
	}
	s.fill("guest:1", mug, 1)
	if _, err := s.Place(t.Context(), placeRequest(r)); !errors.Is(err, checkout.ErrCartChanged) {
		t.Errorf("a cart that has changed: %v", err)
	}
	r = s.ready("guest:1", payment.MethodRazorpay)
	c.taken()
	s.place(r)
	want := slices.Concat([]string{"carts.LoadBoth"}, askedToPlace[2:])
	if diff := cmp.Diff(want, c.taken()); diff != "" {
		t.Errorf("Place asks otherwise (-want +got):\n%s", diff)
	}
}

// TestPlaceAgainAsksNothing places a second time: the record says it all.
func TestPlaceAgainAsksNothing(t *testing.T) {
	s, c := listed(t)
	s.fill("guest:1", mug, 1)
	r := s.ready("guest:1", payment.MethodRazorpay)
	s.place(r)
	c.taken()
	s.place(r)
	if diff := cmp.Diff([]string{"store.Load"}, c.taken()); diff != "" {
		t.Errorf("a second Place asks otherwise (-want +got):\n%s", diff)
	}
}

// TestConfirmPaymentAsksLittle lists what a callback asks, from the signature to the order that took effect, and what the
// same callback asks again. The clock moves as it does in life, so that nothing is written only because time has passed.
func TestConfirmPaymentAsksLittle(t *testing.T) {
	s, c := listed(t)
	r := s.placed("guest:1", mug, 1)
	callback, err := s.gateway.Pay(r.Gateway.ID)
	s.check(err)
	c.each = func() { s.clock.advance(time.Millisecond) }
	c.taken()
	for _, want := range [][]string{
		slices.Concat([]string{"store.Load", "gateway.Payments", "store.Commit"}, askedToOrder),
		{"store.Load"},
	} {
		_, err = s.ConfirmPayment(t.Context(), r.Owner, r.ID, callback)
		s.check(err)
		if diff := cmp.Diff(want, c.taken()); diff != "" {
			t.Errorf("ConfirmPayment asks otherwise (-want +got):\n%s", diff)
		}
	}
}
