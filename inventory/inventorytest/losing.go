package inventorytest

import (
	"errors"

	"github.com/ankkor/ankkor/inventory"
)

func emptiedIsNoticed(s *store) {
	w := s.taught(shirts(5, 7))
	s.reserve(ask("r1", 2))
	s.Wipe()
	_, err := s.Reserver.Reserve(s.Context(), ask("r2", 1))
	var short *inventory.ShortageError
	if !errors.As(err, &short) || len(short.Unknown()) != 1 {
		s.Errorf("an empty memory answered %v, want that it does not know the item", err)
	}
	m := w.look(false, inventory.Emptied, true)
	s.tell(shirts(3, 2))
	w.end(m.Generation)
	w.look(false, "", false)
	s.reserve(ask("r3", 3))
}

// wipedEndsNothing: who was teaching when all was wiped out has taught too little.
func wipedEndsNothing(s *store) {
	w := &watch{store: s}
	earlier := w.look(false, inventory.Emptied, true)
	s.tell(shirts(5, 7))
	s.Wipe()
	later := w.look(false, inventory.Emptied, true)
	w.end(earlier.Generation)
	w.look(false, "", true)
	w.end(later.Generation)
	w.look(false, "", false)
}

func carriedIsNoticed(s *store) {
	w := s.taught(shirts(5, 7))
	s.reserve(ask("r1", 2))
	s.Carry()
	w.look(false, inventory.Moved, true)
	w.look(false, "", true)
	s.wantReserved(shirt, 2)
	s.tell(shirts(4, 1))
	if got := s.at(shirt.At(inventory.DefaultLocation)); got.OnHand != 4 {
		s.Errorf("told anew: %+v, want 4 on hand", got)
	}
}

func wentBackIsNoticed(s *store) {
	w := s.taught(shirts(5, 7))
	restore := s.Keep()
	s.tell(shirts(2, 8))
	w.look(false, "", false)
	restore()
	if got := s.at(shirt.At(inventory.DefaultLocation)); got.OnHand != 5 {
		s.Fatalf("the harness restored %+v, want 5 on hand", got)
	}
	w.look(false, inventory.WentBack, true)
	w.look(false, "", true)
	s.tell(shirts(2, 3))
	if got := s.at(shirt.At(inventory.DefaultLocation)); got.OnHand != 2 {
		s.Errorf("told anew: %+v, want 2 on hand", got)
	}
}

// wentBackEndsNothing: what was told of a generation is gone with it, whatever number the
// next one has.
func wentBackEndsNothing(s *store) {
	w := s.taught(shirts(5, 7))
	restore := s.Keep()
	earlier := w.look(true, inventory.Doubted, true)
	s.tell(shirts(2, 8))
	restore()
	later := w.look(false, inventory.WentBack, true)
	w.end(earlier.Generation)
	w.look(false, "", true)
	w.end(later.Generation)
	w.look(false, "", false)
}
