package inventory

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// What callers branch on. Each is wrapped by the typed error named beside it.
var (
	// ErrInvalid: the request is malformed. *InvalidError names the field.
	ErrInvalid = errors.New("inventory: invalid")
	// ErrInsufficient: there is not enough. *ShortageError names the lines.
	ErrInsufficient = errors.New("inventory: insufficient stock")
	// ErrConflict: the id is taken by another request. *ConflictError.
	ErrConflict = errors.New("inventory: conflict")
	// ErrNotFound: there is no such reservation, or no longer.
	ErrNotFound = errors.New("inventory: reservation not found")
	// ErrEnded: the reservation holds nothing any more. *EndedError says why.
	ErrEnded = errors.New("inventory: reservation has ended")
	// ErrImpossible: a move takes more from an account than is in it.
	// *MoveError has the numbers.
	ErrImpossible = errors.New("inventory: impossible move")
	// ErrImbalance: the ledger and the levels disagree. *ImbalanceError.
	ErrImbalance = errors.New("inventory: ledger does not balance")
)

// InvalidError says which field of a request cannot be used, and why. The value
// itself is not repeated.
type InvalidError struct {
	Field  string // "lines[2].quantity"
	Reason string // "is negative"
}

// Error implements error.
func (e *InvalidError) Error() string { return "inventory: " + e.Field + " " + e.Reason }

// Unwrap makes errors.Is(err, ErrInvalid) true.
func (e *InvalidError) Unwrap() error { return ErrInvalid }

// inField says where a field that was found invalid is.
func inField(outer string, err error) error {
	var invalid *InvalidError
	if !errors.As(err, &invalid) {
		return err
	}
	return &InvalidError{Field: outer + "." + invalid.Field, Reason: invalid.Reason}
}

// Shortage is one line that does not fit.
type Shortage struct {
	Item Item
	Want int64
	// Have is the most that could be had, as the request may be served: from
	// one location if splitting is forbidden, else from all of them.
	Have int64
	// Unknown is set if the item's stock was never told at any of the
	// locations. That is not the same as being sold out: tell it, ask again.
	Unknown bool
}

// ShortageError lists every line that does not fit: of a request in its order, of
// a move in key order.
type ShortageError struct {
	Lines []Shortage
}

// Error implements error.
func (e *ShortageError) Error() string {
	var b strings.Builder
	b.WriteString(ErrInsufficient.Error())
	for i, l := range e.Lines {
		sep := ", "
		if i == 0 {
			sep = ": "
		}
		fmt.Fprintf(&b, "%s%s wants %d, has %d", sep, l.Item, l.Want, l.Have)
	}
	return b.String()
}

// Unwrap makes errors.Is(err, ErrInsufficient) true.
func (e *ShortageError) Unwrap() error { return ErrInsufficient }

// Unknown lists the items nobody has told the store about.
func (e *ShortageError) Unknown() []Item {
	var items []Item
	for _, l := range e.Lines {
		if l.Unknown {
			items = append(items, l.Item)
		}
	}
	return items
}

// ConflictError says what an id, or the reservation to replace, clashes with.
type ConflictError struct {
	ID     string
	Reason string // "was used for other lines"
}

// Error implements error.
func (e *ConflictError) Error() string {
	return fmt.Sprintf("inventory: reservation %s %s", e.ID, e.Reason)
}

// Unwrap makes errors.Is(err, ErrConflict) true.
func (e *ConflictError) Unwrap() error { return ErrConflict }

// EndedError says how a reservation ended.
type EndedError struct {
	ID    string
	State ReservationState
	// At is when, by the backend's clock; for an expiry the instant it was due.
	At time.Time
}

// Error implements error.
func (e *EndedError) Error() string {
	return fmt.Sprintf("inventory: reservation %s has ended: %s at %s", e.ID, e.State, e.At.UTC().Format(time.RFC3339))
}

// Unwrap makes errors.Is(err, ErrEnded) true.
func (e *EndedError) Unwrap() error { return ErrEnded }

// MoveError says which account of which key does not hold what a move takes.
type MoveError struct {
	Kind       MoveKind
	Key        Key
	Account    Account
	Want, Have int64
}

// Error implements error.
func (e *MoveError) Error() string {
	return fmt.Sprintf("inventory: cannot %s %d of %s: %s holds %d", e.Kind, e.Want, e.Key, e.Account, e.Have)
}

// Unwrap makes errors.Is(err, ErrImpossible) true.
func (e *MoveError) Unwrap() error { return ErrImpossible }

// ImbalanceError says where the ledger and a level part ways.
type ImbalanceError struct {
	Key           Key
	Account       Account
	Ledger, Level int64
}

// Error implements error.
func (e *ImbalanceError) Error() string {
	return fmt.Sprintf("inventory: %s: ledger has %d in %s, level has %d", e.Key, e.Ledger, e.Account, e.Level)
}

// Unwrap makes errors.Is(err, ErrImbalance) true.
func (e *ImbalanceError) Unwrap() error { return ErrImbalance }
