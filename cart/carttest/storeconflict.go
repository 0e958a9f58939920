package carttest

import "github.com/ankkor/ankkor/cart"

func conflicting() []storePromise {
	return []storePromise{
		{"a stale save is a conflict that carries the current cart", staleSave},
		{"a conflict writes nothing", conflictWritesNothing},
		{"a save that expects no cart does not replace one", unexpectedCart},
		{"a save that expects a cart does not make one", missingCart},
		{"a version that was never given is a conflict", futureVersion},
		{"a cart made anew is not overwritten by who has the old one", anotherCart},
	}
}

func staleSave(s *store) {
	s.save(sample(owner), 0)
	current := s.save(noted(sample(owner), "the winner's"), 1)
	_, err := s.Store.Save(s.Context(), noted(sample(owner), "the loser's"), 1)
	s.wantConflict(err, version(noted(sample(owner), "the winner's"), 2))
	// The loser goes on from the winner's cart.
	next := s.save(noted(current, "both"), current.Version)
	s.wantStored(version(noted(sample(owner), "both"), next.Version))
}

func conflictWritesNothing(s *store) {
	s.save(sample(owner), 0)
	s.save(noted(sample(owner), "the winner's"), 1)
	for _, expected := range []int64{0, 1, 3} {
		if _, err := s.Store.Save(s.Context(), noted(sample(owner), "the loser's"), expected); err == nil {
			s.Errorf("a save over version %d was accepted, 2 is stored", expected)
		}
	}
	s.wantStored(version(noted(sample(owner), "the winner's"), 2))
}

func unexpectedCart(s *store) {
	s.save(sample(owner), 0)
	second := sample(owner)
	second.ID = "CARTB"
	_, err := s.Store.Save(s.Context(), second, 0)
	s.wantConflict(err, version(sample(owner), 1))
	s.wantStored(version(sample(owner), 1))
}

func missingCart(s *store) {
	for _, expected := range []int64{1, 7} {
		_, err := s.Store.Save(s.Context(), sample(owner), expected)
		s.wantConflict(err, cart.Cart{Owner: owner})
		s.wantNone(owner)
	}
	s.save(sample(owner), 0)
	s.remove(owner)
	_, err := s.Store.Save(s.Context(), sample(owner), 1)
	s.wantConflict(err, cart.Cart{Owner: owner})
	s.wantNone(owner)
}

func futureVersion(s *store) {
	s.save(sample(owner), 0)
	for _, expected := range []int64{2, 1 << 40, -1} {
		_, err := s.Store.Save(s.Context(), sample(owner), expected)
		s.wantConflict(err, version(sample(owner), 1))
	}
}

// anotherCart: same owner, same version, another cart.
func anotherCart(s *store) {
	s.save(sample(owner), 0)
	s.remove(owner)
	anew := noted(sample(owner), "made anew")
	anew.ID = "CARTB"
	s.save(anew, 0)
	_, err := s.Store.Save(s.Context(), noted(sample(owner), "from before"), 1)
	s.wantConflict(err, version(anew, 1))
	s.wantStored(version(anew, 1))
}
