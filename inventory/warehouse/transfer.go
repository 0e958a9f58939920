package warehouse

import (
	"context"
	"errors"
	"fmt"

	"github.com/ankkor/ankkor/inventory"
)

// ErrUsed says that a transfer's ID is that of other moves in the books.
var ErrUsed = errors.New("warehouse: the id was used for something else")

// Transfer takes pieces from one location to another.
type Transfer struct {
	// ID is the Ref of its moves, and what makes it known again. It has the form of a reservation's id, and must not be that
	// of a checkout.
	ID       string
	From, To inventory.Location
	Lines    []inventory.Line // the same item twice is added up
	// Reason and Actor are for the ledger.
	Reason, Actor string
}

// Moves are what the ledger says of the transfer. They are for one call of inventory.Mover, or for one Commit, and take
// effect all or none: the pieces are claimed at From (so that pieces which an order has are refused, with an
// *inventory.ShortageError), let go, and corrected from there to To. The corrections add up to nothing. A malformed transfer
// is an *inventory.InvalidError.
func (t Transfer) Moves() ([]inventory.Move, error) {
	if t.From == t.To {
		return nil, &inventory.InvalidError{Field: "to", Reason: "is where the pieces are"}
	}
	if err := inventory.CheckID(t.ID); err != nil {
		return nil, err
	}
	if len(t.Lines) == 0 || len(t.Lines) > inventory.MaxLines {
		return nil, &inventory.InvalidError{Field: "lines", Reason: fmt.Sprintf("must be 1 to %d", inventory.MaxLines)}
	}
	there, moved := make([]inventory.Held, len(t.Lines)), make([]inventory.Held, 0, 2*len(t.Lines))
	for i, l := range t.Lines {
		there[i] = inventory.Held{Key: l.Item.At(t.From), Quantity: l.Quantity}
		moved = append(moved, inventory.Held{Key: l.Item.At(t.From), Quantity: -l.Quantity})
		moved = append(moved, inventory.Held{Key: l.Item.At(t.To), Quantity: l.Quantity})
	}
	moves := []inventory.Move{t.move(inventory.Allocate, there), t.move(inventory.ReleaseAllocation, there), t.move(inventory.Correct, moved)}
	for _, m := range moves {
		if err := m.Validate(); err != nil {
			return nil, err
		}
	}
	return moves, nil
}

func (t Transfer) move(kind inventory.MoveKind, lines []inventory.Held) inventory.Move {
	reason := t.Reason
	if reason == "" {
		reason = fmt.Sprintf("transfer from %s to %s", t.From, t.To)
	}
	return inventory.Move{Kind: kind, Ref: t.ID, Lines: lines, Reason: reason, Actor: t.Actor}
}

// Books is the store that decides allocations.
type Books interface {
	inventory.Mover
	inventory.Levels
	inventory.Ledger
}

// Stockroom does transfers. It is safe for concurrent use, but for two calls with one ID at the same time.
type Stockroom struct {
	books    Books
	reserver inventory.Levels
}

// NewStockroom makes one. The reserver is told of the levels that changed; nil if the books keep reservations themselves.
func NewStockroom(books Books, reserver inventory.Levels) *Stockroom {
	return &Stockroom{books: books, reserver: reserver}
}

// Transfer moves the pieces, all or none, and returns the levels of the items afterwards. Pieces that the books know as
// reserved, or that only a backorder budget would cover, are not moved: *inventory.ShortageError. Those of an item that is not
// counted cannot be: *inventory.InvalidError. A reservation that only a Reserver elsewhere knows ends as voided if its pieces
// are gone, as after any cut.
//
// The same transfer again changes nothing, so after an error that leaves the outcome open it is sent again; but one ID is not
// to be sent twice at the same time. An ID that the books have for anything else is ErrUsed. If only the reserver could not
// be told, the levels come with the error, and sending it again tells it.
func (s *Stockroom) Transfer(ctx context.Context, t Transfer) ([]inventory.Level, error) {
	moves, err := t.Moves()
	if err != nil {
		return nil, err
	}
	done, err := s.done(ctx, t)
	if err != nil {
		return nil, err
	}
	if !done {
		if err := s.there(ctx, t); err != nil {
			return nil, err
		}
		if _, err := s.books.Move(ctx, moves...); err != nil {
			return nil, fmt.Errorf("warehouse: transfer %s: %w", t.ID, err)
		}
	}
	levels, err := s.books.Levels(ctx, t.items())
	if err != nil {
		return nil, fmt.Errorf("warehouse: reading stock after transfer %s: %w", t.ID, err)
	}
	if s.reserver != nil {
		if err := s.reserver.SetLevels(ctx, levels); err != nil {
			return levels, fmt.Errorf("warehouse: telling stock after transfer %s: %w", t.ID, err)
		}
	}
	return levels, nil
}

// done looks for the transfer in the books.
func (s *Stockroom) done(ctx context.Context, t Transfer) (bool, error) {
	entries, err := s.books.Entries(ctx, inventory.LedgerQuery{Ref: t.ID})
	if err != nil || len(entries) == 0 {
		return false, err
	}
	moved := map[inventory.Key]int64{}
	for _, l := range t.Lines {
		moved[l.Item.At(t.From)] -= l.Quantity
		moved[l.Item.At(t.To)] += l.Quantity
	}
	for _, e := range entries {
		switch {
		case e.Kind != inventory.Correct:
		case e.To == inventory.AccountAvailable:
			moved[e.Key] -= e.Quantity
		default:
			moved[e.Key] += e.Quantity
		}
	}
	for _, n := range moved {
		if n != 0 {
			return false, fmt.Errorf("%w: %s", ErrUsed, t.ID)
		}
	}
	return true, nil
}

// there checks that nobody has a claim on the pieces, not even a shopper's reservation.
func (s *Stockroom) there(ctx context.Context, t Transfer) error {
	levels, err := s.books.Levels(ctx, t.items())
	if err != nil {
		return fmt.Errorf("warehouse: reading stock: %w", err)
	}
	var here []inventory.Level
	for _, l := range levels {
		if l.Key.Location != t.From {
			continue
		}
		if l.Policy == inventory.Untracked {
			return &inventory.InvalidError{Field: "lines", Reason: "has an item whose stock is not counted"}
		}
		l.BackorderLimit = 0
		here = append(here, l)
	}
	_, err = inventory.Plan(here, t.Lines, []inventory.Location{t.From}, inventory.SplitForbidden)
	return err
}

func (t Transfer) items() []inventory.Item {
	items := make([]inventory.Item, len(t.Lines))
	for i, l := range t.Lines {
		items[i] = l.Item
	}
	return items
}
