package inventory

import (
	"context"
	"errors"
	"fmt"
)

// ErrStale says that what was read was read too early: the books have moved on
// since, so that it proves nothing any more. Read again.
var ErrStale = errors.New("inventory: read before the books moved on")

// Ticket is drawn for an item before its stock is read from the store of record.
// It fixes what was known then: a piece confirmed as sold before the ticket is
// certainly missing from the number that is read; one confirmed later may be.
// Callers keep it as it is.
type Ticket struct {
	Item Item `json:"item"`
	// Seq orders the tickets of one item.
	Seq int64 `json:"seq"`
	// Taken and Moved are those of the item's Standing.
	Taken int64 `json:"taken"`
	Moved int64 `json:"moved"`
}

// Tolerance is how large a rise that nothing explains may be to be believed
// without a decision. The zero Tolerance believes none.
type Tolerance struct {
	// BasisPoints of what is on hand here, in hundredths of a percent, up to
	// 10000: rises below it are believed.
	BasisPoints int64 `json:"basis_points"`
	// Pieces is believed in any case.
	Pieces int64 `json:"pieces"`
}

// Believes says whether an unexplained difference of so many pieces, of either
// sign, is small beside what was on hand.
func (t Tolerance) Believes(onHand, difference int64) bool {
	onHand, difference = max(onHand, -onHand), max(difference, -difference)
	if difference <= t.Pieces {
		return true
	}
	if onHand > MaxLevel || difference > MaxLevel {
		return false
	}
	return uint64(difference)*10_000 < uint64(max(0, t.BasisPoints))*uint64(onHand)
}

// Reading is what the store of record said of an item after the ticket was drawn.
type Reading struct {
	Ticket Ticket
	// OnHand, Policy and BackorderLimit as of [StockSource]. OnHand is within
	// ±MaxQuantity.
	OnHand         int64
	Policy         Policy
	BackorderLimit int64
	// Gone: the store of record does not have the item any more. Nothing of it
	// can be promised; what is allocated stays so. The other fields are ignored.
	Gone bool
	// Location is where the difference goes; empty means DefaultLocation. The
	// store of record has one number for all locations.
	Location Location
	// Tolerance is for rises. Decided takes any: somebody has decided.
	Tolerance Tolerance
	Decided   bool
	// Reason and Actor are for the ledger.
	Reason, Actor string
}

// Validate returns an *InvalidError for a reading that makes no sense.
func (r Reading) Validate() error {
	if reason := itemFault(string(r.Ticket.Item)); reason != "" {
		return &InvalidError{Field: "ticket.item", Reason: reason}
	}
	if r.Ticket.Seq <= 0 || r.Ticket.Taken < 0 || r.Ticket.Moved < 0 {
		return &InvalidError{Field: "ticket", Reason: "was never drawn"}
	}
	if r.OnHand < -MaxQuantity || r.OnHand > MaxQuantity {
		return &InvalidError{Field: "on_hand", Reason: fmt.Sprintf("must be within ±%d", MaxQuantity)}
	}
	if r.Tolerance.BasisPoints < 0 || r.Tolerance.BasisPoints > 10_000 || r.Tolerance.Pieces < 0 {
		return &InvalidError{Field: "tolerance", Reason: "must be 0 to 10000 basis points, and pieces not negative"}
	}
	for _, note := range []struct{ field, text string }{{"reason", r.Reason}, {"actor", r.Actor}} {
		if reason := textFault(note.text, MaxNote); reason != "" {
			return &InvalidError{Field: note.field, Reason: reason}
		}
	}
	return Level{Key: r.key(), Policy: r.Policy, BackorderLimit: r.BackorderLimit}.Validate()
}

// key is the level that takes up the difference.
func (r Reading) key() Key {
	if r.Location == "" {
		return r.Ticket.Item.At(DefaultLocation)
	}
	return r.Ticket.Item.At(r.Location)
}

// Verdict says what became of a reading.
type Verdict string

