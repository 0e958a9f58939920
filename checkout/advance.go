package checkout

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
)

// maxSteps bounds how many effects one call performs.
const maxSteps = 30

// result folds the outcome of an effect into the record. It may be applied to a newer record than the effect saw.
type result func(*draft) error

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

// advance performs effects until one waits. Eager skips the pause after a failure, for a shopper who is waiting.
func (s *Service) advance(ctx context.Context, id ID, eager bool) (Record, error) {
	var r Record
	for range maxSteps {
		if err := ctx.Err(); err != nil {
			return r, err
		}
		var err error
		if r, err = s.config.Store.Load(ctx, id); err != nil {
			return r, err
		}
		if eager && r.Intent != nil && !r.Intent.Dead {
			r.Intent.NotBefore = time.Time{}
		}
		e := Next(r, s.config.Now())
		if e.waits() {
			return s.park(ctx, r)
		}
		moved, err := s.perform(ctx, r, e)
		switch {
		case errors.Is(err, ErrConflict): // somebody else moved it: look again
		case err != nil:
			return r, fmt.Errorf("checkout: %s: %w", e.Kind, err)
		default:
			r = moved
		}
	}
	return r, nil
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
		done, err := s.apply(ctx, r, func(d *draft) error { d.close("abandoned", false); return nil })
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
	done, err := s.apply(ctx, r, func(d *draft) error {
		if d.Stock == StockReleased {
			d.Stock = StockAllocated
			d.move(inventory.Allocate, d.Allocated, "late payment")
		}
		d.Closing = nil
		d.log(d.now, actorEngine, "reopened", "the payment came late")
		return nil
	})
	if errors.Is(err, inventory.ErrInsufficient) {
		return s.apply(ctx, r, unplaceable("the payment came late and the stock is gone"))
	}
	return done, err
}

func unplaceable(why string) func(*draft) error {
	return func(d *draft) error {
		d.Unplaceable = why
		d.alert(d.now, why)
		return nil
	}
}

// call performs an effect on the outside: the intent is committed before it, the outcome after it.
func (s *Service) call(ctx context.Context, r Record, e Effect) (Record, error) {
	st, ok := s.steps[e.Kind]
	if !ok {
		return r, fmt.Errorf("no way to perform %q", e.Kind)
	}
	r, err := s.intend(ctx, r, e)
	if err != nil {
		return r, err
	}
	if e.Find && st.find != nil {
		found, done, err := s.look(ctx, r, e, st)
		if done || err != nil {
			return found, err
		}
		r = found
	}
	sent, cancel := context.WithTimeout(ctx, r.Policy.Lease)
	defer cancel()
	res, err := st.do(sent, r, e)
	if err != nil {
		return r, s.failed(ctx, r, e, err)
	}
	return s.succeed(ctx, r.ID, e, res)
}

// intend commits what is about to be tried, so that a crash cannot hide it. A first sending is marked as sent; a resumed
// one keeps the time of the earlier sending until it has been looked for.
func (s *Service) intend(ctx context.Context, r Record, e Effect) (Record, error) {
	return s.apply(ctx, r, func(d *draft) error {
		i := Intent{Effect: e.Kind, Ref: e.Ref}
		if d.Intent != nil && d.Intent.Effect == e.Kind && d.Intent.Ref == e.Ref {
			i = *d.Intent
		}
		i.Attempts++
		i.Until = d.now.Add(d.Policy.Lease)
		i.NotBefore = time.Time{}
		if !e.Find {
			i.SentAt = d.now
		}
		d.Intent = &i
		return nil
	})
}

