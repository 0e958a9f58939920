package rivals_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/go-redsync/redsync/v4"
	"github.com/go-redsync/redsync/v4/redis/goredis/v9"
	"github.com/jmoiron/sqlx"

	"github.com/ankkor/ankkor/internal/lab/servers"
)

// rivalTables is what the naive shop keeps: the same facts as ours, one row each.
const rivalTables = `
CREATE TABLE rival_stock (product bigint PRIMARY KEY, available bigint NOT NULL CHECK (available >= 0));
CREATE TABLE rival_orders (id text PRIMARY KEY, owner text NOT NULL, body text NOT NULL, created_at timestamptz NOT NULL);
CREATE TABLE rival_lines (order_id text NOT NULL REFERENCES rival_orders, product bigint NOT NULL, quantity bigint NOT NULL);
CREATE TABLE rival_ledger (seq bigserial PRIMARY KEY, order_id text NOT NULL, product bigint NOT NULL, quantity bigint NOT NULL, at timestamptz NOT NULL);
CREATE TABLE rival_keys (key text PRIMARY KEY, order_id text NOT NULL);
CREATE TABLE rival_outbox (seq bigserial PRIMARY KEY, order_id text NOT NULL, kind text NOT NULL, data text NOT NULL);
`

// naive is the shop that is written first.
func naive(b *testing.B, address string) shop {
	b.Helper()
	db := pool(b, address, 64)
	if _, err := db.ExecContext(b.Context(), rivalTables); err != nil {
		b.Fatal(err)
	}
	if _, err := db.ExecContext(b.Context(), "INSERT INTO rival_stock SELECT n, $1 FROM generate_series(1, $2) AS n", plentyOf, shelf); err != nil {
		b.Fatal(err)
	}
	locks := redsync.New(goredis.NewPool(servers.Redis(b)))
	prefix := fmt.Sprintf("rival:%d:", time.Now().UnixNano())
	return shop{place: func(ctx context.Context, owner string, p placing) (err error) {
		unlock, err := lockAll(ctx, locks, prefix, p.Items)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, unlock()) }()
		tx, err := db.BeginTxx(ctx, nil)
		if err != nil {
			return err
		}
		if err := statements(ctx, tx, owner, p); err != nil {
			return errors.Join(err, tx.Rollback())
		}
		return tx.Commit()
	}}
}

// lockAll locks each product, in an order that all keep to.
func lockAll(ctx context.Context, locks *redsync.Redsync, prefix string, items []int64) (unlock func() error, err error) {
	var held []*redsync.Mutex
	unlock = func() error {
		var errs []error
		for _, m := range held {
			_, err := m.UnlockContext(context.WithoutCancel(ctx))
			errs = append(errs, err)
		}
		return errors.Join(errs...)
	}
	items = slices.Compact(slices.Sorted(slices.Values(items)))
	for _, id := range items {
		m := locks.NewMutex(fmt.Sprint(prefix, id), redsync.WithRetryDelay(time.Millisecond), redsync.WithTries(20000), redsync.WithExpiry(30*time.Second))
		if err := m.LockContext(ctx); err != nil {
			return nil, errors.Join(err, unlock())
		}
		held = append(held, m)
	}
	return unlock, nil
}

// statements writes the order, one statement after the other.
func statements(ctx context.Context, tx *sqlx.Tx, owner string, p placing) error {
	items := slices.Sorted(slices.Values(p.Items))
	for _, id := range items {
		var available int64
		if err := tx.GetContext(ctx, &available, "SELECT available FROM rival_stock WHERE product = $1 FOR UPDATE", id); err != nil {
			return err
		}
		if available < 1 {
			return errors.New("sold out")
		}
	}
	run := func(err error, statement string, args ...any) error {
		if err == nil {
			_, err = tx.ExecContext(ctx, statement, args...)
		}
		return err
	}
	err := run(nil, "INSERT INTO rival_orders VALUES ($1, $2, $3, now())", p.Order, owner, `{"first_name":"Asha"}`)
	for _, id := range items {
		err = run(err, "UPDATE rival_stock SET available = available - 1 WHERE product = $1", id)
		err = run(err, "INSERT INTO rival_lines VALUES ($1, $2, 1)", p.Order, id)
		err = run(err, "INSERT INTO rival_ledger (order_id, product, quantity, at) VALUES ($1, $2, 1, now())", p.Order, id)
	}
	err = run(err, "INSERT INTO rival_keys VALUES ($1, $2)", owner+" "+p.Order, p.Order)
	return run(err, "INSERT INTO rival_outbox (order_id, kind, data) VALUES ($1, 'placed', '{}')", p.Order)
}
