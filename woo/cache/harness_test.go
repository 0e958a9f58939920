package cache_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/cache"
)

// shelf is a source in memory. Every answer has a number that grows, so that a
// test sees which reading it comes from.
type shelf struct {
	mu     sync.Mutex
	reads  map[string]int
	left   int // readings that were given up
	fail   error
	blocks chan struct{} // when set, readings wait until it is closed
}

func newShelf() *shelf { return &shelf{reads: map[string]int{}} }

// read counts a reading and answers its number.
func (s *shelf) read(ctx context.Context, what string) (int, error) {
	s.mu.Lock()
	s.reads[what]++
	n, fail, blocks := s.reads[what], s.fail, s.blocks
	s.mu.Unlock()
	if blocks != nil {
		select {
		case <-blocks:
		case <-ctx.Done():
			<-time.After(time.Second) // hanging up takes a while, of simulated time
			s.mu.Lock()
			s.left++
			s.mu.Unlock()
			return n, &woo.Error{Kind: woo.Unavailable, Op: "read", Cause: ctx.Err()}
		}
	}
	return n, fail
}

func (s *shelf) count(what string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reads[what]
}

func (s *shelf) failing(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = err
}

// block makes readings wait for the returned function.
func (s *shelf) block() (release func()) {
	blocks := make(chan struct{})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.blocks = blocks
	return func() {
		s.mu.Lock()
		s.blocks = nil
		s.mu.Unlock()
		close(blocks)
	}
}

// open lets later readings through; those that wait go on waiting.
func (s *shelf) open() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.blocks = nil
}

func missing() error {
	return &woo.Error{Kind: woo.NotFound, Op: "read product", Message: "no such product"}
}

// product 7 is "kurta", of variation 71, beside product 9, in category "wear".
func (s *shelf) product(ctx context.Context, what string) (woo.Product, error) {
	n, err := s.read(ctx, what)
	if err != nil {
		return woo.Product{}, err
	}
	return woo.Product{
		ID: 7, Slug: "kurta", Name: fmt.Sprint("reading ", n), Variations: []woo.Variation{{ID: 71}},
		Related: []woo.Card{{ID: 9}}, Categories: []woo.Term{{ID: 3, Slug: "wear"}},
	}, nil
}

func (s *shelf) Product(ctx context.Context, slug string) (woo.Product, error) {
	return s.product(ctx, "slug "+slug)
}

func (s *shelf) ProductByID(ctx context.Context, id int64) (woo.Product, error) {
	return s.product(ctx, fmt.Sprint("id ", id))
}

func (s *shelf) ProductPage(ctx context.Context, f woo.ProductFilter, after string) (woo.Page, error) {
	p, err := s.product(ctx, "page "+f.Category+after)
	if err != nil {
		return woo.Page{}, err
	}
	return woo.Page{Products: []woo.Product{p}, Total: 1}, nil
}

func (s *shelf) CategoryTree(ctx context.Context) ([]woo.Category, error) {
	n, err := s.read(ctx, "tree")
	return []woo.Category{{ID: 3, Slug: "wear", Count: int64(n)}}, err
}

func (s *shelf) Items(ctx context.Context, refs []cart.ItemRef) ([]cart.Item, error) {
	n, err := s.read(ctx, fmt.Sprint("items ", len(refs)))
	if err != nil {
		return nil, err
	}
	out := make([]cart.Item, 0, len(refs))
	for _, ref := range refs {
		out = append(out, cart.Item{Ref: ref, Name: fmt.Sprint("reading ", n), Status: cart.StatusOK, CategoryIDs: []int64{3}})
	}
	return out, nil
}

// open makes a catalogue in front of a shelf and closes it with the test.
func open(t testing.TB, s cache.Source, edit ...func(*cache.Config)) *cache.Catalogue {
	t.Helper()
	cfg := cache.Config{Source: s, TTL: time.Minute, Stale: 10 * time.Minute, ItemTTL: 5 * time.Second, MissTTL: 3 * time.Second}
	for _, f := range edit {
		f(&cfg)
	}
	c, err := cache.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(c.Close(), c.Close()); err != nil {
			t.Error(err)
		}
	})
	return c
}

// named reads the product and answers which reading it comes from.
func named(t *testing.T, c *cache.Catalogue) string {
	t.Helper()
	p, err := c.Product(t.Context(), "kurta")
	if err != nil {
		t.Fatal(err)
	}
	return p.Name
}
