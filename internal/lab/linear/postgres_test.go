package linear_test

import (
	"fmt"
	"net"
	"strconv"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"

	"github.com/ankkor/ankkor/adapters/pgstore"
	"github.com/ankkor/ankkor/internal/lab/linear"
	"github.com/ankkor/ankkor/internal/lab/servers"
)

// TestPostgres: one piece of a reply in sixty is cut, which is about one call in
// twelve, since a write takes several round trips.
func TestPostgres(t *testing.T) {
	address := servers.PostgresURL(t)
	c := config(histories(t, 500), nil)
	c.Workers = 2
	c.Open = func(tb testing.TB, worker int) linear.Shop {
		own := pgstore.Config{Schema: fmt.Sprintf("linear%d", worker)}
		sound := pool(tb, address, "")
		if err := pgstore.Migrate(tb.Context(), sound, own); err != nil {
			tb.Fatal(err)
		}
		shop := linear.Shop{Sound: store(tb, sound, own), Sure: pgstore.ErrNotApplied, Lost: pgstore.ErrUnknown}
		target := targetOf(tb, address)
		var lines []linear.Subject
		for n := range replicas {
			p := spoiled(tb, target, 60, uint64(worker*replicas+n))
			lines = append(lines, store(tb, pool(tb, address, p.Addr()), own))
		}
		for n := range linear.Most {
			shop.Clients = append(shop.Clients, lines[n%replicas])
		}
		return shop
	}
	if r := judge(t, c); r.Unknown == 0 {
		t.Error("no answer was lost")
	}
}

func targetOf(tb testing.TB, address string) string {
	tb.Helper()
	config, err := pgx.ParseConfig(address)
	if err != nil {
		tb.Fatal("the address of Postgres cannot be read")
	}
	return net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port)))
}

// pool connects to the database, through a proxy if one is named.
func pool(tb testing.TB, address, through string) *sqlx.DB {
	tb.Helper()
	config, err := pgx.ParseConfig(address)
	if err != nil {
		tb.Fatal("the address of Postgres cannot be read")
	}
	if through != "" {
		host, port, _ := net.SplitHostPort(through)
		n, _ := strconv.ParseUint(port, 10, 16)
		config.Host, config.Port = host, uint16(n)
	}
	db := sqlx.NewDb(stdlib.OpenDB(*config), "pgx")
	db.SetMaxOpenConns(4)
	db.SetMaxIdleConns(4)
	tb.Cleanup(func() { _ = db.Close() })
	return db
}

// store asks until the server's answers come through.
func store(tb testing.TB, db *sqlx.DB, c pgstore.Config) *pgstore.Store {
	tb.Helper()
	var err error
	for range 20 {
		var s *pgstore.Store
		if s, err = pgstore.New(tb.Context(), db, c); err == nil {
			return s
		}
	}
	tb.Fatal(err)
	return nil
}
