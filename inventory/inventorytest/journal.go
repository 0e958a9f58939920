package inventorytest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reconcile"
)

// RunJournal checks what [reconcile.Journal] promises, against journals made by
// newJournal, an empty one each.
func RunJournal(t *testing.T, newJournal func(tb testing.TB) reconcile.Journal) {
	for _, p := range []struct {
		text  string
		check func(t *testing.T, j reconcile.Journal)
	}{
		{"a cursor is kept whole", cursorKept},
		{"of two who save a cursor one is told", cursorConflict},
		{"one finding is open for an item and a kind", oneOpenFinding},
		{"a finding ends once", findingEndsOnce},
		{"findings are found by state, item and id, in order", findingsFound},
		{"what was told is noted, of open and of ended findings", findingsTold},
	} {
		t.Run(p.text, func(t *testing.T) { p.check(t, newJournal(t)) })
	}
}

// instant is what any store can keep: a whole microsecond, UTC.
func instant() time.Time { return time.Date(2026, 11, 20, 6, 0, 0, 1000, time.UTC) }

func cursorKept(t *testing.T, j reconcile.Journal) {
	c, err := j.Cursor(t.Context(), "products")
	if diff := cmp.Diff(reconcile.Cursor{Name: "products"}, c); err != nil || diff != "" {
		t.Fatalf("a cursor never saved: %v (-want +got)\n%s", err, diff)
	}
	c.Position = reconcile.Position{At: instant(), Page: 3}
	c.After, c.Seq, c.Upto, c.Started, c.Finished = shirt, 12, 17, instant(), instant().Add(time.Second)
	saved, err := j.SaveCursor(t.Context(), c)
	if c.Version++; err != nil || !cmp.Equal(c, saved) {
		t.Fatalf("SaveCursor: %v\n%s", err, cmp.Diff(c, saved))
	}
	got, err := j.Cursor(t.Context(), "products")
	if diff := cmp.Diff(saved, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	if other, err := j.Cursor(t.Context(), "orders"); err != nil || other.Version != 0 {
		t.Errorf("another name: %+v, %v", other, err)
	}
}

func cursorConflict(t *testing.T, j reconcile.Journal) {
	for range 3 { // of one that was never saved, and of one that was
		raceForCursor(t, j)
	}
}

func raceForCursor(t *testing.T, j reconcile.Journal) {
	t.Helper()
	c, err := j.Cursor(t.Context(), "products")
	if err != nil {
		t.Fatal(err)
	}
	var won atomic.Int64
	var wait sync.WaitGroup
	for i := range 16 {
		wait.Go(func() {
			mine := c
			mine.Seq = int64(i)
			switch _, err := j.SaveCursor(t.Context(), mine); {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, reconcile.ErrConflict):
				t.Errorf("got %v, want ErrConflict", err)
			}
		})
	}
	if wait.Wait(); won.Load() != 1 {
		t.Errorf("%d saved it", won.Load())
	}
}

func finding(item inventory.Item, kind reconcile.FindingKind) reconcile.Finding {
	return reconcile.Finding{Item: item, Kind: kind, Ours: 10, Theirs: 30, Difference: 20, FoundAt: instant(), LastSeen: instant()}
}

func record(t *testing.T, j reconcile.Journal, f reconcile.Finding, fresh bool) reconcile.Finding {
	t.Helper()
	kept, isFresh, err := j.Record(t.Context(), f)
	if err != nil || isFresh != fresh || kept.ID == "" || kept.State != reconcile.Open {
		t.Fatalf("Record(%+v): %+v, %v, %v", f, kept, isFresh, err)
	}
	return kept
}

func oneOpenFinding(t *testing.T, j reconcile.Journal) {
	first := record(t, j, finding(shirt, reconcile.Rise), true)
	later := finding(shirt, reconcile.Rise)
	later.Theirs, later.Difference, later.LastSeen, later.FoundAt = 40, 30, instant().Add(time.Hour), instant().Add(time.Hour)
	got := record(t, j, later, false)
	want := first
	want.Theirs, want.Difference, want.LastSeen = later.Theirs, later.Difference, later.LastSeen
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if other := record(t, j, finding(shirt, reconcile.Oversold), true); other.ID == first.ID {
		t.Error("another kind has the same id")
	}
	if _, err := j.End(t.Context(), first.ID, reconcile.Decision{State: reconcile.Accepted, Actor: "asha", At: instant()}); err != nil {
		t.Fatal(err)
	}
	if again := record(t, j, later, true); again.ID == first.ID {
		t.Error("a finding that was ended is open again")
	}
}

