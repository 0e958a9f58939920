package inventorytest

import (
	"context"
	"errors"
	"slices"

	"github.com/ankkor/ankkor/inventory"
)

// forgetting is what an [inventory.Forgetful] promises whoever guards it.
func forgetting() []promise {
	able := needs{forgetful: true}
	return []promise{
		{text: "a new memory is empty and says so once", needs: able, check: emptySaysSo},
		{text: "every look has a higher beat", needs: able, check: higherBeats},
		{text: "nothing is given up without a reason", needs: able, check: nothingWithoutReason},
		{text: "a doubt gives all levels up", needs: able, check: doubtGivesUp},
		{text: "what was given up stays in use until it is told", needs: able, check: givenUpStaysInUse},
		{text: "what was given up is told anew at any revision, once", needs: able, check: toldAnew},
		{text: "each key is told anew for itself", needs: able, check: toldAnewByKey},
		{text: "levels told anew void what they do not cover", needs: able, check: toldAnewVoids},
		{text: "a generation ends when it is told", needs: able, check: generationEnds},
		{text: "the end of an earlier generation ends nothing", needs: able, check: earlierEndsNothing},
		{text: "a look whose context is done gives nothing up", needs: able, check: endedLook},
		{text: "of many who look one gives up", needs: able, check: oneGivesUp},
		{text: "an emptied memory is noticed", needs: needs{wiped: true}, check: emptiedIsNoticed},
		{text: "the end of a generation that was wiped out ends nothing", needs: needs{wiped: true}, check: wipedEndsNothing},
		{text: "memory of another server is noticed", needs: needs{carried: true}, check: carriedIsNoticed},
		{text: "memory from before the last look is noticed", needs: needs{kept: true}, check: wentBackIsNoticed},
		{text: "the end of a generation that went back ends nothing", needs: needs{kept: true}, check: wentBackEndsNothing},
	}
}

// watch looks after a store's memory as a process does, and remembers the beat.
type watch struct {
	*store
	beat int64
}

// look looks, and wants this loss, and levels still to be told or not.
func (w *watch) look(doubt bool, lost inventory.Loss, pending bool) inventory.Memory {
	w.Helper()
	m, err := w.Forgetful.Recheck(w.Context(), w.beat, doubt)
	if err != nil {
		w.Fatalf("Recheck(%d, %v): %v", w.beat, doubt, err)
	}
	if m.Lost != lost || m.Pending != pending {
		w.Errorf("Recheck(%d, %v) = %+v, want lost %q, pending %v", w.beat, doubt, m, lost, pending)
	}
	if m.Beat <= w.beat {
		w.Errorf("the beat is %d after %d", m.Beat, w.beat)
	}
	w.beat = max(w.beat, m.Beat)
	return m
}

// end says that all levels of a generation were told.
func (w *watch) end(generation int64) {
	w.Helper()
	if err := w.Forgetful.Retaught(w.Context(), generation); err != nil {
		w.Fatalf("Retaught(%d): %v", generation, err)
	}
}

// taught is a watch over a memory that was told these levels, and of no others.
func (s *store) taught(levels ...inventory.Level) *watch {
	s.Helper()
	w := &watch{store: s}
	m := w.look(false, inventory.Emptied, true)
	s.tell(levels...)
	w.end(m.Generation)
	return w
}

func emptySaysSo(s *store) {
	w := &watch{store: s}
	first := w.look(false, inventory.Emptied, true)
	again := w.look(false, "", true)
	if first.Generation != again.Generation {
		s.Errorf("generation %d, then %d: given up twice", first.Generation, again.Generation)
	}
}

func higherBeats(s *store) {
	w := s.taught(shirts(5, 1))
	for range 3 {
		w.look(false, "", false)
	}
	other := &watch{store: s} // who has never looked
	if m := other.look(false, "", false); m.Beat <= w.beat {
		s.Errorf("the beat is %d for one and %d for another", w.beat, m.Beat)
	}
	w.beat = other.beat
	w.look(false, "", false)
}

func nothingWithoutReason(s *store) {
	w := s.taught(shirts(5, 7))
	s.reserve(ask("r1", 2))
	before := w.look(false, "", false)
	after := w.look(false, "", false)
	if before.Generation != after.Generation {
		s.Errorf("generation %d, then %d", before.Generation, after.Generation)
	}
	s.tell(shirts(9, 6))
	if got := s.at(shirt.At(inventory.DefaultLocation)); got.OnHand != 5 || got.Reserved != 2 {
		s.Errorf("after revision 6 came late: %+v, want 5 on hand, 2 reserved", got)
	}
}

func doubtGivesUp(s *store) {
	w := s.taught(shirts(5, 7))
	before := w.look(false, "", false)
	after := w.look(true, inventory.Doubted, true)
	if before.Generation == after.Generation {
		s.Errorf("it is generation %d still", after.Generation)
	}
	w.look(false, "", true)
}

