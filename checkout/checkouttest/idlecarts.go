package checkouttest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
)

// RunIdleCarts checks a [cart.Store] that is a [checkout.IdleCarts], a fresh and empty one each.
func RunIdleCarts(t *testing.T, fresh func(t *testing.T) cart.Store) {
	promises := []struct {
		name  string
		check func(*idleTest)
	}{
		{"the longest idle come first, those of one moment by their ids", longestIdleFirst},
		{"a window begins after its first moment and holds its last", windowOfCarts},
		{"carts without lines are left out", emptyLeftOut},
		{"page after page every cart comes once", everyCartOnce},
		{"carts come back whole", cartsWhole},
	}
	for _, p := range promises {
		t.Run(p.name, func(t *testing.T) {
			store := fresh(t)
			idle, ok := store.(checkout.IdleCarts)
			if !ok {
				t.Fatal("the store is no checkout.IdleCarts")
			}
			p.check(&idleTest{t, store, idle})
		})
	}
}

type idleTest struct {
	*testing.T
	store cart.Store
	idle  checkout.IdleCarts
}

// leave saves a cart that was last changed at a moment.
func (s *idleTest) leave(id string, changed time.Time, lines int) cart.Cart {
	s.Helper()
	c := cart.Cart{ID: id, Owner: cart.Owner("guest:" + id), UpdatedAt: changed}
	for n := range lines {
		ref := cart.ItemRef{ProductID: int64(n + 1)}
		c.Lines = append(c.Lines, cart.Line{Key: ref.Key(), Ref: ref, Quantity: 1, AddedAt: changed})
	}
	saved, err := s.store.Save(s.Context(), c, 0)
	if err != nil {
		s.Fatalf("Save: %v", err)
	}
	return saved
}

func (s *idleTest) page(from, to time.Time, after cart.Cart, limit int) []cart.Cart {
	s.Helper()
	page, err := s.idle.Idle(s.Context(), from, to, after, limit)
	if err != nil {
		s.Fatalf("Idle: %v", err)
	}
	return page
}

func (s *idleTest) want(page []cart.Cart, want ...string) {
	s.Helper()
	var got []string
	for _, c := range page {
		got = append(got, c.ID)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		s.Errorf("(-want +got)\n%s", diff)
	}
}

func longestIdleFirst(s *idleTest) {
	s.leave("b", at, 1)
	s.leave("B", at, 1)
	s.leave("c", at.Add(-time.Hour), 1)
	s.leave("a", at, 1)
	s.want(s.page(at.Add(-2*time.Hour), at, cart.Cart{}, 9), "c", "B", "a", "b")
}

func windowOfCarts(s *idleTest) {
	for i := range 5 {
		s.leave(fmt.Sprint(i), at.Add(time.Duration(i)*time.Microsecond), 1)
	}
	s.want(s.page(at.Add(time.Microsecond), at.Add(3*time.Microsecond), cart.Cart{}, 9), "2", "3")
	s.want(s.page(at, at, cart.Cart{}, 9))
}

func emptyLeftOut(s *idleTest) {
	s.leave("full", at, 2)
	s.leave("empty", at, 0)
	s.want(s.page(at.Add(-time.Second), at, cart.Cart{}, 9), "full")
	s.want(s.page(at.Add(-time.Second), at, cart.Cart{}, 0))
}

func everyCartOnce(s *idleTest) {
	var want []string
	for i := range 23 {
		c := s.leave(fmt.Sprintf("%02d", i), at.Add(time.Duration(i/4)*time.Second), i%5) // every fifth is empty
		if !c.IsEmpty() {
			want = append(want, c.ID)
		}
	}
	var all []cart.Cart
	for after := (cart.Cart{}); ; after = all[len(all)-1] {
		page := s.page(at.Add(-time.Second), at.Add(time.Hour), after, 3)
		if all = append(all, page...); len(page) < 3 {
			break
		}
		if len(all) > len(want) {
			s.Fatal("the pages have no end")
		}
	}
	s.want(all, want...)
}

func cartsWhole(s *idleTest) {
	saved := s.leave("a", at, 3)
	if diff := cmp.Diff([]cart.Cart{saved}, s.page(at.Add(-time.Second), at, cart.Cart{}, 9)); diff != "" {
		s.Errorf("(-want +got)\n%s", diff)
	}
}
