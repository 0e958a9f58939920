package inventorytest

import (
	"time"

	"github.com/ankkor/ankkor/inventory"
	"github.com/google/go-cmp/cmp"
)

func levelling() []promise {
	return []promise{
		{text: "levels are read as they were told", check: readsWhatWasTold},
		{text: "an item that is not known is left out", check: unknownIsLeftOut},
		{text: "an older revision is ignored", check: olderRevision},
		{text: "a level told twice counts once", check: toldTwice},
		{text: "each key has its own revision", check: revisionPerKey},
		{text: "what is reserved is the reserver's own", check: reservedIsOwn},
		{text: "a malformed level changes none", check: malformedLevel},
		{text: "more stock can be reserved at once", check: moreStock},
		{text: "the expired are not counted as reserved", needs: needs{clock: true}, check: expiredNotCounted},
	}
}

func readsWhatWasTold(s *store) {
	told := []inventory.Level{
		{Key: shirt.At(delhi), OnHand: 5, Allocated: 2, Policy: inventory.Backorder, BackorderLimit: 3, Revision: 4},
		{Key: shirt.At(pune), OnHand: -2, Policy: inventory.Deny, Revision: 9},
		{Key: scarf.At(delhi), Policy: inventory.Untracked, Revision: 1},
	}
	s.tell(told[2], told[1], told[0])
	if diff := cmp.Diff(told, s.levels(scarf, shirt, scarf)); diff != "" {
		s.Errorf("(-told +read)\n%s", diff)
	}
	if diff := cmp.Diff(told[2:], s.levels(scarf)); diff != "" {
		s.Errorf("of one item (-told +read)\n%s", diff)
	}
	s.tell(inventory.Level{Key: mug.At(delhi), OnHand: 1, Revision: 1})
	if got := s.at(mug.At(delhi)).Policy; got != inventory.Deny {
		s.Errorf("a policy left out is read as %q, want %q", got, inventory.Deny)
	}
}

func unknownIsLeftOut(s *store) {
	s.stock(shirt, 1)
	if got := s.levels(scarf, shirt); len(got) != 1 || got[0].Key.Item != shirt {
		s.Errorf("got %+v, want one level of %s", got, shirt)
	}
	if got := s.levels(); len(got) != 0 {
		s.Errorf("nothing asked, got %+v", got)
	}
}

func shirts(onHand, revision int64) inventory.Level {
	return inventory.Level{Key: shirt.At(inventory.DefaultLocation), OnHand: onHand, Revision: revision}
}

func olderRevision(s *store) {
	s.tell(shirts(5, 7))
	s.tell(shirts(9, 6), inventory.Level{Key: scarf.At(inventory.DefaultLocation), OnHand: 1, Revision: 1})
	if got := s.at(shirt.At(inventory.DefaultLocation)); got.OnHand != 5 || got.Revision != 7 {
		s.Errorf("after revision 6 came late: %+v, want 5 on hand at revision 7", got)
	}
	if got := s.at(scarf.At(inventory.DefaultLocation)); got.OnHand != 1 {
		s.Errorf("the level beside it was skipped too: %+v", got)
	}
	s.tell(shirts(4, 8))
	if got := s.at(shirt.At(inventory.DefaultLocation)); got.OnHand != 4 || got.Revision != 8 {
		s.Errorf("after revision 8: %+v, want 4 on hand", got)
	}
}

func toldTwice(s *store) {
	s.tell(shirts(5, 7))
	s.reserve(ask("r1", 2))
	s.tell(shirts(5, 7))
	s.tell(shirts(50, 7))
	if got := s.at(shirt.At(inventory.DefaultLocation)); got.OnHand != 5 || got.Reserved != 2 {
		s.Errorf("got %+v, want 5 on hand, 2 reserved", got)
	}
}

func revisionPerKey(s *store) {
	s.tell(
		inventory.Level{Key: shirt.At(delhi), OnHand: 1, Revision: 9},
		inventory.Level{Key: shirt.At(pune), OnHand: 1, Revision: 1},
	)
	s.tell(inventory.Level{Key: shirt.At(pune), OnHand: 6, Revision: 2})
	if got := s.at(shirt.At(pune)); got.OnHand != 6 {
		s.Errorf("got %+v, want 6 on hand", got)
	}
}

func reservedIsOwn(s *store) {
	s.tell(shirts(5, 1))
	s.reserve(ask("r1", 2))
	next := shirts(6, 2)
	next.Reserved, next.Sold, next.Shipped = 9, 9, 9
	s.tell(next)
	got := s.at(shirt.At(inventory.DefaultLocation))
	if got.Reserved != 2 || got.Sold != 0 || got.Shipped != 0 {
		s.Errorf("got %+v, want 2 reserved, none sold or shipped", got)
	}
	s.release("r1", inventory.Released)
	s.wantReserved(shirt, 0)
}

func malformedLevel(s *store) {
	s.tell(shirts(5, 1))
	good := shirts(6, 2)
	for _, bad := range []inventory.Level{
		{Key: inventory.Key{Item: "product:{x}", Location: delhi}},
		{Key: inventory.Key{Item: shirt}},
		{Key: shirt.At(delhi), Policy: "perhaps"},
		{Key: shirt.At(delhi), Allocated: -1},
		{Key: shirt.At(delhi), BackorderLimit: -1},
		{Key: shirt.At(delhi), OnHand: inventory.MaxLevel + 1},
		{Key: shirt.At(delhi), Revision: -1},
		good,
	} {
		s.changesNothing("SetLevels", inventory.ErrInvalid, func() error {
			return s.Levels.SetLevels(s.Context(), []inventory.Level{good, bad})
		})
	}
	s.changesNothing("SetLevels", inventory.ErrInvalid, func() error {
		return s.Levels.SetLevels(s.Context(), make([]inventory.Level, inventory.MaxBatch+1))
	})
}

func moreStock(s *store) {
	s.stock(shirt, 2)
	s.reserve(ask("r1", 2))
	s.stock(shirt, 4)
	s.reserve(ask("r2", 2))
	s.wantReserved(shirt, 4)
}

func expiredNotCounted(s *store) {
	s.stock(shirt, 5)
	s.reserve(ask("r1", 2))
	later := ask("r2", 1)
	later.TTL = time.Hour
	s.reserve(later)
	s.Advance(ttl)
	if got := s.levels(shirt); len(got) != 1 || got[0].Reserved != 1 {
		s.Errorf("got %+v, want 1 reserved", got)
	}
}
