package auth

import (
	"errors"
	"fmt"
)

var (
	// ErrNoIdentity: the request carries no guest cookie.
	ErrNoIdentity = errors.New("auth: no identity")
	// ErrCookie: the guest cookie cannot be accepted; a [*CookieError].
	ErrCookie = errors.New("auth: cookie cannot be accepted")
	// ErrInvalid: a value or a setting is wrong; the facts are an [*InvalidError].
	ErrInvalid = errors.New("auth: invalid")
)

// CookieError says that a cookie is there and not acceptable: changed, sealed with another key, too long, expired, or
// given twice. It is the same for all of them, so that nobody can try out which it was. Treat the request
// as one without identity, or answer it with 401.
type CookieError struct {
	Name string // of the cookie
}

// Error implements error.
func (e *CookieError) Error() string { return fmt.Sprintf("%v: %s", ErrCookie, e.Name) }

// Unwrap makes errors.Is(err, ErrCookie) true.
func (e *CookieError) Unwrap() error { return ErrCookie }

// InvalidError says which field or setting is wrong, and why. It never repeats the value.
type InvalidError struct {
	Field  string
	Reason string
}

// Error implements error.
func (e *InvalidError) Error() string { return fmt.Sprintf("%v: %s %s", ErrInvalid, e.Field, e.Reason) }

// Unwrap makes errors.Is(err, ErrInvalid) true.
func (e *InvalidError) Unwrap() error { return ErrInvalid }
