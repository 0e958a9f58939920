package cart_test

import (
	"testing"

	"github.com/ankkor/ankkor/cart"
	"github.com/google/go-cmp/cmp"
)

// guestAndCustomer are two carts that share product 1 and a coupon.
func guestAndCustomer(t *testing.T) (guest, customer cart.Cart) {
	guest = build(t, add(product(1), 3), add(product(2), 1), coupon("both"), coupon("guest"), note("guest's"))
	guest.ID, guest.Owner, guest.Version = "G", "guest:1", 4
	customer = build(t, add(product(1), 5), add(product(3), 1), coupon("both"), coupon("customer"), note("customer's"))
	customer.ID, customer.Owner, customer.Version = "C", "customer:1", 9
	return guest, customer
}

func merged(t *testing.T, guest, customer cart.Cart, p cart.MergePolicy, l cart.Limits) (cart.Cart, cart.MergeReport) {
	t.Helper()
	c, report, err := cart.MergeCarts(guest, customer, p, l)
	if err != nil {
		t.Fatal(err)
	}
	return c, report
}

func TestMergePolicies(t *testing.T) {
	one, two := product(1).Key(), product(2).Key()
	tests := map[string]struct {
		policy  cart.MergePolicy
		want    map[int64]int64
		coupons []string
		note    string
		left    map[int64]int64
		report  cart.MergeReport
	}{
		"the default is the sum": {
			"", map[int64]int64{1: 8, 3: 1, 2: 1}, []string{"both", "customer", "guest"}, "guest's", map[int64]int64{},
			cart.MergeReport{Policy: cart.MergeSum, Added: []cart.LineKey{two}, Combined: []cart.LineKey{one}},
		},
		"sum": {
			cart.MergeSum, map[int64]int64{1: 8, 3: 1, 2: 1}, []string{"both", "customer", "guest"}, "guest's", map[int64]int64{},
			cart.MergeReport{Policy: cart.MergeSum, Added: []cart.LineKey{two}, Combined: []cart.LineKey{one}},
		},
		"larger": {
			cart.MergeLarger, map[int64]int64{1: 5, 3: 1, 2: 1}, []string{"both", "customer", "guest"}, "guest's", map[int64]int64{},
			cart.MergeReport{Policy: cart.MergeLarger, Added: []cart.LineKey{two}, Combined: []cart.LineKey{one}},
		},
		"keep the guest's": {
			cart.MergeGuest, map[int64]int64{1: 3, 2: 1}, []string{"both", "guest"}, "guest's", map[int64]int64{1: 5, 3: 1},
			cart.MergeReport{Policy: cart.MergeGuest, Added: []cart.LineKey{one, two}, Coupons: []string{"customer"}},
		},
		"keep the customer's": {
			cart.MergeCustomer, map[int64]int64{1: 5, 3: 1}, []string{"both", "customer"}, "customer's", map[int64]int64{2: 1},
			cart.MergeReport{Policy: cart.MergeCustomer, Coupons: []string{"guest"}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			guest, customer := guestAndCustomer(t)
			beforeGuest, beforeCustomer := guest.Clone(), customer.Clone()
			c, report := merged(t, guest, customer, tt.policy, cart.Limits{})
			wantQuantities(t, c, tt.want)
			if diff := cmp.Diff(tt.coupons, c.Coupons); diff != "" || c.Note != tt.note {
				t.Errorf("note %q, coupons (-want +got):\n%s", c.Note, diff)
			}
			if c.ID != "C" || c.Owner != "customer:1" || c.Version != 9 {
				t.Errorf("the merged cart is %s of %s, version %d, not the customer's", c.ID, c.Owner, c.Version)
			}
			if diff := cmp.Diff(tt.left, quantities(cart.Cart{Lines: report.LeftOut})); diff != "" {
				t.Errorf("left out (-want +got):\n%s", diff)
			}
			report.LeftOut = nil
			if diff := cmp.Diff(tt.report, report); diff != "" {
				t.Errorf("report (-want +got):\n%s", diff)
			}
			if !cmp.Equal(beforeGuest, guest) || !cmp.Equal(beforeCustomer, customer) {
				t.Error("a cart that was given changed")
			}
			again, second := merged(t, guest, c, tt.policy, cart.Limits{})
			if !second.Already || !cmp.Equal(c, again) {
				t.Errorf("merging again changed the cart:\n%s", cmp.Diff(c, again))
			}
		})
	}
}

