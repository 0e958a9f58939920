package pgstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
)

var (
	_ cart.Store      = (*Carts)(nil)
	_ checkout.Beside = (*Carts)(nil)
)

// Carts keeps carts beside the checkouts, one row for each owner. It is safe for concurrent use.
type Carts struct{ store *Store }

// Load implements [cart.Store].
func (c *Carts) Load(ctx context.Context, owner cart.Owner) (cart.Cart, error) {
	if !storable(string(owner)) {
		return cart.Cart{}, cart.ErrNotFound
	}
	return loadCart(ctx, c.store, c.store.db, owner)
}

// querier is a database or a transaction.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func loadCart(ctx context.Context, s *Store, q querier, owner cart.Owner) (found cart.Cart, err error) {
	var body []byte
	const statement = `SELECT body FROM {schema}.carts WHERE owner = $1`
	err = q.QueryRowContext(ctx, s.sql(statement), string(owner)).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return cart.Cart{}, cart.ErrNotFound
	}
	if err != nil {
		return cart.Cart{}, failed(ctx, "loading a cart", err)
	}
	if err := json.Unmarshal(body, &found); err != nil {
		return cart.Cart{}, fmt.Errorf("pgstore: reading a cart: %w", err)
	}
	return found, nil
}

// Beside implements [checkout.Beside].
func (c *Carts) Beside(s checkout.Store) bool { return s == checkout.Store(c.store) }

// LoadBoth implements [checkout.Beside], in one statement.
func (c *Carts) LoadBoth(ctx context.Context, id checkout.ID) (r checkout.Record, beside cart.Cart, there bool, err error) {
	if !storable(string(id)) {
		return r, beside, false, checkout.ErrNotFound
	}
	var version int64
	var body, chose, private, kept []byte
	const statement = `SELECT ` + keptColumns + `, (SELECT k.body FROM {schema}.carts k WHERE k.owner = c.owner)
		FROM {schema}.checkouts c WHERE c.id = $1`
	err = c.store.db.QueryRowContext(ctx, c.store.sql(statement), string(id)).Scan(&version, &body, &chose, &private, &kept)
	if errors.Is(err, sql.ErrNoRows) {
		return r, beside, false, checkout.ErrNotFound
	}
	if err == nil {
		r, err = join(version, body, chose, private)
	}
	if there = kept != nil; there && err == nil {
		err = json.Unmarshal(kept, &beside)
	}
	if err != nil {
		return checkout.Record{}, cart.Cart{}, false, failed(ctx, "loading a checkout and its cart", err)
	}
	return r, beside, there, nil
}

// Save implements [cart.Store].
func (c *Carts) Save(ctx context.Context, what cart.Cart, expected int64) (cart.Cart, error) {
	what = what.Clone()
	what.Version = expected + 1
	if !storable(string(what.Owner)) || !storable(what.ID) {
		return cart.Cart{}, errors.New("pgstore: saving a cart: owner and id must be text without NUL")
	}
	body, err := json.Marshal(what)
	if err != nil {
		return cart.Cart{}, fmt.Errorf("pgstore: writing a cart: %w", err)
	}
	err = c.store.transact(ctx, "saving a cart", func(tx *sql.Tx) error { return c.save(ctx, tx, what, expected, string(body)) })
	if err != nil {
		return cart.Cart{}, err
	}
	return what, nil
}

// save writes over the expected version, or learns what is there instead.
func (c *Carts) save(ctx context.Context, tx *sql.Tx, what cart.Cart, expected int64, body string) error {
	statement, args := `UPDATE {schema}.carts SET version = $1::bigint + 1, updated_at = $2, body = $3::json
		WHERE owner = $4 AND id = $5 AND version = $1::bigint`, []any{expected, what.UpdatedAt, body, string(what.Owner), what.ID}
	if expected == 0 {
		statement = `INSERT INTO {schema}.carts (owner, id, version, updated_at, body)
			VALUES ($4, $5, $1::bigint + 1, $2, $3::json) ON CONFLICT DO NOTHING`
	}
	done, err := tx.ExecContext(ctx, c.store.sql(statement), args...)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 1 {
		return err
	}
	current, err := loadCart(ctx, c.store, tx, what.Owner)
	if errors.Is(err, cart.ErrNotFound) {
		current = cart.Cart{Owner: what.Owner}
	} else if err != nil {
		return err
	}
	return domainError{&cart.ConflictError{Current: current}}
}

// Delete implements [cart.Store].
func (c *Carts) Delete(ctx context.Context, owner cart.Owner) error {
	if !storable(string(owner)) {
		return nil
	}
	return c.store.transact(ctx, "deleting a cart", func(tx *sql.Tx) error {
		const statement = `DELETE FROM {schema}.carts WHERE owner = $1`
		_, err := tx.ExecContext(ctx, c.store.sql(statement), string(owner))
		return err
	})
}
