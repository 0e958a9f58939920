package checkout_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reseed"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing/quote"
)

// withCoupon is a shop whose coupon "diwali" takes ₹100 off and has so many uses left of ten.
func withCoupon(t *testing.T, left int64) *shop {
	t.Helper()
	s := newShop(t)
	rules := karnataka()
	rules.Coupons = map[string]quote.Coupon{"diwali": {
		ID: 1, Code: "diwali", Type: quote.FixedCartCoupon, Amount: decimal.NewFromInt(100), UsageLimit: 10, UsageCount: 10 - left,
	}}
	s.check(s.rules.Set(rules))
	return s
}

// couponed is a checkout of one mug with the coupon, up to where only Place is missing.
func (s *shop) couponed(owner cart.Owner) checkout.Record {
	s.t.Helper()
	s.fill(owner, mug, 1)
	s.check(errOf(s.carts.ApplyCoupon(s.t.Context(), owner, "diwali")))
	return s.ready(owner, payment.MethodRazorpay)
}

func (s *shop) uses() inventory.Level {
	s.t.Helper()
	levels, err := s.stock.Levels(s.t.Context(), []inventory.Item{inventory.CouponItem("diwali")})
	s.check(err)
	if len(levels) != 1 {
		s.t.Fatalf("%d levels of the coupon", len(levels))
	}
	return levels[0]
}

