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
		return Most, 20
	case n%10 == 9:
		return 12, 24
	}
	return 8, Calls
}

// Result counts what came of it.
type Result struct {
	Legal, Illegal, Undecided int64
	// Long is how many took a second look.
	Long int64
	// Calls made; of these the answers lost; and of these the ones that a client itself
	// sent again.
	Calls, Unknown, Resent int64
}

// patience bounds the search for an explanation. It takes a millisecond as a rule; what
// it does not suffice for is looked at again when all are played, for longer.
const (
	patience   = 2 * time.Second
	secondLook = 3 * time.Minute
)

// Run plays histories and fails the test for each that has no explanation, printing
// and keeping it: in the folder that ANKKOR_LINEAR_FOLDER names, or the system's
// for temporary files. It stops at the fifth.
func Run(t *testing.T, c Config) Result {
	t.Helper()
	j := &jury{t: t}
	var next atomic.Int64
	var wg sync.WaitGroup
	for worker := range c.Workers {
		shop := c.Open(t, worker)
		wg.Go(func() {
			for {
				n := next.Add(1) - 1
				if n >= int64(c.Histories) || j.illegal() >= 5 {
					return
				}
				j.judge(c.play(t.Context(), worker, uint64(n), shop))
			}
		})
	}
	wg.Wait()
	j.again(c.Workers)
	return j.result
}

// jury judges histories and counts. It is safe for concurrent use.
type jury struct {
	t *testing.T

	mu     sync.Mutex
	result Result
	open   []History // for a second look
}

func (j *jury) illegal() int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.result.Illegal
}

// judge looks at a history for the first time.
func (j *jury) judge(h History, err error) {
	verdict := Illegal
	if err == nil {
		verdict = Judge(h, patience)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.result.Calls += int64(len(h.Operations))
	j.result.Unknown += int64(h.Unknown)
	j.result.Resent += int64(h.Resent)
	if verdict == Undecided {
		j.open = append(j.open, h)
		return
	}
	j.count(verdict, h, err)
}

// count is called with the lock held.
func (j *jury) count(verdict Verdict, h History, err error) {
	switch verdict {
	case Legal:
		j.result.Legal++
	case Undecided:
		j.result.Undecided++
	case Illegal:
		j.result.Illegal++
		accuse(j.t, h, err)
	}
}

// again looks at what was left open, longer and so many at once.
func (j *jury) again(atOnce int) {
	open := j.open
	j.result.Long = int64(len(open))
	places := make(chan struct{}, atOnce)
	var wg sync.WaitGroup
	for _, h := range open {
		places <- struct{}{}
		wg.Go(func() {
			verdict := Judge(h, secondLook)
			j.mu.Lock()
			j.count(verdict, h, nil)
			j.mu.Unlock()
			<-places
		})
	}
	wg.Wait()
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
