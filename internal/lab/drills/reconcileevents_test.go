package drills_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reconcile"
)

// stream is the rest of the shop: it hears events of checkouts and of stock, and is away at times.
type stream struct {
	mu     sync.Mutex
	away   bool
	events []checkout.Event
}

func (s *stream) Publish(_ context.Context, events ...checkout.Event) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away {
		return errors.New("the stream is away")
	}
	s.events = append(s.events, events...)
	return nil
}

// take empties the stream: the kinds of what came, and what it says of the last of each kind.
func (s *stream) take(t *testing.T) (kinds []string, last map[string]inventory.StockEvent) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	last = map[string]inventory.StockEvent{}
	for _, e := range s.events {
		var told inventory.StockEvent
		if err := json.Unmarshal(e.Data, &told); err != nil {
			t.Fatal(err)
		}
		kinds, last[e.Kind] = append(kinds, e.Kind), told
	}
	s.events = nil
	return kinds, last
}

// listening is a crowd's first product with somebody who listens, through either replica.
func (c *crowd) listening(out *stream, i int) *reconcile.Service {
	c.Helper()
	s, err := reconcile.New(reconcile.Config{
		Books: c.stores[i], Source: c.there, Journal: c.stores[i].Journal(), Sink: checkout.NewStockEvents(out), Log: slog.New(slog.DiscardHandler),
		WatchOf: func(inventory.Item) inventory.Watch {
			return inventory.Watch{Low: 5, Lead: 10 * 24 * time.Hour, Cover: 20 * 24 * time.Hour}
		},
	})
	if err != nil {
		c.Fatal(err)
	}
	return s
}

// TestStockEventsOnPostgres: low stock, a reorder, sold out, back in stock and sold elsewhere beyond stock reach the stream
// of domain events, each once, whichever replica looks.
func TestStockEventsOnPostgres(t *testing.T) {
	c, out := newCrowd(t), &stream{}
	key := inventory.ProductItem(1).At(inventory.DefaultLocation)
	watch := func(want ...string) map[string]inventory.StockEvent {
		t.Helper()
		for i := range c.stores { // the second finds nothing left to tell
			if _, err := c.listening(out, i).Watch(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		kinds, last := out.take(t)
		if diff := cmp.Diff(want, kinds); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		return last
	}
	order := func(kind inventory.MoveKind, ref string, at inventory.Location, n int64) {
		t.Helper()
		move := inventory.Move{Kind: kind, Ref: ref, Lines: []inventory.Held{{Key: key.Item.At(at), Quantity: n}}}
		if _, err := c.stores[1].Move(t.Context(), move); err != nil {
			t.Fatal(err)
		}
	}
	_, err := c.listening(out, 0).Watch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if kinds, _ := out.take(t); len(kinds) != 2*crowdGoods {
		t.Errorf("at first %v were told", kinds)
	}
	order(inventory.Allocate, "chk_1", inventory.DefaultLocation, 35)
	watch("stock.stock_changed") // 25 outlast ten days of 35 a month
	order(inventory.Allocate, "chk_2", inBlr, 20)
	last := watch("stock.stock_changed", "stock.low_stock", "stock.reorder")
	if got := last["stock.low_stock"]; got.Available != 5 || got.Threshold != 5 {
		t.Errorf("low stock: %+v", got)
	}
	if got := last["stock.reorder"]; got.Available != 5 || got.Suggest != 5+55-5 { // 55 a month
		t.Errorf("reorder: %+v", got)
	}
	order(inventory.Allocate, "chk_3", inventory.DefaultLocation, 5)
	watch("stock.stock_changed", "stock.sold_out")
	order(inventory.ReleaseAllocation, "chk_2", inBlr, 20)
	watch("stock.stock_changed", "stock.back_in_stock")
	c.there.sell(7, 1, 55) // by somebody else: 20 were free
	if _, err := c.listening(out, 0).Refresh(t.Context(), key.Item); err != nil {
		t.Fatal(err)
	}
	kinds, last := out.take(t)
	if !slices.Equal(kinds, []string{"stock.decision_due", "stock.oversold"}) || last["stock.oversold"].Short != 35 {
		t.Errorf("told at once: %v, %+v", kinds, last)
	}
	if got := watch("stock.stock_changed", "stock.sold_out", "stock.oversold", "stock.reorder")["stock.oversold"]; got.Short != 35 {
		t.Errorf("oversold: %+v", got)
	}
}

// TestStockEventsWait: what happens while the stream is away, and to whom it is told twice, is told in order under the
// same ids, by a replica that never saw it happen.
func TestStockEventsWait(t *testing.T) {
	c, out := newCrowd(t), &stream{}
	if _, err := c.listening(out, 0).Watch(t.Context()); err != nil {
		t.Fatal(err)
	}
	out.take(t)
	out.away = true
	for n := range 3 {
		lines := []inventory.Held{{Key: inventory.ProductItem(1).At(inventory.DefaultLocation), Quantity: 1}}
		if _, err := c.stores[0].Move(t.Context(), inventory.Move{Kind: inventory.Allocate, Ref: fmt.Sprint("chk_", n), Lines: lines}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.listening(out, 0).Watch(t.Context()); err == nil {
			t.Fatal("nobody said that the stream is away")
		}
	}
	c.there.numbers[inventory.ProductItem(2)] = 500 // more than anything explains
	if _, err := c.listening(out, 0).Refresh(t.Context(), inventory.ProductItem(2)); err != nil {
		t.Fatal(err)
	}
	out.away = false
	if _, err := c.listening(out, 1).Watch(t.Context()); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, e := range out.events {
		ids = append(ids, e.ID)
	}
	first := 2*crowdGoods + 1
	want := []string{"stock/finding/1", fmt.Sprintf("stock/product:1/%d/stock_changed", first), fmt.Sprintf("stock/product:1/%d/stock_changed", first+2)}
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
