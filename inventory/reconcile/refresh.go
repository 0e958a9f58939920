package reconcile

import (
	"context"
	"errors"
	"fmt"
	"maps"
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
	items = slices.DeleteFunc(slices.Clone(items), inventory.Item.Coupon) // the checkout's own count
	slices.Sort(items)
	for part := range slices.Chunk(slices.Compact(items), s.config.Batch) {
		ours, err := s.known(ctx, part)
		if err != nil {
			return report, err
		}
		if len(ours) == 0 {
			continue
		}
		if err := s.readAndApply(ctx, ours, how, &report); err != nil {
			return report, err
		}
	}
	return report, nil
}

// own is what we have of an item.
type own struct {
	onHand int64
	policy inventory.Policy
}

// known is what we have of the items that have a level.
func (s *Service) known(ctx context.Context, items []inventory.Item) (map[inventory.Item]own, error) {
	levels, err := s.config.Books.Levels(ctx, items)
	if err != nil {
		return nil, fmt.Errorf("reconcile: reading levels: %w", err)
	}
	ours := map[inventory.Item]own{}
	for _, l := range levels {
		ours[l.Key.Item] = own{onHand: ours[l.Key.Item].onHand + l.OnHand, policy: l.Policy}
	}
	return ours, nil
}

// looser says whether the level promises more than what we have.
func (o own) looser(l inventory.Level) bool {
	strict := l.Policy == "" || l.Policy == inventory.Deny || l.Policy == o.policy
	return l.OnHand > o.onHand || !strict
}

// readAndApply draws tickets, and only then reads.
func (s *Service) readAndApply(ctx context.Context, ours map[inventory.Item]own, how reading, report *Report) error {
	tickets, err := s.config.Books.Tickets(ctx, slices.Sorted(maps.Keys(ours)))
	if err != nil {
		return fmt.Errorf("reconcile: drawing tickets: %w", err)
	}
	theirs, err := s.read(ctx, ours)
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

// read asks the store of record. What is more than we have is asked for twice, and
// the lower number counts: an answer from a replica that lags behind, or from a
// cache that ignores the address, would sell what is sold already.
func (s *Service) read(ctx context.Context, ours map[inventory.Item]own) (map[inventory.Item]inventory.Level, error) {
	first, err := s.ask(ctx, slices.Sorted(maps.Keys(ours)))
	if err != nil {
		return nil, err
	}
	var rises []inventory.Item
	for item, l := range first {
		if ours[item].looser(l) {
			rises = append(rises, item)
		}
	}
	if len(rises) == 0 {
		return first, nil
	}
	slices.Sort(rises)
	again, err := s.ask(ctx, rises)
	if err != nil {
		return nil, err
	}
	for _, item := range rises {
		l, there := again[item]
		if !there {
			delete(first, item)
			continue
		}
		l.OnHand = min(l.OnHand, first[item].OnHand)
		first[item] = l
	}
	return first, nil
}

// ask adds up what the store of record says of each item: should it have several
// levels, they are one number.
func (s *Service) ask(ctx context.Context, items []inventory.Item) (map[inventory.Item]inventory.Level, error) {
	levels, err := s.config.Source.Stock(ctx, items)
	if err != nil {
		return nil, err
	}
	theirs := map[inventory.Item]inventory.Level{}
	for _, l := range levels {
		l.OnHand += theirs[l.Key.Item].OnHand
		theirs[l.Key.Item] = l
	}
	return theirs, nil
}

// readings puts what was read to its tickets. What was not there is gone.
func (s *Service) readings(tickets []inventory.Ticket, theirs map[inventory.Item]inventory.Level, how reading) []inventory.Reading {
	list := make([]inventory.Reading, len(tickets))
	for i, t := range tickets {
		l, there := theirs[t.Item]
		list[i] = inventory.Reading{
			Ticket: t, Gone: !there, Policy: l.Policy, BackorderLimit: s.budget(l),
			OnHand:   min(max(l.OnHand, -inventory.MaxQuantity), inventory.MaxQuantity),
			Location: s.config.Location, Tolerance: how.tolerance, Reason: how.reason, Actor: how.actor,
		}
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
	news := false
	for _, a := range applied {
		items = append(items, a.Item)
		report.add(a)
		for _, f := range findingsOf(a, now) {
			kept, fresh, err := s.config.Journal.Record(ctx, f)
			if err != nil {
				return fmt.Errorf("reconcile: recording a finding: %w", err)
			}
			report.found(kept)
			news = news || fresh
		}
	}
	if news {
		if _, err := s.tellFindings(ctx); err != nil { // the next Watch does
			s.config.Log.ErrorContext(ctx, "telling of findings", "error", err)
		}
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
