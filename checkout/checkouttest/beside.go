package checkouttest

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
)

// BesideHarness is an empty store of checkouts and the carts beside it, which are a [checkout.Beside].
type BesideHarness struct {
	Store checkout.Store
	Carts cart.Store
}

// RunBeside checks a [checkout.Beside].
func RunBeside(t *testing.T, fresh func(t *testing.T) BesideHarness) {
	for _, p := range []struct {
		name  string
		check func(*besideTest)
	}{
		{"both are what each says for itself", bothAsEachSays},
		{"a checkout without a cart comes without one", cartless},
		{"what is absent is ErrNotFound", bothAbsent},
		{"both are read as they are now", bothNow},
		{"another store is not the one beside", notBeside},
	} {
		t.Run(p.name, func(t *testing.T) {
			h := fresh(t)
			beside, ok := h.Carts.(checkout.Beside)
			if !ok {
				t.Fatal("the carts are no checkout.Beside")
			}
			p.check(&besideTest{&storeTest{T: t, StoreHarness: StoreHarness{Store: h.Store}}, h.Carts, beside})
		})
	}
}

type besideTest struct {
	*storeTest
	carts  cart.Store
	beside checkout.Beside
}

func (s *besideTest) save(owner cart.Owner, product int64, version int64) cart.Cart {
	s.Helper()
	ref := cart.ItemRef{ProductID: product}
	c, err := s.carts.Save(s.Context(), cart.Cart{
		ID: "cart-of-guest-" + string(owner[len(owner)-1:]), Owner: owner, Lines: []cart.Line{{Key: ref.Key(), Ref: ref, Quantity: 2}}, UpdatedAt: at,
	}, version)
	if err != nil {
		s.Fatalf("Save: %v", err)
	}
	return c
}

// both reads both, and holds them against what is wanted.
func (s *besideTest) both(id checkout.ID, want cart.Cart, wantThere bool) {
	s.Helper()
	r, c, there, err := s.beside.LoadBoth(s.Context(), id)
	if err != nil {
		s.Fatalf("LoadBoth: %v", err)
	}
	if diff := cmp.Diff(s.load(id), r, compared); diff != "" {
		s.Errorf("LoadBoth returned another record than Load (-Load +LoadBoth):\n%s", diff)
	}
	if there != wantThere {
		s.Errorf("there is a cart: %t, want %t", there, wantThere)
	}
	if diff := cmp.Diff(want, c, compared); there && diff != "" {
		s.Errorf("LoadBoth returned another cart (-want +got):\n%s", diff)
	}
}

func bothAsEachSays(s *besideTest) {
	s.create(full("chk_1"))
	s.save("guest:2", 2, 0) // somebody else's
	s.both("chk_1", s.save("guest:1", 1, 0), true)
}

func cartless(s *besideTest) {
	s.create(full("chk_1"))
	s.save("guest:2", 2, 0)
	s.both("chk_1", cart.Cart{}, false)
}

func bothAbsent(s *besideTest) {
	s.save("guest:1", 1, 0)
	for _, id := range []checkout.ID{"chk_none", "", "a\x00b", "\xff"} {
		if _, _, _, err := s.beside.LoadBoth(s.Context(), id); !errors.Is(err, checkout.ErrNotFound) {
			s.Errorf("LoadBoth(%q): %v", id, err)
		}
	}
}

func bothNow(s *besideTest) {
	r := s.create(full("chk_1"))
	c := s.save("guest:1", 1, 0)
	s.both("chk_1", c, true)
	r.Alerts = append(r.Alerts, "newer")
	s.commit(checkout.Change{Record: r})
	s.both("chk_1", s.save("guest:1", 2, c.Version), true)
	if err := s.carts.Delete(s.Context(), "guest:1"); err != nil {
		s.Fatalf("Delete: %v", err)
	}
	s.both("chk_1", cart.Cart{}, false)
}

func notBeside(s *besideTest) {
	if !s.beside.Beside(s.Store) {
		s.Error("the store it is beside is not")
	}
	if s.beside.Beside(struct{ checkout.Store }{s.Store}) || s.beside.Beside(nil) {
		s.Error("a store that it does not read is beside it")
	}
}