func TestTheLastUseOfACouponIsSoldOnce(t *testing.T) {
	s := withCoupon(t, 1)
	s.check(s.stock.Receive(t.Context(), keyOf(mug), 100))
	ready := make([]checkout.Record, 64)
	for i := range ready {
		ready[i] = s.couponed(cart.Owner(fmt.Sprintf("guest:%d", i)))
		if len(ready[i].Quote.Coupons) != 1 {
			t.Fatalf("the coupon does not count: %+v", ready[i].Quote.Refused)
		}
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	placed := 0
	for _, r := range ready {
		wg.Go(func() {
			_, err := s.Place(t.Context(), placeRequest(r))
			var spent *checkout.CouponSpentError
			switch {
			case err == nil:
				mu.Lock()
				placed++
				mu.Unlock()
			case !errors.Is(err, checkout.ErrCouponSpent) || !errors.As(err, &spent) || spent.Code != "diwali":
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := s.uses(); placed != 1 || got.Allocated != 1 {
		t.Fatalf("%d placed, uses %+v", placed, got)
	}
	if got := s.level(mug); got.Allocated != 1 {
		t.Fatalf("a refused placement kept stock: %+v", got)
	}
}

func TestACouponUseFollowsTheSale(t *testing.T) {
	s := withCoupon(t, 1)
	unpaid := s.place(s.couponed("guest:1"))
	s.pass(31 * time.Minute)
	if got := s.uses(); s.load(unpaid.ID).Status() != checkout.StatusCancelled || got.Allocated != 0 || got.OnHand != 1 {
		t.Fatalf("after an unpaid order: %+v", got)
	}
	paid := s.pay(s.place(s.couponed("guest:2")))
	if got := s.uses(); paid.Status() != checkout.StatusOrdered || got.OnHand != 0 || got.Sold != 1 {
		t.Fatalf("after a paid order: %+v", got)
	}
	_, err := s.gateway.Pay(unpaid.Gateway.ID) // the first one pays after all, from a forgotten tab
	s.check(err)
	s.pass(2 * time.Hour)
	if got := s.load(unpaid.ID); got.Status() != checkout.StatusRefunded || s.effective(got.Token) != 0 {
		t.Fatalf("the use was sold twice: %s", got.Status())
	}
	s.conserved()
}

func TestACouponWithoutALimitIsNotClaimed(t *testing.T) {
	s := newShop(t)
	rules := karnataka()
	rules.Coupons = map[string]quote.Coupon{"diwali": {ID: 1, Code: "diwali", Type: quote.FixedCartCoupon, Amount: decimal.NewFromInt(100)}}
	s.check(s.rules.Set(rules))
	r := s.place(s.couponed("guest:1"))
	if len(r.CouponClaim.Uses) != 0 {
		t.Fatalf("%+v", r.CouponClaim)
	}
}

// withCouponPerCustomer is a shop whose coupon "diwali" takes ₹100 off, once for each customer.
func withCouponPerCustomer(t *testing.T, usedBy ...string) *shop {
	t.Helper()
	s := newShop(t)
	rules := karnataka()
	rules.Coupons = map[string]quote.Coupon{"diwali": {
		ID: 1, Code: "diwali", Type: quote.FixedCartCoupon, Amount: decimal.NewFromInt(100), UsageLimitPerUser: 1, UsedBy: usedBy,
	}}
	s.check(s.rules.Set(rules))
	return s
}

// couponedFor is a checkout with the coupon of somebody with that address, up to where only Place is missing.
func (s *shop) couponedFor(owner cart.Owner, customer int64, email string) checkout.Record {
	s.t.Helper()
	s.fill(owner, mug, 1)
	s.check(errOf(s.carts.ApplyCoupon(s.t.Context(), owner, "diwali")))
	started, err := s.Start(s.t.Context(), checkout.StartRequest{Owner: owner, CustomerID: customer})
	s.check(err)
	billing := asha()
	billing.Email = email
	s.check(errOf(s.SetAddresses(s.t.Context(), owner, started.Record.ID, checkout.Addresses{Billing: billing})))
	r, err := s.ChoosePayment(s.t.Context(), owner, started.Record.ID, payment.MethodRazorpay)
	s.check(err)
	return r
}

// TestOneCustomersUsesAtOnce orders from many browsers at the same moment, as one guest, or as one customer.
func TestOneCustomersUsesAtOnce(t *testing.T) {
	for name, who := range map[string]struct {
		id     int64
		emails []string
	}{
		"a guest":    {0, []string{"ravi@example.in", "Ravi@Example.in"}},
		"a customer": {7, []string{"ravi@example.in", "ravi.work@example.in"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := withCouponPerCustomer(t)
			ready := make([]checkout.Record, 8)
			for i := range ready {
				ready[i] = s.couponedFor(cart.Owner(fmt.Sprintf("guest:%d", i)), who.id, who.emails[i%len(who.emails)])
			}
			var mu sync.Mutex
			var placed []checkout.Record
			var wg sync.WaitGroup
			for _, r := range ready {
				wg.Go(func() {
					got, err := s.Place(t.Context(), placeRequest(r))
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						placed = append(placed, got)
					} else if !errors.Is(err, checkout.ErrCouponSpent) {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if len(placed) != 1 {
				t.Fatalf("%d placed", len(placed))
			}
			s.check(errOf(s.Place(t.Context(), placeRequest(s.couponedFor("guest:asha", 0, "asha@example.in"))))) // somebody else's use is another
			s.pass(31 * time.Minute)                                                                              // nobody paid: the use is there again
			s.pay(s.place(s.couponedFor("guest:again", who.id, "ravi@example.in")))
			_, err := s.Place(t.Context(), placeRequest(s.couponedFor("guest:more", who.id, "ravi@example.in")))
			if !errors.Is(err, checkout.ErrCouponSpent) {
				t.Errorf("bought with it, and then again: %v", err)
			}
			s.conserved()
		})
	}
}

// TestUsesThatTheStoreKnows counts what was bought in WooCommerce itself, where a guest's use is under the address.
func TestUsesThatTheStoreKnows(t *testing.T) {
	s := withCouponPerCustomer(t, "RAVI@example.in", "8")
	for _, who := range []struct {
		id    int64
		email string
		left  bool
	}{{0, "ravi@example.in", false}, {8, "asha@example.in", false}, {9, "ravi@example.in", true}, {0, "asha@example.in", true}} {
		r := s.couponedFor(cart.Owner(fmt.Sprintf("customer:%d-%s", who.id, who.email[:4])), who.id, who.email)
		placed, err := s.Place(t.Context(), placeRequest(r))
		if with := err == nil && len(placed.Quote.Coupons) == 1; with != who.left {
			t.Errorf("%+v: %v, coupons %v", who, err, r.Quote.Coupons)
		}
	}
}

// limitEach sets how often each customer may use the coupon, and whose uses the store has counted.
func (s *shop) limitEach(limit int64, usedBy ...string) {
	s.t.Helper()
	rules := karnataka()
	rules.Coupons = map[string]quote.Coupon{"diwali": {
		ID: 1, Code: "diwali", Type: quote.FixedCartCoupon, Amount: decimal.NewFromInt(100), UsageLimitPerUser: limit, UsedBy: usedBy,
	}}
	s.check(s.rules.Set(rules))
}

// TestALimitForEachIsChanged buys with a coupon, changes its limit in the store, and buys again.
func TestALimitForEachIsChanged(t *testing.T) {
	const ravi = "ravi@example.in"
	for name, limit := range map[string]struct{ before, after int64 }{"raised": {1, 2}, "lowered": {3, 2}} {
		t.Run(name, func(t *testing.T) {
			s := withCouponPerCustomer(t)
			s.limitEach(limit.before)
			s.pay(s.place(s.couponedFor("guest:1", 0, ravi)))
			s.limitEach(limit.after, ravi)
			if second := s.pay(s.place(s.couponedFor("guest:2", 0, ravi))); len(second.Quote.Coupons) != 1 {
				t.Fatalf("without the coupon: %+v", second.Quote.Refused)
			}
			_, err := s.Place(t.Context(), placeRequest(s.couponedFor("guest:3", 0, ravi)))
			var spent *checkout.CouponSpentError
			if !errors.As(err, &spent) || spent.Code != "diwali" {
				t.Errorf("once too often: %v", err)
			}
			s.conserved()
		})
	}
}

// TestTheReserverIsToldOfNoCustomer: it is never asked for a coupon's uses, and would keep a level for every order.
func TestTheReserverIsToldOfNoCustomer(t *testing.T) {
	const ravi = "ravi@example.in"
	s, reserver := newGuardedShop(t)
	s.looks(reseed.Report{Lost: inventory.Emptied, Told: 2})
	rules := karnataka()
	rules.Coupons = map[string]quote.Coupon{"diwali": {
		ID: 1, Code: "diwali", Type: quote.FixedCartCoupon, Amount: decimal.NewFromInt(100), UsageLimit: 10, UsageLimitPerUser: 1,
	}}
	s.check(s.rules.Set(rules))
	placed := s.pay(s.place(s.couponedFor("guest:1", 0, ravi)))
	if _, err := s.Place(t.Context(), placeRequest(s.couponedFor("guest:2", 0, ravi))); !errors.Is(err, checkout.ErrCouponSpent) {
		t.Fatalf("once too often: %v", err)
	}
	told := func() (n int) {
		for _, u := range placed.CouponClaim.Uses {
			levels, err := reserver.Levels(t.Context(), []inventory.Item{u.Key.Item})
			s.check(err)
			if n += len(levels); u.Key.Item.CustomerCoupon() && len(levels) > 0 {
				t.Errorf("the reserver knows %+v", levels)
			}
		}
		return n
	}
	if n := told(); len(placed.CouponClaim.Uses) != 2 || n != 1 {
		t.Errorf("of %+v it was told %d, want the one that staff see", placed.CouponClaim.Uses, n)
	}
	reserver.forget()
	s.looks(reseed.Report{Lost: inventory.Emptied, Told: 3}) // the mug, the other ware and the coupon
	told()
}
