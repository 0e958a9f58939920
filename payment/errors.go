package payment

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// What a caller branches on. Every error of a Gateway or Refunder matches exactly one of the first five.
var (
	// ErrInvalid is matched by every *InvalidError: the request was refused before it was sent.
	ErrInvalid = errors.New("payment: invalid request")
	// ErrRefused is matched by every *RefusedError: the gateway said no, nothing happened, repeating is pointless.
	ErrRefused = errors.New("payment: refused by the gateway")
	// ErrUnknown is matched by every *UnknownError: it may have happened. Look it up, never resend blindly.
	ErrUnknown = errors.New("payment: outcome unknown")
	// ErrUnavailable is matched by every *UnavailableError: nothing was done, it may be tried again.
	ErrUnavailable = errors.New("payment: gateway unavailable")
	// ErrNotFound is matched by every *NotFoundError: the gateway does not know the thing asked for.
	ErrNotFound = errors.New("payment: not found")
)

// ErrBound is returned by Facts.Bind when another payment is bound already.
var ErrBound = errors.New("payment: the order is bound to another payment")

// What VerifyPayment answers. The two read the same, so that what reaches a client does not say which it was.
var (
	// ErrSignature says that a callback was not signed by the gateway for the stored order.
	ErrSignature = errors.New("payment: the callback does not prove a payment of this order")
	// ErrOrderMismatch is an ErrSignature whose callback names another order than the stored one: worth an operator's look.
	ErrOrderMismatch error = orderMismatchError{}
)

type orderMismatchError struct{}

func (orderMismatchError) Error() string { return ErrSignature.Error() }
func (orderMismatchError) Unwrap() error { return ErrSignature }

// InvalidError names the field that was refused, and why. It never repeats the value.
type InvalidError struct {
	Field  string // "receipt", "amount", "notes", "payment_id", "key", "reason", "secret"
	Reason string // what is expected
}

// Error implements error.
func (e *InvalidError) Error() string { return "payment: invalid " + e.Field + ": " + e.Reason }

// Is makes errors.Is(err, ErrInvalid) true.
func (e *InvalidError) Is(target error) bool { return target == ErrInvalid }

// RefusedError is a gateway's no.
type RefusedError struct {
	Op     string // "create order", "capture", ...
	Code   string // the gateway's own, for example BAD_REQUEST_ERROR
	Reason string // the gateway's words; for operators, not for customers
}

// Error implements error. The gateway's words are quoted and cut.
func (e *RefusedError) Error() string {
	return fmt.Sprintf("payment: %s refused by the gateway: %s %q", e.Op, cut(e.Code), cut(e.Reason))
}

// Is makes errors.Is(err, ErrRefused) true.
func (e *RefusedError) Is(target error) bool { return target == ErrRefused }

// UnknownError is a call that may have taken effect.
type UnknownError struct {
	Op  string
	Err error // what went wrong; may wrap ctx.Err()
}

// Error implements error.
func (e *UnknownError) Error() string {
	return fmt.Sprintf("payment: %s may have happened, look before repeating it: %v", e.Op, e.Err)
}

// Is makes errors.Is(err, ErrUnknown) true.
func (e *UnknownError) Is(target error) bool { return target == ErrUnknown }

// Unwrap gives the cause.
func (e *UnknownError) Unwrap() error { return e.Err }

// UnavailableError is a call that certainly had no effect.
type UnavailableError struct {
	Op         string
	RetryAfter time.Duration // as the gateway asked; zero when it did not say
	Err        error         // what went wrong; may wrap ctx.Err()
}

// Error implements error.
func (e *UnavailableError) Error() string {
	return fmt.Sprintf("payment: %s not done, the gateway is unavailable: %v", e.Op, e.Err)
}

// Is makes errors.Is(err, ErrUnavailable) true.
func (e *UnavailableError) Is(target error) bool { return target == ErrUnavailable }

// Unwrap gives the cause.
func (e *UnavailableError) Unwrap() error { return e.Err }

// NotFoundError names what the gateway does not know.
type NotFoundError struct {
	What string // "order", "payment", "refund"
	ID   string // the id, receipt or key that was asked for
}

// Error implements error.
func (e *NotFoundError) Error() string {
	return fmt.Sprintf("payment: the gateway knows no %s %q", e.What, cut(e.ID))
}

// Is makes errors.Is(err, ErrNotFound) true.
func (e *NotFoundError) Is(target error) bool { return target == ErrNotFound }

func invalid(field, reason string) error { return &InvalidError{Field: field, Reason: reason} }

// cut keeps a foreign text short enough for a log line.
func cut(s string) string {
	const longest = 200
	if len(s) <= longest {
		return s
	}
	return strings.ToValidUTF8(s[:longest], "") + "…"
}
