package memstore

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

var (
	_ inventory.Reserver    = (*Stock)(nil)
	_ inventory.Levels      = (*Stock)(nil)
	_ inventory.Mover       = (*Stock)(nil)
	_ inventory.Ledger      = (*Stock)(nil)
	_ inventory.StockSource = (*Stock)(nil)
)

// StockConfig configures a [Stock].
type StockConfig struct {
	// Now is the clock reservations live by; nil means time.Now.
	Now func() time.Time
}

// Stock keeps stock in memory: levels, reservations and the ledger in one table
// under one lock, so that what is allocated is gone for the next reservation at
// once. It decides allocations and may also stand in for the store of record. It
// is safe for concurrent use and has no goroutines: reservations that have
// expired are reclaimed by the next call, whichever it is.
//
// The ids of reservations are forgotten an hour after they would have expired.
// Levels and ledger are never forgotten; both are lost with the process.
type Stock struct {
	now func() time.Time

	mu           sync.Mutex
	levels       map[inventory.Key]inventory.Level
	locations    map[inventory.Item][]inventory.Location
	reservations reservations
	standings    map[inventory.Item]inventory.Standing
	ledger       []inventory.Entry
}

// NewStock returns an empty stock.
func NewStock(cfg StockConfig) *Stock {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Stock{
		now:          cfg.Now,
		levels:       map[inventory.Key]inventory.Level{},
		locations:    map[inventory.Item][]inventory.Location{},
		standings:    map[inventory.Item]inventory.Standing{},
		reservations: reservations{byID: map[string]*reservation{}},
	}
}

// Levels implements [inventory.Levels].
func (s *Stock) Levels(ctx context.Context, items []inventory.Item) ([]inventory.Level, error) {
	items, err := inventory.CheckItems(items)
	if err != nil {
		return nil, err
	}
	if _, err := s.enter(ctx, "levels"); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	return s.of(items), nil
}

// Stock implements [inventory.StockSource]: for a shop without WooCommerce, or a
// test, this is the store of record. Claims are left out of the answer.
func (s *Stock) Stock(ctx context.Context, items []inventory.Item) ([]inventory.Level, error) {
	levels, err := s.Levels(ctx, items)
	for i, l := range levels {
		levels[i] = inventory.Level{Key: l.Key, OnHand: l.OnHand, Policy: l.Policy, BackorderLimit: l.BackorderLimit}
	}
	return levels, err
}

// SetLevels implements [inventory.Levels]. Since this Stock keeps the ledger too,
// what differs is posted there: as received for a key that is new, else as a
// correction.
func (s *Stock) SetLevels(ctx context.Context, levels []inventory.Level) error {
	levels, err := inventory.CheckLevels(levels)
	if err != nil {
		return err
	}
	now, err := s.enter(ctx, "set levels")
	if err != nil {
		return err
	}
	defer s.mu.Unlock()
	for _, told := range levels {
		old, known := s.levels[told.Key]
		if known && told.Revision <= old.Revision {
			continue
		}
		told.Reserved, told.Sold, told.Shipped = old.Reserved, old.Sold, old.Shipped
		s.post(now, differences(old, told, known)...)
		s.put(told, now)
	}
	return nil
}

// Receive books goods in at a key, which may be new.
func (s *Stock) Receive(ctx context.Context, key inventory.Key, quantity int64) error {
	_, err := s.Move(ctx, inventory.Move{
		Kind:  inventory.Receive,
		Lines: []inventory.Held{{Key: key, Quantity: quantity}},
	})
	return err
}

// Move implements [inventory.Mover].
func (s *Stock) Move(ctx context.Context, moves ...inventory.Move) ([]inventory.Level, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("memstore: move: %w", err)
	}
	return s.commit(moves, s.now(), nil)
}

// commit applies moves and whatever else then writes in one step: it checks that
// all moves fit, calls then while holding the lock, and only if that agrees
// changes anything here, posting entries dated at. then must not call back into
// the Stock; nil agrees. The levels returned are those that changed.
func (s *Stock) commit(moves []inventory.Move, at time.Time, then func() error) ([]inventory.Level, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.reclaim(now)
	changed, entries, err := inventory.ApplyAll(s.touched(moves), moves)
	if err != nil {
		return nil, err
	}
	if then != nil {
		if err := then(); err != nil {
			return nil, err
		}
	}
	s.use(moves, now)
	s.post(at, entries...)
	for i, l := range changed {
		l.Reserved = s.levels[l.Key].Reserved
		s.put(l, now)
		changed[i] = l
	}
	return s.current(changed), nil
}

// enter takes the lock, unless ctx is done, and reclaims what has expired.
func (s *Stock) enter(ctx context.Context, what string) (time.Time, error) {
	if err := ctx.Err(); err != nil {
		return time.Time{}, fmt.Errorf("memstore: %s: %w", what, err)
	}
	s.mu.Lock()
	now := s.now()
	s.reclaim(now)
	return now, nil
}

// put stores a level and voids the reservations it no longer covers.
func (s *Stock) put(next inventory.Level, now time.Time) {
	old, known := s.levels[next.Key]
	if !known {
		s.locations[next.Key.Item] = append(s.locations[next.Key.Item], next.Key.Location)
	}
	s.levels[next.Key] = next
	if cut := old.Cut(next); known && cut > 0 {
		s.void(next.Key, cut, now)
	}
}

// of returns the levels of items at every location, in key order.
func (s *Stock) of(items []inventory.Item) []inventory.Level {
	var levels []inventory.Level
	for _, item := range items {
		for _, loc := range s.locations[item] {
			levels = append(levels, s.levels[item.At(loc)])
		}
	}
	slices.SortFunc(levels, func(a, b inventory.Level) int { return a.Key.Compare(b.Key) })
	return levels
}

// touched returns the levels that moves name. A key named twice comes twice,
// which is harmless.
func (s *Stock) touched(moves []inventory.Move) []inventory.Level {
	var levels []inventory.Level
	for _, m := range moves {
		for _, h := range m.Lines {
			if l, ok := s.levels[h.Key]; ok {
				levels = append(levels, l)
			}
		}
	}
	return levels
}

// current reads the levels again, now that voided reservations are out of them.
func (s *Stock) current(levels []inventory.Level) []inventory.Level {
	for i, l := range levels {
		levels[i] = s.levels[l.Key]
	}
	return levels
}
