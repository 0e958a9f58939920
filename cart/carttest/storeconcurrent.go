package carttest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ankkor/ankkor/cart"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func competing() []storePromise {
	return []storePromise{
		{"of many saves over one version one wins", oneWins},
		{"of many first saves one wins", oneFirstWins},
		{"writers that go on from the conflict lose nothing", nothingLost},
		{"a reader sees whole carts", wholeCarts},
	}
}

const writers = 16

// client is the store to be used by the nth of several callers.
func (h StoreHarness) client(n int) cart.Store {
	all := append([]cart.Store{h.Store}, h.Clients...)
	return all[n%len(all)]
}

// together runs do for each writer, all starting at once, and waits for them.
func together(do func(n int)) {
	var group sync.WaitGroup
	start := make(chan struct{})
	for n := range writers {
		group.Go(func() {
			<-start
			do(n)
		})
	}
	close(start)
	group.Wait()
}

// race lets all writers save over one version and checks that one succeeded and left its cart.
func (s *store) race(expected int64, of func(n int) cart.Cart) {
	s.Helper()
	var won atomic.Int64
	var winner atomic.Int64
	together(func(n int) {
		_, err := s.client(n).Save(s.Context(), of(n), expected)
		switch {
		case err == nil:
			won.Add(1)
			winner.Store(int64(n))
		case !errors.Is(err, cart.ErrConflict):
			s.Errorf("Save: %v, want a *ConflictError", err)
		}
	})
	if won.Load() != 1 {
		s.Fatalf("%d of %d saves over version %d succeeded, want 1", won.Load(), writers, expected)
	}
	s.wantStored(version(of(int(winner.Load())), expected+1))
}

func oneWins(s *store) {
	s.save(sample(owner), 0)
	for round := range int64(20) {
		s.race(round+1, func(n int) cart.Cart { return noted(sample(owner), fmt.Sprint("writer ", n)) })
	}
}

func oneFirstWins(s *store) {
	for round := range 20 {
		s.race(0, func(n int) cart.Cart {
			c := sample(cart.Owner(fmt.Sprint("guest:", round)))
			c.ID = fmt.Sprint("CART", n)
			return c
		})
	}
}

func nothingLost(s *store) {
	s.save(cart.Cart{ID: "CARTA", Owner: owner}, 0)
	const each = 5
	together(func(n int) {
		for i := range each {
			if err := appendCoupon(s.Context(), s.client(n), fmt.Sprintf("w%d-%d", n, i)); err != nil {
				s.Error(err)
			}
		}
	})
	c := s.load(owner)
	if len(c.Coupons) != writers*each || c.Version != writers*each+1 {
		s.Errorf("%d coupons at version %d, want %d at %d", len(c.Coupons), c.Version, writers*each, writers*each+1)
	}
}

// appendCoupon is a writer as it should be: it goes on from the cart that beat it.
func appendCoupon(ctx context.Context, store cart.Store, code string) error {
	c, err := store.Load(ctx, owner)
	for attempt := 0; err == nil && attempt < 1000; attempt++ {
		next := c.Clone()
		next.Coupons = append(next.Coupons, code)
		_, err = store.Save(ctx, next, c.Version)
		var lost *cart.ConflictError
		if !errors.As(err, &lost) {
			return err
		}
		c, err = lost.Current, nil
	}
	return err
}

// wholeCarts: each version's note and coupons say the version, and there is always a writer while anybody reads.
func wholeCarts(s *store) {
	s.save(numbered(1), 0)
	var readers sync.WaitGroup
	for n := range 4 {
		readers.Go(func() { s.readWhole(s.client(n + 1)) })
	}
	done := make(chan struct{})
	go func() {
		readers.Wait()
		close(done)
	}()
	for n := int64(1); ; n++ {
		select {
		case <-done:
			return
		default:
		}
		if _, err := s.Store.Save(s.Context(), numbered(n+1), n); err != nil {
			s.Errorf("Save: %v", err)
			<-done
			return
		}
	}
}

// readWhole reads often enough to meet a save under way.
func (s *store) readWhole(from cart.Store) {
	for range 200 {
		c, err := from.Load(s.Context(), owner)
		if err != nil {
			s.Errorf("Load: %v", err)
			return
		}
		if diff := cmp.Diff(numbered(c.Version), c, cmpopts.EquateEmpty()); diff != "" {
			s.Errorf("a cart that nobody saved (-want +got):\n%s", diff)
			return
		}
	}
}

func numbered(n int64) cart.Cart {
	text := fmt.Sprint(n)
	return cart.Cart{
		ID: "CARTA", Owner: owner, Version: n, Note: strings.Repeat(text, 10), Coupons: []string{text, "b" + text, "c" + text},
	}
}

// BenchmarkStore measures saves by many writers, each of an owner of its own, as a shop has them.
func BenchmarkStore(b *testing.B, newStore func(tb testing.TB) StoreHarness) {
	h := newStore(b)
	var next atomic.Int64
	b.RunParallel(func(pb *testing.PB) {
		n := next.Add(1)
		store, c := h.client(int(n)), sample(cart.Owner(fmt.Sprint("guest:", n)))
		for pb.Next() {
			saved, err := store.Save(b.Context(), c, c.Version)
			if err != nil {
				b.Error(err)
				return
			}
			c = saved
		}
	})
}
