package pgstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reconcile"
)

var _ reconcile.Journal = (*Journal)(nil)

// Journal keeps beside the stock what a reconciliation has to remember. It is safe for concurrent use by many processes.
type Journal struct{ store *Store }

// Journal is the same database as the journal of a reconciliation.
func (s *Store) Journal() *Journal { return &Journal{s} }

const cursorColumns = `version, position_at, page, after_item, seq, upto, started, finished`

// Cursor implements [reconcile.Cursors].
func (j *Journal) Cursor(ctx context.Context, name string) (reconcile.Cursor, error) {
	c := reconcile.Cursor{Name: name}
	if !storable(name) {
		return c, &inventory.InvalidError{Field: "name", Reason: "must be text without NUL"}
	}
	const statement = `SELECT ` + cursorColumns + ` FROM {schema}.cursors WHERE name = $1`
	var at, started, finished sql.NullTime
	err := j.store.db.QueryRowContext(ctx, j.store.sql(statement), name).
		Scan(&c.Version, &at, &c.Position.Page, &c.After, &c.Seq, &c.Upto, &started, &finished)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return c, nil
	case err != nil:
		return reconcile.Cursor{}, failed(ctx, "reading a cursor", err)
	}
	c.Position.At, c.Started, c.Finished = instant(at), instant(started), instant(finished)
	return c, nil
}

// instant is a time as it was given, zero for none.
func instant(t sql.NullTime) time.Time {
	if !t.Valid {
		return time.Time{}
	}
	return t.Time.UTC()
}

func orNull(t time.Time) sql.NullTime { return sql.NullTime{Time: t, Valid: !t.IsZero()} }

// SaveCursor implements [reconcile.Cursors]. Times are kept to the microsecond.
func (j *Journal) SaveCursor(ctx context.Context, c reconcile.Cursor) (reconcile.Cursor, error) {
	if !storable(c.Name) || !storable(string(c.After)) {
		return reconcile.Cursor{}, &inventory.InvalidError{Field: "name", Reason: "must be text without NUL"}
	}
	err := j.store.transact(ctx, "saving a cursor", func(tx *sql.Tx) error {
		statement := `UPDATE {schema}.cursors SET version = version + 1, position_at = $3, page = $4, after_item = $5, seq = $6,
			upto = $7, started = $8, finished = $9 WHERE name = $1 AND version = $2::bigint`
		if c.Version == 0 {
			statement = `INSERT INTO {schema}.cursors (name, ` + cursorColumns + `)
				VALUES ($1, $2::bigint + 1, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`
		}
		done, err := tx.ExecContext(ctx, j.store.sql(statement), c.Name, c.Version, orNull(c.Position.At), c.Position.Page,
			string(c.After), c.Seq, c.Upto, orNull(c.Started), orNull(c.Finished))
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 1 {
			return err
		}
		return domainError{fmt.Errorf("%w: cursor %s", reconcile.ErrConflict, c.Name)}
	})
	if err != nil {
		return reconcile.Cursor{}, err
	}
	c.Version++
	return c, nil
}
