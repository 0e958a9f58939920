package checkout

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

// draft is a change being made: the record as it will be, and what goes with it.
type draft struct {
	Record
	from         *Record // what it is made from, as it was loaded
	before       Status  // of that
	now          time.Time
	stock        []inventory.Move
	bind, unbind []Ref
	grown        string // the reservation that its stock grew out of, and that is over once it is committed
}

// move adds a stock change of this checkout.
func (d *draft) move(kind inventory.MoveKind, lines []inventory.Held, reason string) {
	if len(lines) == 0 {
		return
	}
	d.stock = append(d.stock, inventory.Move{
		Kind: kind, Ref: string(d.ID), Lines: lines, Reason: clip(reason, maxDetail), Actor: actorEngine,
	})
}

// commit writes the draft. What happened to the status is told to the outbox, and the moved levels to the Reserver.
func (s *Service) commit(ctx context.Context, d *draft) (Record, error) {
	var events []Event
	before, after := d.before, d.Status()
	if after != before {
		if d.moved(before, after); !before.mayBecome(after) {
			s.config.Log.ErrorContext(ctx, "a status that no edge leads to; report it", "checkout", d.ID, "from", before, "to", after)
		}
	}
	if after != before && s.config.Publisher != nil {
		d.Events++
		events = append(events, Event{
			ID: fmt.Sprintf("%s-%d", d.ID, d.Events), Kind: "checkout." + d.happened(), Checkout: d.ID, Sequence: d.Events, At: d.now,
		})
	}
	d.prune()
	d.DueAt = dueAt(d.Record, d.now)
	done, err := s.config.Store.Commit(ctx, Change{
		Record: d.Record, Kept: d.keeps(d.from), Stock: d.stock, Bind: d.bind, Unbind: d.unbind, Outbox: events,
	})
	if err != nil {
		return Record{}, err
	}
	s.conclude(ctx, d.grown, done.Levels)
	return done.Record, nil
}

// keeps reports whether the draft leaves what the shopper chose, and what it costs, as they are stored. Neither lines nor a
// quote are ever changed in place.
func (d *draft) keeps(stored *Record) bool {
	same := len(d.Lines) == len(stored.Lines) && (len(d.Lines) == 0 || &d.Lines[0] == &stored.Lines[0])
	return same && stored.Version > 0 && d.Quote == stored.Quote &&
		d.Billing == stored.Billing && d.Shipping == stored.Shipping && d.CustomerNote == stored.CustomerNote
}

// dueAt says when the record wants to be looked at next; zero is never.
func dueAt(r Record, now time.Time) time.Time {
	switch e := Next(r, now); e.Kind {
	case EffectWait, EffectStuck:
		return e.Until
	case EffectNone:
		return time.Time{}
	default:
		return now
	}
}

// attempts at a compare-and-set before it is given up.
const casAttempts = 20

// update loads the record, lets change work on it, and commits, again if somebody else was quicker.
func (s *Service) update(ctx context.Context, id ID, change func(*draft) error) (Record, error) {
	r, err := s.config.Store.Load(ctx, id)
	if err != nil {
		return Record{}, err
	}
	return s.updateFrom(ctx, r, change)
}

// updateFrom is update for a caller that holds the record, most likely as it is stored.
func (s *Service) updateFrom(ctx context.Context, r Record, change func(*draft) error) (Record, error) {
	id := r.ID
	for range casAttempts {
		done, err := s.apply(ctx, r, change)
		if !errors.Is(err, ErrConflict) {
			return done, err
		}
		now, err := s.config.Store.Load(ctx, id)
		if err != nil {
			return Record{}, err
		}
		if now.Version < r.Version { // no change is made to what a lagging replica says: it may be from before the order
			return Record{}, fmt.Errorf("%w: checkout %s was read as of version %d after version %d", ErrUnavailable, id, now.Version, r.Version)
		}
		r = now
	}
	return Record{}, fmt.Errorf("checkout %s changes too fast: %w", id, ErrConflict)
}

// apply lets change work on the record, which is as it was loaded, and commits once.
func (s *Service) apply(ctx context.Context, r Record, change func(*draft) error) (Record, error) {
	d := &draft{Record: r, from: &r, before: r.Status(), now: s.config.Now()}
	if err := change(d); err != nil {
		return Record{}, err
	}
	return s.commit(ctx, d)
}
