package drills_test

import (
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/adapters/pgstore"
	"github.com/ankkor/ankkor/adapters/redisstore"
	"github.com/ankkor/ankkor/internal/lab/drills"
	"github.com/ankkor/ankkor/internal/lab/servers"
	"github.com/ankkor/ankkor/inventory"
)

const item inventory.Item = "product:1"

// times is how much longer than usual a drill is.
func times(t *testing.T) int {
	t.Helper()
	text := os.Getenv("ANKKOR_DRILLS")
	if text == "" {
		return 1
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatal("ANKKOR_DRILLS is no number")
	}
	return n
}

func reserver(tb testing.TB, client redis.UniversalClient) *redisstore.Reserver {
	tb.Helper()
	r, err := redisstore.New(tb.Context(), client, redisstore.Config{Store: "drill", Timeout: time.Second})
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// database opens a pool on a Postgres.
func database(tb testing.TB, address string, adapt ...func(*pgx.ConnConfig)) *sqlx.DB {
	tb.Helper()
	config, err := pgx.ParseConfig(address)
	if err != nil {
		tb.Fatal("the address of Postgres cannot be read")
	}
	for _, a := range adapt {
		a(config)
	}
	db := sqlx.NewDb(stdlib.OpenDB(*config), "pgx")
	db.SetMaxOpenConns(8)
	db.SetMaxIdleConns(8)
	tb.Cleanup(func() { _ = db.Close() })
	return db
}

// decision makes a store in a database.
func decision(tb testing.TB, db *sqlx.DB) *pgstore.Store {
	tb.Helper()
	if err := pgstore.Migrate(tb.Context(), db, pgstore.Config{}); err != nil {
		tb.Fatal(err)
	}
	s, err := pgstore.New(tb.Context(), db, pgstore.Config{})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// deciders are the stores that may decide.
func deciders(t *testing.T, run func(t *testing.T, d drills.Decision)) {
	t.Run("memory decides", func(t *testing.T) { run(t, memstore.NewStock(memstore.StockConfig{})) })
	t.Run("Postgres decides", func(t *testing.T) { run(t, decision(t, database(t, servers.PostgresURL(t)))) })
}

// report says how it went, and that nobody was kept from what was there.
func report(t *testing.T, s *drills.Shop) inventory.Level {
	t.Helper()
	level := s.Check(t)
	t.Logf("%d sold of %d, %d were told sorry, %d found a server away", s.Sold.Load(), level.OnHand, s.Sorry.Load(), s.Away.Load())
	return level
}
