package inventory

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Apply is the arithmetic of stock: what a level becomes when qty pieces take
// part in a move of kind k, and what the books say about it. It is pure and
// leaves Revision and Reserved alone.
//
// Allocate answers a *ShortageError if the level cannot cover it; afterwards
// Allocated is at most OnHand plus the backorder budget, always. A move that
// takes more from an account than is in it is a *MoveError. Adjust and Correct
// may take OnHand below Allocated, or below zero: what was allocated stays
// allocated, and [Level.Oversold] says by how much it no longer fits. Quantities
// outside 1…MaxQuantity (of either sign for Adjust and Correct), and counts that
// would leave ±MaxLevel, are an *InvalidError.
func Apply(l Level, k MoveKind, qty int64) (Level, Posting, error) {
	from, to, ok := k.accounts()
	if !ok {
		return l, Posting{}, &InvalidError{Field: "kind", Reason: "is not a kind of move"}
	}
	if err := checkMoveQuantity(k, qty); err != nil {
		return l, Posting{}, err
	}
	if err := l.Validate(); err != nil {
		return l, Posting{}, err
	}
	if qty < 0 {
		from, to, qty = to, from, -qty
	}
	if err := l.covers(k, from, qty); err != nil {
		return l, Posting{}, err
	}
	next := l
	next.post(from, -qty)
	next.post(to, qty)
	if err := next.Validate(); err != nil {
		return l, Posting{}, err
	}
	return next, Posting{From: from, To: to, Quantity: qty}, nil
}

// ApplyAll applies moves one after the other to the levels of the keys they
// touch, and returns the levels that changed in the order of [Key.Compare], each
// one revision on, and the entries to append, their Seq and At still to be set.
// Receive, Adjust and Correct begin a level for a key that has none; an Allocate
// of such a key is short and marked Unknown. An error means that nothing is to
// change: a *ShortageError lists, in key order, every line of the first move that
// is short.
func ApplyAll(levels []Level, moves []Move) ([]Level, []Entry, error) {
	b := books{levels: make(map[Key]Level, len(levels)), changed: map[Key]Level{}}
	for _, l := range levels {
		b.levels[l.Key] = l
	}
	for i, m := range moves {
		if err := m.Validate(); err != nil {
			return nil, nil, inField(fmt.Sprintf("moves[%d]", i), err)
		}
		if err := b.apply(m); err != nil {
			return nil, nil, err
		}
	}
	changed := slices.SortedFunc(maps.Values(b.changed), func(x, y Level) int { return x.Key.Compare(y.Key) })
	for i := range changed {
		changed[i].Revision++
	}
	return changed, b.entries, nil
}

// books are levels with moves being applied to them.
type books struct {
	levels, changed map[Key]Level
	entries         []Entry
}

func (b *books) apply(m Move) error {
	var short ShortageError
	for _, h := range m.sum() {
		l, known := b.level(h.Key)
		if !known && m.Kind == Allocate {
			short.Lines = append(short.Lines, Shortage{Item: h.Key.Item, Want: h.Quantity, Unknown: true})
			continue
		}
		next, p, err := Apply(l, m.Kind, h.Quantity)
		var one *ShortageError
		if errors.As(err, &one) {
			short.Lines = append(short.Lines, one.Lines...)
			continue
		}
		if err != nil {
			return err
		}
		b.changed[h.Key] = next
		b.entries = append(b.entries, m.entry(h.Key, p))
	}
	if len(short.Lines) > 0 {
		return &short
	}
	return nil
}

func (b *books) level(k Key) (Level, bool) {
	if l, ok := b.changed[k]; ok {
		return l, true
	}
	if l, ok := b.levels[k]; ok {
		return l, true
	}
	return Level{Key: k, Policy: Deny}, false
}

// covers says whether the account a move takes from has enough.
func (l Level) covers(k MoveKind, from Account, qty int64) error {
	switch from {
	case AccountAvailable:
		if k == Allocate && l.Policy != Untracked && qty > l.room() {
			return &ShortageError{Lines: []Shortage{{Item: l.Key.Item, Want: qty, Have: l.room()}}}
		}
	case AccountAllocated, AccountSold, AccountShipped:
		if have := l.balance(from); qty > have {
			return &MoveError{Kind: k, Key: l.Key, Account: from, Want: qty, Have: have}
		}
	}
	return nil
}

// room is what an Allocate may still take. Reservations do not narrow it: they
// admit, allocation decides.
func (l Level) room() int64 { return max(0, l.OnHand+l.budget()-l.Allocated) }

func (l Level) balance(a Account) int64 {
	switch a {
	case AccountAvailable:
		return l.OnHand - l.Allocated
	case AccountAllocated:
		return l.Allocated
	case AccountSold:
		return l.Sold
	case AccountShipped:
		return l.Shipped
	}
	return 0
}

func (l *Level) post(a Account, qty int64) {
	switch a {
	case AccountAvailable:
		l.OnHand += qty
	case AccountAllocated:
		l.OnHand += qty
		l.Allocated += qty
	case AccountSold:
		l.Sold += qty
	case AccountShipped:
		l.Shipped += qty
	}
}
