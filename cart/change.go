package cart

import (
	"fmt"
	"slices"
	"time"
)

// Op is what a change does.
type Op string

// The changes of a cart.
const (
	OpAdd          Op = "add"           // Quantity more of Ref
	OpSet          Op = "set"           // the line Key gets Quantity
	OpRemove       Op = "remove"        // the line Key goes; no error when it is gone already
	OpClear        Op = "clear"         // lines, coupons and note go
	OpApplyCoupon  Op = "apply_coupon"  // Code is remembered; no error when it is already
	OpRemoveCoupon Op = "remove_coupon" // Code is forgotten; no error when it is not there
	OpNote         Op = "note"          // Note replaces the note; "" takes it away
)

// Change is one step from a cart to the next, as a shopper asks for it.
type Change struct {
	// ID, up to 64 letters, digits, "-" and "_", makes the change happen once however often it is sent. Without
	// one, an Add that is sent twice adds twice.
	ID       string
	Op       Op
	Ref      ItemRef // OpAdd
	Key      LineKey // OpSet, OpRemove
	Quantity int64   // OpAdd, OpSet
	Code     string  // OpApplyCoupon, OpRemoveCoupon
	Note     string  // OpNote
	// At is when it happened; the caller's clock. It is not part of the JSON form: a client's clock decides nothing.
	At time.Time
}

// rememberedChanges is how many change ids a cart keeps: more than a client has under way at a time.
const rememberedChanges = 64

// Apply returns the cart after the change; c itself stays as it is. It is pure: no catalogue, no stock, no
// clock. The result keeps c's version, which only a [Store] counts up.
//
// The error is an [*InvalidError] that names the field, or [ErrLineNotFound], or [ErrMoved]. A change whose ID
// the cart has seen, and one that changes nothing, return the cart as it is.
func Apply(c Cart, ch Change, l Limits) (Cart, error) {
	next, _, err := apply(c, ch, l)
	return next, err
}

// apply also reports whether there is anything new to save.
func apply(c Cart, ch Change, l Limits) (Cart, bool, error) {
	if err := ch.validate(l); err != nil {
		return Cart{}, false, err
	}
	if c.Moved != nil {
		return Cart{}, false, ErrMoved
	}
	next := c.Clone()
	if ch.ID != "" && slices.Contains(c.Applied, ch.ID) {
		return next, false, nil
	}
	changed, err := next.do(ch, l)
	if err != nil {
		return Cart{}, false, err
	}
	if ch.ID != "" {
		next.Applied = remember(next.Applied, rememberedChanges, ch.ID)
		changed = true
	}
	if changed && !ch.At.IsZero() {
		next.UpdatedAt = ch.At
	}
	return next, changed, nil
}

func (c *Cart) do(ch Change, l Limits) (changed bool, err error) {
	switch ch.Op {
	case OpAdd:
		return true, c.add(ch, l)
	case OpSet:
		return c.set(ch, l)
	case OpRemove:
		return c.remove(ch.Key), nil
	case OpClear:
		return c.clear(), nil
	case OpApplyCoupon:
		return c.applyCoupon(NormalizeCoupon(ch.Code), l)
	case OpRemoveCoupon:
		return c.removeCoupon(NormalizeCoupon(ch.Code)), nil
	case OpNote:
		note := normalizeNote(ch.Note)
		changed, c.Note = c.Note != note, note
		return changed, nil
	}
	return false, invalid("op", "is unknown")
}

func (c *Cart) add(ch Change, l Limits) error {
	key := ch.Ref.Key()
	i := c.index(key)
	if i < 0 {
		if err := c.checkRoom(ch.Ref, l); err != nil {
			return err
		}
		c.Lines = append(c.Lines, Line{Key: key, Ref: ch.Ref.Clone(), AddedAt: ch.At})
		i = len(c.Lines) - 1
	}
	most := l.lineCap(key)
	if ch.Quantity > most-c.Lines[i].Quantity { // never overflows: both are positive
		return overCap(most)
	}
	c.Lines[i].Quantity += ch.Quantity
	return nil
}

// checkRoom refuses a line for which there is no room.
func (c *Cart) checkRoom(ref ItemRef, l Limits) error {
	if len(c.Lines) >= l.lines() {
		return tooMany("lines", l.lines())
	}
	if c.refText()+ref.textSize() > maxCartText {
		return invalid("data", fmt.Sprintf("and attributes of all lines would be longer than %d bytes", maxCartText))
	}
	return nil
}

// refText is how long the attributes and data of all lines are together.
func (c *Cart) refText() int {
	n := 0
	for _, line := range c.Lines {
		n += line.Ref.textSize()
	}
	return n
}

func (c *Cart) set(ch Change, l Limits) (bool, error) {
	i := c.index(ch.Key)
	if i < 0 {
		return false, ErrLineNotFound
	}
	if most := l.lineCap(ch.Key); ch.Quantity > most {
		return false, overCap(most)
	}
	changed := c.Lines[i].Quantity != ch.Quantity
	c.Lines[i].Quantity = ch.Quantity
	return changed, nil
}

func (c *Cart) remove(key LineKey) bool {
	before := len(c.Lines)
	c.Lines = slices.DeleteFunc(c.Lines, func(l Line) bool { return l.Key == key })
	return len(c.Lines) != before
}

func (c *Cart) clear() bool {
	changed := len(c.Lines)+len(c.Coupons)+len(c.Note) > 0
	c.Lines, c.Coupons, c.Note = nil, nil, ""
	return changed
}

func (c *Cart) applyCoupon(code string, l Limits) (bool, error) {
	if slices.Contains(c.Coupons, code) {
		return false, nil
	}
	if len(c.Coupons) >= l.coupons() {
		return false, tooMany("coupons", l.coupons())
	}
	c.Coupons = append(c.Coupons, code)
	return true, nil
}

func (c *Cart) removeCoupon(code string) bool {
	before := len(c.Coupons)
	c.Coupons = slices.DeleteFunc(c.Coupons, func(s string) bool { return s == code })
	return len(c.Coupons) != before
}

// remember appends what is not there yet and keeps the latest n.
func remember(list []string, n int, more ...string) []string {
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return slices.Clone(list[max(len(list)-n, 0):])
}
