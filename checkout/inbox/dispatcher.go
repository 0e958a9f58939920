package inbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Handler acts on a message. It may be called more than once for one message,
// also by two workers at a time when the first overstays its lease, so acting
// must be harmless twice. An error means "later"; one that wraps [ErrGiveUp]
// means "never".
type Handler func(ctx context.Context, m Message) error

// ErrGiveUp, wrapped in a handler's error, makes the message a dead letter at once.
var ErrGiveUp = errors.New("inbox: give up")

// DispatcherConfig says how messages are handed out. Inbox, Source and Handle are
// required.
type DispatcherConfig struct {
	Inbox  Inbox
	Source string
	Handle Handler

	// Group names what a message is about. Of the messages claimed together that
	// share a group, the newest is handled and its outcome counts for all: the
	// tenth "product 12 changed" needs no tenth look. Nil or "" groups nothing.
	Group func(Message) string

	Batch       int           // messages claimed at a time; 0 means 50
	Lease       time.Duration // how long one batch may take; 0 means a minute
	Every       time.Duration // how long Run waits when nothing is due; 0 means a second
	Backoff     time.Duration // the first wait after a failure; doubles up to an hour; 0 means 5 s
	MaxAttempts int           // then a message is given up; 0 means 20

	// GivenUp is told of every dead letter; nil means the log alone.
	GivenUp func(ctx context.Context, m Message, reason string)
	Log     *slog.Logger // nil means slog.Default
}

// Dispatcher hands messages to a handler. Any number may work on one inbox. It is
// safe for concurrent use.
type Dispatcher struct{ c DispatcherConfig }

// NewDispatcher makes a dispatcher. Mistakes in c are reported at once.
func NewDispatcher(c DispatcherConfig) (*Dispatcher, error) {
	var errs []error
	need := func(ok bool, field, reason string) {
		if !ok {
			errs = append(errs, &InvalidError{Field: field, Reason: reason})
		}
	}
	c = c.withDefaults()
	need(c.Inbox != nil, "inbox", "is missing")
	need(c.Handle != nil, "handle", "is missing")
	need(c.Backoff > 0, "backoff", "must be positive")
	need(c.Every > 0, "every", "must be positive")
	need(c.MaxAttempts > 0, "max_attempts", "must be positive")
	errs = append(errs, CheckClaim(c.Source, c.Batch, c.Lease))
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return &Dispatcher{c}, nil
}

func (c DispatcherConfig) withDefaults() DispatcherConfig {
	c.Batch = or(c.Batch, 50)
	c.Lease = or(c.Lease, time.Minute)
	c.Every = or(c.Every, time.Second)
	c.Backoff = or(c.Backoff, 5*time.Second)
	c.MaxAttempts = or(c.MaxAttempts, 20)
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return c
}

func or[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}

// Run dispatches until ctx ends, whose error it returns. A storage that fails is
// logged and asked again.
func (d *Dispatcher) Run(ctx context.Context) error {
	for {
		n, err := d.Dispatch(ctx)
		if err != nil && ctx.Err() == nil {
			d.c.Log.ErrorContext(ctx, "inbox: messages wait", slog.String("source", d.c.Source), slog.Any("error", err))
		}
		if n > 0 && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(d.c.Every):
		}
	}
}

// Dispatch claims one batch, acts on it and says how many messages it finished.
// Zero and no error means that nothing is due.
func (d *Dispatcher) Dispatch(ctx context.Context) (int, error) {
	claims, err := d.c.Inbox.Claim(ctx, d.c.Source, d.c.Batch, d.c.Lease)
	if err != nil {
		return 0, fmt.Errorf("claim messages: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, d.c.Lease)
	defer cancel()
	finished := 0
	var errs []error
	for _, group := range d.groups(claims) {
		if ctx.Err() != nil {
			break // what is left is claimed again after the lease
		}
		n, err := d.act(ctx, group)
		finished += n
		errs = append(errs, err)
	}
	return finished, errors.Join(append(errs, ctx.Err())...)
}

// groups puts together what is about the same thing, in the order of claiming.
func (d *Dispatcher) groups(claims []Claim) [][]Claim {
	var groups [][]Claim
	at := map[string]int{}
	for _, c := range claims {
		name := ""
		if d.c.Group != nil {
			name = d.c.Group(c.Message)
		}
		if i, ok := at[name]; ok && name != "" {
			groups[i] = append(groups[i], c)
			continue
		}
		at[name] = len(groups)
		groups = append(groups, []Claim{c})
	}
	return groups
}

// act handles the newest message of a group and finishes all of it.
func (d *Dispatcher) act(ctx context.Context, group []Claim) (int, error) {
	newest := group[0]
	for _, c := range group {
		if c.ReceivedAt.After(newest.ReceivedAt) {
			newest = c
		}
	}
	failure := d.handle(ctx, newest.Message)
	finished := 0
	var errs []error
	for _, c := range group {
		how := d.outcome(c, failure)
		switch err := d.c.Inbox.Finish(ctx, c, how); {
		case errors.Is(err, ErrLost): // somebody else finishes it
		case err != nil:
			errs = append(errs, fmt.Errorf("finish a message: %w", err))
		default:
			finished++
			d.tell(ctx, c.Message, how)
		}
	}
	return finished, errors.Join(errs...)
}

// handle calls the handler; a panic in it is a failure like any other.
func (d *Dispatcher) handle(ctx context.Context, m Message) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the handler panicked: %v", p)
		}
	}()
	return d.c.Handle(ctx, m)
}

// outcome is what a handler's answer means for a claim.
func (d *Dispatcher) outcome(c Claim, failure error) Outcome {
	switch {
	case failure == nil:
		return Done()
	case errors.Is(failure, ErrGiveUp), c.Attempt >= d.c.MaxAttempts:
		return GiveUp(failure.Error())
	}
	wait := min(d.c.Backoff<<min(c.Attempt-1, 20), time.Hour)
	return Retry(wait, failure.Error())
}

// tell reports what did not go well.
func (d *Dispatcher) tell(ctx context.Context, m Message, how Outcome) {
	switch how.State {
	case GivenUp:
		d.c.Log.ErrorContext(ctx, "inbox: message given up", slog.String("message", m.String()), slog.String("reason", how.Reason))
		if d.c.GivenUp != nil {
			d.c.GivenUp(ctx, m, how.Reason)
		}
	case Retrying:
		d.c.Log.WarnContext(ctx, "inbox: message is tried again", slog.String("message", m.String()),
			slog.Duration("in", how.RetryIn), slog.String("reason", how.Reason))
	case ActedOn:
	}
}
