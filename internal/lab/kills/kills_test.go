package kills_test

import (
	"context"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ankkor/ankkor/internal/lab/backend"
	"github.com/ankkor/ankkor/internal/lab/servers"
	"github.com/ankkor/ankkor/internal/lab/testenv"
)

var (
	seed  = flag.Uint64("seed", 0, "the `seed` of the moments; 0 draws one")
	times = flag.Int("times", 1, "kill so many `times` as often")
)

func TestMain(m *testing.M) { backend.Main(m) }

// moments draws when to kill.
func moments(t *testing.T) *rand.Rand {
	t.Helper()
	drawn := *seed
	if drawn == 0 {
		drawn = rand.Uint64()
	}
	t.Logf("moments of seed %d", drawn)
	return rand.New(rand.NewPCG(drawn, 0))
}

// impatient lets another process look after a call soon: the stand-ins answer at once or
// never. On a busy machine "at once" is a second or two.
func impatient() []string { return []string{"LEASE=5s", "SETTLE=6s", "LOG_LEVEL=warn"} }

// people is how many buy at the same time, and pieces how many of each thing there are: enough for all of them.
const (
	people = 32
	pieces = 400
)

// TestProcessKilled: the server is killed 15 times while people buy, as soon as a moment
// after it began to answer, and started again.
func TestProcessKilled(t *testing.T) {
	t.Parallel() // most of either test is waiting until the poller comes round
	shop := backend.Open(t, backend.Config{Pieces: pieces, Environment: impatient()})
	underLoad(t, shop, 15, 1500*time.Millisecond, func() {
		shop.Kill()
		shop.Serve(t)
	})
}

// TestPostgresKilled: postmaster and children are killed 6 times while people buy, and
// started again on what they left on the disk. The server stays.
func TestPostgresKilled(t *testing.T) {
	t.Parallel()
	servers.PostgresURL(t) // says on which machines this runs
	own, err := testenv.StartOwnPostgres(t.Context(), filepath.Join(reachable(t), "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { own.Kill() })
	shop := backend.Open(t, backend.Config{PostgresURL: own.URL, Pieces: pieces, Environment: impatient()})
	underLoad(t, shop, 6, 1500*time.Millisecond, func() {
		own.Kill()
		if err := own.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

// underLoad lets people buy while something is killed so often, each time within a while,
// and checks what is left.
func underLoad(t *testing.T, shop *backend.Backend, kills int, within time.Duration, kill func()) {
	t.Helper()
	random := moments(t)
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute*time.Duration(*times)) // nothing takes that long
	defer cancel()
	c := &crowd{shop: shop}
	stop := make(chan struct{})
	gone, began := c.come(ctx, people, stop), time.Now()
	for range kills * *times {
		<-time.After(time.Duration(random.Int64N(int64(within))))
		kill()
	}
	killed := time.Since(began)
	close(stop)
	<-gone
	left := time.Since(began)
	c.check(t)
	t.Logf("%d kills in %s, the last person gone after %s, all settled after %s", kills**times, killed, left, time.Since(began))
}

// reachable is a folder that other users can pass through to, as Postgres needs it.
func reachable(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "ankkor-kills-") //nolint:usetesting // another user passes through it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o711); err != nil {
		t.Fatal(err)
	}
	return folder
}
