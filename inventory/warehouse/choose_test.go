package warehouse_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/warehouse"
)

var (
	mug  = inventory.ProductItem(11)
	sari = inventory.ProductItem(12)
	lamp = inventory.ProductItem(13)
)

// order is a chooser's answer, in one word a location.
func order(t *testing.T, c warehouse.Chooser, req warehouse.Request) string {
	t.Helper()
	got, err := c.Choose(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, len(got))
	for i, l := range got {
		names[i] = string(l)
	}
	return strings.Join(names, " ")
}

func TestPriority(t *testing.T) {
	from := []warehouse.Warehouse{{Location: "b", Priority: 2}, {Location: "c", Priority: -1}, {Location: "a", Priority: 2}}
	if got := order(t, warehouse.Priority{}, warehouse.Request{From: from}); got != "c a b" {
		t.Errorf("%s", got)
	}
	if from[0].Location != "b" {
		t.Error("the caller's list was sorted")
	}
}

// TestNearest has one warehouse for every rank, the farthest with the best priority.
func TestNearest(t *testing.T) {
	from := []warehouse.Warehouse{
		{Location: "dubai", Country: "AE", Priority: 1},
		{Location: "delhi", State: "DL", PIN: "110001", Priority: 2},    // zone 1: does not border on 5
		{Location: "chennai", State: "TN", PIN: "600001", Priority: 3},  // zone 6: borders on 5
		{Location: "vizag", State: "AP", PIN: "530001", Priority: 4},    // zone 5
		{Location: "gulbarga", State: "KA", PIN: "585101", Priority: 5}, // the same state
		{Location: "mandya", State: "KA", PIN: "562101", Priority: 6},   // 56
		{Location: "whitefield", State: "KA", PIN: "560066", Priority: 7},
		{Location: "shop", State: "KA", PIN: "560001", Priority: 8},
	}
	all := "dubai delhi chennai vizag gulbarga mandya whitefield shop"
	for _, c := range []struct {
		name string
		to   warehouse.Destination
		want string
	}{
		{"every rank", warehouse.Destination{Country: "IN", State: "KA", PIN: "560001"}, "shop whitefield mandya gulbarga vizag chennai delhi dubai"},
		{"a space in the PIN", warehouse.Destination{State: "KA", PIN: "560 001"}, "shop whitefield mandya gulbarga vizag chennai delhi dubai"},
		{"the state alone", warehouse.Destination{State: "ka"}, "gulbarga mandya whitefield shop delhi chennai vizag dubai"},
		{"a PIN that is none", warehouse.Destination{State: "TN", PIN: "6000"}, "chennai delhi vizag gulbarga mandya whitefield shop dubai"},
		{"nothing is known", warehouse.Destination{}, all},
		{"abroad", warehouse.Destination{Country: "ae"}, "dubai delhi chennai vizag gulbarga mandya whitefield shop"},
		{"a country without warehouses", warehouse.Destination{Country: "FR", PIN: "560001"}, all},
		{"the army", warehouse.Destination{PIN: "900056"}, "delhi chennai vizag gulbarga mandya whitefield shop dubai"},
		{"a neighbouring zone before priority", warehouse.Destination{PIN: "700001", State: "WB"}, "vizag gulbarga mandya whitefield shop delhi chennai dubai"},
	} {
		if got := order(t, warehouse.Nearest{}, warehouse.Request{From: from, To: c.to}); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestBordersAreMutual: a zone that borders on another is bordered on by it.
func TestBordersAreMutual(t *testing.T) {
	near := func(to, from byte) bool {
		list := []warehouse.Warehouse{
			{Location: "far", PIN: "900001"}, {Location: "it", PIN: string(from) + "99999", Priority: 1},
		}
		return order(t, warehouse.Nearest{}, warehouse.Request{From: list, To: warehouse.Destination{PIN: string(to) + "11111"}}) == "it far"
	}
	pairs := 0
	for a := byte('1'); a <= '8'; a++ {
		for b := a + 1; b <= '8'; b++ {
			if near(a, b) != near(b, a) {
				t.Errorf("zones %c and %c", a, b)
			}
			if near(a, b) {
				pairs++
			}
		}
	}
	if pairs != 12 {
		t.Errorf("%d borders", pairs)
	}
}

// has is the levels of one item, a letter a location.
func has(item inventory.Item, counts map[inventory.Location]int64) []inventory.Level {
	var list []inventory.Level
	for l, n := range counts {
		list = append(list, inventory.Level{Key: item.At(l), OnHand: n, Policy: inventory.Deny})
	}
	return list
}

type counts = map[inventory.Location]int64

func TestFewestParcels(t *testing.T) {
	from := []warehouse.Warehouse{{Location: "a"}, {Location: "b"}, {Location: "c"}, {Location: "d"}}
	one := func(items ...inventory.Item) (lines []inventory.Line) {
		for _, item := range items {
			lines = append(lines, inventory.Line{Item: item, Quantity: 1})
		}
		return lines
	}
	budget := func(item inventory.Item, l inventory.Location, onHand, limit int64) inventory.Level {
		return inventory.Level{Key: item.At(l), OnHand: onHand, Policy: inventory.Backorder, BackorderLimit: limit}
	}
	for _, c := range []struct {
		name   string
		lines  []inventory.Line
		levels []inventory.Level
		split  inventory.SplitPolicy
		want   string
	}{
		{"whole from the best", one(mug), has(mug, counts{"a": 1, "b": 9}), "", "a"},
		{"whole from one that is not the best", one(mug, sari), slices.Concat(has(mug, counts{"a": 1, "c": 1}), has(sari, counts{"b": 1, "c": 1})), "", "c"},
		{"the smallest set", one(mug, sari, lamp), slices.Concat(
			has(mug, counts{"a": 1, "d": 1}), has(sari, counts{"b": 1, "d": 1}), has(lamp, counts{"c": 1})), "", "c d"},
		{"the best of the smallest", one(mug, sari), slices.Concat(has(mug, counts{"b": 1, "d": 1}), has(sari, counts{"a": 1, "c": 1})), "", "a b"},
		{"a line from two", []inventory.Line{{Item: mug, Quantity: 3}, {Item: mug, Quantity: 2}}, has(mug, counts{"a": 1, "b": 1, "c": 2, "d": 3}), "", "c d"},
		{"a line may not be split", []inventory.Line{{Item: mug, Quantity: 5}}, has(mug, counts{"a": 4, "b": 4, "d": 5}), inventory.SplitForbidden, "d"},
		{"nobody has enough", []inventory.Line{{Item: mug, Quantity: 50}}, has(mug, counts{"d": 5}), "", "a b c d"},
		{"nothing is known", one(mug), nil, "", "a b c d"},
		{"what is there before a budget", one(mug), []inventory.Level{budget(mug, "a", 0, 9), budget(mug, "d", 1, 9)}, "", "d"},
		{"a budget if nothing is there", one(mug), []inventory.Level{budget(mug, "c", 0, 9)}, "", "c"},
		{"a budget for one item only", one(mug, sari), append(has(sari, counts{"d": 1}),
			budget(mug, "a", 0, 9), budget(mug, "d", 0, 9)), "", "d"},
		{"uncounted stock has everything", one(mug, sari), append(has(sari, counts{"b": 1}),
			inventory.Level{Key: mug.At("a"), Policy: inventory.Untracked}, inventory.Level{Key: mug.At("b"), Policy: inventory.Untracked}), "", "b"},
		{"what is reserved is not there", one(mug), []inventory.Level{
			{Key: mug.At("a"), OnHand: 2, Reserved: 1, Allocated: 1}, {Key: mug.At("b"), OnHand: 1}}, "", "b"},
	} {
		req := warehouse.Request{From: from, Lines: c.lines, Levels: c.levels, Split: c.split}
		if got := order(t, warehouse.FewestParcels{}, req); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestFewestParcelsOfEqualsTakesTheNearest: Then ranks what is as good.
func TestFewestParcelsOfEqualsTakesTheNearest(t *testing.T) {
	req := warehouse.Request{
		From: []warehouse.Warehouse{{Location: "delhi", PIN: "110001"}, {Location: "pune", PIN: "411001"}},
		To:   warehouse.Destination{PIN: "400001"}, Lines: []inventory.Line{{Item: mug, Quantity: 1}},
		Levels: has(mug, counts{"delhi": 5, "pune": 1}),
	}
	if got := order(t, warehouse.FewestParcels{Then: warehouse.Nearest{}}, req); got != "pune" {
		t.Error(got)
	}
	if _, err := (warehouse.FewestParcels{Then: broken{}}).Choose(t.Context(), req); !errors.Is(err, errBroken) {
		t.Error(err)
	}
}

var errBroken = errors.New("no map")

type broken struct{}

func (broken) Choose(context.Context, warehouse.Request) ([]inventory.Location, error) {
	return nil, errBroken
}

// TestManyLocations ends soon, and still finds everything: 64 places with one item each, and two that have half of all.
func TestManyLocations(t *testing.T) {
	var req warehouse.Request
	for i := range inventory.MaxLocations {
		l := inventory.Location(fmt.Sprintf("w%02d", i))
		item := inventory.ProductItem(int64(i%40) + 1)
		req.From = append(req.From, warehouse.Warehouse{Location: l})
		req.Levels = append(req.Levels, inventory.Level{Key: item.At(l), OnHand: 1})
		if i < 40 {
			req.Lines = append(req.Lines, inventory.Line{Item: item, Quantity: 1})
		}
		if i >= 40 {
			continue
		}
		half := inventory.Location("w60")
		if i%2 == 1 {
			half = "w61"
		}
		req.Levels = append(req.Levels, inventory.Level{Key: item.At(half), OnHand: 1})
	}
	if got := order(t, warehouse.FewestParcels{}, req); got != "w60 w61" {
		t.Error(got)
	}
	req.Levels = slices.DeleteFunc(req.Levels, func(l inventory.Level) bool { return l.Key.Location >= "w60" })
	got, err := warehouse.FewestParcels{}.Choose(t.Context(), req)
	if err != nil || len(got) != 40 {
		t.Fatalf("%d places, %v", len(got), err)
	}
	if _, err := inventory.Plan(req.Levels, req.Lines, got, ""); err != nil {
		t.Error(err)
	}
}
