package memstore_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/cart/carttest"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/pricing"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

// shelf is a small catalogue: a product, two variations that share their parent's stock, one without price and one
// that is on another site.
func shelf() []cart.Item {
	rupees := decimal.RequireFromString
	shared := cart.Stock{Item: "product:120", Managed: true, Quantity: 4, InStock: true}
	return []cart.Item{
		{
			Ref: cart.ItemRef{ProductID: 101}, Status: cart.StatusOK, Purchasable: true, Name: "Assam tea",
			UnitPrice: rupees("499.00"), RegularPrice: rupees("599.00"), OnSale: true, Currency: pricing.INR,
			CategoryIDs: []int64{3, 4}, TaxStatus: "taxable", TaxClass: "gst-5",
			Stock: cart.Stock{Item: "product:101", Managed: true, Quantity: 7, InStock: true},
		},
		{
			Ref: cart.ItemRef{ProductID: 120, VariationID: 123}, Status: cart.StatusOK, Purchasable: true, ParentID: 120,
			UnitPrice: rupees("1099"), RegularPrice: rupees("1099"), Currency: pricing.INR, Stock: shared,
		},
		{
			Ref: cart.ItemRef{ProductID: 120, VariationID: 124}, Status: cart.StatusOK, Purchasable: true, ParentID: 120,
			UnitPrice: rupees("1399"), RegularPrice: rupees("1399"), Currency: pricing.INR, Stock: shared,
		},
		{Ref: cart.ItemRef{ProductID: 77}, Status: cart.StatusNoPrice, Name: "Bag", Currency: pricing.INR},
		{Ref: cart.ItemRef{ProductID: 78}, Status: cart.StatusNotPurchasable, Name: "Elsewhere", Currency: pricing.INR},
	}
}

func TestCatalogConforms(t *testing.T) {
	carttest.RunCatalog(t, func(testing.TB) carttest.CatalogHarness {
		return carttest.CatalogHarness{
			Catalog: memstore.NewCatalog(shelf()...), Known: shelf(),
			Gone: []cart.ItemRef{{ProductID: 404}, {ProductID: 120}, {ProductID: 120, VariationID: 404}},
		}
	})
}

func one(t *testing.T, c *memstore.Catalog, ref cart.ItemRef) cart.Item {
	t.Helper()
	items, err := c.Items(t.Context(), []cart.ItemRef{ref})
	if err != nil || len(items) != 1 {
		t.Fatalf("Items: %v, %v", items, err)
	}
	return items[0]
}

func TestCatalogShorthand(t *testing.T) {
	ref := cart.ItemRef{ProductID: 1}
	c := memstore.NewCatalog(cart.Item{Ref: ref, UnitPrice: decimal.NewFromInt(5)})
	if got := one(t, c, ref); !got.ForSale() || !got.RegularPrice.Equal(got.UnitPrice) {
		t.Errorf("item %+v, want it for sale at its regular price", got)
	}
}

func TestCatalogIsSettable(t *testing.T) {
	c := memstore.NewCatalog(shelf()...)
	tea, red, blue := shelf()[0].Ref, shelf()[1].Ref, shelf()[2].Ref
	if !c.SetPrice(tea, decimal.NewFromInt(450)) || one(t, c, tea).UnitPrice.String() != "450" {
		t.Error("the price did not change")
	}
	if !c.SetStatus(tea, cart.StatusGone) || one(t, c, tea).ForSale() {
		t.Error("the item is still for sale")
	}
	if !c.SetStatus(tea, cart.StatusOK) || !one(t, c, tea).ForSale() {
		t.Error("the item did not come back")
	}
	if n := c.SetStock("product:120", 1); n != 2 {
		t.Errorf("%d items changed, want both variations", n)
	}
	for _, ref := range []cart.ItemRef{red, blue} {
		if got := one(t, c, ref).Stock; got.Quantity != 1 || !got.InStock {
			t.Errorf("stock %+v, want the parent's one", got)
		}
	}
	c.SetStock("product:120", 0)
	if one(t, c, red).Stock.InStock {
		t.Error("in stock with nothing left")
	}
	absent := cart.ItemRef{ProductID: 404}
	if c.SetPrice(absent, decimal.Zero) || c.SetStatus(absent, cart.StatusOK) || c.SetStock("product:404", 1) != 0 {
		t.Error("something was set on an item that is not there")
	}
}

