package pgstore_test

import (
	"errors"
	"net"
	"strconv"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/ankkor/ankkor/adapters/pgstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

var mug = inventory.ProductItem(1).At(inventory.DefaultLocation)

func record(id checkout.ID) checkout.Record {
	return checkout.Record{ID: id, Owner: "guest:1", Token: "ank_" + string(id), Policy: checkout.DefaultPolicy()}
}

func allocate(id checkout.ID, keys ...inventory.Key) inventory.Move {
	m := inventory.Move{Kind: inventory.Allocate, Ref: string(id)}
	for _, k := range keys {
		m.Lines = append(m.Lines, inventory.Held{Key: k, Quantity: 1})
	}
	return m
}

// behind is a store whose connections go through a proxy that loses answers.
func (s *shop) behind() (*pgstore.Store, *proxy) {
	s.tb.Helper()
	var p *proxy
	store := s.open(func(c *pgx.ConnConfig) {
		p = newProxy(s.tb, net.JoinHostPort(c.Host, strconv.Itoa(int(c.Port))))
		p.through(c)
	})
	return store, p
}

// A commit whose answer is lost at any message happens once or not at all, and its error says what can be known. One that
// only takes stock is one message; another that gets goods in as well has to read first.
func TestLostAnswersOfACommit(t *testing.T) {
	s := newShop(t)
	direct := s.open()
	for i, tc := range []struct {
		mark    string
		reads   bool
		unknown bool
	}{
		{"chk_lost0", false, true}, // take, which names the checkout
		{"begin", true, false},
		{"chk_lost2", true, false}, // open, which names the checkout
		{"guest:1", true, false},   // write, which holds the record
		{"commit\x00", true, true},
	} {
		t.Run(tc.mark, func(t *testing.T) {
			id := checkout.ID("chk_lost" + strconv.Itoa(i))
			key := inventory.ProductItem(int64(100 + i)).At(inventory.DefaultLocation)
			if err := direct.Receive(t.Context(), key, 5); err != nil {
				t.Fatal(err)
			}
			store, p := s.behind()
			if err := store.Receive(t.Context(), key, 5); err != nil { // most statements are prepared now
				t.Fatal(err)
			}
			p.lose(tc.mark, 1)
			change := checkout.Change{Record: record(id), Stock: []inventory.Move{allocate(id, key)}}
			if tc.reads {
				goods := []inventory.Held{{Key: inventory.ProductItem(99).At(inventory.DefaultLocation), Quantity: 1}}
				change.Stock = append(change.Stock, inventory.Move{Kind: inventory.Receive, Lines: goods})
			}
			_, err := store.Commit(t.Context(), change)
			if p.lostSoFar() != 1 {
				t.Fatalf("%d answers were lost, want 1", p.lostSoFar())
			}
			if tc.unknown != errors.Is(err, pgstore.ErrUnknown) || tc.unknown == errors.Is(err, pgstore.ErrNotApplied) {
				t.Errorf("got %v; unknown: %v", err, tc.unknown)
			}
			want := 0
			if tc.unknown {
				want = 1
			}
			wantTaken(t, direct, id, key, want)
			if _, err := store.Commit(t.Context(), change); tc.unknown != errors.Is(err, checkout.ErrConflict) || !tc.unknown && err != nil {
				t.Errorf("sent again: %v", err)
			}
			wantTaken(t, direct, id, key, 1)
		})
	}
}

// wantTaken checks that a checkout claimed so many pieces, by its record, the level and the ledger alike.
func wantTaken(t *testing.T, store *pgstore.Store, id checkout.ID, key inventory.Key, want int) {
	t.Helper()
	_, err := store.Load(t.Context(), id)
	if errors.Is(err, checkout.ErrNotFound) != (want == 0) {
		t.Errorf("Load: %v; taken: %d", err, want)
	}
	levels, err := store.Levels(t.Context(), []inventory.Item{key.Item})
	if err != nil || len(levels) != 1 || levels[0].Allocated != int64(want) {
		t.Errorf("levels %+v, %v; want %d allocated", levels, err, want)
	}
	entries, err := store.Entries(t.Context(), inventory.LedgerQuery{Ref: string(id)})
	if err != nil || len(entries) != want {
		t.Errorf("%d entries, %v; want %d", len(entries), err, want)
	}
}

// Nothing below the store sends a move a second time, which is not idempotent.
func TestLostAnswersOfAMove(t *testing.T) {
	s := newShop(t)
	direct := s.open()
	store, p := s.behind()
	if err := store.Receive(t.Context(), mug, 5); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		mark string
		call func() error
	}{
		{"commit\x00", func() error { return store.Receive(t.Context(), mug, 1) }},
		{"chk_lost", func() error {
			_, err := store.Move(t.Context(), allocate("chk_lost", mug))
			return err
		}},
	} {
		before := entriesOf(t, direct)
		p.lose(tc.mark, 3)
		if err := tc.call(); !errors.Is(err, pgstore.ErrUnknown) {
			t.Errorf("%q: got %v, want ErrUnknown", tc.mark, err)
		}
		p.lose(tc.mark, 0)
		if n := entriesOf(t, direct) - before; n != 1 {
			t.Errorf("%q: %d entries, want 1", tc.mark, n)
		}
	}
}

func entriesOf(t *testing.T, store *pgstore.Store) int {
	t.Helper()
	entries, err := store.Entries(t.Context(), inventory.LedgerQuery{})
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

// A reservation is safe to send again whatever was lost.
func TestLostAnswersOfAReservation(t *testing.T) {
	s := newShop(t)
	direct := s.open()
	for i, mark := range []string{"begin", "res_lost1", "guest:2", "commit\x00"} {
		t.Run(mark, func(t *testing.T) {
			key := inventory.ProductItem(int64(100 + i)).At(inventory.DefaultLocation)
			store, p := s.behind()
			if err := store.Receive(t.Context(), key, 5); err != nil {
				t.Fatal(err)
			}
			req := inventory.ReserveRequest{
				ID: "res_lost" + strconv.Itoa(i), Owner: "guest:2", Lines: []inventory.Line{{Item: key.Item, Quantity: 2}},
			}
			p.lose(mark, 1)
			if _, err := store.Reserve(t.Context(), req); err == nil || p.lostSoFar() != 1 {
				t.Fatalf("%d answers lost, error %v", p.lostSoFar(), err)
			}
			if _, err := store.Reserve(t.Context(), req); err != nil {
				t.Fatalf("sent again: %v", err)
			}
			levels, err := direct.Levels(t.Context(), []inventory.Item{key.Item})
			if err != nil || len(levels) != 1 || levels[0].Reserved != 2 {
				t.Errorf("levels %+v, %v; want 2 reserved", levels, err)
			}
		})
	}
}
