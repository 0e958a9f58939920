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
	statement := `SELECT k.item, coalesce(t.drawn, 0), coalesce(t.applied, 0), c.taken, c.moved, coalesce(t.seen, 0),
			coalesce(t.held, 0), coalesce(t.gone, false)
		FROM (` + page + `) k
		CROSS JOIN LATERAL (SELECT sum(taken)::bigint AS taken, sum(moved)::bigint AS moved FROM {schema}.stock s WHERE s.item = k.item) c
		LEFT JOIN {schema}.standings t ON t.item = k.item
		ORDER BY k.item`
	return list(ctx, s, "standings", scanStanding, statement, string(q.After), q.Limit)
}

func scanStanding(rows *sql.Rows) (one inventory.Standing, err error) {
	err = rows.Scan(&one.Item, &one.Drawn, &one.Applied, &one.Taken, &one.Moved, &one.Seen, &one.Held, &one.Gone)
	return one, err
}
