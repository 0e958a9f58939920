package inventorytest

import (
	"errors"
	"fmt"

	"github.com/ankkor/ankkor/inventory"
	"github.com/google/go-cmp/cmp"
)

func allocating() []promise {
	promises := []promise{
		{text: "an allocation never exceeds stock and budget", check: allocationFits},
		{text: "an allocation narrows reservations at once", check: allocationNarrows},
		{text: "a reservation does not stand in an allocation's way", check: allocationDecides},
		{text: "an allocation uses its reservation up", check: allocationUses},
		{text: "a refused allocation leaves its reservation alone", check: refusedAllocation},
		{text: "an allocation does not use an expired reservation", needs: needs{clock: true}, check: allocationOfExpired},
		{text: "an allocation without its reservation is decided by stock", check: allocationAlone},
		{text: "of 200 allocations after 100 pieces exactly 100 fit", check: manyAllocations},
		{text: "a correction voids the youngest that no longer fits", check: correctionVoids},
		{text: "a correction keeps allocations and shows the oversell", check: correctionKeeps},
	}
	for i := range promises {
		promises[i].needs.mover = true
	}
	return promises
}

func allocationFits(s *store) {
	s.policy(inventory.Backorder, 2, 3)
	s.stock(scarf, 4)
	s.moved(move(inventory.Allocate, of(shirt, 4), of(scarf, 4)))
	err := s.unmoved(inventory.ErrInsufficient, move(inventory.Allocate, of(scarf, 1), of(shirt, 1), of(shirt, 1), of("product:404", 1)))
	want := []inventory.Shortage{
		{Item: shirt, Want: 2, Have: 1}, {Item: "product:404", Want: 1, Unknown: true}, {Item: scarf, Want: 1},
	}
	if diff := cmp.Diff(want, shortages(err)); diff != "" {
		s.Errorf("shortage (-want +got)\n%s", diff)
	}
	s.moved(move(inventory.Allocate, of(shirt, 1)))
}

func allocationNarrows(s *store) {
	s.stock(shirt, 3)
	s.moved(move(inventory.Allocate, of(shirt, 2)))
	s.short(ask("r1", 2), inventory.Shortage{Item: shirt, Want: 2, Have: 1})
	s.moved(move(inventory.ReleaseAllocation, of(shirt, 1)))
	s.reserve(ask("r1", 2))
}

func allocationDecides(s *store) {
	s.stock(shirt, 3)
	s.reserve(ask("r1", 3))
	s.moved(move(inventory.Allocate, of(shirt, 3)))
	s.wantLevel(inventory.Level{Key: of(shirt, 0).Key, OnHand: 3, Allocated: 3, Reserved: 3})
}

// using is an allocation that grows out of a reservation.
func using(reservation string, lines ...inventory.Held) inventory.Move {
	m := move(inventory.Allocate, lines...)
	m.Reservation = reservation
	return m
}

func allocationUses(s *store) {
	s.stock(shirt, 3)
	req := ask("r1", 2)
	s.reserve(req)
	changed := s.moved(using("r1", of(shirt, 2)))
	s.wantLevel(inventory.Level{Key: of(shirt, 0).Key, OnHand: 3, Allocated: 2})
	if diff := cmp.Diff(s.levels(shirt), changed); diff != "" {
		s.Errorf("(-levels +returned)\n%s", diff)
	}
	s.wantState(req, inventory.Used)
	s.release("r1", inventory.Used)
	_, err := s.Reserver.Extend(s.Context(), "r1", ttl)
	s.wantEnded(err, "r1", inventory.Used)
	s.reserve(ask("r2", 1))
	s.short(ask("r3", 1), inventory.Shortage{Item: shirt, Want: 1})
}

func refusedAllocation(s *store) {
	s.stock(shirt, 3)
	s.reserve(ask("r1", 2))
	s.unmoved(inventory.ErrInsufficient, using("r1", of(shirt, 4)))
	s.unmoved(inventory.ErrImpossible, using("r1", of(shirt, 2)), move(inventory.Ship, of(shirt, 1)))
	s.wantReserved(shirt, 2)
}

func allocationOfExpired(s *store) {
	s.stock(shirt, 3)
	req := ask("r1", 2)
	s.reserve(req)
	s.Advance(ttl)
	s.moved(using("r1", of(shirt, 2)))
	s.wantState(req, inventory.Expired)
	s.wantReserved(shirt, 0)
}

func allocationAlone(s *store) {
	s.stock(shirt, 3)
	s.reserve(ask("r1", 1))
	s.release("r1", inventory.Released)
	s.moved(using("r1", of(shirt, 1)), using("r404", of(shirt, 2)))
	s.release("r1", inventory.Released)
	s.unmoved(inventory.ErrInsufficient, using("r1", of(shirt, 1)))
}

func manyAllocations(s *store) {
	s.stock(shirt, 100)
	var c tally
	s.together(200, func(i int, _ inventory.Reserver) {
		m := move(inventory.Allocate, of(shirt, 1))
		m.Ref = fmt.Sprintf("checkout:%d", i)
		_, err := s.Mover.Move(s.Context(), m)
		c.add(s, err)
	})
	c.want(s, 100, 100, 0)
	s.wantLevel(inventory.Level{Key: of(shirt, 0).Key, OnHand: 100, Allocated: 100})
}

func correctionVoids(s *store) {
	s.stock(shirt, 6)
	old, young := ask("r2", 3), ask("r1", 3)
	first := s.reserve(old)
	s.reserve(young)
	changed := s.moved(move(inventory.Correct, of(shirt, -1)))
	if diff := cmp.Diff(s.levels(shirt), changed); diff != "" {
		s.Errorf("(-levels +returned)\n%s", diff)
	}
	s.again(old, first)
	s.wantState(young, inventory.Voided)
	s.wantReserved(shirt, 3)
}

func correctionKeeps(s *store) {
	s.stock(shirt, 6)
	s.moved(move(inventory.Allocate, of(shirt, 4)))
	changed := s.moved(move(inventory.Correct, of(shirt, -5)))
	if len(changed) != 1 || changed[0].Allocated != 4 || changed[0].Oversold() != 3 {
		s.Errorf("got %+v, want 4 allocated and oversold by 3", changed)
	}
	_, err := s.Mover.Move(s.Context(), move(inventory.Allocate, of(shirt, 1)))
	if !errors.Is(err, inventory.ErrInsufficient) {
		s.Errorf("an allocation of what is oversold: %v", err)
	}
}
