package servers_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/internal/lab/servers"
	"github.com/ankkor/ankkor/internal/lab/testenv"
)

func TestRedisAnswersAndNeverEvicts(t *testing.T) {
	client := servers.Redis(t)
	ctx := t.Context()
	key := t.Name() + ":key"
	if err := client.Set(ctx, key, "kept", 0).Err(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Del(context.Background(), key) })
	if got, err := client.Get(ctx, key).Result(); err != nil || got != "kept" {
		t.Errorf("GET = %q, %v; want what was set", got, err)
	}
	policy, err := client.ConfigGet(ctx, "maxmemory-policy").Result()
	if err != nil || policy["maxmemory-policy"] != "noeviction" {
		t.Errorf("maxmemory-policy = %v, %v; want noeviction", policy, err)
	}
}

func TestPostgresAnswersFromADatabaseOfItsOwn(t *testing.T) {
	one, two := servers.Postgres(t), servers.Postgres(t)
	ctx := t.Context()
	if _, err := one.ExecContext(ctx, "CREATE TABLE kept (n int CHECK (n > 0))"); err != nil {
		t.Fatal(err)
	}
	if _, err := one.ExecContext(ctx, "INSERT INTO kept VALUES ($1)", 7); err != nil {
		t.Fatal(err)
	}
	if _, err := one.ExecContext(ctx, "INSERT INTO kept VALUES ($1)", 0); err == nil {
		t.Error("a row that breaks the CHECK was taken")
	}
	var sum int
	if err := one.QueryRowContext(ctx, "SELECT sum(n) FROM kept").Scan(&sum); err != nil || sum != 7 {
		t.Errorf("sum = %d, %v; want 7", sum, err)
	}
	if _, err := two.ExecContext(ctx, "SELECT * FROM kept"); err == nil {
		t.Error("a second database sees the first one's table")
	}
}

func TestPostgresDropsTheDatabaseWithTheTest(t *testing.T) {
	admin := servers.Postgres(t)
	var name string
	t.Run("a test with a database", func(t *testing.T) {
		row := servers.Postgres(t).QueryRowContext(t.Context(), "SELECT current_database()")
		if err := row.Scan(&name); err != nil {
			t.Fatal(err)
		}
	})
	var left int
	row := admin.QueryRowContext(t.Context(), "SELECT count(*) FROM pg_database WHERE datname = $1", name)
	if err := row.Scan(&left); err != nil || name == "" || left != 0 {
		t.Errorf("databases called %q afterwards: %d, %v; want none", name, left, err)
	}
}

func TestChromiumIsAProgram(t *testing.T) {
	path := servers.Chromium(t)
	out, err := exec.CommandContext(t.Context(), path, "--version").Output()
	if err != nil || !strings.Contains(string(out), "Chrom") {
		t.Errorf("%s --version says %q, %v", path, out, err)
	}
}

// TestTurnedAway runs TestWithoutServers in a process without the variables and
// looks at how it ended.
func TestTurnedAway(t *testing.T) {
	tests := []struct {
		name, ci string
		want     string
		ok       bool
	}{
		{"a developer's test is skipped and says why", "", "--- SKIP: TestWithoutServers", true},
		{"CI's test fails", "true", "--- FAIL: TestWithoutServers", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestWithoutServers$", "-test.v")
			cmd.Env = append(os.Environ(), "ANKKOR_TURN_AWAY=1", "CI="+tt.ci, testenv.RedisVariable+"=")
			out, err := cmd.CombinedOutput()
			if (err == nil) != tt.ok {
				t.Errorf("ended with %v", err)
			}
			for _, want := range []string{tt.want, testenv.RedisVariable + " is not set", "make test"} {
				if !strings.Contains(string(out), want) {
					t.Errorf("output lacks %q:\n%s", want, out)
				}
			}
		})
	}
}

// TestWithoutServers is the subject of TestTurnedAway.
func TestWithoutServers(t *testing.T) {
	if os.Getenv("ANKKOR_TURN_AWAY") == "" {
		return
	}
	servers.Redis(t)
	t.Log("got past the missing server")
}
