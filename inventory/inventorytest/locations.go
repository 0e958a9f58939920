package inventorytest

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/ankkor/ankkor/inventory"
	"github.com/google/go-cmp/cmp"
)

func locating() []promise {
	return []promise{
		{text: "a line is taken whole from the first location that has it", check: wholeFromTheFirst},
		{text: "locations are asked in the caller's order", check: callersOrder},
		{text: "a line is split when no location has it whole", check: splitsInOrder},
		{text: "a line is not split when that is forbidden", check: splitForbidden},
		{text: "locations nobody named give nothing", check: unnamedGiveNothing},
		{text: "release gives back where it was taken", check: givesBackWhereTaken},
		{text: "a replaced reservation frees the locations it took from", check: replacedFreesLocations},
		{text: "a line is short if it does not fit one location", check: shortAtOneLocation},
		{text: "every grant is the one Plan makes", check: grantsLikePlan},
	}
}

const (
	delhi  = inventory.Location("delhi")
	mumbai = inventory.Location("mumbai")
	pune   = inventory.Location("pune")
)

func (s *store) stockAt(item inventory.Item, counts map[inventory.Location]int64) {
	s.Helper()
	var levels []inventory.Level
	for loc, n := range counts {
		levels = append(levels, inventory.Level{Key: item.At(loc), OnHand: n})
	}
	s.tell(levels...)
}

func from(req inventory.ReserveRequest, order ...inventory.Location) inventory.ReserveRequest {
	req.Locations = order
	return req
}

// takes checks what a request is given.
func (s *store) takes(req inventory.ReserveRequest, want ...inventory.Held) {
	s.Helper()
	got := s.reserve(req)
	if diff := cmp.Diff(want, got.Lines); diff != "" {
		s.Errorf("%s takes (-want +got)\n%s", req.ID, diff)
	}
}

func gives(loc inventory.Location, qty int64) inventory.Held {
	return inventory.Held{Key: shirt.At(loc), Quantity: qty}
}

func wholeFromTheFirst(s *store) {
	s.stockAt(shirt, map[inventory.Location]int64{delhi: 2, mumbai: 3, pune: 9})
	s.takes(from(ask("r1", 3), delhi, mumbai, pune), gives(mumbai, 3))
	s.takes(from(ask("r2", 2), delhi, mumbai, pune), gives(delhi, 2))
}

func callersOrder(s *store) {
	s.stockAt(shirt, map[inventory.Location]int64{delhi: 9, mumbai: 9, pune: 9})
	s.takes(from(ask("r1", 3), mumbai, pune, delhi), gives(mumbai, 3))
	s.takes(from(ask("r2", 8), pune, mumbai, delhi), gives(pune, 8))
	s.takes(from(ask("r3", 10), pune, mumbai, delhi), gives(pune, 1), gives(mumbai, 6), gives(delhi, 3))
}

func splitsInOrder(s *store) {
	s.stockAt(shirt, map[inventory.Location]int64{delhi: 2, mumbai: 0, pune: 4})
	s.short(from(ask("r1", 7), delhi, mumbai, pune), inventory.Shortage{Item: shirt, Want: 7, Have: 6})
	s.takes(from(ask("r2", 5), delhi, mumbai, pune), gives(delhi, 2), gives(pune, 3))
}

func splitForbidden(s *store) {
	s.stockAt(shirt, map[inventory.Location]int64{delhi: 2, pune: 4})
	req := from(ask("r1", 5), delhi, pune)
	req.Split = inventory.SplitForbidden
	s.short(req, inventory.Shortage{Item: shirt, Want: 5, Have: 4})
	req.Lines = []inventory.Line{{Item: shirt, Quantity: 4}}
	s.takes(req, gives(pune, 4))
}

