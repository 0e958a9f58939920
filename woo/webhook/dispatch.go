package webhook

import (
	"context"
	"fmt"
	"strconv"

	"github.com/ankkor/ankkor/checkout/inbox"
)

// NewDispatcher hands out what a Receiver stored: read says what to read again,
// and an error from it means later. c.Handle and c.Group are set here; c.Source
// is "woocommerce" unless the receiver's was another. Changes of one thing that
// are claimed together are one call. A message that names nothing becomes a dead
// letter.
func NewDispatcher(c inbox.DispatcherConfig, read func(context.Context, Change) error) (*inbox.Dispatcher, error) {
	if read == nil {
		return nil, &inbox.InvalidError{Field: "read", Reason: "is missing"}
	}
	if c.Source == "" {
		c.Source = Source
	}
	c.Group = group
	c.Handle = func(ctx context.Context, m inbox.Message) error {
		change, err := ChangeOf(m)
		if err != nil {
			return fmt.Errorf("%w: %w", err, inbox.ErrGiveUp)
		}
		return read(ctx, change)
	}
	return inbox.NewDispatcher(c)
}

// group names what a message is about. What cannot be told stays by itself.
func group(m inbox.Message) string {
	c, err := ChangeOf(m)
	if err != nil {
		return ""
	}
	return string(c.Resource) + "/" + strconv.FormatInt(c.ID, 10)
}
