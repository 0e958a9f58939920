package drills

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

// Admission is the store of reservations: it may lose its memory.
type Admission interface {
	inventory.Reserver
	inventory.Levels
}

// Decision is the store that decides allocations.
type Decision interface {
	inventory.Mover
	inventory.Levels
	inventory.Ledger
}

// Shop sells as the checkout service does: reserve, then allocate; what the Reserver
// does not know, or let somebody in for who is then refused, it is taught.
type Shop struct {
	Admit  Admission
	Decide Decision
	Item   inventory.Item
	missed func() // told when news did not reach the Reserver

	// How shoppers fared. Refused are those of the sorry whom the Reserver had let in.
	Sold, Sorry, Refused, Away atomic.Int64
	orders                     sync.Map // ids of those who were told "yours"
}

// Key is what is sold.
func (s *Shop) Key() inventory.Key { return s.Item.At(inventory.DefaultLocation) }

// Stock puts pieces on the shelf.
func (s *Shop) Stock(tb testing.TB, pieces int64) {
	tb.Helper()
	receive := inventory.Move{Kind: inventory.Receive, Lines: []inventory.Held{{Key: s.Key(), Quantity: pieces}}}
	if _, err := s.Decide.Move(tb.Context(), receive); err != nil {
		tb.Fatal(err)
	}
}

// Teach tells the Reserver what the deciding store knows.
func (s *Shop) Teach(ctx context.Context) error {
	levels, err := s.Decide.Levels(ctx, []inventory.Item{s.Item})
	if err != nil {
		return err
	}
	return s.Admit.SetLevels(ctx, levels)
}

// tell passes on what a move changed.
func (s *Shop) tell(ctx context.Context, levels []inventory.Level) {
	if err := s.Admit.SetLevels(ctx, levels); err != nil && s.missed != nil {
		s.missed()
	}
}

// Buy is one shopper after one piece.
func (s *Shop) Buy(ctx context.Context, id string) {
	held, err := s.reserve(ctx, id)
	switch {
	case errors.Is(err, inventory.ErrInsufficient):
		s.Sorry.Add(1)
		return
	case err != nil:
		s.Away.Add(1)
		return
	}
	allocate := inventory.Move{Kind: inventory.Allocate, Ref: id, Lines: held.Lines, Reservation: id}
	levels, err := s.Decide.Move(ctx, allocate)
	if err != nil && !errors.Is(err, inventory.ErrInsufficient) {
		err = s.lookUp(ctx, id)
	}
	switch {
	case err == nil:
		s.Sold.Add(1)
		s.orders.Store(id, true)
		s.tell(ctx, levels)
		_, _ = s.Admit.Release(ctx, id) // the allocation counts from now on
	case errors.Is(err, inventory.ErrInsufficient):
		s.Sorry.Add(1)
		s.Refused.Add(1)
		_ = s.Teach(ctx)                // so that the next one hears it before paying
		_, _ = s.Admit.Release(ctx, id) // else it expires
	default:
		s.Away.Add(1)
	}
}

func (s *Shop) reserve(ctx context.Context, id string) (inventory.Reservation, error) {
	req := inventory.ReserveRequest{ID: id, Owner: id, Lines: []inventory.Line{{Item: s.Item, Quantity: 1}}}
	held, err := s.Admit.Reserve(ctx, req)
	var short *inventory.ShortageError
	if errors.As(err, &short) && len(short.Unknown()) > 0 {
		if err := s.Teach(ctx); err != nil {
			return held, err
		}
		return s.Admit.Reserve(ctx, req)
	}
	return held, err
}

// lookUp asks the ledger what became of an allocation whose answer was lost. The
// deciding store may be away for a while.
func (s *Shop) lookUp(ctx context.Context, id string) error {
	var entries []inventory.Entry
	var err error
	for range 3000 {
		if entries, err = s.Decide.Entries(ctx, inventory.LedgerQuery{Ref: id}); err == nil {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	if err == nil && len(entries) == 0 {
		return errors.New("it was not applied")
	}
	return err
}

// Open lets so many shoppers at a time buy, one after the other, until there were
// enough of them. In the midst of each tenth of them something may happen.
func (s *Shop) Open(tb testing.TB, atATime, shoppers int, happen func(tenth int)) {
	tb.Helper()
	for tenth := range 10 {
		var midst func()
		if happen != nil {
			midst = func() { happen(tenth) }
		}
		s.Rush(tb, fmt.Sprint("day", tenth), atATime, shoppers/10, midst)
	}
}

// Rush is one crowd of shoppers, with a name of their own; in their midst something
// may happen.
func (s *Shop) Rush(tb testing.TB, name string, atATime, shoppers int, midst func()) {
	tb.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	for range atATime {
		wg.Go(func() {
			for n := next.Add(1); n <= int64(shoppers); n = next.Add(1) {
				s.Buy(tb.Context(), fmt.Sprintf("%s.%d", name, n))
				if n == int64(shoppers)/2 && midst != nil {
					midst()
				}
			}
		})
	}
	wg.Wait()
	s.Check(tb)
}

// Check holds the books: allocated at most what is on hand, one allocation for each
// who was told "yours" and no other, not a unit made or lost.
func (s *Shop) Check(tb testing.TB) inventory.Level {
	tb.Helper()
	var level inventory.Level
	var entries []inventory.Entry
	Until(tb, "the deciding store answers", func(ctx context.Context) bool {
		levels, err := s.Decide.Levels(ctx, []inventory.Item{s.Item})
		if err != nil || len(levels) != 1 {
			return false
		}
		level = levels[0]
		entries, err = s.entries(ctx)
		return err == nil
	})
	if level.Allocated > level.OnHand {
		tb.Errorf("oversold: %d allocated of %d", level.Allocated, level.OnHand)
	}
	if err := inventory.Conserved(entries, level); err != nil {
		tb.Error(err)
	}
	allocated := map[string]int64{}
	for _, e := range entries {
		if e.Kind == inventory.Allocate {
			allocated[e.Ref] += e.Quantity
		}
	}
	for ref, n := range allocated {
		if _, told := s.orders.Load(ref); !told || n != 1 {
			tb.Errorf("%s has %d pieces, and was told so: %v", ref, n, told)
		}
	}
	if int64(len(allocated)) != s.Sold.Load() {
		tb.Errorf("%d shoppers have a piece, %d were told so", len(allocated), s.Sold.Load())
	}
	return level
}

// entries reads the item's whole ledger, page by page.
func (s *Shop) entries(ctx context.Context) ([]inventory.Entry, error) {
	var all []inventory.Entry
	q := inventory.LedgerQuery{Item: s.Item, Limit: inventory.MaxLedgerLimit}
	for {
		page, err := s.Decide.Entries(ctx, q)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if len(page) < q.Limit {
			return all, nil
		}
		q.After = page[len(page)-1].Seq
	}
}
