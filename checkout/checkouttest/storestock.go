package checkouttest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

func shortRefused(t *testing.T, s *storeTest) {
	s.receive(2)
	s.commit(checkout.Change{Record: record("chk_1"), Stock: allocate("chk_1", 2)})
	_, err := s.Store.Commit(t.Context(), checkout.Change{Record: record("chk_2"), Stock: allocate("chk_2", 1)})
	var short *inventory.ShortageError
	if !errors.Is(err, inventory.ErrInsufficient) || !errors.As(err, &short) || len(short.Lines) != 1 || short.Lines[0].Item != key.Item {
		t.Fatalf("the third of two pieces: %v, want *inventory.ShortageError naming the item", err)
	}
}

func refusedWritesNothing(t *testing.T, s *storeTest) {
	s.receive(1)
	_, err := s.Store.Commit(t.Context(), checkout.Change{
		Record: record("chk_1"), Stock: allocate("chk_1", 2), Bind: []checkout.Ref{paid},
		Outbox: []checkout.Event{{ID: "chk_1-1", Kind: "k", Checkout: "chk_1", At: at}},
	})
	if err == nil {
		t.Fatal("two of one piece were allocated")
	}
	if _, err := s.Store.Load(t.Context(), "chk_1"); !errors.Is(err, checkout.ErrNotFound) {
		t.Errorf("the record was written: %v", err)
	}
	if _, err := s.Store.Find(t.Context(), paid); !errors.Is(err, checkout.ErrNotFound) {
		t.Errorf("the reference was bound: %v", err)
	}
	if box, ok := s.Store.(checkout.Outbox); ok {
		if events, err := box.Pending(t.Context(), 10); err != nil || len(events) != 0 {
			t.Errorf("the outbox holds %v %v", events, err)
		}
	}
	s.commit(checkout.Change{Record: record("chk_2"), Bind: []checkout.Ref{paid}})
	_, err = s.Store.Commit(t.Context(), checkout.Change{Record: record("chk_3"), Stock: allocate("chk_3", 1), Bind: []checkout.Ref{paid}})
	if !errors.Is(err, checkout.ErrBound) {
		t.Fatalf("a bound reference: %v", err)
	}
	s.commit(checkout.Change{Record: record("chk_4"), Stock: allocate("chk_4", 1)}) // the piece was not taken
}

func levelsReported(t *testing.T, s *storeTest) {
	s.receive(5)
	done := s.commit(checkout.Change{Record: record("chk_1"), Stock: allocate("chk_1", 2)})
	if len(done.Levels) != 1 || done.Levels[0].Key != key || done.Levels[0].OnHand != 5 || done.Levels[0].Allocated != 2 {
		t.Errorf("levels %+v", done.Levels)
	}
	next := s.commit(checkout.Change{Record: done.Record, Stock: []inventory.Move{{
		Kind: inventory.Confirm, Ref: "chk_1", Lines: []inventory.Held{{Key: key, Quantity: 2}},
	}}})
	if len(next.Levels) != 1 || next.Levels[0].OnHand != 3 || next.Levels[0].Allocated != 0 || next.Levels[0].Sold != 2 {
		t.Errorf("levels after confirming %+v", next.Levels)
	}
	if len(next.Levels) == 1 && len(done.Levels) == 1 && next.Levels[0].Revision <= done.Levels[0].Revision {
		t.Error("the revision did not grow")
	}
}

// together calls f n times at once and counts how often it agreed.
func together(n int, f func(i int) bool) int {
	var mu sync.Mutex
	var wg sync.WaitGroup
	count := 0
	for i := range n {
		wg.Go(func() {
			if f(i) {
				mu.Lock()
				count++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return count
}

func oneWriterWins(t *testing.T, s *storeTest) {
	r := s.create(record("chk_1"))
	won := together(20, func(i int) bool {
		mine := r
		mine.CustomerNote = fmt.Sprint(i)
		_, err := s.Store.Commit(t.Context(), checkout.Change{Record: mine})
		if err != nil && !errors.Is(err, checkout.ErrConflict) {
			t.Error(err)
		}
		return err == nil
	})
	if won != 1 || s.load("chk_1").Version != 2 {
		t.Errorf("%d writers won, version %d", won, s.load("chk_1").Version)
	}
}

func oneBinderWins(t *testing.T, s *storeTest) {
	won := together(20, func(i int) bool {
		id := checkout.ID(fmt.Sprintf("chk_%d", i))
		_, err := s.Store.Commit(t.Context(), checkout.Change{Record: record(id), Bind: []checkout.Ref{paid}})
		if err != nil && !errors.Is(err, checkout.ErrBound) {
			t.Error(err)
		}
		return err == nil
	})
	if won != 1 {
		t.Errorf("%d checkouts hold one payment", won)
	}
}

func neverOversold(t *testing.T, s *storeTest) {
	s.receive(100)
	sold := together(200, func(i int) bool {
		id := checkout.ID(fmt.Sprintf("chk_%d", i))
		_, err := s.Store.Commit(t.Context(), checkout.Change{Record: record(id), Stock: allocate(id, 1)})
		if err != nil && !errors.Is(err, inventory.ErrInsufficient) {
			t.Error(err)
		}
		return err == nil
	})
	if sold != 100 {
		t.Errorf("%d of 100 pieces were allocated", sold)
	}
}

func doneContext(t *testing.T, s *storeTest) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Store.Commit(ctx, checkout.Change{Record: record("chk_1")}); !errors.Is(err, context.Canceled) {
		t.Errorf("Commit: %v", err)
	}
	if _, err := s.Store.Load(t.Context(), "chk_1"); !errors.Is(err, checkout.ErrNotFound) {
		t.Errorf("Load: %v", err)
	}
}
