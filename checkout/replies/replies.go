package replies

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"
)

// Limits of a request and its reply.
const (
	MaxName  = 512     // bytes of Scope, Key, About and Fingerprint
	MaxBody  = 1 << 20 // bytes of Reply.Body
	MaxLease = time.Hour
)

// KeptFor is how long a reply is kept, and its key bound to the request it came with.
const KeptFor = 30 * 24 * time.Hour

// Sentinels to branch on with errors.Is.
var (
	// ErrReused says that the key came with another request before.
	ErrReused = errors.New("replies: the key was used for another request")
	// ErrBusy says that the same request is being worked on.
	ErrBusy = errors.New("replies: the request is being worked on")
	// ErrLost says that a claim has ended, because its lease ran out and another copy was let in.
	ErrLost = errors.New("replies: claim lost")
	// ErrInvalid is matched by an *InvalidError.
	ErrInvalid = errors.New("replies: invalid")
)

// InvalidError names what was wrong with an argument, never its value.
type InvalidError struct{ Field, Reason string }

// Error implements error.
func (e *InvalidError) Error() string { return "replies: " + e.Field + " " + e.Reason }

// Is makes errors.Is(err, ErrInvalid) true.
func (e *InvalidError) Is(target error) bool { return target == ErrInvalid }

// Request is a request as far as its copies have to be told from others.
type Request struct {
	Scope       string // whose keys these are: keys of two scopes never meet
	Key         string // the client's
	Fingerprint string // of what was asked; a copy has the same
	About       string // what the reply may hold personal data of, such as a checkout's id; may be empty
}

// Reply is an answer.
type Reply struct {
	Status int
	Body   []byte
}

// String shows what an answer is, never what is in it.
func (r Reply) String() string { return fmt.Sprintf("%d (%d bytes)", r.Status, len(r.Body)) }

// GoString is String, so that %#v does not show the body either.
func (r Reply) GoString() string { return "replies.Reply(" + r.String() + ")" }

// Claim is the right to work on a request until its lease ends.
type Claim struct {
	Scope, Key string
	Token      string // tells this claim from others of the same key
}

// Store keeps replies. Implementations are safe for concurrent use by many processes, and go by their own clock. Errors
// other than those named are the storage's, wrapped, and leave the outcome unknown; every call may then be made again.
type Store interface {
	// Begin answers with the reply that is kept for the request, or with a claim on it until the lease is over: one of the
	// two. The key with another fingerprint is ErrReused, whether the earlier request is answered or still being worked
	// on; the same request under somebody's claim is ErrBusy. A request that fails Validate, and a lease that is not
	// a second to MaxLease, is an *InvalidError.
	Begin(ctx context.Context, r Request, lease time.Duration) (*Reply, Claim, error)
	// Keep ends a claim with the reply that copies get for KeptFor from now. The same Keep again is no error. ErrLost if
	// the claim is another's by now; a body longer than MaxBody is an *InvalidError.
	Keep(ctx context.Context, c Claim, r Reply) error
	// Drop ends a claim and forgets the key. A claim that has ended is no error, and nothing is changed then.
	Drop(ctx context.Context, c Claim) error
}

// Eraser is the optional interface of a Store that can forget replies before their time.
type Eraser interface {
	// EraseAbout forgets the replies about something. Their keys are forgotten with them.
	EraseAbout(ctx context.Context, about string) error
}

// Validate reports what keeps a request from being known again, as an *InvalidError. Every store calls it in Begin.
func (r Request) Validate() error {
	for _, f := range []struct {
		name, value string
		needed      bool
	}{{"scope", r.Scope, true}, {"key", r.Key, true}, {"fingerprint", r.Fingerprint, true}, {"about", r.About, false}} {
		if err := checkName(f.name, f.value, f.needed); err != nil {
			return err
		}
	}
	return nil
}

func checkName(field, value string, needed bool) error {
	switch {
	case value == "" && needed:
		return &InvalidError{field, "is empty"}
	case len(value) > MaxName:
		return &InvalidError{field, fmt.Sprintf("is longer than %d bytes", MaxName)}
	case !utf8.ValidString(value):
		return &InvalidError{field, "is not UTF-8"}
	}
	for _, r := range value {
		if r < ' ' || r == 0x7f {
			return &InvalidError{field, "has a control character"}
		}
	}
	return nil
}

// CheckLease reports a lease that makes no sense, as an *InvalidError. Every store calls it in Begin.
func CheckLease(d time.Duration) error {
	if d < time.Second || d > MaxLease {
		return &InvalidError{"lease", "is not a second to an hour"}
	}
	return nil
}

// Validate reports what keeps a reply from being kept, as an *InvalidError. Every store calls it in Keep.
func (r Reply) Validate() error {
	switch {
	case r.Status < 200 || r.Status > 599:
		return &InvalidError{"status", "is not one of HTTP"}
	case len(r.Body) > MaxBody:
		return &InvalidError{"body", fmt.Sprintf("is longer than %d bytes", MaxBody)}
	}
	return nil
}
