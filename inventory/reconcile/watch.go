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
// Watch, anywhere: by checkouts, by hand, by reconciliation; and of findings that it
// could not be told of before. It returns how many events it sent. Each is sent at
// least once, always under the same ID: how far the ledger is being told of is saved
// before, and how far it was told of after the sink took it. Without a sink it does
// nothing. The uses that one customer has of a coupon are nobody's news: only those of
// all customers together are told of.
func (s *Service) Watch(ctx context.Context) (int, error) {
	if s.config.Sink == nil {
		return 0, nil
	}
	sent, err := s.tellFindings(ctx)
	if err != nil {
		return sent, err
	}
	cursor, err := s.config.Journal.Cursor(ctx, watchCursor)
	if err != nil {
		return sent, fmt.Errorf("reconcile: reading a cursor: %w", err)
	}
	for {
		entries, levels, err := s.moved(ctx, cursor.Seq)
		if err != nil || len(entries) == 0 {
			return sent, err
		}
		if cursor.Upto <= cursor.Seq {
			cursor.Upto = entries[len(entries)-1].Seq
			if cursor, err = s.config.Journal.SaveCursor(ctx, cursor); err != nil {
				return sent, fmt.Errorf("reconcile: saving a cursor: %w", err)
			}
		}
		n, err := s.tellEntries(ctx, entries, levels, cursor.Upto)
		if err != nil {
			return sent, err
		}
		cursor.Seq = cursor.Upto
		if cursor, err = s.config.Journal.SaveCursor(ctx, cursor); err != nil {
			return sent, fmt.Errorf("reconcile: saving a cursor: %w", err)
		}
		sent += n
	}
}

// tellEntries tells of the entries up to a place. What came later is taken off the
// levels again, so that the same is told however late.
func (s *Service) tellEntries(ctx context.Context, entries []inventory.Entry, levels []inventory.Level, upto int64) (int, error) {
	n := len(entries)
	if i := slices.IndexFunc(entries, func(e inventory.Entry) bool { return e.Seq > upto }); i >= 0 {
		n = i
	}
	if n == 0 {
		return 0, nil
	}
	levels = slices.Clone(levels)
	for i := range levels {
		levels[i].OnHand -= effect(entries[n:], func(e inventory.Entry) bool { return e.Key == levels[i].Key })
	}
	events, err := s.eventsOf(ctx, entries[:n], levels)
	if err != nil {
		return 0, err
	}
	if err := s.send(ctx, events); err != nil {
		return 0, fmt.Errorf("reconcile: telling events: %w", err)
	}
	return len(events), nil
}

// tellFindings tells of findings that nobody was told of, the first found first. One
// that went away meanwhile is passed over.
func (s *Service) tellFindings(ctx context.Context) (sent int, err error) {
	if s.config.Sink == nil {
		return 0, nil
	}
	for {
		list, err := s.config.Journal.Findings(ctx, FindingQuery{Untold: true, Limit: s.config.Batch})
		if err != nil || len(list) == 0 {
			return sent, err
		}
		var events []inventory.StockEvent
		var ids []string
		for _, f := range list {
			if ids = append(ids, f.ID); f.State == Open {
				events = append(events, alert(f))
			}
		}
		if err := s.send(ctx, events); err != nil {
			return sent, fmt.Errorf("reconcile: telling of findings: %w", err)
		}
		if err := s.config.Journal.Told(ctx, ids...); err != nil {
			return sent, fmt.Errorf("reconcile: noting what was told: %w", err)
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

// itemsOf are the items that something is to be told of.
func itemsOf(entries []inventory.Entry) []inventory.Item {
	var items []inventory.Item
	for _, e := range entries {
		if !e.Key.Item.CustomerCoupon() {
			items = append(items, e.Key.Item)
		}
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
		was := now - effect(entries, func(e inventory.Entry) bool { return e.Key.Item == item })
		if len(after) == 0 || was == now && !repolicied(item, entries) {
			continue
		}
		found := s.config.WatchOf(item).Events(item, was, after)
		reorder, err := s.reorder(ctx, item, was, now, last.At)
		if err != nil {
			return nil, err
		}
		for _, e := range append(found, reorder...) {
			e.ID, e.Seq, e.At = fmt.Sprintf("%s/%d/%s", item, last.Seq, e.Kind), last.Seq, last.At
			events = append(events, e)
		}
	}
	return events, nil
}

// effect is what entries did to what is available.
func effect(entries []inventory.Entry, counts func(inventory.Entry) bool) (n int64) {
	for _, e := range entries {
		if !counts(e) {
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

// repolicied says whether the item runs out in another way now.
func repolicied(item inventory.Item, entries []inventory.Entry) bool {
	return slices.ContainsFunc(entries, func(e inventory.Entry) bool { return e.Key.Item == item && e.Kind == inventory.Repolicy })
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
	for q := (inventory.LedgerQuery{Item: item, Since: since, Limit: inventory.MaxLedgerLimit}); ; {
		part, err := s.config.Books.Entries(ctx, q)
		if err != nil {
			return 0, fmt.Errorf("reconcile: reading the ledger: %w", err)
		}
		for _, e := range part {
			switch e.Kind {
			case inventory.Allocate:
				n += e.Quantity
			case inventory.ReleaseAllocation, inventory.Expire, inventory.Restock, inventory.Return:
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
