package pgstore

import (
	"context"
	"database/sql"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

var _ checkout.Marks = (*Marks)(nil)

// Marks remember for all replicas what was done. They are safe for concurrent use, and forgotten some time after they
// need not be kept any more, by the database's clock.
type Marks struct{ store *Store }

// Marks is the same database as marks.
func (s *Store) Marks() *Marks { return &Marks{s} }

// maxKey bounds the names that others choose; an index row has to hold them.
const maxKey = 1000

func checkKey(field, key string) error {
	if key == "" || len(key) > maxKey || !storable(key) {
		return &inventory.InvalidError{Field: field, Reason: "must be 1 to 1000 bytes of text without NUL"}
	}
	return nil
}

// Mark implements [checkout.Marks].
func (m *Marks) Mark(ctx context.Context, key string, until time.Time) (first bool, err error) {
	if err := checkKey("key", key); err != nil {
		return false, err
	}
	err = m.store.transact(ctx, "marking", func(tx *sql.Tx) error {
		if err := m.store.forget(ctx, tx, "marks", "key", "keep_until"); err != nil {
			return err
		}
		const mark = `INSERT INTO {schema}.marks (key, keep_until) VALUES ($1, $2) ON CONFLICT DO NOTHING`
		done, err := tx.ExecContext(ctx, m.store.sql(mark), key, until)
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		if first = n == 1; err != nil || first {
			return err
		}
		const longer = `UPDATE {schema}.marks SET keep_until = $2 WHERE key = $1 AND keep_until < $2`
		_, err = tx.ExecContext(ctx, m.store.sql(longer), key, until)
		return err
	})
	return first && err == nil, err
}

// forget drops a few rows whose time is over, but for those that somebody else is busy with. The clock is read once, so that
// an index can be asked.
func (s *Store) forget(ctx context.Context, tx *sql.Tx, table, key, over string) error {
	statement := `DELETE FROM {schema}.` + table + ` WHERE ` + key + ` IN (SELECT ` + key + ` FROM {schema}.` + table + `
		WHERE ` + over + ` < (SELECT {schema}.clock()) ORDER BY ` + over + ` LIMIT $1 FOR UPDATE SKIP LOCKED)`
	_, err := tx.ExecContext(ctx, s.sql(statement), 10)
	return err
}
