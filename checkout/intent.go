package checkout

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ankkor/ankkor/payment"
)

// Intent is one call to an outside system that is being attempted. It is committed before the call is made: while SentAt
// stands the call may have taken effect, and is looked up before it is made again.
type Intent struct {
	Effect    EffectKind `json:"effect"`
	Ref       string     `json:"ref,omitempty"`       // what it is about: a payment id, an order id, a notice kind
	SentAt    time.Time  `json:"sent_at,omitzero"`    // when it was last sent with its outcome not yet known
	Until     time.Time  `json:"until,omitzero"`      // the lease: before it only the worker that sent it may act
	NotBefore time.Time  `json:"not_before,omitzero"` // the earliest next attempt after a failure
	Attempts  int        `json:"attempts"`            // failures and sendings so far
	Error     string     `json:"error,omitempty"`     // the last failure
	Dead      bool       `json:"dead,omitempty"`      // given up until a person says Retry
}

// inFlight reports whether the call may have taken effect without our knowing.
func (i Intent) inFlight() bool { return !i.SentAt.IsZero() }

// of reports whether the intent is an attempt at the effect.
func (i Intent) of(e Effect) bool { return i.Effect == e.Kind && i.Ref == e.Ref }

// same reports whether the attempt is still the one known as o: whoever takes it over gets another lease.
func (i Intent) same(o Intent) bool {
	return i.Effect == o.Effect && i.Ref == o.Ref && i.SentAt.Equal(o.SentAt) && i.Until.Equal(o.Until)
}

// attempt returns what is known of earlier attempts at the effect.
func (r Record) attempt(e Effect) (Intent, bool) {
	i := slices.IndexFunc(r.Intents, func(i Intent) bool { return i.of(e) })
	if i < 0 {
		return Intent{Effect: e.Kind, Ref: e.Ref}, false
	}
	return r.Intents[i], true
}

// impatience is after how many failures in a row a shopper who asks again waits as everybody does: what is away is not
// called by every request, and a page that asks each second does not use up the attempts that are meant for a day.
const impatience = alertAfter

// briefly are the attempts that failed less often than that.
func (r Record) briefly() []Intent {
	return slices.DeleteFunc(slices.Clone(r.Intents), func(i Intent) bool { return i.Attempts >= impatience })
}

// gaveUp reports whether the effect waits for a person to say Retry.
func (r Record) gaveUp(kind EffectKind, ref string) bool {
	i, ok := r.attempt(Effect{Kind: kind, Ref: ref})
	return ok && i.Dead
}

// keep stores what is now known of the attempt.
func (d *draft) keep(next Intent) {
	d.resolve(Effect{Kind: next.Effect, Ref: next.Ref})
	d.Intents = append(d.Intents, next)
}

// resolve forgets the attempt at an effect.
func (d *draft) resolve(e Effect) {
	d.Intents = slices.DeleteFunc(slices.Clone(d.Intents), func(i Intent) bool { return i.of(e) })
}

// prune forgets failed attempts at what is no longer wanted, so that they neither count nor alarm anybody later.
func (d *draft) prune() {
	wanted := desires(d.Record, d.now)
	d.Intents = slices.DeleteFunc(slices.Clone(d.Intents), func(i Intent) bool {
		counts := i.Effect.mustResolve() && (i.inFlight() || i.Dead)
		return !counts && !d.now.Before(i.Until) && !slices.ContainsFunc(wanted, i.of)
	})
}

// intend notes what is about to be tried, so that a crash cannot hide it. A first sending is marked as sent; a resumed
// one keeps the time of the earlier sending until it has been looked for.
func (d *draft) intend(e Effect) {
	i, _ := d.attempt(e)
	i.Attempts++
	i.Until, i.NotBefore = d.now.Add(d.Policy.Lease), time.Time{}
	if !e.Find {
		i.SentAt = d.now
	}
	d.keep(i)
}

// onIntent changes the intent that the worker's record holds, whatever else happened to the record meanwhile. If another
// worker has taken the effect over it is errTakenOver.
func (s *Service) onIntent(ctx context.Context, r Record, e Effect, change func(*draft, *Intent)) (Record, error) {
	mine, _ := r.attempt(e)
	return s.updateFrom(ctx, r, func(d *draft) error {
		i, ok := d.attempt(e)
		if !ok || !i.same(mine) {
			return errTakenOver
		}
		d.resolve(e)
		if change(d, &i); i.Effect != "" {
			d.keep(i)
		}
		return nil
	})
}

// errTakenOver says that another worker goes on with the effect.
var errTakenOver = errors.New("another worker has taken over")

// failed records why an effect did not succeed and when it is tried again, and returns the cause. A worker whose lease
// was taken over leaves the record alone: what it knows is no news to the one that goes on.
func (s *Service) failed(ctx context.Context, r Record, e Effect, cause error) error {
	_, err := s.onIntent(ctx, r, e, func(d *draft, i *Intent) {
		i.Until, i.Error = time.Time{}, clip(cause.Error(), maxDetail)
		i.NotBefore = d.now.Add(d.Policy.backoff(i.Attempts))
		if certainlyNothing(e, cause) {
			i.SentAt = time.Time{}
		}
		if i.Attempts == alertAfter {
			d.alert(d.now, fmt.Sprintf("%s keeps failing", e), i.Error)
		}
		if i.Attempts >= d.Policy.MaxAttempts || refused(cause) {
			d.giveUp(e, i, refused(cause))
		}
	})
	if errors.Is(err, errTakenOver) {
		return cause
	}
	return errors.Join(cause, err)
}

// alertAfter is after how many attempts people are told, while trying goes on.
const alertAfter = 10

// giveUp stops trying an effect until a person says Retry. A gateway that will not take the order ends the checkout; a
// look at payments goes on, slowly, for as long as one may arrive; a cart that cannot be emptied no longer keeps the
// shopper from beginning another checkout.
func (d *draft) giveUp(e Effect, i *Intent, refused bool) {
	d.alert(d.now, fmt.Sprintf("%s was given up", e), i.Error)
	switch {
	case e.Kind == EffectCreateGatewayOrder && refused:
		*i = Intent{}
		d.close("the payment gateway refused the order", false)
		return
	case e.Kind == EffectInspectPayments && d.now.Before(d.Placed.At.Add(d.Policy.LatePayments)):
		return
	case e.Kind == EffectClearCart:
		d.unbind = append(d.unbind, openRef(d.Owner))
	}
	i.Dead = true
}

// certainlyNothing reports that the call had no effect. A refused order may all the same lie in the store, pending: see
// OrderCreator.CreatePending.
func certainlyNothing(e Effect, err error) bool {
	if errors.Is(err, ErrUnknown) || errors.Is(err, payment.ErrUnknown) || e.Kind == EffectCreateOrder && refused(err) {
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
