package inventory_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/inventory"
)

const dupatta = inventory.Item("product:21")

// shelf is a level of the dupatta at a place.
func shelf(place inventory.Location, onHand, allocated int64) inventory.Level {
	return inventory.Level{Key: dupatta.At(place), OnHand: onHand, Allocated: allocated, Policy: inventory.Deny, Revision: 1}
}

// TestApplyReading: what is known when the ticket is drawn and when the reading is
// applied, and what comes of the number.
func TestApplyReading(t *testing.T) {
	five := inventory.Tolerance{BasisPoints: 500}
	main := []inventory.Level{shelf("default", 20, 3)}
	tests := map[string]struct {
		levels      []inventory.Level
		drawn, now  inventory.Standing
		reading     inventory.Reading
		verdict     inventory.Verdict
		onHand      []int64
		unexplained int64
	}{
		"the same number": {levels: main, reading: inventory.Reading{OnHand: 20}, verdict: inventory.Agreed, onHand: []int64{20}},
		"a fall our orders explain": {levels: main, reading: inventory.Reading{OnHand: 17},
			verdict: inventory.Corrected, onHand: []int64{17}},
		"a fall they do not": {levels: main, reading: inventory.Reading{OnHand: 7},
			verdict: inventory.Corrected, onHand: []int64{7}, unexplained: -10},
		"a fall below zero": {levels: main, reading: inventory.Reading{OnHand: -4},
			verdict: inventory.Corrected, onHand: []int64{-4}, unexplained: -21},
		"confirmed meanwhile, in the number": {levels: main, now: inventory.Standing{Taken: 5, Moved: 5}, reading: inventory.Reading{OnHand: 20},
			verdict: inventory.Corrected, onHand: []int64{15}},
		"a rise that ended claims explain": {levels: main, drawn: inventory.Standing{Taken: 6, Moved: 6}, now: inventory.Standing{Taken: 6, Moved: 6},
			reading: inventory.Reading{OnHand: 26}, verdict: inventory.Corrected, onHand: []int64{26}},
		"a rise that open claims explain": {levels: main, reading: inventory.Reading{OnHand: 23}, verdict: inventory.Corrected, onHand: []int64{23}},
		"a rise nothing explains": {levels: main, reading: inventory.Reading{OnHand: 24, Tolerance: five},
			verdict: inventory.HeldBack, onHand: []int64{20}, unexplained: 1},
		"such a rise, in part explained": {levels: main, drawn: inventory.Standing{Moved: 4}, now: inventory.Standing{Moved: 4},
			reading: inventory.Reading{OnHand: 50, Tolerance: five}, verdict: inventory.HeldBack, onHand: []int64{24}, unexplained: 23},
		"a rise held back, while pieces are sold": {levels: main, drawn: inventory.Standing{Taken: 4, Moved: 4, Held: 30},
			now: inventory.Standing{Taken: 4, Moved: 4, Held: 30}, reading: inventory.Reading{OnHand: 50, Tolerance: five},
			verdict: inventory.HeldBack, onHand: []int64{20}, unexplained: 30},
		"a rise somebody decided on": {levels: main, reading: inventory.Reading{OnHand: 90, Decided: true},
			verdict: inventory.Corrected, onHand: []int64{90}, unexplained: 67},
		"gone": {levels: main, reading: inventory.Reading{Gone: true, OnHand: 99, Policy: inventory.Backorder},
			verdict: inventory.Corrected, onHand: []int64{3}, unexplained: -14},
		"back": {levels: []inventory.Level{shelf("default", 0, 0)}, drawn: inventory.Standing{Gone: true}, now: inventory.Standing{Gone: true},
			reading: inventory.Reading{OnHand: 40}, verdict: inventory.Corrected, onHand: []int64{40}, unexplained: 40},
		"never read": {reading: inventory.Reading{OnHand: 40}, verdict: inventory.Corrected, onHand: []int64{40}, unexplained: 40},
		"never read, oversold": {reading: inventory.Reading{OnHand: -4}, verdict: inventory.Corrected, onHand: []int64{-4},
			unexplained: -4},
		"a fall at two places": {levels: []inventory.Level{shelf("default", 10, 4), shelf("pune", 10, 1)}, reading: inventory.Reading{OnHand: 8},
			verdict: inventory.Corrected, onHand: []int64{4, 4}, unexplained: -7},
		"a fall below what is allocated at two places": {levels: []inventory.Level{shelf("default", 10, 4), shelf("pune", 10, 1)},
			reading: inventory.Reading{OnHand: 3}, verdict: inventory.Corrected, onHand: []int64{2, 1}, unexplained: -12},
		"a rise at the place that takes it": {levels: []inventory.Level{shelf("default", 10, 0), shelf("pune", 10, 0)},
			reading: inventory.Reading{OnHand: 21, Location: "pune", Decided: true}, verdict: inventory.Corrected, onHand: []int64{10, 11}, unexplained: 1},
		"no longer counted": {levels: main, reading: inventory.Reading{Policy: inventory.Untracked},
			verdict: inventory.Corrected, onHand: []int64{0}, unexplained: -17},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			tc.drawn.Item, tc.now.Item = dupatta, dupatta
			ticket, after := tc.drawn.Draw()
			tc.now.Drawn, tc.reading.Ticket = after.Drawn, ticket
			done, next, entries, err := inventory.ApplyReading(tc.levels, tc.now, tc.reading)
			if err != nil {
				t.Fatal(err)
			}
			var onHand []int64
			for _, l := range done.After {
				onHand = append(onHand, l.OnHand)
			}
			if diff := cmp.Diff(tc.onHand, onHand); diff != "" || done.Verdict != tc.verdict || done.Unexplained != tc.unexplained {
				t.Errorf("%s, %d unexplained, want %s, %d; on hand (-want +got)\n%s", done.Verdict, done.Unexplained, tc.verdict, tc.unexplained, diff)
			}
			if next.Applied != ticket.Seq || next.Seen != ticket.Moved || next.Gone != tc.reading.Gone ||
				(next.Held > 0) != (tc.verdict == inventory.HeldBack) {
				t.Errorf("the standing after it: %+v", next)
			}
			booked(t, tc.levels, done.After, entries)
		})
	}
}

