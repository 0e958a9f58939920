package inventory

import (
	"cmp"
	"fmt"
	"slices"
)

// Validate returns an *InvalidError if the settlement is malformed.
func (s Settlement) Validate() error {
	if reason := idFault(s.Ref); reason != "" {
		return &InvalidError{Field: "ref", Reason: reason}
	}
	if s.AsOf < 0 || len(s.Lines) > MaxLines {
		return &InvalidError{Field: "settlement", Reason: "has a negative as_of or too many lines"}
	}
	for _, note := range []struct{ field, text string }{{"reason", s.Reason}, {"actor", s.Actor}} {
		if reason := textFault(note.text, MaxNote); reason != "" {
			return &InvalidError{Field: note.field, Reason: reason}
		}
	}
	for i, l := range s.Lines {
		if reason := itemFault(string(l.Item)); reason != "" {
			return &InvalidError{Field: fmt.Sprintf("lines[%d].item", i), Reason: reason}
		}
		if l.Quantity < 0 || l.Quantity > MaxQuantity {
			return &InvalidError{Field: fmt.Sprintf("lines[%d].quantity", i), Reason: "is out of range"}
		}
	}
	return nil
}

// Settle returns the moves that bring the books of s.Ref to what the store of
// record counts as sold. It is pure: entries are all of the ledger's with that
// Ref, oldest first, levels those of their keys; the moves fit them.
//
// Pieces that are no longer subtracted there are restocked, those that have left
// are returned, and a Correct the other way keeps OnHand where it is until a
// reading shows them there. What is subtracted again, up to what was once
// confirmed, is sold again, and off OnHand at once.
func Settle(levels []Level, entries []Entry, s Settlement) ([]Move, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	if len(entries) > 0 && entries[len(entries)-1].Seq > s.AsOf {
		return nil, fmt.Errorf("%w: %s", ErrStale, s.Ref)
	}
	want := map[Item]int64{}
	for _, l := range s.Lines {
		want[l.Item] += l.Quantity
	}
	var moves []Move
	for _, c := range claims(entries) {
		change := min(want[c.key.Item], c.ever) - c.out()
		want[c.key.Item] -= c.out() + change
		back := min(c.sold, max(0, -change))
		moves = append(moves, s.back(Restock, c.key, back)...)
		moves = append(moves, s.back(Return, c.key, min(c.shipped, max(0, -change)-back))...)
		if change > 0 {
			moves = append(moves, s.again(levels, c.key, change)...)
		}
	}
	return moves, nil
}

// claim is where the pieces of one order are, at one key.
type claim struct {
	key                       Key
	ever, sold, shipped, lost int64
}

// out is what the store of record should have subtracted: pieces written off stay so.
func (c claim) out() int64 { return c.sold + c.shipped + c.lost }

// claims reads an order's entries.
func claims(entries []Entry) []claim {
	byKey := map[Key]*claim{}
	var list []*claim
	for _, e := range entries {
		if e.Key.Item.Coupon() { // no line of an order
			continue
		}
		c := byKey[e.Key]
		if c == nil {
			c = &claim{key: e.Key}
			byKey[e.Key], list = c, append(list, c)
		}
		if e.Kind == Adjust && e.To == AccountAdjustment { // written off: the store of record keeps it subtracted
			c.lost += e.Quantity
		}
		for account, sign := range map[Account]int64{e.From: -1, e.To: 1} {
			switch account {
			case AccountSold:
				c.sold += sign * e.Quantity
			case AccountShipped:
				c.shipped += sign * e.Quantity
			}
		}
		c.ever = max(c.ever, c.out())
	}
	slices.SortFunc(list, func(a, b *claim) int { return a.key.Compare(b.key) })
	out := make([]claim, len(list))
	for i, c := range list {
		out[i] = *c
	}
	return out
}

func (s Settlement) move(kind MoveKind, key Key, n int64) Move {
	return Move{
		Kind: kind, Ref: s.Ref, Lines: []Held{{Key: key, Quantity: n}},
		Reason: cmp.Or(s.Reason, "as the store of record has it"), Actor: s.Actor,
	}
}

// back takes n pieces out of the order again.
func (s Settlement) back(kind MoveKind, key Key, n int64) []Move {
	if n == 0 {
		return nil
	}
	return []Move{s.move(kind, key, n), s.move(Correct, key, -n)}
}

// again sells n pieces once more. Where they do not fit any more, room is made for
// the step.
func (s Settlement) again(levels []Level, key Key, n int64) []Move {
	var over int64
	if i := slices.IndexFunc(levels, func(l Level) bool { return l.Key == key }); i >= 0 && levels[i].Policy != Untracked {
		over = max(0, n+levels[i].Allocated-levels[i].OnHand-levels[i].budget())
	}
	moves := []Move{s.move(Allocate, key, n), s.move(Confirm, key, n)}
	if over > 0 {
		moves = append(append([]Move{s.move(Correct, key, over)}, moves...), s.move(Correct, key, -over))
	}
	return moves
}
