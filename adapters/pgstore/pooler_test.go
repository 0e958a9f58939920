package pgstore_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"

	"github.com/ankkor/ankkor/cart/carttest"
	"github.com/ankkor/ankkor/checkout/checkouttest"
	"github.com/ankkor/ankkor/checkout/inbox/inboxtest"
)

// Behind a pooler that keeps no prepared statements, pgx is told to prepare none. Every connection forgets its session
// before it is used again, as it would be somebody else's.
func TestWithoutSessions(t *testing.T) {
	s := newShop(t)
	db := connectTo(t, func(c pgx.ConnConfig) *sqlx.DB {
		c.DefaultQueryExecMode = pgx.QueryExecModeExec
		forget := func(ctx context.Context, conn *pgx.Conn) error {
			_, err := conn.Exec(ctx, "DISCARD ALL")
			return err
		}
		return sqlx.NewDb(stdlib.OpenDB(c, stdlib.OptionResetSession(forget)), "pgx")
	})
	store := s.openOn(db)
	checkouttest.RunStore(t, func(*testing.T) checkouttest.StoreHarness {
		s.empty()
		return checkouttest.StoreHarness{Store: store, Receive: store.Receive, Advance: s.advance}
	})
}

// In the simple protocol no parameter has a type but what its text looks like.
func TestSimpleProtocol(t *testing.T) {
	s := newShop(t)
	store := s.open(func(c *pgx.ConnConfig) { c.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol })
	checkouttest.RunStore(t, func(*testing.T) checkouttest.StoreHarness {
		s.empty()
		return checkouttest.StoreHarness{Store: store, Receive: store.Receive, Advance: s.advance}
	})
	inboxtest.Run(t, func(testing.TB) inboxtest.Harness {
		s.empty()
		return inboxtest.Harness{Inbox: store.Inbox(), Advance: s.advance}
	})
	carttest.RunStore(t, func(testing.TB) carttest.StoreHarness {
		s.empty()
		return carttest.StoreHarness{Store: store.Carts()}
	})
}
