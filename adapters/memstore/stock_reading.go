package memstore

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

var (
	_ inventory.Readings  = (*Stock)(nil)
	_ inventory.Standings = (*Stock)(nil)
)

// Tickets implements [inventory.Readings].
func (s *Stock) Tickets(ctx context.Context, items []inventory.Item) ([]inventory.Ticket, error) {
	items, err := inventory.CheckItems(items)
	if err != nil {
		return nil, err
	}
	if _, err := s.enter(ctx, "tickets"); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	tickets := make([]inventory.Ticket, len(items))
	for i, item := range items {
		tickets[i], s.standings[item] = s.standing(item).Draw()
	}
	return tickets, nil
}

// ApplyReadings implements [inventory.Readings].
func (s *Stock) ApplyReadings(ctx context.Context, readings []inventory.Reading) ([]inventory.Applied, error) {
	now, err := s.enter(ctx, "apply readings")
	if err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	done := make([]inventory.Applied, len(readings))
	next := map[inventory.Item]inventory.Standing{}
	var entries []inventory.Entry
	for i, r := range readings {
		item := r.Ticket.Item
		if _, twice := next[item]; twice {
			return nil, &inventory.InvalidError{Field: fmt.Sprintf("readings[%d].ticket.item", i), Reason: "is listed twice"}
		}
		var posted []inventory.Entry
		done[i], next[item], posted, err = inventory.ApplyReading(s.of([]inventory.Item{item}), s.standing(item), r)
		if err != nil {
			return nil, fmt.Errorf("readings[%d]: %w", i, err)
		}
		entries = append(entries, posted...)
	}
	for i, a := range done {
		s.standings[a.Item] = next[a.Item]
		for _, l := range a.After {
			if !slices.Contains(a.Before, l) {
				s.change(l, now)
			}
		}
		done[i].After = s.of([]inventory.Item{a.Item})
	}
	s.post(now, entries...)
	return done, nil
}

// Settle implements [inventory.Readings].
func (s *Stock) Settle(ctx context.Context, settle inventory.Settlement) ([]inventory.Level, error) {
	if err := settle.Validate(); err != nil {
		return nil, err
	}
	now, err := s.enter(ctx, "settle")
	if err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	entries := s.booksOf(settle.Ref)
	var levels []inventory.Level
	for _, e := range entries {
		levels = append(levels, s.levels[e.Key])
	}
	moves, err := inventory.Settle(levels, entries, settle)
	if err != nil || len(moves) == 0 {
		return nil, err
	}
	changed, posted, err := inventory.ApplyAll(s.touched(moves), moves)
	if err != nil {
		return nil, err
	}
	s.post(now, posted...)
	for _, l := range changed {
		s.change(l, now)
	}
	return s.current(changed), nil
}

// change stores a level that was worked out from the stored one.
func (s *Stock) change(l inventory.Level, now time.Time) {
	l.Reserved = s.levels[l.Key].Reserved
	s.put(l, now)
}

// booksOf are the entries of one order, oldest first.
func (s *Stock) booksOf(ref string) (entries []inventory.Entry) {
	for _, e := range s.ledger {
		if e.Ref == ref {
			entries = append(entries, e)
		}
	}
	return entries
}

// Standings implements [inventory.Standings].
func (s *Stock) Standings(ctx context.Context, q inventory.StandingQuery) ([]inventory.Standing, error) {
	if err := q.Validate(); err != nil {
		return nil, err
	}
	if _, err := s.enter(ctx, "standings"); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	var found []inventory.Standing
	for item := range s.locations {
		if one := s.standing(item); item > q.After && (!q.Unsettled || one.Unsettled()) {
			found = append(found, one)
		}
	}
	slices.SortFunc(found, func(a, b inventory.Standing) int { return compareItems(a.Item, b.Item) })
	return found[:min(q.Limit, len(found))], nil
}

func compareItems(a, b inventory.Item) int { return a.At("").Compare(b.At("")) }

// standing is what is kept of an item for readings.
func (s *Stock) standing(item inventory.Item) inventory.Standing {
	one := s.standings[item]
	one.Item = item
	return one
}