// booked checks that entries account for exactly what changed.
func booked(t *testing.T, before, after []inventory.Level, entries []inventory.Entry) {
	t.Helper()
	sum := map[inventory.Key]int64{}
	for _, l := range before {
		sum[l.Key] += l.OnHand
	}
	for _, e := range entries {
		if e.To == inventory.AccountAvailable {
			sum[e.Key] += e.Quantity
		} else {
			sum[e.Key] -= e.Quantity
		}
	}
	for _, l := range after {
		if sum[l.Key] != l.OnHand {
			t.Errorf("%s: the books say %d, the level %d", l.Key, sum[l.Key], l.OnHand)
		}
	}
}

func TestApplyReadingFollowsPolicies(t *testing.T) {
	s := inventory.Standing{Item: dupatta}
	levels := []inventory.Level{shelf("default", 5, 0)}
	for _, tc := range []struct {
		policy   inventory.Policy
		limit    int64
		sellable int64
		note     string
	}{
		{inventory.Backorder, 7, 12, "no backorders to backorders up to 7: asked"},
		{inventory.Backorder, 9, 14, "backorders up to 7 to backorders up to 9: asked"},
		{inventory.Deny, 7, 5, "backorders up to 9 to no backorders: asked"},
		{inventory.Untracked, 0, inventory.MaxQuantity, "no backorders to untracked: asked"},
		{"", 3, 5, "untracked to no backorders: asked"},
	} {
		ticket, after := s.Draw()
		done, next, entries, err := inventory.ApplyReading(levels, after, inventory.Reading{
			Ticket: ticket, OnHand: 5, Policy: tc.policy, BackorderLimit: tc.limit, Reason: "asked", Actor: "asha",
		})
		want := []inventory.Entry{{
			Key: levels[0].Key, Kind: inventory.Repolicy, From: inventory.AccountAvailable, To: inventory.AccountAvailable,
			Reason: tc.note, Actor: "asha",
		}}
		if diff := cmp.Diff(want, entries); diff != "" {
			t.Errorf("%q: the books (-want +got)\n%s", tc.policy, diff)
		}
		if err != nil || done.Verdict != inventory.Corrected || done.After[0].Sellable() != tc.sellable {
			t.Errorf("%q: %+v, %v, %v", tc.policy, done, entries, err)
		}
		if done.After[0].Revision != levels[0].Revision+1 {
			t.Errorf("%q: revision %d after %d", tc.policy, done.After[0].Revision, levels[0].Revision)
		}
		levels, s = done.After, next
	}
}

