package pgstore

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/ankkor/ankkor/inventory"
)

// Receive books goods in at a key, which may be new.
func (s *Store) Receive(ctx context.Context, key inventory.Key, quantity int64) error {
	_, err := s.Move(ctx, inventory.Move{Kind: inventory.Receive, Lines: []inventory.Held{{Key: key, Quantity: quantity}}})
	return err
}

// Move implements [inventory.Mover]. Callers that move one key at the same time share a transaction: each move counts, or
// is refused, for itself, and has its own ledger entries.
func (s *Store) Move(ctx context.Context, moves ...inventory.Move) ([]inventory.Level, error) {
	m := &move{moves: moves, touch: touchedBy(moves)}
	// What is malformed is refused before anybody waits for it.
	for i, one := range moves {
		if err := one.Validate(); err != nil {
			_, _, err = inventory.ApplyAll(nil, moves[i:i+1])
			return nil, err
		}
	}
	if _, err := s.travel.do(ctx, m); err != nil {
		return nil, err
	}
	return m.levels, nil
}

// move is a change of stock that belongs to no checkout.
type move struct {
	moves  []inventory.Move
	touch  touched
	levels []inventory.Level
}

func (m *move) touches() touched { return m.touch }

func (m *move) decide(ctx context.Context, d *desk) (err error) {
	m.levels, err = d.apply(ctx, m.touch.keys, m.moves)
	return err
}

func touchedBy(moves []inventory.Move) touched {
	var t touched
	for _, m := range moves {
		for _, h := range m.Lines {
			t.keys = append(t.keys, h.Key)
		}
		if m.Reservation != "" {
			t.reservations = append(t.reservations, m.Reservation)
		}
		switch m.Kind {
		case inventory.Adjust, inventory.Correct, inventory.Confirm:
			t.cuts = true
		}
	}
	t.names = reservationNames(t.reservations)
	return t
}

// SetLevels implements [inventory.Levels]. Since this Store keeps the ledger too, what differs is posted there: as
// received for a key that is new, else as a correction.
func (s *Store) SetLevels(ctx context.Context, levels []inventory.Level) error {
	levels, err := inventory.CheckLevels(levels)
	if err != nil {
		return err
	}
	_, err = s.travel.do(ctx, &tell{levels})
	return err
}

// tell is levels as the store of record has them.
type tell struct{ levels []inventory.Level }

func (t *tell) touches() touched {
	touched := touched{cuts: true}
	for _, l := range t.levels {
		touched.keys = append(touched.keys, l.Key)
	}
	return touched
}

func (t *tell) decide(ctx context.Context, d *desk) error {
	for _, told := range t.levels {
		old, known := d.levels[told.Key]
		if known && told.Revision <= old.Revision {
			continue
		}
		told.Reserved, told.Sold, told.Shipped = old.Reserved, old.Sold, old.Shipped
		d.post(differences(old, told, known)...)
		d.put(ctx, told)
		d.cut[told.Key] = true
	}
	return nil
}

// differences are the entries that take a level to what it is told to be.
func differences(old, told inventory.Level, known bool) []inventory.Entry {
	kind, source := inventory.Correct, inventory.AccountAdjustment
	if !known {
		kind, source = inventory.Receive, inventory.AccountSupplier
	}
	var entries []inventory.Entry
	for _, d := range []struct {
		account inventory.Account
		grew    int64
	}{
		{inventory.AccountAvailable, (told.OnHand - told.Allocated) - (old.OnHand - old.Allocated)},
		{inventory.AccountAllocated, told.Allocated - old.Allocated},
	} {
		e := inventory.Entry{Key: told.Key, Kind: kind, From: source, To: d.account, Quantity: d.grew, Reason: "levels set"}
		if d.grew < 0 {
			e.From, e.To, e.Quantity = e.To, e.From, -d.grew
		}
		if d.grew != 0 {
			entries = append(entries, e)
		}
	}
	if e, changed := inventory.Repolicied(old, told, "levels set", ""); changed {
		entries = append(entries, e)
	}
	return entries
}

// Levels implements [inventory.Levels]. It takes no locks.
func (s *Store) Levels(ctx context.Context, items []inventory.Item) ([]inventory.Level, error) {
	items, err := inventory.CheckItems(items)
	if err != nil {
		return nil, err
	}
	const statement = `SELECT s.item, s.location, s.on_hand, s.allocated, s.sold, s.shipped, s.policy, s.backorder_limit, s.revision,
		(SELECT coalesce(sum(h.quantity), 0)::bigint FROM {schema}.holds h
		 WHERE h.item = s.item AND h.location = s.location AND h.expires_at > c.now) AS reserved
		FROM (SELECT {schema}.clock() AS now OFFSET 0) c, {schema}.stock s
		WHERE s.item = ANY ($1::text[]) ORDER BY s.item, s.location`
	return list(ctx, s, "levels", scanLevel, statement, names(items))
}

func scanLevel(rows *sql.Rows) (l inventory.Level, err error) {
	err = rows.Scan(&l.Key.Item, &l.Key.Location, &l.OnHand, &l.Allocated, &l.Sold, &l.Shipped, &l.Policy, &l.BackorderLimit,
		&l.Revision, &l.Reserved)
	return l, err
}

// list reads rows outside of any transaction.
func list[T any](ctx context.Context, s *Store, what string, scan func(*sql.Rows) (T, error), statement string, args ...any) ([]T, error) {
	rows, err := s.db.QueryContext(ctx, s.sql(statement), args...)
	if err != nil {
		return nil, failed(ctx, what, err)
	}
	return collect(ctx, what, rows, scan)
}

func collect[T any](ctx context.Context, what string, rows *sql.Rows, scan func(*sql.Rows) (T, error)) ([]T, error) {
	defer rows.Close()
	var found []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, failed(ctx, what, err)
		}
		found = append(found, one)
	}
	if err := rows.Err(); err != nil {
		return nil, failed(ctx, what, err)
	}
	return found, nil
}

// failed says what was being done, and that the context ended if it did: drivers report that in words of their own.
func failed(ctx context.Context, what string, err error) error {
	if over := ctx.Err(); over != nil {
		return fmt.Errorf("pgstore: %s: %w: %w", what, over, err)
	}
	return fmt.Errorf("pgstore: %s: %w", what, err)
}
