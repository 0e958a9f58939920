package inventorytest

import (
	"errors"
	"fmt"
	"sync"

	"github.com/ankkor/ankkor/inventory"
)

func concluding() []promise {
	return []promise{
		{text: "concluding tells the levels and gives the reservation back", needs: needs{concluder: true}, check: concludes},
		{text: "concluding twice is concluding once", needs: needs{concluder: true}, check: concludesOnce},
		{text: "a reservation that has ended, or is not known, keeps no level from being told", needs: needs{concluder: true}, check: concludesTheEnded},
		{text: "concluding with bad arguments changes nothing", needs: needs{concluder: true}, check: concludesNothing},
		{text: "nobody takes what is being concluded", needs: needs{concluder: true}, check: concludesAtOnce},
	}
}

// conclude concludes a reservation of shirts, of which so many are then allocated.
func (s *store) conclude(id string, onHand, allocated, revision int64) {
	s.Helper()
	l := inventory.Level{Key: shirt.At(inventory.DefaultLocation), OnHand: onHand, Allocated: allocated, Revision: revision}
	if err := s.Reserver.(inventory.Concluder).Conclude(s.Context(), id, []inventory.Level{l}); err != nil {
		s.Errorf("Conclude(%s): %v", id, err)
	}
}

// wantShirts checks what is allocated and reserved.
func (s *store) wantShirts(allocated, reserved int64) {
	s.Helper()
	if l := s.at(shirt.At(inventory.DefaultLocation)); l.Allocated != allocated || l.Reserved != reserved {
		s.Errorf("%d are allocated and %d reserved, want %d and %d", l.Allocated, l.Reserved, allocated, reserved)
	}
}

func concludes(s *store) {
	s.tell(shirts(5, 1))
	s.reserve(ask("r1", 3))
	s.reserve(ask("r2", 1))
	s.conclude("r1", 5, 3, 2)
	s.wantShirts(3, 1)
	s.wantState(ask("r1", 3), inventory.Released)
	s.wantState(ask("r2", 1), inventory.Active)
	s.short(ask("r3", 2), inventory.Shortage{Item: shirt, Want: 2, Have: 1})
}

func concludesOnce(s *store) {
	s.tell(shirts(5, 1))
	s.reserve(ask("r1", 3))
	s.reserve(ask("r2", 2))
	for range 3 {
		s.conclude("r1", 5, 3, 2)
		s.wantShirts(3, 2)
	}
}

func concludesTheEnded(s *store) {
	s.tell(shirts(9, 1))
	s.reserve(ask("r1", 3))
	s.release("r1", inventory.Released)
	s.conclude("r1", 9, 3, 2)
	s.wantShirts(3, 0)
	s.conclude("r9", 9, 4, 3)
	s.wantShirts(4, 0)
	s.reserve(ask("r2", 2))
	if err := s.Reserver.(inventory.Concluder).Conclude(s.Context(), "r2", nil); err != nil {
		s.Errorf("Conclude without levels: %v", err)
	}
	s.wantShirts(4, 0)
}

func concludesNothing(s *store) {
	s.tell(shirts(5, 1))
	s.reserve(ask("r1", 3))
	good := inventory.Level{Key: shirt.At(inventory.DefaultLocation), OnHand: 5, Allocated: 3, Revision: 2}
	bad := inventory.Level{Key: scarf.At("two words"), OnHand: 1, Revision: 1}
	for what, try := range map[string]struct {
		id     string
		levels []inventory.Level
	}{
		"a hostile id":      {"{r1}", []inventory.Level{good}},
		"a malformed level": {"r1", []inventory.Level{good, bad}},
		"one key twice":     {"r1", []inventory.Level{good, good}},
	} {
		err := s.changesNothing("Conclude with "+what, inventory.ErrInvalid, func() error {
			return s.Reserver.(inventory.Concluder).Conclude(s.Context(), try.id, try.levels)
		})
		var invalid *inventory.InvalidError
		if !errors.As(err, &invalid) {
			s.Errorf("Conclude with %s: got error %v, want an *InvalidError", what, err)
		}
	}
}

func concludesAtOnce(s *store) {
	const rounds = 50
	for n := range int64(rounds) { // there is one more piece than is allocated
		s.tell(inventory.Level{Key: shirt.At(inventory.DefaultLocation), OnHand: n + 1, Allocated: n, Revision: 2*n + 2})
		mine := s.reserve(ask(fmt.Sprint("mine-", n), 1))
		var racing sync.WaitGroup
		trying, done := make(chan struct{}), make(chan struct{})
		racing.Go(func() {
			defer close(done)
			<-trying
			s.conclude(mine.ID, n+1, n+1, 2*n+3)
		})
		racing.Go(func() {
			close(trying)
			for k, going := 0, true; going; k++ {
				select {
				case <-done: // one more, after it
					going = false
				default:
				}
				if _, err := s.Reserver.Reserve(s.Context(), ask(fmt.Sprintf("theirs-%d-%d", n, k), 1)); !errors.Is(err, inventory.ErrInsufficient) {
					s.Errorf("round %d: a piece that was being concluded was reserved: %v", n, err)
				}
			}
		})
		racing.Wait()
		if s.Failed() {
			return
		}
	}
}
