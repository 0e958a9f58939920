package wootest

import "errors"

// ErrNotFound is returned for an id the store does not know.
var ErrNotFound = errors.New("wootest: not found")

// ErrInvalid is the branch of every refused input; errors.As finds *InvalidError.
var ErrInvalid = errors.New("wootest: invalid input")

// InvalidError says which input was refused and why.
type InvalidError struct{ Field, Reason string }

// Error implements error.
func (e *InvalidError) Error() string { return "wootest: " + e.Field + ": " + e.Reason }

// Unwrap makes errors.Is(err, ErrInvalid) true.
func (e *InvalidError) Unwrap() error { return ErrInvalid }

func invalid(field, reason string) error { return &InvalidError{Field: field, Reason: reason} }
