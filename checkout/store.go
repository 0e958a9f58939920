package checkout

import (
	"context"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

// RefKind says what a Ref refers to.
type RefKind string

// What can be bound to one checkout, and to no other.
const (
	RefGatewayOrder   RefKind = "gateway_order"
	RefPayment        RefKind = "payment"
	RefStoreOrder     RefKind = "store_order"
	RefIdempotencyKey RefKind = "idempotency_key" // Value starts with the owner, so that keys of two owners never meet
	RefOpen           RefKind = "open"            // Value is the owner: one unplaced checkout per owner
)

// Ref is a name by which a checkout can be found again, and which no other checkout may take: a payment id pays for one
// checkout for ever, a WooCommerce order belongs to one checkout.
type Ref struct {
	Kind  RefKind
	Value string
}

// Change is everything one step writes, in one transaction or not at all.
type Change struct {
	// Record is the new content. Its Version is the version it was made from: 0 creates, anything else must be current.
	Record Record
	// Kept promises that the record's Lines, Quote, Billing, Shipping and CustomerNote are those of the version it was made
	// from. They are most of a record and stand still once it was placed: a Store may leave them as they are.
	Kept bool
	// Stock moves in key order. An Allocate that does not fit refuses the whole change.
	Stock []inventory.Move
	// Bind takes references for this checkout; one it holds already is no conflict. Unbind gives back those it holds.
	Bind, Unbind []Ref
	// Outbox holds events to publish once the change is durable.
	Outbox []Event
}

// Committed is what a Commit left behind.
type Committed struct {
	Record Record            // with its new Version
	Levels []inventory.Level // of every key the change moved
}

// Claimed is a checkout handed to one worker for the length of a lease.
type Claimed struct {
	ID    ID
	DueAt time.Time
}

// Store keeps checkouts. It is where stock claims and money facts become true, so its one write is a transaction.
//
// Implementations are safe for concurrent use by many processes. Records handed out and taken in are copies: the caller
// may change them. A call whose context is done already has no effect and returns an error that wraps ctx.Err.
type Store interface {
	// Load returns the record, or ErrNotFound.
	Load(ctx context.Context, id ID) (Record, error)
	// Find returns the checkout a reference is bound to, or ErrNotFound.
	Find(ctx context.Context, ref Ref) (ID, error)
	// Commit applies the change: record, stock moves and their ledger entries, references, outbox; all or nothing. A stale
	// Version is ErrConflict; a reference held elsewhere a *BoundError; stock that does not suffice an
	// *inventory.ShortageError. An error that is none of these leaves the outcome unknown: load again to learn it.
	Commit(ctx context.Context, c Change) (Committed, error)
	// Due claims up to limit checkouts whose DueAt has come, oldest first, and hides each from other callers until the
	// lease ends or its next Commit. The clock is the store's.
	Due(ctx context.Context, limit int, lease time.Duration) ([]Claimed, error)
}

// Outbox is the optional interface of a Store that keeps the events of its changes. Service.RelayOutbox uses it.
type Outbox interface {
	// Pending returns up to limit events not yet acknowledged, oldest first, in order within one checkout.
	Pending(ctx context.Context, limit int) ([]Event, error)
	// Acknowledge forgets published events. Acknowledging twice is no error.
	Acknowledge(ctx context.Context, ids ...string) error
}
