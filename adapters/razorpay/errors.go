package razorpay

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/payment"
)

// What an *Error may match besides what package payment says of the call.
var (
	// ErrUnauthorized says that Razorpay does not accept the key: nothing was done, and nothing will be before the
	// configuration is mended. It comes as a payment.ErrUnavailable, since the call may be made again then.
	ErrUnauthorized = errors.New("razorpay: the key is not accepted")
	// ErrRateLimited says that Razorpay wants fewer calls: nothing was done. It comes as a payment.ErrUnavailable.
	ErrRateLimited = errors.New("razorpay: too many requests")
	// ErrAnswer says that what came is no answer of Razorpay: a page of some proxy, half a document, an entity that is
	// not the one asked for.
	ErrAnswer = errors.New("razorpay: not an answer of Razorpay's API")
)

// Error is what Razorpay answered instead of what was asked for. It is found with errors.As in the error of a call.
type Error struct {
	Status      int    // of HTTP
	Code        string // BAD_REQUEST_ERROR, GATEWAY_ERROR, SERVER_ERROR; empty when the answer was not Razorpay's
	Description string // Razorpay's sentence, for operators
	Field       string // the field it is about, when it is about one
	Source      string // who failed: customer, business, bank, …
	Step        string // when: payment_initiation, payment_capture, …
	Reason      string // why, in a word: input_validation_failed, …
}

// Error implements error. Razorpay's words are quoted and cut.
func (e *Error) Error() string {
	text := "razorpay: HTTP " + strconv.Itoa(e.Status)
	for _, part := range []struct{ name, value string }{{"", e.Code}, {"field ", e.Field}, {"reason ", e.Reason}} {
		if part.value != "" && part.value != "NA" {
			text += ", " + part.name + strconv.Quote(cut(part.value))
		}
	}
	if e.Description != "" {
		text += ": " + strconv.Quote(cut(e.Description))
	}
	return text
}

// Is makes errors.Is tell a key that is not accepted and too many requests from the rest.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrUnauthorized:
		return e.Status == 401
	case ErrRateLimited:
		return e.Status == 429
	case ErrAnswer:
		return e.Code == ""
	}
	return false
}

// refusal is Razorpay's no: a *payment.RefusedError for the caller of package payment, an *Error with all of it.
type refusal struct {
	*payment.RefusedError
	answer *Error
}

func refused(op string, answer *Error) error {
	return &refusal{
		RefusedError: &payment.RefusedError{Op: op, Code: answer.Code, Reason: answer.Description},
		answer:       answer,
	}
}

// Unwrap gives both.
func (r *refusal) Unwrap() []error { return []error{r.RefusedError, r.answer} }

// answerError says what is wrong with an answer that cannot be read.
func answerError(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrAnswer, fmt.Sprintf(format, args...))
}

// cut keeps a foreign text short enough for a log line.
func cut(s string) string {
	const longest = 200
	if len(s) <= longest {
		return s
	}
	return strings.ToValidUTF8(s[:longest], "") + "…"
}
