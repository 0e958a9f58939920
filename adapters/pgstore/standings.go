package pgstore

import (
	"context"
	"database/sql"

	"github.com/ankkor/ankkor/inventory"
)

var _ inventory.Standings = (*Store)(nil)

// Standings implements [inventory.Standings]. A page is read by index, from the item after the last one; those that wait
// for a reading have an index of their own.
func (s *Store) Standings(ctx context.Context, q inventory.StandingQuery) ([]inventory.Standing, error) {
	if err := q.Validate(); err != nil {
		return nil, err
	}
	page := `SELECT item FROM {schema}.stock WHERE item > $1::text GROUP BY item ORDER BY item LIMIT $2::integer`
	if q.Unsettled {
		page = `SELECT item FROM {schema}.stock WHERE unsettled AND item > $1::text GROUP BY item ORDER BY item LIMIT $2::integer`
	}
	statement := `SELECT ` + standingColumns + ` FROM (` + page + `) k ` + standingTables + ` ORDER BY k.item`
	return list(ctx, s, "standings", scanStanding, statement, string(q.After), q.Limit)
}

// What is known of the items k: sums over their keys, and what the last reading left.
const (
	standingColumns = `k.item, coalesce(t.drawn, 0), coalesce(t.applied, 0), c.taken, c.moved, coalesce(t.seen, 0),
		greatest(0, coalesce(t.held, 0) - (c.returned - coalesce(t.returned, 0))), coalesce(t.gone, false)`
	standingTables = `CROSS JOIN LATERAL (
			SELECT coalesce(sum(s.taken), 0)::bigint AS taken, coalesce(sum(s.moved), 0)::bigint AS moved,
				coalesce(sum(s.returned), 0)::bigint AS returned
			FROM {schema}.stock s WHERE s.item = k.item) c
		LEFT JOIN {schema}.standings t ON t.item = k.item`
)

func scanStanding(rows *sql.Rows) (one inventory.Standing, err error) {
	err = rows.Scan(&one.Item, &one.Drawn, &one.Applied, &one.Taken, &one.Moved, &one.Seen, &one.Held, &one.Gone)
	return one, err
}
