package reconcile_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reconcile"
)

// rise lets 90 mugs turn up.
func rise(t *testing.T) (*shop, reconcile.Finding) {
	t.Helper()
	s := open(t)
	s.there.set(mug, 100)
	s.pass()
	list := s.open()
	if s.wants(mug, 10); len(list) != 1 || list[0].Kind != reconcile.Rise || list[0].Difference != 90 {
		t.Fatalf("got %+v", list)
	}
	return s, list[0]
}

func TestSmallDifferencesAreCorrected(t *testing.T) {
	s := open(t, func(c *reconcile.Config) { c.Tolerance = &inventory.Tolerance{BasisPoints: 2001} })
	s.there.set(mug, 12)
	s.pass()
	s.wants(mug, 12)
	s.there.set(mug, 15) // a quarter more
	s.pass()
	s.wants(mug, 12)
	s.there.set(mug, 12) // and it goes away by itself
	s.pass()
	list, err := s.Findings(t.Context(), reconcile.FindingQuery{Items: []inventory.Item{mug}})
	if s.must(err); len(list) != 1 || list[0].State != reconcile.Settled {
		t.Errorf("got %+v", list)
	}
}

func TestAccept(t *testing.T) {
	s, f := rise(t)
	got, err := s.Accept(t.Context(), f.ID, "asha", "a delivery")
	s.must(err)
	want := f
	want.State, want.Decision = reconcile.Accepted, reconcile.Decision{State: reconcile.Accepted, Actor: "asha", Reason: "a delivery", At: s.now}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	s.wants(mug, 100)
	entries, err := s.stock.Entries(t.Context(), inventory.LedgerQuery{Item: mug})
	s.must(err)
	if e := entries[len(entries)-1]; e.Kind != inventory.Correct || e.Quantity != 90 || e.Actor != "asha" || e.Reason != "a delivery" {
		t.Errorf("the ledger says %+v", e)
	}
	for what, decide := range map[string]func() (reconcile.Finding, error){
		"accepted again": func() (reconcile.Finding, error) { return s.Accept(t.Context(), f.ID, "ravi", "") },
		"kept, too":      func() (reconcile.Finding, error) { return s.Keep(t.Context(), f.ID, "ravi", "") },
	} {
		if got, err := decide(); !errors.Is(err, reconcile.ErrConflict) || got.Decision.Actor != "asha" {
			t.Errorf("%s: %+v, %v", what, got, err)
		}
	}
}

func TestAcceptOfWhatHasGrown(t *testing.T) {
	s, f := rise(t)
	s.there.set(mug, 500)
	if _, err := s.Accept(t.Context(), f.ID, "asha", ""); !errors.Is(err, reconcile.ErrChanged) {
		t.Errorf("got %v", err)
	}
	s.wants(mug, 10)
	if list := s.open(); len(list) != 1 || list[0].ID == f.ID || list[0].Difference != 490 {
		t.Errorf("got %+v", list)
	}
}

func TestKeepOfARise(t *testing.T) {
	s, f := rise(t)
	s.sell(101, 2, inventory.Allocate)
	s.there.set(mug, 98) // it was sold there
	s.sell(101, 2, inventory.Confirm)
	s.pass()
	_, err := s.Keep(t.Context(), f.ID, "asha", "a typo")
	s.must(err)
	s.wants(mug, 8)
	if n := s.there.wrote[mug]; n != 8 || len(s.open()) != 0 {
		t.Errorf("%d was written, open: %+v", n, s.open())
	}
	s.balance()
}

func TestKeepOfAFall(t *testing.T) {
	s := open(t)
	s.there.set(mug, 1)
	s.pass()
	s.wants(mug, 1)
	f := s.open()[0]
	if f.Kind != reconcile.Fall || f.Difference != -9 {
		t.Fatalf("got %+v", f)
	}
	_, err := s.Keep(t.Context(), f.ID, "asha", "")
	s.must(err)
	s.wants(mug, 10)
	if s.there.wrote[mug] != 10 {
		t.Errorf("wrote %d", s.there.wrote[mug])
	}
}

func TestKeepOfWhatHasChanged(t *testing.T) {
	s, f := rise(t)
	s.there.set(mug, 50)
	if _, err := s.Keep(t.Context(), f.ID, "asha", ""); !errors.Is(err, reconcile.ErrChanged) || len(s.there.wrote) != 0 {
		t.Errorf("got %v, wrote %v", err, s.there.wrote)
	}
	if list := s.open(); len(list) != 1 || list[0].ID != f.ID || list[0].Difference != 40 {
		t.Errorf("got %+v", list)
	}
}

func TestDecisionsThatCannotBe(t *testing.T) {
	s, f := rise(t)
	if _, err := s.Accept(t.Context(), "404", "asha", ""); !errors.Is(err, reconcile.ErrNotFound) {
		t.Errorf("an unknown finding: %v", err)
	}
	for _, actor := range []string{"", strings.Repeat("x", inventory.MaxNote+1)} {
		if _, err := s.Keep(t.Context(), f.ID, actor, ""); !errors.Is(err, inventory.ErrInvalid) {
			t.Errorf("an actor of %d bytes: %v", len(actor), err)
		}
	}
	s.config.Writer = nil
	if _, err := s.replica().Keep(t.Context(), f.ID, "asha", ""); !errors.Is(err, inventory.ErrInvalid) {
		t.Errorf("without a writer: %v", err)
	}
	if list := s.open(); len(list) != 1 {
		t.Errorf("got %+v", list)
	}
}

