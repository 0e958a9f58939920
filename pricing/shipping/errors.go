package shipping

import "errors"

// ErrInvalid is what every *InvalidError is.
var ErrInvalid = errors.New("shipping: invalid input")

// ErrUnsupported is what every *UnsupportedError is.
var ErrUnsupported = errors.New("shipping: not supported")

// InvalidError names the field that cannot be true.
type InvalidError struct {
	// Field is a path such as "zones[0].methods[1].cost".
	Field string
	// Reason says what is wrong with it and what would be right.
	Reason string
}

// Error implements error.
func (e *InvalidError) Error() string { return "shipping: " + e.Field + ": " + e.Reason }

// Is makes errors.Is(err, ErrInvalid) true.
func (e *InvalidError) Is(target error) bool { return target == ErrInvalid }

// UnsupportedError names something a store can be set to that this package cannot compute. It is returned instead
// of a rate that might be wrong.
type UnsupportedError struct {
	Feature string
}

// Error implements error.
func (e *UnsupportedError) Error() string { return "shipping: not supported: " + e.Feature }

// Is makes errors.Is(err, ErrUnsupported) true.
func (e *UnsupportedError) Is(target error) bool { return target == ErrUnsupported }
