package auth

import (
	"fmt"
	"strings"
)

// Kind says how well an identity is known.
type Kind string

// The kinds of identities.
const (
	Guest    Kind = "guest"    // a browser that holds a cookie
	Customer Kind = "customer" // an account that was signed in to
)

// MaxSubject is the longest subject, in bytes.
const MaxSubject = 128

// Identity is who is asking. The zero value is nobody and owns nothing. Identities are comparable with ==.
type Identity struct {
	Kind Kind
	// Subject names one guest or one customer: visible ASCII characters, at most [MaxSubject] of them.
	Subject string
}

// NewCustomer is the identity of a customer whom the host has authenticated, by a name that never changes: the account's
// id, not its e-mail address. The error is an [*InvalidError] of the field "subject".
func NewCustomer(subject string) (Identity, error) {
	id := Identity{Kind: Customer, Subject: subject}
	return id, id.validate()
}

// Owner is the identity's name as an owner of carts and checkouts: "guest:…" or "customer:…". Nobody's is empty, which
// those refuse.
func (i Identity) Owner() string {
	if i.IsZero() {
		return ""
	}
	return string(i.Kind) + ":" + i.Subject
}

// IsZero reports whether the identity is nobody.
func (i Identity) IsZero() bool { return i.Kind == "" || i.Subject == "" }

// ParseOwner reads what [Identity.Owner] writes. The error is an [*InvalidError].
func ParseOwner(owner string) (Identity, error) {
	kind, subject, _ := strings.Cut(owner, ":")
	id := Identity{Kind: Kind(kind), Subject: subject}
	if id.Kind != Guest && id.Kind != Customer {
		return Identity{}, &InvalidError{Field: "owner", Reason: "is neither a guest nor a customer"}
	}
	if err := id.validate(); err != nil {
		return Identity{}, err
	}
	return id, nil
}

func (i Identity) validate() error {
	switch {
	case i.Subject == "":
		return &InvalidError{Field: "subject", Reason: "is empty"}
	case len(i.Subject) > MaxSubject:
		return &InvalidError{Field: "subject", Reason: fmt.Sprintf("is longer than %d bytes", MaxSubject)}
	case strings.ContainsFunc(i.Subject, func(r rune) bool { return r <= ' ' || r > '~' }):
		return &InvalidError{Field: "subject", Reason: "holds something else than visible ASCII characters"}
	}
	return nil
}
