package cart_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/google/go-cmp/cmp"
)

func TestSigningIn(t *testing.T) {
	s := newShop(t)
	s.do(guest, add(product(1), 3), add(product(3), 1), add(product(2), 2), coupon("guest"))
	s.do(customer, add(product(1), 5), add(product(3), 1))
	s.catalog.SetStatus(product(2), cart.StatusGone)
	v, report, err := s.Merge(t.Context(), guest, customer, cart.MergeSum)
	if err != nil {
		t.Fatal(err)
	}
	wantQuantities(t, v.Cart, map[int64]int64{1: 8, 3: 1})
	wantQuantities(t, s.stored(customer), map[int64]int64{1: 8, 3: 1})
	if v.Cart.Owner != customer || !cmp.Equal(v.Cart, s.stored(customer)) {
		t.Errorf("shown %+v", v.Cart)
	}
	three := product(3).Key()
	if len(report.Dropped) != 1 || report.Dropped[0].Reason != cart.StatusGone {
		t.Errorf("dropped %+v, want product 2, gone", report.Dropped)
	}
	if diff := cmp.Diff([]cart.Capped{{Key: three, Wanted: 2, Kept: 1}}, report.Capped); diff != "" {
		t.Errorf("capped (-want +got):\n%s", diff)
	}
	if left := s.stored(guest); !left.IsEmpty() || left.Moved != nil || len(left.Coupons) != 0 {
		t.Errorf("the guest is left with %+v", left)
	}
}

func TestMergesWithNothingToDo(t *testing.T) {
	s := newShop(t)
	s.do(customer, add(product(1), 5))
	before := s.stored(customer)
	for range 2 {
		v, report, err := s.Merge(t.Context(), guest, customer, "")
		if err != nil || !cmp.Equal(v.Cart, before) || !cmp.Equal(report, cart.MergeReport{Policy: cart.MergeSum}) {
			t.Errorf("a guest without a cart: %v, %+v, %+v", err, report, v.Cart)
		}
		s.do(guest, add(product(2), 1), cart.Change{Op: cart.OpClear}) // now there is an empty one
	}
	if !cmp.Equal(before, s.stored(customer)) {
		t.Error("the customer's cart was written")
	}
}

func TestAGuestWithoutLinesKeepsTheirCoupon(t *testing.T) {
	s := newShop(t)
	s.do(guest, coupon("diwali"))
	v, _, err := s.Merge(t.Context(), guest, customer, "")
	if err != nil || !cmp.Equal(v.Cart.Coupons, []string{"diwali"}) || v.Cart.ID == "" {
		t.Errorf("%v: %+v", err, v.Cart)
	}
}

func TestBadMerges(t *testing.T) {
	s := newShop(t)
	s.do(guest, add(product(1), 1))
	for name, tt := range map[string]struct {
		guest, customer cart.Owner
		policy          cart.MergePolicy
		field           string
	}{
		"no guest":       {"", customer, "", "guest.owner"},
		"no customer":    {guest, "", "", "customer.owner"},
		"the same":       {guest, guest, "", "customer"},
		"unknown policy": {guest, customer, "both", "policy"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := s.Merge(t.Context(), tt.guest, tt.customer, tt.policy)
			wantInvalid(t, err, tt.field)
		})
	}
	if c := s.stored(guest); c.Version != 1 || c.Moved != nil {
		t.Errorf("a refused merge was written: %+v", c)
	}
}

// The guest's cookie may live on in another tab: what it adds is a new cart, merged on its own.
func TestASecondSignInMergesWhatIsNew(t *testing.T) {
	s := newShop(t)
	s.do(guest, add(product(1), 2))
	for want := range int64(3) {
		v, report, err := s.Merge(t.Context(), guest, customer, cart.MergeSum)
		if err != nil || report.Already {
			t.Fatalf("%v, %+v", err, report)
		}
		wantQuantities(t, v.Cart, map[int64]int64{1: 2 * (want + 1)})
		s.do(guest, add(product(1), 2))
	}
}

