package cache_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/cache"
)

// TestAges: fresh, stale with one renewal behind the reader's back, too old.
func TestAges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		c := open(t, s)
		steps := []struct {
			after time.Duration
			want  string
			reads int // once everything has settled
		}{
			{0, "reading 1", 1}, {59 * time.Second, "reading 1", 1}, {time.Second, "reading 1", 2}, {0, "reading 2", 2},
			{time.Minute + 10*time.Minute - time.Nanosecond, "reading 2", 3}, {0, "reading 3", 3}, {11 * time.Minute, "reading 4", 4},
		}
		for i, step := range steps {
			time.Sleep(step.after)
			if got := named(t, c); got != step.want {
				t.Errorf("step %d: %s, want %s", i, got, step.want)
			}
			synctest.Wait()
			if got := s.count("slug kurta"); got != step.reads {
				t.Errorf("step %d: %d readings, want %d", i, got, step.reads)
			}
		}
	})
}

// TestStaleWhileTheStoreIsDown: readers see the last answer, and the store is
// asked about once a second.
func TestStaleWhileTheStoreIsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		c := open(t, s)
		named(t, c)
		s.failing(&woo.Error{Kind: woo.Unavailable, Op: "read", Message: "down"})
		time.Sleep(2 * time.Minute)
		for range 100 { // ten seconds of it
			if got := named(t, c); got != "reading 1" {
				t.Fatal(got)
			}
			synctest.Wait()
			time.Sleep(100 * time.Millisecond)
		}
		if n := s.count("slug kurta"); n != 11 {
			t.Errorf("%d readings, want the first and ten", n)
		}
		time.Sleep(10 * time.Minute)
		if _, err := c.Product(t.Context(), "kurta"); !errors.Is(err, woo.ErrUnavailable) {
			t.Errorf("eleven minutes later: %v", err)
		}
		s.failing(nil)
		if got := named(t, c); got != "reading 13" {
			t.Errorf("%s: the error was remembered", got)
		}
	})
}

// TestOnlyMissesAreRemembered, and they only for a moment.
func TestOnlyMissesAreRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		c := open(t, s)
		for name, test := range map[string]struct {
			err   error
			reads int
		}{
			"not found": {missing(), 1}, "refused": {&woo.Error{Kind: woo.Refused}, 3}, "unauthorised": {&woo.Error{Kind: woo.Unauthorised}, 3},
			"rate limited": {&woo.Error{Kind: woo.RateLimited}, 3}, "anything": {errors.New("odd"), 3},
		} {
			s.failing(test.err)
			for range 3 {
				if _, err := c.Product(t.Context(), name); !errors.Is(err, test.err) {
					t.Errorf("%s: %v", name, err)
				}
			}
			if n := s.count("slug " + name); n != test.reads {
				t.Errorf("%s: %d readings, want %d", name, n, test.reads)
			}
		}
		s.failing(nil)
		time.Sleep(3 * time.Second)
		if _, err := c.Product(t.Context(), "not found"); err != nil {
			t.Errorf("it is there now: %v", err)
		}
	})
}

// TestColdReadersShare: a thousand readers of a cold product are one request,
// and who leaves takes nobody's answer along.
func TestColdReadersShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		c := open(t, s)
		release := s.block()
		ctx, leave := context.WithCancel(t.Context())
		first := make(chan error, 1)
		go func() {
			_, err := c.Product(ctx, "kurta")
			first <- err
		}()
		synctest.Wait() // the one who leaves began the request
		others := make(chan string, 999)
		for range 999 {
			go func() {
				p, err := c.Product(t.Context(), "kurta")
				others <- fmt.Sprint(p.Name, err)
			}()
		}
		synctest.Wait()
		leave()
		if err := <-first; !errors.Is(err, context.Canceled) {
			t.Errorf("who left: %v", err)
		}
		release()
		for range 999 {
			if got := <-others; got != "reading 1<nil>" {
				t.Fatal(got)
			}
		}
		if n := s.count("slug kurta"); n != 1 {
			t.Errorf("%d requests", n)
		}
	})
}