// look resolves an unknown outcome by reading back. done reports that there is nothing more to do now.
func (s *Service) look(ctx context.Context, r Record, e Effect, st step) (Record, bool, error) {
	res, found, err := st.find(ctx, r, e)
	if err != nil {
		return r, true, s.failed(ctx, r, e, fmt.Errorf("%w: looking it up: %w", ErrUnknown, err))
	}
	if found {
		done, err := s.succeed(ctx, r.ID, e, res)
		return done, true, err
	}
	settled := r.Intent.SentAt.Add(r.Policy.Settle)
	if e.Kind.settles() && s.config.Now().Before(settled) {
		waiting, err := s.apply(ctx, r, func(d *draft) error {
			d.Intent.Until, d.Intent.NotBefore, d.Intent.Attempts = time.Time{}, settled, d.Intent.Attempts-1
			return nil
		})
		return waiting, true, err
	}
	resend, err := s.apply(ctx, r, func(d *draft) error { d.Intent.SentAt = d.now; return nil })
	return resend, false, err
}

// succeed folds the outcome in, whatever else happened to the record meanwhile.
func (s *Service) succeed(ctx context.Context, id ID, e Effect, res result) (Record, error) {
	done, err := s.update(ctx, id, func(d *draft) error {
		d.resolve(e)
		return res(d)
	})
	var bound *BoundError
	if !errors.As(err, &bound) {
		return done, err
	}
	return s.update(ctx, id, func(d *draft) error {
		d.alert(d.now, fmt.Sprintf("%s answered with a %s that belongs to another checkout", e.Kind, bound.Ref.Kind))
		d.Intent = &Intent{Effect: e.Kind, Ref: e.Ref, Error: bound.Error(), Dead: true}
		return nil
	})
}

// resolve forgets the attempt at an effect.
func (d *draft) resolve(e Effect) {
	if d.Intent != nil && d.Intent.Effect == e.Kind && d.Intent.Ref == e.Ref {
		d.Intent = nil
	}
}

// failed records why an effect did not succeed and when it is tried again, and returns the cause.
func (s *Service) failed(ctx context.Context, r Record, e Effect, cause error) error {
	_, err := s.update(ctx, r.ID, func(d *draft) error {
		i := d.Intent
		if i == nil || i.Effect != e.Kind || i.Ref != e.Ref {
			return nil // resolved by somebody else
		}
		i.Until, i.Error = time.Time{}, cause.Error()
		i.NotBefore = d.now.Add(d.Policy.backoff(i.Attempts))
		if certainlyNothing(cause) {
			i.SentAt = time.Time{}
		}
		if i.Attempts >= d.Policy.MaxAttempts || refused(cause) {
			d.giveUp(e, cause)
		}
		return nil
	})
	return errors.Join(cause, err)
}

// giveUp stops trying an effect. A sale goes on without an optional one; a gateway that will not take the order ends it;
// a look at payments goes on, slowly, for as long as one may arrive; anything else waits for a person.
func (d *draft) giveUp(e Effect, cause error) {
	d.alert(d.now, fmt.Sprintf("%s was given up: %v", e.Kind, cause))
	switch {
	case e.Kind.optional():
		d.Intent = nil
		d.skip(e)
	case e.Kind == EffectCreateGatewayOrder && refused(cause):
		d.Intent = nil
		d.close("the payment gateway refused the order", false)
	case e.Kind == EffectInspectPayments && d.now.Before(d.Placed.At.Add(d.Policy.LatePayments)):
	default:
		d.Intent.Dead = true
	}
}

// skip marks an optional effect as not to be tried again.
func (d *draft) skip(e Effect) {
	switch e.Kind {
	case EffectNotify:
		d.notified(NoticeKind(e.Ref))
	case EffectClearCart:
		d.cartCleared()
	}
}

// certainlyNothing reports that the call had no effect.
func certainlyNothing(err error) bool {
	if errors.Is(err, ErrUnknown) || errors.Is(err, payment.ErrUnknown) {
		return false
	}
	return refused(err) || errors.Is(err, ErrUnavailable) || errors.Is(err, payment.ErrUnavailable)
}

// refused reports that the other side declined and would decline again.
func refused(err error) bool {
	for _, sentinel := range []error{ErrRefused, payment.ErrRefused, payment.ErrInvalid, payment.ErrNotFound} {
		if errors.Is(err, sentinel) {
			return true
		}
	}
	return false
}
