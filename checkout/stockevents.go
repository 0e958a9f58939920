package checkout

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/ankkor/ankkor/inventory"
)

// StockEventPrefix begins the Kind and the ID of an Event about stock: "stock.low_stock", "stock/product:16/812/low_stock".
const StockEventPrefix = "stock"

var _ inventory.EventSink = (*StockEvents)(nil)

// StockEvents hands what happens to stock to a Publisher, so that it is in the same stream as what happens to checkouts.
// It is safe for concurrent use.
//
// It keeps nothing itself. The ledger is its outbox: reconcile's Watch reads it from a cursor, hands events on here, and
// moves the cursor when they were published. So an event is as durable as the ledger and the journal are: with both in
// Postgres none is lost, each is published at least once, under one ID however often, and those of one item in order.
type StockEvents struct{ publisher Publisher }

// NewStockEvents publishes stock's events through p.
func NewStockEvents(p Publisher) *StockEvents { return &StockEvents{p} }

// StockEvents implements [inventory.EventSink]. Data is the event as JSON, Sequence that of the ledger; no checkout is
// named, since many may have had a part.
func (s *StockEvents) StockEvents(ctx context.Context, events ...inventory.StockEvent) error {
	if len(events) == 0 {
		return nil
	}
	published := make([]Event, len(events))
	for i, e := range events {
		data, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("checkout: writing an event of stock: %w", err)
		}
		published[i] = Event{
			ID: StockEventPrefix + "/" + e.ID, Kind: StockEventPrefix + "." + string(e.Kind), Sequence: e.Seq, At: e.At, Data: data,
		}
	}
	return s.publisher.Publish(ctx, published...)
}
