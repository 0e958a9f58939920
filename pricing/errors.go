package pricing

import (
	"errors"
	"fmt"
)

// What a caller branches on. The facts are in the typed errors below.
var (
	// ErrInvalid is matched by every *InvalidError: the input was refused.
	ErrInvalid = errors.New("pricing: invalid")
	// ErrOverflow says that a result does not fit the 64 bits of minor units.
	ErrOverflow = errors.New("pricing: amount out of range")
	// ErrCurrencyMismatch is matched by every *CurrencyMismatchError.
	ErrCurrencyMismatch = errors.New("pricing: currencies differ")
	// ErrNoPrice says that a text holds no amount: the product is not
	// purchasable. It is never the same as a price of zero.
	ErrNoPrice = errors.New("pricing: no price")
	// ErrAmbiguous says that a text can be read as more than one amount.
	ErrAmbiguous = errors.New("pricing: ambiguous price")
)

// InvalidError names the field that was refused, and why. It never repeats
// the refused value, which may be long, hostile or private.
type InvalidError struct {
	Field  string // "amount", "currency", "weights", ...
	Reason string // what was wrong and what is expected
	Err    error  // the cause, when there is one (ErrOverflow, for example)
}

// Error implements error.
func (e *InvalidError) Error() string {
	return fmt.Sprintf("pricing: invalid %s: %s", e.Field, e.Reason)
}

// Is makes errors.Is(err, ErrInvalid) true.
func (e *InvalidError) Is(target error) bool { return target == ErrInvalid }

// Unwrap gives the cause.
func (e *InvalidError) Unwrap() error { return e.Err }

// CurrencyMismatchError says which two currencies met.
type CurrencyMismatchError struct {
	Have, Want Currency
}

// Error implements error.
func (e *CurrencyMismatchError) Error() string {
	return fmt.Sprintf("pricing: currencies differ: have %s, want %s", e.Have, e.Want)
}

// Is makes errors.Is(err, ErrCurrencyMismatch) true.
func (e *CurrencyMismatchError) Is(target error) bool { return target == ErrCurrencyMismatch }

// ParseError says where in a price text reading stopped, and why. The text
// itself is not repeated. Every ParseError is an ErrInvalid; Err narrows it
// down to ErrNoPrice, ErrAmbiguous or ErrOverflow where one of them applies.
type ParseError struct {
	Offset int    // byte offset into the text given to the parser
	Reason string // what was wrong there
	Err    error  // ErrNoPrice, ErrAmbiguous, ErrOverflow or nil
}

// Error implements error.
func (e *ParseError) Error() string {
	return fmt.Sprintf("pricing: price text refused at byte %d: %s", e.Offset, e.Reason)
}

// Is makes errors.Is(err, ErrInvalid) true, except for a text without any
// amount: ErrNoPrice is an answer, not a mistake.
func (e *ParseError) Is(target error) bool {
	return target == ErrInvalid && e.Err != ErrNoPrice
}

// Unwrap gives ErrNoPrice, ErrAmbiguous, ErrOverflow or nil.
func (e *ParseError) Unwrap() error { return e.Err }

func invalid(field, reason string) error {
	return &InvalidError{Field: field, Reason: reason}
}