func TestReadingsThatMakeNoSense(t *testing.T) {
	ticket, s := inventory.Standing{Item: dupatta}.Draw()
	for field, r := range map[string]inventory.Reading{
		"ticket.item": {Ticket: inventory.Ticket{Item: "{x}", Seq: 1}},
		"ticket":      {Ticket: inventory.Ticket{Item: dupatta, Seq: 2}},
		"on_hand":     {Ticket: ticket, OnHand: inventory.MaxQuantity + 1},
		"tolerance":   {Ticket: ticket, Tolerance: inventory.Tolerance{BasisPoints: 10_001}},
		"reason":      {Ticket: ticket, Reason: strings.Repeat("x", inventory.MaxNote+1)},
		"policy":      {Ticket: ticket, Policy: "whatever"},
	} {
		_, next, entries, err := inventory.ApplyReading([]inventory.Level{shelf("default", 1, 0)}, s, r)
		var invalid *inventory.InvalidError
		if !errors.As(err, &invalid) || !strings.Contains(invalid.Field, field) || len(entries) != 0 || next != s {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestTolerance(t *testing.T) {
	for _, tc := range []struct {
		tolerance          inventory.Tolerance
		onHand, difference int64
		believed           bool
	}{
		{inventory.Tolerance{}, 100, 0, true}, {inventory.Tolerance{}, 100, 1, false},
		{inventory.Tolerance{BasisPoints: 500}, 100, 4, true}, {inventory.Tolerance{BasisPoints: 500}, 100, 5, false},
		{inventory.Tolerance{BasisPoints: 500}, -100, -4, true}, {inventory.Tolerance{BasisPoints: 500}, 0, 1, false},
		{inventory.Tolerance{BasisPoints: 10_000}, inventory.MaxLevel, inventory.MaxLevel - 1, true},
		{inventory.Tolerance{BasisPoints: 1}, inventory.MaxLevel, inventory.MaxLevel, false},
		{inventory.Tolerance{Pieces: 3}, 0, 3, true}, {inventory.Tolerance{Pieces: 3}, 0, -4, false},
	} {
		if got := tc.tolerance.Believes(tc.onHand, tc.difference); got != tc.believed {
			t.Errorf("%+v, %d beside %d: %v", tc.tolerance, tc.difference, tc.onHand, got)
		}
	}
}

func TestWatchEvents(t *testing.T) {
	w := inventory.Watch{Low: 3}
	backorder := shelf("default", 0, 0)
	backorder.Policy, backorder.BackorderLimit = inventory.Backorder, 5
	untracked := shelf("default", 0, 0)
	untracked.Policy = inventory.Untracked
	for name, tc := range map[string]struct {
		was   int64
		after []inventory.Level
		want  string
	}{
		"one of many":      {10, []inventory.Level{shelf("default", 9, 0)}, "stock_changed"},
		"low":              {4, []inventory.Level{shelf("default", 3, 0)}, "stock_changed low_stock"},
		"lower":            {3, []inventory.Level{shelf("default", 2, 0)}, "stock_changed"},
		"the last":         {1, []inventory.Level{shelf("default", 5, 5)}, "stock_changed sold_out"},
		"all at once":      {9, []inventory.Level{shelf("default", 0, 0)}, "stock_changed sold_out"},
		"back":             {0, []inventory.Level{shelf("default", 8, 0)}, "stock_changed back_in_stock"},
		"oversold":         {2, []inventory.Level{shelf("default", 1, 4)}, "stock_changed sold_out oversold"},
		"less oversold":    {-5, []inventory.Level{shelf("default", 1, 4)}, "stock_changed"},
		"on backorder":     {1, []inventory.Level{backorder}, "stock_changed"},
		"not counted":      {1, []inventory.Level{untracked}, "stock_changed"},
		"at another place": {4, []inventory.Level{shelf("default", 0, 0), shelf("pune", 2, 0)}, "stock_changed low_stock"},
	} {
		var got []string
		for _, e := range w.Events(dupatta, tc.was, tc.after) {
			got = append(got, string(e.Kind))
		}
		if text := strings.Join(got, " "); text != tc.want {
			t.Errorf("%s: %s, want %s", name, text, tc.want)
		}
	}
}

func TestWatchReorder(t *testing.T) {
	const day = 24 * time.Hour
	w := inventory.Watch{Low: 2, Lead: 10 * day, Cover: 20 * day}
	for _, tc := range []struct{ available, sold, want int64 }{
		{100, 30, 0}, {13, 30, 0}, {12, 30, 20}, {0, 30, 32}, {-4, 30, 36}, {0, 0, 0}, {1, 1, 2}, {0, inventory.MaxLevel, 1_000_000_002},
	} {
		if got := w.Reorder(tc.available, tc.sold, 30*day); got != tc.want {
			t.Errorf("%d left, %d sold: order %d, want %d", tc.available, tc.sold, got, tc.want)
		}
	}
	if got := (inventory.Watch{Low: 2}).Reorder(0, 30, 30*day); got != 0 {
		t.Errorf("without a lead time: %d", got)
	}
}

// A ticket is drawn, the store is asked, and meanwhile a sale is confirmed: the
// number may or may not have it, so it is taken off.
func ExampleApplyReading() {
	mug := inventory.ProductItem(16)
	level := inventory.Level{Key: mug.At(inventory.DefaultLocation), OnHand: 10, Allocated: 2}
	standing := inventory.Standing{Item: mug}

	ticket, standing := standing.Draw()
	level, posting, _ := inventory.Apply(level, inventory.Confirm, 2)
	standing = standing.After(inventory.Entry{Key: level.Key, Kind: inventory.Confirm, From: posting.From, To: posting.To, Quantity: 2})

	done, standing, _, _ := inventory.ApplyReading([]inventory.Level{level}, standing, inventory.Reading{Ticket: ticket, OnHand: 8})
	fmt.Println(done.Verdict, done.After[0].OnHand, standing.Unsettled())

	ticket, standing = standing.Draw()
	done, standing, _, _ = inventory.ApplyReading(done.After, standing, inventory.Reading{Ticket: ticket, OnHand: 8})
	fmt.Println(done.Verdict, done.After[0].OnHand, standing.Unsettled())
	// Output:
	// corrected 6 true
	// corrected 8 false
}
