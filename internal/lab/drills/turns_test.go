package drills_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/ankkor/ankkor/adapters/pgstore"
	"github.com/ankkor/ankkor/internal/lab/servers"
	"github.com/ankkor/ankkor/inventory/stockhttp"
	"github.com/ankkor/ankkor/inventory/stockhttp/stockhttptest"
)

var _ stockhttp.Once = (*pgstore.Turns)(nil)

// TestTurnsConform holds what replicas share of a scheduler's messages to its suite. It is here, and not beside pgstore,
// so that nobody inherits the library of stockhttp's signatures with a store.
func TestTurnsConform(t *testing.T) {
	const schema = "turns"
	db := sqlx.NewDb(servers.Postgres(t), "pgx")
	config := pgstore.Config{Schema: schema}
	if err := pgstore.Migrate(t.Context(), db, config); err != nil {
		t.Fatal(err)
	}
	var stores [2]stockhttp.Once
	for i := range stores {
		s, err := pgstore.New(t.Context(), db, config)
		if err != nil {
			t.Fatal(err)
		}
		stores[i] = s.Turns()
	}
	execute := func(statement string) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	stockhttptest.RunOnce(t, func(*testing.T) stockhttptest.OnceHarness {
		var shift time.Duration
		advance := func(d time.Duration) {
			shift += d
			execute(fmt.Sprintf("CREATE OR REPLACE FUNCTION %s.clock() RETURNS timestamptz LANGUAGE sql VOLATILE AS "+
				"$$SELECT clock_timestamp() + interval '%d microseconds'$$", schema, shift.Microseconds()))
		}
		advance(0)
		execute("DELETE FROM " + schema + ".turns")
		return stockhttptest.OnceHarness{Once: stores[:], Advance: advance}
	})
}
