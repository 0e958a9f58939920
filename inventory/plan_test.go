package inventory_test

import (
	"errors"
	"testing"

	"github.com/ankkor/ankkor/inventory"
	"github.com/google/go-cmp/cmp"
)

const (
	shirt = inventory.Item("product:1")
	scarf = inventory.Item("product:2")
)

func stock(item inventory.Item, loc inventory.Location, onHand int64) inventory.Level {
	return inventory.Level{Key: item.At(loc), OnHand: onHand}
}

func backorder(item inventory.Item, loc inventory.Location, onHand, limit int64) inventory.Level {
	return inventory.Level{Key: item.At(loc), OnHand: onHand, Policy: inventory.Backorder, BackorderLimit: limit}
}

func TestPlan(t *testing.T) {
	order := []inventory.Location{"delhi", "mumbai", "pune"}
	for _, tc := range []struct {
		name   string
		levels []inventory.Level
		lines  []inventory.Line
		order  []inventory.Location
		split  inventory.SplitPolicy
		want   []inventory.Held
	}{{
		name:   "the default location",
		levels: []inventory.Level{stock(shirt, inventory.DefaultLocation, 3), stock(shirt, "delhi", 9)},
		lines:  []inventory.Line{{Item: shirt, Quantity: 3}},
		want:   []inventory.Held{{Key: shirt.At(inventory.DefaultLocation), Quantity: 3}},
	}, {
		name:   "whole from the first that has it",
		levels: []inventory.Level{stock(shirt, "delhi", 2), stock(shirt, "mumbai", 3), stock(shirt, "pune", 9)},
		lines:  []inventory.Line{{Item: shirt, Quantity: 3}}, order: order,
		want: []inventory.Held{{Key: shirt.At("mumbai"), Quantity: 3}},
	}, {
		name:   "the caller's order, not the name's",
		levels: []inventory.Level{stock(shirt, "delhi", 5), stock(shirt, "pune", 5)},
		lines:  []inventory.Line{{Item: shirt, Quantity: 5}}, order: []inventory.Location{"pune", "delhi"},
		want: []inventory.Held{{Key: shirt.At("pune"), Quantity: 5}},
	}, {
		name:   "split in order",
		levels: []inventory.Level{stock(shirt, "delhi", 2), stock(shirt, "mumbai", 0), stock(shirt, "pune", 9)},
		lines:  []inventory.Line{{Item: shirt, Quantity: 10}}, order: order,
		want: []inventory.Held{{Key: shirt.At("delhi"), Quantity: 2}, {Key: shirt.At("pune"), Quantity: 8}},
	}, {
		name:   "the same item twice is added up where it first stands",
		levels: []inventory.Level{stock(shirt, "delhi", 5), stock(scarf, "delhi", 1)},
		lines:  []inventory.Line{{Item: shirt, Quantity: 2}, {Item: scarf, Quantity: 1}, {Item: shirt, Quantity: 3}}, order: order,
		want: []inventory.Held{{Key: shirt.At("delhi"), Quantity: 5}, {Key: scarf.At("delhi"), Quantity: 1}},
	}, {
		name: "what is claimed is not there",
		levels: []inventory.Level{
			{Key: shirt.At("delhi"), OnHand: 9, Allocated: 4, Reserved: 4}, stock(shirt, "mumbai", 2),
		},
		lines: []inventory.Line{{Item: shirt, Quantity: 2}}, order: order,
		want: []inventory.Held{{Key: shirt.At("mumbai"), Quantity: 2}},
	}, {
		name:   "stock goes before a backorder",
		levels: []inventory.Level{backorder(shirt, "delhi", 0, 50), stock(shirt, "mumbai", 2), stock(shirt, "pune", 1)},
		lines:  []inventory.Line{{Item: shirt, Quantity: 3}}, order: order,
		want: []inventory.Held{{Key: shirt.At("mumbai"), Quantity: 2}, {Key: shirt.At("pune"), Quantity: 1}},
	}, {
		name:   "a backorder when stock does not cover it",
		levels: []inventory.Level{backorder(shirt, "delhi", 1, 50), stock(shirt, "mumbai", 2)},
		lines:  []inventory.Line{{Item: shirt, Quantity: 4}}, order: order,
		want: []inventory.Held{{Key: shirt.At("delhi"), Quantity: 4}},
	}, {
		name:   "a backorder split",
		levels: []inventory.Level{backorder(shirt, "delhi", 1, 2), stock(shirt, "mumbai", 2)},
		lines:  []inventory.Line{{Item: shirt, Quantity: 5}}, order: order,
		want: []inventory.Held{{Key: shirt.At("delhi"), Quantity: 3}, {Key: shirt.At("mumbai"), Quantity: 2}},
	}, {
		name:   "untracked has everything",
		levels: []inventory.Level{{Key: shirt.At("mumbai"), Policy: inventory.Untracked}},
		lines:  []inventory.Line{{Item: shirt, Quantity: inventory.MaxQuantity}}, order: order,
		want: []inventory.Held{{Key: shirt.At("mumbai"), Quantity: inventory.MaxQuantity}},
	}, {
		name:   "splitting forbidden but not needed",
		levels: []inventory.Level{stock(shirt, "delhi", 2), stock(shirt, "mumbai", 3)},
		lines:  []inventory.Line{{Item: shirt, Quantity: 3}}, order: order, split: inventory.SplitForbidden,
		want: []inventory.Held{{Key: shirt.At("mumbai"), Quantity: 3}},
	}} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := inventory.Plan(tc.levels, tc.lines, tc.order, tc.split)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestPlanNamesEveryShortLine(t *testing.T) {
	levels := []inventory.Level{
		stock(shirt, "delhi", 2), stock(shirt, "mumbai", 3), stock(scarf, "delhi", -4), backorder("product:3", "delhi", 0, 2),
		stock("product:5", "pune", 9),
	}
	lines := []inventory.Line{
		{Item: "product:4", Quantity: 1}, {Item: shirt, Quantity: 4}, {Item: scarf, Quantity: 1},
		{Item: "product:3", Quantity: 1}, {Item: shirt, Quantity: 5}, {Item: "product:5", Quantity: 1},
	}
	for split, haveShirts := range map[inventory.SplitPolicy]int64{inventory.SplitAllowed: 5, inventory.SplitForbidden: 3} {
		_, err := inventory.Plan(levels, lines, []inventory.Location{"delhi", "mumbai"}, split)
		var short *inventory.ShortageError
		if !errors.As(err, &short) {
			t.Fatalf("got %v, want a *ShortageError", err)
		}
		want := []inventory.Shortage{
			{Item: "product:4", Want: 1, Unknown: true},
			{Item: shirt, Want: 9, Have: haveShirts},
			{Item: scarf, Want: 1},
			{Item: "product:5", Want: 1, Unknown: true},
		}
		if diff := cmp.Diff(want, short.Lines); diff != "" {
			t.Errorf("splitting %s (-want +got)\n%s", split, diff)
		}
		if diff := cmp.Diff([]inventory.Item{"product:4", "product:5"}, short.Unknown()); diff != "" {
			t.Errorf("unknown (-want +got)\n%s", diff)
		}
	}
}

func TestPlanRefuses(t *testing.T) {
	line := []inventory.Line{{Item: shirt, Quantity: 1}}
	for _, tc := range []struct {
		field string
		lines []inventory.Line
		order []inventory.Location
		split inventory.SplitPolicy
	}{
		{"lines", nil, nil, ""},
		{"lines[0].quantity", []inventory.Line{{Item: shirt, Quantity: -1}}, nil, ""},
		{"locations[1]", line, []inventory.Location{"delhi", "delhi"}, ""},
		{"locations[0]", line, []inventory.Location{"{x}"}, ""},
		{"locations", line, make([]inventory.Location, inventory.MaxLocations+1), ""},
		{"split", line, nil, "sometimes"},
	} {
		_, err := inventory.Plan(nil, tc.lines, tc.order, tc.split)
		wantInvalid(t, err, tc.field)
	}
}

func FuzzPlan(f *testing.F) {
	f.Add(int64(2), int64(3), int64(0), int64(4), false)
	f.Add(int64(-2), int64(0), int64(7), int64(7), true)
	f.Fuzz(func(t *testing.T, delhi, mumbai, budget, want int64, forbidden bool) {
		levels := []inventory.Level{backorder(shirt, "delhi", delhi, budget), stock(shirt, "mumbai", mumbai)}
		for _, l := range levels {
			if l.Validate() != nil {
				t.Skip()
			}
		}
		split := inventory.SplitAllowed
		if forbidden {
			split = inventory.SplitForbidden
		}
		held, err := inventory.Plan(levels, []inventory.Line{{Item: shirt, Quantity: want}}, []inventory.Location{"delhi", "mumbai"}, split)
		var sum int64
		for _, h := range held {
			sum += h.Quantity
			for _, l := range levels {
				if l.Key == h.Key && (h.Quantity <= 0 || h.Quantity > l.Sellable()) {
					t.Fatalf("%s gives %d of %d", h.Key, h.Quantity, l.Sellable())
				}
			}
		}
		if err == nil && sum != want || err != nil && sum != 0 || forbidden && len(held) > 1 {
			t.Fatalf("asked for %d, got %v, %v", want, held, err)
		}
	})
}
