package pgstore_test

import (
	"crypto/rand"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ankkor/ankkor/adapters/pgstore"
)

func TestMistakesAreReportedTogether(t *testing.T) {
	_, err := pgstore.New(t.Context(), nil, pgstore.Config{Schema: `x"; DROP`, Timeout: -1, Flights: -1})
	if !errors.Is(err, pgstore.ErrConfig) {
		t.Fatalf("got %v", err)
	}
	for _, field := range []string{"Schema", "Timeout", "Flights", "database"} {
		if !strings.Contains(err.Error(), field) {
			t.Errorf("%q does not mention %s", err, field)
		}
	}
	if strings.Contains(err.Error(), "DROP") {
		t.Errorf("%q repeats the value", err)
	}
	if err := pgstore.Migrate(t.Context(), nil, pgstore.Config{}); !errors.Is(err, pgstore.ErrConfig) {
		t.Errorf("Migrate without a database: %v", err)
	}
}

func TestSchemaNames(t *testing.T) {
	for _, name := range []string{"Shop", "1shop", "my-shop", "a.b", strings.Repeat("a", 41), "shop\x00", "दुकान", " "} {
		if _, err := pgstore.New(t.Context(), nil, pgstore.Config{Schema: name}); err == nil || !strings.Contains(err.Error(), "Schema") {
			t.Errorf("%q: %v, want it refused", name, err)
		}
	}
}

func TestUnsuitableServers(t *testing.T) {
	s := newShop(t)
	if _, err := pgstore.New(t.Context(), s.db, pgstore.Config{Schema: "nobody_made_this"}); !errors.Is(err, pgstore.ErrServer) || !strings.Contains(err.Error(), "Migrate") {
		t.Errorf("a schema that is not there: %v, want it to say what to run", err)
	}
	careless := connect(t, func(c *pgx.ConnConfig) { c.RuntimeParams["synchronous_commit"] = "off" })
	if _, err := pgstore.New(t.Context(), careless, pgstore.Config{Schema: s.schema}); !errors.Is(err, pgstore.ErrServer) {
		t.Errorf("asynchronous commits: %v, want ErrServer", err)
	}
	allowed := pgstore.Config{Schema: s.schema, DangerouslyAllowAsynchronousCommit: true}
	if _, err := pgstore.New(t.Context(), careless, allowed); err != nil {
		t.Errorf("allowed all the same: %v", err)
	}
	nobody := connect(t, func(c *pgx.ConnConfig) { c.Port = 1 })
	if _, err := pgstore.New(t.Context(), nobody, pgstore.Config{}); err == nil || errors.Is(err, pgstore.ErrServer) {
		t.Errorf("nobody there: %v, want the driver's error", err)
	}
}

// Replicas that start together migrate once.
func TestMigratingTogether(t *testing.T) {
	db := connect(t)
	config := pgstore.Config{Schema: "t" + strings.ToLower(rand.Text())}
	t.Cleanup(func() { (&shop{db: db, tb: t}).exec("DROP SCHEMA " + config.Schema + " CASCADE") })
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := pgstore.Migrate(t.Context(), db, config); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	var steps, versions int
	const ask = "SELECT count(*), count(DISTINCT version_id) FROM "
	if err := db.QueryRowContext(t.Context(), ask+config.Schema+".migrations").Scan(&steps, &versions); err != nil || steps != versions || steps < 4 {
		t.Errorf("%d steps of %d versions, %v", steps, versions, err)
	}
	if err := pgstore.Migrate(t.Context(), db, config); err != nil {
		t.Errorf("once more: %v", err)
	}
	if _, err := pgstore.New(t.Context(), db, config); err != nil {
		t.Error(err)
	}
	db.SetMaxOpenConns(1)
	if err := pgstore.Migrate(t.Context(), db, config); !errors.Is(err, pgstore.ErrConfig) {
		t.Errorf("on one connection: %v, want ErrConfig, not a deadlock", err)
	}
}

// One connection is enough for work, whoever waits.
func TestOnePooledConnection(t *testing.T) {
	s := newShop(t)
	db := connect(t)
	db.SetMaxOpenConns(1)
	store := s.openOn(db)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if err := store.Receive(t.Context(), mug, 1); err != nil {
				t.Error(err)
			}
			if _, err := store.Due(t.Context(), 1, time.Minute); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
