package reconcile_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reconcile"
)

// seen remembers which orders it was told of.
type seen struct {
	ids  []int64
	fail error
}

func (s *seen) order(_ context.Context, id int64) error {
	s.ids = append(s.ids, id)
	return s.fail
}

// told empties it, each order once.
func (s *seen) told() []int64 {
	ids := slices.Clone(s.ids)
	slices.Sort(ids)
	s.ids = nil
	return slices.Compact(ids)
}

// TestOrdersAreSeen: whoever asks is told of every order that changed, by a pass or a hint, in the trash, gone, not ours;
// and told again until it can take it.
func TestOrdersAreSeen(t *testing.T) {
	var s seen
	shop := open(t, func(c *reconcile.Config) { c.OrderSeen = s.order })
	shop.there.order(101, 0, "processing")
	shop.there.order(7, 0, "completed")
	shop.there.trash(102)
	shop.pass()
	if got := s.told(); fmt.Sprint(got) != "[7 101 102]" {
		t.Errorf("a pass told of %v", got)
	}
	for _, id := range []int64{101, 404} {
		shop.must(shop.Changed(t.Context(), reconcile.Orders, id, 0))
	}
	if got := s.told(); fmt.Sprint(got) != "[101 404]" {
		t.Errorf("hints told of %v", got)
	}
	s.fail = errors.New("no database")
	shop.now = shop.now.Add(time.Hour)
	shop.there.order(103, 0, "cancelled")
	if _, err := shop.Pass(t.Context()); !errors.Is(err, s.fail) {
		t.Errorf("a pass that told nobody: %v", err)
	}
	if err := shop.Changed(t.Context(), reconcile.Orders, 103, 0); !errors.Is(err, s.fail) {
		t.Errorf("a hint that told nobody: %v", err)
	}
	s.fail, s.ids = nil, nil
	shop.now = shop.now.Add(time.Hour) // the order has not changed again
	shop.pass()
	if got := s.told(); !slices.Contains(got, 103) {
		t.Errorf("the next pass told of %v", got)
	}
}

// trash says that an order was put to the trash.
func (e *elsewhere) trash(id int64) {
	e.order(id, 0, "trash")
	e.mu.Lock()
	defer e.mu.Unlock()
	e.log = slices.DeleteFunc(e.log, func(o stamped) bool { return o.order == id })
	e.stamp(stamped{kind: reconcile.TrashedOrders, order: id})
}

// TestOnlySeen: a shop that keeps no books of orders may still be told of them.
func TestOnlySeen(t *testing.T) {
	var s seen
	shop := open(t, func(c *reconcile.Config) { c.OrderSeen, c.RefOf = s.order, nil })
	shop.there.order(101, 0, "cancelled")
	shop.pass()
	shop.must(shop.Changed(t.Context(), reconcile.Orders, 102, 0))
	if got := s.told(); fmt.Sprint(got) != "[101 102]" {
		t.Errorf("told of %v", got)
	}
}

// TestCouponsAreNoLines: what an order claimed of a coupon is nothing that its lines could say was subtracted.
func TestCouponsAreNoLines(t *testing.T) {
	s := open(t)
	coupon := inventory.CouponItem("diwali").At(inventory.DefaultLocation)
	s.must(s.stock.SetLevels(t.Context(), []inventory.Level{{Key: coupon, OnHand: 5}}))
	s.sell(101, 2, inventory.Allocate, inventory.Confirm)
	for _, kind := range []inventory.MoveKind{inventory.Allocate, inventory.Confirm} {
		_, err := s.stock.Move(t.Context(), inventory.Move{Kind: kind, Ref: "order:101", Lines: []inventory.Held{{Key: coupon, Quantity: 1}}})
		s.must(err)
	}
	s.there.set(mug, 8)
	s.there.order(101, 2, "processing")
	if report := s.pass(); report.Settled != 0 {
		t.Errorf("settled what agreed: %+v", report)
	}
	s.there.order(101, 0, "cancelled")
	s.there.set(mug, 10)
	s.pass()
	s.wants(mug, 10)
	if l := s.level(coupon.Item); l.Sold != 1 || l.OnHand != 4 || l.Sellable() != 4 {
		t.Errorf("the coupon: %+v", l)
	}
	s.balance()
}
