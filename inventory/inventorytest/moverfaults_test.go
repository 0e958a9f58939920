package inventorytest_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/internal/suitetest"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/inventorytest"
)

// What stores that decide allocations get wrong.
const (
	movesOneByOne      fault = "applies moves one by one"
	allocatesAnyway    fault = "allocates what is not there"
	stopsAtFirstShort  fault = "names one line of a short allocation"
	allocatesAlone     fault = "leaves the used reservation active"
	usesFirst          fault = "ends the reservation before the allocation is sure"
	reservationsBlock  fault = "refuses to allocate what others reserved"
	forgetsCorrections fault = "does not book the levels it is told"
	forgetsReasons     fault = "does not book why something moved"
	pagesFromTheStart  fault = "answers every page with the first"
	booksReservations  fault = "books reservations"
	returnsNothing     fault = "returns no levels"
)

func brokenMovers() map[fault]string {
	return map[fault]string{
		movesOneByOne:      "all moves or none",
		allocatesAnyway:    "an allocation never exceeds stock and budget",
		stopsAtFirstShort:  "an allocation never exceeds stock and budget",
		allocatesAlone:     "an allocation uses its reservation up",
		usesFirst:          "a refused allocation leaves its reservation alone",
		reservationsBlock:  "a reservation does not stand in an allocation's way",
		forgetsCorrections: "the books balance with the levels",
		forgetsReasons:     "every move leaves its entries",
		pagesFromTheStart:  "entries are found by item, by ref and from a point on",
		booksReservations:  "reservations leave no entry",
		returnsNothing:     "the levels returned are those that changed",
	}
}

// mover is memstore's stock with a mistake in what it does with moves.
type mover struct {
	*memstore.Stock
	fault fault
}

func newMover(f fault) func(testing.TB) inventorytest.Harness {
	return func(testing.TB) inventorytest.Harness {
		c := newClock()
		m := &mover{Stock: memstore.NewStock(memstore.StockConfig{Now: c.read}), fault: f}
		return inventorytest.Harness{Reserver: m, Levels: m, Mover: m, Ledger: m, Advance: c.advance}
	}
}

func (m *mover) Reserve(ctx context.Context, req inventory.ReserveRequest) (inventory.Reservation, error) {
	r, err := m.Stock.Reserve(ctx, req)
	if m.fault == booksReservations && err == nil {
		for _, h := range r.Lines {
			take := inventory.Move{Kind: inventory.Adjust, Lines: []inventory.Held{{Key: h.Key, Quantity: -1}}}
			back := inventory.Move{Kind: inventory.Adjust, Lines: []inventory.Held{{Key: h.Key, Quantity: 1}}}
			_, _ = m.Stock.Move(ctx, back, take)
		}
	}
	return r, err
}

func (m *mover) Move(ctx context.Context, moves ...inventory.Move) ([]inventory.Level, error) {
	moves = slices.Clone(moves)
	for i := range moves {
		m.spoil(ctx, &moves[i])
	}
	if m.fault == movesOneByOne {
		return m.oneByOne(ctx, moves)
	}
	if err := m.blocked(ctx, moves); err != nil {
		return nil, err
	}
	levels, err := m.Stock.Move(ctx, moves...)
	var short *inventory.ShortageError
	switch {
	case m.fault == allocatesAnyway && errors.As(err, &short):
		return levels, nil
	case m.fault == stopsAtFirstShort && errors.As(err, &short):
		short.Lines = short.Lines[:1]
	case m.fault == returnsNothing:
		return nil, err
	}
	return levels, err
}

// spoil does to a single move what the fault would.
func (m *mover) spoil(ctx context.Context, mv *inventory.Move) {
	switch m.fault {
	case allocatesAlone:
		mv.Reservation = ""
	case usesFirst:
		if mv.Reservation != "" {
			_, _ = m.Release(ctx, mv.Reservation)
		}
	case forgetsReasons:
		mv.Reason = ""
	}
}

func (m *mover) oneByOne(ctx context.Context, moves []inventory.Move) ([]inventory.Level, error) {
	var changed []inventory.Level
	for _, mv := range moves {
		levels, err := m.Stock.Move(ctx, mv)
		if err != nil {
			return nil, err
		}
		changed = append(changed, levels...)
	}
	return changed, nil
}

// blocked refuses allocations of what others have reserved.
func (m *mover) blocked(ctx context.Context, moves []inventory.Move) error {
	if m.fault != reservationsBlock {
		return nil
	}
	for _, mv := range moves {
		for _, h := range mv.Lines {
			levels, err := m.Levels(ctx, []inventory.Item{h.Key.Item})
			if err == nil && len(levels) == 1 && mv.Kind == inventory.Allocate && mv.Reservation == "" && h.Quantity > levels[0].Sellable() {
				return &inventory.ShortageError{Lines: []inventory.Shortage{{Item: h.Key.Item, Want: h.Quantity}}}
			}
		}
	}
	return nil
}

func (m *mover) Entries(ctx context.Context, q inventory.LedgerQuery) ([]inventory.Entry, error) {
	if m.fault == pagesFromTheStart {
		q.After = 0
	}
	entries, err := m.Stock.Entries(ctx, q)
	if m.fault == forgetsCorrections {
		entries = slices.DeleteFunc(entries, func(e inventory.Entry) bool { return e.Ref == "" })
	}
	return entries, err
}

func TestAcceptsAMoverWithoutFault(t *testing.T) { inventorytest.Run(t, newMover(none)) }

func TestRejectsFaultsOfMovers(t *testing.T) {
	for f, promise := range brokenMovers() {
		t.Run(string(f), func(t *testing.T) {
			t.Parallel()
			suitetest.Rejects(t, promise, func(t *testing.T) { inventorytest.Run(t, newMover(f)) })
		})
	}
}
