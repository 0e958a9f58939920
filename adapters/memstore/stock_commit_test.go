package memstore

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/ankkor/ankkor/inventory"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var commitKey = inventory.ProductItem(1).At(inventory.DefaultLocation)

func stockOf(t *testing.T, onHand int64) *Stock {
	t.Helper()
	s := NewStock(StockConfig{})
	if err := s.Receive(t.Context(), commitKey, onHand); err != nil {
		t.Fatal(err)
	}
	return s
}

func allocation(qty int64) []inventory.Move {
	return []inventory.Move{{
		Kind: inventory.Allocate, Ref: "checkout:7", Reservation: "r1",
		Lines: []inventory.Held{{Key: commitKey, Quantity: qty}},
	}}
}

// everything is all that commit could have changed.
func everything(t *testing.T, s *Stock) (inventory.Level, []inventory.Entry, inventory.ReservationState) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.levels[commitKey], append([]inventory.Entry(nil), s.ledger...), s.reservations.byID["r1"].state
}

func TestCommitIsAllOrNothing(t *testing.T) {
	no := errors.New("the record is stale")
	for _, tc := range []struct {
		name  string
		moves []inventory.Move
		then  error
		want  error
	}{
		{"refused by what else is written", allocation(2), no, no},
		{"short", allocation(4), nil, inventory.ErrInsufficient},
		{"short in the second move", append(allocation(2), allocation(2)...), nil, inventory.ErrInsufficient},
		{"malformed", append(allocation(2), inventory.Move{Kind: inventory.Ship}), nil, inventory.ErrInvalid},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := stockOf(t, 3)
			reserveOne(t, s)
			level, ledger, state := everything(t, s)
			called := false
			changed, err := s.commit(tc.moves, time.Unix(1, 0), func() error { called = true; return tc.then })
			if !errors.Is(err, tc.want) || changed != nil {
				t.Errorf("got %+v, %v; want %v", changed, err, tc.want)
			}
			if called != (tc.then != nil) {
				t.Errorf("the rest was written: %v", called)
			}
			level2, ledger2, state2 := everything(t, s)
			if level != level2 || len(ledger) != len(ledger2) || state != state2 {
				t.Errorf("a refused commit left %+v, %d entries and %s; before it was %+v, %d and %s",
					level2, len(ledger2), state2, level, len(ledger), state)
			}
		})
	}
}

func TestCommitAppliesBothSides(t *testing.T) {
	s := stockOf(t, 3)
	reserveOne(t, s)
	at := time.Date(2026, 10, 20, 12, 0, 0, 0, time.UTC)
	var seen inventory.Level
	changed, err := s.commit(allocation(2), at, func() error { seen = s.levels[commitKey]; return nil })
	if err != nil {
		t.Fatal(err)
	}
	if seen.Allocated != 0 {
		t.Errorf("the moves were applied before the rest agreed: %+v", seen)
	}
	level, ledger, state := everything(t, s)
	want := inventory.Level{Key: commitKey, OnHand: 3, Allocated: 2, Policy: inventory.Deny, Revision: 2}
	if diff := cmp.Diff(want, level); diff != "" {
		t.Errorf("level (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]inventory.Level{want}, changed); diff != "" {
		t.Errorf("returned (-want +got)\n%s", diff)
	}
	if state != inventory.Used {
		t.Errorf("the reservation is %s, want it used", state)
	}
	entry := inventory.Entry{
		Seq: 2, At: at, Key: commitKey, Kind: inventory.Allocate, Quantity: 2, Ref: "checkout:7",
		From: inventory.AccountAvailable, To: inventory.AccountAllocated,
	}
	if diff := cmp.Diff(entry, ledger[len(ledger)-1]); diff != "" {
		t.Errorf("entry (-want +got)\n%s", diff)
	}
}

func TestCommitOfNothingStillAsks(t *testing.T) {
	s := stockOf(t, 3)
	called := false
	changed, err := s.commit(nil, time.Time{}, func() error { called = true; return nil })
	if err != nil || !called {
		t.Errorf("called %v, error %v", called, err)
	}
	if diff := cmp.Diff([]inventory.Level{}, changed, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("levels changed:\n%s", diff)
	}
}

func reserveOne(t *testing.T, s *Stock) {
	t.Helper()
	_, err := s.Reserve(t.Context(), inventory.ReserveRequest{
		ID: "r1", Owner: "checkout:7", Lines: []inventory.Line{{Item: commitKey.Item, Quantity: 1}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestStockForgets looks inside, because what is forgotten cannot be seen from
// outside without asking for it.
func TestStockForgets(t *testing.T) {
	now := time.Date(2026, 10, 20, 12, 0, 0, 0, time.UTC)
	s := NewStock(StockConfig{Now: func() time.Time { return now }})
	if err := s.Receive(t.Context(), commitKey, 1000); err != nil {
		t.Fatal(err)
	}
	for i := range 600 {
		req := inventory.ReserveRequest{
			ID: strconv.Itoa(i), Owner: "o", TTL: time.Minute,
			Lines: []inventory.Line{{Item: commitKey.Item, Quantity: 1}},
		}
		if _, err := s.Reserve(t.Context(), req); err != nil {
			t.Fatal(err)
		}
		if i%3 == 0 {
			if _, err := s.Release(t.Context(), req.ID); err != nil {
				t.Fatal(err)
			}
		}
		now = now.Add(time.Minute)
		if n := len(s.reservations.byID); n > 62 || n != len(s.reservations.queue) {
			t.Fatalf("after %d minutes %d reservations are known, %d queued", i, n, len(s.reservations.queue))
		}
	}
	now = now.Add(2 * time.Hour)
	if _, err := s.Levels(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if len(s.reservations.byID) != 0 || len(s.reservations.queue) != 0 || s.levels[commitKey].Reserved != 0 {
		t.Errorf("left over: %d known, %d queued, %+v", len(s.reservations.byID), len(s.reservations.queue), s.levels[commitKey])
	}
}