func TestCatalogLists(t *testing.T) {
	c := memstore.NewCatalog(shelf()...)
	c.Put(shelf()[0]) // again: it keeps its place
	all, err := c.All(t.Context())
	if diff := cmp.Diff(shelf(), all); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestCatalogKeepsNoMemoryOfTheCaller(t *testing.T) {
	items := shelf()
	c := memstore.NewCatalog(items...)
	items[0].CategoryIDs[0] = -1
	if got := one(t, c, items[0].Ref).CategoryIDs[0]; got != 3 {
		t.Errorf("category %d, want 3", got)
	}
}

func TestCatalogFollowsAStock(t *testing.T) {
	ctx := t.Context()
	c, stock := memstore.NewCatalog(shelf()...), memstore.NewStock(memstore.StockConfig{})
	tea := inventory.ProductItem(101)
	err := stock.SetLevels(ctx, []inventory.Level{{
		Key: inventory.Key{Item: tea, Location: inventory.DefaultLocation}, OnHand: 5, Policy: inventory.Deny,
	}, {
		Key: inventory.Key{Item: tea, Location: "pune"}, OnHand: 2, Policy: inventory.Deny,
	}})
	if err != nil {
		t.Fatal(err)
	}
	c.FollowStock(stock)
	want := func(n int64, inStock bool) {
		t.Helper()
		if got := one(t, c, shelf()[0].Ref).Stock; got.Quantity != n || got.InStock != inStock {
			t.Errorf("stock %+v, want %d", got, n)
		}
	}
	want(7, true)
	_, err = stock.Reserve(ctx, inventory.ReserveRequest{
		ID: "r1", Owner: "o1", Lines: []inventory.Line{{Item: tea, Quantity: 5}}, TTL: inventory.DefaultTTL,
	})
	if err != nil {
		t.Fatal(err)
	}
	want(2, true)
	if got := one(t, c, shelf()[1].Ref).Stock.Quantity; got != 4 {
		t.Errorf("an item that the stock does not know has %d, want its own 4", got)
	}
	c.FollowStock(nil)
	want(7, true)
}

// brokenLevels cannot be asked.
type brokenLevels struct{}

var errDown = errors.New("stock is down")

func (brokenLevels) Levels(context.Context, []inventory.Item) ([]inventory.Level, error) {
	return nil, errDown
}

func (brokenLevels) SetLevels(context.Context, []inventory.Level) error { return errDown }

func TestCatalogSaysWhenItsStockIsDown(t *testing.T) {
	c := memstore.NewCatalog(shelf()...)
	c.FollowStock(brokenLevels{})
	if _, err := c.Items(t.Context(), []cart.ItemRef{shelf()[0].Ref}); !errors.Is(err, errDown) {
		t.Errorf("got %v, want the stock's error", err)
	}
	if _, err := c.Items(t.Context(), []cart.ItemRef{shelf()[3].Ref}); err != nil {
		t.Errorf("an item without managed stock: %v", err)
	}
}

// For the race detector: everybody sets and reads at once, and no item is half changed.
func TestCatalogAtTheSameTime(t *testing.T) {
	c := memstore.NewCatalog(shelf()...)
	ref := shelf()[0].Ref
	var group sync.WaitGroup
	for n := range int64(8) {
		group.Go(func() {
			c.SetPrice(ref, decimal.NewFromInt(n))
			c.SetStock("product:101", n)
			c.Put(shelf()[1])
			c.SetStatus(ref, cart.StatusOK)
			for _, item := range []cart.Item{one(t, c, ref), one(t, c, shelf()[1].Ref)} {
				if !item.ForSale() || len(item.Name)+len(item.Ref.Key()) == 0 {
					t.Errorf("item %+v", item)
				}
			}
		})
	}
	group.Wait()
}
