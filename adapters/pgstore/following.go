package pgstore

import (
	"context"
	"database/sql"
	"slices"

	"github.com/ankkor/ankkor/inventory"
)

// racedError undoes a transaction that has to begin anew.
type racedError struct{ what string }

func (e racedError) Error() string  { return e.what + " changed meanwhile" }
func (racedError) SQLState() string { return stateRaced }

// openItems locks the levels of items at every location, and those of further keys, of which there may be none yet. A
// location that turns up while the locks are waited for makes the transaction begin anew.
func (s *Store) openItems(ctx context.Context, tx *sql.Tx, items []inventory.Item, keys []inventory.Key) (*desk, error) {
	found, err := s.keysOf(ctx, tx, items)
	if err != nil {
		return nil, err
	}
	keys = append(found, keys...)
	d, err := s.open(ctx, tx, []*passenger{{touched: touched{keys: keys, cuts: true}}})
	if err != nil {
		return nil, err
	}
	now, err := s.keysOf(ctx, tx, items)
	if err != nil {
		return nil, err
	}
	for _, k := range now {
		if !slices.Contains(keys, k) {
			return nil, racedError{"the locations of an item"}
		}
	}
	return d, nil
}

// keysOf are the keys that items have a level for.
func (s *Store) keysOf(ctx context.Context, tx *sql.Tx, items []inventory.Item) ([]inventory.Key, error) {
	const statement = `SELECT item, location FROM {schema}.stock WHERE item = ANY ($1::text[])`
	return s.keys(ctx, tx, statement, names(items))
}

func (s *Store) keys(ctx context.Context, tx *sql.Tx, statement string, arg any) ([]inventory.Key, error) {
	rows, err := tx.QueryContext(ctx, s.sql(statement), arg)
	if err != nil {
		return nil, err
	}
	return collect(ctx, "keys", rows, func(rows *sql.Rows) (k inventory.Key, err error) {
		err = rows.Scan(&k.Item, &k.Location)
		return k, err
	})
}

// Settle implements [inventory.Readings]. Writers of the ledger are waited for, so that no entry of the order is missed.
func (s *Store) Settle(ctx context.Context, settle inventory.Settlement) ([]inventory.Level, error) {
	if err := settle.Validate(); err != nil {
		return nil, err
	}
	var changed []inventory.Level
	err := s.transact(ctx, "settling an order", func(tx *sql.Tx) (err error) {
		changed, err = s.settle(ctx, tx, settle)
		return err
	})
	if err != nil {
		return nil, err
	}
	return changed, nil
}

func (s *Store) settle(ctx context.Context, tx *sql.Tx, settle inventory.Settlement) ([]inventory.Level, error) {
	const touched = `SELECT DISTINCT item, location FROM {schema}.ledger WHERE ref = $1 AND ref <> ''`
	keys, err := s.keys(ctx, tx, touched, settle.Ref)
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	d, err := s.openItems(ctx, tx, nil, keys)
	if err != nil {
		return nil, err
	}
	entries, err := s.booksOf(ctx, tx, settle.Ref)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if !slices.Contains(keys, e.Key) {
			return nil, racedError{"the books of an order"}
		}
	}
	moves, err := inventory.Settle(d.known(keys), entries, settle)
	if err != nil {
		return nil, domainError{err}
	}
	changed, err := d.apply(ctx, keys, moves)
	if err != nil {
		return nil, domainError{err}
	}
	if d.failed != nil {
		return nil, d.failed
	}
	_, err = s.write(ctx, tx, d)
	return changed, err
}

// booksOf are all entries of an order, when nobody is writing any.
func (s *Store) booksOf(ctx context.Context, tx *sql.Tx, ref string) ([]inventory.Entry, error) {
	if err := s.awaitWriters(ctx, tx); err != nil {
		return nil, err
	}
	const statement = `SELECT seq, at, item, location, kind, from_account, to_account, quantity, ref, reason, actor
		FROM {schema}.ledger WHERE ref = $1 AND ref <> '' ORDER BY seq`
	rows, err := tx.QueryContext(ctx, s.sql(statement), ref)
	if err != nil {
		return nil, err
	}
	return collect(ctx, "ledger", rows, scanEntry)
}
