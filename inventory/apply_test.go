package inventory_test

import (
	"errors"
	"math"
	"testing"

	"github.com/ankkor/ankkor/inventory"
	"github.com/google/go-cmp/cmp"
)

var tea = inventory.ProductItem(1001).At(inventory.DefaultLocation)

func TestApply(t *testing.T) {
	const (
		available  = inventory.AccountAvailable
		allocated  = inventory.AccountAllocated
		sold       = inventory.AccountSold
		shipped    = inventory.AccountShipped
		supplier   = inventory.AccountSupplier
		adjustment = inventory.AccountAdjustment
	)
	start := inventory.Level{Key: tea, OnHand: 10, Allocated: 4, Reserved: 5, Sold: 3, Shipped: 2, Policy: inventory.Deny, Revision: 7}
	for _, tc := range []struct {
		kind     inventory.MoveKind
		qty      int64
		from, to inventory.Account
		change   func(*inventory.Level)
	}{
		{inventory.Receive, 5, supplier, available, func(l *inventory.Level) { l.OnHand = 15 }},
		{inventory.Allocate, 6, available, allocated, func(l *inventory.Level) { l.Allocated = 10 }},
		{inventory.ReleaseAllocation, 4, allocated, available, func(l *inventory.Level) { l.Allocated = 0 }},
		{inventory.Expire, 1, allocated, available, func(l *inventory.Level) { l.Allocated = 3 }},
		{inventory.Confirm, 4, allocated, sold, func(l *inventory.Level) { l.OnHand, l.Allocated, l.Sold = 6, 0, 7 }},
		{inventory.Ship, 3, sold, shipped, func(l *inventory.Level) { l.Sold, l.Shipped = 0, 5 }},
		{inventory.Restock, 2, sold, available, func(l *inventory.Level) { l.Sold, l.OnHand = 1, 12 }},
		{inventory.Return, 2, shipped, available, func(l *inventory.Level) { l.Shipped, l.OnHand = 0, 12 }},
		{inventory.Adjust, 2, adjustment, available, func(l *inventory.Level) { l.OnHand = 12 }},
		{inventory.Adjust, -2, available, adjustment, func(l *inventory.Level) { l.OnHand = 8 }},
		{inventory.Correct, -14, available, adjustment, func(l *inventory.Level) { l.OnHand = -4 }},
	} {
		want := start
		tc.change(&want)
		got, posting, err := inventory.Apply(start, tc.kind, tc.qty)
		if err != nil {
			t.Errorf("%s %d: %v", tc.kind, tc.qty, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s %d: level (-want +got)\n%s", tc.kind, tc.qty, diff)
		}
		wantPosting := inventory.Posting{From: tc.from, To: tc.to, Quantity: max(tc.qty, -tc.qty)}
		if diff := cmp.Diff(wantPosting, posting); diff != "" {
			t.Errorf("%s %d: posting (-want +got)\n%s", tc.kind, tc.qty, diff)
		}
	}
}

func TestAllocateStaysWithinStockAndBudget(t *testing.T) {
	for _, tc := range []struct {
		name  string
		level inventory.Level
		room  int64
	}{
		{"deny", inventory.Level{OnHand: 10, Allocated: 4}, 6},
		{"reservations do not narrow it", inventory.Level{OnHand: 10, Allocated: 4, Reserved: 6}, 6},
		{"deny ignores a budget", inventory.Level{OnHand: 1, BackorderLimit: 9}, 1},
		{"deny, oversold", inventory.Level{OnHand: 1, Allocated: 3}, 0},
		{"backorder", inventory.Level{OnHand: 2, Allocated: 1, Policy: inventory.Backorder, BackorderLimit: 5}, 6},
		{"backorder below zero", inventory.Level{OnHand: -3, Policy: inventory.Backorder, BackorderLimit: 5}, 2},
		{"backorder spent", inventory.Level{OnHand: -5, Policy: inventory.Backorder, BackorderLimit: 5}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.level.Key = tea
			if tc.room > 0 {
				got, _, err := inventory.Apply(tc.level, inventory.Allocate, tc.room)
				if err != nil || got.Allocated != tc.level.Allocated+tc.room {
					t.Errorf("all of the room: got %+v, %v", got, err)
				}
			}
			got, posting, err := inventory.Apply(tc.level, inventory.Allocate, tc.room+1)
			var short *inventory.ShortageError
			if !errors.As(err, &short) || !errors.Is(err, inventory.ErrInsufficient) {
				t.Fatalf("one more than the room: got %v, want a *ShortageError", err)
			}
			want := []inventory.Shortage{{Item: tea.Item, Want: tc.room + 1, Have: tc.room}}
			if diff := cmp.Diff(want, short.Lines); diff != "" {
				t.Errorf("shortage (-want +got)\n%s", diff)
			}
			if got != tc.level || posting != (inventory.Posting{}) {
				t.Errorf("a refused allocation changed %+v to %+v", tc.level, got)
			}
		})
	}
}

func TestUntrackedNeverRunsOut(t *testing.T) {
	l := inventory.Level{Key: tea, Policy: inventory.Untracked}
	got, _, err := inventory.Apply(l, inventory.Allocate, inventory.MaxQuantity)
	if err != nil || got.Allocated != inventory.MaxQuantity {
		t.Errorf("got %+v, %v", got, err)
	}
	if got.Oversold() != 0 {
		t.Error("an untracked key cannot be oversold")
	}
}

