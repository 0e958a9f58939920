// Package secret holds a value that must never be printed: an API key, a
// signing key, a password.
//
// Redacting at the log line is not enough. A LogValue method is honoured for a
// direct slog attribute only, a String method is skipped for an unexported
// field, and deep printers walk pointers. So a [Secret] keeps its text where
// no reflection reaches it, inside a closure, and answers every formatter and
// encoder with [Redacted] besides. The one way to the text is [Secret.Reveal].
package secret

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// Redacted is what every formatter and text encoder shows instead of a secret.
const Redacted = "[redacted]"

// ErrEncode is returned where an encoder asks for a form that is meant to be
// read back. A redacted secret would be read back as a wrong one.
var ErrEncode = errors.New("secret: a secret is not encoded: keep it out of what is stored or sent")

// A Secret is a text that does not print. The zero value is the empty secret.
// It is immutable, safe for concurrent use and, on purpose, not comparable
// with ==: use [Secret.Equal], which takes the same time wherever two secrets
// of one length differ.
type Secret struct {
	reveal func() string
}

// New hides text.
func New(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{reveal: func() string { return text }}
}

// Reveal returns the text. What is done with it is the caller's responsibility.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// IsZero reports whether the secret is empty.
func (s Secret) IsZero() bool { return s.reveal == nil }

// Len is the length of the text in bytes.
func (s Secret) Len() int { return len(s.Reveal()) }

// Equal compares in constant time for secrets of one length.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other.Reveal())) == 1
}

// String returns [Redacted].
func (Secret) String() string { return Redacted }

// GoString returns [Redacted].
func (Secret) GoString() string { return Redacted }

// Format writes [Redacted] for every verb and flag.
func (Secret) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, Redacted)
}

// LogValue returns [Redacted].
func (Secret) LogValue() slog.Value { return slog.StringValue(Redacted) }

// MarshalText returns [Redacted]; encoding/xml and most others use it.
func (Secret) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// MarshalJSON returns [Redacted] as a JSON string.
func (Secret) MarshalJSON() ([]byte, error) { return json.Marshal(Redacted) }

// GobEncode fails with [ErrEncode].
func (Secret) GobEncode() ([]byte, error) { return nil, ErrEncode }