func TestOversoldIsFoundOnce(t *testing.T) {
	s := open(t)
	s.sell(101, 8, inventory.Allocate)
	s.there.set(mug, 3)
	s.pass()
	s.pass()
	var over []reconcile.Finding
	for _, f := range s.open() {
		if f.Kind == reconcile.Oversold {
			over = append(over, f)
		}
	}
	if len(over) != 1 || over[0].Difference != -5 || s.level(mug).Allocated != 8 {
		t.Fatalf("got %+v", over)
	}
	_, err := s.Accept(t.Context(), over[0].ID, "asha", "more is coming")
	s.must(err)
	if report := s.pass(); len(report.Findings) != 0 {
		t.Errorf("found again: %+v", report.Findings)
	}
}

func TestReport(t *testing.T) {
	s := open(t)
	s.pass()
	s.now = s.now.Add(time.Hour)
	s.there.set(mug, 100)
	s.there.set(sari, 9)
	report := s.pass()
	for _, want := range []string{"1 corrected, ", " held back, ", "product:18: 10 -> 9", "[1] product:16: the store has 100, we have 10; +90"} {
		if !strings.Contains(report.Text(), want) {
			t.Errorf("no %q in:\n%s", want, report.Text())
		}
	}
	text, err := report.JSON()
	s.must(err)
	var back reconcile.Report
	s.must(json.Unmarshal(text, &back))
	if diff := cmp.Diff(report, back); diff != "" {
		t.Errorf("through JSON (-want +got)\n%s", diff)
	}
}

func TestWatchTellsWhatHappened(t *testing.T) {
	s := open(t, func(c *reconcile.Config) {
		c.WatchOf = func(inventory.Item) inventory.Watch {
			return inventory.Watch{Low: 3, Lead: 10 * 24 * time.Hour, Cover: 20 * 24 * time.Hour}
		}
	})
	watch := func(want ...inventory.StockEventKind) {
		t.Helper()
		_, err := s.Watch(t.Context())
		s.must(err)
		if diff := cmp.Diff(want, s.events.kinds()); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	watch("stock_changed", "back_in_stock", "stock_changed", "back_in_stock", "stock_changed", "back_in_stock")
	s.sell(101, 5, inventory.Allocate)
	watch("stock_changed", "reorder")
	s.sell(102, 3, inventory.Allocate)
	watch("stock_changed", "low_stock")
	s.sell(103, 2, inventory.Allocate)
	watch("stock_changed", "sold_out")
	s.sell(101, 5, inventory.Confirm) // nothing more is available by that
	watch()
	s.events.fail = errors.New("nobody listens")
	s.sell(103, 2, inventory.ReleaseAllocation)
	if _, err := s.Watch(t.Context()); err == nil {
		t.Error("no error")
	}
	s.events.fail = nil
	watch("stock_changed", "back_in_stock")
}

// adjusting is a store of record that corrects by so many pieces, while somebody buys there.
type adjusting struct {
	*elsewhere
	sold int64 // between our reading and the correction
	fail error
}

func (a *adjusting) AdjustStock(_ context.Context, item inventory.Item, by int64) (int64, error) {
	a.subtract(item, a.sold-by)
	return a.number(item), a.fail
}

// A correction by so many pieces leaves what is sold there meanwhile as it is.
func TestKeepAdjusts(t *testing.T) {
	for name, tc := range map[string]struct{ found, kept int64 }{"a rise": {100, 10}, "a fall": {1, 10}} {
		t.Run(name, func(t *testing.T) {
			var there *adjusting
			s := open(t, func(c *reconcile.Config) {
				there = &adjusting{elsewhere: c.Writer.(*elsewhere), sold: 1}
				c.Writer = there
			})
			s.there.set(mug, tc.found)
			s.pass()
			_, err := s.Keep(t.Context(), s.open()[0].ID, "asha", "a typo")
			s.must(err)
			if n := s.there.number(mug); n != tc.kept-1 || len(s.there.wrote) != 0 {
				t.Errorf("the store has %d, want %d; wrote %v", n, tc.kept-1, s.there.wrote)
			}
			s.wants(mug, tc.kept-1)
			s.balance()
		})
	}
}

// A correction whose outcome is not known is not sent again.
func TestKeepOfUnknownOutcome(t *testing.T) {
	lost := errors.New("the answer was lost")
	s := open(t, func(c *reconcile.Config) { c.Writer = &adjusting{elsewhere: c.Writer.(*elsewhere), fail: lost} })
	s.there.set(mug, 100)
	s.pass()
	id := s.open()[0].ID
	if _, err := s.Keep(t.Context(), id, "asha", ""); !errors.Is(err, lost) {
		t.Errorf("got %v", err)
	}
	if _, err := s.Keep(t.Context(), id, "asha", ""); !errors.Is(err, reconcile.ErrConflict) || s.there.number(mug) != 10 {
		t.Errorf("once more: %v, the store has %d", err, s.there.number(mug))
	}
}
