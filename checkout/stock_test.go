package checkout_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
)

// restock says that the catalogue now says something else of an item's stock.
func (s *shop) restock(item cart.Item, stock cart.Stock) {
	s.t.Helper()
	item.Stock = stock
	s.catalog.Put(item)
}

// TestAnItemBecomesManagedWhileChoosing must not be sold without a claim.
func TestAnItemBecomesManagedWhileChoosing(t *testing.T) {
	s := newShop(t)
	s.restock(mug, cart.Stock{Item: mug.Stock.Item, InStock: true})
	s.fill("guest:1", mug, 2)
	s.fill("guest:1", sari, 1)
	ready := s.ready("guest:1", payment.MethodRazorpay)
	if got := s.level(mug); got.Reserved != 0 {
		t.Fatalf("%+v", got)
	}
	s.restock(mug, mug.Stock)
	s.place(ready)
	if got := s.level(mug); got.Allocated != 2 || got.Reserved != 0 || s.level(sari).Allocated != 1 || s.level(sari).Reserved != 0 {
		t.Fatalf("%+v, %+v", got, s.level(sari))
	}
}

// TestAnUnmanagedItemRunsOutWhileChoosing has no claim that could be short: the catalogue's word counts.
func TestAnUnmanagedItemRunsOutWhileChoosing(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 1)
	s.fill("guest:1", eBook, 1)
	ready := s.ready("guest:1", payment.MethodRazorpay)
	s.restock(eBook, cart.Stock{Item: eBook.Stock.Item})
	s.unchanged(ready, func() error { return errOf(s.Place(t.Context(), placeRequest(ready))) }, checkout.ErrOutOfStock)
	var short *inventory.ShortageError
	if _, err := s.Start(t.Context(), checkout.StartRequest{Owner: "guest:1"}); !errors.As(err, &short) || len(short.Lines) != 1 {
		t.Fatalf("%v", err)
	}
}

// TestTwoLinesOfOneProduct share its stock, and are confirmed together.
func TestTwoLinesOfOneProduct(t *testing.T) {
	s := newShop(t)
	for _, engraving := range []string{"Asha", "Ravi"} {
		ref := mug.Ref
		ref.Attributes = map[string]string{"engraving": engraving}
		item := mug
		item.Ref = ref
		s.catalog.Put(item)
		s.check(errOf(s.carts.Add(t.Context(), "guest:1", ref, 5)))
	}
	paid := s.pay(s.place(s.ready("guest:1", payment.MethodRazorpay)))
	if got := s.level(mug); len(paid.Lines) != 2 || got.Sold != 10 || got.Allocated != 0 || len(paid.Alerts) != 0 {
		t.Fatalf("%d lines, %+v, alerts %v", len(paid.Lines), got, paid.Alerts)
	}
	s.conserved()
}

// twoPlaces is a reserver that takes from the shop and, for what is left, from the warehouse.
type twoPlaces struct{ *memstore.Stock }

func (r twoPlaces) Reserve(ctx context.Context, req inventory.ReserveRequest) (inventory.Reservation, error) {
	req.Locations = []inventory.Location{inventory.DefaultLocation, "warehouse"}
	return r.Stock.Reserve(ctx, req)
}

// TestALineFromTwoPlaces allocates, releases, allocates again, confirms and ships each piece where it is.
func TestALineFromTwoPlaces(t *testing.T) {
	s := newShop(t, func(c *checkout.Config) { c.Reserver = twoPlaces{c.Reserver.(*memstore.Stock)} })
	warehouse := inventory.Key{Item: inventory.Item(mug.Stock.Item), Location: "warehouse"}
	s.check(s.stock.Receive(t.Context(), warehouse, 5))
	s.catalog.SetStock(mug.Stock.Item, 15)
	both := func() (here, there inventory.Level) {
		t.Helper()
		levels, err := s.stock.Levels(t.Context(), []inventory.Item{warehouse.Item})
		s.check(err)
		return levels[0], levels[1]
	}
	r := s.placed("guest:1", mug, 12)
	if here, there := both(); here.Allocated != 10 || there.Allocated != 2 {
		t.Fatalf("%+v %+v", here, there)
	}
	s.pass(31 * time.Minute)
	if here, there := both(); here.Allocated != 0 || there.Allocated != 0 {
		t.Fatalf("released: %+v %+v", here, there)
	}
	s.check(errOf(s.gateway.Pay(r.Gateway.ID)))
	s.pass(time.Hour)
	s.check(errOf(s.RecordShipment(t.Context(), r.ID, checkout.Shipment{Tracking: "AWB1"}, "meera")))
	if here, there := both(); here.Shipped != 10 || there.Shipped != 2 || there.OnHand != 3 {
		t.Fatalf("shipped: %+v %+v", here, there)
	}
}

