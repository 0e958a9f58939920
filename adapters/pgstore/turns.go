package pgstore

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Turns remembers for all replicas which messages of a scheduler are in hand and which were acted on, for package
// stockhttp (its Once). It is safe for concurrent use by many processes; its clock is the database's.
type Turns struct{ store *Store }

// Turns is the same database as the memory of what a scheduler sent.
func (s *Store) Turns() *Turns { return &Turns{s} }

// Begin gives the id to one caller for the length of the lease, unless it was done: others are told which of the two.
func (o *Turns) Begin(ctx context.Context, id string, lease time.Duration) (mine, done bool, err error) {
	if err := checkKey("id", id); err != nil {
		return false, false, err
	}
	err = o.store.transact(ctx, "taking a turn", func(tx *sql.Tx) error {
		if err := o.store.forget(ctx, tx, "turns", "id", "ends_at"); err != nil {
			return err
		}
		const begin = `INSERT INTO {schema}.turns AS t (id, done, ends_at)
			VALUES ($1, false, {schema}.clock() + $2 * interval '1 microsecond')
			ON CONFLICT (id) DO UPDATE SET done = false, ends_at = EXCLUDED.ends_at WHERE t.ends_at <= {schema}.clock()`
		result, err := tx.ExecContext(ctx, o.store.sql(begin), id, lease.Microseconds())
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if mine = n == 1; err != nil || mine {
			return err
		}
		const look = `SELECT done FROM {schema}.turns WHERE id = $1`
		err = tx.QueryRowContext(ctx, o.store.sql(look), id).Scan(&done)
		if errors.Is(err, sql.ErrNoRows) { // given back at this moment: whoever comes next has it
			return nil
		}
		return err
	})
	return mine && err == nil, done && err == nil, err
}

// Done remembers for at least so long that the id was acted on.
func (o *Turns) Done(ctx context.Context, id string, keep time.Duration) error {
	if err := checkKey("id", id); err != nil {
		return err
	}
	return o.store.transact(ctx, "ending a turn", func(tx *sql.Tx) error {
		const end = `INSERT INTO {schema}.turns (id, done, ends_at) VALUES ($1, true, {schema}.clock() + $2 * interval '1 microsecond')
			ON CONFLICT (id) DO UPDATE SET done = true, ends_at = EXCLUDED.ends_at`
		_, err := tx.ExecContext(ctx, o.store.sql(end), id, keep.Microseconds())
		return err
	})
}

// Forget gives the id back, because acting on it failed. What was done stays so.
func (o *Turns) Forget(ctx context.Context, id string) error {
	if err := checkKey("id", id); err != nil {
		return err
	}
	return o.store.transact(ctx, "giving a turn back", func(tx *sql.Tx) error {
		const back = `DELETE FROM {schema}.turns WHERE id = $1 AND NOT done`
		_, err := tx.ExecContext(ctx, o.store.sql(back), id)
		return err
	})
}
