package inventory

import "fmt"

// Plan decides which location gives what. It is pure: levels are as they stand,
// order is the caller's preference (none means DefaultLocation), lines of one
// item are added up, and the answer is in the order of lines and, within an
// item, of locations.
//
// A line is taken whole from the first location that has it. If none does and
// split allows it, each location in turn gives what it can. What is really there
// goes before backorder budgets: only if stock does not cover the line at all is
// the same done again with budgets counted in. Untracked keys have everything.
//
// A *ShortageError names every line that does not fit. Malformed lines, or a
// location twice, are an *InvalidError.
func Plan(levels []Level, lines []Line, order []Location, split SplitPolicy) ([]Held, error) {
	lines, err := sumLines(lines)
	if err != nil {
		return nil, err
	}
	if order, err = checkLocations(order); err != nil {
		return nil, err
	}
	if split, err = checkSplit(split); err != nil {
		return nil, err
	}
	known := make(map[Key]Level, len(levels))
	for _, l := range levels {
		known[l.Key] = l
	}
	var held []Held
	var short ShortageError
	for _, line := range lines {
		shelf := shelfOf(known, line.Item, order)
		if got := shelf.take(line.Quantity, split); got != nil {
			held = append(held, got...)
		} else {
			short.Lines = append(short.Lines, shelf.shortage(line, split))
		}
	}
	if len(short.Lines) > 0 {
		return nil, &short
	}
	return held, nil
}

// shelf is the levels of one item, best location first.
type shelf []Level

func shelfOf(known map[Key]Level, item Item, order []Location) shelf {
	var s shelf
	for _, loc := range order {
		if l, ok := known[item.At(loc)]; ok {
			s = append(s, l)
		}
	}
	return s
}

func (s shelf) take(qty int64, split SplitPolicy) []Held {
	for _, measure := range []func(Level) int64{Level.stocked, Level.Sellable} {
		if held := s.whole(qty, measure); held != nil {
			return held
		}
		if split == SplitAllowed {
			if held := s.parts(qty, measure); held != nil {
				return held
			}
		}
	}
	return nil
}

func (s shelf) whole(qty int64, measure func(Level) int64) []Held {
	for _, l := range s {
		if measure(l) >= qty {
			return []Held{{Key: l.Key, Quantity: qty}}
		}
	}
	return nil
}

func (s shelf) parts(qty int64, measure func(Level) int64) []Held {
	var held []Held
	for _, l := range s {
		if part := min(qty, measure(l)); part > 0 {
			held = append(held, Held{Key: l.Key, Quantity: part})
			qty -= part
		}
	}
	if qty > 0 {
		return nil
	}
	return held
}

func (s shelf) shortage(line Line, split SplitPolicy) Shortage {
	short := Shortage{Item: line.Item, Want: line.Quantity, Unknown: len(s) == 0}
	for _, l := range s {
		if split == SplitAllowed {
			short.Have += l.Sellable()
		} else {
			short.Have = max(short.Have, l.Sellable())
		}
	}
	return short
}

// stocked is what may be promised without touching a backorder budget.
func (l Level) stocked() int64 {
	if l.Policy == Untracked {
		return MaxQuantity
	}
	return max(0, l.Available())
}

func checkLocations(order []Location) ([]Location, error) {
	if len(order) == 0 {
		return []Location{DefaultLocation}, nil
	}
	if len(order) > MaxLocations {
		return nil, &InvalidError{Field: "locations", Reason: fmt.Sprintf("must be at most %d", MaxLocations)}
	}
	seen := make(map[Location]bool, len(order))
	for i, l := range order {
		field := fmt.Sprintf("locations[%d]", i)
		if reason := nameFault(string(l), MaxLocationLength); reason != "" {
			return nil, &InvalidError{Field: field, Reason: reason}
		}
		if seen[l] {
			return nil, &InvalidError{Field: field, Reason: "is listed twice"}
		}
		seen[l] = true
	}
	return order, nil
}

func checkSplit(split SplitPolicy) (SplitPolicy, error) {
	switch split {
	case "", SplitAllowed:
		return SplitAllowed, nil
	case SplitForbidden:
		return SplitForbidden, nil
	}
	return "", &InvalidError{Field: "split", Reason: "is not allowed or forbidden"}
}
