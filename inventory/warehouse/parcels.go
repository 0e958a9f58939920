package warehouse

import (
	"cmp"
	"context"
	"slices"

	"github.com/ankkor/ankkor/inventory"
)

// FewestParcels takes everything from one location if there is one that has it, else from the smallest set of locations that
// has it together. Of several such sets it takes the one that Then ranks best.
//
// A backorder budget counts only for an item that stock does not cover anywhere. The search is exact for up to 14 locations
// that have any of the lines, and for sets of two however many there are; beyond, it stops after 16384 sets and takes the
// location that adds most, again and again, which may be one parcel more than needed. If no set has everything, the answer is
// that of Then.
type FewestParcels struct {
	Then Chooser // nil means Priority
}

// maxSets bounds the search: all sets of 14 locations.
const maxSets = 1 << 14

// Choose implements [Chooser].
func (f FewestParcels) Choose(ctx context.Context, req Request) ([]inventory.Location, error) {
	then := f.Then
	if then == nil {
		then = Priority{}
	}
	ranked, err := then.Choose(ctx, req)
	if err != nil {
		return nil, err
	}
	s := search{needs: needs(req), left: maxSets, whole: req.Split == inventory.SplitForbidden}
	for _, l := range ranked {
		if s.useful(l) {
			s.from = append(s.from, l)
		}
	}
	if !s.covered(s.from) {
		return ranked, nil
	}
	return s.smallest(), nil
}

// need is one item's pieces, and what each location could give of it.
type need struct {
	quantity int64
	has      map[inventory.Location]int64
}

// needs adds up the lines of an item, in the order of items.
func needs(req Request) []need {
	want := map[inventory.Item]int64{}
	var items []inventory.Item
	for _, l := range req.Lines {
		if _, ok := want[l.Item]; !ok {
			items = append(items, l.Item)
		}
		want[l.Item] += l.Quantity
	}
	slices.Sort(items)
	list := make([]need, len(items))
	for i, item := range items {
		stocked := need{quantity: want[item], has: has(req, item, stocked)}
		if s := (search{needs: []need{stocked}, whole: req.Split == inventory.SplitForbidden}); !s.covered(locations(req.From)) {
			stocked.has = has(req, item, inventory.Level.Sellable)
		}
		list[i] = stocked
	}
	return list
}

func has(req Request, item inventory.Item, measure func(inventory.Level) int64) map[inventory.Location]int64 {
	at := map[inventory.Location]int64{}
	for _, l := range req.Levels {
		if l.Key.Item == item {
			at[l.Key.Location] = measure(l)
		}
	}
	return at
}

// stocked is what may be promised without a backorder budget.
func stocked(l inventory.Level) int64 {
	if l.Policy == inventory.Untracked {
		return inventory.MaxQuantity
	}
	return max(0, l.Available())
}

// search looks for the smallest set.
type search struct {
	needs []need
	from  []inventory.Location // best first
	whole bool                 // no line may be split
	left  int                  // sets that may still be looked at
}

func (s *search) useful(l inventory.Location) bool {
	return slices.ContainsFunc(s.needs, func(n need) bool { return n.has[l] > 0 })
}

// covered reports whether the locations together have everything.
func (s *search) covered(set []inventory.Location) bool { return s.missing(set) == 0 }

// missing is how many pieces the set lacks.
func (s *search) missing(set []inventory.Location) (lacks int64) {
	for _, n := range s.needs {
		var got int64
		for _, l := range set {
			if s.whole {
				got = max(got, n.has[l])
			} else {
				got = min(n.quantity, got+n.has[l])
			}
		}
		if s.whole && got < n.quantity {
			got = 0 // a part of the line is of no use
		}
		lacks += n.quantity - min(got, n.quantity)
	}
	return lacks
}

func (s *search) smallest() []inventory.Location {
	for size := 1; size <= len(s.from); size++ {
		if set := s.ofSize(size, 0, nil); set != nil {
			return set
		}
		if s.left <= 0 {
			break
		}
	}
	return s.greedy()
}

// ofSize tries the sets that begin with set and grow to size by locations at i and later, in the order of rank.
func (s *search) ofSize(size, i int, set []inventory.Location) []inventory.Location {
	if size == 0 {
		s.left--
		if s.covered(set) {
			return slices.Clone(set)
		}
		return nil
	}
	for ; i <= len(s.from)-size && s.left > 0; i++ {
		if found := s.ofSize(size-1, i+1, append(set, s.from[i])); found != nil {
			return found
		}
	}
	return nil
}

// greedy adds the location that leaves least missing, then drops those that turned out not to be needed, the worst first.
func (s *search) greedy() []inventory.Location {
	var set []inventory.Location
	for rest := slices.Clone(s.from); !s.covered(set); {
		best := slices.MinFunc(rest, func(a, b inventory.Location) int {
			return cmp.Compare(s.missing(append(set[:len(set):len(set)], a)), s.missing(append(set[:len(set):len(set)], b)))
		})
		set = append(set, best)
		rest = slices.DeleteFunc(rest, func(l inventory.Location) bool { return l == best })
	}
	slices.SortFunc(set, func(a, b inventory.Location) int {
		return cmp.Compare(slices.Index(s.from, a), slices.Index(s.from, b))
	})
	for i := len(set) - 1; i >= 0; i-- {
		if without := slices.Delete(slices.Clone(set), i, i+1); s.covered(without) {
			set = without
		}
	}
	return set
}
