package inventorytest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/ankkor/ankkor/inventory"
	"github.com/google/go-cmp/cmp"
)

func moving() []promise {
	promises := []promise{
		{text: "goods received begin a level", check: receiveBegins},
		{text: "all moves or none", check: allMovesOrNone},
		{text: "malformed moves change nothing", check: malformedMoves},
		{text: "the levels returned are those that changed", check: returnsChanged},
		{text: "a move makes older copies of the level old", check: moveMakesOld},
		{text: "moves that belong to nobody's reservation keep it", check: movesKeepReservations},
		{text: "every move does what Apply says", check: movesLikeApply},
	}
	for i := range promises {
		promises[i].needs.mover = true
	}
	return promises
}

func of(item inventory.Item, qty int64) inventory.Held {
	return inventory.Held{Key: item.At(inventory.DefaultLocation), Quantity: qty}
}

func move(kind inventory.MoveKind, lines ...inventory.Held) inventory.Move {
	return inventory.Move{Kind: kind, Ref: "checkout:7", Lines: lines, Reason: "the suite says so", Actor: "suite"}
}

// moved applies moves, which have to fit.
func (s *store) moved(moves ...inventory.Move) []inventory.Level {
	s.Helper()
	changed, err := s.Mover.Move(s.Context(), moves...)
	if err != nil {
		s.Fatalf("Move(%+v): %v", moves, err)
	}
	for _, m := range moves {
		for _, h := range m.Lines {
			s.items = append(s.items, h.Key.Item)
		}
	}
	return changed
}

// unmoved applies moves that have to fail with target and change nothing.
func (s *store) unmoved(target error, moves ...inventory.Move) error {
	s.Helper()
	return s.changesNothing(fmt.Sprintf("Move(%+.200v)", moves), target, func() error {
		changed, err := s.Mover.Move(s.Context(), moves...)
		if changed != nil {
			s.Errorf("levels came back with an error: %+v", changed)
		}
		return err
	})
}

func (s *store) wantLevel(want inventory.Level) {
	s.Helper()
	got := s.at(want.Key)
	want.Revision, got.Revision = 0, 0
	if want.Policy == "" {
		want.Policy = inventory.Deny
	}
	if diff := cmp.Diff(want, got); diff != "" {
		s.Errorf("level of %s (-want +got)\n%s", want.Key, diff)
	}
}

func receiveBegins(s *store) {
	s.moved(move(inventory.Receive, of(shirt, 5), of(scarf, 2), of(shirt, 1)))
	s.wantLevel(inventory.Level{Key: of(shirt, 0).Key, OnHand: 6})
	s.wantLevel(inventory.Level{Key: of(scarf, 0).Key, OnHand: 2})
	s.reserve(ask("r1", 6))
}

func allMovesOrNone(s *store) {
	s.stock(shirt, 5)
	s.stock(scarf, 5)
	s.reserve(ask("r1", 1))
	s.unmoved(inventory.ErrImpossible,
		move(inventory.Receive, of(shirt, 5)), move(inventory.Allocate, of(shirt, 1)), move(inventory.Ship, of(scarf, 1)))
	s.unmoved(inventory.ErrImpossible, move(inventory.Allocate, of(scarf, 2)), move(inventory.Confirm, of(scarf, 2), of(shirt, 1)))
	s.unmoved(inventory.ErrInsufficient, move(inventory.Correct, of(shirt, -5)), move(inventory.Allocate, of(scarf, 6)))
	s.unmoved(inventory.ErrInvalid, move(inventory.Receive, of(shirt, 5)), move("steal", of(shirt, 5)))
}

func malformedMoves(s *store) {
	s.stock(shirt, 5)
	for _, m := range []inventory.Move{
		move(inventory.Receive),
		move(inventory.Receive, of(shirt, 0)),
		move(inventory.Receive, of(shirt, -1)),
		move(inventory.Receive, of(shirt, inventory.MaxQuantity+1)),
		move(inventory.Receive, of("{x}", 1)),
		move(inventory.Adjust, of(shirt, 0)),
		move(inventory.Adjust, of(shirt, 2), of(shirt, -2)),
		{Kind: inventory.Allocate, Lines: []inventory.Held{of(shirt, 1)}},
	} {
		s.unmoved(inventory.ErrInvalid, m)
	}
	done, cancel := context.WithCancel(s.Context())
	cancel()
	s.changesNothing("Move", context.Canceled, func() error {
		_, err := s.Mover.Move(done, move(inventory.Receive, of(shirt, 1)))
		return err
	})
}

