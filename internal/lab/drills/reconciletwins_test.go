package drills_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/internal/lab/servers"
	"github.com/ankkor/ankkor/inventory"
)

// decides is a store that decides allocations.
type decides interface {
	inventory.Mover
	inventory.Ledger
	inventory.Levels
}

// twin is one that follows another store, too.
type twin interface {
	decides
	inventory.Readings
	inventory.Standings
}

// twins are two stores that are asked the same and have to answer the same.
type twins struct {
	*testing.T
	rand    *rand.Rand
	both    [2]twin
	tickets []inventory.Ticket
}

// same asks both, and wants one answer of them.
func same[A any](w *twins, what string, ask func(i int, s twin) (A, error)) A {
	w.Helper()
	first, err := ask(0, w.both[0])
	second, other := ask(1, w.both[1])
	if diff := cmp.Diff(first, second, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(inventory.Entry{}, "Seq", "At")); diff != "" {
		w.Fatalf("%s: in memory (-) and in Postgres (+)\n%s", what, diff)
	}
	for _, kind := range []error{inventory.ErrInsufficient, inventory.ErrImpossible, inventory.ErrInvalid, inventory.ErrStale} {
		if errors.Is(err, kind) != errors.Is(other, kind) || (err == nil) != (other == nil) {
			w.Fatalf("%s: in memory %v, in Postgres %v", what, err, other)
		}
	}
	return first
}

func (w *twins) item() inventory.Item { return inventory.ProductItem(1 + w.rand.Int64N(3)) }

func (w *twins) place() inventory.Location {
	return []inventory.Location{inventory.DefaultLocation, inBlr}[w.rand.IntN(2)]
}

func (w *twins) ref() string { return "order:" + strconv.Itoa(1+w.rand.IntN(6)) }

// step asks something at random.
func (w *twins) step() {
	switch n := w.rand.IntN(10); {
	case n < 5:
		w.move()
	case n < 7:
		items := []inventory.Item{w.item(), w.item()}
		w.tickets = append(w.tickets, same(w, "tickets", func(_ int, s twin) ([]inventory.Ticket, error) { return s.Tickets(w.Context(), items) })...)
	case n < 9:
		w.read()
	default:
		w.settle()
	}
	w.compare()
}

func (w *twins) move() {
	kinds := []inventory.MoveKind{
		inventory.Receive, inventory.Allocate, inventory.Allocate, inventory.Confirm, inventory.Confirm, inventory.Ship, inventory.ReleaseAllocation,
		inventory.Restock, inventory.Restock, inventory.Return, inventory.Adjust, inventory.Correct,
	}
	m := inventory.Move{Kind: kinds[w.rand.IntN(len(kinds))], Ref: w.ref()}
	for range 1 + w.rand.IntN(2) {
		n := 1 + w.rand.Int64N(2)
		if m.Kind == inventory.Adjust || m.Kind == inventory.Correct {
			n = 2*n - 3
		}
		m.Lines = append(m.Lines, inventory.Held{Key: w.item().At(w.place()), Quantity: n})
	}
	same(w, fmt.Sprintf("%+v", m), func(_ int, s twin) ([]inventory.Level, error) { return s.Move(w.Context(), m) })
}

func (w *twins) read() {
	if len(w.tickets) == 0 {
		return
	}
	var list []inventory.Reading
	for range 1 + w.rand.IntN(2) {
		r := inventory.Reading{
			Ticket: w.tickets[len(w.tickets)-1-w.rand.IntN(min(8, len(w.tickets)))], OnHand: w.rand.Int64N(30) - 3, Location: w.place(),
			Policy: []inventory.Policy{inventory.Deny, inventory.Deny, inventory.Backorder, inventory.Untracked}[w.rand.IntN(4)],
			Gone:   w.rand.IntN(12) == 0, Decided: w.rand.IntN(8) == 0, Tolerance: inventory.Tolerance{Pieces: 2}, Reason: "a reading",
		}
		r.BackorderLimit = w.rand.Int64N(5)
		if w.rand.IntN(20) == 0 {
			r.Ticket.Seq += 1000 // forged
		}
		list = append(list, r)
	}
	same(w, fmt.Sprintf("%+v", list), func(_ int, s twin) ([]inventory.Applied, error) { return s.ApplyReadings(w.Context(), list) })
}

func (w *twins) settle() {
	settlement := inventory.Settlement{Ref: w.ref(), Reason: "as it is there"}
	for range w.rand.IntN(3) {
		settlement.Lines = append(settlement.Lines, inventory.Line{Item: w.item(), Quantity: w.rand.Int64N(5)})
	}
	early := w.rand.IntN(8) == 0
	same(w, fmt.Sprintf("%+v", settlement), func(_ int, s twin) ([]inventory.Level, error) {
		mine := settlement
		entries, err := s.Entries(w.Context(), inventory.LedgerQuery{Ref: mine.Ref})
		if err != nil {
			return nil, err
		}
		if n := len(entries); n > 0 {
			mine.AsOf = entries[n-1].Seq
		}
		if early {
			mine.AsOf = max(0, mine.AsOf-1)
		}
		return s.Settle(w.Context(), mine)
	})
}

// compare looks at everything.
func (w *twins) compare() {
	w.Helper()
	items := []inventory.Item{inventory.ProductItem(1), inventory.ProductItem(2), inventory.ProductItem(3)}
	levels := same(w, "levels", func(_ int, s twin) ([]inventory.Level, error) { return s.Levels(w.Context(), items) })
	for _, unsettled := range []bool{false, true} {
		q := inventory.StandingQuery{Unsettled: unsettled, Limit: 9}
		same(w, "standings", func(_ int, s twin) ([]inventory.Standing, error) { return s.Standings(w.Context(), q) })
	}
	entries := same(w, "the ledger", func(_ int, s twin) ([]inventory.Entry, error) {
		return s.Entries(w.Context(), inventory.LedgerQuery{Limit: inventory.MaxLedgerLimit})
	})
	for _, l := range levels {
		if err := inventory.Conserved(entries, l); err != nil {
			w.Fatal(err)
		}
	}
}

// TestTwins: whatever is moved, read and settled, in whatever order, Postgres answers as memory does, levels, standings,
// tickets and ledger alike.
func TestTwins(t *testing.T) {
	address := servers.PostgresURL(t)
	for seed := range uint64(2 * times(t)) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			kept := inPostgres(address)(&world{T: t})
			w := &twins{T: t, rand: rand.New(rand.NewPCG(seed, 11)), both: [2]twin{memstore.NewStock(memstore.StockConfig{}), kept[0].books.(twin)}}
			for range 150 {
				w.step()
			}
		})
	}
}
