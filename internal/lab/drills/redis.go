package drills

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/internal/lab/testenv"
)

// Redis is a server that a drill may kill and start again with the same files.
type Redis struct {
	Addr, Folder string
	settings     string
	program      *testenv.Program
}

// NewRedis starts a server with these settings, lines of redis.conf. It ends with the
// test.
func NewRedis(tb testing.TB, settings ...string) *Redis {
	tb.Helper()
	if testenv.RedisProgram() == "" {
		if os.Getenv("CI") != "" {
			tb.Fatal("there is no redis-server")
		}
		tb.Skip("there is no redis-server: make test brings one")
	}
	port, err := testenv.FreePort(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	r := &Redis{Addr: fmt.Sprintf("127.0.0.1:%d", port), Folder: tb.TempDir()}
	r.settings = fmt.Sprintf("bind 127.0.0.1\nport %d\ndir %q\nmaxmemory-policy noeviction\n%s\n", port, r.Folder, strings.Join(settings, "\n"))
	r.Start(tb)
	tb.Cleanup(r.Kill)
	return r
}

// Start runs the server, again after a Kill, and returns when it has loaded its data.
func (r *Redis) Start(tb testing.TB) {
	tb.Helper()
	log, err := os.OpenFile(filepath.Join(r.Folder, "redis.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		tb.Error(err)
		return
	}
	defer log.Close()
	cmd := exec.Command(testenv.RedisProgram(), "-") //nolint:noctx // Kill ends it
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = r.Folder, strings.NewReader(r.settings), log, log
	if r.program, err = testenv.Launch("redis-server", cmd); err != nil {
		tb.Error(err)
		return
	}
	client := r.Client(tb)
	Until(tb, "Redis answers", func(ctx context.Context) bool { return client.Ping(ctx).Err() == nil })
}

// Kill ends the server without a chance to write anything.
func (r *Redis) Kill() { r.program.Kill() }

// Client connects a client that gives up early.
func (r *Redis) Client(tb testing.TB) *redis.Client {
	client := redis.NewClient(&redis.Options{Addr: r.Addr, DialTimeout: time.Second, ReadTimeout: time.Second})
	tb.Cleanup(func() { _ = client.Close() })
	return client
}

// Until asks until something is so, for a minute at most.
func Until(tb testing.TB, what string, is func(context.Context) bool) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for !is(ctx) {
		select {
		case <-ctx.Done():
			tb.Errorf("a minute has gone by and still not: %s", what) // a drill asks from any goroutine
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}
