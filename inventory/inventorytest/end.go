package inventorytest

import (
	"errors"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

func ending() []promise {
	return []promise{
		{text: "a released reservation gives its stock back", check: releaseGivesBack},
		{text: "released twice gives back once", check: releaseTwice},
		{text: "a reservation that has ended stays ended", check: endedStaysEnded},
		{text: "an id nobody used is not found", check: idNotFound},
		{text: "extending moves the expiry to ttl from now", check: extendMovesExpiry},
		{text: "extending never shortens", check: extendNeverShortens},
		{text: "extending twice is extending once", check: extendTwice},
	}
}

// release releases a reservation and checks how it says it ended.
func (s *store) release(id string, want inventory.ReservationState) {
	s.Helper()
	r, err := s.Reserver.Release(s.Context(), id)
	if err != nil || r.ID != id || r.State != want {
		s.Errorf("Release(%s): got %+v, %v; want it %s", id, r, err, want)
	}
}

func releaseGivesBack(s *store) {
	s.stock(shirt, 5)
	s.stock(scarf, 5)
	s.reserve(askFor("r1", inventory.Line{Item: shirt, Quantity: 3}, inventory.Line{Item: scarf, Quantity: 4}))
	s.reserve(ask("r2", 1))
	s.release("r1", inventory.Released)
	s.wantReserved(shirt, 1)
	s.wantReserved(scarf, 0)
	s.reserve(ask("r3", 4))
}

func releaseTwice(s *store) {
	s.stock(shirt, 5)
	s.reserve(ask("r1", 2))
	s.reserve(ask("r2", 3))
	for range 3 {
		s.release("r1", inventory.Released)
		s.wantReserved(shirt, 3)
	}
	s.short(ask("r3", 3), inventory.Shortage{Item: shirt, Want: 3, Have: 2})
}

func endedStaysEnded(s *store) {
	s.stock(shirt, 5)
	s.reserve(ask("r1", 2))
	s.release("r1", inventory.Released)
	s.changesNothing("Extend of a released reservation", inventory.ErrEnded, func() error {
		r, err := s.Reserver.Extend(s.Context(), "r1", time.Hour)
		s.wantEnded(err, "r1", inventory.Released)
		if r.ID != "r1" || r.State != inventory.Released {
			s.Errorf("Extend answered %+v, want the released reservation", r)
		}
		return err
	})
	s.wantReserved(shirt, 0)
}

func idNotFound(s *store) {
	s.stock(shirt, 5)
	s.reserve(ask("r1", 2))
	s.changesNothing("Extend", inventory.ErrNotFound, func() error {
		_, err := s.Reserver.Extend(s.Context(), "r2", time.Hour)
		return err
	})
	s.changesNothing("Release", inventory.ErrNotFound, func() error {
		_, err := s.Reserver.Release(s.Context(), "r2")
		return err
	})
	_, err := s.Reserver.Release(s.Context(), "r")
	if !errors.Is(err, inventory.ErrNotFound) {
		s.Errorf("Release of the beginning of an id: %v", err)
	}
}

// extend extends a reservation, which has to work, and checks that it expires
// that long after it was made, give or take what a running clock adds.
func (s *store) extend(id string, ttl, want time.Duration) inventory.Reservation {
	s.Helper()
	r, err := s.Reserver.Extend(s.Context(), id, ttl)
	if err != nil {
		s.Fatalf("Extend(%s): %v", id, err)
	}
	if lives := r.ExpiresAt.Sub(r.CreatedAt); lives < want || lives > want+30*time.Second {
		s.Errorf("Extend(%s, %s): expires %s after it was made, want %s", id, ttl, lives, want)
	}
	if r.State != inventory.Active {
		s.Errorf("Extend(%s): state %q", id, r.State)
	}
	return r
}

func extendMovesExpiry(s *store) {
	s.stock(shirt, 5)
	req := ask("r1", 2)
	s.reserve(req)
	s.extend("r1", 2*ttl, 2*ttl)
	if s.Advance != nil {
		s.Advance(5 * time.Minute)
		s.extend("r1", 2*ttl, 2*ttl+5*time.Minute)
	}
	s.wantReserved(shirt, 2)
}

func extendNeverShortens(s *store) {
	s.stock(shirt, 5)
	req := ask("r1", 2)
	first := s.reserve(req)
	s.extend("r1", time.Minute, ttl)
	if now := s.look(req); !now.ExpiresAt.Equal(first.ExpiresAt) {
		s.Errorf("expires at %s, want %s as before", now.ExpiresAt, first.ExpiresAt)
	}
}

func extendTwice(s *store) {
	s.stock(shirt, 5)
	s.reserve(ask("r1", 2))
	s.extend("r1", time.Hour, time.Hour)
	s.extend("r1", time.Hour, time.Hour)
	s.wantReserved(shirt, 2)
}
