package inventory

// Policy says what happens to a key that has run out.
type Policy string

const (
	// Deny refuses: nothing is promised that is not there. The empty Policy
	// means Deny.
	Deny Policy = "deny"
	// Backorder promises up to BackorderLimit pieces that are not there yet.
	Backorder Policy = "backorder"
	// Untracked never runs out: WooCommerce does not manage stock for it.
	Untracked Policy = "untracked"
)

// MaxLevel bounds every count and revision of a level. It is small enough to
// survive stores whose numbers are IEEE doubles, Redis's scripts among them.
const MaxLevel int64 = 1_000_000_000_000_000

// Level is the stock of one key, in whole pieces.
type Level struct {
	Key Key `json:"key"`
	// OnHand follows the store of record's own number: it includes what is
	// allocated, excludes what is sold, and is negative where more was sold
	// than there was.
	OnHand int64 `json:"on_hand"`
	// Allocated is claimed by placed orders that WooCommerce has not
	// subtracted yet.
	Allocated int64 `json:"allocated"`
	// Reserved is held by active reservations. It is the Reserver's own count.
	Reserved int64 `json:"reserved"`
	// Sold has been subtracted by WooCommerce and waits to be shipped.
	Sold int64 `json:"sold"`
	// Shipped has left.
	Shipped int64 `json:"shipped"`

	Policy Policy `json:"policy"`
	// BackorderLimit is how far below zero Backorder may go. Other policies
	// ignore it.
	BackorderLimit int64 `json:"backorder_limit"`
	// Revision counts the changes made by the store that decides allocations.
	// A copy of a level never replaces one with the same or a higher revision.
	Revision int64 `json:"revision"`
}

// Available is what nobody has claimed. It is negative when more is claimed than
// there is, and knows nothing of backorders: see [Level.Sellable].
func (l Level) Available() int64 { return l.OnHand - l.Allocated - l.Reserved }

// Sellable is what a shopper may still be promised, backorder budget included
// and never negative. For an untracked key it is [MaxQuantity].
func (l Level) Sellable() int64 {
	if l.Policy == Untracked {
		return MaxQuantity
	}
	return max(0, l.Available()+l.budget())
}

// Oversold is how many allocated pieces have nothing behind them, because stock
// was cut after they were allocated. The allocations stand: someone has to
// decide which order waits.
func (l Level) Oversold() int64 {
	if l.Policy == Untracked {
		return 0
	}
	return max(0, l.Allocated-l.OnHand-l.budget())
}

// Cut is how many of the reserved pieces have to be given up because the level
// becomes next: as many as are no longer covered, but at most as many as OnHand
// and budget fell by. What fell because allocated pieces were sold is not a cut,
// and neither is a rise of Allocated, since the claim that rose it may still
// hold its reservation.
func (l Level) Cut(next Level) int64 {
	if next.Policy == Untracked {
		return 0
	}
	uncovered := min(l.Reserved, max(0, l.Reserved+next.Allocated-next.OnHand-next.budget()))
	if l.Policy == Untracked {
		return uncovered
	}
	fell := l.OnHand + l.budget() - next.OnHand - next.budget()
	return min(uncovered, max(0, fell-max(0, l.Allocated-next.Allocated)))
}

// Validate returns an *InvalidError for a malformed key, an unknown policy, a
// count or revision outside ±MaxLevel, or a negative one where only OnHand may
// be negative.
func (l Level) Validate() error {
	if err := l.Key.Validate(); err != nil {
		return inField("key", err)
	}
	switch l.Policy {
	case "", Deny, Backorder, Untracked:
	default:
		return &InvalidError{Field: "policy", Reason: "is not deny, backorder or untracked"}
	}
	if outOfRange(l.OnHand) {
		return &InvalidError{Field: "on_hand", Reason: "is out of range"}
	}
	for _, f := range []struct {
		name  string
		value int64
	}{
		{"allocated", l.Allocated}, {"reserved", l.Reserved}, {"sold", l.Sold}, {"shipped", l.Shipped},
		{"backorder_limit", l.BackorderLimit}, {"revision", l.Revision},
	} {
		if f.value < 0 || f.value > MaxLevel {
			return &InvalidError{Field: f.name, Reason: "is out of range"}
		}
	}
	return nil
}

func (l Level) budget() int64 {
	if l.Policy == Backorder {
		return l.BackorderLimit
	}
	return 0
}
