package pgstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

var (
	_ checkout.Register = (*Store)(nil)
	_ checkout.LowStock = (*Store)(nil)
)

// Stuck implements [checkout.Register]. What is stuck is marked when it is written, and found by an index.
func (s *Store) Stuck(ctx context.Context, limit int) ([]checkout.Record, error) {
	const statement = `SELECT ` + keptColumns + ` FROM {schema}.checkouts WHERE stuck ORDER BY updated_at, id LIMIT $1`
	scan := func(rows *sql.Rows) (checkout.Record, error) { return scanKept(rows) }
	return list(ctx, s, "listing what is stuck", scan, statement, max(limit, 0))
}

// Tally implements [checkout.Register], in one statement and so of one moment. It reads the records that changed since
// from, and those that are pending or stuck, one after another and without what they say of people; checkouts that are
// open, of which there may be very many, are counted by the database.
func (s *Store) Tally(ctx context.Context, from, to time.Time) (checkout.Tally, error) {
	const statement = `SELECT version, body, chosen, 0::bigint FROM {schema}.checkouts
			WHERE status <> 'open' AND updated_at >= $1 OR status = 'pending_payment' OR stuck
		UNION ALL SELECT 0, NULL, NULL, (SELECT count(*) FROM {schema}.checkouts WHERE status = 'open')
			- (SELECT count(*) FROM {schema}.checkouts WHERE stuck AND status = 'open')`
	rows, err := s.db.QueryContext(ctx, s.sql(statement), from)
	if err != nil {
		return checkout.Tally{}, failed(ctx, "counting checkouts", err)
	}
	defer rows.Close()
	var t checkout.Tally
	for rows.Next() {
		if t, err = count(t, rows, from, to); err != nil {
			return checkout.Tally{}, failed(ctx, "counting checkouts", err)
		}
	}
	if err := rows.Err(); err != nil {
		return checkout.Tally{}, failed(ctx, "counting checkouts", err)
	}
	return t, nil
}

// count adds one row: a record, or how many are open.
func count(t checkout.Tally, rows *sql.Rows, from, to time.Time) (checkout.Tally, error) {
	var version, open int64
	var body, chose []byte
	if err := rows.Scan(&version, &body, &chose, &open); err != nil {
		return t, err
	}
	if t.Open += open; body == nil {
		return t, nil
	}
	r, err := join(version, body, chose, nil)
	if err != nil {
		return t, err
	}
	if t, err = t.Count(r, from, to); err != nil {
		return t, fmt.Errorf("checkout %s: %w", r.ID, err)
	}
	return t, nil
}

// LowStock implements [checkout.LowStock]. It looks at every level: an index on what is available would have to be
// changed by every claim.
func (s *Store) LowStock(ctx context.Context, atMost int64, limit int) ([]inventory.Level, error) {
	const statement = `WITH held AS (
			SELECT h.item, h.location, sum(h.quantity)::bigint AS n FROM {schema}.holds h, (SELECT {schema}.clock() AS now OFFSET 0) c
			WHERE h.expires_at > c.now GROUP BY h.item, h.location)
		SELECT s.item, s.location, s.on_hand, s.allocated, s.sold, s.shipped, s.policy, s.backorder_limit, s.revision,
			coalesce(held.n, 0) AS reserved
		FROM {schema}.stock s LEFT JOIN held USING (item, location)
		WHERE s.policy <> 'untracked' AND s.item NOT LIKE 'coupon:%' AND s.on_hand - s.allocated - coalesce(held.n, 0) <= $1::bigint
		ORDER BY s.on_hand - s.allocated - coalesce(held.n, 0), s.item, s.location LIMIT $2`
	return list(ctx, s, "low stock", scanLevel, statement, atMost, max(limit, 0))
}
