package inventory_test

import (
	"errors"
	"testing"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

func TestErrorsSayWhatAndWhere(t *testing.T) {
	at := time.Date(2026, 10, 20, 12, 0, 0, 0, time.FixedZone("IST", 5*3600+1800))
	for _, tc := range []struct {
		err  error
		is   error
		want string
	}{
		{&inventory.InvalidError{Field: "lines[2].quantity", Reason: "is negative"}, inventory.ErrInvalid, "inventory: lines[2].quantity is negative"},
		{
			&inventory.ShortageError{Lines: []inventory.Shortage{{Item: shirt, Want: 2, Have: 1}, {Item: scarf, Want: 1}}},
			inventory.ErrInsufficient, "inventory: insufficient stock: product:1 wants 2, has 1, product:2 wants 1, has 0",
		},
		{&inventory.ConflictError{ID: "r1", Reason: "was used for other lines"}, inventory.ErrConflict, "inventory: reservation r1 was used for other lines"},
		{&inventory.EndedError{ID: "r1", State: inventory.Expired, At: at}, inventory.ErrEnded, "inventory: reservation r1 has ended: expired at 2026-10-20T06:30:00Z"},
		{
			&inventory.MoveError{Kind: inventory.Ship, Key: shirt.At("pune"), Account: inventory.AccountSold, Want: 2, Have: 1},
			inventory.ErrImpossible, "inventory: cannot ship 2 of product:1@pune: sold holds 1",
		},
		{
			&inventory.ImbalanceError{Key: shirt.At("pune"), Account: inventory.AccountSold, Ledger: 2, Level: 1},
			inventory.ErrImbalance, "inventory: product:1@pune: ledger has 2 in sold, level has 1",
		},
	} {
		if got := tc.err.Error(); got != tc.want {
			t.Errorf("got  %s\nwant %s", got, tc.want)
		}
		if !errors.Is(tc.err, tc.is) {
			t.Errorf("%v is not %v", tc.err, tc.is)
		}
	}
}
