package inventorytest_test

import (
	"context"
	"slices"

	"github.com/ankkor/ankkor/inventory"
)

func (s *toy) Levels(ctx context.Context, items []inventory.Item) ([]inventory.Level, error) {
	items, err := inventory.CheckItems(items)
	if err != nil {
		return nil, err
	}
	if s.fault == readsWithoutExpiring && ctx.Err() == nil {
		s.mu.Lock()
	} else if _, err := s.begin(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	var levels []inventory.Level
	for _, l := range s.all() {
		if slices.Contains(items, l.Key.Item) {
			levels = append(levels, l)
		}
	}
	return levels, nil
}

func (s *toy) SetLevels(ctx context.Context, levels []inventory.Level) error {
	checked, err := inventory.CheckLevels(levels)
	if s.fault == appliesWellFormed && err != nil && len(levels) == 2 {
		checked, err = inventory.CheckLevels(levels[:1])
	}
	if err != nil {
		return err
	}
	now, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer s.mu.Unlock()
	for _, next := range checked {
		old, known := s.levels[next.Key]
		if known && !s.newer(old, next) {
			continue
		}
		old.Reserved = s.reserved(next.Key)
		s.levels[next.Key] = next
		if known {
			s.void(next.Key, s.cut(old, next), func(h *holding) { s.end(h, inventory.Voided, now) })
		}
	}
	return nil
}

func (s *toy) newer(old, next inventory.Level) bool {
	switch s.fault {
	case takesOlderRevision:
		return true
	case takesSameRevision:
		return next.Revision >= old.Revision
	case oneRevisionForAll:
		for _, l := range s.levels {
			if next.Revision <= l.Revision {
				return false
			}
		}
	}
	return next.Revision > old.Revision
}

func (s *toy) cut(old, next inventory.Level) int64 {
	switch s.fault {
	case neverVoids:
		return 0
	case voidsOnAllocation:
		return max(0, next.Allocated+old.Reserved-next.OnHand)
	case voidsOnSale:
		old.Allocated = min(old.Allocated, next.Allocated)
	case voidsOnEveryCut:
		return max(0, old.OnHand-next.OnHand)
	}
	return old.Cut(next)
}

// void ends reservations of a key, youngest first, until cut is covered.
func (s *toy) void(key inventory.Key, cut int64, end func(*holding)) {
	held := slices.Clone(s.held)
	if s.fault != voidsOldest {
		slices.Reverse(held)
	}
	for _, h := range held {
		if n := quantity(h.Lines, key); cut > 0 && h.State == inventory.Active && n > 0 {
			end(h)
			cut -= n
		}
	}
}

// all counts every level, in key order.
func (s *toy) all() []inventory.Level {
	var levels []inventory.Level
	for key, l := range s.levels {
		l.Reserved = s.reserved(key)
		levels = append(levels, l)
	}
	slices.SortFunc(levels, func(a, b inventory.Level) int { return a.Key.Compare(b.Key) })
	return levels
}

func (s *toy) reserved(key inventory.Key) int64 {
	n := s.skew[key]
	for _, h := range s.held {
		if h.State == inventory.Active {
			n += quantity(h.Lines, key)
		}
	}
	return n
}

func quantity(lines []inventory.Held, key inventory.Key) int64 {
	var n int64
	for _, h := range lines {
		if h.Key == key {
			n += h.Quantity
		}
	}
	return n
}
