package checkout

import (
	"slices"
	"time"
)

// Next decides the one thing to do for a checkout now, from nothing but the facts in its record. It is a pure function:
// any process that holds the record decides alike, so any replica can go on after a crash at any instruction. Refunding,
// releasing and cancelling are decisions of the same function, not handlers that undo; a late or lost race therefore
// cannot undo a good sale.
//
// What is to be done comes in order of urgency, and the first that is ready is named: an effect that pauses after a
// failure, or was given up, does not keep those from happening that do not depend on it.
func Next(r Record, now time.Time) Effect {
	if until, ok := r.leased(now); ok {
		return wait(until, "a call is under way")
	}
	var idle Effect
	for _, e := range append(lost(r), desires(r, now)...) {
		if e = r.ready(e, now); !e.waits() {
			return e
		}
		idle = idle.join(e)
	}
	return idle
}

// leased reports until when a worker has this checkout to itself.
func (r Record) leased(now time.Time) (until time.Time, ok bool) {
	for _, i := range r.Intents {
		until = later(until, i.Until)
	}
	return until, now.Before(until)
}

// ready is the effect as it stands with regard to earlier attempts at it.
func (r Record) ready(e Effect, now time.Time) Effect {
	if e.waits() {
		return e
	}
	i, tried := r.attempt(e)
	switch {
	case !tried:
		return e
	case i.Dead:
		return Effect{Kind: EffectStuck, Ref: string(i.Effect), Why: i.Error}
	case now.Before(i.NotBefore):
		return wait(i.NotBefore, "waiting before "+string(e.Kind)+" is tried again")
	}
	e.Find = i.inFlight()
	return e
}

// join is what two idle effects come to: being stuck outweighs waiting, which outweighs nothing; the earlier time counts.
func (e Effect) join(o Effect) Effect {
	order := []EffectKind{"", EffectNone, EffectWait, EffectStuck}
	until := soonest(e.Until, o.Until)
	rank := slices.Index(order, o.Kind) - slices.Index(order, e.Kind)
	if rank > 0 || rank == 0 && o.Until.Before(e.Until) {
		e = o
	}
	e.Until = until
	return e
}

// soonest is the earlier of two times, of which zero is never.
func soonest(a, b time.Time) time.Time {
	if b.IsZero() || !a.IsZero() && a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// lost lists calls that may have taken effect and have to be looked up, whether or not they are still wanted.
func lost(r Record) []Effect {
	var list []Effect
	for _, i := range r.Intents {
		if i.inFlight() && i.Effect.mustResolve() && !i.Dead {
			list = append(list, Effect{Kind: i.Effect, Ref: i.Ref, Why: "an earlier attempt may have taken effect"})
		}
	}
	return list
}
