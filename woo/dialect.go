package woo

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
)

// dialect remembers that a store speaks WooGraphQL 0.21. That is noticed when a
// query of 1.0 is refused as invalid, once; a store that is updated is noticed
// the same way. Losing it costs a request.
type dialect struct{ old atomic.Bool }

// spoken asks in the words of 1.0 or of 0.21, whichever worked last, and in the
// other ones when the store does not know those.
func (c *Client) spoken(ctx context.Context, ask func(ctx context.Context, old bool) error) error {
	old := c.reader.old.old.Load()
	err := ask(ctx, old)
	if !notInSchema(err) {
		return err
	}
	again := ask(ctx, !old)
	if notInSchema(again) {
		return err
	}
	c.reader.old.old.Store(!old)
	return again
}

// notInSchema reports whether a store refused a query because its schema lacks
// something. webonyx writes these texts, untranslated, before it runs anything.
func notInSchema(err error) bool {
	var failed *Error
	if !errors.As(err, &failed) || failed.Kind != Refused || failed.Field != "" {
		return false
	}
	for _, text := range []string{"Cannot query field ", "is not defined by type ", "Unknown argument ", "Unknown type ", "does not exist in "} {
		if strings.Contains(failed.Message, text) {
			return true
		}
	}
	return false
}
