package inventory

import (
	"context"
	"fmt"
	"slices"
)

// MoveKind names a change of stock.
type MoveKind string

const (
	// Receive: goods came in. supplier → available.
	Receive MoveKind = "receive"
	// Allocate: an order was placed. available → allocated. The only kind that
	// can be short: allocated stays within OnHand and the backorder budget.
	Allocate MoveKind = "allocate"
	// ReleaseAllocation: a placed order was given up. allocated → available.
	ReleaseAllocation MoveKind = "release_allocation"
	// Expire: a placed order's payment window closed unpaid. allocated →
	// available.
	Expire MoveKind = "expire"
	// Confirm: WooCommerce was read back and has subtracted the pieces (its
	// _reduced_stock). allocated → sold; OnHand falls with its number.
	Confirm MoveKind = "confirm"
	// Ship: the parcel left. sold → shipped.
	Ship MoveKind = "ship"
	// Restock: WooCommerce put the pieces of a cancelled order back before they
	// left. sold → available.
	Restock MoveKind = "restock"
	// Return: the pieces came back. shipped → available.
	Return MoveKind = "return"
	// Adjust: someone counted. adjustment ↔ available, quantity of either sign.
	Adjust MoveKind = "adjust"
	// Correct: the store of record says otherwise. adjustment ↔ available,
	// quantity of either sign.
	Correct MoveKind = "correct"
	// Repolicy stands in ledgers only: from here on the key runs out in another
	// way. No piece moves: Quantity is 0, From and To are available, and the Reason
	// says what changed. See [Repolicied].
	Repolicy MoveKind = "policy"
)

// Account is where a piece is, in the books.
type Account string

// Supplier and Adjustment are outside; the others make up a [Level]:
// available is OnHand - Allocated, the rest are its fields.
const (
	AccountSupplier   Account = "supplier"
	AccountAvailable  Account = "available"
	AccountAllocated  Account = "allocated"
	AccountSold       Account = "sold"
	AccountShipped    Account = "shipped"
	AccountAdjustment Account = "adjustment"
)

// Move is one change of stock, possibly of several keys. It takes effect whole
// or not at all, inside the transaction of whoever applies it.
type Move struct {
	Kind MoveKind `json:"kind"`
	// Ref is what the change belongs to, most often a checkout's id.
	Ref string `json:"ref"`
	// Lines; the same key twice is added up. Quantities are positive, but for
	// Adjust and Correct, where a negative one takes away.
	Lines []Held `json:"lines"`
	// Reservation may name the reservation an Allocate grows out of. A store
	// that keeps reservations beside allocations ends it as Used in the same
	// step, so that no piece is counted as claimed twice; one that does not,
	// or that no longer has it, ignores the field.
	Reservation string `json:"reservation,omitempty"`
	Reason      string `json:"reason,omitempty"`
	Actor       string `json:"actor,omitempty"`
}

// Mover is a store that decides allocations, taking changes that belong to no
// checkout: goods received, counted, sent. It is optional; the moves of a
// checkout go through the Commit of its own store.
type Mover interface {
	// Move applies the moves in order, as [ApplyAll] does, in one atomic step
	// with their ledger entries, and returns the levels they changed. Any error
	// means that nothing changed: *InvalidError, *ShortageError, *MoveError, or
	// the store's own. It is not idempotent: after an error that leaves the
	// outcome open, read the [Ledger] by Ref before sending the moves again.
	// Reservations that a cut no longer covers are voided as in [Levels]. Safe
	// for concurrent use.
	Move(ctx context.Context, moves ...Move) ([]Level, error)
}

// Posting is the one line a move writes in the books of a key: Quantity, always
// positive, leaves From and arrives at To.
type Posting struct {
	From     Account `json:"from"`
	To       Account `json:"to"`
	Quantity int64   `json:"quantity"`
}

// MaxMoveLines and MaxNote bound a [Move].
const (
	MaxMoveLines = MaxLines * MaxLocations
	MaxNote      = 500 // bytes of Reason and of Actor
)

