package inventorytest

import (
	"errors"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

func expiring() []promise {
	promises := []promise{
		{text: "a reservation is held until its last moment", check: heldToTheEnd},
		{text: "a reservation is gone the moment it expires", check: goneAtOnce},
		{text: "a reservation found late has expired when it was due", check: goneLate},
		{text: "an expired reservation stays expired", check: expiredStaysExpired},
		{text: "an expired reservation gives back once", check: expiredGivesBackOnce},
		{text: "an extended reservation lives to its new expiry", check: extendedLivesOn},
		{text: "each reservation expires by itself", check: expiresByItself},
		{text: "whoever is refused extends nobody", check: loserExtendsNobody},
	}
	for i := range promises {
		promises[i].needs.clock = true
	}
	return promises
}

func heldToTheEnd(s *store) {
	s.stock(shirt, 3)
	margin := 100 * time.Millisecond
	if s.clockRuns() {
		margin = time.Minute
	}
	req := ask("r1", 3)
	first := s.reserve(req)
	s.Advance(ttl - margin)
	s.again(req, first)
	s.short(ask("r2", 1), inventory.Shortage{Item: shirt, Want: 1})
	s.wantReserved(shirt, 3)
}

// clockRuns says whether the store's clock moves by itself.
func (s *store) clockRuns() bool {
	s.Helper()
	a, b := s.reserve(ask("clock.1", 1)), s.reserve(ask("clock.2", 1))
	s.release("clock.1", inventory.Released)
	s.release("clock.2", inventory.Released)
	return !a.CreatedAt.Equal(b.CreatedAt)
}

func goneAtOnce(s *store) {
	s.stock(shirt, 3)
	req := ask("r1", 3)
	s.reserve(req)
	s.Advance(ttl)
	s.wantReserved(shirt, 0)
	s.reserve(ask("r2", 3))
	s.wantState(req, inventory.Expired)
}

func goneLate(s *store) {
	s.stock(shirt, 3)
	req := ask("r1", 3)
	first := s.reserve(req)
	s.Advance(ttl + time.Second)
	r, err := s.Reserver.Extend(s.Context(), "r1", time.Hour)
	s.wantEnded(err, "r1", inventory.Expired)
	var ended *inventory.EndedError
	if errors.As(err, &ended) && !ended.At.Equal(first.ExpiresAt) {
		s.Errorf("the error says it expired at %s, want %s", ended.At, first.ExpiresAt)
	}
	if !r.ExpiresAt.Equal(first.ExpiresAt) || r.State != inventory.Expired {
		s.Errorf("got %+v, want it expired at %s", r, first.ExpiresAt)
	}
	s.wantReserved(shirt, 0)
}

func expiredStaysExpired(s *store) {
	s.stock(shirt, 3)
	req := ask("r1", 3)
	s.reserve(req)
	s.Advance(ttl)
	_, err := s.Reserver.Extend(s.Context(), "r1", time.Hour)
	s.wantEnded(err, "r1", inventory.Expired)
	_, err = s.Reserver.Reserve(s.Context(), req)
	s.wantEnded(err, "r1", inventory.Expired)
	s.wantReserved(shirt, 0)
}

func expiredGivesBackOnce(s *store) {
	s.stock(shirt, 3)
	s.reserve(ask("r1", 2))
	s.Advance(ttl)
	s.reserve(ask("r2", 1))
	s.release("r1", inventory.Expired)
	s.release("r1", inventory.Expired)
	s.wantReserved(shirt, 1)
}

func extendedLivesOn(s *store) {
	s.stock(shirt, 3)
	req := ask("r1", 3)
	s.reserve(req)
	s.Advance(10 * time.Minute)
	s.extend("r1", ttl, 10*time.Minute+ttl)
	s.Advance(10 * time.Minute)
	s.wantState(req, inventory.Active)
	s.wantReserved(shirt, 3)
	s.Advance(5*time.Minute + 30*time.Second)
	s.wantState(req, inventory.Expired)
	s.wantReserved(shirt, 0)
}

func expiresByItself(s *store) {
	s.stock(shirt, 6)
	short, long := ask("r1", 1), ask("r3", 3)
	short.TTL, long.TTL = 5*time.Minute, 30*time.Minute
	s.reserve(short)
	s.reserve(ask("r2", 2))
	s.reserve(long)
	for _, step := range []struct {
		wait time.Duration
		left int64
	}{{time.Minute, 6}, {5 * time.Minute, 5}, {10 * time.Minute, 3}, {15 * time.Minute, 0}} {
		s.Advance(step.wait)
		s.wantReserved(shirt, step.left)
	}
}

func loserExtendsNobody(s *store) {
	s.stock(shirt, 3)
	s.stock(scarf, 3)
	winner := ask("r1", 3)
	s.reserve(winner)
	s.Advance(10 * time.Minute)
	s.short(ask("r2", 1), inventory.Shortage{Item: shirt, Want: 1})
	s.refused(askFor("r1", inventory.Line{Item: scarf, Quantity: 1}), inventory.ErrConflict)
	s.refused(ask("r3", -1), inventory.ErrInvalid)
	s.Advance(5 * time.Minute)
	s.wantState(winner, inventory.Expired)
	s.wantReserved(shirt, 0)
	s.reserve(ask("r4", 3))
}
