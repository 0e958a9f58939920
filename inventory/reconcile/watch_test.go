package reconcile_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reconcile"
)

// dying is a journal whose process dies before a save of the watch's cursor.
type dying struct {
	*memstore.Journal
	before int // so many saves go well
}

var errDead = errors.New("killed")

func (d *dying) SaveCursor(ctx context.Context, c reconcile.Cursor) (reconcile.Cursor, error) {
	if d.before--; d.before < 0 {
		return reconcile.Cursor{}, errDead
	}
	return d.Journal.SaveCursor(ctx, c)
}

// take empties the sink.
func (e *events) take() (list []inventory.StockEvent) {
	e.mu.Lock()
	defer e.mu.Unlock()
	list, e.list = e.list, nil
	return list
}

// A process that dies after it told, and before it noted that, leaves the same events to the next one, whatever was sold
// meanwhile: consumers know them by their ids.
func TestWatchTellsTheSameAgain(t *testing.T) {
	journal := &dying{memstore.NewJournal(), 2}
	s := open(t, func(c *reconcile.Config) { c.Journal = journal })
	_, err := s.Watch(t.Context()) // what was there at the beginning
	s.must(err)
	s.events.take()
	journal.before = 1
	s.sell(101, 8, inventory.Allocate)
	if _, err := s.Watch(t.Context()); !errors.Is(err, errDead) {
		t.Fatalf("got %v", err)
	}
	told := s.events.take()
	if len(told) != 2 || told[1].Kind != inventory.LowStock {
		t.Fatalf("told %+v", told)
	}
	journal.before = 1000
	s.sell(102, 2, inventory.Allocate)
	_, err = s.Watch(t.Context())
	s.must(err)
	again := s.events.take()
	if diff := cmp.Diff(told, again[:min(2, len(again))]); diff != "" {
		t.Errorf("the same again (-want +got)\n%s", diff)
	}
	var kinds []inventory.StockEventKind
	for _, e := range again[2:] {
		kinds = append(kinds, e.Kind)
	}
	if diff := cmp.Diff([]inventory.StockEventKind{inventory.StockChanged, inventory.SoldOut}, kinds); diff != "" {
		t.Errorf("then (-want +got)\n%s", diff)
	}
}

// A finding that nobody could be told of is told of later, once; one that has gone away by then is not.
func TestFindingsAreToldInTheEnd(t *testing.T) {
	s := open(t)
	_, err := s.Watch(t.Context())
	s.must(err)
	s.events.take()
	s.events.fail = errors.New("nobody listens")
	s.there.set(mug, 100)
	s.there.set(sari, 100)
	s.pass()
	s.there.set(sari, 10)
	s.pass()
	s.events.fail = nil
	for i, want := range [][]inventory.StockEventKind{{inventory.DecisionDue}, nil} {
		_, err := s.Watch(t.Context())
		s.must(err)
		list := s.events.take()
		var kinds []inventory.StockEventKind
		for _, e := range list {
			kinds = append(kinds, e.Kind)
			if e.Item != mug || e.ID != "finding/"+s.open()[0].ID {
				t.Errorf("told %+v", e)
			}
		}
		if !slices.Equal(kinds, want) {
			t.Errorf("watch %d told %v, want %v", i, kinds, want)
		}
	}
}

// A coupon that is used up is news. That one customer has used it is not, and comes with every order.
func TestACustomersCouponIsNoNews(t *testing.T) {
	s := open(t)
	all, each := inventory.CouponItem("diwali"), inventory.CustomerCouponItem("diwali", "ravi@example.in", 1)
	for _, item := range []inventory.Item{all, each} {
		s.must(s.stock.SetLevels(t.Context(), []inventory.Level{{Key: item.At(inventory.DefaultLocation), OnHand: 1}}))
	}
	_, err := s.Watch(t.Context())
	s.must(err)
	s.events.take()
	for _, step := range []struct {
		kind  inventory.MoveKind
		items []inventory.Item
		told  []inventory.StockEventKind
	}{
		{inventory.Allocate, []inventory.Item{each}, nil},
		{inventory.Expire, []inventory.Item{each}, nil},
		{inventory.Allocate, []inventory.Item{each, all}, []inventory.StockEventKind{inventory.StockChanged, inventory.SoldOut}},
	} {
		var lines []inventory.Held
		for _, item := range step.items {
			lines = append(lines, inventory.Held{Key: item.At(inventory.DefaultLocation), Quantity: 1})
		}
		_, err := s.stock.Move(t.Context(), inventory.Move{Kind: step.kind, Ref: "order:101", Lines: lines})
		s.must(err)
		n, err := s.Watch(t.Context())
		s.must(err)
		for _, e := range s.events.list {
			if e.Item != all {
				t.Errorf("told of %s", e.Item)
			}
		}
		if kinds := s.events.kinds(); n != len(kinds) || !slices.Equal(kinds, step.told) {
			t.Errorf("%s of %v told %v, want %v", step.kind, step.items, kinds, step.told)
		}
	}
}

// Somebody who takes back orders beyond stock changes what can be sold, although no piece moves.
func TestPoliciesAreToldOf(t *testing.T) {
	s := open(t)
	_, err := s.Watch(t.Context())
	s.must(err)
	s.events.take()
	s.there.mu.Lock()
	l := s.there.numbers[mug]
	l.Policy, l.BackorderLimit = inventory.Backorder, 5
	s.there.numbers[mug] = l
	s.there.mu.Unlock()
	_, err = s.Refresh(t.Context(), mug)
	s.must(err)
	_, err = s.Watch(t.Context())
	s.must(err)
	if list := s.events.take(); len(list) != 1 || list[0].Kind != inventory.StockChanged || list[0].Available != 10 {
		t.Errorf("told %+v", list)
	}
	entries, err := s.stock.Entries(t.Context(), inventory.LedgerQuery{Item: mug})
	s.must(err)
	if e := entries[len(entries)-1]; e.Kind != inventory.Repolicy || e.Reason != "no backorders to backorders up to 5: read from the store" {
		t.Errorf("the ledger says %+v", e)
	}
}
