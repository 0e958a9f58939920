package pgstore_test

import (
	"context"
	"crypto/rand"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"

	"github.com/ankkor/ankkor/adapters/pgstore"
)

// connect opens a pool on the Postgres that `make test` starts.
func connect(tb testing.TB, adapt ...func(*pgx.ConnConfig)) *sqlx.DB {
	tb.Helper()
	return connectTo(tb, func(config pgx.ConnConfig) *sqlx.DB {
		for _, a := range adapt {
			a(&config)
		}
		return sqlx.NewDb(stdlib.OpenDB(config), "pgx")
	})
}

// connectTo opens a pool in a way of its own.
func connectTo(tb testing.TB, open func(pgx.ConnConfig) *sqlx.DB) *sqlx.DB {
	tb.Helper()
	address := os.Getenv("ANKKOR_TEST_POSTGRES_URL")
	if address == "" {
		tb.Skip("there is no Postgres: make test starts one, or name one in ANKKOR_TEST_POSTGRES_URL")
	}
	config, err := pgx.ParseConfig(address)
	if err != nil {
		tb.Fatal("ANKKOR_TEST_POSTGRES_URL is no postgres:// address")
	}
	db := open(*config)
	db.SetMaxOpenConns(8)
	db.SetMaxIdleConns(8)
	tb.Cleanup(func() { _ = db.Close() })
	return db
}

// shop is a schema that nobody else uses, gone after the test.
type shop struct {
	db     *sqlx.DB
	schema string
	mu     sync.Mutex
	shift  time.Duration // of the clock
	tb     testing.TB
}

func newShop(tb testing.TB) *shop {
	tb.Helper()
	s := &shop{db: connect(tb), schema: "t" + strings.ToLower(rand.Text()), tb: tb}
	if err := pgstore.Migrate(context.Background(), s.db, pgstore.Config{Schema: s.schema}); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { s.exec("DROP SCHEMA " + s.schema + " CASCADE") })
	return s
}

func (s *shop) exec(statement string) {
	s.tb.Helper()
	if _, err := s.db.ExecContext(context.Background(), statement); err != nil {
		s.tb.Fatal(err)
	}
}

// open is a Store on a pool of its own, as another process would have.
func (s *shop) open(adapt ...func(*pgx.ConnConfig)) *pgstore.Store {
	s.tb.Helper()
	return s.openOn(connect(s.tb, adapt...))
}

func (s *shop) openOn(db *sqlx.DB) *pgstore.Store {
	s.tb.Helper()
	store, err := pgstore.New(context.Background(), db, pgstore.Config{Schema: s.schema})
	if err != nil {
		s.tb.Fatal(err)
	}
	return store
}

// advance moves the database's clock: for this schema it is a function.
func (s *shop) advance(d time.Duration) {
	s.tb.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shift += d
	s.exec("CREATE OR REPLACE FUNCTION " + s.schema + ".clock() RETURNS timestamptz LANGUAGE sql VOLATILE AS " +
		"$$SELECT clock_timestamp() + interval '" + strconv.FormatInt(s.shift.Microseconds(), 10) + " microseconds'$$")
}

// empty takes everything out of the tables and sets the clock right: faster than another schema. The owner of the ledger
// may do what nobody else may.
func (s *shop) empty() {
	s.tb.Helper()
	s.advance(-s.shift)
	var b strings.Builder
	for _, table := range []string{"holds", "reservations", "stock", "refs", "outbox", "checkouts", "carts", "inbox", "replies",
		"standings", "cursors", "findings", "marks", "turns", "drafts"} {
		b.WriteString("DELETE FROM " + s.schema + "." + table + ";")
	}
	s.exec("BEGIN; ALTER TABLE " + s.schema + ".ledger DISABLE TRIGGER ALL; DELETE FROM " + s.schema + ".ledger; ALTER TABLE " +
		s.schema + ".ledger ENABLE TRIGGER ALL;" + b.String() + "COMMIT")
}
