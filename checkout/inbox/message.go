package inbox

import (
	"errors"
	"fmt"
	"time"
	"unicode/utf8"
)

// Limits of a message.
const (
	MaxName = 200     // bytes of Source, Topic and Key
	MaxBody = 4 << 20 // bytes of Body
)

// KeptFor is how long an inbox at least remembers the key of a message that was
// acted on.
const KeptFor = 30 * 24 * time.Hour

// Message is something an outside system told us, verified by who received it.
type Message struct {
	// Source names the system and, where there are several, which one:
	// "woocommerce", "razorpay".
	Source string
	// Key identifies the message within its source. It is made from the signed
	// content.
	Key string
	// Topic is the sender's word for what it is about. It may be unsigned: a hint.
	Topic string
	// Body is the signed content, as it came. It may hold personal data.
	Body []byte
	// ReceivedAt is the receiver's time.
	ReceivedAt time.Time
}

// String shows what a message is, never what is in it.
func (m Message) String() string {
	return fmt.Sprintf("%s %s (%d bytes)", m.Source, m.Topic, len(m.Body))
}

// GoString is String, so that %#v does not show the body either.
func (m Message) GoString() string { return "inbox.Message(" + m.String() + ")" }

// Sentinels to branch on with errors.Is.
var (
	// ErrInvalid is matched by an *InvalidError.
	ErrInvalid = errors.New("inbox: invalid")
	// ErrLost says that a claim has ended: its lease ran out and somebody else
	// took the message, or it is finished.
	ErrLost = errors.New("inbox: claim lost")
	// ErrNotFound says that there is no such dead letter.
	ErrNotFound = errors.New("inbox: not found")
)

// InvalidError names what was wrong with an argument, never its value.
type InvalidError struct {
	Field  string
	Reason string
}

// Error implements error.
func (e *InvalidError) Error() string { return "inbox: " + e.Field + " " + e.Reason }

// Is makes errors.Is(err, ErrInvalid) true.
func (e *InvalidError) Is(target error) bool { return target == ErrInvalid }

// Validate reports what keeps a message from being stored, as an *InvalidError.
// Every inbox calls it in Put.
func (m Message) Validate() error {
	for _, f := range []struct {
		field, value string
		needed       bool
	}{{"source", m.Source, true}, {"key", m.Key, true}, {"topic", m.Topic, false}} {
		if err := checkName(f.field, f.value, f.needed); err != nil {
			return err
		}
	}
	switch {
	case len(m.Body) > MaxBody:
		return &InvalidError{Field: "body", Reason: fmt.Sprintf("is longer than %d bytes", MaxBody)}
	case m.ReceivedAt.IsZero():
		return &InvalidError{Field: "received_at", Reason: "is missing"}
	}
	return nil
}

func checkName(field, value string, needed bool) error {
	switch {
	case value == "" && needed:
		return &InvalidError{Field: field, Reason: "is empty"}
	case len(value) > MaxName:
		return &InvalidError{Field: field, Reason: fmt.Sprintf("is longer than %d bytes", MaxName)}
	case !utf8.ValidString(value):
		return &InvalidError{Field: field, Reason: "is not UTF-8"}
	}
	for _, r := range value {
		if r < ' ' || r == 0x7f {
			return &InvalidError{Field: field, Reason: "has a control character"}
		}
	}
	return nil
}
