package inventorytest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/ankkor/ankkor/inventory"
	"github.com/google/go-cmp/cmp"
)

const (
	shirt = inventory.Item("product:1")
	scarf = inventory.Item("variation:2")
	mug   = inventory.Item("coupon:mug")
	owner = "checkout:7"
	ttl   = 15 * time.Minute
)

// store is a harness being tested, and what the test did to it so far.
type store struct {
	*testing.T
	Harness

	items    []inventory.Item
	requests []inventory.ReserveRequest
}

// stock puts pieces of an item on the default shelf.
func (s *store) stock(item inventory.Item, onHand int64) {
	s.Helper()
	s.tell(inventory.Level{Key: item.At(inventory.DefaultLocation), OnHand: onHand})
}

// tell sets levels, at the revision after the one that is known.
func (s *store) tell(levels ...inventory.Level) {
	s.Helper()
	for i, l := range levels {
		s.items = append(s.items, l.Key.Item)
		if l.Revision == 0 {
			levels[i].Revision = s.at(l.Key).Revision + 1
		}
	}
	if err := s.Levels.SetLevels(s.Context(), levels); err != nil {
		s.Fatalf("SetLevels(%+v): %v", levels, err)
	}
}

// at reads one level; one that is not known is empty.
func (s *store) at(key inventory.Key) inventory.Level {
	s.Helper()
	for _, l := range s.levels(key.Item) {
		if l.Key == key {
			return l
		}
	}
	return inventory.Level{Key: key}
}

func (s *store) levels(items ...inventory.Item) []inventory.Level {
	s.Helper()
	levels, err := s.Levels.Levels(s.Context(), items)
	if err != nil {
		s.Fatalf("Levels(%v): %v", items, err)
	}
	return levels
}

// wantReserved checks what is held of an item at the default location.
func (s *store) wantReserved(item inventory.Item, want int64) {
	s.Helper()
	if got := s.at(item.At(inventory.DefaultLocation)).Reserved; got != want {
		s.Errorf("%d of %s are reserved, want %d", got, item, want)
	}
}

// ask is a request for qty pieces of shirt.
func ask(id string, qty int64) inventory.ReserveRequest {
	return askFor(id, inventory.Line{Item: shirt, Quantity: qty})
}

func askFor(id string, lines ...inventory.Line) inventory.ReserveRequest {
	return inventory.ReserveRequest{ID: id, Owner: owner, TTL: ttl, Lines: lines}
}

// reserve sends a request that has to be granted.
func (s *store) reserve(req inventory.ReserveRequest) inventory.Reservation {
	s.Helper()
	r, err := s.Reserver.Reserve(s.Context(), req)
	if err != nil {
		s.Fatalf("Reserve(%+v): %v", req, err)
	}
	s.requests = append(s.requests, req)
	return r
}

// refused sends a request that has to fail with target, and checks that nothing
// changed by it.
func (s *store) refused(req inventory.ReserveRequest, target error) error {
	s.Helper()
	return s.changesNothing(fmt.Sprintf("Reserve(%.200s)", fmt.Sprintf("%+v", req)), target, func() error {
		_, err := s.Reserver.Reserve(s.Context(), req)
		return err
	})
}

// short sends a request that has to fail for want of exactly these.
func (s *store) short(req inventory.ReserveRequest, want ...inventory.Shortage) {
	s.Helper()
	err := s.refused(req, inventory.ErrInsufficient)
	var short *inventory.ShortageError
	if !errors.As(err, &short) {
		s.Fatalf("got error %v, want a *ShortageError", err)
	}
	if diff := cmp.Diff(want, short.Lines); diff != "" {
		s.Errorf("shortage (-want +got)\n%s", diff)
	}
}

// changesNothing makes a call that has to fail with target and leave every level
// and reservation as it was, expiries included.
func (s *store) changesNothing(what string, target error, call func() error) error {
	s.Helper()
	before := s.snapshot()
	err := call()
	if !errors.Is(err, target) {
		s.Errorf("%s: got error %v, want %v", what, err, target)
	}
	if diff := cmp.Diff(before, s.snapshot()); diff != "" {
		s.Errorf("%s was refused but changed something (-before +after)\n%s", what, diff)
	}
	return err
}

// snapshot is all that can be seen of the store: the levels, and the
// reservations as a repetition of their request shows them.
type snapshot struct {
	Levels       []inventory.Level
	Reservations []inventory.Reservation
}

func (s *store) snapshot() snapshot {
	s.Helper()
	var all snapshot
	for _, req := range s.requests {
		all.Reservations = append(all.Reservations, s.look(req))
	}
	all.Levels = s.levels(s.items...)
	return all
}

// look reads a reservation by repeating the request it was made with.
func (s *store) look(req inventory.ReserveRequest) inventory.Reservation {
	s.Helper()
	r, err := s.Reserver.Reserve(s.Context(), req)
	if err != nil && !errors.Is(err, inventory.ErrEnded) {
		s.Fatalf("repeating the request of %s: %v", req.ID, err)
	}
	return r
}

// wantState checks how a reservation stands.
func (s *store) wantState(req inventory.ReserveRequest, want inventory.ReservationState) {
	s.Helper()
	if got := s.look(req).State; got != want {
		s.Errorf("reservation %s is %q, want %q", req.ID, got, want)
	}
}

// wantEnded checks that err is an *EndedError of the reservation.
func (s *store) wantEnded(err error, id string, state inventory.ReservationState) {
	s.Helper()
	var ended *inventory.EndedError
	if !errors.As(err, &ended) || !errors.Is(err, inventory.ErrEnded) {
		s.Errorf("got error %v, want an *EndedError", err)
		return
	}
	if ended.ID != id || ended.State != state || ended.At.IsZero() {
		s.Errorf("got %+v, want %s to be %s at some time", *ended, id, state)
	}
}
