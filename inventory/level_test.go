package inventory_test

import (
	"testing"

	"github.com/ankkor/ankkor/inventory"
)

func TestSellable(t *testing.T) {
	for _, tc := range []struct {
		name                          string
		level                         inventory.Level
		available, sellable, oversold int64
	}{
		{"plenty", inventory.Level{OnHand: 10, Allocated: 2, Reserved: 3}, 5, 5, 0},
		{"nothing", inventory.Level{}, 0, 0, 0},
		{"claimed twice over", inventory.Level{OnHand: 2, Allocated: 2, Reserved: 1}, -1, 0, 0},
		{"oversold", inventory.Level{OnHand: 1, Allocated: 3}, -2, 0, 2},
		{"backorder", inventory.Level{Policy: inventory.Backorder, BackorderLimit: 5, OnHand: -2, Reserved: 1}, -3, 2, 0},
		{"backorder oversold", inventory.Level{Policy: inventory.Backorder, BackorderLimit: 5, OnHand: -4, Allocated: 2}, -6, 0, 1},
		{"budget without the policy", inventory.Level{BackorderLimit: 5}, 0, 0, 0},
		{"untracked", inventory.Level{Policy: inventory.Untracked, Reserved: 9}, -9, inventory.MaxQuantity, 0},
	} {
		got := []int64{tc.level.Available(), tc.level.Sellable(), tc.level.Oversold()}
		want := []int64{tc.available, tc.sellable, tc.oversold}
		for i, name := range []string{"available", "sellable", "oversold"} {
			if got[i] != want[i] {
				t.Errorf("%s: %s is %d, want %d", tc.name, name, got[i], want[i])
			}
		}
	}
}

func TestCut(t *testing.T) {
	level := func(onHand, allocated, reserved int64) inventory.Level {
		return inventory.Level{OnHand: onHand, Allocated: allocated, Reserved: reserved}
	}
	backorder := func(l inventory.Level, limit int64) inventory.Level {
		l.Policy, l.BackorderLimit = inventory.Backorder, limit
		return l
	}
	untracked := func(l inventory.Level) inventory.Level {
		l.Policy = inventory.Untracked
		return l
	}
	for _, tc := range []struct {
		name      string
		old, next inventory.Level
		want      int64
	}{
		{"nothing changed", level(10, 2, 8), level(10, 2, 0), 0},
		{"more came", level(10, 2, 8), level(12, 2, 0), 0},
		{"the cut is free stock", level(10, 2, 3), level(5, 2, 0), 0},
		{"the cut goes into reservations", level(10, 2, 8), level(7, 2, 0), 3},
		{"the cut goes into allocations", level(10, 6, 4), level(3, 6, 0), 4},
		{"allocated, its reservation still held", level(2, 0, 2), level(2, 1, 0), 0},
		{"sold", level(10, 2, 8), level(8, 0, 0), 0},
		{"sold, its reservation still held", level(2, 1, 2), level(1, 0, 0), 0},
		{"sold and cut", level(10, 2, 8), level(7, 0, 0), 1},
		{"uncovered before, cut by one", level(2, 1, 2), level(1, 1, 0), 1},
		{"budget cut", backorder(level(0, 0, 5), 5), backorder(level(0, 0, 0), 3), 2},
		{"backorders no longer allowed", backorder(level(1, 0, 4), 5), level(1, 0, 0), 3},
		{"no longer counted", level(1, 0, 1), untracked(level(0, 0, 0)), 0},
		{"counted from now on", untracked(level(0, 0, 5)), level(3, 0, 0), 2},
	} {
		if got := tc.old.Cut(tc.next); got != tc.want {
			t.Errorf("%s: %d pieces to be given up, want %d", tc.name, got, tc.want)
		}
	}
}

func TestLevelValidate(t *testing.T) {
	good := inventory.Level{Key: tea, OnHand: -3, Allocated: 1, Policy: inventory.Backorder, BackorderLimit: 5, Revision: 1}
	if err := good.Validate(); err != nil {
		t.Errorf("%+v: %v", good, err)
	}
	for field, spoil := range map[string]func(*inventory.Level){
		"key.item":        func(l *inventory.Level) { l.Key.Item = "{x}" },
		"key.location":    func(l *inventory.Level) { l.Key.Location = "" },
		"policy":          func(l *inventory.Level) { l.Policy = "perhaps" },
		"on_hand":         func(l *inventory.Level) { l.OnHand = -inventory.MaxLevel - 1 },
		"allocated":       func(l *inventory.Level) { l.Allocated = -1 },
		"reserved":        func(l *inventory.Level) { l.Reserved = inventory.MaxLevel + 1 },
		"sold":            func(l *inventory.Level) { l.Sold = -1 },
		"shipped":         func(l *inventory.Level) { l.Shipped = -1 },
		"backorder_limit": func(l *inventory.Level) { l.BackorderLimit = -1 },
		"revision":        func(l *inventory.Level) { l.Revision = -1 },
	} {
		bad := good
		spoil(&bad)
		wantInvalid(t, bad.Validate(), field)
	}
}
