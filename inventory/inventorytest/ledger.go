package inventorytest

import (
	"math/rand/v2"
	"time"

	"github.com/ankkor/ankkor/inventory"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func bookkeeping() []promise {
	promises := []promise{
		{text: "every move leaves its entries", check: movesAreBooked},
		{text: "what is refused leaves no entry", check: refusedIsNotBooked},
		{text: "reservations leave no entry", check: reservationsAreNotBooked},
		{text: "entries are found by item, by ref and from a point on", check: findsEntries},
		{text: "entries are found from a moment on", check: findsSince},
		{text: "the books balance with the levels", check: booksBalance},
		{text: "a malformed query is refused", check: malformedQuery},
	}
	for i := range promises {
		promises[i].needs = needs{mover: true, ledger: true}
	}
	return promises
}

func (s *store) entries(q inventory.LedgerQuery) []inventory.Entry {
	s.Helper()
	entries, err := s.Ledger.Entries(s.Context(), q)
	if err != nil {
		s.Fatalf("Entries(%+v): %v", q, err)
	}
	return entries
}

func findsSince(s *store) {
	for range 5 {
		s.moved(move(inventory.Receive, of(shirt, 1)))
		s.moved(move(inventory.Receive, of(scarf, 1)))
	}
	all := s.entries(inventory.LedgerQuery{Item: shirt})
	for _, since := range []time.Time{all[0].At.Add(-time.Hour), all[2].At, all[2].At.Add(time.Microsecond), all[4].At.Add(time.Hour)} {
		var want []inventory.Entry
		for _, e := range all {
			if !e.At.Before(since) {
				want = append(want, e)
			}
		}
		if diff := cmp.Diff(want, s.entries(inventory.LedgerQuery{Item: shirt, Since: since}), cmpopts.EquateEmpty()); diff != "" {
			s.Errorf("since %s (-want +got)\n%s", since, diff)
		}
	}
}

func movesAreBooked(s *store) {
	s.moved(move(inventory.Receive, of(shirt, 5), of(scarf, 3)))
	moves := []inventory.Move{
		move(inventory.Allocate, of(scarf, 2), of(shirt, 4)),
		move(inventory.Confirm, of(shirt, 3)),
		move(inventory.Adjust, of(scarf, -1)),
	}
	_, want, err := inventory.ApplyAll(s.levels(shirt, scarf), moves)
	if err != nil {
		s.Fatal(err)
	}
	s.moved(moves...)
	got := s.entries(inventory.LedgerQuery{})
	if len(got) != 2+len(want) {
		s.Fatalf("%d entries, want %d", len(got), 2+len(want))
	}
	if diff := cmp.Diff(want, got[2:], cmpopts.IgnoreFields(inventory.Entry{}, "Seq", "At")); diff != "" {
		s.Errorf("(-want +got)\n%s", diff)
	}
	for i, e := range got {
		if e.At.IsZero() || i > 0 && e.Seq <= got[i-1].Seq {
			s.Errorf("entry %d has Seq %d and At %s", i, e.Seq, e.At)
		}
	}
}

func refusedIsNotBooked(s *store) {
	s.moved(move(inventory.Receive, of(shirt, 5)))
	before := s.entries(inventory.LedgerQuery{})
	s.unmoved(inventory.ErrInsufficient, move(inventory.Receive, of(scarf, 1)), move(inventory.Allocate, of(shirt, 6)))
	s.unmoved(inventory.ErrImpossible, move(inventory.Allocate, of(shirt, 1)), move(inventory.Ship, of(shirt, 1)))
	if diff := cmp.Diff(before, s.entries(inventory.LedgerQuery{})); diff != "" {
		s.Errorf("(-before +after)\n%s", diff)
	}
}

func reservationsAreNotBooked(s *store) {
	s.moved(move(inventory.Receive, of(shirt, 5)))
	before := s.entries(inventory.LedgerQuery{})
	s.reserve(ask("r1", 2))
	s.reserve(replace("r1", ask("r2", 3)))
	s.release("r2", inventory.Released)
	if diff := cmp.Diff(before, s.entries(inventory.LedgerQuery{})); diff != "" {
		s.Errorf("(-before +after)\n%s", diff)
	}
}

func findsEntries(s *store) {
	other := move(inventory.Allocate, of(shirt, 1), of(scarf, 1))
	other.Ref = "checkout:8"
	s.moved(move(inventory.Receive, of(shirt, 5), of(scarf, 5)), other, move(inventory.Allocate, of(shirt, 2)))
	all := s.entries(inventory.LedgerQuery{})
	if len(all) != 5 {
		s.Fatalf("%d entries, want 5", len(all))
	}
	var ofShirt, ofOther []inventory.Entry
	for _, e := range all {
		if e.Key.Item == shirt {
			ofShirt = append(ofShirt, e)
		}
		if e.Ref == "checkout:8" {
			ofOther = append(ofOther, e)
		}
	}
	for _, tc := range []struct {
		name string
		q    inventory.LedgerQuery
		want []inventory.Entry
	}{
		{"by item", inventory.LedgerQuery{Item: shirt}, ofShirt},
		{"by ref", inventory.LedgerQuery{Ref: "checkout:8"}, ofOther},
		{"by both", inventory.LedgerQuery{Item: shirt, Ref: "checkout:8"}, ofShirt[1:2]},
		{"from a point on", inventory.LedgerQuery{After: all[1].Seq}, all[2:]},
		{"a page", inventory.LedgerQuery{Limit: 2}, all[:2]},
		{"the next page of an item", inventory.LedgerQuery{Item: shirt, After: ofShirt[0].Seq, Limit: 1}, ofShirt[1:2]},
		{"past the end", inventory.LedgerQuery{After: all[4].Seq}, nil},
		{"of nothing", inventory.LedgerQuery{Item: mug}, nil},
	} {
		if diff := cmp.Diff(tc.want, s.entries(tc.q), cmpopts.EquateEmpty()); diff != "" {
			s.Errorf("%s (-want +got)\n%s", tc.name, diff)
		}
	}
}

func booksBalance(s *store) {
	rng := rand.New(rand.NewPCG(2, 9))
	items := []inventory.Item{shirt, scarf}
	s.tell(inventory.Level{Key: of(shirt, 0).Key, OnHand: 7, Allocated: 2})
	for n := range 200 {
		if n%20 == 0 {
			l := s.at(of(shirt, 0).Key)
			l.OnHand += rng.Int64N(9) - 4
			l.Revision++
			s.tell(l)
		}
		// Many do not fit, which is fine: what fits has to balance.
		_, _ = s.Mover.Move(s.Context(), randomMove(rng, items))
		if n%10 == 9 {
			s.wantBalance(items)
		}
	}
}

func (s *store) wantBalance(items []inventory.Item) {
	s.Helper()
	for _, item := range items {
		if err := inventory.Conserved(s.entries(inventory.LedgerQuery{Item: item}), s.at(of(item, 0).Key)); err != nil {
			s.Fatal(err)
		}
	}
}

func malformedQuery(s *store) {
	for field, q := range map[string]inventory.LedgerQuery{
		"item": {Item: "{x}"}, "ref": {Ref: "a\x00"}, "after": {After: -1}, "limit": {Limit: inventory.MaxLedgerLimit + 1},
	} {
		_, err := s.Ledger.Entries(s.Context(), q)
		s.wantField(err, field)
	}
}
