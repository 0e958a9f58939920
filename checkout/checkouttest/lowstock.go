package checkouttest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

// LowStockHarness is a fresh, empty stock that can be asked what is running out.
type LowStockHarness struct {
	LowStock checkout.LowStock
	Reserver inventory.Reserver
	Levels   inventory.Levels
}

// RunLowStock checks a [checkout.LowStock].
func RunLowStock(t *testing.T, fresh func(t *testing.T) LowStockHarness) {
	promises := []struct {
		name  string
		check func(*lowTest)
	}{
		{"the fewest come first", fewestFirst},
		{"what is reserved is not available", reservedCounts},
		{"what is not tracked is left out", untrackedLeftOut},
		{"the uses of coupons are left out", couponsLeftOut},
		{"no more levels come than asked for", lowLimited},
	}
	for _, p := range promises {
		t.Run(p.name, func(t *testing.T) { p.check(&lowTest{t, fresh(t)}) })
	}
}

type lowTest struct {
	*testing.T
	LowStockHarness
}

// stock puts pieces of products 1, 2, 3 … on the shelf.
func (s *lowTest) stock(pieces ...int64) {
	s.Helper()
	for i, n := range pieces {
		s.set(inventory.Level{Key: product(i + 1), OnHand: n, Policy: inventory.Deny, Revision: 1})
	}
}

func (s *lowTest) set(l inventory.Level) {
	s.Helper()
	if err := s.Levels.SetLevels(s.Context(), []inventory.Level{l}); err != nil {
		s.Fatalf("SetLevels: %v", err)
	}
}

func product(n int) inventory.Key {
	return inventory.ProductItem(int64(n)).At(inventory.DefaultLocation)
}

func (s *lowTest) want(atMost int64, limit int, want ...inventory.Key) {
	s.Helper()
	low, err := s.LowStock.LowStock(s.Context(), atMost, limit)
	if err != nil {
		s.Fatalf("LowStock: %v", err)
	}
	var got []inventory.Key
	for _, l := range low {
		got = append(got, l.Key)
		if l.Available() > atMost {
			s.Errorf("%s has %d available", l.Key, l.Available())
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		s.Errorf("LowStock(%d, %d) (-want +got)\n%s", atMost, limit, diff)
	}
}

func fewestFirst(s *lowTest) {
	s.stock(5, 0, 4, 6, 0, -2)
	s.want(5, 9, product(6), product(2), product(5), product(3), product(1))
	s.want(-3, 9)
}

func reservedCounts(s *lowTest) {
	s.stock(5, 6)
	req := inventory.ReserveRequest{ID: "r1", Owner: "guest:1", Lines: []inventory.Line{{Item: product(2).Item, Quantity: 4}}}
	if _, err := s.Reserver.Reserve(s.Context(), req); err != nil {
		s.Fatal(err)
	}
	s.want(5, 9, product(2), product(1))
	if _, err := s.Reserver.Release(s.Context(), "r1"); err != nil {
		s.Fatal(err)
	}
	s.want(5, 9, product(1))
}

func untrackedLeftOut(s *lowTest) {
	s.stock(5)
	s.set(inventory.Level{Key: product(2), Policy: inventory.Untracked, Revision: 1})
	s.set(inventory.Level{Key: product(3), Policy: inventory.Backorder, BackorderLimit: 9, Revision: 1})
	s.want(5, 9, product(3), product(1))
}

// couponsLeftOut: used up, a coupon has none left for ever, and there is one for each customer, which all would come first.
func couponsLeftOut(s *lowTest) {
	s.stock(5, 6)
	for _, item := range []inventory.Item{
		inventory.CouponItem("diwali"), inventory.CustomerCouponItem("diwali", "7", 1), inventory.CustomerCouponItem("diwali", "ravi@example.in", 1),
	} {
		s.set(inventory.Level{Key: item.At(inventory.DefaultLocation), Policy: inventory.Deny, Revision: 1})
	}
	s.want(9, 2, product(1), product(2))
}

func lowLimited(s *lowTest) {
	s.stock(1, 2, 3)
	s.want(9, 2, product(1), product(2))
	s.want(9, 0)
}