// The verdicts.
const (
	// Agreed: nothing to change.
	Agreed Verdict = "agreed"
	// Corrected: the levels follow the store of record now.
	Corrected Verdict = "corrected"
	// HeldBack: the store of record has more than anything here explains, so much
	// that somebody has to decide. What is explained was taken, the rest not.
	HeldBack Verdict = "held_back"
	// Overtaken: a reading with a newer ticket was applied before. Nothing was
	// changed.
	Overtaken Verdict = "overtaken"
)

// Applied is what a reading did.
type Applied struct {
	Item    Item
	Verdict Verdict
	// Ours is what was on hand at all locations; Theirs what the reading says,
	// less what was confirmed after its ticket.
	Ours, Theirs int64
	// Unexplained is the part of Theirs - Ours that no order of ours accounts
	// for: above zero a rise, below a fall. Small says that it is within the
	// tolerance.
	Unexplained int64
	Small       bool
	// Before and After are the item's levels, at every location.
	Before, After []Level
	// Gone says that the store of record does not have the item any more.
	Gone bool
}

// Settlement is what the store of record was seen to count as sold for one order
// of ours. It differs from our books after a cancellation or a refund with
// restocking there.
type Settlement struct {
	// Ref is that of the order's moves.
	Ref string
	// AsOf is the Seq of the last ledger entry of Ref before the order was read.
	AsOf int64
	// Lines are the pieces that are still subtracted there, of items that occur in
	// the books of Ref; of those that are left out, none is. More than was ever
	// confirmed counts as what was confirmed.
	Lines         []Line
	Reason, Actor string
}

// Readings is a store that decides allocations, following the store of record.
// Each method is one atomic step, safe for concurrent use by any number of
// processes. Malformed arguments are an *InvalidError and change nothing.
type Readings interface {
	// Tickets draws a ticket for each item, known or not, in the order of
	// [CheckItems]. Draw first, then read: a ticket drawn after the reading
	// proves nothing. A ticket that is never used does no harm.
	Tickets(ctx context.Context, items []Item) ([]Ticket, error)

	// ApplyReadings applies readings as [ApplyReading] says, all or none, and
	// answers what became of each, in their order. An item twice is an
	// *InvalidError. Entries are posted for every piece that comes or goes, and
	// reservations that a cut no longer covers are voided as in [Levels]. Sending
	// it again after an unknown outcome is harmless: it is overtaken by itself.
	ApplyReadings(ctx context.Context, readings []Reading) ([]Applied, error)

	// Settle brings the books of an order to what the store of record counts as
	// sold, as [Settle] says: pieces that came back are restocked, or returned if
	// they had left. OnHand does not move, since it is for a reading to say that
	// they are there again; the item becomes unsettled. ErrStale means that the
	// books of Ref moved on after AsOf. Idempotent. It returns the levels it
	// changed.
	Settle(ctx context.Context, s Settlement) ([]Level, error)
}

// StandingQuery selects standings.
type StandingQuery struct {
	// After is the last item already seen.
	After Item
	// Unsettled keeps those that wait for a reading, as [Standing.Unsettled] says: the
	// uses of a coupon never do.
	Unsettled bool
	// Limit is the most to return, 1 to MaxBatch.
	Limit int
}

// Validate returns an *InvalidError for a limit or an item that cannot be.
func (q StandingQuery) Validate() error {
	if q.Limit < 1 || q.Limit > MaxBatch {
		return &InvalidError{Field: "limit", Reason: fmt.Sprintf("must be 1 to %d", MaxBatch)}
	}
	if q.After == "" {
		return nil
	}
	if reason := itemFault(string(q.After)); reason != "" {
		return &InvalidError{Field: "after", Reason: reason}
	}
	return nil
}

// Standings lists what a store that implements [Readings] has levels of.
type Standings interface {
	// Standings returns the standings of items that have a level, in the order of
	// the items' names. Fewer than Limit means the end. Safe for concurrent use.
	Standings(ctx context.Context, q StandingQuery) ([]Standing, error)
}
