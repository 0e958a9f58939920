package inventory_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/inventory"
)

// booksFor are the entries of an order that allocates, confirms and ships.
func booksFor(t *testing.T, level inventory.Level, moves ...inventory.Move) (inventory.Level, []inventory.Entry) {
	t.Helper()
	levels, entries, err := inventory.ApplyAll([]inventory.Level{level}, moves)
	if err != nil {
		t.Fatal(err)
	}
	for i := range entries {
		entries[i].Seq = int64(i) + 1
	}
	return levels[0], entries
}

func dupattas(kind inventory.MoveKind, n int64) inventory.Move {
	return inventory.Move{Kind: kind, Ref: "order:1", Lines: []inventory.Held{{Key: dupatta.At("default"), Quantity: n}}}
}

func TestSettle(t *testing.T) {
	sell := []inventory.Move{dupattas(inventory.Allocate, 5), dupattas(inventory.Confirm, 5)}
	for name, tc := range map[string]struct {
		moves []inventory.Move
		want  int64 // sold there
		left  [3]int64
	}{
		"all of it":             {sell, 5, [3]int64{5, 5, 0}},
		"cancelled":             {sell, 0, [3]int64{5, 0, 0}},
		"refunded in part":      {sell, 2, [3]int64{5, 2, 0}},
		"shipped and refunded":  {append(sell[:2:2], dupattas(inventory.Ship, 4)), 3, [3]int64{5, 0, 3}},
		"only allocated":        {sell[:1], 0, [3]int64{10, 0, 0}},
		"given up":              {[]inventory.Move{sell[0], dupattas(inventory.ReleaseAllocation, 5)}, 5, [3]int64{10, 0, 0}},
		"subtracted twice":      {sell, 10, [3]int64{5, 5, 0}},
		"written off":           {append(sell[:2:2], dupattas(inventory.Ship, 5), dupattas(inventory.Return, 2), dupattas(inventory.Adjust, -2)), 5, [3]int64{5, 0, 3}},
		"one of two restocked":  {append(sell[:2:2], dupattas(inventory.Ship, 5), dupattas(inventory.Return, 1), dupattas(inventory.Adjust, -1)), 4, [3]int64{5, 0, 3}},
		"restocked though lost": {append(sell[:2:2], dupattas(inventory.Ship, 5), dupattas(inventory.Return, 5), dupattas(inventory.Adjust, -5)), 3, [3]int64{5, 0, 0}},
		"sold again":            {append(sell[:2:2], dupattas(inventory.Restock, 5)), 4, [3]int64{6, 4, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			level, entries := booksFor(t, shelf("default", 10, 0), tc.moves...)
			moves, err := inventory.Settle([]inventory.Level{level}, entries, inventory.Settlement{
				Ref: "order:1", AsOf: entries[len(entries)-1].Seq, Lines: []inventory.Line{{Item: dupatta, Quantity: tc.want}},
			})
			if err != nil {
				t.Fatal(err)
			}
			if len(moves) > 0 {
				level, _ = booksFor(t, level, moves...)
			}
			if got := [3]int64{level.OnHand, level.Sold, level.Shipped}; got != tc.left {
				t.Errorf("on hand, sold, shipped: %v, want %v", got, tc.left)
			}
		})
	}
}

func TestSettleIsStale(t *testing.T) {
	level, entries := booksFor(t, shelf("default", 10, 0), dupattas(inventory.Allocate, 5), dupattas(inventory.Confirm, 5))
	moves, err := inventory.Settle([]inventory.Level{level}, entries, inventory.Settlement{Ref: "order:1", AsOf: 1})
	if !errors.Is(err, inventory.ErrStale) || moves != nil {
		t.Errorf("got %v, %v", moves, err)
	}
}

// TestSettleAtTwoPlaces: of an order from two places, one is settled
// before the other.
func TestSettleAtTwoPlaces(t *testing.T) {
	at := func(place inventory.Location, kind inventory.MoveKind, n int64, seq int64) inventory.Entry {
		from, to := inventory.AccountAllocated, inventory.AccountSold
		return inventory.Entry{Seq: seq, Key: dupatta.At(place), Kind: kind, From: from, To: to, Quantity: n, Ref: "order:1"}
	}
	moves, err := inventory.Settle(nil, []inventory.Entry{at("default", inventory.Confirm, 3, 1), at("pune", inventory.Confirm, 2, 2)},
		inventory.Settlement{Ref: "order:1", AsOf: 2, Lines: []inventory.Line{{Item: dupatta, Quantity: 4}}})
	if err != nil {
		t.Fatal(err)
	}
	want := []inventory.Held{{Key: dupatta.At("pune"), Quantity: 1}}
	if len(moves) != 2 || moves[0].Kind != inventory.Restock {
		t.Fatalf("got %+v", moves)
	}
	if diff := cmp.Diff(want, moves[0].Lines); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
