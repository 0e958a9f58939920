package servers

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver that hosts, tests and examples use

	"github.com/ankkor/ankkor/internal/lab/testenv"
)

// Postgres returns a new, empty database on the test server, open through
// pgx's database/sql driver. It is closed and dropped when the test ends.
func Postgres(t testing.TB) *sql.DB {
	t.Helper()
	return open(t, PostgresURL(t))
}

// PostgresURL returns the URL of a new, empty database, for tests that connect in
// a way of their own. It is dropped, and whoever is still connected cut off, when
// the test ends.
func PostgresURL(t testing.TB) string {
	t.Helper()
	server, err := url.Parse(address(t, testenv.PostgresVariable, "a Postgres"))
	if err != nil {
		t.Fatalf("%s is no URL", testenv.PostgresVariable) // the error would show the password
	}
	name := "test_" + strings.ToLower(rand.Text())
	admin := open(t, server.String())
	execute(t, admin, "CREATE DATABASE "+name)
	t.Cleanup(func() { execute(t, admin, "DROP DATABASE "+name+" WITH (FORCE)") })
	own := *server
	own.Path = "/" + name
	return own.String()
}

func open(t testing.TB, address string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatalf("open Postgres: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close Postgres: %v", err)
		}
	})
	return db
}

func execute(t testing.TB, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(context.Background(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
