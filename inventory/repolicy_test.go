package inventory_test

import (
	"strings"
	"testing"

	"github.com/ankkor/ankkor/inventory"
)

func TestRepolicied(t *testing.T) {
	deny := inventory.Level{Key: tea}
	backorder := inventory.Level{Key: tea, Policy: inventory.Backorder, BackorderLimit: 4}
	long := strings.Repeat("é", inventory.MaxNote/2)
	for _, tc := range []struct {
		old, next    inventory.Level
		reason, want string
	}{
		{deny, backorder, "", "no backorders to backorders up to 4"},
		{backorder, inventory.Level{Key: tea, Policy: inventory.Untracked}, "edited", "backorders up to 4 to untracked: edited"},
		{deny, backorder, long, "no backorders to backorders up to 4"}, // what changed is kept, not half of why
		{deny, inventory.Level{Key: tea, Policy: inventory.Deny, BackorderLimit: 4, OnHand: 3}, "", ""},
		{backorder, backorder, "", ""},
	} {
		e, changed := inventory.Repolicied(tc.old, tc.next, tc.reason, "asha")
		if changed != (tc.want != "") || e.Reason != tc.want {
			t.Errorf("%+v to %+v: %+v, %t", tc.old, tc.next, e, changed)
		}
		if changed && (e.Key != tea || e.Kind != inventory.Repolicy || e.Quantity != 0 || e.Actor != "asha") {
			t.Errorf("got %+v", e)
		}
	}
}

// A change of policy is for ledgers: nobody moves pieces by it, and in the books it weighs nothing.
func TestRepolicyMovesNothing(t *testing.T) {
	m := move(inventory.Repolicy, inventory.Held{Key: tea, Quantity: 1})
	wantInvalid(t, m.Validate(), "kind")
	l, entries := history(t)
	e, _ := inventory.Repolicied(l, inventory.Level{Key: l.Key, Policy: inventory.Untracked}, "", "")
	if err := inventory.Conserved(append(entries, e), l); err != nil {
		t.Error(err)
	}
	e.Quantity = 1
	wantInvalid(t, inventory.Conserved([]inventory.Entry{e}, l), "entries[0].to")
}