// TestEveryReadingIsKept under what was asked for.
func TestEveryReadingIsKept(t *testing.T) {
	s := newShelf()
	c := open(t, s)
	for range 3 {
		_, err1 := c.Product(t.Context(), "kurta")
		_, err2 := c.ProductByID(t.Context(), 7)
		_, err3 := c.ProductPage(t.Context(), woo.ProductFilter{Category: "wear"}, "")
		_, err4 := c.ProductPage(t.Context(), woo.ProductFilter{Category: "wear"}, "2")
		_, err5 := c.ProductPage(t.Context(), woo.ProductFilter{Category: "toys"}, "")
		_, err6 := c.CategoryTree(t.Context())
		if err := errors.Join(err1, err2, err3, err4, err5, err6); err != nil {
			t.Fatal(err)
		}
	}
	for _, what := range []string{"slug kurta", "id 7", "page wear", "page wear2", "page toys", "tree"} {
		if n := s.count(what); n != 1 {
			t.Errorf("%s: %d readings", what, n)
		}
	}
	if c.Len() != 6 {
		t.Errorf("%d answers are kept", c.Len())
	}
}

// TestErrorsOfLists are handed on and not kept.
func TestErrorsOfLists(t *testing.T) {
	s := newShelf()
	c := open(t, s)
	s.failing(missing())
	_, page := c.ProductPage(t.Context(), woo.ProductFilter{}, "")
	_, tree := c.CategoryTree(t.Context())
	if !errors.Is(page, woo.ErrNotFound) || !errors.Is(tree, woo.ErrNotFound) || c.Len() != 0 {
		t.Errorf("%v, %v, %d kept", page, tree, c.Len())
	}
}

// TestBounded: no more is kept than was allowed.
func TestBounded(t *testing.T) {
	s := newShelf()
	c := open(t, s, func(cfg *cache.Config) { cfg.Size = 50 })
	for i := range 500 {
		if _, err := c.ProductByID(t.Context(), int64(i)); err != nil {
			t.Fatal(err)
		}
	}
	if n := c.Len(); n > 50 || n < 25 {
		t.Errorf("%d answers are kept, of 50", n)
	}
}

// TestClose ends what is under way, and nothing begins afterwards. The bubble
// would not end with a goroutine left over.
func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		c := open(t, s)
		named(t, c)
		defer s.block()()
		got := make(chan error, 1)
		go func() {
			_, err := c.ProductByID(t.Context(), 7)
			got <- err
		}()
		synctest.Wait()
		begun := time.Now()
		if err := c.Close(); err != nil || s.left != 1 || time.Since(begun) != time.Second {
			t.Errorf("%v, %d given up, closed after %v", err, s.left, time.Since(begun))
		}
		if err := <-got; !errors.Is(err, woo.ErrUnavailable) {
			t.Errorf("a reader at the end: %v", err)
		}
		if _, err := c.Product(t.Context(), "kurta"); !errors.Is(err, cache.ErrClosed) {
			t.Errorf("afterwards: %v", err)
		}
	})
}

// TestLoadTimeout: a request that hangs is given up, whoever waits for it.
func TestLoadTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		c := open(t, s, func(cfg *cache.Config) { cfg.LoadTimeout = 4 * time.Second })
		defer s.block()()
		begun := time.Now()
		_, err := c.Product(t.Context(), "kurta")
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) != 5*time.Second {
			t.Errorf("%v after %v", err, time.Since(begun))
		}
	})
}

// TestDoneContext asks for nothing.
func TestDoneContext(t *testing.T) {
	s := newShelf()
	c := open(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Product(ctx, "kurta"); !errors.Is(err, context.Canceled) || s.count("slug kurta") != 0 {
		t.Errorf("%v, %d readings", err, s.count("slug kurta"))
	}
}

func TestConfig(t *testing.T) {
	_, err := cache.New(cache.Config{Size: -1, LoadTimeout: -1})
	var field *cache.ConfigError
	if !errors.Is(err, cache.ErrConfig) || !errors.As(err, &field) || field.Field != "Source" {
		t.Errorf("%v", err)
	}
	if n := len(err.(interface{ Unwrap() []error }).Unwrap()); n != 3 {
		t.Errorf("%d mistakes, want 3: %v", n, err)
	}
}
