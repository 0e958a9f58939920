package checkout

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// result folds the outcome of an effect into the record. It may be applied to a newer record than the effect saw.
type result func(*draft)

// step is how one kind of effect touches the world outside. Find looks whether an earlier attempt took effect; it is nil
// where doing twice is harmless. Neither writes to our store.
type step struct {
	find func(ctx context.Context, r Record, e Effect) (result, bool, error)
	do   func(ctx context.Context, r Record, e Effect) (result, error)
}

// walk is how a worker goes through what is due. An eager one has a shopper waiting: it skips the pauses that the first
// failures left behind, and leaves mails and parcels to the background.
type walk struct {
	eager   bool
	hurried []Intent // whose pauses are skipped
}

func setOut(r Record, eager bool) walk {
	if eager {
		return walk{eager: true, hurried: r.briefly()}
	}
	return walk{}
}

// next is the effect that comes next on this walk.
func (w walk) next(r Record, now time.Time) Effect {
	e := Next(r.without(w.hurried), now)
	if w.eager && e.Kind.unhurried() {
		return none("left to the background")
	}
	return e
}

// intend notes, with what the draft writes anyway, the intent of the call that comes next, if one does: it need not be
// committed for itself then.
func (w walk) intend(d *draft) Effect {
	e := w.next(d.Record, d.now)
	if e.waits() || !e.Kind.outside() {
		return none("no call to make")
	}
	d.intend(e)
	return e
}

// call performs an effect on the outside: the intent is committed before it, the outcome after it.
func (s *Service) call(ctx context.Context, r Record, w walk, e Effect) (done Record, following Effect, err error) {
	if r, err = s.apply(ctx, r, func(d *draft) error { d.intend(e); return nil }); err != nil {
		return r, none("not begun"), err
	}
	return s.carryOut(ctx, r, w, e)
}

// carryOut performs an effect whose intent is committed. Following is the effect whose intent was committed with the
// outcome, if it does not wait.
func (s *Service) carryOut(ctx context.Context, r Record, w walk, e Effect) (done Record, following Effect, err error) {
	ctx, observed := s.observe(ctx, r.ID, e.Kind)
	defer func() { observed(err) }()
	following = none("to be seen")
	st, ok := s.steps[e.Kind]
	if !ok {
		return r, following, fmt.Errorf("no way to perform %q", e.Kind)
	}
	if e.Find && st.find != nil {
		after, found, again, err := s.look(ctx, r, e, st)
		switch {
		case err == nil && found != nil:
			return s.succeed(ctx, r, w, e, found)
		case err != nil || !again:
			return after, following, err
		}
		r = after
	}
	leased, cancel, err := s.lease(ctx, r, e)
	if err != nil {
		return r, following, err
	}
	defer cancel()
	res, err := st.do(leased, r, e)
	if err != nil {
		return r, following, s.failed(ctx, r, e, err)
	}
	return s.succeed(ctx, r, w, e, res)
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

// look resolves an unknown outcome by reading back: found is what an earlier attempt came to, nil if it came to nothing.
// Then the effect may have to be sent again, under a lease that begins anew; otherwise there is nothing more to do now.
func (s *Service) look(ctx context.Context, r Record, e Effect, st step) (after Record, found result, again bool, err error) {
	leased, cancel, err := s.lease(ctx, r, e)
	if err != nil {
		return r, nil, false, err
	}
	defer cancel()
	res, there, err := st.find(leased, r, e)
	if err != nil {
		return r, nil, false, s.failed(ctx, r, e, fmt.Errorf("%w: looking it up: %w", ErrUnknown, err))
	}
	if there {
		return r, res, false, nil
	}
	after, err = s.onIntent(ctx, r, e, func(d *draft, i *Intent) {
		settled := i.SentAt.Add(d.Policy.Settle)
		again = false
		switch {
		case e.Kind.settles() && d.now.Before(settled):
			i.Until, i.NotBefore, i.Attempts = time.Time{}, settled, i.Attempts-1
		case !slices.ContainsFunc(desires(d.Record, d.now), i.of):
			*i = Intent{} // it did not happen, and is no longer wanted
		default:
			again = true
			i.SentAt, i.Until = d.now, d.now.Add(d.Policy.Lease)
		}
	})
	return after, nil, again, err
}

// succeed folds the outcome in, whatever else happened to the record meanwhile, and the intent of what comes next.
func (s *Service) succeed(ctx context.Context, r Record, w walk, e Effect, res result) (done Record, following Effect, err error) {
	done, err = s.updateFrom(ctx, r, func(d *draft) error {
		d.resolve(e)
		res(d)
		following = w.intend(d)
		return nil
	})
	var bound *BoundError
	if !errors.As(err, &bound) {
		return done, following, err
	}
	done, err = s.update(ctx, r.ID, func(d *draft) error {
		d.alert(d.now, fmt.Sprintf("%s answered with a %s that belongs to another checkout", e, bound.Ref.Kind), "")
		d.keep(Intent{Effect: e.Kind, Ref: e.Ref, Error: bound.Error(), Dead: true})
		return nil
	})
	return done, none("its answer belongs to another checkout"), err
}
