package reconcile

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

const (
	watchCursor = "watch"
	// watchPage is how many ledger entries are looked at in one go.
	watchPage = 1000
	// salesPeriod is how far back sales count towards a reorder.
	salesPeriod = 30 * 24 * time.Hour
)

// Watch tells the sink what the ledger says has happened to stock since the last
// Watch, anywhere: by checkouts, by hand, by reconciliation. It returns how many
// events it sent. Each is sent at least once, under the same ID. Without a sink it
// does nothing.
func (s *Service) Watch(ctx context.Context) (int, error) {
	if s.config.Sink == nil {
		return 0, nil
	}
	cursor, err := s.config.Journal.Cursor(ctx, watchCursor)
	if err != nil {
		return 0, fmt.Errorf("reconcile: reading a cursor: %w", err)
	}
	for sent := 0; ; {
		entries, levels, err := s.moved(ctx, cursor.Seq)
		if err != nil || len(entries) == 0 {
			return sent, err
		}
		events, err := s.eventsOf(ctx, entries, levels)
		if err != nil {
			return sent, err
		}
		if err := s.send(ctx, events); err != nil {
			return sent, fmt.Errorf("reconcile: telling events: %w", err)
		}
		cursor.Seq = entries[len(entries)-1].Seq
		if cursor, err = s.config.Journal.SaveCursor(ctx, cursor); err != nil {
			return sent, fmt.Errorf("reconcile: saving a cursor: %w", err)
		}
		sent += len(events)
	}
}

// moved reads entries after a place in the ledger, and the levels as they are after
// exactly these: it reads again until nothing was posted in between, or there is so
// much that the levels are ahead anyway.
func (s *Service) moved(ctx context.Context, after int64) (entries []inventory.Entry, levels []inventory.Level, err error) {
	for {
		more, err := s.config.Books.Entries(ctx, inventory.LedgerQuery{After: after, Limit: watchPage})
		if err != nil {
			return nil, nil, fmt.Errorf("reconcile: reading the ledger: %w", err)
		}
		entries = append(entries, more...)
		if len(more) == 0 || len(entries) > 5*watchPage {
			return entries, levels, nil
		}
		after = more[len(more)-1].Seq
		if levels, err = s.levelsOf(ctx, entries); err != nil {
			return nil, nil, err
		}
	}
}

// levelsOf reads the levels of what the entries are about.
func (s *Service) levelsOf(ctx context.Context, entries []inventory.Entry) (levels []inventory.Level, err error) {
	for part := range slices.Chunk(itemsOf(entries), inventory.MaxBatch) {
		read, err := s.config.Books.Levels(ctx, part)
		if err != nil {
			return nil, fmt.Errorf("reconcile: reading levels: %w", err)
		}
		levels = append(levels, read...)
	}
	return levels, nil
}

func itemsOf(entries []inventory.Entry) []inventory.Item {
	var items []inventory.Item
	for _, e := range entries {
		items = append(items, e.Key.Item)
	}
	slices.Sort(items)
	return slices.Compact(items)
}

// eventsOf compares what is available now with what it was before the entries.
func (s *Service) eventsOf(ctx context.Context, entries []inventory.Entry, levels []inventory.Level) ([]inventory.StockEvent, error) {
	last := entries[len(entries)-1]
	var events []inventory.StockEvent
	for _, item := range itemsOf(entries) {
		var after []inventory.Level
		now := int64(0)
		for _, l := range levels {
			if l.Key.Item == item {
				after, now = append(after, l), now+l.OnHand-l.Allocated
			}
		}
		was := now - effect(item, entries)
		if was == now || len(after) == 0 {
			continue
		}
		found := s.config.WatchOf(item).Events(item, was, after)
		reorder, err := s.reorder(ctx, item, was, now, last.At)
		if err != nil {
			return nil, err
		}
		for _, e := range append(found, reorder...) {
			e.ID, e.At = fmt.Sprintf("%s/%d/%s", item, last.Seq, e.Kind), last.At
			events = append(events, e)
		}
	}
	return events, nil
}

// effect is what entries did to what is available of an item.
func effect(item inventory.Item, entries []inventory.Entry) (n int64) {
	for _, e := range entries {
		if e.Key.Item != item {
			continue
		}
		if e.To == inventory.AccountAvailable {
			n += e.Quantity
		}
		if e.From == inventory.AccountAvailable {
			n -= e.Quantity
		}
	}
	return n
}

// reorder suggests to order once what is left no longer covers the lead time: when
// it falls below, not for every sale after that.
func (s *Service) reorder(ctx context.Context, item inventory.Item, was, now int64, at time.Time) ([]inventory.StockEvent, error) {
	w := s.config.WatchOf(item)
	if w.Lead <= 0 || now >= was {
		return nil, nil
	}
	sold, err := s.sales(ctx, item, at.Add(-salesPeriod))
	if err != nil {
		return nil, err
	}
	n := w.Reorder(now, sold, salesPeriod)
	if n == 0 || w.Reorder(was, sold, salesPeriod) > 0 {
		return nil, nil
	}
	return []inventory.StockEvent{{Kind: inventory.ReorderDue, Item: item, Available: now, Was: was, Suggest: n}}, nil
}

// sales are the pieces claimed since then that were not given up again.
func (s *Service) sales(ctx context.Context, item inventory.Item, since time.Time) (n int64, err error) {
	for q := (inventory.LedgerQuery{Item: item, Limit: watchPage}); ; {
		part, err := s.config.Books.Entries(ctx, q)
		if err != nil {
			return 0, fmt.Errorf("reconcile: reading the ledger: %w", err)
		}
		for _, e := range part {
			switch {
			case e.At.Before(since):
			case e.Kind == inventory.Allocate:
				n += e.Quantity
			case e.Kind == inventory.ReleaseAllocation, e.Kind == inventory.Expire, e.Kind == inventory.Restock, e.Kind == inventory.Return:
				n -= e.Quantity
			}
		}
		if len(part) < q.Limit {
			return max(0, n), nil
		}
		q.After = part[len(part)-1].Seq
	}
}

// alert is the event of a fresh finding.
func alert(f Finding) inventory.StockEvent {
	e := inventory.StockEvent{
		ID: "finding/" + f.ID, Kind: inventory.DecisionDue, Item: f.Item, At: f.FoundAt,
		Available: f.Theirs, Was: f.Ours, Note: f.Text(),
	}
	switch f.Kind {
	case Gone:
		e.Kind = inventory.ItemGone
	case Oversold:
		e.Kind, e.Short = inventory.OversoldElsewhere, -f.Difference
	}
	return e
}

func (s *Service) send(ctx context.Context, events []inventory.StockEvent) error {
	if s.config.Sink == nil || len(events) == 0 {
		return nil
	}
	return s.config.Sink.StockEvents(ctx, events...)
}
