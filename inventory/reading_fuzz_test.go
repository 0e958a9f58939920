package inventory_test

import (
	"errors"
	"testing"

	"github.com/ankkor/ankkor/inventory"
)

// FuzzApplyReading: whatever is read and whatever happened meanwhile, no more is
// counted than the store of record has, less what was confirmed after the ticket;
// the books account for every piece; and a fall is followed to the end.
func FuzzApplyReading(f *testing.F) {
	f.Add(int64(20), int64(3), int64(5), int64(17), int64(2), int64(4), int64(0), uint8(0))
	f.Add(int64(-3), int64(9), int64(0), int64(-8), int64(0), int64(0), int64(7), uint8(3))
	f.Add(int64(1), int64(0), int64(0), inventory.MaxQuantity, int64(0), int64(1), int64(90), uint8(7))
	f.Fuzz(func(t *testing.T, here, claimed, second, number, taken, moved, held int64, how uint8) {
		levels := []inventory.Level{shelf("default", here, claimed), shelf("pune", second, 0)}
		ticket, now := inventory.Standing{Item: dupatta, Held: held}.Draw()
		now.Taken, now.Moved = taken, moved
		r := inventory.Reading{Ticket: ticket, OnHand: number, Decided: how&1 != 0, Gone: how&2 != 0}
		if how&4 != 0 {
			r.Tolerance = inventory.Tolerance{BasisPoints: 500, Pieces: 2}
		}
		for _, n := range []int64{here, claimed, second, taken, moved, held} {
			if n < -inventory.MaxQuantity || n > inventory.MaxQuantity || claimed < 0 || taken < 0 || moved < 0 || held < 0 {
				t.Skip("no store has such a level")
			}
		}
		done, _, entries, err := inventory.ApplyReading(levels, now, r)
		if err != nil {
			var invalid *inventory.InvalidError
			if !errors.As(err, &invalid) {
				t.Fatal(err)
			}
			return
		}
		total := int64(0)
		for _, l := range done.After {
			total += l.OnHand
		}
		if most := max(done.Theirs, done.Ours); !r.Gone && done.Theirs != number-taken || total > most || total > done.Theirs && !r.Gone {
			t.Errorf("%d on hand, ours %d, theirs %d", total, done.Ours, done.Theirs)
		}
		if done.Theirs < done.Ours && total != done.Theirs {
			t.Errorf("%d on hand, although only %d are there", total, done.Theirs)
		}
		booked(t, levels, done.After, entries)
	})
}