func TestACutKeepsAllocationsAndSaysSo(t *testing.T) {
	l := inventory.Level{Key: tea, OnHand: 5, Allocated: 4}
	got, _, err := inventory.Apply(l, inventory.Correct, -3)
	if err != nil {
		t.Fatal(err)
	}
	if got.Allocated != 4 || got.OnHand != 2 || got.Oversold() != 2 {
		t.Errorf("got %+v, oversold by %d; want 4 allocated, 2 on hand, oversold by 2", got, got.Oversold())
	}
	if got, _, err = inventory.Apply(got, inventory.ReleaseAllocation, 2); err != nil || got.Oversold() != 0 {
		t.Errorf("after two were given up: %+v, %v", got, err)
	}
}

func TestApplyRefusesToTakeWhatIsNotThere(t *testing.T) {
	l := inventory.Level{Key: tea, OnHand: 100, Allocated: 4, Sold: 3, Shipped: 2}
	for _, tc := range []struct {
		kind    inventory.MoveKind
		account inventory.Account
		have    int64
	}{
		{inventory.ReleaseAllocation, inventory.AccountAllocated, 4},
		{inventory.Expire, inventory.AccountAllocated, 4},
		{inventory.Confirm, inventory.AccountAllocated, 4},
		{inventory.Ship, inventory.AccountSold, 3},
		{inventory.Restock, inventory.AccountSold, 3},
		{inventory.Return, inventory.AccountShipped, 2},
	} {
		got, _, err := inventory.Apply(l, tc.kind, tc.have+1)
		var move *inventory.MoveError
		if !errors.As(err, &move) || !errors.Is(err, inventory.ErrImpossible) {
			t.Errorf("%s: got %v, want a *MoveError", tc.kind, err)
			continue
		}
		want := inventory.MoveError{Kind: tc.kind, Key: tea, Account: tc.account, Want: tc.have + 1, Have: tc.have}
		if *move != want || got != l {
			t.Errorf("%s: got %+v and %+v, want %+v and no change", tc.kind, *move, got, want)
		}
	}
}

func TestApplyRefusesBadQuantities(t *testing.T) {
	l := inventory.Level{Key: tea, OnHand: 10, Allocated: 5, Sold: 5, Shipped: 5}
	for _, kind := range everyKind {
		bad := []int64{0, inventory.MaxQuantity + 1, math.MaxInt64, -inventory.MaxQuantity - 1, math.MinInt64}
		if kind != inventory.Adjust && kind != inventory.Correct {
			bad = append(bad, -1)
		}
		for _, qty := range bad {
			got, _, err := inventory.Apply(l, kind, qty)
			wantInvalid(t, err, "quantity")
			if got != l {
				t.Errorf("%s %d changed the level", kind, qty)
			}
		}
	}
	_, _, err := inventory.Apply(l, "steal", 1)
	wantInvalid(t, err, "kind")
}

func TestApplyKeepsCountsInRange(t *testing.T) {
	full := inventory.Level{Key: tea, OnHand: inventory.MaxLevel}
	got, _, err := inventory.Apply(full, inventory.Receive, 1)
	wantInvalid(t, err, "on_hand")
	if got != full {
		t.Error("the level changed")
	}
	_, _, err = inventory.Apply(inventory.Level{Key: tea, OnHand: math.MinInt64}, inventory.Adjust, -1)
	wantInvalid(t, err, "on_hand")
}

var everyKind = []inventory.MoveKind{
	inventory.Receive, inventory.Allocate, inventory.ReleaseAllocation, inventory.Expire, inventory.Confirm,
	inventory.Ship, inventory.Restock, inventory.Return, inventory.Adjust, inventory.Correct,
}

func FuzzApply(f *testing.F) {
	f.Add(int64(10), int64(4), int64(3), int64(2), int64(0), uint8(1), int64(6))
	f.Add(int64(-5), int64(4), int64(0), int64(0), int64(5), uint8(4), int64(math.MinInt64))
	f.Fuzz(func(t *testing.T, onHand, allocated, sold, shipped, budget int64, kind uint8, qty int64) {
		l := inventory.Level{
			Key: tea, OnHand: onHand, Allocated: allocated, Sold: sold, Shipped: shipped,
			Policy: inventory.Backorder, BackorderLimit: budget,
		}
		k := everyKind[int(kind)%len(everyKind)]
		got, p, err := inventory.Apply(l, k, qty)
		if err != nil {
			if got != l {
				t.Fatalf("an error changed %+v to %+v", l, got)
			}
			return
		}
		if k == inventory.Allocate && got.Allocated > got.OnHand+budget {
			t.Fatalf("allocated beyond stock and budget: %+v", got)
		}
		grew := (got.OnHand + got.Sold + got.Shipped) - (onHand + sold + shipped)
		if grew != entering(p) {
			t.Fatalf("%s %d: the level grew by %d, the books by %d", k, qty, grew, entering(p))
		}
	})
}

// entering is how many pieces a posting brings in from outside.
func entering(p inventory.Posting) int64 {
	outside := func(a inventory.Account) bool {
		return a == inventory.AccountSupplier || a == inventory.AccountAdjustment
	}
	switch {
	case outside(p.From):
		return p.Quantity
	case outside(p.To):
		return -p.Quantity
	}
	return 0
}
