package woo

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/ankkor/ankkor/checkout"
)

// Sentinels to branch on with errors.Is; the facts are in *Error.
var (
	// ErrRefused says that the store understood the call and declined it:
	// nothing was done. Sending the same call again gets the same answer.
	ErrRefused = errors.New("woo: refused")
	// ErrUnknown says that a write may or may not have taken effect: the
	// connection broke, the time was up, or what came back cannot be trusted.
	// Read back before sending anything again.
	ErrUnknown = errors.New("woo: outcome unknown")
	// ErrNotFound says that the store has no such thing, or does not show it.
	ErrNotFound = errors.New("woo: not found")
	// ErrUnauthorised says that the API key is missing, wrong or lacks the
	// permission. Nothing was done.
	ErrUnauthorised = errors.New("woo: unauthorised")
	// ErrRateLimited says that the store asked to slow down. Nothing was done.
	ErrRateLimited = errors.New("woo: rate limited")
	// ErrUnavailable says that the store could not be asked. Nothing was done.
	ErrUnavailable = errors.New("woo: unavailable")
	// ErrBadAnswer says that what came back is not what WooCommerce sends: a
	// page instead of JSON, JSON that breaks off, an endless body. Beside it
	// stands ErrUnavailable for a read and ErrUnknown for a write.
	ErrBadAnswer = errors.New("woo: answer not understood")
)

// Kind is what became of a call.
type Kind uint8

// The kinds. Each has a sentinel of the same name.
const (
	Refused Kind = iota + 1
	Unknown
	NotFound
	Unauthorised
	RateLimited
	Unavailable
)

// Error is what a call to the store failed with. It holds no credentials and
// no part of a body but the store's own message.
type Error struct {
	Kind Kind
	// Op is what was being done, for people: "create order".
	Op string
	// Status is the HTTP status, 0 when there was no answer.
	Status int
	// Code is WooCommerce's, such as "woocommerce_rest_invalid_coupon". Empty
	// where none was sent; GraphQL has none.
	Code string
	// Field is the first parameter the store refused, such as "billing", or
	// the GraphQL path.
	Field string
	// Params has the reason for every refused parameter.
	Params map[string]string
	// Message is the store's own, tags and entities removed.
	Message string
	// RetryAfter is how long the store asked to wait, 0 if it did not.
	RetryAfter time.Duration
	// Cause is what lies below: a network error, the context's error,
	// ErrBadAnswer.
	Cause error
}

// Error implements error.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("woo: ")
	if e.Op != "" {
		b.WriteString(e.Op + ": ")
	}
	b.WriteString(e.Kind.String())
	if e.Status != 0 {
		b.WriteString(" (HTTP " + strconv.Itoa(e.Status))
		if e.Code != "" {
			b.WriteString(", " + e.Code)
		}
		b.WriteString(")")
	}
	if e.Field != "" {
		b.WriteString(": " + e.Field)
	}
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	if e.Cause != nil {
		b.WriteString(": " + strings.TrimPrefix(e.Cause.Error(), "woo: "))
	}
	return b.String()
}

// Unwrap gives the kind's sentinel, the sentinel of the checkout port that
// stands for it, and the cause.
func (e *Error) Unwrap() []error {
	errs := []error{e.Kind.sentinel(), e.portError()}
	if e.Cause != nil {
		errs = append(errs, e.Cause)
	}
	return errs
}

// portError says the same in the words of package checkout. A key without
// permission is no verdict on the order, so it counts as unavailable: the
// engine then waits for an operator instead of giving the money back.
func (e *Error) portError() error {
	switch e.Kind {
	case Refused, NotFound:
		return &checkout.RefusedError{Code: e.Code, Reason: e.Message}
	case Unknown:
		return checkout.ErrUnknown
	}
	return checkout.ErrUnavailable
}

// sentinel is the Err… value of a kind.
func (k Kind) sentinel() error {
	switch k {
	case Refused:
		return ErrRefused
	case Unknown:
		return ErrUnknown
	case NotFound:
		return ErrNotFound
	case Unauthorised:
		return ErrUnauthorised
	case RateLimited:
		return ErrRateLimited
	}
	return ErrUnavailable
}

// String is the kind in words.
func (k Kind) String() string {
	return strings.TrimPrefix(k.sentinel().Error(), "woo: ")
}
