package pgstore_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/adapters/pgstore"
	"github.com/ankkor/ankkor/adapters/resend"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouttest"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reconcile"
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

func TestCartsBesideConform(t *testing.T) {
	s := newShop(t)
	store := s.open()
	checkouttest.RunBeside(t, func(*testing.T) checkouttest.BesideHarness {
		s.empty()
		return checkouttest.BesideHarness{Store: store, Carts: store.Carts()}
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

// What was written to a shopper goes with what is known of them, and nobody else's.
func TestEraseTakesDrafts(t *testing.T) {
	s := newShop(t)
	store := s.open()
	for _, id := range []checkout.ID{"chk_1", "chk_11"} {
		if _, err := store.Commit(t.Context(), checkout.Change{Record: record(id)}); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{"shipped/chk_1", "refunded/chk_1", "shipped/chk_11", "chk_1"} {
		if _, _, err := store.Drafts().Freeze(t.Context(), key, []byte("Canary"), s.now()); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Erase(t.Context(), "chk_1"); err != nil {
		t.Fatal(err)
	}
	var left []string
	if err := s.db.SelectContext(t.Context(), &left, "SELECT key FROM "+s.schema+".drafts ORDER BY key"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"chk_1", "shipped/chk_11"}, left); diff != "" {
		t.Errorf("left (-want +got)\n%s", diff)
	}
}

// Hostile names are refused before anything is written, or name nothing.
func TestPortsRefuseBadInput(t *testing.T) {
	s := newShop(t)
	store := s.open()
	ctx := t.Context()
	for what, text := range map[string]string{"a NUL": "a\x00b", "no UTF-8": "a\xff", "10 kB": strings.Repeat("x", 10_000), "nothing": ""} {
		_, mark := store.Marks().Mark(ctx, text, s.now())
		_, _, draft := store.Drafts().Freeze(ctx, text, nil, s.now())
		_, _, begin := store.Turns().Begin(ctx, text, time.Minute)
		done, forget := store.Turns().Done(ctx, text, time.Minute), store.Turns().Forget(ctx, text)
		_, tickets := store.Tickets(ctx, []inventory.Item{inventory.Item(text)})
		_, settle := store.Settle(ctx, inventory.Settlement{Ref: text})
		_, apply := store.ApplyReadings(ctx, []inventory.Reading{{Ticket: inventory.Ticket{Item: inventory.Item(text), Seq: 1}}})
		for i, err := range []error{mark, draft, begin, done, forget, tickets, settle, apply} {
			if !errors.Is(err, inventory.ErrInvalid) || strings.Contains(err.Error(), text) && text != "" {
				t.Errorf("%s, call %d: %v", what, i, err)
			}
		}
	}
	journal := store.Journal()
	for what, text := range map[string]string{"a NUL": "a\x00b", "no UTF-8": "a\xff"} {
		_, cursor := journal.Cursor(ctx, text)
		_, save := journal.SaveCursor(ctx, reconcile.Cursor{Name: text})
		_, _, found := journal.Record(ctx, reconcile.Finding{Item: inventory.Item(text)})
		for i, err := range []error{cursor, save, found} {
			if !errors.Is(err, inventory.ErrInvalid) {
				t.Errorf("%s, call %d: %v", what, i, err)
			}
		}
		list, err := journal.Findings(ctx, reconcile.FindingQuery{State: reconcile.State(text), Items: []inventory.Item{inventory.Item(text)}})
		if err != nil || len(list) > 0 {
			t.Errorf("%s: findings %v, %v", what, list, err)
		}
	}
	for _, q := range []inventory.StandingQuery{{}, {Limit: inventory.MaxBatch + 1}, {Limit: 1, After: "{x}"}} {
		if _, err := store.Standings(ctx, q); !errors.Is(err, inventory.ErrInvalid) {
			t.Errorf("%+v: %v", q, err)
		}
	}
	idle, err := store.Carts().Idle(ctx, time.Time{}, time.Now(), cart.Cart{ID: "a\x00b"}, 5)
	if err != nil || len(idle) > 0 {
		t.Errorf("idle carts after a hostile one: %v, %v", idle, err)
	}
}

// A done context has no effect, whatever is asked.
func TestPortsOfADoneContext(t *testing.T) {
	s := newShop(t)
	store := s.open()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, tickets := store.Tickets(ctx, nil)
	_, apply := store.ApplyReadings(ctx, nil)
	_, settle := store.Settle(ctx, inventory.Settlement{Ref: "chk_1"})
	_, standings := store.Standings(ctx, inventory.StandingQuery{Limit: 1})
	_, cursor := store.Journal().Cursor(ctx, "x")
	_, save := store.Journal().SaveCursor(ctx, reconcile.Cursor{Name: "x"})
	_, _, found := store.Journal().Record(ctx, reconcile.Finding{Item: "product:1"})
	told := store.Journal().Told(ctx, "1")
	_, stuck := store.Stuck(ctx, 1)
	_, tally := store.Tally(ctx, s.now(), s.now())
	_, low := store.LowStock(ctx, 1, 1)
	_, idle := store.Carts().Idle(ctx, s.now(), s.now(), cart.Cart{}, 1)
	_, mark := store.Marks().Mark(ctx, "x", s.now())
	_, _, draft := store.Drafts().Freeze(ctx, "x", nil, s.now())
	for i, err := range []error{tickets, apply, settle, standings, cursor, save, found, told, stuck, tally, low, idle, mark, draft} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("call %d: %v", i, err)
		}
	}
}
