package inventory_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/inventory"
	"github.com/google/go-cmp/cmp"
)

func move(kind inventory.MoveKind, lines ...inventory.Held) inventory.Move {
	return inventory.Move{Kind: kind, Ref: "checkout:7", Lines: lines, Reason: "why", Actor: "who"}
}

func held(item inventory.Item, qty int64) inventory.Held {
	return inventory.Held{Key: item.At(inventory.DefaultLocation), Quantity: qty}
}

func TestApplyAll(t *testing.T) {
	levels := []inventory.Level{stock(shirt, "default", 5), stock(scarf, "default", 5), stock("product:3", "default", 5)}
	levels[0].Revision = 41
	changed, entries, err := inventory.ApplyAll(levels, []inventory.Move{
		move(inventory.Allocate, held(scarf, 2), held(shirt, 1), held(scarf, 1)),
		move(inventory.Confirm, held(shirt, 1)),
		move(inventory.Receive, held("product:9", 4)),
	})
	if err != nil {
		t.Fatal(err)
	}
	wantChanged := []inventory.Level{
		{Key: shirt.At("default"), OnHand: 4, Sold: 1, Revision: 42},
		{Key: scarf.At("default"), OnHand: 5, Allocated: 3, Revision: 1},
		{Key: inventory.Item("product:9").At("default"), OnHand: 4, Policy: inventory.Deny, Revision: 1},
	}
	if diff := cmp.Diff(wantChanged, changed); diff != "" {
		t.Errorf("levels (-want +got)\n%s", diff)
	}
	entry := func(item inventory.Item, kind inventory.MoveKind, from, to inventory.Account, qty int64) inventory.Entry {
		return inventory.Entry{
			Key: item.At("default"), Kind: kind, From: from, To: to, Quantity: qty,
			Ref: "checkout:7", Reason: "why", Actor: "who",
		}
	}
	wantEntries := []inventory.Entry{
		entry(shirt, inventory.Allocate, inventory.AccountAvailable, inventory.AccountAllocated, 1),
		entry(scarf, inventory.Allocate, inventory.AccountAvailable, inventory.AccountAllocated, 3),
		entry(shirt, inventory.Confirm, inventory.AccountAllocated, inventory.AccountSold, 1),
		entry("product:9", inventory.Receive, inventory.AccountSupplier, inventory.AccountAvailable, 4),
	}
	if diff := cmp.Diff(wantEntries, entries); diff != "" {
		t.Errorf("entries (-want +got)\n%s", diff)
	}
	if levels[1].Allocated != 0 {
		t.Error("the caller's levels were changed")
	}
}

func TestApplyAllNamesEveryShortLine(t *testing.T) {
	levels := []inventory.Level{stock(shirt, "default", 5), stock(scarf, "default", 1)}
	changed, entries, err := inventory.ApplyAll(levels, []inventory.Move{
		move(inventory.Receive, held(shirt, 1)),
		move(inventory.Allocate, held("product:9", 1), held(scarf, 1), held(shirt, 6), held(scarf, 1)),
	})
	var short *inventory.ShortageError
	if !errors.As(err, &short) {
		t.Fatalf("got %v, want a *ShortageError", err)
	}
	want := []inventory.Shortage{{Item: scarf, Want: 2, Have: 1}, {Item: "product:9", Want: 1, Unknown: true}}
	if diff := cmp.Diff(want, short.Lines); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if changed != nil || entries != nil {
		t.Errorf("an error came with %v and %v", changed, entries)
	}
}

func TestApplyAllStopsAtAnImpossibleMove(t *testing.T) {
	_, _, err := inventory.ApplyAll(nil, []inventory.Move{move(inventory.Ship, held(shirt, 1))})
	if !errors.Is(err, inventory.ErrImpossible) {
		t.Errorf("got %v, want ErrImpossible", err)
	}
	_, _, err = inventory.ApplyAll(nil, []inventory.Move{move(inventory.Receive, held(shirt, 1)), move("steal")})
	wantInvalid(t, err, "moves[1].kind")
}

func TestMoveValidate(t *testing.T) {
	good := inventory.Move{Kind: inventory.Allocate, Ref: "checkout:7", Reservation: "checkout:7.1", Lines: []inventory.Held{held(shirt, 1)}}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for _, tc := range []struct {
		field string
		spoil func(*inventory.Move)
	}{
		{"kind", func(m *inventory.Move) { m.Kind = "" }},
		{"ref", func(m *inventory.Move) { m.Ref = "" }},
		{"ref", func(m *inventory.Move) { m.Ref = "{x}" }},
		{"reservation", func(m *inventory.Move) { m.Reservation = "a b" }},
		{"reservation", func(m *inventory.Move) { m.Kind = inventory.Ship }},
		{"reason", func(m *inventory.Move) { m.Reason = strings.Repeat("x", inventory.MaxNote+1) }},
		{"actor", func(m *inventory.Move) { m.Actor = "a\r\nb" }},
		{"lines", func(m *inventory.Move) { m.Lines = nil }},
		{"lines", func(m *inventory.Move) { m.Lines = make([]inventory.Held, inventory.MaxMoveLines+1) }},
		{"lines[0].item", func(m *inventory.Move) {
			m.Lines = []inventory.Held{{Key: inventory.Item("").At("default"), Quantity: 1}}
		}},
		{"lines[0].location", func(m *inventory.Move) { m.Lines = []inventory.Held{{Key: shirt.At(""), Quantity: 1}} }},
		{"lines[1].quantity", func(m *inventory.Move) { m.Lines = append(m.Lines, held(scarf, -1)) }},
		{"lines of product:1@default", func(m *inventory.Move) { m.Lines = append(m.Lines, held(shirt, inventory.MaxQuantity)) }},
	} {
		bad := good
		tc.spoil(&bad)
		wantInvalid(t, bad.Validate(), tc.field)
	}
	count := inventory.Move{Kind: inventory.Adjust, Lines: []inventory.Held{held(shirt, -1)}}
	if err := count.Validate(); err != nil {
		t.Errorf("a count that takes away, without an order: %v", err)
	}
}
