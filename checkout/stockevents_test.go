package checkout_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reconcile"
)

// stream is a Publisher that remembers, or fails.
type stream struct {
	fail   error
	events []checkout.Event
}

func (s *stream) Publish(_ context.Context, events ...checkout.Event) error {
	if s.fail != nil {
		return s.fail
	}
	s.events = append(s.events, events...)
	return nil
}

func (s *stream) kinds() (kinds []string) {
	for _, e := range s.events {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

// What happens to stock reaches the stream of domain events; while the stream is away the ledger keeps it.
func TestStockEventsReachTheStream(t *testing.T) {
	stock, out := memstore.NewStock(memstore.StockConfig{}), &stream{fail: errors.New("redis is away")}
	inStep, err := reconcile.New(reconcile.Config{
		Books: stock, Source: stock, Journal: memstore.NewJournal(), Sink: checkout.NewStockEvents(out), Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	key := inventory.ProductItem(16).At(inventory.DefaultLocation)
	if err := stock.Receive(t.Context(), key, 3); err != nil {
		t.Fatal(err)
	}
	if _, err := inStep.Watch(t.Context()); !errors.Is(err, out.fail) {
		t.Fatalf("got %v, want the stream's error", err)
	}
	_, err = stock.Move(t.Context(), inventory.Move{Kind: inventory.Allocate, Ref: "chk_1", Lines: []inventory.Held{{Key: key, Quantity: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	out.fail = nil
	if n, err := inStep.Watch(t.Context()); err != nil || n != len(out.events) {
		t.Fatalf("%d sent, %d arrived, %v", n, len(out.events), err)
	}
	want := []string{"stock.stock_changed", "stock.back_in_stock", "stock.stock_changed", "stock.low_stock"}
	if diff := cmp.Diff(want, out.kinds()); diff != "" {
		t.Fatalf("(-want +got)\n%s", diff)
	}
	low := out.events[3]
	var told inventory.StockEvent
	if err := json.Unmarshal(low.Data, &told); err != nil {
		t.Fatal(err)
	}
	if told.Item != key.Item || told.Available != 2 || told.Threshold != 2 || low.Sequence != 2 || !strings.HasPrefix(low.ID, "stock/product:16/2/") {
		t.Errorf("got %+v with %+v", low, told)
	}
}

func TestStockEventsOfNothing(t *testing.T) {
	out := &stream{fail: errors.New("asked")}
	if err := checkout.NewStockEvents(out).StockEvents(t.Context()); err != nil {
		t.Error(err)
	}
}
