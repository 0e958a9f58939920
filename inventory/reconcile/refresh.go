package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

// systemActor stands in ledgers and journals for what nobody decided.
const systemActor = "reconciliation"

// Refresh reads items again and applies what is read. Items that the books have
// never heard of are left alone: they are learned when they are first wanted. The
// report is of what was done before an error, too.
func (s *Service) Refresh(ctx context.Context, items ...inventory.Item) (Report, error) {
	return s.refresh(ctx, items, reading{tolerance: *s.config.Tolerance, reason: "read from the store", actor: systemActor})
}

// reading is how readings are to be applied.
type reading struct {
	tolerance     inventory.Tolerance
	reason, actor string
}

func (s *Service) refresh(ctx context.Context, items []inventory.Item, how reading) (Report, error) {
	report := Report{At: s.config.Now().UTC()}
	items = slices.Clone(items)
	slices.Sort(items)
	for part := range slices.Chunk(slices.Compact(items), s.config.Batch) {
		known, err := s.known(ctx, part)
		if err != nil {
			return report, err
		}
		if len(known) == 0 {
			continue
		}
		if err := s.readAndApply(ctx, known, how, &report); err != nil {
			return report, err
		}
	}
	return report, nil
}

// known are the items that have a level.
func (s *Service) known(ctx context.Context, items []inventory.Item) ([]inventory.Item, error) {
	levels, err := s.config.Books.Levels(ctx, items)
	if err != nil {
		return nil, fmt.Errorf("reconcile: reading levels: %w", err)
	}
	var known []inventory.Item
	for _, l := range levels {
		if len(known) == 0 || known[len(known)-1] != l.Key.Item {
			known = append(known, l.Key.Item)
		}
	}
	return known, nil
}

// readAndApply draws tickets, and only then reads.
func (s *Service) readAndApply(ctx context.Context, items []inventory.Item, how reading, report *Report) error {
	tickets, err := s.config.Books.Tickets(ctx, items)
	if err != nil {
		return fmt.Errorf("reconcile: drawing tickets: %w", err)
	}
	theirs, err := s.config.Source.Stock(ctx, items)
	if err != nil {
		return fmt.Errorf("reconcile: reading stock: %w", err)
	}
	applied, err := s.config.Books.ApplyReadings(ctx, s.readings(tickets, theirs, how))
	if err != nil {
		return fmt.Errorf("reconcile: applying what was read: %w", err)
	}
	if err := s.tell(ctx, applied); err != nil {
		return err
	}
	return s.note(ctx, applied, report)
}

// readings puts what was read to its tickets. The store of record's levels of one
// item, should it have several, are one number.
func (s *Service) readings(tickets []inventory.Ticket, theirs []inventory.Level, how reading) []inventory.Reading {
	list := make([]inventory.Reading, len(tickets))
	for i, t := range tickets {
		r := inventory.Reading{
			Ticket: t, Gone: true, Location: s.config.Location,
			Tolerance: how.tolerance, Reason: how.reason, Actor: how.actor,
		}
		for _, l := range theirs {
			if l.Key.Item == t.Item {
				r.Gone, r.Policy = false, l.Policy
				r.OnHand += l.OnHand
				r.BackorderLimit = s.budget(l)
			}
		}
		r.OnHand = min(max(r.OnHand, -inventory.MaxQuantity), inventory.MaxQuantity)
		list[i] = r
	}
	return list
}

func (s *Service) budget(l inventory.Level) int64 {
	if most := s.config.Backorders; most > 0 {
		return min(most, l.BackorderLimit)
	}
	return l.BackorderLimit
}

// tell lets the reservations know, always: whoever changed the levels last may have
// been stopped before it could. Old news is skipped there.
func (s *Service) tell(ctx context.Context, applied []inventory.Applied) error {
	if s.config.Reserver == nil {
		return nil
	}
	var levels []inventory.Level
	for _, a := range applied {
		levels = append(levels, a.After...)
	}
	for part := range slices.Chunk(levels, inventory.MaxBatch) {
		if err := s.config.Reserver.SetLevels(ctx, part); err != nil {
			return fmt.Errorf("reconcile: telling the reserver: %w", err)
		}
	}
	return nil
}

// note keeps what somebody should see, and ends findings that went away.
func (s *Service) note(ctx context.Context, applied []inventory.Applied, report *Report) error {
	now := s.config.Now().UTC()
	items := make([]inventory.Item, 0, len(applied))
	var events []inventory.StockEvent
	for _, a := range applied {
		items = append(items, a.Item)
		report.add(a)
		for _, f := range findingsOf(a, now) {
			kept, fresh, err := s.config.Journal.Record(ctx, f)
			if err != nil {
				return fmt.Errorf("reconcile: recording a finding: %w", err)
			}
			report.Findings = append(report.Findings, kept)
			if fresh {
				events = append(events, alert(kept))
			}
		}
	}
	if err := s.send(ctx, events); err != nil { // what they are about is in the journal
		s.config.Log.ErrorContext(ctx, "telling of findings", "error", err)
	}
	return s.endPast(ctx, items, applied, now, report)
}

// findingsOf is what is strange about a reading.
func findingsOf(a inventory.Applied, now time.Time) []Finding {
	if a.Verdict == inventory.Overtaken {
		return nil
	}
	f := Finding{Item: a.Item, Ours: a.Ours, Theirs: a.Theirs, Difference: a.Unexplained, FoundAt: now, LastSeen: now}
	var list []Finding
	add := func(kind FindingKind) { f.Kind = kind; list = append(list, f) }
	switch {
	case a.Gone && a.Verdict == inventory.Corrected:
		add(Gone)
	case a.Verdict == inventory.HeldBack:
		add(Rise)
	case !a.Small && a.Unexplained < 0:
		add(Fall)
	}
	if f.Difference = -oversold(a.After); f.Difference < -oversold(a.Before) {
		add(Oversold)
	}
	return list
}

func oversold(levels []inventory.Level) (n int64) {
	for _, l := range levels {
		n += l.Oversold()
	}
	return n
}

// endPast ends the open findings of items that are not true any more.
func (s *Service) endPast(ctx context.Context, items []inventory.Item, applied []inventory.Applied, now time.Time, report *Report) error {
	open, err := s.config.Journal.Findings(ctx, FindingQuery{Items: items, State: Open})
	if err != nil {
		return fmt.Errorf("reconcile: reading findings: %w", err)
	}
	for _, f := range open {
		at := slices.IndexFunc(applied, func(a inventory.Applied) bool { return a.Item == f.Item })
		if at < 0 || !over(f, applied[at]) {
			continue
		}
		_, err := s.config.Journal.End(ctx, f.ID, Decision{State: Settled, Actor: systemActor, At: now})
		if err != nil && !errors.Is(err, ErrConflict) {
			return fmt.Errorf("reconcile: ending a finding: %w", err)
		}
		report.Ended++
	}
	return nil
}

// over says whether a reading shows that the finding has gone away.
func over(f Finding, a inventory.Applied) bool {
	if a.Verdict == inventory.Overtaken {
		return false
	}
	switch f.Kind {
	case Rise:
		return a.Verdict != inventory.HeldBack
	case Gone:
		return !a.Gone
	case Oversold:
		return oversold(a.After) == 0
	case Fall:
		return !a.Gone && a.Theirs >= f.Ours
	}
	return false
}
