package pgstore

import (
	"testing"

	"github.com/ankkor/ankkor/inventory"
)

// Only what takes stock away opens the database's guard, and an allocation never does.
func TestWhatCountsAsACut(t *testing.T) {
	key := inventory.ProductItem(1).At(inventory.DefaultLocation)
	level := inventory.Level{Key: key, OnHand: 10, Allocated: 4, Sold: 3, Shipped: 2, Policy: inventory.Deny, Revision: 7}
	for _, tc := range []struct {
		kind     inventory.MoveKind
		quantity int64
		cut      bool
	}{
		{inventory.Receive, 1, false}, {inventory.Allocate, 1, false}, {inventory.ReleaseAllocation, 1, false},
		{inventory.Expire, 1, false}, {inventory.Confirm, 1, false}, {inventory.Ship, 1, false},
		{inventory.Restock, 1, false}, {inventory.Return, 1, false},
		{inventory.Adjust, 1, false}, {inventory.Adjust, -1, true}, {inventory.Correct, 1, false}, {inventory.Correct, -1, true},
	} {
		d := opened{}.desk()
		d.levels[key], d.was[key] = level, level.Revision
		move := inventory.Move{Kind: tc.kind, Ref: "chk_1", Lines: []inventory.Held{{Key: key, Quantity: tc.quantity}}}
		if _, err := d.apply(t.Context(), []inventory.Key{key}, []inventory.Move{move}); err != nil {
			t.Fatal(err)
		}
		rows := d.stockRows()
		if len(rows) != 1 || rows[0].Cut != tc.cut || rows[0].Was == nil || *rows[0].Was != 7 || rows[0].Revision != 8 {
			t.Errorf("%s %d: rows %+v, want cut %v", tc.kind, tc.quantity, rows, tc.cut)
		}
	}
}

// A refused request leaves the desk as it was, so that the others of its flight can go on.
func TestRefusalLeavesTheDesk(t *testing.T) {
	key := inventory.ProductItem(1).At(inventory.DefaultLocation)
	d := opened{}.desk()
	d.levels[key], d.was[key] = inventory.Level{Key: key, OnHand: 1, Policy: inventory.Deny, Revision: 1}, 1
	line := []inventory.Held{{Key: key, Quantity: 1}}
	moves := []inventory.Move{
		{Kind: inventory.Allocate, Ref: "chk_1", Lines: line}, {Kind: inventory.Allocate, Ref: "chk_1", Lines: line},
	}
	m := &move{moves: moves, touch: touchedBy(moves)}
	if err := m.decide(t.Context(), d); err == nil {
		t.Fatal("two of one piece were allocated")
	}
	if document := d.document(); document != nil {
		t.Errorf("the desk holds %+v", document)
	}
}
