package memstore

import (
	"context"
	"sync"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/inventory"
)

// liveStock asks a stock for what is available, when there is one to ask.
type liveStock struct {
	mu     sync.RWMutex
	levels inventory.Levels
}

// FollowStock makes the catalogue answer with what is available in these levels, over all locations and after
// reservations and allocations, for every item whose stock is managed and known there. nil stops it. A shop in
// memory passes its [Stock], so that its pages show what a reservation would find.
func (c *Catalog) FollowStock(levels inventory.Levels) {
	c.live.mu.Lock()
	defer c.live.mu.Unlock()
	c.live.levels = levels
}

// update puts the live quantities into the items.
func (l *liveStock) update(ctx context.Context, items []cart.Item) error {
	l.mu.RLock()
	source := l.levels
	l.mu.RUnlock()
	names := managed(items)
	if source == nil || len(names) == 0 {
		return nil
	}
	levels, err := source.Levels(ctx, names)
	if err != nil {
		return err
	}
	available := sum(levels)
	for i := range items {
		s := &items[i].Stock
		if n, known := available[inventory.Item(s.Item)]; known && s.Managed {
			s.Quantity, s.InStock = n, n > 0 || s.Backorders
		}
	}
	return nil
}

// managed returns each managed stock of the items once.
func managed(items []cart.Item) []inventory.Item {
	var names []inventory.Item
	seen := map[string]bool{}
	for _, item := range items {
		if s := item.Stock; s.Managed && s.Item != "" && !seen[s.Item] {
			seen[s.Item] = true
			names = append(names, inventory.Item(s.Item))
		}
	}
	return names
}

func sum(levels []inventory.Level) map[inventory.Item]int64 {
	available := map[inventory.Item]int64{}
	for _, l := range levels {
		available[l.Key.Item] += l.Available()
	}
	return available
}