func givenUpStaysInUse(s *store) {
	w := s.taught(shirts(5, 7))
	s.reserve(ask("r1", 2))
	w.look(true, inventory.Doubted, true)
	if got := s.at(shirt.At(inventory.DefaultLocation)); got.OnHand != 5 || got.Reserved != 2 {
		s.Errorf("got %+v, want 5 on hand, 2 reserved", got)
	}
	s.reserve(ask("r2", 3))
	s.short(ask("r3", 1), inventory.Shortage{Item: shirt, Want: 1})
	s.release("r1", inventory.Released)
	s.wantReserved(shirt, 3)
}

func toldAnew(s *store) {
	w := s.taught(shirts(5, 7))
	w.look(true, inventory.Doubted, true)
	s.tell(shirts(3, 2))
	if got := s.at(shirt.At(inventory.DefaultLocation)); got.OnHand != 3 || got.Revision != 2 {
		s.Errorf("told anew: %+v, want 3 on hand at revision 2", got)
	}
	s.tell(shirts(9, 1))
	s.tell(shirts(9, 2))
	if got := s.at(shirt.At(inventory.DefaultLocation)); got.OnHand != 3 {
		s.Errorf("old news was believed after it was told anew: %+v", got)
	}
	s.tell(shirts(4, 3))
	if got := s.at(shirt.At(inventory.DefaultLocation)); got.OnHand != 4 {
		s.Errorf("after revision 3: %+v, want 4 on hand", got)
	}
}

func toldAnewByKey(s *store) {
	scarves := inventory.Level{Key: scarf.At(inventory.DefaultLocation), OnHand: 8, Revision: 8}
	w := s.taught(shirts(5, 7), scarves)
	m := w.look(true, inventory.Doubted, true)
	s.tell(shirts(3, 2))
	scarves.OnHand, scarves.Revision = 1, 3
	s.tell(scarves)
	if got := s.at(scarves.Key); got.OnHand != 1 {
		s.Errorf("told anew after another key: %+v, want 1 on hand", got)
	}
	// What is not told stays given up, also when all is said to have been told.
	w.look(true, inventory.Doubted, true)
	w.end(m.Generation)
	scarves.OnHand, scarves.Revision = 2, 1
	s.tell(scarves)
	if got := s.at(scarves.Key); got.OnHand != 2 {
		s.Errorf("given up a second time: %+v, want 2 on hand", got)
	}
}

func toldAnewVoids(s *store) {
	w := s.taught(shirts(5, 7))
	old, young := ask("r1", 2), ask("r2", 3)
	s.reserve(old)
	s.reserve(young)
	w.look(true, inventory.Doubted, true)
	s.tell(shirts(2, 1))
	s.wantState(old, inventory.Active)
	s.wantState(young, inventory.Voided)
	s.wantReserved(shirt, 2)
}

func generationEnds(s *store) {
	w := s.taught(shirts(5, 7))
	m := w.look(true, inventory.Doubted, true)
	s.tell(shirts(5, 7))
	w.end(m.Generation)
	w.look(false, "", false)
	w.end(m.Generation) // sent again
	w.look(false, "", false)
}

func earlierEndsNothing(s *store) {
	w := s.taught(shirts(5, 7))
	earlier := w.look(true, inventory.Doubted, true)
	later := w.look(true, inventory.Doubted, true)
	w.end(earlier.Generation)
	w.look(false, "", true)
	w.end(later.Generation)
	w.look(false, "", false)
}

func endedLook(s *store) {
	w := s.taught(shirts(5, 7))
	ctx, cancel := context.WithCancel(s.Context())
	cancel()
	if _, err := s.Forgetful.Recheck(ctx, w.beat, true); !errors.Is(err, context.Canceled) {
		s.Errorf("Recheck: got error %v, want the context's", err)
	}
	w.look(false, "", false)
	m := w.look(true, inventory.Doubted, true)
	if err := s.Forgetful.Retaught(ctx, m.Generation); !errors.Is(err, context.Canceled) {
		s.Errorf("Retaught: got error %v, want the context's", err)
	}
	w.look(false, "", true)
}

func oneGivesUp(s *store) {
	const looks = 16
	memories := make([]inventory.Memory, looks)
	errs := make([]error, looks)
	eyes := []inventory.Forgetful{s.Forgetful}
	for _, c := range s.Clients {
		if f, ok := c.(inventory.Forgetful); ok {
			eyes = append(eyes, f)
		}
	}
	s.together(looks, func(i int, _ inventory.Reserver) {
		memories[i], errs[i] = eyes[i%len(eyes)].Recheck(s.Context(), 0, false)
	})
	if err := errors.Join(errs...); err != nil {
		s.Fatal(err)
	}
	slices.SortFunc(memories, func(a, b inventory.Memory) int { return int(a.Beat - b.Beat) })
	for i, m := range memories {
		if (m.Lost != "") != (i == 0) || m.Generation != memories[0].Generation {
			s.Errorf("look %d found %+v", i, m)
		}
		if i > 0 && m.Beat == memories[i-1].Beat {
			s.Errorf("two looks have beat %d", m.Beat)
		}
	}
}