func returnsChanged(s *store) {
	s.stock(shirt, 5)
	s.stock(scarf, 5)
	s.stock(mug, 5)
	s.reserve(ask("r1", 2))
	changed := s.moved(move(inventory.Allocate, of(shirt, 1)), move(inventory.Receive, of(mug, 1)))
	if diff := cmp.Diff(s.levels(shirt, mug), changed); diff != "" {
		s.Errorf("(-levels +returned)\n%s", diff)
	}
}

func moveMakesOld(s *store) {
	s.stock(shirt, 5)
	copied := s.at(of(shirt, 0).Key)
	s.moved(move(inventory.Allocate, of(shirt, 2)))
	s.tell(copied)
	s.wantLevel(inventory.Level{Key: copied.Key, OnHand: 5, Allocated: 2})
	now := s.at(copied.Key)
	if now.Revision <= copied.Revision {
		s.Errorf("revision went from %d to %d", copied.Revision, now.Revision)
	}
	s.tell(now)
	s.wantLevel(inventory.Level{Key: copied.Key, OnHand: 5, Allocated: 2})
}

func movesKeepReservations(s *store) {
	s.stock(shirt, 9)
	req := ask("r1", 4)
	first := s.reserve(req)
	s.moved(move(inventory.Receive, of(shirt, 1)), move(inventory.Allocate, of(shirt, 5)))
	s.moved(move(inventory.Confirm, of(shirt, 3)), move(inventory.Expire, of(shirt, 1)), move(inventory.Ship, of(shirt, 2)))
	s.moved(move(inventory.ReleaseAllocation, of(shirt, 1)), move(inventory.Return, of(shirt, 1)), move(inventory.Restock, of(shirt, 1)))
	s.again(req, first)
	s.wantLevel(inventory.Level{Key: of(shirt, 0).Key, OnHand: 9, Reserved: 4, Shipped: 1})
}

// movesLikeApply compares a few hundred moves with the pure function that says
// what they do.
func movesLikeApply(s *store) {
	rng := rand.New(rand.NewPCG(5, 8))
	items := []inventory.Item{shirt, scarf}
	s.tell(inventory.Level{Key: of(scarf, 0).Key, OnHand: 3, Policy: inventory.Backorder, BackorderLimit: 4})
	s.items = items
	for range 300 {
		m := randomMove(rng, items)
		want, _, wantErr := inventory.ApplyAll(s.levels(items...), []inventory.Move{m})
		got, err := s.Mover.Move(s.Context(), m)
		if diff := cmp.Diff(want, got); diff != "" {
			s.Fatalf("%+v (-apply +store)\n%s", m, diff)
		}
		if diff := cmp.Diff(shortages(wantErr), shortages(err)); diff != "" || !sameBranch(wantErr, err) {
			s.Fatalf("%+v: got error %v, want %v", m, err, wantErr)
		}
	}
}

// sameBranch says whether a caller would take two errors for the same.
func sameBranch(a, b error) bool {
	for _, sentinel := range []error{inventory.ErrInsufficient, inventory.ErrImpossible, inventory.ErrInvalid} {
		if errors.Is(a, sentinel) != errors.Is(b, sentinel) {
			return false
		}
	}
	return (a == nil) == (b == nil)
}

func randomMove(rng *rand.Rand, items []inventory.Item) inventory.Move {
	kinds := []inventory.MoveKind{
		inventory.Receive, inventory.Allocate, inventory.Allocate, inventory.ReleaseAllocation, inventory.Expire, inventory.Confirm,
		inventory.Confirm, inventory.Ship, inventory.Restock, inventory.Return, inventory.Adjust, inventory.Correct,
	}
	m := move(kinds[rng.IntN(len(kinds))])
	for range 1 + rng.IntN(2) {
		m.Lines = append(m.Lines, of(items[rng.IntN(len(items))], 1+rng.Int64N(5)))
	}
	if signed := m.Kind == inventory.Adjust || m.Kind == inventory.Correct; signed && rng.IntN(2) == 0 {
		for i := range m.Lines {
			m.Lines[i].Quantity *= -1
		}
	}
	return m
}
