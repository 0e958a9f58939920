package drills

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reseed"
)

// Watch looks after a shop's admission as the checkout service does, only more often,
// and remembers what it found.
type Watch struct {
	guard *reseed.Guard

	mu   sync.Mutex
	lost map[inventory.Loss]int
}

// NewWatch looks once: the first look of a guard doubts, whatever it finds.
func NewWatch(tb testing.TB, shop *Shop) *Watch {
	tb.Helper()
	memory, forgets := shop.Admit.(inventory.Forgetful)
	books, keeps := shop.Decide.(reseed.Books)
	if !forgets || !keeps {
		tb.Fatal("there is nothing to guard")
	}
	guard, err := reseed.New(reseed.Config{Memory: memory, Books: books})
	if err != nil {
		tb.Fatal(err)
	}
	shop.missed = guard.Doubt
	w := &Watch{guard: guard, lost: map[inventory.Loss]int{}}
	if _, err := w.guard.Check(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	return w
}

// Look looks once more.
func (w *Watch) Look(ctx context.Context) error {
	report, err := w.guard.Check(ctx)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lost[report.Lost]++
	return err
}

// Found is how often levels were given up for that reason.
func (w *Watch) Found(loss inventory.Loss) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.lost[loss]
}

// Start looks again and again until stop is called.
func (w *Watch) Start(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() {
		for ctx.Err() == nil {
			_ = w.Look(ctx) // the server may be away
			select {
			case <-ctx.Done():
			case <-time.After(20 * time.Millisecond):
			}
		}
	})
	return func() {
		cancel()
		running.Wait()
	}
}

// InStep says whether the admission knows just what the deciding store knows.
func (s *Shop) InStep(ctx context.Context) error {
	told, err := s.Admit.Levels(ctx, []inventory.Item{s.Item})
	if err != nil {
		return err
	}
	level, err := s.Decide.Levels(ctx, []inventory.Item{s.Item})
	if err != nil {
		return err
	}
	if len(told) != 1 || len(level) != 1 {
		return errors.New("one of them does not know the item")
	}
	if a, b := told[0], level[0]; a.OnHand != b.OnHand || a.Allocated != b.Allocated || a.Revision != b.Revision {
		return errors.New("they know different things")
	}
	return nil
}
