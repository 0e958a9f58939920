package testenv_test

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/internal/lab/servers"
	"github.com/ankkor/ankkor/internal/lab/testenv"
)

// privateTemp lets the environment put its files below the test's, where another
// user can pass through.
func privateTemp(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, d := range []string{dir, filepath.Dir(dir)} {
		if err := os.Chmod(d, 0o711); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("TMPDIR", dir)
	return dir
}

func startRedis(t *testing.T) (*testenv.Environment, *redis.Client) {
	t.Helper()
	servers.Redis(t) // ends the test on a machine without one
	t.Setenv(testenv.RedisVariable, "")
	env, err := testenv.Start(t.Context(), testenv.Config{With: []string{testenv.Redis}, Log: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	address, ok := strings.CutPrefix(env.Vars()[0], testenv.RedisVariable+"=")
	if !ok {
		t.Fatalf("variables are %d, the first not Redis's", len(env.Vars()))
	}
	options, err := redis.ParseURL(address)
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(options)
	t.Cleanup(func() { _ = client.Close() })
	return env, client
}

func TestServerAsksForItsPassword(t *testing.T) {
	privateTemp(t)
	env, client := startRedis(t)
	defer env.Close()
	if err := client.Ping(t.Context()).Err(); err != nil {
		t.Errorf("with the password: %v", err)
	}
	stranger := redis.NewClient(&redis.Options{Addr: client.Options().Addr})
	defer stranger.Close()
	if err := stranger.Ping(t.Context()).Err(); err == nil {
		t.Error("without the password: answered")
	}
}

func TestServerListensOnLoopbackOnly(t *testing.T) {
	u, err := url.Parse(os.Getenv(testenv.PostgresVariable))
	servers.PostgresURL(t) // ends the test on a machine without one
	if err != nil || u.Hostname() != "127.0.0.1" {
		t.Errorf("host %q, %v; want 127.0.0.1", u.Hostname(), err)
	}
}

func TestCloseTellsOfAServerThatDied(t *testing.T) {
	dir := privateTemp(t)
	env, client := startRedis(t)
	client.Shutdown(t.Context())
	client.Ping(t.Context()) // the connection breaks when the server has gone
	err := env.Close()
	if err == nil || !strings.Contains(err.Error(), "redis-server ended by itself") {
		t.Errorf("Close() = %v; want word of the dead server", err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestAGivenServerIsTakenAsItIs(t *testing.T) {
	privateTemp(t)
	t.Setenv(testenv.PostgresVariable, "postgres://somewhere.example/db")
	env, err := testenv.Start(t.Context(), testenv.Config{With: []string{testenv.Postgres}, Log: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	defer env.Close()
	if got := env.Vars(); len(got) != 0 {
		t.Errorf("variables %q; want none of our own", got)
	}
}

func TestStartInterrupted(t *testing.T) {
	servers.PostgresURL(t) // ends the test on a machine without one
	dir := privateTemp(t)
	t.Setenv(testenv.PostgresVariable, "")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := testenv.Start(ctx, testenv.Config{With: []string{testenv.Postgres}, Log: t.Output()})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Start = %v, want the interrupt", err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
