package inbox

import (
	"context"
	"time"
)

// Claim is a message that one worker may act on until its lease ends.
type Claim struct {
	Message
	// Attempt counts the claims of this message, from 1.
	Attempt int
	// Token tells this claim from an earlier one of the same message.
	Token string
}

// Inbox keeps messages. Implementations are safe for concurrent use by many
// processes. Errors other than the ones named are the storage's, wrapped; Put and
// Finish may then have taken effect, and both may simply be called again.
type Inbox interface {
	// Put stores a message, durably before it returns. fresh is false when one
	// with the same Source and Key is there already, waiting, dead or acted on
	// within [KeptFor]: nothing is changed then. A message that fails Validate is
	// an *InvalidError. The message's bytes are not kept by reference.
	Put(ctx context.Context, m Message) (fresh bool, err error)

	// Claim takes up to limit messages of the source that wait and are due, the
	// longest waiting first, and gives nobody else any of them until the lease is
	// over by the inbox's own clock. None is an empty slice. Limit is 1 to 1000,
	// the lease a second to an hour; anything else is an *InvalidError.
	Claim(ctx context.Context, source string, limit int, lease time.Duration) ([]Claim, error)

	// Finish ends a claim. After Done the body is gone and the key remains. The
	// same Finish again is no error. ErrLost means that the claim had ended and
	// the message is somebody else's; nothing is changed.
	Finish(ctx context.Context, c Claim, how Outcome) error
}

// Letter is a message that was given up.
type Letter struct {
	Message
	Attempts int
	Reason   string // of the last failure
}

// DeadLetters is what an Inbox may offer to operators besides.
type DeadLetters interface {
	// Dead lists messages of a source that were given up, oldest first, at most
	// limit (1 to 1000).
	Dead(ctx context.Context, source string, limit int) ([]Letter, error)
	// Requeue lets a dead message be claimed again, as if it had just arrived. One
	// that is not dead is ErrNotFound.
	Requeue(ctx context.Context, source, key string) error
}

// Outcome says what became of a claimed message.
type Outcome struct {
	State   State
	RetryIn time.Duration // for Retrying, from now
	Reason  string        // for Retrying and GivenUp
}

// State is what an Outcome leaves a message in.
type State string

// The states.
const (
	ActedOn  State = "acted_on"
	Retrying State = "retrying"
	GivenUp  State = "given_up"
)

// Done says that the message was acted on.
func Done() Outcome { return Outcome{State: ActedOn} }

// Retry says that it is to be claimed again, no sooner than after a while.
func Retry(in time.Duration, reason string) Outcome {
	return Outcome{State: Retrying, RetryIn: max(in, 0), Reason: reason}
}

// GiveUp says that it becomes a dead letter.
func GiveUp(reason string) Outcome { return Outcome{State: GivenUp, Reason: reason} }

// CheckClaim reports arguments of Claim that make no sense, as an *InvalidError.
// Every inbox calls it.
func CheckClaim(source string, limit int, lease time.Duration) error {
	if err := checkName("source", source, true); err != nil {
		return err
	}
	switch {
	case limit < 1 || limit > 1000:
		return &InvalidError{Field: "limit", Reason: "must be 1 to 1000"}
	case lease < time.Second || lease > time.Hour:
		return &InvalidError{Field: "lease", Reason: "must be a second to an hour"}
	}
	return nil
}
