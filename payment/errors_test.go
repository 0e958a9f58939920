package payment_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/payment"
)

// Each outcome matches its own sentinel and no other: a caller that branches on one cannot take it for another.
func TestOutcomesAreDistinct(t *testing.T) {
	sentinels := []error{
		payment.ErrInvalid, payment.ErrRefused, payment.ErrUnknown, payment.ErrUnavailable, payment.ErrNotFound,
		payment.ErrSignature, payment.ErrBound,
	}
	outcomes := []error{
		&payment.InvalidError{Field: "amount", Reason: "want more than zero"},
		&payment.RefusedError{Op: "capture", Code: "BAD_REQUEST_ERROR", Reason: "no"},
		&payment.UnknownError{Op: "capture", Err: context.DeadlineExceeded},
		&payment.UnavailableError{Op: "capture", RetryAfter: time.Second, Err: context.Canceled},
		&payment.NotFoundError{What: "order", ID: "token-1"},
		payment.ErrOrderMismatch,
		payment.ErrBound,
	}
	for i, err := range outcomes {
		wrapped := fmt.Errorf("checkout: %w", err)
		for j, sentinel := range sentinels {
			if errors.Is(wrapped, sentinel) != (i == j) {
				t.Errorf("%T is %v: %v", err, sentinel, i != j)
			}
		}
		if !strings.HasPrefix(err.Error(), "payment: ") {
			t.Errorf("%T says %q, without the package", err, err)
		}
	}
}

func TestOutcomesKeepTheirCause(t *testing.T) {
	if err := error(&payment.UnknownError{Op: "capture", Err: context.DeadlineExceeded}); !errors.Is(err, context.DeadlineExceeded) {
		t.Error("an unknown outcome hides its cause")
	}
	if err := error(&payment.UnavailableError{Op: "capture", Err: context.Canceled}); !errors.Is(err, context.Canceled) {
		t.Error("an unavailable gateway hides its cause")
	}
}

// A gateway's words go into logs: quoted, so that they cannot forge a line, and cut.
func TestForeignWordsAreTamed(t *testing.T) {
	long := strings.Repeat("नमस्ते\n", 100)
	errs := []error{
		&payment.RefusedError{Op: "capture", Reason: long},
		&payment.NotFoundError{What: "order", ID: long},
	}
	for _, err := range errs {
		text := err.Error()
		if len(text) > 1000 || strings.Contains(text, "\n") || strings.Contains(text, "\uFFFD") {
			t.Errorf("%T says %q", err, text)
		}
	}
}
