package pgstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
)

var _ checkout.IdleCarts = (*Carts)(nil)

// Idle implements [checkout.IdleCarts]. A page begins behind the cart the last one ended with, by index. Moments are told
// apart by the microsecond.
func (c *Carts) Idle(ctx context.Context, from, to time.Time, after cart.Cart, limit int) ([]cart.Cart, error) {
	if !storable(after.ID) {
		after.ID = ""
	}
	const statement = `SELECT body FROM {schema}.carts
		WHERE updated_at > $1::timestamptz AND updated_at <= $2::timestamptz
			AND ($4::text = '' OR (updated_at, id COLLATE "C") > ($3::timestamptz, $4::text))
			AND body->'lines'->0 IS NOT NULL
		ORDER BY updated_at, id COLLATE "C" LIMIT $5`
	return list(ctx, c.store, "listing idle carts", func(rows *sql.Rows) (idle cart.Cart, err error) {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return cart.Cart{}, err
		}
		err = json.Unmarshal(body, &idle)
		return idle, err
	}, statement, from, to, after.UpdatedAt, after.ID, max(limit, 0))
}
