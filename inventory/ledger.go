package inventory

import (
	"context"
	"fmt"
	"time"
)

// Entry is one line of the ledger: Quantity pieces of Key left From and arrived
// at To. Entries are never changed and never removed; a mistake is put right by
// another entry. One kind moves nothing: see [Repolicy].
type Entry struct {
	// Seq orders the entries of one ledger: later ones have higher numbers.
	Seq int64     `json:"seq"`
	At  time.Time `json:"at"`
	Key Key       `json:"key"`

	Kind     MoveKind `json:"kind"`
	From     Account  `json:"from"`
	To       Account  `json:"to"`
	Quantity int64    `json:"quantity"`

	Ref    string `json:"ref"`
	Reason string `json:"reason,omitempty"`
	Actor  string `json:"actor,omitempty"`
}

// LedgerQuery selects entries. Empty fields select everything.
type LedgerQuery struct {
	Item Item
	Ref  string
	// After is the Seq of the last entry already seen.
	After int64
	// Since leaves out what was entered before, by the ledger's clock.
	Since time.Time
	// Limit is the most entries to return; zero means DefaultLedgerLimit, more
	// than MaxLedgerLimit is refused.
	Limit int
}

// Bounds of [LedgerQuery].
const (
	DefaultLedgerLimit = 1000
	MaxLedgerLimit     = 10_000
)

// Normalize is how every [Ledger] reads a query: checked, and with the default
// Limit filled in. The error is an *InvalidError.
func (q LedgerQuery) Normalize() (LedgerQuery, error) {
	if q.Item != "" {
		if reason := itemFault(string(q.Item)); reason != "" {
			return q, &InvalidError{Field: "item", Reason: reason}
		}
	}
	if q.Ref != "" {
		if reason := idFault(q.Ref); reason != "" {
			return q, &InvalidError{Field: "ref", Reason: reason}
		}
	}
	if q.After < 0 {
		return q, &InvalidError{Field: "after", Reason: "is negative"}
	}
	if q.Limit < 0 || q.Limit > MaxLedgerLimit {
		return q, &InvalidError{Field: "limit", Reason: fmt.Sprintf("must be 0 to %d", MaxLedgerLimit)}
	}
	if q.Limit == 0 {
		q.Limit = DefaultLedgerLimit
	}
	return q, nil
}

// Matches says whether the query selects the entry, Limit aside.
func (q LedgerQuery) Matches(e Entry) bool {
	return e.Seq > q.After && !e.At.Before(q.Since) && (q.Item == "" || e.Key.Item == q.Item) && (q.Ref == "" || e.Ref == q.Ref)
}

// Ledger answers "what happened to this unit" and "what did this checkout do".
type Ledger interface {
	// Entries returns the entries that match, oldest first. To read on, ask
	// again with After set to the last Seq; fewer than Limit means the end.
	// Safe for concurrent use.
	Entries(ctx context.Context, q LedgerQuery) ([]Entry, error)
}
