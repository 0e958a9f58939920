package pgstore_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/ankkor/ankkor/checkout"
)

// refusal runs a statement and returns the server's error.
func (s *shop) refusal(t *testing.T, statement string) *pgconn.PgError {
	t.Helper()
	_, err := s.db.ExecContext(context.Background(), strings.ReplaceAll(statement, "{schema}", s.schema))
	var refused *pgconn.PgError
	if !errors.As(err, &refused) {
		t.Fatalf("%s: got %v, want a refusal", statement, err)
	}
	return refused
}

// If the arithmetic were wrong, or somebody wrote by hand, the table would still not take more allocations than there are
// pieces.
func TestDatabaseRefusesToOversell(t *testing.T) {
	s := newShop(t)
	if err := s.open().Receive(t.Context(), mug, 5); err != nil {
		t.Fatal(err)
	}
	document := `SELECT {schema}.write('{"now": "2026-11-20T12:00:00Z", "stock": [{"item": "product:1", "location": "default",
		"on_hand": %d, "allocated": %d, "sold": 0, "shipped": 0, "policy": %q, "backorder_limit": %d, "revision": 2, "was": 1,
		"cut": false}]}'` + strings.Repeat(", '{}'", 23) + `)`
	for name, statement := range map[string]string{
		"by hand":                       `UPDATE {schema}.stock SET allocated = 6`,
		"a negative claim":              `UPDATE {schema}.stock SET allocated = -1`,
		"through the function":          fmt.Sprintf(document, 5, 6, "deny", 0),
		"beyond a budget":               fmt.Sprintf(document, 5, 8, "backorder", 2),
		"stock taken away unannounced":  fmt.Sprintf(document, -1, 0, "deny", 0),
		"a budget that does not apply":  fmt.Sprintf(document, 5, 6, "deny", 2),
		"a policy that does not exist":  fmt.Sprintf(document, 5, 6, "free", 0),
		"a ledger entry without pieces": `INSERT INTO {schema}.ledger VALUES (DEFAULT, now(), 'a:1', 'b', 'receive', 'x', 'y', 0, '', '', '')`,
		"a ledger entry to itself":      `INSERT INTO {schema}.ledger VALUES (DEFAULT, now(), 'a:1', 'b', 'receive', 'x', 'x', 1, '', '', '')`,
	} {
		t.Run(name, func(t *testing.T) {
			if got := s.refusal(t, statement); got.Code != "23514" {
				t.Errorf("refused with %s, want check_violation", got)
			}
		})
	}
	s.exec(strings.ReplaceAll(fmt.Sprintf(document, 5, 7, "backorder", 2), "{schema}", s.schema))
	if got := s.refusal(t, fmt.Sprintf(document, 5, 7, "backorder", 2)); got.Code != "ANK01" {
		t.Errorf("a stale revision was refused with %s, want ANK01", got)
	}
}

// What another process changed between reading and writing is not written over.
func TestDatabaseRefusesWhatIsStale(t *testing.T) {
	s := newShop(t)
	store := s.open()
	held := checkout.Ref{Kind: checkout.RefPayment, Value: "payment"}
	if _, err := store.Commit(t.Context(), checkout.Change{Record: record("chk_1"), Bind: []checkout.Ref{held}}); err != nil {
		t.Fatal(err)
	}
	write := func(id string, version int, bind string) string {
		return fmt.Sprintf(`SELECT {schema}.write('{"now": "2026-11-20T12:00:00Z"}', '{%s}', '{guest:1}', '{%d}', '{""}',
			'{2026-11-20}', '{2026-11-20}', '{0001-01-01}', '{f}', '{"{}"}', '{"{}"}', '{"{}"}',
			'{%[3]s}', '{%[3]s}', '{%[1]s}'%[4]s)`, id, version, bind, strings.Repeat(", '{}'", 9))
	}
	for name, tc := range map[string]struct{ statement, want string }{
		"a later version":             {write("chk_1", 2, "pay_2"), "ANK01"},
		"an id that is taken":         {write("chk_1", 0, "pay_2"), "23505"},
		"a version of nothing":        {write("chk_2", 1, "pay_2"), "ANK01"},
		"a reference held by another": {write("chk_2", 0, "payment"), "23505"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := s.refusal(t, tc.statement); got.Code != tc.want {
				t.Errorf("refused with %s, want %s", got, tc.want)
			}
		})
	}
	s.exec(strings.ReplaceAll(write("chk_1", 1, "pay_2"), "{schema}", s.schema))
	if id, err := store.Find(t.Context(), held); err != nil || id != "chk_1" {
		t.Errorf("the reference is bound to %q, %v", id, err)
	}
}

func TestLedgerCannotBeAltered(t *testing.T) {
	s := newShop(t)
	if err := s.open().Receive(t.Context(), mug, 5); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`UPDATE {schema}.ledger SET quantity = 4`, `DELETE FROM {schema}.ledger`, `TRUNCATE {schema}.ledger`,
	} {
		if got := s.refusal(t, statement); got.Code != "23001" {
			t.Errorf("%s: refused with %s, want restrict_violation", statement, got)
		}
	}
}

// The rights that the package's documentation grants suffice for the work, and not for changing the books.
func TestApplicationRole(t *testing.T) {
	s := newShop(t)
	role := "r" + strings.ToLower(rand.Text())
	s.exec(strings.NewReplacer("{schema}", s.schema, "{role}", role).Replace(`CREATE ROLE {role};
		GRANT USAGE ON SCHEMA {schema} TO {role};
		GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role};
		REVOKE UPDATE, DELETE ON {schema}.ledger FROM {role};
		GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} TO {role}`))
	t.Cleanup(func() { s.exec("DROP OWNED BY " + role + "; DROP ROLE " + role) })
	as := func(c *pgx.ConnConfig) { c.RuntimeParams["role"] = role }
	store := s.open(as)
	if err := store.Receive(t.Context(), mug, 5); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Commit(t.Context(), checkout.Change{Record: record("chk_1")}); err != nil {
		t.Fatal(err)
	}
	limited := &shop{db: connect(t, as), schema: s.schema, tb: t}
	for _, statement := range []string{
		`UPDATE {schema}.ledger SET quantity = 4`, `DELETE FROM {schema}.ledger`, `TRUNCATE {schema}.ledger`,
		`ALTER TABLE {schema}.ledger DISABLE TRIGGER ALL`, `ALTER TABLE {schema}.stock DROP CONSTRAINT stock_never_oversold`,
	} {
		if got := limited.refusal(t, statement); got.Code != "42501" {
			t.Errorf("%s: refused with %s, want insufficient_privilege", statement, got)
		}
	}
}
