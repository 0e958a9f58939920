package rest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo"
)

// ErrIgnored says that the store answered with success and changed nothing of
// what was asked. The facts are in *IgnoredError.
var ErrIgnored = errors.New("rest: ignored by the store")

// IgnoredError is a part of a write that the store's answer shows no trace of.
type IgnoredError struct {
	ID     int64
	Field  string
	Reason string
}

// Error implements error.
func (e *IgnoredError) Error() string {
	return fmt.Sprintf("rest: %s of %d was ignored: %s", e.Field, e.ID, e.Reason)
}

// Is makes errors.Is(err, ErrIgnored) true.
func (e *IgnoredError) Is(target error) bool { return target == ErrIgnored }

// ItemError is one item of a batch that the store refused. The others are not
// touched by it.
type ItemError struct {
	ID      int64 // 0 for one that was to be created
	Code    string
	Message string
}

// Error implements error.
func (e *ItemError) Error() string {
	return fmt.Sprintf("rest: item %d refused (%s): %s", e.ID, e.Code, e.Message)
}

// Unwrap makes it woo.ErrNotFound or woo.ErrRefused.
func (e *ItemError) Unwrap() error {
	if strings.HasSuffix(e.Code, "_invalid_id") {
		return woo.ErrNotFound
	}
	return woo.ErrRefused
}

// choice is one of a few words that the store knows.
type choice struct {
	field string
	value *string
	words []string
}

// checkChoices wants each value, where there is one, to be one of its words.
func checkChoices(choices ...choice) error {
	for _, c := range choices {
		if c.value != nil && !slices.Contains(c.words, *c.value) {
			return invalid(c.field, "must be one of "+strings.Join(c.words, ", "))
		}
	}
	return nil
}

func invalid(field, reason string) error { return &woo.InvalidError{Field: field, Reason: reason} }

// checkAmounts refuses amounts that no store could keep, or none where one is
// needed.
func checkAmounts(amounts map[string]*Amount) error {
	for field, a := range amounts {
		if a == nil {
			continue
		}
		if err := a.check(field); err != nil {
			return err
		}
		if a.Valid && a.Decimal.IsNegative() {
			return invalid(field, "must not be negative")
		}
	}
	return nil
}
