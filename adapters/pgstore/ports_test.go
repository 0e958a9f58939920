package pgstore_test

import (
	"bytes"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/pgstore"
	"github.com/ankkor/ankkor/adapters/resend"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouttest"
	"github.com/ankkor/ankkor/inventory/stockhttp"
	"github.com/ankkor/ankkor/inventory/stockhttp/stockhttptest"
)

func TestRegisterConforms(t *testing.T) {
	s := newShop(t)
	store := s.open()
	checkouttest.RunRegister(t, func(*testing.T) checkouttest.StoreHarness {
		s.empty()
		return checkouttest.StoreHarness{Store: store, Receive: store.Receive, Advance: s.advance}
	})
}

func TestLowStockConforms(t *testing.T) {
	s := newShop(t)
	store := s.open()
	checkouttest.RunLowStock(t, func(*testing.T) checkouttest.LowStockHarness {
		s.empty()
		return checkouttest.LowStockHarness{LowStock: store, Reserver: store, Levels: store}
	})
}

func TestIdleCartsConform(t *testing.T) {
	s := newShop(t)
	carts := s.open().Carts()
	checkouttest.RunIdleCarts(t, func(*testing.T) cart.Store {
		s.empty()
		return carts
	})
}

func TestMarksConform(t *testing.T) {
	s := newShop(t)
	first, second := s.open().Marks(), s.open().Marks()
	checkouttest.RunMarks(t, func(*testing.T) checkouttest.MarksHarness {
		s.empty()
		return checkouttest.MarksHarness{Marks: []checkout.Marks{first, second}, Now: s.now, Advance: s.advance}
	})
}

// now is the database's clock.
func (s *shop) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Now().Add(s.shift)
}

// A mail is kept as it was first written, whichever replica writes it, for longer than the service that sends it
// remembers its key; and not for ever.
func TestDraftsConform(t *testing.T) {
	s := newShop(t)
	drafts := []*pgstore.Drafts{s.open().Drafts(), s.open().Drafts()}
	freeze := func(i int, key, body string) (string, time.Time) {
		t.Helper()
		kept, written, err := drafts[i%2].Freeze(t.Context(), key, []byte(body), s.now())
		if err != nil {
			t.Fatal(err)
		}
		return string(kept), written
	}
	first, at := freeze(0, "shipped/chk_1", "one")
	s.advance(24 * time.Hour)
	for i := range 20 {
		freeze(i, "other"+string(rune('a'+i)), "x")
	}
	if again, written := freeze(1, "shipped/chk_1", "two"); first != "one" || again != "one" || !written.Equal(at) {
		t.Errorf("kept %q, then %q of %s, want that of %s", first, again, written, at)
	}
	s.advance(48 * time.Hour)
	for range 5 {
		freeze(0, "another", "x")
	}
	var left int
	if err := s.db.GetContext(t.Context(), &left, "SELECT count(*) FROM "+s.schema+".drafts"); err != nil || left > 1 {
		t.Errorf("%d drafts are left after three days, %v", left, err)
	}
	if _, _, err := drafts[0].Freeze(t.Context(), "", nil, s.now()); err == nil {
		t.Error("a mail without a key was kept")
	}
}

// Of many replicas that write one mail at once all get the same.
func TestDraftsOfManyReplicas(t *testing.T) {
	s := newShop(t)
	drafts := []*pgstore.Drafts{s.open().Drafts(), s.open().Drafts()}
	var mu sync.Mutex
	var all [][]byte
	var wait sync.WaitGroup
	for i := range 12 {
		wait.Go(func() {
			kept, _, err := drafts[i%2].Freeze(t.Context(), "shipped/chk_1", []byte{byte(i)}, time.Now())
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, kept)
		})
	}
	wait.Wait()
	for _, kept := range all {
		if !bytes.Equal(kept, all[0]) {
			t.Fatalf("one got %v, another %v", kept, all[0])
		}
	}
}

var _ resend.Drafts = (*pgstore.Drafts)(nil)

func TestTurnsConform(t *testing.T) {
	s := newShop(t)
	first, second := s.open().Turns(), s.open().Turns()
	stockhttptest.RunOnce(t, func(*testing.T) stockhttptest.OnceHarness {
		s.empty()
		return stockhttptest.OnceHarness{Once: []stockhttp.Once{first, second}, Advance: s.advance}
	})
}