func findingEndsOnce(t *testing.T, j reconcile.Journal) {
	f := record(t, j, finding(shirt, reconcile.Rise), true)
	for _, how := range []reconcile.Decision{{}, {State: reconcile.Open, Actor: "asha"}, {State: reconcile.Kept}} {
		if _, err := j.End(t.Context(), f.ID, how); !errors.Is(err, inventory.ErrInvalid) {
			t.Errorf("%+v: %v, want ErrInvalid", how, err)
		}
	}
	how := reconcile.Decision{State: reconcile.Kept, Actor: "asha", Reason: "a typo", At: instant()}
	want := f
	want.State, want.Decision = reconcile.Kept, how
	got, err := j.End(t.Context(), f.ID, how)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	got, err = j.End(t.Context(), f.ID, reconcile.Decision{State: reconcile.Accepted, Actor: "ravi", At: instant()})
	if diff := cmp.Diff(want, got); !errors.Is(err, reconcile.ErrConflict) || diff != "" {
		t.Errorf("the second end: %v (-want +got)\n%s", err, diff)
	}
	if _, err := j.End(t.Context(), "404", how); !errors.Is(err, reconcile.ErrNotFound) {
		t.Errorf("an unknown finding: %v", err)
	}
}

func findingsFound(t *testing.T, j reconcile.Journal) {
	a := record(t, j, finding(shirt, reconcile.Rise), true)
	b := record(t, j, finding(scarf, reconcile.Fall), true)
	c := record(t, j, finding(shirt, reconcile.Gone), true)
	ended, err := j.End(t.Context(), b.ID, reconcile.Decision{State: reconcile.Settled, Actor: "suite", At: instant()})
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		q    reconcile.FindingQuery
		want []reconcile.Finding
	}{
		"all":     {reconcile.FindingQuery{}, []reconcile.Finding{a, ended, c}},
		"open":    {reconcile.FindingQuery{State: reconcile.Open}, []reconcile.Finding{a, c}},
		"item":    {reconcile.FindingQuery{Items: []inventory.Item{scarf, mug}}, []reconcile.Finding{ended}},
		"id":      {reconcile.FindingQuery{ID: c.ID}, []reconcile.Finding{c}},
		"limit":   {reconcile.FindingQuery{Limit: 2}, []reconcile.Finding{a, ended}},
		"nothing": {reconcile.FindingQuery{ID: "404"}, nil},
	} {
		got, err := j.Findings(t.Context(), tc.q)
		if diff := cmp.Diff(tc.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got)\n%s", name, err, diff)
		}
	}
}

func findingsTold(t *testing.T, j reconcile.Journal) {
	a := record(t, j, finding(shirt, reconcile.Rise), true)
	b := record(t, j, finding(scarf, reconcile.Fall), true)
	if _, err := j.End(t.Context(), b.ID, reconcile.Decision{State: reconcile.Settled, Actor: "suite", At: instant()}); err != nil {
		t.Fatal(err)
	}
	untold := func(want ...string) {
		t.Helper()
		list, err := j.Findings(t.Context(), reconcile.FindingQuery{Untold: true})
		var got []string
		for _, f := range list {
			got = append(got, f.ID)
		}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%v (-want +got)\n%s", err, diff)
		}
	}
	untold(a.ID, b.ID)
	for _, ids := range [][]string{{}, {b.ID, "404", "no number"}, {b.ID}} {
		if err := j.Told(t.Context(), ids...); err != nil {
			t.Fatal(err)
		}
	}
	untold(a.ID)
	if kept := record(t, j, finding(shirt, reconcile.Rise), false); kept.Told {
		t.Error("a finding that nobody was told of says that somebody was")
	}
	if err := j.Told(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	untold()
	if kept := record(t, j, finding(shirt, reconcile.Rise), false); !kept.Told {
		t.Error("that it was told is forgotten when it is seen again")
	}
	if again := record(t, j, finding(scarf, reconcile.Fall), true); again.Told {
		t.Error("a new finding was told before it was found")
	}
}
