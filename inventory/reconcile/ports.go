package reconcile

import (
	"context"
	"errors"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

// Sentinels to branch on with errors.Is.
var (
	// ErrConfig is matched by every mistake in a Config.
	ErrConfig = errors.New("reconcile: invalid configuration")
	// ErrNotFound says that there is no such finding or order.
	ErrNotFound = errors.New("reconcile: not found")
	// ErrConflict says that somebody else was quicker: with a cursor, or with a
	// decision.
	ErrConflict = errors.New("reconcile: changed by somebody else")
	// ErrChanged says that the difference is not the one that was decided on. The
	// finding has the new numbers.
	ErrChanged = errors.New("reconcile: the difference has changed; look again")
)

// Books is the store that decides allocations.
type Books interface {
	inventory.Readings
	inventory.Standings
	inventory.Levels
	inventory.Ledger
}

// Kind is what a feed lists.
type Kind string

// The kinds.
const (
	Orders        Kind = "orders"
	TrashedOrders Kind = "trashed_orders" // asked for where Config.OrderSeen is set
	Products      Kind = "products"
	Trashed       Kind = "trashed" // products in the trash
	Variations    Kind = "variations"
)

// Position is a place in what changed, by the store of record's own dates, which
// know seconds.
type Position struct {
	At time.Time `json:"at"`
	// Page counts from 1 among what changed at At or later; 0 means 1.
	Page int `json:"page,omitempty"`
}

// Page is a part of what changed, oldest change first.
type Page struct {
	Items  []inventory.Item
	Orders []Order
	// Next is where to go on. More says that there is something there already.
	Next Position
	More bool
}

// Order is an order as the store of record has it.
type Order struct {
	ID     int64
	Token  string // our own mark on it, empty if it is not ours
	Status string
	Lines  []OrderLine
}

// OrderLine is what was subtracted for one line.
type OrderLine struct {
	Product, Variation int64
	Reduced            int64
}

// Feed lists what changed in the store of record. Errors are those of the
// transport, wrapped; nothing has an effect. Safe for concurrent use.
type Feed interface {
	// Changes returns a page of what changed at from or later. Things that change
	// meanwhile move to the end and are seen again; nothing is skipped but what
	// changes within one second on both sides of a page.
	Changes(ctx context.Context, kind Kind, from Position) (Page, error)
	// Order reads one order now, past every cache. ErrNotFound if there is none.
	Order(ctx context.Context, id int64) (Order, error)
}

// StockWriter writes a number into the store of record, for [Service.Keep]. One that
// is a [StockAdjuster], too, is not asked for this: between reading a number and
// writing one, a sale there is written over.
type StockWriter interface {
	// WriteStock sets the item's stock. The same number again does no harm but to
	// sales in between. An outcome that is not known is an error.
	WriteStock(ctx context.Context, item inventory.Item, quantity int64) error
}

// StockAdjuster is what a StockWriter may be besides: one that corrects the number by
// so many pieces, in a step of the store of record's own.
type StockAdjuster interface {
	// AdjustStock adds pieces, of either sign, to the item's stock and returns the
	// number after it: what was sold there meanwhile stays sold. It sends once. An
	// outcome that is not known is an error, and sending again may count twice.
	AdjustStock(ctx context.Context, item inventory.Item, by int64) (int64, error)
}

// Cursor is how far a kind of work has come.
type Cursor struct {
	Name string `json:"name"`
	// Version counts the saves.
	Version  int64          `json:"version"`
	Position Position       `json:"position"`
	After    inventory.Item `json:"after,omitempty"` // of a sweep
	Seq      int64          `json:"seq,omitempty"`   // of a ledger
	Upto     int64          `json:"upto,omitempty"`  // of a ledger: what is being told of
	Started  time.Time      `json:"started"`
	Finished time.Time      `json:"finished"`
}

// Cursors keeps cursors. Safe for concurrent use by many processes.
type Cursors interface {
	// Cursor returns the cursor of that name; one never saved has Version 0.
	Cursor(ctx context.Context, name string) (Cursor, error)
	// SaveCursor keeps it, durably, if Version is the one that is kept, and returns
	// it with the next; else ErrConflict and nothing is changed.
	SaveCursor(ctx context.Context, c Cursor) (Cursor, error)
}

// Findings keeps what waits for somebody, and what they decided. Safe for
// concurrent use by many processes.
type Findings interface {
	// Record keeps an open finding. If one of the same Item and Kind is open
	// already, its numbers and LastSeen are brought up to date and fresh is false;
	// else it gets an ID of its own.
	Record(ctx context.Context, f Finding) (kept Finding, fresh bool, err error)
	// Findings lists those that match, in the order they were first recorded.
	Findings(ctx context.Context, q FindingQuery) ([]Finding, error)
	// End closes an open finding, once: another call gets the finding as it was
	// closed and ErrConflict. An unknown id is ErrNotFound.
	End(ctx context.Context, id string, how Decision) (Finding, error)
	// Told notes that whoever wants to know was told of these findings, open or not.
	// Noting it twice, or of an unknown id, is no error.
	Told(ctx context.Context, ids ...string) error
}

// Journal is where a Service keeps what has to survive it.
type Journal interface {
	Cursors
	Findings
}