// Validate returns an *InvalidError if the move is malformed. A Ref may be
// missing only where no order is involved: Receive, Adjust, Correct.
func (m Move) Validate() error {
	if _, _, ok := m.Kind.accounts(); !ok {
		return &InvalidError{Field: "kind", Reason: "is not a kind of move"}
	}
	if err := m.checkRefs(); err != nil {
		return err
	}
	for _, note := range []struct{ field, text string }{{"reason", m.Reason}, {"actor", m.Actor}} {
		if reason := textFault(note.text, MaxNote); reason != "" {
			return &InvalidError{Field: note.field, Reason: reason}
		}
	}
	return m.checkLines()
}

func (m Move) checkRefs() error {
	needsRef := m.Kind != Receive && !m.Kind.signed()
	if m.Ref != "" || needsRef {
		if reason := idFault(m.Ref); reason != "" {
			return &InvalidError{Field: "ref", Reason: reason}
		}
	}
	if m.Reservation == "" {
		return nil
	}
	if m.Kind != Allocate {
		return &InvalidError{Field: "reservation", Reason: "is only for allocate"}
	}
	if reason := idFault(m.Reservation); reason != "" {
		return &InvalidError{Field: "reservation", Reason: reason}
	}
	return nil
}

func (m Move) checkLines() error {
	if len(m.Lines) == 0 || len(m.Lines) > MaxMoveLines {
		return &InvalidError{Field: "lines", Reason: fmt.Sprintf("must be 1 to %d", MaxMoveLines)}
	}
	sums := make(map[Key]int64, len(m.Lines))
	for i, h := range m.Lines {
		field := fmt.Sprintf("lines[%d]", i)
		if err := h.Key.Validate(); err != nil {
			return inField(field, err)
		}
		if err := checkMoveQuantity(m.Kind, h.Quantity); err != nil {
			return inField(field, err)
		}
		sums[h.Key] += h.Quantity // at most MaxMoveLines × MaxQuantity: no overflow
	}
	for k, sum := range sums {
		if err := checkMoveQuantity(m.Kind, sum); err != nil {
			return &InvalidError{Field: "lines of " + k.String(), Reason: "add up to zero or too much"}
		}
	}
	return nil
}

// sum is the move's lines with those of one key added up, in key order.
func (m Move) sum() []Held {
	lines := slices.Clone(m.Lines)
	slices.SortStableFunc(lines, func(a, b Held) int { return a.Key.Compare(b.Key) })
	sums := lines[:0]
	for _, h := range lines {
		if n := len(sums); n > 0 && sums[n-1].Key == h.Key {
			sums[n-1].Quantity += h.Quantity
		} else {
			sums = append(sums, h)
		}
	}
	return sums
}

func (m Move) entry(k Key, p Posting) Entry {
	return Entry{
		Key: k, Kind: m.Kind, From: p.From, To: p.To, Quantity: p.Quantity,
		Ref: m.Ref, Reason: m.Reason, Actor: m.Actor,
	}
}

// accounts says where a kind takes pieces from and where it puts them.
func (k MoveKind) accounts() (from, to Account, ok bool) {
	switch k {
	case Receive:
		return AccountSupplier, AccountAvailable, true
	case Allocate:
		return AccountAvailable, AccountAllocated, true
	case ReleaseAllocation, Expire:
		return AccountAllocated, AccountAvailable, true
	case Confirm:
		return AccountAllocated, AccountSold, true
	case Ship:
		return AccountSold, AccountShipped, true
	case Restock:
		return AccountSold, AccountAvailable, true
	case Return:
		return AccountShipped, AccountAvailable, true
	case Adjust, Correct:
		return AccountAdjustment, AccountAvailable, true
	}
	return "", "", false
}

// signed says whether a negative quantity has a meaning.
func (k MoveKind) signed() bool { return k == Adjust || k == Correct }

func checkMoveQuantity(k MoveKind, qty int64) error {
	if qty == 0 {
		return &InvalidError{Field: "quantity", Reason: "is zero"}
	}
	if qty < 0 && !k.signed() {
		return &InvalidError{Field: "quantity", Reason: "is negative"}
	}
	if qty < -MaxQuantity || qty > MaxQuantity {
		return &InvalidError{Field: "quantity", Reason: "is out of range"}
	}
	return nil
}
