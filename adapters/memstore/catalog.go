package memstore

import (
	"context"
	"slices"
	"sync"

	"github.com/ankkor/ankkor/cart"
	"github.com/shopspring/decimal"
)

var _ cart.Catalog = (*Catalog)(nil)

// product is what a catalogue knows items by: attributes and data make other lines, not other items.
type product struct{ id, variation int64 }

// Catalog keeps items in memory, found by product and variation id. It is safe for concurrent use; every answer is
// what was last set. A ref that nothing was put for is gone.
type Catalog struct {
	mu    sync.RWMutex
	items map[product]cart.Item
	order []product
	live  liveStock
}

// NewCatalog returns a catalogue of these items. An item without a status is for sale: Put says the rest.
func NewCatalog(items ...cart.Item) *Catalog {
	c := &Catalog{items: map[product]cart.Item{}}
	c.Put(items...)
	return c
}

// Put adds items, or replaces those with the same product and variation id. For short, an item whose Status is empty
// gets [cart.StatusOK] and is Purchasable, and a zero RegularPrice becomes the unit price.
func (c *Catalog) Put(items ...cart.Item) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, item := range items {
		item = copyItem(item)
		if item.Status == "" {
			item.Status, item.Purchasable = cart.StatusOK, true
		}
		if item.RegularPrice.IsZero() {
			item.RegularPrice = item.UnitPrice
		}
		key := keyOf(item.Ref)
		if _, known := c.items[key]; !known {
			c.order = append(c.order, key)
		}
		c.items[key] = item
	}
}

// Items implements [cart.Catalog].
func (c *Catalog) Items(ctx context.Context, refs []cart.ItemRef) ([]cart.Item, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	items := c.find(refs)
	if err := c.live.update(ctx, items); err != nil {
		return nil, err
	}
	return items, nil
}

func (c *Catalog) find(refs []cart.ItemRef) []cart.Item {
	c.mu.RLock()
	defer c.mu.RUnlock()
	items := make([]cart.Item, 0, len(refs))
	for _, ref := range refs {
		item, known := c.items[keyOf(ref)]
		if !known {
			item.Status = cart.StatusGone
		}
		item.Ref = ref
		items = append(items, copyItem(item))
	}
	return items
}

// All returns every item in the order in which they were put, for a shop page.
func (c *Catalog) All(ctx context.Context) ([]cart.Item, error) {
	c.mu.RLock()
	refs := make([]cart.ItemRef, 0, len(c.order))
	for _, key := range c.order {
		refs = append(refs, cart.ItemRef{ProductID: key.id, VariationID: key.variation})
	}
	c.mu.RUnlock()
	return c.Items(ctx, refs)
}

// SetPrice changes an item's unit price; it reports whether the item is there.
func (c *Catalog) SetPrice(ref cart.ItemRef, price decimal.Decimal) bool {
	return c.change(ref, func(i *cart.Item) { i.UnitPrice = price })
}

// SetStatus makes an item gone, not purchasable, without a price, or good again; it reports whether the item is there.
func (c *Catalog) SetStatus(ref cart.ItemRef, status cart.ItemStatus) bool {
	return c.change(ref, func(i *cart.Item) {
		i.Status, i.Purchasable = status, status == cart.StatusOK
	})
}

// SetStock gives a managed stock, named as in [cart.Stock], another quantity: all items that share it change at once.
// It returns how many they are.
func (c *Catalog) SetStock(name string, quantity int64) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for key, item := range c.items {
		if item.Stock.Item == name && item.Stock.Managed {
			item.Stock.Quantity = quantity
			item.Stock.InStock = quantity > 0 || item.Stock.Backorders
			c.items[key] = item
			n++
		}
	}
	return n
}

func (c *Catalog) change(ref cart.ItemRef, do func(*cart.Item)) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	item, known := c.items[keyOf(ref)]
	if known {
		do(&item)
		c.items[keyOf(ref)] = item
	}
	return known
}

func keyOf(ref cart.ItemRef) product { return product{ref.ProductID, ref.VariationID} }

// copyItem returns an item that shares no slice or map with the given one.
func copyItem(i cart.Item) cart.Item {
	i.CategoryIDs = slices.Clone(i.CategoryIDs)
	i.Ref = i.Ref.Clone()
	return i
}