// Signing in must not empty a cart because the other one is empty.
func TestMergeTakesTheOtherWhereTheKeptIsEmpty(t *testing.T) {
	guest, customer := guestAndCustomer(t)
	empty := cart.Cart{ID: "E", Version: 1}
	c, _ := merged(t, empty, customer, cart.MergeGuest, cart.Limits{})
	wantQuantities(t, c, map[int64]int64{1: 5, 3: 1})
	c, report := merged(t, guest, empty, cart.MergeCustomer, cart.Limits{})
	wantQuantities(t, c, map[int64]int64{1: 3, 2: 1})
	if len(report.LeftOut) != 0 || c.Note != "guest's" {
		t.Errorf("left out %+v, note %q", report.LeftOut, c.Note)
	}
}

func TestMergeStaysWithinTheLimits(t *testing.T) {
	guest, customer := guestAndCustomer(t)
	one, two := product(1).Key(), product(2).Key()
	c, report := merged(t, guest, customer, cart.MergeSum, cart.Limits{
		MaxQuantity: 6, MaxCoupons: 2, MaxLines: 2, Caps: map[cart.LineKey]int64{product(3).Key(): 1, two: 1},
	})
	wantQuantities(t, c, map[int64]int64{1: 6, 3: 1})
	want := cart.MergeReport{
		Policy: cart.MergeSum, Combined: []cart.LineKey{one}, LeftOut: guest.Lines[1:],
		Capped: []cart.Capped{{Key: one, Wanted: 8, Kept: 6}}, Coupons: []string{"guest"},
	}
	if diff := cmp.Diff(want, report); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	// Sold individually: of a piece here and a piece there, one stays.
	c, report = merged(t, build(t, add(product(7), 1)), build(t, add(product(7), 1)), cart.MergeSum,
		cart.Limits{Caps: map[cart.LineKey]int64{product(7).Key(): 1}})
	wantQuantities(t, c, map[int64]int64{7: 1})
	if len(report.Capped) != 1 || report.Capped[0].Wanted != 2 {
		t.Errorf("capped %+v", report.Capped)
	}
}

func TestMergeNeverOverflows(t *testing.T) {
	guest, customer := guestAndCustomer(t)
	guest.Lines[0].Quantity, customer.Lines[0].Quantity = 1<<62, 1<<62 // carts from elsewhere
	c, _ := merged(t, guest, customer, cart.MergeSum, cart.Limits{})
	if got := c.Lines[0].Quantity; got != 9999 {
		t.Errorf("quantity %d, want the cap", got)
	}
}

func TestMergeRefusesAnUnknownPolicy(t *testing.T) {
	_, _, err := cart.MergeCarts(cart.Cart{}, cart.Cart{}, "both", cart.Limits{})
	wantInvalid(t, err, "policy")
}

// A change that a client sends again after signing in, because the first answer was lost, is still made once.
func TestMergeKeepsTheChangeIDs(t *testing.T) {
	ch := withID("c1", add(product(1), 2))
	c, _ := merged(t, build(t, ch), build(t, add(product(1), 1)), cart.MergeSum, cart.Limits{})
	wantQuantities(t, applied(t, c, ch), map[int64]int64{1: 3})
}

// The guest fills the emptied cart again: that is another merge.
func TestANewerVersionIsMergedAgain(t *testing.T) {
	guest, customer := guestAndCustomer(t)
	c, _ := merged(t, guest, customer, cart.MergeSum, cart.Limits{})
	guest.Version++
	c, report := merged(t, guest, c, cart.MergeSum, cart.Limits{})
	wantQuantities(t, c, map[int64]int64{1: 11, 2: 2, 3: 1})
	if report.Already || len(c.Merged) != 2 {
		t.Errorf("report %+v, marks %v", report, c.Merged)
	}
}
