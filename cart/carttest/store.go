package carttest

import (
	"errors"
	"testing"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/pricing"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/shopspring/decimal"
)

// StoreHarness is a store under test, empty and used by nobody else.
type StoreHarness struct {
	// Store is required.
	Store cart.Store
	// Clients are further stores on the same carts, such as connections or processes of their own. Concurrent
	// promises spread their calls over them.
	Clients []cart.Store
}

// RunStore checks every promise of [cart.Store] against stores made by newStore, a fresh one each.
func RunStore(t *testing.T, newStore func(tb testing.TB) StoreHarness) {
	for _, topic := range []struct {
		name     string
		promises []storePromise
	}{
		{"load", loading()},
		{"save", saving()},
		{"conflict", conflicting()},
		{"delete", deleting()},
		{"memory", sharing()},
		{"concurrent", competing()},
	} {
		t.Run(topic.name, func(t *testing.T) {
			for _, p := range topic.promises {
				t.Run(p.text, func(t *testing.T) {
					h := newStore(t)
					if h.Store == nil {
						t.Fatal("the harness has no Store")
					}
					p.check(&store{T: t, StoreHarness: h})
				})
			}
		})
	}
}

// storePromise is one sentence of the contract, and the check that it holds.
type storePromise struct {
	text  string
	check func(s *store)
}

// store is the store under test, in the test of one promise.
type store struct {
	*testing.T
	StoreHarness
}

const owner cart.Owner = "guest:5ca1ab1e"

// sample is a cart that uses everything a store has to keep.
func sample(owner cart.Owner) cart.Cart {
	at := time.Date(2026, 5, 4, 10, 0, 0, 123456000, time.UTC)
	ref := cart.ItemRef{
		ProductID: 1<<53 - 1, VariationID: 42,
		Attributes: map[string]string{"pa_size": "l", "Engraving": "ॐ"},
		Data:       map[string]string{"note": "<b>'\"; DROP TABLE carts; --\\ \u202e\u200b", "empty": ""},
	}
	plain := cart.ItemRef{ProductID: 7}
	return cart.Cart{
		ID: "CARTA", Owner: owner,
		Lines: []cart.Line{
			{
				Key: ref.Key(), Ref: ref, Quantity: 1_000_000_000, AddedAt: at,
				Seen: &cart.SeenPrice{Unit: decimal.RequireFromString("1234567.891"), Currency: pricing.INR},
			},
			{Key: plain.Key(), Ref: plain, Quantity: 1, AddedAt: at.Add(time.Second)},
		},
		Coupons: []string{"zulu", "alpha", "दिवाली"}, Note: "ring\n\ttwice 🙏 {{x}} %s", UpdatedAt: at.Add(time.Hour),
		Applied: []string{"c2", "c1"}, Merged: []string{"OTHER@3"},
		Moved: &cart.Move{To: "customer:42", Policy: cart.MergeLarger},
	}
}

// save saves a cart, which has to work.
func (s *store) save(c cart.Cart, expected int64) cart.Cart {
	s.Helper()
	saved, err := s.Store.Save(s.Context(), c, expected)
	if err != nil {
		s.Fatalf("Save over version %d: %v", expected, err)
	}
	return saved
}

// load loads a cart, which has to be there.
func (s *store) load(owner cart.Owner) cart.Cart {
	s.Helper()
	c, err := s.Store.Load(s.Context(), owner)
	if err != nil {
		s.Fatalf("Load of %s: %v", owner, err)
	}
	return c
}

// wantStored checks what the owner's cart is now.
func (s *store) wantStored(want cart.Cart) {
	s.Helper()
	s.same("stored", want, s.load(want.Owner))
}

// wantNone checks that the owner has no cart.
func (s *store) wantNone(owner cart.Owner) {
	s.Helper()
	c, err := s.Store.Load(s.Context(), owner)
	if !errors.Is(err, cart.ErrNotFound) {
		s.Errorf("Load of %s: got %+v, %v, want an error that is ErrNotFound", owner, c, err)
	}
}

// wantConflict checks that err carries this cart.
func (s *store) wantConflict(err error, current cart.Cart) {
	s.Helper()
	var lost *cart.ConflictError
	if !errors.Is(err, cart.ErrConflict) || !errors.As(err, &lost) {
		s.Fatalf("got %v, want a *ConflictError", err)
	}
	s.same("the conflict's current", current, lost.Current)
}

// same compares carts; nil and empty lists are the same to a store.
func (s *store) same(what string, want, got cart.Cart) {
	s.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		s.Errorf("%s cart (-want +got):\n%s", what, diff)
	}
}

// version returns the cart with that version.
func version(c cart.Cart, n int64) cart.Cart {
	c = c.Clone()
	c.Version = n
	return c
}

// noted returns the cart with that note.
func noted(c cart.Cart, note string) cart.Cart {
	c = c.Clone()
	c.Note = note
	return c
}
