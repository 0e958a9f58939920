package checkout

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ankkor/ankkor/pricing/quote"
)

// Sentinels to branch on with errors.Is. Facts travel in the typed errors beside them.
var (
	// ErrNotFound says that there is no such checkout, or that it belongs to somebody else: the two cannot be told apart.
	ErrNotFound = errors.New("checkout: not found")
	// ErrInvalid says that input was refused; *InvalidError and *FieldErrors name the fields.
	ErrInvalid = errors.New("checkout: invalid input")
	// ErrEmptyCart says that there is nothing to buy.
	ErrEmptyCart = errors.New("checkout: the cart is empty")
	// ErrCartChanged says that the cart was edited after this checkout began: start again from the cart.
	ErrCartChanged = errors.New("checkout: the cart changed after the checkout began")
	// ErrQuoteChanged says that the total is not the one the shopper agreed to; *QuoteChangedError carries the new quote.
	ErrQuoteChanged = errors.New("checkout: the quote changed")
	// ErrOutOfStock says that stock did not suffice; an *inventory.ShortageError in the chain names the lines.
	ErrOutOfStock = errors.New("checkout: not enough stock")
	// ErrPlaced says that the checkout has been placed and can no longer be edited.
	ErrPlaced = errors.New("checkout: already placed")
	// ErrClosed says that the checkout was cancelled, abandoned or refunded.
	ErrClosed = errors.New("checkout: closed")
	// ErrKeyReused says that an idempotency key came back with another request.
	ErrKeyReused = errors.New("checkout: idempotency key used for another request")
	// ErrPaymentMismatch says that a payment callback does not belong to this checkout or is not genuine.
	ErrPaymentMismatch = errors.New("checkout: the payment could not be verified for this checkout")
	// ErrConflict says that a Commit was based on a version that is no longer current.
	ErrConflict = errors.New("checkout: version conflict")
	// ErrBound says that a reference (a payment id, an order id, an idempotency key) belongs to another checkout.
	ErrBound = errors.New("checkout: reference bound to another checkout")

	// ErrUnknown says that a call may or may not have taken effect. It is resolved by reading back, never by sending again.
	ErrUnknown = errors.New("checkout: outcome unknown")
	// ErrRefused says that the outside system understood the call and declined; *RefusedError says why.
	ErrRefused = errors.New("checkout: refused")
	// ErrUnavailable says that the call certainly had no effect and may be tried again later.
	ErrUnavailable = errors.New("checkout: unavailable")
)

// InvalidError names one field that was refused and why. It never repeats the value.
type InvalidError struct {
	Field  string // as in the request, for example "billing.postcode"
	Reason string // what is wrong and what would be right, for people
}

// Error implements error.
func (e *InvalidError) Error() string { return "checkout: " + e.Field + ": " + e.Reason }

// Is makes errors.Is(err, ErrInvalid) true.
func (e *InvalidError) Is(target error) bool { return target == ErrInvalid }

// FieldErrors collects every refused field of one form, so that a page can show each beside its input.
type FieldErrors []*InvalidError

// Error implements error.
func (e FieldErrors) Error() string {
	parts := make([]string, len(e))
	for i, f := range e {
		parts[i] = f.Field + ": " + f.Reason
	}
	return "checkout: " + strings.Join(parts, "; ")
}

// Is makes errors.Is(err, ErrInvalid) true.
func (e FieldErrors) Is(target error) bool { return target == ErrInvalid }

// Field returns the reason a field was refused, or "".
func (e FieldErrors) Field(name string) string {
	for _, f := range e {
		if f.Field == name {
			return f.Reason
		}
	}
	return ""
}

// orNil returns the collection as an error, or nil when it is empty.
func (e FieldErrors) orNil() error {
	if len(e) == 0 {
		return nil
	}
	return e
}

// QuoteChangedError says what moved between the quote the shopper saw and the one that holds now.
type QuoteChangedError struct {
	Difference quote.Difference
	Now        quote.Quote
	Plan       Plan   // how it would be paid now
	Hash       string // the Record.QuoteHash of both, to place with
}

// Error implements error.
func (e *QuoteChangedError) Error() string {
	return "checkout: the total is now " + e.Now.Totals.Total.String() + "; show the new quote and ask again"
}

// Is makes errors.Is(err, ErrQuoteChanged) true.
func (e *QuoteChangedError) Is(target error) bool { return target == ErrQuoteChanged }

// BoundError names a reference that another checkout holds.
type BoundError struct {
	Ref    Ref
	Holder ID
}

// Error implements error.
func (e *BoundError) Error() string {
	return fmt.Sprintf("checkout: %s is bound to another checkout", e.Ref.Kind)
}

// Is makes errors.Is(err, ErrBound) true.
func (e *BoundError) Is(target error) bool { return target == ErrBound }

// RefusedError carries an outside system's own reason.
type RefusedError struct {
	Code   string // the system's machine-readable code, if it has one
	Reason string // its message, tags and entities removed
}

// Error implements error.
func (e *RefusedError) Error() string { return "checkout: refused: " + e.Code + ": " + e.Reason }

// Is makes errors.Is(err, ErrRefused) true.
func (e *RefusedError) Is(target error) bool { return target == ErrRefused }

// InProgressError says that an order of the same owner waits for its payment, so another cannot be placed yet.
type InProgressError struct {
	ID    ID
	PayBy time.Time
}

// Error implements error.
func (e *InProgressError) Error() string {
	return "checkout: another checkout of this cart waits for its payment; resume it or cancel it"
}
