package cart_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/pricing"
	"github.com/shopspring/decimal"
)

const guest, customer cart.Owner = "guest:1", "customer:1"

var start = time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)

// shop is a service with the store and the catalogue behind it.
type shop struct {
	*cart.Service
	t       *testing.T
	store   *memstore.Carts
	catalog *memstore.Catalog
}

func newShop(t *testing.T) *shop { return shopOn(t, memstore.NewCarts(), nil, nil) }

// shopOn puts a store, or a catalogue, between the service and what is behind it.
func shopOn(t *testing.T, carts *memstore.Carts, store cart.Store, catalog cart.Catalog) *shop {
	t.Helper()
	s := &shop{t: t, store: carts, catalog: memstore.NewCatalog(items()...)}
	if store == nil {
		store = carts
	}
	if catalog == nil {
		catalog = s.catalog
	}
	var err error
	s.Service, err = cart.NewService(cart.Config{Store: store, Catalog: catalog, Now: func() time.Time { return start }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// item is a product with stock of its own.
func item(id int64, price string, stock int64) cart.Item {
	return cart.Item{
		Ref: product(id), Name: "Product", UnitPrice: decimal.RequireFromString(price), Currency: pricing.INR,
		Stock: cart.Stock{Item: "product:" + string(rune('0'+id)), Managed: true, Quantity: stock, InStock: stock > 0},
	}
}

// items: 1 plenty, 2 five pieces, 3 sold individually, 4 not purchasable, 5 without price, 6 on backorder, 7 sold out,
// and product 8, whose two variations share six pieces.
func items() []cart.Item {
	individual, closed, unpriced, backorder := item(3, "1500", 10), item(4, "10", 10), item(5, "0", 10), item(6, "99.90", 0)
	individual.SoldIndividually = true
	closed.Status = cart.StatusNotPurchasable
	unpriced.Status = cart.StatusNoPrice
	backorder.Stock.Backorders, backorder.Stock.InStock = true, true
	all := []cart.Item{item(1, "499", 100_000), item(2, "33.33", 5), individual, closed, unpriced, backorder, item(7, "1", 0)}
	for variation := range int64(2) {
		shared := item(8, "1299.00", 6)
		shared.Ref.VariationID, shared.ParentID = 81+variation, 8
		all = append(all, shared)
	}
	return all
}

func variation(id int64) cart.ItemRef { return cart.ItemRef{ProductID: 8, VariationID: id} }

// do makes changes that must work and returns the last view.
func (s *shop) do(owner cart.Owner, changes ...cart.Change) cart.View {
	s.t.Helper()
	var v cart.View
	for _, ch := range changes {
		var err error
		if v, err = s.Do(s.t.Context(), owner, ch); err != nil {
			s.t.Fatalf("%s: %v", ch.Op, err)
		}
	}
	return v
}

func (s *shop) view(owner cart.Owner) cart.View {
	s.t.Helper()
	v, err := s.View(s.t.Context(), owner)
	if err != nil {
		s.t.Fatal(err)
	}
	return v
}

// stored is the cart as the store has it; the zero cart if there is none.
func (s *shop) stored(owner cart.Owner) cart.Cart {
	s.t.Helper()
	c, err := s.store.Load(context.Background(), owner)
	if err != nil && !errors.Is(err, cart.ErrNotFound) {
		s.t.Fatal(err)
	}
	return c
}

// catalogFunc is a catalogue made of one function.
type catalogFunc func(refs []cart.ItemRef) ([]cart.Item, error)

func (f catalogFunc) Items(_ context.Context, refs []cart.ItemRef) ([]cart.Item, error) {
	return f(refs)
}
