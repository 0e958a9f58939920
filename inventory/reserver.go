package inventory

import (
	"context"
	"time"
)

// Reserver holds stock for a shopper who is checking out, for a while.
//
// Every method is safe for concurrent use by any number of processes, and safe
// to send again when its answer was lost: whoever retries, a driver included,
// moves stock once. The clock is the backend's own; no time of the caller's
// takes part. Bad arguments are an *InvalidError and write nothing. A done
// context is returned wrapped, and says nothing about whether the call took
// effect: send it again to find out.
type Reserver interface {
	// Reserve holds every line of the request or none of them, in one atomic
	// step, until TTL from now.
	//
	// The caller chooses the ID, and with it says what is the same request:
	// one with the same ID, Owner and Lines (after adding up lines of the same
	// item, in any order) answers with the reservation already made and changes
	// nothing, its expiry included. If that reservation has ended the answer is
	// the reservation and an *EndedError; stock is not taken again. The same ID
	// with another owner or other lines is ErrConflict. IDs are remembered for
	// an hour past the expiry, and are not to be used again after that either.
	//
	// Which location gives what is decided by [Plan] over the levels as they
	// are in that step. If a line does not fit the error is a *ShortageError
	// (ErrInsufficient) naming every line that does not; an item the Reserver
	// has never been told of is short and marked Unknown.
	//
	// With Replaces, the named reservation ends as replaced in the same step,
	// and what it held counts as available to this request: nobody else can
	// take it in between. It must be of the same owner, else ErrConflict. If it
	// is not there or has ended already, the request stands alone. If the
	// request is refused the earlier reservation stays as it was.
	//
	// A refused call changes nothing: no level, no reservation, no expiry.
	Reserve(ctx context.Context, req ReserveRequest) (Reservation, error)

	// Extend moves the expiry of an active reservation to ttl from now, if that
	// is later than it is. ErrNotFound if the id was never used or is
	// forgotten, *EndedError (with the reservation) if it has ended: a
	// reservation never comes back.
	Extend(ctx context.Context, id string, ttl time.Duration) (Reservation, error)

	// Release gives the stock of an active reservation back, once. Exactly one
	// of release, expiry, replacement and the other ends wins; releasing a
	// reservation that has ended is no error, and the answer's State says how
	// it ended. ErrNotFound if the id was never used or is forgotten.
	Release(ctx context.Context, id string) (Reservation, error)
}

// ReserveRequest asks for stock.
type ReserveRequest struct {
	// ID is chosen by the caller: 1 to 128 ASCII letters, digits and . _ ~ : -.
	ID string
	// Owner is the checkout or cart the stock is for: 1 to 256 bytes of
	// printable text, stored and compared, never interpreted.
	Owner string
	// Lines are at most 200; the same item twice is added up. Quantities are
	// between 1 and MaxQuantity, sums too.
	Lines []Line
	// TTL is between MinTTL and MaxTTL; zero means DefaultTTL.
	TTL time.Duration
	// Replaces is the ID of an earlier reservation to swap for this one.
	Replaces string
	// Locations to take from, best first; none means DefaultLocation.
	Locations []Location
	// Split says whether one line may come from several locations.
	Split SplitPolicy
}

// Line asks for pieces of an item, wherever they are.
type Line struct {
	Item     Item  `json:"item"`
	Quantity int64 `json:"quantity"`
}

// Held is pieces of an item at the location that gives them.
type Held struct {
	Key      Key   `json:"key"`
	Quantity int64 `json:"quantity"`
}

// SplitPolicy says whether a line that no location can give whole may come from
// several.
type SplitPolicy string

const (
	// SplitAllowed takes what is left to take from each location in turn. The
	// empty SplitPolicy means SplitAllowed.
	SplitAllowed SplitPolicy = "allowed"
	// SplitForbidden refuses such a line.
	SplitForbidden SplitPolicy = "forbidden"
)

// Reservation is stock held until it ends.
type Reservation struct {
	ID    string `json:"id"`
	Owner string `json:"owner"`
	// Lines say which location gives what, in the order of the request's items
	// and, within an item, of its locations.
	Lines []Held `json:"lines"`
	// CreatedAt and ExpiresAt are times of the backend's clock. The reservation
	// is active before ExpiresAt and expired from that instant on.
	CreatedAt time.Time        `json:"created_at"`
	ExpiresAt time.Time        `json:"expires_at"`
	State     ReservationState `json:"state"`
}

// ReservationState says whether a reservation holds stock, and if not, why.
// Active is the only state that does; each of the others is final.
type ReservationState string

const (
	// Active holds stock.
	Active ReservationState = "active"
	// Released was given back by a call of Release.
	Released ReservationState = "released"
	// Expired ran out of time.
	Expired ReservationState = "expired"
	// Replaced was swapped for a later one.
	Replaced ReservationState = "replaced"
	// Voided lost its stock to a cut from outside: see [Levels].
	Voided ReservationState = "voided"
	// Used became an allocation in one step, in a store that keeps both: see
	// [Move].
	Used ReservationState = "used"
)
