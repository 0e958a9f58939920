package pgstore

import (
	"context"
	"database/sql"
	"strconv"

	"github.com/ankkor/ankkor/inventory"
)

// Entries implements [inventory.Ledger]. It waits for the transactions that are writing entries, so that reading on from
// the last Seq misses none that was numbered earlier and committed later.
func (s *Store) Entries(ctx context.Context, q inventory.LedgerQuery) ([]inventory.Entry, error) {
	q, err := q.Normalize()
	if err != nil {
		return nil, err
	}
	where, args := "seq > $1", []any{q.After, q.Limit}
	only := func(column string, value any) {
		args = append(args, value)
		where += " AND " + column + " $" + strconv.Itoa(len(args))
	}
	if q.Item != "" {
		only("item =", string(q.Item))
	}
	if q.Ref != "" { // the second condition is that of the index
		only("ref <> '' AND ref =", q.Ref)
	}
	if !q.Since.IsZero() {
		only("at >=", q.Since)
	}
	var found []inventory.Entry
	err = s.transact(ctx, "ledger", func(tx *sql.Tx) error {
		if err := s.awaitWriters(ctx, tx); err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, s.sql(`SELECT seq, at, item, location, kind, from_account, to_account, quantity, ref,
			reason, actor FROM {schema}.ledger WHERE `+where+` ORDER BY seq LIMIT $2`), args...)
		if err != nil {
			return err
		}
		found, err = collect(ctx, "ledger", rows, scanEntry)
		return err
	})
	return found, err
}

// awaitWriters waits until nobody is writing entries, and keeps others from it until the transaction ends.
func (s *Store) awaitWriters(ctx context.Context, tx *sql.Tx) error {
	const wait = `SELECT 1 FROM (SELECT pg_advisory_xact_lock(hashtextextended($1, 0))) waited`
	var one int
	return tx.QueryRowContext(ctx, wait, s.config.Schema+".ledger").Scan(&one)
}

func scanEntry(rows *sql.Rows) (e inventory.Entry, err error) {
	err = rows.Scan(&e.Seq, &e.At, &e.Key.Item, &e.Key.Location, &e.Kind, &e.From, &e.To, &e.Quantity, &e.Ref, &e.Reason, &e.Actor)
	e.At = e.At.UTC()
	return e, err
}
