package inventory_test

import (
	"testing"

	"github.com/ankkor/ankkor/inventory"
	"github.com/google/go-cmp/cmp"
)

func TestCheckLevels(t *testing.T) {
	given := []inventory.Level{
		{Key: inventory.ProductItem(2).At("b"), OnHand: 1, Policy: inventory.Untracked},
		{Key: inventory.ProductItem(2).At("a"), OnHand: 2, Reserved: 9, Sold: 9, Shipped: 9, Revision: 4},
	}
	before := append([]inventory.Level(nil), given...)
	got, err := inventory.CheckLevels(given)
	if err != nil {
		t.Fatal(err)
	}
	want := []inventory.Level{
		{Key: inventory.ProductItem(2).At("a"), OnHand: 2, Policy: inventory.Deny, Revision: 4},
		{Key: inventory.ProductItem(2).At("b"), OnHand: 1, Policy: inventory.Untracked},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(before, given); diff != "" {
		t.Errorf("the caller's slice was changed:\n%s", diff)
	}
}

func TestCheckLevelsRefuses(t *testing.T) {
	one := inventory.Level{Key: tea}
	_, err := inventory.CheckLevels([]inventory.Level{one, one})
	wantInvalid(t, err, "levels[1].key")
	_, err = inventory.CheckLevels([]inventory.Level{one, {Key: inventory.Item("x").At("default")}})
	wantInvalid(t, err, "levels[1].key.item")
	_, err = inventory.CheckLevels(make([]inventory.Level, inventory.MaxBatch+1))
	wantInvalid(t, err, "levels")
}

func TestCheckItems(t *testing.T) {
	given := []inventory.Item{"product:2", "product:1", "product:2"}
	got, err := inventory.CheckItems(given)
	if diff := cmp.Diff([]inventory.Item{"product:1", "product:2"}, got); err != nil || diff != "" {
		t.Errorf("error %v (-want +got)\n%s", err, diff)
	}
	if given[0] != "product:2" {
		t.Error("the caller's slice was sorted")
	}
	_, err = inventory.CheckItems([]inventory.Item{"product:1", "{x}"})
	wantInvalid(t, err, "items[1]")
	_, err = inventory.CheckItems(make([]inventory.Item, inventory.MaxBatch+1))
	wantInvalid(t, err, "items")
}
