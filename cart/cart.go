package cart

import (
	"maps"
	"slices"
	"time"

	"github.com/ankkor/ankkor/pricing"
	"github.com/shopspring/decimal"
)

// Cart is what one owner means to buy. It is a value: the functions of this package never write into the
// slices and maps of a cart they were given.
type Cart struct {
	// ID is minted when the cart is first saved and never changes. It is a name for logs, not a key: carts
	// are reached by their owner only.
	ID    string
	Owner Owner
	// Version counts the saves. 0 means that the cart is not stored.
	Version int64
	// Lines are in the order in which they were first added. No two have the same key.
	Lines []Line
	// Coupons are normalised codes (see [NormalizeCoupon]) in the order in which they were applied. Whether
	// a coupon is good is for the quote to say: a cart only remembers that the shopper typed it.
	Coupons []string
	// Note is free text for the shop, as typed. Escape it wherever it is shown.
	Note      string
	UpdatedAt time.Time

	// Applied are the ids of the latest changes, oldest first, so that a change sent twice is made once.
	Applied []string
	// Merged are the marks of the guest carts that went into this one, oldest first, so that a merge done
	// twice is done once.
	Merged []string
	// Moved is set once this cart's lines are promised to another owner; it takes no change any more.
	Moved *Move
}

// Line is one item of a cart and how many of it.
type Line struct {
	Key      LineKey // always Ref.Key()
	Ref      ItemRef
	Quantity int64
	AddedAt  time.Time
	// Seen is the price the shopper last saw, noted by [Service]; it is only compared, never charged.
	Seen *SeenPrice
}

// SeenPrice is a unit price that was shown.
type SeenPrice struct {
	Unit     decimal.Decimal
	Currency pricing.Currency
}

// Move says where a guest's lines go.
type Move struct {
	To     Owner
	Policy MergePolicy
}

// Line returns the line with that key.
func (c Cart) Line(key LineKey) (Line, bool) {
	i := c.index(key)
	if i < 0 {
		return Line{}, false
	}
	return c.Lines[i], true
}

// Pieces is the number of pieces in all lines.
func (c Cart) Pieces() int64 {
	var n int64
	for _, l := range c.Lines {
		n += l.Quantity
	}
	return n
}

// IsEmpty reports whether there is no line.
func (c Cart) IsEmpty() bool { return len(c.Lines) == 0 }

// Clone returns a copy that shares nothing with c.
func (c Cart) Clone() Cart {
	c.Lines = slices.Clone(c.Lines)
	for i, l := range c.Lines {
		c.Lines[i] = l.clone()
	}
	c.Coupons = slices.Clone(c.Coupons)
	c.Applied = slices.Clone(c.Applied)
	c.Merged = slices.Clone(c.Merged)
	if c.Moved != nil {
		moved := *c.Moved
		c.Moved = &moved
	}
	return c
}

func (c Cart) index(key LineKey) int {
	return slices.IndexFunc(c.Lines, func(l Line) bool { return l.Key == key })
}

func (line Line) clone() Line {
	line.Ref = line.Ref.Clone()
	if line.Seen != nil {
		seen := *line.Seen
		line.Seen = &seen
	}
	return line
}

// Clone returns a ref that shares no map with r.
func (r ItemRef) Clone() ItemRef {
	r.Attributes = maps.Clone(r.Attributes)
	r.Data = maps.Clone(r.Data)
	return r
}
