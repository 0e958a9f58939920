package checkouttest

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
)

// MarksHarness is a fresh, empty store of marks.
type MarksHarness struct {
	// Marks are one store as several processes see it, at least one.
	Marks []checkout.Marks
	// Now is the clock that marks are kept by, and Advance moves it. Both may be nil: then it is the wall clock, and that
	// marks are kept is not checked.
	Now     func() time.Time
	Advance func(time.Duration)
}

// RunMarks checks a [checkout.Marks].
func RunMarks(t *testing.T, fresh func(t *testing.T) MarksHarness) {
	promises := []struct {
		name  string
		check func(*marksTest)
	}{
		{"a key is noted once", notedOnce},
		{"of many who ask at once one is told", oneIsTold},
		{"a mark is kept for its time", markKept},
		{"the longest time counts", longestCounts},
	}
	for _, p := range promises {
		t.Run(p.name, func(t *testing.T) { p.check(&marksTest{t, fresh(t)}) })
	}
}

type marksTest struct {
	*testing.T
	MarksHarness
}

func (s *marksTest) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}

func (s *marksTest) mark(i int, key string, keep time.Duration) bool {
	s.Helper()
	first, err := s.Marks[i%len(s.Marks)].Mark(s.Context(), key, s.now().Add(keep))
	if err != nil {
		s.Fatalf("Mark: %v", err)
	}
	return first
}

func notedOnce(s *marksTest) {
	for i, want := range []bool{true, false, false} {
		if got := s.mark(i, "cart/1", time.Hour); got != want {
			s.Errorf("call %d: first is %t", i, got)
		}
	}
	if !s.mark(0, "cart/2", time.Hour) {
		s.Error("another key was noted already")
	}
}

func oneIsTold(s *marksTest) {
	for round := range 5 {
		var told atomic.Int64
		var wait sync.WaitGroup
		for i := range 16 {
			wait.Go(func() {
				first, err := s.Marks[i%len(s.Marks)].Mark(s.Context(), strconv.Itoa(round), s.now().Add(time.Hour))
				if err != nil {
					s.Error(err)
				}
				if first {
					told.Add(1)
				}
			})
		}
		if wait.Wait(); told.Load() != 1 {
			s.Errorf("%d of 16 were told that they are first", told.Load())
		}
	}
}

func markKept(s *marksTest) {
	s.mark(0, "cart/1", 24*time.Hour)
	s.after(23*time.Hour, "cart/1")
}

func longestCounts(s *marksTest) {
	s.mark(0, "cart/1", time.Hour)
	s.mark(0, "cart/1", 24*time.Hour)
	s.mark(0, "cart/1", time.Minute)
	s.after(23*time.Hour, "cart/1")
}

// after lets time pass, and other marks be made, and finds the key still noted.
func (s *marksTest) after(d time.Duration, key string) {
	s.Helper()
	if s.Advance == nil {
		s.Skip("the clock of marks cannot be moved: MarksHarness.Advance is nil")
	}
	s.Advance(d)
	for i := range 30 {
		s.mark(i, "other/"+strconv.Itoa(i), time.Hour)
	}
	if s.mark(1, key, time.Hour) {
		s.Error("a mark was forgotten before its time")
	}
}
