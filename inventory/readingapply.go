package inventory

import "slices"

// ApplyReading is what a reading makes of an item's levels, those at every
// location. It is pure; a store calls it inside the step that writes what comes of
// it, each changed level with a revision one higher, and the entries with Seq and
// At still to be set.
//
// The number that was read holds every sale confirmed before its ticket. Those
// confirmed since may be in it or not, so they are taken off: for a moment too
// few pieces are counted, never too many. Allocations that the store of record
// has subtracted and we have not confirmed are in both counts until they are; the
// item is unsettled then, and read again.
//
// Falls are applied in full. A rise is explained by claims that ended since the
// last applied reading, which may have been counted twice there, and by those that
// are open, which may not be in this one; beyond that it is taken only within the
// tolerance, or once somebody decided. Policies are followed at once.
func ApplyReading(levels []Level, s Standing, r Reading) (Applied, Standing, []Entry, error) {
	if err := r.Validate(); err != nil {
		return Applied{}, s, nil, err
	}
	done := Applied{Item: s.Item, Verdict: Overtaken, Before: slices.Clone(levels), After: slices.Clone(levels), Gone: r.Gone}
	switch {
	case r.Ticket.Item != s.Item || r.Ticket.Seq > s.Drawn || r.Ticket.Taken > s.Taken || r.Ticket.Moved > s.Moved:
		return Applied{}, s, nil, &InvalidError{Field: "ticket", Reason: "was not drawn here"}
	case r.Ticket.Seq <= s.Applied:
		return done, s, nil, nil
	}
	for _, l := range levels {
		done.Ours += l.OnHand
	}
	next := s
	next.Applied, next.Seen, next.Gone, next.Held = r.Ticket.Seq, r.Ticket.Moved, r.Gone, 0
	if len(levels) == 0 && r.Gone {
		done.Verdict = Agreed
		return done, next, nil, nil
	}
	take := done.judge(levels, s, r)
	if !r.Decided && !done.Small && done.Unexplained > 0 {
		done.Verdict, next.Held = HeldBack, done.Unexplained
	}
	shelf, entries := spread(levels, r, take)
	entries = append(entries, follow(shelf, r)...)
	if done.Verdict == Agreed && !slices.Equal(done.Before, shelf) {
		done.Verdict = Corrected
	}
	revise(done.Before, shelf)
	for _, l := range shelf {
		if err := l.Validate(); err != nil {
			return Applied{}, s, nil, err
		}
	}
	done.After = shelf
	return done, next, entries, nil
}

// judge finds out what is strange about the difference, and how much of it to take.
// What was held back before stays so, however much is sold meanwhile.
func (a *Applied) judge(levels []Level, s Standing, r Reading) (take int64) {
	a.Verdict = Agreed
	if a.Theirs = r.OnHand - (s.Taken - r.Ticket.Taken); r.Gone {
		a.Theirs = min(a.Ours, allocated(levels))
	}
	difference, owed := a.Theirs-a.Ours, s.Moved-s.Seen
	switch {
	case difference > 0:
		fresh := max(0, difference-s.Held)
		a.Unexplained = difference - min(fresh, owed+allocated(levels))
		take = min(fresh, owed)
	case difference < 0:
		a.Unexplained = min(0, difference+allocated(levels)+(s.Taken-r.Ticket.Taken))
	}
	first := s.Gone && !r.Gone || !counted(levels)
	a.Small = a.Unexplained == 0 || first || r.Tolerance.Believes(a.Ours, a.Unexplained)
	if a.Small || r.Decided || difference < 0 {
		take = difference
	}
	return take
}

// counted says whether there was a number on hand that meant anything until now.
func counted(levels []Level) bool {
	return slices.ContainsFunc(levels, func(l Level) bool { return l.Policy != Untracked })
}

func allocated(levels []Level) (n int64) {
	for _, l := range levels {
		n += l.Allocated
	}
	return n
}

// spread puts a difference where the reading says. What that location cannot give
// without touching its allocations, the others give from what nobody claimed; only
// what is left then makes the first one oversold.
func spread(levels []Level, r Reading, difference int64) ([]Level, []Entry) {
	shelf := slices.Clone(levels)
	at := slices.IndexFunc(shelf, func(l Level) bool { return l.Key == r.key() })
	kind := Correct
	if at < 0 {
		if len(shelf) == 0 && difference > 0 {
			kind = Receive
		}
		shelf = append(shelf, Level{Key: r.key(), Policy: Deny})
		at = len(shelf) - 1
	}
	var entries []Entry
	give := func(i int, n int64) {
		shelf[i].OnHand += n
		difference -= n
		entries = append(entries, r.entry(kind, shelf[i].Key, n))
	}
	if difference < 0 {
		for _, i := range append([]int{at}, others(shelf, at)...) {
			if free := shelf[i].OnHand - shelf[i].Allocated; free > 0 && difference < 0 {
				give(i, max(difference, -free))
			}
		}
	}
	if difference != 0 {
		give(at, difference)
	}
	slices.SortFunc(shelf, func(a, b Level) int { return a.Key.Compare(b.Key) })
	return shelf, entries
}

// others are the places of all levels but one.
func others(levels []Level, but int) []int {
	var list []int
	for i := range levels {
		if i != but {
			list = append(list, i)
		}
	}
	return list
}

// entry posts n pieces, of either sign.
func (r Reading) entry(kind MoveKind, key Key, n int64) Entry {
	from, to, _ := kind.accounts()
	if n < 0 {
		from, to, n = to, from, -n
	}
	return Entry{Key: key, Kind: kind, From: from, To: to, Quantity: n, Reason: r.Reason, Actor: r.Actor}
}

// follow takes over what the store of record says of running out, and what the books
// say about that.
func follow(levels []Level, r Reading) (entries []Entry) {
	for i := range levels {
		l := &levels[i]
		old := *l
		if l.Policy, l.BackorderLimit = r.Policy, r.BackorderLimit; r.Gone || r.Policy == "" {
			l.Policy = Deny
		}
		if l.Policy != Backorder {
			l.BackorderLimit = 0
		}
		if e, changed := Repolicied(old, *l, r.Reason, r.Actor); changed {
			entries = append(entries, e)
		}
	}
	return entries
}

// revise counts a change of each level that is not as it was.
func revise(before, after []Level) {
	for i, l := range after {
		if at := slices.IndexFunc(before, func(old Level) bool { return old.Key == l.Key }); at < 0 || before[at] != l {
			after[i].Revision++
		}
	}
}
