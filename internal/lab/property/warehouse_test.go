package property_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/warehouse"
	"pgregory.net/rapid"
)

// drawNetwork draws up to five warehouses, some with a PIN, and what they have of up to three items.
func drawNetwork(t *rapid.T) (warehouse.Network, warehouse.Request) {
	var n warehouse.Network
	req := warehouse.Request{To: warehouse.Destination{
		State: rapid.SampledFrom([]string{"", "KA", "DL"}).Draw(t, "to state"),
		PIN:   rapid.SampledFrom([]string{"", "560001", "110020", "900001", "junk"}).Draw(t, "to"),
	}}
	for i := range rapid.IntRange(1, 5).Draw(t, "warehouses") {
		n.Warehouses = append(n.Warehouses, warehouse.Warehouse{
			Location: inventory.Location(fmt.Sprintf("w%d", i)),
			State:    rapid.SampledFrom([]string{"", "KA", "DL"}).Draw(t, "state"),
			PIN:      rapid.SampledFrom([]string{"", "560001", "560002", "110001", "600001"}).Draw(t, "pin"),
			Priority: rapid.IntRange(0, 2).Draw(t, "priority"),
		})
	}
	n.Split = rapid.SampledFrom([]inventory.SplitPolicy{"", inventory.SplitForbidden}).Draw(t, "split")
	for i := range rapid.IntRange(1, 3).Draw(t, "items") {
		item := inventory.ProductItem(int64(i) + 1)
		req.Lines = append(req.Lines, inventory.Line{Item: item, Quantity: rapid.Int64Range(1, 4).Draw(t, "quantity")})
		for _, w := range n.Warehouses {
			if rapid.Bool().Draw(t, "has") {
				req.Levels = append(req.Levels, inventory.Level{
					Key: item.At(w.Location), OnHand: rapid.Int64Range(-1, 5).Draw(t, "on hand"), Reserved: rapid.Int64Range(0, 1).Draw(t, "reserved"),
					Policy: rapid.SampledFrom([]inventory.Policy{inventory.Deny, inventory.Deny, inventory.Deny, inventory.Untracked}).Draw(t, "policy"),
				})
			}
		}
	}
	return n, req
}

// fewest tries every set of locations, and says how many the smallest has that can give every line; 0 for none.
func fewest(n warehouse.Network, req warehouse.Request) (size int) {
	for mask := 1; mask < 1<<len(n.Warehouses); mask++ {
		var set []inventory.Location
		for i, w := range n.Warehouses {
			if mask&(1<<i) != 0 {
				set = append(set, w.Location)
			}
		}
		if _, err := inventory.Plan(req.Levels, req.Lines, set, n.Split); err == nil && (size == 0 || len(set) < size) {
			size = len(set)
		}
	}
	return size
}

// TestWarehouses: whatever chooses, all lines are given or none, and none is refused that could be given; the same question
// gets the same answer in whatever order it is put; and never is there a parcel more than needed.
func TestWarehouses(t *testing.T) {
	choosers := []warehouse.Chooser{
		warehouse.Priority{}, warehouse.Nearest{}, warehouse.FewestParcels{}, warehouse.FewestParcels{Then: warehouse.Nearest{}},
	}
	rapid.Check(t, func(t *rapid.T) {
		n, req := drawNetwork(t)
		needed := fewest(n, req)
		for i, c := range choosers {
			n.Chooser = c
			best, others, err := n.Choose(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			everyOnce(t, n, append(slices.Clone(best), others...))
			held, err := inventory.Plan(req.Levels, req.Lines, best, n.Split)
			if (err == nil) != (needed > 0) {
				t.Fatalf("%T: %v, though %d locations would do", c, err, needed)
			}
			if got := len(warehouse.Parcels(held)); i >= 2 && got != needed {
				t.Fatalf("%d parcels where %d would do: %v", got, needed, held)
			}
			whole(t, req, held)
			sameShuffled(t, n, req, best)
		}
	})
}

// everyOnce checks that the answer is a permutation of the network.
func everyOnce(t *rapid.T, n warehouse.Network, all []inventory.Location) {
	slices.Sort(all)
	var want []inventory.Location
	for _, w := range n.Warehouses {
		want = append(want, w.Location)
	}
	if !slices.Equal(all, want) {
		t.Fatalf("%v, want %v", all, want)
	}
}

// whole checks that a plan gives every line exactly, or nothing.
func whole(t *rapid.T, req warehouse.Request, held []inventory.Held) {
	if held == nil {
		return
	}
	left := map[inventory.Item]int64{}
	for _, l := range req.Lines {
		left[l.Item] += l.Quantity
	}
	for _, p := range warehouse.Parcels(held) {
		for _, l := range p.Lines {
			left[l.Item] -= l.Quantity
		}
	}
	for item, n := range left {
		if n != 0 {
			t.Fatalf("%d of %s missing", n, item)
		}
	}
}

// sameShuffled asks again with everything in another order.
func sameShuffled(t *rapid.T, n warehouse.Network, req warehouse.Request, best []inventory.Location) {
	n.Warehouses = rapid.Permutation(n.Warehouses).Draw(t, "warehouses again")
	req.Levels = rapid.Permutation(req.Levels).Draw(t, "levels again")
	req.Lines = rapid.Permutation(req.Lines).Draw(t, "lines again")
	again, _, err := n.Choose(t.Context(), req)
	if err != nil || !slices.Equal(again, best) {
		t.Fatalf("%v, then %v, %v", best, again, err)
	}
}
