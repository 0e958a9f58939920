package inventory

import (
	"context"
	"time"
)

// StockEventKind says what happened to an item's stock.
type StockEventKind string

// The kinds.
const (
	// StockChanged: the count of an item is another one. Caches of it are old.
	StockChanged StockEventKind = "stock_changed"
	// LowStock: no more than the threshold is left.
	LowStock StockEventKind = "low_stock"
	// SoldOut: nothing is left.
	SoldOut StockEventKind = "sold_out"
	// BackInStock: there is something again.
	BackInStock StockEventKind = "back_in_stock"
	// OversoldElsewhere: more is allocated than there is, because somebody sold or
	// took pieces without asking here. Somebody has to decide which order waits.
	OversoldElsewhere StockEventKind = "oversold"
	// ReorderDue: what is left will not last until new goods are here.
	ReorderDue StockEventKind = "reorder"
	// DecisionDue: the store of record differs by more than is believed.
	DecisionDue StockEventKind = "decision_due"
	// ItemGone: the store of record does not have the item any more.
	ItemGone StockEventKind = "item_gone"
)

// StockEvent is something a shop wants to know of.
type StockEvent struct {
	// ID is the same however often the event is told.
	ID   string         `json:"id"`
	Kind StockEventKind `json:"kind"`
	Item Item           `json:"item"`
	// Seq is that of the last ledger entry it takes into account; 0 for what is not
	// in the ledger.
	Seq int64     `json:"seq,omitempty"`
	At  time.Time `json:"at"`
	// Available is what nobody has claimed, at all locations; Was what it was.
	Available int64 `json:"available"`
	Was       int64 `json:"was"`
	// Threshold is that of a LowStock, Short the pieces that an
	// OversoldElsewhere lacks, Suggest the pieces a ReorderDue asks for.
	Threshold int64  `json:"threshold,omitempty"`
	Short     int64  `json:"short,omitempty"`
	Suggest   int64  `json:"suggest,omitempty"`
	Note      string `json:"note,omitempty"`
}

// EventSink is told what happens to stock: mails the buyer, fills a stream,
// empties a cache.
type EventSink interface {
	// StockEvents takes events in order, all or an error; after an error the same
	// ones come again, so each comes at least once. Safe for concurrent use.
	StockEvents(ctx context.Context, events ...StockEvent) error
}

// Watch is when to speak up about an item.
type Watch struct {
	// Low is the number of pieces that counts as low.
	Low int64
	// Lead is how long new goods take, Cover how long they shall last once here.
	// With a Lead of zero nobody suggests to reorder.
	Lead, Cover time.Duration
}

// Reorder says how many pieces to order: none as long as what is available outlasts
// the lead time, at sales per period, and leaves Low; else what brings it up to Low
// after Lead and Cover.
func (w Watch) Reorder(available, sold int64, period time.Duration) int64 {
	if w.Lead <= 0 || period <= 0 || sold <= 0 {
		return 0
	}
	sold = min(sold, MaxQuantity)
	during := func(d time.Duration) int64 {
		return ceilDiv(sold*int64(d/time.Minute), int64(max(period, time.Minute)/time.Minute))
	}
	if available > w.Low+during(w.Lead) {
		return 0
	}
	return max(0, w.Low+during(w.Lead+w.Cover)-available)
}

func ceilDiv(a, b int64) int64 { return (a + b - 1) / b }

// Events says what a change of what is available means, policy and allocations as
// they are after it. IDs and times are for the caller to set.
func (w Watch) Events(item Item, was int64, after []Level) []StockEvent {
	now, sellable, short := int64(0), int64(0), int64(0)
	for _, l := range after {
		now, short = now+l.OnHand-l.Allocated, short+l.Oversold()
		sellable = max(sellable, l.OnHand+l.budget()-l.Allocated)
		if l.Policy == Untracked {
			return []StockEvent{{Kind: StockChanged, Item: item}}
		}
	}
	event := StockEvent{Kind: StockChanged, Item: item, Available: now, Was: was}
	events := []StockEvent{event}
	add := func(kind StockEventKind) { event.Kind = kind; events = append(events, event) }
	switch {
	case was <= 0 && now > 0:
		add(BackInStock)
	case was > 0 && now <= 0 && sellable <= 0:
		add(SoldOut)
	}
	if was > w.Low && now <= w.Low && now > 0 {
		event.Threshold = w.Low
		add(LowStock)
	}
	if short > 0 && now < was {
		event.Short = short
		add(OversoldElsewhere)
	}
	return events
}
