package cache_test

import (
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/cart/carttest"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/cache"
	"github.com/ankkor/ankkor/woo/wootest"
)

// counted counts the requests of a client.
type counted struct {
	next http.RoundTripper
	n    atomic.Int64
}

func (c *counted) RoundTrip(r *http.Request) (*http.Response, error) {
	c.n.Add(1)
	return c.next.RoundTrip(r)
}

// onWooCommerce is a catalogue in front of a client of the stand-in.
func onWooCommerce(t testing.TB) (*wootest.Store, *cache.Catalogue, *woo.Client, *counted) {
	t.Helper()
	store, err := wootest.New(wootest.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	requests := &counted{next: store.HTTPClient().Transport}
	client, err := woo.New(woo.Config{
		URL: store.URL(), GraphQLURL: store.GraphQLURL(), Key: store.ConsumerKey(), Secret: woo.NewSecret(store.ConsumerSecret()),
		HTTP: &http.Client{Transport: requests},
	})
	if err != nil {
		t.Fatal(err)
	}
	return store, open(t, client), client, requests
}

// TestCatalogConformance: a cart cannot tell the cache from the store.
func TestCatalogConformance(t *testing.T) {
	carttest.RunCatalog(t, func(tb testing.TB) carttest.CatalogHarness {
		_, c, client, _ := onWooCommerce(tb)
		known, err := client.Items(tb.Context(), []cart.ItemRef{{ProductID: 16}, {ProductID: 17}, {ProductID: 37, VariationID: 38}})
		if err != nil {
			tb.Fatal(err)
		}
		return carttest.CatalogHarness{Catalog: c, Known: known, Gone: []cart.ItemRef{{ProductID: 999999}, {ProductID: 33}}}
	})
}

// TestItemsAge: never older than ItemTTL, and never shown stale.
func TestItemsAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		c := open(t, s)
		for i, step := range []struct {
			after time.Duration
			want  string
		}{{0, "reading 1"}, {5*time.Second - 1, "reading 1"}, {1, "reading 2"}, {time.Hour, "reading 3"}} {
			time.Sleep(step.after)
			got, err := c.Items(t.Context(), []cart.ItemRef{{ProductID: 7}})
			if err != nil || got[0].Name != step.want {
				t.Errorf("step %d: %v, %v", i, got, err)
			}
		}
		s.failing(&woo.Error{Kind: woo.Unavailable})
		time.Sleep(5 * time.Second)
		if got, err := c.Items(t.Context(), []cart.ItemRef{{ProductID: 7}}); !errors.Is(err, woo.ErrUnavailable) || got != nil {
			t.Errorf("an old price was shown: %v, %v", got, err)
		}
	})
}

// TestItemsReadWhatIsMissing, in one request, and share what is there.
func TestItemsReadWhatIsMissing(t *testing.T) {
	s := newShelf()
	c := open(t, s)
	ask := func(ids ...int64) {
		t.Helper()
		var refs []cart.ItemRef
		for _, id := range ids {
			refs = append(refs, cart.ItemRef{ProductID: id})
		}
		got, err := c.Items(t.Context(), refs)
		if err != nil || len(got) != len(ids) {
			t.Fatalf("%v, %v", got, err)
		}
		for i, id := range ids {
			if got[i].Ref.ProductID != id {
				t.Errorf("item %d is of %d, want %d", i, got[i].Ref.ProductID, id)
			}
			got[i].CategoryIDs[0] = 99 // the caller's own
		}
	}
	ask(1, 2)
	ask(2, 1, 2)
	ask(3, 1, 4, 5, 3)
	ask(5, 4, 3, 2, 1)
	ask()
	if s.count("items 2") != 1 || s.count("items 3") != 1 || len(s.reads) != 2 {
		t.Errorf("%v", s.reads)
	}
	if got, err := c.Items(t.Context(), []cart.ItemRef{{ProductID: 1}}); err != nil || got[0].CategoryIDs[0] != 3 {
		t.Errorf("what a caller wrote is kept: %v, %v", got, err)
	}
}

// TestPastTheCache: a fresh context, and a catalogue that keeps no items.
func TestPastTheCache(t *testing.T) {
	s := newShelf()
	c := open(t, s)
	refs := []cart.ItemRef{{ProductID: 7}}
	for range 3 {
		_, err1 := c.Items(cache.Fresh(t.Context()), refs)
		_, err2 := c.Product(cache.Fresh(t.Context()), "kurta")
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
	}
	if s.count("items 1") != 3 || s.count("slug kurta") != 3 || c.Len() != 0 {
		t.Errorf("%v, %d kept", s.reads, c.Len())
	}
	without := open(t, s, func(cfg *cache.Config) { cfg.ItemTTL = -1 })
	for range 3 {
		if _, err := without.Items(t.Context(), refs); err != nil {
			t.Fatal(err)
		}
	}
	if s.count("items 1") != 6 {
		t.Errorf("%v", s.reads)
	}
}

// TestColdItemsShare: readers who lack the same items, in whatever order.
func TestColdItemsShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		c := open(t, s)
		release := s.block()
		errs := make(chan error, 100)
		for i := range 100 {
			refs := []cart.ItemRef{{ProductID: 1}, {ProductID: 2}}
			if i%2 == 0 {
				refs[0], refs[1] = refs[1], refs[0]
			}
			go func() {
				got, err := c.Items(t.Context(), refs)
				if err == nil && (len(got) != 2 || got[0].Ref.ProductID != refs[0].ProductID) {
					err = errors.New("not what was asked for")
				}
				errs <- err
			}()
		}
		synctest.Wait()
		release()
		for range 100 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		if s.count("items 2") != 1 {
			t.Errorf("%v", s.reads)
		}
	})
}

// TestThousandReadersOfAStore: on the wire, too, they are the requests of one.
func TestThousandReadersOfAStore(t *testing.T) {
	_, c, client, requests := onWooCommerce(t)
	if _, err := client.Product(t.Context(), "masala-chai-mug"); err != nil {
		t.Fatal(err)
	}
	one := requests.n.Load() // what a reading takes the first time, the store's settings included
	if _, err := client.Product(t.Context(), "masala-chai-mug"); err != nil {
		t.Fatal(err)
	}
	one = requests.n.Load() - one
	before := requests.n.Load()
	errs := make(chan error, 1000)
	for range 1000 {
		go func() {
			_, err := c.Product(t.Context(), "masala-chai-mug")
			errs <- err
		}()
	}
	for range 1000 {
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
	}
	if n := requests.n.Load() - before; n != one || one == 0 {
		t.Errorf("%d requests for a thousand readers, %d for one", n, one)
	}
}
