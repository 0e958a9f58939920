package stockhttptest

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ankkor/ankkor/inventory/stockhttp"
)

// OnceHarness is a fresh, empty memory and a hand on its clock.
type OnceHarness struct {
	// Once are one memory as several processes see it, at least one.
	Once []stockhttp.Once
	// Advance moves the memory's clock.
	Advance func(time.Duration)
}

// RunOnce checks a [stockhttp.Once].
func RunOnce(t *testing.T, fresh func(t *testing.T) OnceHarness) {
	promises := []struct {
		name  string
		check func(*onceTest)
	}{
		{"an id has one holder at a time", oneHolder},
		{"of many who begin at once one has it", oneOfMany},
		{"what was done stays done for its time", doneStays},
		{"what was given back can be begun again", givenBack},
		{"what was done cannot be given back", doneNotGivenBack},
		{"a lease that is over lets others begin", leaseEnds},
		{"what is done after its lease is done", doneLate},
		{"a done context changes nothing", doneContext},
	}
	for _, p := range promises {
		t.Run(p.name, func(t *testing.T) { p.check(&onceTest{t, fresh(t)}) })
	}
}

type onceTest struct {
	*testing.T
	OnceHarness
}

func (s *onceTest) want(i int, id string, mine, done bool) {
	s.Helper()
	gotMine, gotDone, err := s.Once[i%len(s.Once)].Begin(s.Context(), id, time.Minute)
	if err != nil || gotMine != mine || gotDone != done {
		s.Errorf("Begin(%s): mine %t, done %t, %v; want %t, %t", id, gotMine, gotDone, err, mine, done)
	}
}

func (s *onceTest) done(i int, id string) {
	s.Helper()
	if err := s.Once[i%len(s.Once)].Done(s.Context(), id, 24*time.Hour); err != nil {
		s.Fatalf("Done: %v", err)
	}
}

func (s *onceTest) forget(i int, id string) {
	s.Helper()
	if err := s.Once[i%len(s.Once)].Forget(s.Context(), id); err != nil {
		s.Fatalf("Forget: %v", err)
	}
}

func oneHolder(s *onceTest) {
	s.want(0, "msg_1", true, false)
	s.want(1, "msg_1", false, false)
	s.want(1, "msg_2", true, false)
}

func oneOfMany(s *onceTest) {
	for round := range 5 {
		var have atomic.Int64
		var wait sync.WaitGroup
		for i := range 16 {
			wait.Go(func() {
				mine, done, err := s.Once[i%len(s.Once)].Begin(s.Context(), strconv.Itoa(round), time.Minute)
				if err != nil || done {
					s.Errorf("done %t, %v", done, err)
				}
				if mine {
					have.Add(1)
				}
			})
		}
		if wait.Wait(); have.Load() != 1 {
			s.Errorf("%d of 16 have it", have.Load())
		}
	}
}

func doneStays(s *onceTest) {
	s.want(0, "msg_1", true, false)
	s.done(0, "msg_1")
	s.want(1, "msg_1", false, true)
	s.Advance(23 * time.Hour)
	for i := range 30 { // others come and go meanwhile
		s.want(i, "other_"+strconv.Itoa(i), true, false)
	}
	s.want(1, "msg_1", false, true)
}

func givenBack(s *onceTest) {
	s.want(0, "msg_1", true, false)
	s.forget(0, "msg_1")
	s.want(1, "msg_1", true, false)
	s.forget(0, "nobody's")
}

func doneNotGivenBack(s *onceTest) {
	s.want(0, "msg_1", true, false)
	s.done(0, "msg_1")
	s.forget(1, "msg_1")
	s.want(0, "msg_1", false, true)
}

func leaseEnds(s *onceTest) {
	for i := range 30 { // of replicas that died, too
		s.want(i, "other_"+strconv.Itoa(i), true, false)
	}
	s.want(0, "msg_1", true, false)
	s.Advance(59 * time.Second / 2)
	s.want(1, "msg_1", false, false)
	s.Advance(time.Minute)
	s.want(1, "msg_1", true, false)
	s.want(0, "msg_1", false, false)
}

func doneLate(s *onceTest) {
	s.want(0, "msg_1", true, false)
	s.Advance(time.Hour)
	s.want(1, "another", true, false)
	s.done(0, "msg_1")
	s.want(1, "msg_1", false, true)
}

func doneContext(s *onceTest) {
	ctx, cancel := context.WithCancel(s.Context())
	cancel()
	if _, _, err := s.Once[0].Begin(ctx, "msg_1", time.Minute); !errors.Is(err, context.Canceled) {
		s.Errorf("Begin: %v", err)
	}
	if err := s.Once[0].Done(ctx, "msg_1", time.Minute); !errors.Is(err, context.Canceled) {
		s.Errorf("Done: %v", err)
	}
	s.want(0, "msg_1", true, false)
	if err := s.Once[0].Forget(ctx, "msg_1"); !errors.Is(err, context.Canceled) {
		s.Errorf("Forget: %v", err)
	}
	s.want(0, "msg_1", false, false)
}
