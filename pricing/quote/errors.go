package quote

import "errors"

// ErrInvalid is what every *InvalidError is.
var ErrInvalid = errors.New("quote: invalid input")

// ErrUnsupported is what every *UnsupportedError is.
var ErrUnsupported = errors.New("quote: not supported")

// InvalidError names the field of the Input that cannot be true.
type InvalidError struct {
	// Field is a path such as "lines[2].quantity".
	Field string
	// Reason says what is wrong with it and what would be right, without repeating the value.
	Reason string
}

// Error implements error.
func (e *InvalidError) Error() string { return "quote: " + e.Field + ": " + e.Reason }

// Is makes errors.Is(err, ErrInvalid) true.
func (e *InvalidError) Is(target error) bool { return target == ErrInvalid }

// UnsupportedError names something WooCommerce or a plugin of it can do and this engine cannot. It is returned
// instead of a number that might be wrong.
type UnsupportedError struct {
	Feature string
}

// Error implements error.
func (e *UnsupportedError) Error() string { return "quote: not supported: " + e.Feature }

// Is makes errors.Is(err, ErrUnsupported) true.
func (e *UnsupportedError) Is(target error) bool { return target == ErrUnsupported }
