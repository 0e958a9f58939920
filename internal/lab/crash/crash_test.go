package crash_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ankkor/ankkor/internal/lab/crash"
)

// share is which part of the trials is told: one in so many, fewer where the race detector makes them slow. ANKKOR_CRASHES
// is another share, or all.
func share(t *testing.T, usually, underRace int64) int64 {
	t.Helper()
	switch text := os.Getenv("ANKKOR_CRASHES"); {
	case text == "all":
		return 1
	case text != "":
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 1 {
			t.Fatal("ANKKOR_CRASHES is neither a number nor all")
		}
		return n
	case raced:
		return underRace
	}
	return usually
}

// inMemory tells a story in a world of memory.
func inMemory(t *testing.T, s crash.Story, plan crash.Plan) crash.Outcome {
	t.Helper()
	w, err := crash.NewMemory()
	if err != nil {
		t.Error(err)
		return crash.Outcome{}
	}
	return inWorld(t, w, s, plan)
}

func inWorld(t *testing.T, w *crash.World, s crash.Story, plan crash.Plan) crash.Outcome {
	t.Helper()
	out, err := crash.Tell(t.Context(), w, s, plan)
	if err != nil {
		t.Error(err)
	}
	return out
}

// sound tells a story in which nothing goes wrong.
func sound(t *testing.T, tell func(crash.Plan) crash.Outcome) crash.Outcome {
	t.Helper()
	out := tell(crash.Plan{Patient: true})
	if report(t, crash.Plan{}, nil, out); !out.Finished {
		t.Errorf("the story ended early: %s", strings.Join(out.Timeline, "\n"))
	}
	return out
}

// report fails the test for what was violated, and says where.
func report(t *testing.T, plan crash.Plan, names []string, out crash.Outcome) {
	t.Helper()
	if len(out.Violations) == 0 && out.Met == len(plan.Spoil) {
		return
	}
	var where []string
	for _, at := range slices.Sorted(maps.Keys(plan.Spoil)) {
		name := "?"
		if at <= len(names) {
			name = names[at-1]
		}
		where = append(where, fmt.Sprintf("%d %s %s", at, name, plan.Spoil[at]))
	}
	t.Errorf("%s, patient %v, met %d:\n%s\n%s", strings.Join(where, ", "), plan.Patient, out.Met,
		strings.Join(out.Violations, "\n"), strings.Join(out.Timeline, "\n"))
}

// touched is which methods any trial came to.
type touched struct {
	mu    sync.Mutex
	names map[string]int
}

func (c *touched) add(names []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.names == nil {
		c.names = map[string]int{}
	}
	for _, name := range names {
		c.names[name]++
	}
}

// judge fails the run if a method was never come to, but for those named with a reason. A share of the trials need not
// come to all.
func (c *touched) judge(t *testing.T, every int64, but map[string]string) {
	t.Helper()
	if every > 1 {
		t.Logf("one trial in %d: not judged by what it came to", every)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(crash.Methods())) {
		why, excused := but[name]
		switch n := c.names[name]; {
		case n == 0 && !excused:
			t.Errorf("no story comes to %s", name)
		case n > 0 && excused:
			t.Errorf("%s is come to %d times, and is said not to be: %s", name, n, why)
		case excused:
			t.Logf("%s is not come to: %s", name, why)
		}
	}
}

// noCaller are methods of ports that no Service calls.
func noCaller() map[string]string {
	return map[string]string{"Carts.Delete": "hosts delete carts, package checkout only empties them"}
}

// TestSingles spoils every call of every story in memory, once.
func TestSingles(t *testing.T) {
	var seen touched
	var points, told atomic.Int64
	every := share(t, 1, 25)
	t.Run("stories", func(t *testing.T) {
		for _, s := range crash.Stories() {
			t.Run(s.Name, func(t *testing.T) {
				t.Parallel()
				tell := func(p crash.Plan) crash.Outcome { return inMemory(t, s, p) }
				base := sound(t, tell)
				points.Add(int64(len(base.Names)))
				seen.add(base.Names)
				n := int64(0)
				for single := range crash.Singles(base, false) {
					if n++; n%every != 0 {
						continue
					}
					told.Add(1)
					out := tell(single.Plan)
					report(t, single.Plan, base.Names, out)
					seen.add(out.Names)
				}
				t.Logf("%d points, %d of them its recovery's, %d trials; left out: %v", len(base.Names), len(base.Names)-base.Told, n,
					crash.LeftOut(base, false))
			})
		}
	})
	t.Logf("%d points, %d trials told, one in %d", points.Load(), told.Load(), every)
	but := noCaller()
	but["Orders.RestoreSurplus"] = "orders in memory are not subtracted twice; see TestServers"
	for _, name := range []string{"Reserver.Recheck", "Reserver.Retaught", "Store.Standings"} {
		but[name] = "memory forgets nothing; see TestServers"
	}
	but["Reserver.Conclude"] = "memory is told and releases in two calls; see TestServers"
	seen.judge(t, every, but)
}

// TestCrashInRecovery kills the process at every write of every story, and then once more at every write of what comes
// after.
func TestCrashInRecovery(t *testing.T) {
	p := pairs{firsts: share(t, 3, 25), seconds: share(t, 6, 20), modes: []crash.Mode{crash.KillAfter}}
	t.Run("stories", func(t *testing.T) {
		for _, s := range crash.Stories() {
			t.Run(s.Name, func(t *testing.T) {
				t.Parallel()
				p.tell(t, s, func(first crash.Single) bool { return first.Plan.Spoil[first.At].Kills() })
			})
		}
	})
	p.log(t)
}

// TestPairs spoils two calls, in two stories. All of them take ten minutes: usually some are told, the same every time.
func TestPairs(t *testing.T) {
	p := pairs{firsts: share(t, 6, 60), seconds: share(t, 16, 40), modes: crash.Modes()}
	t.Run("stories", func(t *testing.T) {
		for _, s := range crash.Stories() {
			if s.Name != "happy" && s.Name != "both at once" {
				continue
			}
			t.Run(s.Name, func(t *testing.T) {
				t.Parallel()
				p.tell(t, s, func(crash.Single) bool { return true })
			})
		}
	})
	p.log(t)
}

// pairs are trials with two spoiled calls: one in so many firsts, and of what comes after each one in so many seconds.
type pairs struct {
	firsts, seconds int64
	modes           []crash.Mode // of the second
	there, told     atomic.Int64
}

func (p *pairs) tell(t *testing.T, s crash.Story, wanted func(crash.Single) bool) {
	t.Helper()
	n := int64(0)
	for first := range crash.Singles(inMemory(t, s, crash.Plan{Patient: true}), true) {
		if !wanted(first) {
			continue
		}
		if n++; n%p.firsts != 0 {
			continue
		}
		base := inMemory(t, s, first.Plan)
		for plan := range first.Plan.And(base.Names, p.modes...) {
			if p.there.Add(1)%p.seconds != 0 {
				continue
			}
			p.told.Add(1)
			out := inMemory(t, s, plan)
			out.Met = len(plan.Spoil) // two processes that take turns may come to other calls the second time
			report(t, plan, base.Names, out)
		}
	}
}

func (p *pairs) log(t *testing.T) {
	t.Helper()
	t.Logf("%d pairs told, of about %d", p.told.Load(), p.there.Load()*p.firsts)
}
