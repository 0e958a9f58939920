package checkout

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

// maxSteps bounds how many effects one call performs.
const maxSteps = 30

// Advance does everything that is due for the checkout now, one effect after another, and returns the record as it then
// stands. It is safe to call at any time, from any number of replicas; those that come second find it done. The error is
// the one that stopped it; what is left is retried when it is due.
func (s *Service) Advance(ctx context.Context, id ID) (Record, error) {
	return s.advance(ctx, id, false)
}

// advance is Advance, and for eager see walk.
func (s *Service) advance(ctx context.Context, id ID, eager bool) (Record, error) {
	r, err := s.config.Store.Load(ctx, id)
	if err != nil {
		return r, err
	}
	return s.goOn(ctx, r, setOut(r, eager), none("nothing yet"))
}

// goOn performs effects until one waits: first the one whose intent is committed already, unless it waits. The record is
// as it was just read or written.
func (s *Service) goOn(ctx context.Context, r Record, w walk, intended Effect) (Record, error) {
	for range maxSteps {
		if err := ctx.Err(); err != nil {
			return r, err
		}
		e := intended
		if e.waits() {
			if e = w.next(r, s.config.Now()); e.waits() {
				return s.park(ctx, r)
			}
		}
		moved, following, err := s.perform(ctx, r, w, e, !intended.waits())
		switch {
		case errors.Is(err, ErrConflict), errors.Is(err, errTakenOver): // somebody else moved it: look again
			moved, following = s.reload(ctx, r), none("taken over")
		case err != nil:
			return s.reload(ctx, r), fmt.Errorf("checkout: %s: %w", e.Kind, err)
		}
		r, intended = moved, following
	}
	return r, nil
}

// without is the record without those pauses after failures.
func (r Record) without(pauses []Intent) Record {
	r.Intents = slices.Clone(r.Intents)
	for n, i := range r.Intents {
		if slices.ContainsFunc(pauses, func(p Intent) bool { return i.same(p) && i.NotBefore.Equal(p.NotBefore) }) {
			r.Intents[n].NotBefore = time.Time{}
		}
	}
	return r
}

// reload returns the record as it stands now, or as it was known if it cannot be read, or only as it was before that.
func (s *Service) reload(ctx context.Context, known Record) Record {
	if r, err := s.config.Store.Load(ctx, known.ID); err == nil {
		return newer(known, r)
	}
	return known
}

// newer is the record that was read, unless it is older than what was known: a reader behind its store must not make
// what has happened unhappen.
func newer(known, read Record) Record {
	if read.Version < known.Version {
		return known
	}
	return read
}

// park makes sure that the store knows when to wake this checkout.
func (s *Service) park(ctx context.Context, r Record) (Record, error) {
	now := s.config.Now()
	if at := dueAt(r, now); at.Equal(r.DueAt) || at.Equal(now) && r.due(now) {
		return r, nil
	}
	parked, err := s.apply(ctx, r, func(*draft) error { return nil })
	if errors.Is(err, ErrConflict) {
		return r, nil
	}
	return parked, err
}

// due reports whether the store hands the checkout out already.
func (r Record) due(now time.Time) bool { return !r.DueAt.IsZero() && !now.Before(r.DueAt) }

// perform does one effect. Following is the one whose intent was committed with what came of it, if it does not wait.
func (s *Service) perform(ctx context.Context, r Record, w walk, e Effect, intended bool) (done Record, following Effect, err error) {
	switch {
	case intended:
		return s.carryOut(ctx, r, w, e)
	case e.Kind.outside():
		return s.call(ctx, r, w, e)
	}
	done, err = s.settle(ctx, r, e)
	return done, none("to be seen"), err
}

// settle does an effect that changes only our own store.
func (s *Service) settle(ctx context.Context, r Record, e Effect) (Record, error) {
	switch e.Kind {
	case EffectAbandon:
		done, err := s.apply(ctx, r, func(d *draft) error { d.close(reasonAbandoned, false); return nil })
		if err == nil {
			s.letGo(ctx, r.Reservation)
		}
		return done, err
	case EffectReopen:
		return s.reopen(ctx, r)
	default:
		return s.apply(ctx, r, func(d *draft) error { d.close(e.Why, r.Placed.Cancel != ""); return nil })
	}
}

// reopen claims the stock of a sale whose money came after it was closed. If the stock is gone, or a person had decided
// against the sale, the money cannot become an order and Next refunds it.
func (s *Service) reopen(ctx context.Context, r Record) (Record, error) {
	if r.Closing.Final {
		return s.apply(ctx, r, unplaceable("cancelled before the money came"))
	}
	from := r.Allocated
	write := func(d *draft) error {
		if d.Stock == StockReleased {
			d.Stock, d.Allocated = StockAllocated, from
			d.move(inventory.Allocate, d.Allocated, "late payment")
		}
		if d.CouponClaim.State == StockReleased {
			d.claimUses(d.CouponClaim.Uses, "late payment")
		}
		d.Closing = nil
		if d.Order != nil && !d.inEffect() {
			// Its cancelling took effect, or was given up and still may: the sale gets another, for which it is a twin.
			d.Order = nil
		}
		d.log(d.now, actorEngine, "reopened", "the payment came late")
		return nil
	}
	done, err := s.apply(ctx, r, write)
	if other := s.elsewhere(ctx, r, from, err); other != nil && r.Stock == StockReleased {
		from = other
		done, err = s.apply(ctx, r, write)
	}
	if errors.Is(err, inventory.ErrInsufficient) {
		return s.apply(ctx, r, unplaceable("the payment came late and the stock, or the coupon's last use, is gone"))
	}
	return done, err
}

func unplaceable(why string) func(*draft) error {
	return func(d *draft) error {
		d.Unplaceable = why
		d.alert(d.now, why, "")
		return nil
	}
}