// TestBackordersAndUntracked sell what is not there, within the budget.
func TestBackordersAndUntracked(t *testing.T) {
	s := newShop(t)
	item := inventory.Item(mug.Stock.Item)
	level := s.level(mug)
	level.OnHand, level.Policy, level.BackorderLimit, level.Revision = 0, inventory.Backorder, 3, level.Revision+1
	s.check(s.stock.SetLevels(t.Context(), []inventory.Level{level}))
	s.restock(mug, cart.Stock{Item: string(item), Managed: true, Backorders: true, InStock: true})
	if r := s.pay(s.placed("guest:1", mug, 3)); r.Status() != checkout.StatusOrdered || s.level(mug).OnHand != -3 {
		t.Fatalf("%s, %+v", r.Status(), s.level(mug))
	}
	s.fill("guest:2", mug, 1)
	if _, err := s.Start(t.Context(), checkout.StartRequest{Owner: "guest:2"}); !errors.Is(err, checkout.ErrOutOfStock) {
		t.Fatalf("beyond the budget: %v", err)
	}
	level = s.level(mug)
	level.Policy, level.Revision = inventory.Untracked, level.Revision+1
	s.check(s.stock.SetLevels(t.Context(), []inventory.Level{level}))
	if r := s.pay(s.placed("guest:2", mug, 40)); r.Status() != checkout.StatusOrdered {
		t.Fatalf("%s", r.Status())
	}
	s.conserved()
}

// keeping is a store of checkouts that keeps levels, as one on a database does.
type keeping struct {
	*memstore.Checkouts
	*memstore.Stock
}

// TestTheReserverLearnsWhatTheStoreKnows: the store of record does not count our allocations, our own store does.
func TestTheReserverLearnsWhatTheStoreKnows(t *testing.T) {
	front := newFront()
	s := newShop(t, func(c *checkout.Config) {
		c.Store = keeping{c.Store.(*memstore.Checkouts), c.Reserver.(*memstore.Stock)}
		c.Reserver, c.Stock = front, source{}
	})
	s.check(errOf(s.stock.Move(t.Context(), inventory.Move{
		Kind: inventory.Allocate, Ref: "chk_before", Lines: []inventory.Held{{Key: keyOf(mug), Quantity: 9}},
	})))
	s.fill("guest:1", mug, 2)
	if _, err := s.Start(t.Context(), checkout.StartRequest{Owner: "guest:1"}); !errors.Is(err, checkout.ErrOutOfStock) {
		t.Fatalf("nine of ten are allocated: %v", err)
	}
}

// silent is a store of record that does not answer.
type silent struct{}

func (silent) Stock(context.Context, []inventory.Item) ([]inventory.Level, error) {
	return nil, errors.New("the store is away")
}

func TestStockThatCannotBeLearnt(t *testing.T) {
	for name, src := range map[string]inventory.StockSource{"nobody to ask": nil, "no answer": silent{}} {
		s := newShop(t, func(c *checkout.Config) { c.Reserver, c.Stock = newFront(), src })
		s.fill("guest:1", mug, 1)
		_, err := s.Start(t.Context(), checkout.StartRequest{Owner: "guest:1"})
		if err == nil || errors.Is(err, checkout.ErrOutOfStock) != (src == nil) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := s.Current(t.Context(), "guest:1"); !errors.Is(err, checkout.ErrNotFound) {
			t.Errorf("%s: a checkout was written", name)
		}
	}
}