var errCrash = errors.New("crash")

// crashing fails once, at its nth call, before or after the call has had its effect; it counts the calls.
type crashing struct {
	cart.Store
	at    int
	after bool
	calls int
}

func (c *crashing) call(do func() error) error {
	c.calls++
	if c.calls != c.at {
		return do()
	}
	if c.after {
		_ = do()
	}
	return errCrash
}

func (c *crashing) Load(ctx context.Context, owner cart.Owner) (out cart.Cart, err error) {
	failed := c.call(func() error { out, err = c.Store.Load(ctx, owner); return err })
	return out, failed
}

func (c *crashing) Save(ctx context.Context, next cart.Cart, expected int64) (out cart.Cart, err error) {
	failed := c.call(func() error { out, err = c.Store.Save(ctx, next, expected); return err })
	return out, failed
}

// recoveries are the ways in which life goes on after a crash in the middle of a merge.
var recoveries = map[string]func(s *shop) error{
	"sign in again": func(s *shop) error {
		_, _, err := s.Merge(s.t.Context(), guest, customer, cart.MergeSum)
		return err
	},
	"the guest looks": func(s *shop) error {
		_, err := s.View(s.t.Context(), guest)
		return err
	},
	"the guest buys on": func(s *shop) error {
		if _, err := s.Add(s.t.Context(), guest, product(6), 1); err != nil {
			return err
		}
		_, err := s.Remove(s.t.Context(), guest, product(6).Key())
		return err
	},
	"another customer signs in": func(s *shop) error {
		_, _, err := s.Merge(s.t.Context(), guest, "customer:2", cart.MergeSum)
		return err
	},
}

// A merge that breaks off anywhere is finished by whoever comes next, and nothing is lost or doubled.
func TestAMergeSurvivesACrashAtEveryCall(t *testing.T) {
	for name, recovery := range recoveries {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, effect %v", name, after), func(t *testing.T) {
				for at := 1; ; at++ {
					if done := crashAt(t, at, after, recovery); done {
						if at < 6 {
							t.Errorf("only %d calls were interrupted", at-1)
						}
						break
					}
				}
			})
		}
	}
}

// crashAt merges with a crash at the nth call, recovers, and checks what is left; done says that n was past the end.
func crashAt(t *testing.T, at int, after bool, recovery func(*shop) error) (done bool) {
	t.Helper()
	carts := memstore.NewCarts()
	calm := shopOn(t, carts, nil, nil)
	calm.do(guest, add(product(1), 3), add(product(2), 1))
	calm.do(customer, add(product(1), 5))

	store := &crashing{Store: carts, at: at, after: after}
	_, _, err := shopOn(t, carts, store, nil).Merge(t.Context(), guest, customer, cart.MergeSum)
	if err == nil && store.calls >= at {
		t.Errorf("call %d failed and nobody said so", at)
	}
	closed := calm.stored(guest).Moved != nil
	started := closed || calm.stored(guest).IsEmpty()
	if err := recovery(calm); err != nil {
		t.Errorf("recovery after call %d: %v", at, err)
	}
	total := quantities(calm.stored(customer))
	for _, owner := range []cart.Owner{guest, "customer:2"} {
		for id, n := range quantities(calm.stored(owner)) {
			total[id] += n
		}
	}
	if diff := cmp.Diff(map[int64]int64{1: 8, 2: 1}, total); diff != "" {
		t.Errorf("call %d: all carts together (-want +got):\n%s", at, diff)
	}
	if started && (!calm.stored(guest).IsEmpty() || len(calm.stored(customer).Lines) != 2) {
		t.Errorf("call %d: a merge that had begun was not finished for the customer it was for", at)
	}
	return store.calls < at
}

