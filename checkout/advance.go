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

// result folds the outcome of an effect into the record. It may be applied to a newer record than the effect saw.
type result func(*draft)

// step is how one kind of effect touches the world outside. Find looks whether an earlier attempt took effect; it is nil
// where doing twice is harmless. Neither writes to our store.
type step struct {
	find func(ctx context.Context, r Record, e Effect) (result, bool, error)
	do   func(ctx context.Context, r Record, e Effect) (result, error)
}

// Advance does everything that is due for the checkout now, one effect after another, and returns the record as it then
// stands. It is safe to call at any time, from any number of replicas; those that come second find it done. The error is
// the one that stopped it; what is left is retried when it is due.
func (s *Service) Advance(ctx context.Context, id ID) (Record, error) {
	return s.advance(ctx, id, false)
}

// advance performs effects until one waits. Eager is for a shopper who is waiting: it skips the pauses that earlier
// failures left behind, and leaves mails and parcels to the background.
func (s *Service) advance(ctx context.Context, id ID, eager bool) (Record, error) {
	r, err := s.config.Store.Load(ctx, id)
	if err != nil {
		return r, err
	}
	var hurried []Intent // whose pauses are skipped
	if eager {
		hurried = r.Intents
	}
	for range maxSteps {
		if err := ctx.Err(); err != nil {
			return r, err
		}
		e := Next(r.without(hurried), s.config.Now())
		if e.waits() || eager && e.Kind.unhurried() {
			return s.park(ctx, r)
		}
		moved, err := s.perform(ctx, r, e)
		switch {
		case errors.Is(err, ErrConflict), errors.Is(err, errTakenOver): // somebody else moved it: look again
			moved = s.reload(ctx, r)
		case err != nil:
			return s.reload(ctx, r), fmt.Errorf("checkout: %s: %w", e.Kind, err)
		}
		r = moved
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
	if dueAt(r, s.config.Now()).Equal(r.DueAt) {
		return r, nil
	}
	parked, err := s.apply(ctx, r, func(*draft) error { return nil })
	if errors.Is(err, ErrConflict) {
		return r, nil
	}
	return parked, err
}

// perform does one effect.
func (s *Service) perform(ctx context.Context, r Record, e Effect) (Record, error) {
	switch e.Kind {
	case EffectAbandon:
		done, err := s.apply(ctx, r, func(d *draft) error { d.close(reasonAbandoned, false); return nil })
		if err == nil {
			s.letGo(ctx, r.Reservation)
		}
		return done, err
	case EffectClose:
		return s.apply(ctx, r, func(d *draft) error { d.close(e.Why, r.Placed.Cancel != ""); return nil })
	case EffectReopen:
		return s.reopen(ctx, r)
	}
	return s.call(ctx, r, e)
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

// call performs an effect on the outside: the intent is committed before it, the outcome after it.
func (s *Service) call(ctx context.Context, r Record, e Effect) (Record, error) {
	r, err := s.apply(ctx, r, func(d *draft) error { d.intend(e); return nil })
	if err != nil {
		return r, err
	}
	return s.carryOut(ctx, r, e)
}

// carryOut performs an effect whose intent is committed.
func (s *Service) carryOut(ctx context.Context, r Record, e Effect) (_ Record, err error) {
	ctx, done := s.observe(ctx, r.ID, e.Kind)
	defer func() { done(err) }()
	st, ok := s.steps[e.Kind]
	if !ok {
		return r, fmt.Errorf("no way to perform %q", e.Kind)
	}
	if e.Find && st.find != nil {
		found, done, err := s.look(ctx, r, e, st)
		if done || err != nil {
			return found, err
		}
		r = found
	}
	leased, cancel, err := s.lease(ctx, r, e)
	if err != nil {
		return r, err
	}
	defer cancel()
	res, err := st.do(leased, r, e)
	if err != nil {
		return r, s.failed(ctx, r, e, err)
	}
	return s.succeed(ctx, r, e, res)
}

// lease bounds a call by the lease that was written down for it. A commit that was answered late has used part of it up;
// if nothing is left, another worker may be at it already.
func (s *Service) lease(ctx context.Context, r Record, e Effect) (context.Context, context.CancelFunc, error) {
	i, _ := r.attempt(e)
	left := i.Until.Sub(s.config.Now())
	if left <= 0 {
		return nil, nil, errTakenOver
	}
	leased, cancel := context.WithTimeout(ctx, left)
	return leased, cancel, nil
}

// look resolves an unknown outcome by reading back. done reports that there is nothing more to do now; otherwise the
// effect is to be sent again, under a lease that begins anew.
func (s *Service) look(ctx context.Context, r Record, e Effect, st step) (after Record, done bool, err error) {
	leased, cancel, err := s.lease(ctx, r, e)
	if err != nil {
		return r, true, err
	}
	defer cancel()
	res, found, err := st.find(leased, r, e)
	if err != nil {
		return r, true, s.failed(ctx, r, e, fmt.Errorf("%w: looking it up: %w", ErrUnknown, err))
	}
	if found {
		after, err = s.succeed(ctx, r, e, res)
		return after, true, err
	}
	after, err = s.onIntent(ctx, r, e, func(d *draft, i *Intent) {
		settled := i.SentAt.Add(d.Policy.Settle)
		switch {
		case e.Kind.settles() && d.now.Before(settled):
			done = true
			i.Until, i.NotBefore, i.Attempts = time.Time{}, settled, i.Attempts-1
		case !slices.ContainsFunc(desires(d.Record, d.now), i.of):
			done, *i = true, Intent{} // it did not happen, and is no longer wanted
		default:
			done = false
			i.SentAt, i.Until = d.now, d.now.Add(d.Policy.Lease)
		}
	})
	return after, done, err
}

// succeed folds the outcome in, whatever else happened to the record meanwhile.
func (s *Service) succeed(ctx context.Context, r Record, e Effect, res result) (Record, error) {
	done, err := s.updateFrom(ctx, r, func(d *draft) error {
		d.resolve(e)
		res(d)
		return nil
	})
	var bound *BoundError
	if !errors.As(err, &bound) {
		return done, err
	}
	return s.update(ctx, r.ID, func(d *draft) error {
		d.alert(d.now, fmt.Sprintf("%s answered with a %s that belongs to another checkout", e, bound.Ref.Kind), "")
		d.keep(Intent{Effect: e.Kind, Ref: e.Ref, Error: bound.Error(), Dead: true})
		return nil
	})
}
