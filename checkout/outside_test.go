package checkout_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
)

// published remembers events.
type published struct {
	mu     sync.Mutex
	events []checkout.Event
	fail   bool
}

func (p *published) Publish(_ context.Context, events ...checkout.Event) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fail {
		p.fail = false
		return errors.New("the stream is away")
	}
	p.events = append(p.events, events...)
	return nil
}

func TestOutboxIsRelayedInOrder(t *testing.T) {
	stream := &published{fail: true}
	s := newShop(t, func(c *checkout.Config) { c.Publisher = stream })
	r := s.pay(s.placed("guest:1", mug, 1))
	if _, err := s.RelayOutbox(t.Context(), 100); err == nil {
		t.Fatal("a failed publish is taken for done")
	}
	for range 2 {
		s.check(errOf(s.RelayOutbox(t.Context(), 100)))
	}
	want := []string{"checkout.pending_payment", "checkout.paid", "checkout.ordered"}
	if len(stream.events) != len(want) {
		t.Fatalf("%d events: %+v", len(stream.events), stream.events)
	}
	for i, e := range stream.events {
		if e.Kind != want[i] || e.Checkout != r.ID || e.Sequence != int64(i+1) {
			t.Errorf("event %d is %+v, want %s", i, e, want[i])
		}
	}
}

// source is a store of record with ten of everything.
type source struct{}

func (source) Stock(_ context.Context, items []inventory.Item) ([]inventory.Level, error) {
	levels := make([]inventory.Level, len(items))
	for i, item := range items {
		levels[i] = inventory.Level{Key: item.At(inventory.DefaultLocation), OnHand: 10, Policy: inventory.Deny}
	}
	return levels, nil
}

// TestReserverApart has reservations in a store of their own, as with Redis beside Postgres: it learns of items it does
// not know, and of what was allocated.
func TestReserverApart(t *testing.T) {
	var front *memstore.Stock
	s := newShop(t, func(c *checkout.Config) {
		front = memstore.NewStock(memstore.StockConfig{Now: c.Now})
		c.Reserver, c.Stock = front, source{}
	})
	known := func() inventory.Level {
		t.Helper()
		levels, err := front.Levels(t.Context(), []inventory.Item{keyOf(mug).Item})
		s.check(err)
		if len(levels) != 1 {
			t.Fatalf("%d levels", len(levels))
		}
		return levels[0]
	}
	s.fill("guest:1", mug, 4)
	r := s.ready("guest:1", payment.MethodRazorpay)
	if got := known(); got.OnHand != 10 || got.Reserved != 4 {
		t.Fatalf("after Start: %+v", got)
	}
	placed := s.place(r)
	if got := known(); got.Reserved != 0 || got.Allocated != 4 {
		t.Fatalf("after Place: %+v, want the allocation instead of the reservation", got)
	}
	s.pay(placed)
	if got := known(); got.OnHand != 6 || got.Allocated != 0 {
		t.Fatalf("after paying: %+v", got)
	}
}

// newFront is a reserver that knows nothing yet.
func newFront() *memstore.Stock { return memstore.NewStock(memstore.StockConfig{Now: newClock().Now}) }
