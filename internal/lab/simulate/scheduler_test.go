package simulate_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing/synctest"
	"time"
)

// scheduler runs tasks one at a time, in a bubble whose time is not real. A task runs until
// it parks; who goes on, and when, is drawn from the seed. Time moves only when everybody
// waits.
type scheduler struct {
	rng   *rand.Rand
	tasks []*task
	steps int

	hash    uint64
	verbose bool
	story   []string
}

// task is one line of work: a request of a shopper, a worker, a parcel of the network.
type task struct {
	name    string
	job     string   // of a worker
	process *process // nil for what is no process of ours
	wake    int64    // in nanoseconds, as all times that are compared at every step
	parked  bool
	resting bool // it may be woken sooner
	done    bool
	failed  any
	resume  chan struct{}
}

type taskKey struct{}

func newScheduler(seed uint64, verbose bool) *scheduler {
	const offset = 14695981039346656037
	return &scheduler{rng: rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15)), hash: offset, verbose: verbose}
}

func (s *scheduler) now() time.Time { return time.Now() } // the bubble's

// start adds a task that begins after a while. What it calls is told who it is by the
// context.
func (s *scheduler) start(name string, p *process, in time.Duration, work func(context.Context)) *task {
	t := &task{name: name, process: p, wake: s.now().Add(in).UnixNano(), parked: true, resume: make(chan struct{})}
	s.tasks = append(s.tasks, t)
	go func() {
		<-t.resume
		defer func() { t.failed, t.done = recover(), true }()
		work(context.WithValue(context.Background(), taskKey{}, t))
	}()
	return t
}

// who is the task that calls.
func who(ctx context.Context) *task { return ctx.Value(taskKey{}).(*task) }

// sleep lets the others run, and goes on no sooner than after d. Whatever a task does to
// the world it does after a sleep, so that two never do it at once.
func (s *scheduler) sleep(ctx context.Context, d time.Duration) {
	t := who(ctx)
	t.wake = s.now().Add(d).UnixNano()
	t.parked = true
	<-t.resume
}

// wakeUp lets a sleeping task go on at that time, if that is sooner.
func (t *task) wakeUp(at time.Time) {
	t.wake = min(t.wake, at.UnixNano())
}

// run lets tasks go on until none is left that wants to before the end.
func (s *scheduler) run(end time.Time) {
	var ready []*task
	for {
		synctest.Wait()
		now, next := s.now().UnixNano(), end.UnixNano()
		ready, next = s.look(ready[:0], now, next)
		switch {
		case len(ready) > 0:
			t := ready[s.rng.IntN(len(ready))]
			s.steps++
			t.parked = false
			t.resume <- struct{}{}
		case next < end.UnixNano():
			time.Sleep(time.Duration(next - now))
		default:
			time.Sleep(end.Sub(s.now()))
			return
		}
	}
}

// look appends the tasks that may go on now, and says when the next one will. It forgets
// those that have ended.
func (s *scheduler) look(ready []*task, now, end int64) (_ []*task, next int64) {
	next = end
	ended := false
	for _, t := range s.tasks {
		switch {
		case !t.parked: // it waits for another task, or
			ended = ended || t.done
		case t.wake <= now:
			ready = append(ready, t)
		case t.wake < next:
			next = t.wake
		}
	}
	if ended {
		s.bury()
	}
	return ready, next
}

// bury forgets the tasks that have ended.
func (s *scheduler) bury() {
	s.tasks = slices.DeleteFunc(s.tasks, func(t *task) bool {
		if t.failed != nil {
			panic(fmt.Sprintf("%s: %v", t.name, t.failed))
		}
		return t.done
	})
}

// note adds to the story, whose hash two runs of a seed share.
func (s *scheduler) note(ctx context.Context, what, how string) {
	const prime = 1099511628211
	name := who(ctx).name
	for _, text := range [...]string{name, what, how} {
		for i := range len(text) {
			s.hash = (s.hash ^ uint64(text[i])) * prime
		}
		s.hash = (s.hash ^ 0xff) * prime
	}
	s.hash = (s.hash ^ uint64(s.now().UnixNano())) * prime
	if s.verbose {
		s.story = append(s.story, fmt.Sprintf("%s %-14s %s: %s", s.now().Format("02 15:04:05.000"), name, what, how))
	}
}

// chance is true that often in a hundred.
func (s *scheduler) chance(percent int) bool { return percent > 0 && s.rng.IntN(100) < percent }

// within is a time up to d.
func (s *scheduler) within(d time.Duration) time.Duration {
	return time.Duration(s.rng.Int64N(int64(d) + 1)).Truncate(time.Millisecond)
}

func draw[T any](s *scheduler, list ...T) T { return list[s.rng.IntN(len(list))] }