func unnamedGiveNothing(s *store) {
	s.stockAt(shirt, map[inventory.Location]int64{delhi: 2, inventory.DefaultLocation: 1})
	s.short(ask("r1", 2), inventory.Shortage{Item: shirt, Want: 2, Have: 1})
	s.short(from(ask("r2", 1), pune), inventory.Shortage{Item: shirt, Want: 1, Unknown: true})
	s.takes(from(ask("r3", 2), pune, delhi), gives(delhi, 2))
}

func givesBackWhereTaken(s *store) {
	s.stockAt(shirt, map[inventory.Location]int64{delhi: 2, pune: 4})
	s.takes(from(ask("r1", 5), delhi, pune), gives(delhi, 2), gives(pune, 3))
	s.release("r1", inventory.Released)
	for _, l := range s.levels(shirt) {
		if l.Reserved != 0 {
			s.Errorf("%s still has %d reserved", l.Key, l.Reserved)
		}
	}
	s.takes(from(ask("r2", 4), delhi, pune), gives(pune, 4))
}

func replacedFreesLocations(s *store) {
	s.stockAt(shirt, map[inventory.Location]int64{delhi: 2, pune: 4})
	s.takes(from(ask("r1", 5), delhi, pune), gives(delhi, 2), gives(pune, 3))
	s.takes(replace("r1", from(ask("r2", 6), pune, delhi)), gives(pune, 4), gives(delhi, 2))
}

func shortAtOneLocation(s *store) {
	s.stockAt(shirt, map[inventory.Location]int64{delhi: 2, pune: 4})
	s.short(from(ask("r1", 3), delhi), inventory.Shortage{Item: shirt, Want: 3, Have: 2})
}

// grantsLikePlan compares a few hundred requests over random shelves with the
// pure function that says what a request is to be given.
func grantsLikePlan(s *store) {
	rng := rand.New(rand.NewPCG(7, 11))
	items := []inventory.Item{shirt, scarf, mug}
	s.tell(randomLevels(rng, items)...)
	for n := range 200 {
		req := randomRequest(rng, fmt.Sprintf("r%d", n), items)
		want, wantErr := inventory.Plan(s.levels(items...), req.Lines, req.Locations, req.Split)
		got, err := s.Reserver.Reserve(s.Context(), req)
		if diff := cmp.Diff(want, got.Lines); diff != "" {
			s.Fatalf("%+v takes (-plan +store)\n%s", req, diff)
		}
		if diff := cmp.Diff(shortages(wantErr), shortages(err)); diff != "" {
			s.Fatalf("%+v is short of (-plan +store)\n%s", req, diff)
		}
		if n%3 == 0 && err == nil {
			s.release(req.ID, inventory.Released)
		}
	}
}

func shortages(err error) []inventory.Shortage {
	var short *inventory.ShortageError
	if errors.As(err, &short) {
		return short.Lines
	}
	return nil
}

func randomLevels(rng *rand.Rand, items []inventory.Item) []inventory.Level {
	var levels []inventory.Level
	for _, item := range items {
		for _, loc := range []inventory.Location{delhi, mumbai, pune} {
			l := inventory.Level{Key: item.At(loc), OnHand: rng.Int64N(40) - 3, Allocated: rng.Int64N(4)}
			switch rng.IntN(6) {
			case 0:
				l.Policy, l.BackorderLimit = inventory.Backorder, rng.Int64N(20)
			case 1:
				continue
			}
			levels = append(levels, l)
		}
	}
	return levels
}

func randomRequest(rng *rand.Rand, id string, items []inventory.Item) inventory.ReserveRequest {
	req := askFor(id)
	for range 1 + rng.IntN(4) {
		req.Lines = append(req.Lines, inventory.Line{Item: items[rng.IntN(len(items))], Quantity: 1 + rng.Int64N(8)})
	}
	order := []inventory.Location{delhi, mumbai, pune}
	rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	req.Locations = order[:1+rng.IntN(3)]
	if rng.IntN(3) == 0 {
		req.Split = inventory.SplitForbidden
	}
	return req
}
