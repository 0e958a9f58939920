package linear

import (
	"time"

	"github.com/ankkor/ankkor/inventory"
)

// A history plays with few things, so that clients get in each other's way.
const (
	Items  = 2
	Places = 2
	Keys   = Items * Places
	IDs    = 10 // of reservations
)

// Kind names what a client does.
type Kind string

// What clients do.
const (
	Reserve  Kind = "reserve"
	Extend   Kind = "extend"
	Release  Kind = "release"
	Set      Kind = "set"
	Conclude Kind = "conclude"
	Read     Kind = "read"
	Move     Kind = "move"
)

// None is the ID of no reservation.
const None = -1

// Call is what a client asked. Reservations and keys are numbers; a key is the item
// times Places plus the place.
type Call struct {
	Kind     Kind
	ID       int // the reservation; of a move, the one it grows out of
	Replaces int
	Want     [Items]int64
	Halves   bool  // each line that can be is sent as two
	Order    []int // places to take from
	Whole    bool  // a line may not be split
	TTL      time.Duration

	Told [Keys]Told // of a Set or a Conclude

	Move     inventory.MoveKind
	Quantity [Keys]int64 // of a move
}

// Told is what a Set says about a key.
type Told struct {
	Set                         bool
	OnHand, Allocated, Revision int64
}

// Outcome is how a call ended.
type Outcome string

// How calls end. Unknown: the answer was lost. Resent: it was lost, and the client
// asked again without telling its caller. Unapplied: it certainly did nothing.
const (
	Done       Outcome = "done"
	Short      Outcome = "short"
	Conflict   Outcome = "conflict"
	Ended      Outcome = "ended"
	NotFound   Outcome = "not found"
	Impossible Outcome = "impossible"
	Unknown    Outcome = "unknown"
	Resent     Outcome = "resent"
	Unapplied  Outcome = "unapplied"
)

// Answer is what a client was told. It is comparable.
type Answer struct {
	Outcome Outcome
	// Of a reservation: how it stands, what it holds, and until when.
	State   inventory.ReservationState
	Held    [Keys]int64
	Expires int64 // nanoseconds; 0 if nothing was said
	// Of a shortage: which items, and how many could be had.
	Short [Items]bool
	Have  [Items]int64
	// Of a Read; and of a Move what it changed, without Reserved.
	Levels [Keys]Level
}

// Level is what is known of a key.
type Level struct {
	OnHand, Allocated, Reserved, Sold, Revision int64
}

// owner is whose a reservation is.
func owner(id int) int { return id % 3 }
