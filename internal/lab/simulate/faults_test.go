package simulate_test

import (
	"context"
	"errors"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// process is one running program: a replica of the service from its start to its end. What
// it has sent goes on without it; what it wanted to write is never written.
type process struct {
	name string
	dead bool
	shop *checkout.Service
}

// errDead stands for the end of the process: nothing after it happens.
var errDead = errors.New("the process has ended")

// errAway is a database, a cache or a network that does not answer.
var errAway = errors.New("no answer")

// What the calls of an outside system fail with when they certainly did nothing, and when
// nobody can know.
type failures struct{ unsent, unknown error }

var (
	storage = failures{errAway, errAway}
	orders  = failures{checkout.ErrUnavailable, checkout.ErrUnknown}
	reading = failures{checkout.ErrUnavailable, checkout.ErrUnavailable}
	money   = failures{&payment.UnavailableError{Op: "simulated", Err: errAway}, &payment.UnknownError{Op: "simulated", Err: errAway}}
	looking = failures{&payment.UnavailableError{Op: "simulated", Err: errAway}, &payment.UnavailableError{Op: "simulated", Err: errAway}}
)

// may says which mishaps suit a call.
type may struct {
	failures
	late  bool // it may take effect long after the caller gave up waiting
	twice bool // something on the way may send it twice
	// underway is told when the other side begins to work on the call, and when it has done.
	underway func(change int)
}

// longest is how long the store of record works on a request at most: less than
// Policy.Settle exceeds Policy.Lease by, as Policy says it must be.
const longest = 50 * time.Second

// plan is what happens to one call.
type plan struct {
	mode        string
	there, back time.Duration
}

// planFor draws what happens to a call. Without faults it is only a moment's pause.
func (w *world) planFor(m may) plan {
	rate := w.faults
	if m.late { // what takes effect elsewhere is where it hurts
		rate *= 2
	}
	if !w.chance(rate) {
		p := plan{mode: "ok"}
		if w.faults > 0 && w.chance(30) {
			p.there, p.back = w.within(300*time.Millisecond), w.within(300*time.Millisecond)
		}
		return p
	}
	modes := []string{"fails before", "reply lost", "slow", "dies before", "dies after"}
	if m.late {
		modes = append(modes, "late")
	}
	if m.twice {
		modes = append(modes, "twice")
	}
	p := plan{mode: draw(w.scheduler, modes...), there: w.within(2 * time.Second), back: w.within(2 * time.Second)}
	switch p.mode {
	case "slow":
		p.there, p.back = w.within(30*time.Second), w.within(45*time.Second)
	case "late":
		p.there, p.back = 5*time.Second+w.within(longest-5*time.Second), 0
	}
	return p
}

// touch is one call of a process to the outside.
func touch[T any](ctx context.Context, w *world, name string, m may, do func(context.Context) (T, error)) (T, error) {
	var none T
	p := who(ctx).process
	w.sleep(ctx, 0)
	if p.dead {
		return none, errDead
	}
	plan := w.planFor(m)
	switch plan.mode {
	case "dies before":
		w.end(p)
		w.note(ctx, name, plan.mode)
		return none, errDead
	case "fails before":
		w.sleep(ctx, plan.there)
		w.note(ctx, name, plan.mode)
		return none, alive(p, m.unsent)
	}
	result, answered, err := send(ctx, w, name, m, plan, do)
	if plan.mode == "dies after" && !p.dead {
		w.end(p)
		w.rare.saw("a process ended between an effect and its record: " + name)
	}
	w.note(ctx, name, plan.mode+outcome(err))
	switch {
	case p.dead:
		return none, errDead
	case !answered, plan.mode == "reply lost", plan.mode == "late":
		w.rare.sawIf(plan.mode == "reply lost" && err == nil, "a reply was lost: "+name)
		return none, m.unknown
	}
	return result, err
}

func alive(p *process, err error) error {
	if p.dead {
		return errDead
	}
	return err
}

// send lets the request travel, take effect, and the answer come back. What takes longer
// than the caller may wait takes effect without it: answered is false.
func send[T any](ctx context.Context, w *world, name string, m may, p plan, do func(context.Context) (T, error)) (result T, answered bool, err error) {
	limit, bounded := ctx.Deadline()
	if m.underway != nil {
		m.underway(+1)
		do = ending(do, m.underway)
	}
	if p.mode == "late" || bounded && w.now().Add(p.there).After(limit) {
		waits := w.within(p.there)
		if bounded {
			waits = max(0, min(waits, limit.Sub(w.now())))
		}
		w.start("late", nil, min(p.there, longest), func(ctx context.Context) {
			_, err := do(ctx)
			w.note(ctx, name, "late"+outcome(err))
			w.rare.sawIf(err == nil, "an effect came after its caller had given up: "+name)
		})
		w.sleep(ctx, waits)
		return result, false, nil
	}
	if p.there > 0 {
		w.sleep(ctx, p.there)
	}
	remote := context.WithoutCancel(ctx)
	if p.mode == "twice" {
		_, _ = do(remote)
		if m.underway != nil {
			m.underway(+1)
		}
	}
	result, err = do(remote)
	answered = !bounded || !w.now().Add(p.back).After(limit)
	if !answered {
		w.sleep(ctx, max(0, limit.Sub(w.now())))
	} else if p.back > 0 {
		w.sleep(ctx, p.back)
	}
	return result, answered, err
}

func ending[T any](do func(context.Context) (T, error), underway func(int)) func(context.Context) (T, error) {
	return func(ctx context.Context) (T, error) {
		defer underway(-1)
		return do(ctx)
	}
}

// outcome is a word for the story.
func outcome(err error) string {
	if err == nil {
		return ""
	}
	return ", " + err.Error()
}
