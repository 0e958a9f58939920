package carttest_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/cart/carttest"
	"github.com/ankkor/ankkor/internal/suitetest"
)

// shelves is a sound store, which the faults below are planted in.
type shelves struct {
	mu    sync.Mutex
	carts map[cart.Owner]cart.Cart
}

func newShelves() *shelves { return &shelves{carts: map[cart.Owner]cart.Cart{}} }

func (s *shelves) Load(ctx context.Context, owner cart.Owner) (cart.Cart, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.carts[owner]
	if !ok {
		return cart.Cart{}, errors.Join(cart.ErrNotFound, ctx.Err())
	}
	return c.Clone(), ctx.Err()
}

func (s *shelves) Save(ctx context.Context, c cart.Cart, expected int64) (cart.Cart, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.judge(ctx, c, expected); err != nil {
		return cart.Cart{}, err
	}
	return s.put(c, expected+1), nil
}

func (s *shelves) judge(ctx context.Context, c cart.Cart, expected int64) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	stored, ok := s.carts[c.Owner]
	if stored.Version == expected && (!ok || stored.ID == c.ID) {
		return nil
	}
	stored.Owner = c.Owner
	return &cart.ConflictError{Current: stored.Clone()}
}

func (s *shelves) put(c cart.Cart, version int64) cart.Cart {
	c = c.Clone()
	c.Version = version
	s.carts[c.Owner] = c
	return c.Clone()
}

func (s *shelves) Delete(ctx context.Context, owner cart.Owner) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.carts, owner)
	return nil
}

// faulty is the sound store with some of its methods replaced.
type faulty struct {
	*shelves
	load   func(s *shelves, ctx context.Context, owner cart.Owner) (cart.Cart, error)
	save   func(s *shelves, ctx context.Context, c cart.Cart, expected int64) (cart.Cart, error)
	remove func(s *shelves, ctx context.Context, owner cart.Owner) error
}

func (f faulty) Load(ctx context.Context, owner cart.Owner) (cart.Cart, error) {
	if f.load == nil {
		return f.shelves.Load(ctx, owner)
	}
	return f.load(f.shelves, ctx, owner)
}

func (f faulty) Save(ctx context.Context, c cart.Cart, expected int64) (cart.Cart, error) {
	if f.save == nil {
		return f.shelves.Save(ctx, c, expected)
	}
	return f.save(f.shelves, ctx, c, expected)
}

func (f faulty) Delete(ctx context.Context, owner cart.Owner) error {
	if f.remove == nil {
		return f.shelves.Delete(ctx, owner)
	}
	return f.remove(f.shelves, ctx, owner)
}

func TestASoundStorePasses(t *testing.T) {
	carttest.RunStore(t, func(testing.TB) carttest.StoreHarness {
		s := newShelves()
		return carttest.StoreHarness{Store: s, Clients: []cart.Store{s}}
	})
}

func BenchmarkASoundStore(b *testing.B) {
	carttest.BenchmarkStore(b, func(testing.TB) carttest.StoreHarness {
		return carttest.StoreHarness{Store: newShelves()}
	})
}

func TestRunStoreRejects(t *testing.T) {
	for name, tt := range storeFaults() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			suitetest.Rejects(t, tt.promise, func(t *testing.T) {
				carttest.RunStore(t, func(testing.TB) carttest.StoreHarness {
					f := tt.fault
					f.shelves = newShelves()
					return carttest.StoreHarness{Store: f}
				})
			})
		})
	}
}
