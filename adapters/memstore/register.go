package memstore

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

var (
	_ checkout.Register = (*Checkouts)(nil)
	_ checkout.LowStock = (*Stock)(nil)
)

// Stuck implements [checkout.Register].
func (c *Checkouts) Stuck(ctx context.Context, limit int) ([]checkout.Record, error) {
	all, err := c.every(ctx)
	if err != nil {
		return nil, err
	}
	stuck := slices.DeleteFunc(all, func(r checkout.Record) bool { return !r.Stuck() })
	slices.SortFunc(stuck, func(a, b checkout.Record) int {
		return cmp.Or(a.UpdatedAt.Compare(b.UpdatedAt), cmp.Compare(a.ID, b.ID))
	})
	return stuck[:min(max(limit, 0), len(stuck))], nil
}

// Tally implements [checkout.Register].
func (c *Checkouts) Tally(ctx context.Context, from, to time.Time) (checkout.Tally, error) {
	all, err := c.every(ctx)
	var t checkout.Tally
	for _, r := range all {
		if t, err = t.Count(r, from, to); err != nil {
			return checkout.Tally{}, err
		}
	}
	return t, err
}

func (c *Checkouts) every(ctx context.Context) ([]checkout.Record, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("memstore: reading all checkouts: %w", err)
	}
	return c.All()
}

// LowStock implements [checkout.LowStock].
func (s *Stock) LowStock(ctx context.Context, atMost int64, limit int) ([]inventory.Level, error) {
	if _, err := s.enter(ctx, "low stock"); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	var low []inventory.Level
	for _, l := range s.levels {
		if l.Policy != inventory.Untracked && !l.Key.Item.Coupon() && l.Available() <= atMost {
			low = append(low, l)
		}
	}
	slices.SortFunc(low, func(a, b inventory.Level) int {
		return cmp.Or(cmp.Compare(a.Available(), b.Available()), a.Key.Compare(b.Key))
	})
	return low[:min(max(limit, 0), len(low))], nil
}
