package inventory_test

import (
	"errors"
	"testing"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

// history is a level and its whole ledger after something of everything.
func history(t *testing.T) (inventory.Level, []inventory.Entry) {
	t.Helper()
	changed, entries, err := inventory.ApplyAll(nil, []inventory.Move{
		move(inventory.Receive, held(shirt, 20)),
		move(inventory.Receive, held(scarf, 7)),
		move(inventory.Allocate, held(shirt, 9)),
		move(inventory.ReleaseAllocation, held(shirt, 1)),
		move(inventory.Expire, held(shirt, 1)),
		move(inventory.Confirm, held(shirt, 5)),
		move(inventory.Ship, held(shirt, 3)),
		move(inventory.Return, held(shirt, 1)),
		move(inventory.Restock, held(shirt, 1)),
		move(inventory.Adjust, held(shirt, -4)),
		move(inventory.Correct, held(shirt, 2)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return changed[0], entries
}

func TestConserved(t *testing.T) {
	l, entries := history(t)
	if err := inventory.Conserved(entries, l); err != nil {
		t.Error(err)
	}
	if err := inventory.Conserved(nil, inventory.Level{Key: shirt.At("pune")}); err != nil {
		t.Errorf("nothing from nothing: %v", err)
	}
	l.Reserved = 3
	if err := inventory.Conserved(entries, l); err != nil {
		t.Errorf("a reservation moves nothing: %v", err)
	}
}

func TestConservedFindsWhatIsMissing(t *testing.T) {
	for account, spoil := range map[inventory.Account]func(*inventory.Level){
		inventory.AccountAvailable: func(l *inventory.Level) { l.OnHand++ },
		inventory.AccountAllocated: func(l *inventory.Level) { l.Allocated--; l.OnHand-- },
		inventory.AccountSold:      func(l *inventory.Level) { l.Sold++ },
		inventory.AccountShipped:   func(l *inventory.Level) { l.Shipped-- },
	} {
		l, entries := history(t)
		spoil(&l)
		err := inventory.Conserved(entries, l)
		var imbalance *inventory.ImbalanceError
		if !errors.As(err, &imbalance) || !errors.Is(err, inventory.ErrImbalance) || imbalance.Account != account {
			t.Errorf("%s: got %v", account, err)
		}
	}
	l, entries := history(t)
	for i, e := range entries {
		rest := append(append([]inventory.Entry(nil), entries[:i]...), entries[i+1:]...)
		if err := inventory.Conserved(rest, l); (err == nil) != (e.Key != l.Key) {
			t.Errorf("without entry %d (%s): %v", i, e.Kind, err)
		}
	}
}

func TestConservedRefusesImpossibleEntries(t *testing.T) {
	for field, spoil := range map[string]func(*inventory.Entry){
		"entries[0].quantity": func(e *inventory.Entry) { e.Quantity = -20 },
		"entries[0].from":     func(e *inventory.Entry) { e.From = "nowhere" },
		"entries[0].to":       func(e *inventory.Entry) { e.To = e.From },
	} {
		l, entries := history(t)
		spoil(&entries[0])
		wantInvalid(t, inventory.Conserved(entries, l), field)
	}
	l := inventory.Level{Key: tea}
	e := inventory.Entry{Key: tea, From: inventory.AccountSupplier, To: inventory.AccountAvailable, Quantity: inventory.MaxLevel}
	wantInvalid(t, inventory.Conserved([]inventory.Entry{e, e}, l), "entries[1].quantity")
}

func TestLedgerQuery(t *testing.T) {
	q, err := inventory.LedgerQuery{}.Normalize()
	if err != nil || q.Limit != inventory.DefaultLedgerLimit {
		t.Errorf("got %+v, %v", q, err)
	}
	for field, bad := range map[string]inventory.LedgerQuery{
		"item": {Item: "{x}"}, "ref": {Ref: "a b"}, "after": {After: -1}, "limit": {Limit: inventory.MaxLedgerLimit + 1},
	} {
		_, err := bad.Normalize()
		wantInvalid(t, err, field)
	}
	e := inventory.Entry{Seq: 5, Key: tea, Ref: "checkout:7"}
	for _, tc := range []struct {
		q    inventory.LedgerQuery
		want bool
	}{
		{inventory.LedgerQuery{}, true},
		{inventory.LedgerQuery{Item: tea.Item, Ref: "checkout:7", After: 4}, true},
		{inventory.LedgerQuery{Item: shirt}, false},
		{inventory.LedgerQuery{Ref: "checkout:8"}, false},
		{inventory.LedgerQuery{After: 5}, false},
		{inventory.LedgerQuery{Since: time.Time{}.Add(time.Second)}, false},
	} {
		if got := tc.q.Matches(e); got != tc.want {
			t.Errorf("%+v matches: %v", tc.q, got)
		}
	}
}
