package pgstore_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ankkor/ankkor/adapters/pgstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

var towel = inventory.ProductItem(2).At(inventory.DefaultLocation)

// 64 shoppers in two processes after 20 mugs and 20 towels, half of them asking in the other order: everybody gets both
// or neither, and the books agree.
func TestTwoProcessesRace(t *testing.T) {
	s := newShop(t)
	stores := []*pgstore.Store{s.open(), s.open()}
	for _, k := range []inventory.Key{mug, towel} {
		if err := stores[0].Receive(t.Context(), k, 20); err != nil {
			t.Fatal(err)
		}
	}
	var sold atomic.Int64
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			id := checkout.ID(fmt.Sprintf("chk_%d", i))
			move := allocate(id, mug, towel)
			if i%4 < 2 {
				move = allocate(id, towel, mug)
			}
			_, err := stores[i%2].Commit(t.Context(), checkout.Change{Record: record(id), Stock: []inventory.Move{move}})
			switch {
			case err == nil:
				sold.Add(1)
			case !errors.Is(err, inventory.ErrInsufficient):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if sold.Load() != 20 {
		t.Errorf("%d pairs of 20 were sold", sold.Load())
	}
	wantConserved(t, stores[0], mug, towel)
}

// wantConserved checks levels against the ledger.
func wantConserved(t *testing.T, store *pgstore.Store, keys ...inventory.Key) {
	t.Helper()
	for _, k := range keys {
		levels, err := store.Levels(t.Context(), []inventory.Item{k.Item})
		if err != nil || len(levels) != 1 {
			t.Fatalf("levels %+v, %v", levels, err)
		}
		entries, err := store.Entries(t.Context(), inventory.LedgerQuery{Item: k.Item})
		if err != nil {
			t.Fatal(err)
		}
		if err := inventory.Conserved(entries, levels[0]); err != nil {
			t.Error(err)
		}
		if levels[0].Oversold() > 0 {
			t.Errorf("%s is oversold: %+v", k, levels[0])
		}
	}
}

// A key that is new to all, and a reference that all want: what one process reads the other may have changed before it
// writes.
func TestTwoProcessesBegin(t *testing.T) {
	s := newShop(t)
	stores := []*pgstore.Store{s.open(), s.open()}
	paid := checkout.Ref{Kind: checkout.RefPayment, Value: "pay_00000000000001"}
	var won atomic.Int64
	var wg sync.WaitGroup
	for i := range 32 {
		wg.Go(func() {
			if err := stores[i%2].Receive(t.Context(), mug, 1); err != nil {
				t.Error(err)
			}
			id := checkout.ID(fmt.Sprintf("chk_%d", i))
			_, err := stores[i%2].Commit(t.Context(), checkout.Change{Record: record(id), Bind: []checkout.Ref{paid}})
			var bound *checkout.BoundError
			switch {
			case err == nil:
				won.Add(1)
			case !errors.As(err, &bound) || bound.Holder == "":
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("%d checkouts hold one payment", won.Load())
	}
	levels, err := stores[0].Levels(t.Context(), []inventory.Item{mug.Item})
	if err != nil || len(levels) != 1 || levels[0].OnHand != 32 {
		t.Errorf("levels %+v, %v; want 32 on hand", levels, err)
	}
	wantConserved(t, stores[0], mug)
}

// Writers of other checkouts meet in one transaction; one that is refused does not spoil it for them.
func TestRefusalsInACrowdAreSingle(t *testing.T) {
	s := newShop(t)
	store := s.open()
	if err := store.Receive(t.Context(), mug, 8); err != nil {
		t.Fatal(err)
	}
	var taken, stale, short atomic.Int64
	var wg sync.WaitGroup
	for i := range 48 {
		wg.Go(func() {
			r := record(checkout.ID(fmt.Sprintf("chk_%d", i)))
			if i%3 == 0 {
				r.Version = 7 // of a record that is not there
			}
			_, err := store.Commit(t.Context(), checkout.Change{Record: r, Stock: []inventory.Move{allocate(r.ID, mug)}})
			switch {
			case err == nil:
				taken.Add(1)
			case errors.Is(err, checkout.ErrConflict) && i%3 == 0:
				stale.Add(1)
			case errors.Is(err, inventory.ErrInsufficient):
				short.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if taken.Load() != 8 || stale.Load() != 16 || short.Load() != 24 {
		t.Errorf("%d taken, %d stale, %d short; want 8, 16, 24", taken.Load(), stale.Load(), short.Load())
	}
	wantConserved(t, store, mug)
}

// asked is a context that tells when somebody first waits for its end.
type asked struct {
	context.Context
	tell func()
}

func (a asked) Done() <-chan struct{} {
	a.tell()
	return a.Context.Done()
}

// receives books a mug in and returns when the call waits: on its way to the database, or for one that is.
func receives(ctx context.Context, store *pgstore.Store) <-chan error {
	waits, done := make(chan struct{}), make(chan error, 1)
	go func() { done <- store.Receive(asked{ctx, sync.OnceFunc(func() { close(waits) })}, mug, 1) }()
	<-waits
	return done
}

// Who gives up while somebody else has the row locked returns at once. What was on its way arrives all the same, what
// waited was never sent, and the store works on.
func TestGivingUp(t *testing.T) {
	s := newShop(t)
	store := s.open()
	if err := store.Receive(t.Context(), mug, 5); err != nil {
		t.Fatal(err)
	}
	tx := s.begin("UPDATE " + s.schema + ".stock SET on_hand = on_hand")
	ctx, cancel := context.WithCancel(t.Context())
	first := receives(ctx, store)
	second := receives(ctx, store)
	cancel()
	if err := <-first; !errors.Is(err, pgstore.ErrUnknown) || !errors.Is(err, context.Canceled) {
		t.Errorf("one on its way: %v", err)
	}
	if err := <-second; !errors.Is(err, pgstore.ErrNotApplied) || !errors.Is(err, context.Canceled) {
		t.Errorf("one that waited: %v", err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := store.Receive(t.Context(), mug, 1); err != nil {
		t.Fatal(err)
	}
	levels, err := store.Levels(t.Context(), []inventory.Item{mug.Item})
	if err != nil || len(levels) != 1 || levels[0].OnHand != 7 {
		t.Errorf("levels %+v, %v; want 7 on hand", levels, err)
	}
}
