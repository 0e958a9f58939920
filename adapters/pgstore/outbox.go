package pgstore

import (
	"context"
	"database/sql"

	"github.com/ankkor/ankkor/checkout"
)

// Pending implements [checkout.Outbox]. Commits of one checkout follow one another, and so do the numbers of its events.
func (s *Store) Pending(ctx context.Context, limit int) ([]checkout.Event, error) {
	const statement = `SELECT id, kind, checkout, sequence, at, data FROM {schema}.outbox ORDER BY seq LIMIT $1`
	return list(ctx, s, "reading the outbox", scanEvent, statement, max(limit, 0))
}

func scanEvent(rows *sql.Rows) (e checkout.Event, err error) {
	err = rows.Scan(&e.ID, &e.Kind, &e.Checkout, &e.Sequence, &e.At, &e.Data)
	e.At = e.At.UTC()
	return e, err
}

// Acknowledge implements [checkout.Outbox].
func (s *Store) Acknowledge(ctx context.Context, ids ...string) error {
	known := make([]string, 0, len(ids))
	for _, id := range ids {
		if storable(id) {
			known = append(known, id)
		}
	}
	return s.transact(ctx, "acknowledging events", func(tx *sql.Tx) error {
		const statement = `DELETE FROM {schema}.outbox WHERE id = ANY ($1::text[])`
		_, err := tx.ExecContext(ctx, s.sql(statement), known)
		return err
	})
}
