package inventorytest

import (
	"testing"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

// Harness is a store under test, empty and used by nobody else. Fields that are
// nil are not offered.
type Harness struct {
	// Reserver and Levels are required and belong to one store.
	Reserver inventory.Reserver
	Levels   inventory.Levels

	// Clients are further Reservers of the same store, such as connections or
	// processes of their own. Concurrent promises spread their calls over them.
	Clients []inventory.Reserver

	// Mover is the same store taking moves, if it decides allocations.
	Mover inventory.Mover
	// Ledger is where its moves are written, if it keeps books.
	Ledger inventory.Ledger

	// Forgetful is the same store, if it may lose its memory and notices.
	Forgetful inventory.Forgetful
	// Wipe empties the memory, as when a server is flushed. Carry has it found on
	// another server. Keep keeps it, for the function it returns to put back.
	Wipe, Carry func()
	Keep        func() (restore func())

	// Advance moves the clock that reservations live by, the backend's. The
	// clock may run on between the calls of a test, but only by a few seconds.
	Advance func(time.Duration)
}

// Run checks every promise against stores made by newStore, a fresh one each.
func Run(t *testing.T, newStore func(tb testing.TB) Harness) {
	for _, topic := range []struct {
		name     string
		promises []promise
	}{
		{"reserve", reserving()},
		{"policy", policies()},
		{"resend", resending()},
		{"replace", replacing()},
		{"end", ending()},
		{"expiry", expiring()},
		{"locations", locating()},
		{"levels", levelling()},
		{"conclude", concluding()},
		{"cut", cutting()},
		{"bad input", refusing()},
		{"concurrent", competing()},
		{"moves", moving()},
		{"allocate", allocating()},
		{"ledger", bookkeeping()},
		{"forgetting", forgetting()},
	} {
		t.Run(topic.name, func(t *testing.T) {
			for _, p := range topic.promises {
				t.Run(p.text, func(t *testing.T) { p.check(open(t, newStore, p.needs)) })
			}
		})
	}
}

// promise is one sentence of the contracts, and the check that it holds.
type promise struct {
	text  string
	needs needs
	check func(s *store)
}

// needs says what a promise takes beyond Reserver and Levels.
type needs struct{ clock, mover, ledger, concluder, forgetful, wiped, carried, kept bool }

func open(t *testing.T, newStore func(testing.TB) Harness, n needs) *store {
	t.Helper()
	h := newStore(t)
	switch {
	case h.Reserver == nil || h.Levels == nil:
		t.Fatal("the harness has no Reserver or no Levels")
	case n.clock && h.Advance == nil:
		t.Skip("the store's clock cannot be moved: Harness.Advance is nil")
	case n.mover && h.Mover == nil:
		t.Skip("the store takes no moves: Harness.Mover is nil")
	case n.ledger && h.Ledger == nil:
		t.Skip("the store keeps no ledger: Harness.Ledger is nil")
	case (n.forgetful || n.wiped || n.carried || n.kept) && h.Forgetful == nil:
		t.Skip("the store forgets nothing: Harness.Forgetful is nil")
	case n.wiped && h.Wipe == nil, n.carried && h.Carry == nil, n.kept && h.Keep == nil:
		t.Skip("the store's memory cannot be lost in this way: Wipe, Carry or Keep of the Harness is nil")
	}
	if _, ok := h.Reserver.(inventory.Concluder); n.concluder && !ok {
		t.Skip("the store is told levels and gives back in two calls: the Reserver is no Concluder")
	}
	return &store{T: t, Harness: h}
}