// closeFor leaves the guest's cart as a merge leaves it that breaks off once the customer's cart is saved.
func closeFor(t *testing.T, carts *memstore.Carts, to cart.Owner) {
	t.Helper()
	store := &crashing{Store: carts, at: 5}
	if _, _, err := shopOn(t, carts, store, nil).Merge(t.Context(), guest, to, cart.MergeSum); !errors.Is(err, errCrash) {
		t.Fatalf("got %v, want a crash when the guest's cart is emptied", err)
	}
}

func TestASecondMergeOfOneCartOnlyEmptiesIt(t *testing.T) {
	s := newShop(t)
	s.do(guest, add(product(1), 3))
	closeFor(t, s.store, customer)
	before := s.stored(customer)
	v, report, err := s.Merge(t.Context(), guest, customer, cart.MergeSum)
	if err != nil || !report.Already || !cmp.Equal(before, v.Cart) || !cmp.Equal(before, s.stored(customer)) {
		t.Errorf("%v, %+v, customer (-before +after):\n%s", err, report, cmp.Diff(before, s.stored(customer)))
	}
	if !s.stored(guest).IsEmpty() {
		t.Error("the guest's cart was not emptied")
	}
}

// The first customer's merge broke off. The second one must see nothing of the first.
func TestAnotherCustomerSeesTheirOwnCart(t *testing.T) {
	s := newShop(t)
	s.do(guest, add(product(1), 3))
	closeFor(t, s.store, customer)
	v, _, err := s.Merge(t.Context(), guest, "customer:2", cart.MergeSum)
	if err != nil || v.Cart.Owner != "customer:2" || !v.Cart.IsEmpty() {
		t.Errorf("%v: the second customer sees %+v", err, v.Cart)
	}
	wantQuantities(t, s.stored(customer), map[int64]int64{1: 3})
}

// A change that the guest's browser sends again after the merge is not made again.
func TestTheEmptiedCartKeepsTheChangeIDs(t *testing.T) {
	s := newShop(t)
	ch := withID("c1", add(product(1), 3))
	s.do(guest, ch)
	if _, _, err := s.Merge(t.Context(), guest, customer, cart.MergeSum); err != nil {
		t.Fatal(err)
	}
	if v := s.do(guest, ch); !v.Cart.IsEmpty() {
		t.Errorf("the guest has %+v again", v.Cart.Lines)
	}
}

// Both tabs sign in at once, and the customer buys on meanwhile.
func TestConcurrentMergesAreOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		s.do(guest, add(product(1), 3))
		s.do(customer, add(product(1), 5))
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				if _, _, err := s.Merge(t.Context(), guest, customer, cart.MergeSum); err != nil {
					t.Error(err)
				}
			})
			group.Go(func() {
				if _, err := s.Add(t.Context(), customer, product(1), 1); err != nil {
					t.Error(err)
				}
			})
			group.Go(func() {
				if _, err := s.Add(t.Context(), guest, product(6), 1); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		both := quantities(s.stored(customer))
		both[6] += quantities(s.stored(guest))[6]
		if diff := cmp.Diff(map[int64]int64{1: 3 + 5 + 20, 6: 20}, both); diff != "" {
			t.Errorf("both carts together (-want +got):\n%s", diff)
		}
	})
}

// A cart that is on its way elsewhere takes in no other.
func TestMergesInACircleAreRefused(t *testing.T) {
	s := newShop(t)
	s.do(guest, add(product(1), 1))
	s.do(customer, add(product(2), 1))
	c := s.stored(customer)
	c.Moved = &cart.Move{To: guest, Policy: cart.MergeSum}
	if _, err := s.store.Save(t.Context(), c, c.Version); err != nil {
		t.Fatal(err)
	}
	_, _, err := s.Merge(t.Context(), guest, customer, cart.MergeSum)
	if !errors.Is(err, cart.ErrMoved) {
		t.Errorf("got %v, want ErrMoved", err)
	}
}
