package linear

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Config says how many histories of what size are played.
type Config struct {
	Histories int
	// Workers play at the same time, each on a shop of its own.
	Workers int
	// Seed of the first history; the others count up.
	Seed uint64
	// Open makes a worker's shop, with Most clients.
	Open func(tb testing.TB, worker int) Shop
	// Fresh, unless nil, empties a worker's shop before a history.
	Fresh func(worker int) error
	// Crowd, unless nil, says how many clients the nth history has, Most at most, and
	// how many calls they make.
	Crowd func(n uint64) (clients, calls int)
}

// Most is how many clients a history has at most, and Calls how many calls are made
// in all. The search for an explanation takes time that doubles with each client.
const (
	Most  = 16
	Calls = 32
)

// crowd says how many clients the nth history has, and how many calls they make.
func crowd(n uint64) (clients, calls int) {
	switch {
	case n%100 == 99:
		return Most, 24
	case n%10 == 9:
		return 12, 28
	}
	return 8, Calls
}

// Result counts what came of it.
type Result struct {
	Legal, Illegal, Undecided int64
	// Calls made; of these the answers lost; and of these the ones that a client itself
	// sent again.
	Calls, Unknown, Resent int64
}

// patience bounds the search for an explanation. It takes a millisecond as a rule.
const patience = 2 * time.Second

// Run plays histories and fails the test for each that has no explanation, printing
// and keeping it: in the folder that ANKKOR_LINEAR_FOLDER names, or the system's
// for temporary files. It stops at the fifth.
func Run(t *testing.T, c Config) Result {
	t.Helper()
	var next, legal, illegal, undecided, calls, unknown, resent atomic.Int64
	var wg sync.WaitGroup
	for worker := range c.Workers {
		shop := c.Open(t, worker)
		wg.Go(func() {
			for {
				n := next.Add(1) - 1
				if n >= int64(c.Histories) || illegal.Load() >= 5 {
					return
				}
				h, err := c.play(t.Context(), worker, uint64(n), shop)
				calls.Add(int64(len(h.Operations)))
				unknown.Add(int64(h.Unknown))
				resent.Add(int64(h.Resent))
				verdict := Illegal
				if err == nil {
					verdict = Judge(h, patience)
				}
				switch verdict {
				case Legal:
					legal.Add(1)
				case Undecided:
					undecided.Add(1)
				case Illegal:
					illegal.Add(1)
					accuse(t, h, err)
				}
			}
		})
	}
	wg.Wait()
	return Result{legal.Load(), illegal.Load(), undecided.Load(), calls.Load(), unknown.Load(), resent.Load()}
}

// play records the nth history on a worker's shop.
func (c Config) play(ctx context.Context, worker int, n uint64, shop Shop) (History, error) {
	if c.Fresh != nil {
		if err := c.Fresh(worker); err != nil {
			return History{}, err
		}
	}
	if c.Crowd == nil {
		c.Crowd = crowd
	}
	clients, calls := c.Crowd(n)
	shop.Clients = shop.Clients[:clients]
	return Record(ctx, fmt.Sprintf("h%d", n), c.Seed+n, shop, calls)
}

// accuse reports a history that cannot be explained.
func accuse(t *testing.T, h History, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("seed %d: %v", h.Seed, err)
		return
	}
	var text strings.Builder
	h.Print(&text)
	path, err := h.Save(folder(), strings.ReplaceAll(t.Name(), "/", "-")+fmt.Sprintf("-%d", h.Seed))
	t.Errorf("no order explains this history (kept in %s, %v):\n%s", path, err, text.String())
}

func folder() string {
	if f := os.Getenv("ANKKOR_LINEAR_FOLDER"); f != "" {
		return f
	}
	return filepath.Join(os.TempDir(), "ankkor-linear")
}
