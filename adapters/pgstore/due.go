package pgstore

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/ankkor/ankkor/checkout"
)

// Due implements [checkout.Store]. Rows that another worker is claiming at this moment are passed over, not waited for.
func (s *Store) Due(ctx context.Context, limit int, lease time.Duration) ([]checkout.Claimed, error) {
	var found []checkout.Claimed
	err := s.transact(ctx, "claiming due checkouts", func(tx *sql.Tx) error {
		const statement = `WITH moment AS MATERIALIZED (SELECT {schema}.clock() AS now), due AS (
				SELECT c.id FROM {schema}.checkouts c, moment
				WHERE c.due_at <= moment.now AND (c.claimed_until IS NULL OR c.claimed_until <= moment.now)
				ORDER BY c.due_at, c.id LIMIT $1 FOR NO KEY UPDATE OF c SKIP LOCKED)
			UPDATE {schema}.checkouts c SET claimed_until = moment.now + $2 * interval '1 microsecond'
			FROM due, moment WHERE c.id = due.id RETURNING c.id, c.due_at`
		rows, err := tx.QueryContext(ctx, s.sql(statement), max(limit, 0), lease.Microseconds())
		if err != nil {
			return err
		}
		found, err = collect(ctx, "claiming due checkouts", rows, func(rows *sql.Rows) (c checkout.Claimed, err error) {
			err = rows.Scan(&c.ID, &c.DueAt)
			c.DueAt = c.DueAt.UTC()
			return c, err
		})
		return err
	})
	slices.SortFunc(found, func(a, b checkout.Claimed) int { return cmp.Or(a.DueAt.Compare(b.DueAt), cmp.Compare(a.ID, b.ID)) })
	return found, err
}
