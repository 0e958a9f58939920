package drills_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/ankkor/ankkor/internal/lab/drills"
	"github.com/ankkor/ankkor/internal/lab/servers"
	"github.com/ankkor/ankkor/internal/lab/testenv"
	"github.com/ankkor/ankkor/inventory"
)

// reachable is a folder that other users can pass through to, as Postgres needs it.
func reachable(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "ankkor-drill-") //nolint:usetesting // other users pass through it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o711); err != nil {
		t.Fatal(err)
	}
	return folder
}

// TestPostgresKilled: postmaster and children are killed under load and started
// again. What was answered is kept, what was not is looked up in the ledger.
func TestPostgresKilled(t *testing.T) {
	servers.PostgresURL(t) // says on which machines this runs
	ctx := context.Background()
	server, err := testenv.StartOwnPostgres(ctx, filepath.Join(reachable(t), "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Kill() })
	shop := &drills.Shop{
		Admit: reserver(t, drills.NewRedis(t, `save ""`).Client(t)), Decide: decision(t, database(t, server.URL)), Item: item,
	}
	shop.Stock(t, pieces)
	var killed atomic.Int64
	shop.Open(t, 16, shoppers*times(t), func(tenth int) {
		if tenth%5 != 1 {
			return
		}
		killed.Add(1)
		server.Kill()
		if err := server.Start(ctx); err != nil {
			t.Error(err)
		}
	})
	report(t, shop)
	sellTheRest(t, shop)
	if killed.Load() == 0 {
		t.Error("nobody was killed")
	}
}

// bouncerConfig makes PgBouncer hand each transaction to whatever connection is free.
const bouncerConfig = `[databases]
* = host=%s port=%d user=%s password=%s
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %d
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 6
max_client_conn = 200
ignore_startup_parameters = extra_float_digits
`

// bouncer starts a PgBouncer before the database and returns an address through it.
func bouncer(t *testing.T, address string) string {
	t.Helper()
	program := testenv.PgBouncerProgram()
	if program == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("there is no pgbouncer")
		}
		t.Skip("there is no pgbouncer: make test brings one")
	}
	c, err := pgx.ParseConfig(address)
	if err != nil {
		t.Fatal("the address of Postgres cannot be read")
	}
	port, err := testenv.FreePort(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	folder := reachable(t)
	who, err := testenv.Unprivileged()
	if err != nil {
		t.Fatal(err)
	}
	settings := filepath.Join(folder, "pgbouncer.ini")
	if err := os.WriteFile(settings, fmt.Appendf(nil, bouncerConfig, c.Host, c.Port, c.User, c.Password, port), 0o600); err != nil {
		t.Fatal(err)
	}
	if who != nil {
		if err := os.Chown(settings, int(who.Uid), int(who.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(program, settings)
	cmd.Dir = folder
	testenv.As(cmd, who)
	p, err := testenv.Launch("pgbouncer", cmd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	through := fmt.Sprintf("postgres://%s@127.0.0.1:%d/%s?sslmode=disable&default_query_exec_mode=exec", c.User, port, c.Database)
	drills.Until(t, "PgBouncer answers", func(ctx context.Context) bool {
		conn, err := pgx.Connect(ctx, through)
		if err != nil {
			return false
		}
		return conn.Close(ctx) == nil
	})
	return through
}

// TestPgBouncer: the pgstore suites in a process whose Postgres is behind PgBouncer in
// transaction mode. No promise is skipped but those of reservers that conclude or forget: Postgres does neither.
func TestPgBouncer(t *testing.T) {
	through := bouncer(t, servers.PostgresURL(t))
	cmd := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-v", "-run", "^Test[A-Za-z]+Conforms?$", "./adapters/pgstore")
	cmd.Dir = "../../.."
	cmd.Env = append(os.Environ(), testenv.PostgresVariable+"="+through)
	said, err := cmd.CombinedOutput()
	ran := strings.Count(string(said), "\n--- PASS: Test")
	offered := strings.NewReplacer("--- SKIP: TestStockConforms/conclude/", "", "--- SKIP: TestStockConforms/forgetting/", "").Replace(string(said))
	if err != nil || ran < 10 || !strings.Contains(offered, "--- PASS: TestStockConforms") || strings.Contains(offered, "--- SKIP: Test") {
		t.Errorf("the suites behind PgBouncer: %v\n%s", err, said[max(0, len(said)-4000):])
	}
}

// TestCrowdBehindPgBouncer: many processes' worth of shoppers over few connections.
func TestCrowdBehindPgBouncer(t *testing.T) {
	through := bouncer(t, servers.PostgresURL(t))
	store := decision(t, database(t, through))
	shop := &drills.Shop{Admit: store, Decide: store, Item: inventory.ProductItem(7)}
	shop.Stock(t, pieces/10)
	shop.Rush(t, "crowd", 64, shoppers/4, nil)
	if level := report(t, shop); level.Allocated != level.OnHand {
		t.Errorf("%d of %d are sold", level.Allocated, level.OnHand)
	}
}
