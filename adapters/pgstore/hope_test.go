package pgstore_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/adapters/pgstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

// What is only taken is written before anything is read. The answer is what a reader finds afterwards, whichever way it went.
func TestTakingUnread(t *testing.T) {
	take := func(id string, quantity int64, keys ...inventory.Key) inventory.Move {
		m := inventory.Move{Kind: inventory.Allocate, Ref: "chk_1", Reservation: id}
		for _, k := range keys {
			m.Lines = append(m.Lines, inventory.Held{Key: k, Quantity: quantity})
		}
		return m
	}
	set := func(l inventory.Level) func(context.Context, *pgstore.Store) error {
		l.Key, l.Revision = mug, 9
		return func(ctx context.Context, s *pgstore.Store) error { return s.SetLevels(ctx, []inventory.Level{l}) }
	}
	hold := func(id string, keys ...inventory.Key) func(context.Context, *pgstore.Store) error {
		return func(ctx context.Context, s *pgstore.Store) error {
			return reserved(s, reserveRequest(id, "", keys...))(ctx)
		}
	}
	s := newShop(t)
	store := s.open()
	for _, tc := range []struct {
		name   string
		before func(context.Context, *pgstore.Store) error
		move   inventory.Move
		err    error
		used   inventory.ReservationState // of r1
	}{
		{"one", nil, take("", 1, mug), nil, ""},
		{"two keys", nil, take("", 2, towel, mug), nil, ""},
		{"a key twice", nil, take("", 1, mug, mug), nil, ""},
		{"all", nil, take("", 5, mug), nil, ""},
		{"one too many", nil, take("", 6, mug), inventory.ErrInsufficient, ""},
		{"one too many of the second", nil, take("", 6, mug, mug.Item.At("pune")), inventory.ErrInsufficient, ""},
		{"an unknown key", nil, take("", 1, mug.Item.At("pune")), inventory.ErrInsufficient, ""},
		{"what others reserved", hold("r1", mug), take("", 5, mug), nil, inventory.Active},
		{"what it reserved itself", hold("r1", mug), take("r1", 1, mug), nil, inventory.Used},
		{"part of what it reserved", hold("r1", mug, towel), take("r1", 1, mug), nil, inventory.Used},
		{"with a reservation of other things", hold("r1", towel), take("r1", 1, mug), nil, inventory.Used},
		{"too many, with a reservation", hold("r1", mug), take("r1", 6, mug), inventory.ErrInsufficient, inventory.Active},
		{"with a reservation nobody made", nil, take("r9", 1, mug), nil, ""},
		{"on order", set(inventory.Level{Policy: inventory.Backorder, BackorderLimit: 2}), take("", 2, mug), nil, ""},
		{"too many on order", set(inventory.Level{Policy: inventory.Backorder, BackorderLimit: 2}), take("", 3, mug), inventory.ErrInsufficient, ""},
		{"uncounted", set(inventory.Level{Policy: inventory.Untracked}), take("", 9, mug), nil, ""},
		{"oversold elsewhere", set(inventory.Level{OnHand: 3, Allocated: 4}), take("", 1, mug), inventory.ErrInsufficient, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s.empty()
			s.stock(store)
			if tc.before != nil {
				if err := tc.before(t.Context(), store); err != nil {
					t.Fatal(err)
				}
			}
			was := levelsOf(t, store)
			levels, err := store.Move(t.Context(), tc.move)
			if !errors.Is(err, tc.err) {
				t.Fatalf("got %v, want %v", err, tc.err)
			}
			now := levelsOf(t, store)
			if tc.err != nil && !cmp.Equal(was, now) {
				t.Errorf("refused, and yet: %s", cmp.Diff(was, now))
			}
			for _, l := range levels {
				if now[l.Key] != l {
					t.Errorf("answered %+v, and there is %+v", l, now[l.Key])
				}
				if l.Revision != was[l.Key].Revision+1 || l.Allocated <= was[l.Key].Allocated {
					t.Errorf("%+v became %+v", was[l.Key], l)
				}
			}
			wantState(t, store, "r1", tc.used)
		})
	}
}

func levelsOf(t *testing.T, store *pgstore.Store) map[inventory.Key]inventory.Level {
	t.Helper()
	levels, err := store.Levels(t.Context(), []inventory.Item{mug.Item, towel.Item})
	if err != nil {
		t.Fatal(err)
	}
	found := map[inventory.Key]inventory.Level{}
	for _, l := range levels {
		found[l.Key] = l
	}
	return found
}

// wantState checks how a reservation stands, "" if there is none.
func wantState(t *testing.T, store *pgstore.Store, id string, want inventory.ReservationState) {
	t.Helper()
	var over *inventory.EndedError
	r, err := store.Extend(t.Context(), id, time.Hour)
	switch {
	case errors.Is(err, inventory.ErrNotFound):
	case errors.As(err, &over):
		r.State = over.State
	case err != nil:
		t.Fatal(err)
	}
	if r.State != want {
		t.Errorf("%s is %q, want %q", id, r.State, want)
	}
}

// A reservation that is over was not used, even if nobody noted its end.
func TestTakingAfterTheReservationIsOver(t *testing.T) {
	s, store, _ := stocked(t)
	if err := reserved(store, reserveRequest("r1", "", mug))(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.advance(time.Hour + time.Second)
	move := inventory.Move{Kind: inventory.Allocate, Ref: "chk_1", Reservation: "r1", Lines: []inventory.Held{{Key: mug, Quantity: 1}}}
	levels, err := store.Move(t.Context(), move)
	if err != nil || len(levels) != 1 || levels[0].Reserved != 0 {
		t.Errorf("levels %+v, %v; want nothing reserved", levels, err)
	}
	wantState(t, store, "r1", inventory.Expired)
}

// Of a Change that is refused nothing stays, also when it was written before the reason was seen.
func TestRefusedAfterItWasWritten(t *testing.T) {
	_, store, _ := stocked(t)
	paid := checkout.Ref{Kind: checkout.RefPayment, Value: "pay_00000000000001"}
	place := func(id checkout.ID, version int64) error {
		r := record(id)
		r.Version = version
		_, err := store.Commit(t.Context(), checkout.Change{
			Record: r, Stock: []inventory.Move{allocate(id, mug)}, Bind: []checkout.Ref{paid},
			Outbox: []checkout.Event{{ID: string(id), Kind: "k", Checkout: id, Sequence: 1, At: time.Unix(0, 0)}},
		})
		return err
	}
	if err := place("chk_1", 0); err != nil {
		t.Fatal(err)
	}
	var bound *checkout.BoundError
	if err := place("chk_2", 0); !errors.As(err, &bound) || bound.Holder != "chk_1" {
		t.Errorf("another checkout with the payment: %v", err)
	}
	if err := place("chk_1", 7); !errors.Is(err, checkout.ErrConflict) {
		t.Errorf("a version there is not: %v", err)
	}
	if l := levelsOf(t, store)[mug]; l.Allocated != 1 {
		t.Errorf("%d are allocated, want 1", l.Allocated)
	}
	events, err := store.Pending(t.Context(), 10)
	if err != nil || len(events) != 1 {
		t.Errorf("%d events, %v; want 1", len(events), err)
	}
	wantConserved(t, store, mug)
}
