package inventory

import (
	"context"
	"time"
)

// Entry is one line of the ledger: Quantity pieces of Key left From and arrived
// at To. Entries are never changed and never removed; a mistake is put right by
// another entry.
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
	// Limit is the most entries to return; zero means DefaultLedgerLimit, more
	// than MaxLedgerLimit is refused.
	Limit int
}

// Bounds of [LedgerQuery].
const (
	DefaultLedgerLimit = 1000
	MaxLedgerLimit     = 10_000
)

// Ledger answers "what happened to this unit" and "what did this checkout do".
type Ledger interface {
	// Entries returns the entries that match, oldest first. To read on, ask
	// again with After set to the last Seq; fewer than Limit means the end.
	// Safe for concurrent use.
	Entries(ctx context.Context, q LedgerQuery) ([]Entry, error)
}
