package checkouttest

import (
	"context"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

// StoreHarness is a fresh, empty store and a hand on what surrounds it.
type StoreHarness struct {
	Store checkout.Store
	// Receive puts pieces into the stock that the store's commits move.
	Receive func(ctx context.Context, key inventory.Key, quantity int64) error
	// Advance moves the store's clock.
	Advance func(time.Duration)
}

// RunStore checks a [checkout.Store], and its [checkout.Outbox] if it has one.
func RunStore(t *testing.T, fresh func(t *testing.T) StoreHarness) {
	promises := []struct {
		name  string
		check func(*testing.T, *storeTest)
	}{
		{"a record comes back as it was saved", savedWhole},
		{"what is absent is ErrNotFound", absent},
		{"a stale version is refused", staleRefused},
		{"an id is created once", createdOnce},
		{"records are copies", copies},
		{"what is kept stays", keptStays},
		{"a reference belongs to one checkout", boundOnce},
		{"a reference is bound again by its holder", boundAgain},
		{"only the holder gives a reference back", unbound},
		{"stock that does not suffice refuses the change", shortRefused},
		{"a refused change writes nothing", refusedWritesNothing},
		{"levels that moved are reported", levelsReported},
		{"one of many writers wins", oneWriterWins},
		{"one of many binders wins", oneBinderWins},
		{"no more is allocated than there is", neverOversold},
		{"due checkouts are claimed oldest first", dueOldestFirst},
		{"a claim hides a checkout for its lease", claimHides},
		{"a commit ends the claim", commitEndsClaim},
		{"many workers never share a claim", claimsAreExclusive},
		{"the outbox keeps events in order until acknowledged", outboxKeeps},
		{"a done context writes nothing", doneContext},
	}
	for _, p := range promises {
		t.Run(p.name, func(t *testing.T) { p.check(t, &storeTest{T: t, StoreHarness: fresh(t)}) })
	}
}

// storeTest is one promise being checked.
type storeTest struct {
	*testing.T
	StoreHarness
}

// key is the stock that tests move.
var key = inventory.Key{Item: "product:1", Location: inventory.DefaultLocation}

// at is when the tests' records were made.
var at = time.Date(2026, 11, 8, 18, 30, 0, 0, time.UTC)

func record(id checkout.ID) checkout.Record {
	return checkout.Record{ID: id, Owner: "guest:1", Token: "ank_" + string(id), CreatedAt: at, UpdatedAt: at, Policy: checkout.DefaultPolicy()}
}

func (s *storeTest) commit(c checkout.Change) checkout.Committed {
	s.Helper()
	done, err := s.Store.Commit(s.Context(), c)
	if err != nil {
		s.Fatalf("Commit: %v", err)
	}
	return done
}

func (s *storeTest) create(r checkout.Record) checkout.Record {
	s.Helper()
	return s.commit(checkout.Change{Record: r}).Record
}

func (s *storeTest) load(id checkout.ID) checkout.Record {
	s.Helper()
	r, err := s.Store.Load(s.Context(), id)
	if err != nil {
		s.Fatalf("Load: %v", err)
	}
	return r
}

func (s *storeTest) receive(quantity int64) {
	s.Helper()
	if err := s.Receive(s.Context(), key, quantity); err != nil {
		s.Fatalf("Receive: %v", err)
	}
}

func allocate(id checkout.ID, quantity int64) []inventory.Move {
	return []inventory.Move{{Kind: inventory.Allocate, Ref: string(id), Lines: []inventory.Held{{Key: key, Quantity: quantity}}, Actor: "test"}}
}
