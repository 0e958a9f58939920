package crash

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/payment"
)

func silent() *slog.Logger { return slog.New(slog.DiscardHandler) }

// Plan says what goes wrong in one trial.
type Plan struct {
	Spoil map[int]Mode // by point, from 1
	// Patient shoppers press again when the process that served them has died; others never come back.
	Patient bool
}

// Outcome is how a trial went.
type Outcome struct {
	Names      []string // of the points, in order, those of the recovery included
	Pressed    []bool   // whether somebody waits for the call, who may press again if the process dies
	Told       int      // how many of them were the story's, not the recovery's
	Shared     int      // how many of them belong to steps that the first story has too
	Finished   bool     // whether every step of the story was taken
	Met        int      // how many calls of the plan were spoiled
	Violations []string
	Timeline   []string // of the first shopper's checkout, for a person who looks at a violation
}

// shopper is somebody who buys, and what their browser knows.
type shopper struct {
	owner  checkout.Owner
	record checkout.Record
	paid   payment.Callback
}

// Trial is a story being told in a world.
type Trial struct {
	*World
	ctx         context.Context
	plan        Plan
	points      *Points
	services    [2]*checkout.Service // two replicas; most of a story happens at the first
	dispatchers [2]*inbox.Dispatcher
	other       *checkout.Service // a replica that nothing befalls, which works while another stands still
	otherHands  *inbox.Dispatcher
	shoppers    map[checkout.Owner]*shopper
	who         *shopper
	mu          sync.Mutex
	history     history // guarded by mu
	violations  []string
	began       time.Time // of the processes there are
	doubtful    bool      // whether Run's guard of the reserver has something to look at
	last        error     // of what somebody tried, for who looks at a story that ended early
}

// Tell tells a story, ends the process, lets another recover for a day, and looks whether all is as it must be. The error
// says that the trial itself could not be made.
func Tell(ctx context.Context, w *World, s Story, plan Plan) (out Outcome, err error) {
	t := &Trial{
		World: w, ctx: ctx, plan: plan, points: newPoints(plan.Spoil), shoppers: map[checkout.Owner]*shopper{}, history: history{},
	}
	t.points.elapse = t.standStill
	if s.Spread {
		w.Config.Warehouses = network()
	}
	if err := t.open(); err != nil {
		return Outcome{}, err
	}
	defer func() {
		if p := recover(); p != nil {
			out = Outcome{Names: t.points.names, Violations: []string{fmt.Sprintf("panic: %v\n%s", p, debug.Stack())}, Timeline: t.timeline()}
		}
	}()
	t.as("guest:asha")
	shared, finished := 0, true
	for i, step := range s.Steps {
		if i == s.Shared {
			shared = len(t.points.names)
		}
		if finished = step(t); !finished {
			break
		}
	}
	told := len(t.points.names)
	if err := t.restart(); err != nil {
		return Outcome{}, err
	}
	t.Bank.Replay()
	t.recover(soon * time.Duration(max(1, len(plan.Spoil))))
	t.points.close()
	t.settledSoon()
	t.recover(afterHolds)
	t.nothingHeld()
	t.recover(26 * time.Hour)
	first := t.judge()
	t.hearAgain()
	if again := t.judge(); first != again {
		t.violate("I23", "hearing everything again changed %s to %s", first, again)
	}
	return Outcome{
		Names: t.points.names, Pressed: t.points.pressed, Told: told, Shared: shared, Finished: finished, Met: len(t.points.met), Violations: t.violations,
		Timeline: t.timeline(),
	}, nil
}

// open starts the processes.
func (t *Trial) open() error {
	unspoiled := t.Config
	var err error
	if unspoiled.Store, err = t.watched(t.committed); err != nil {
		return err
	}
	if t.other, err = checkout.New(unspoiled); err != nil {
		return err
	}
	if t.otherHands, err = t.Bank.Dispatcher(t.Inbox, t.other); err != nil {
		return err
	}
	if err = t.Bank.Listen(box{t.Inbox, t.points}); err != nil {
		return err
	}
	return t.restart()
}

// restart puts fresh processes in the place of those there were. Nothing is kept but what is in the stores.
func (t *Trial) restart() error {
	t.points.revive()
	t.began = t.Config.Now()
	for i := range t.services {
		c, err := t.instrumented(t.points, i, t.committed)
		if err != nil {
			return err
		}
		if t.services[i], err = checkout.New(c); err != nil {
			return err
		}
		if t.dispatchers[i], err = t.Bank.Dispatcher(box{t.Inbox, t.points}, t.services[i]); err != nil {
			return err
		}
	}
	return nil
}

// as makes somebody the one who acts.
func (t *Trial) as(owner checkout.Owner) {
	if t.shoppers[owner] == nil {
		t.shoppers[owner] = &shopper{owner: owner}
	}
	t.who = t.shoppers[owner]
}

// presses is how often somebody tries who gets no answer.
const presses = 4

// try does what somebody asks a process for, again when it fails. It reports whether it went well in the end; where the
// process dies, only patient people see that.
func (t *Trial) try(number int, do func(context.Context, *checkout.Service) error) bool {
	for range presses {
		err := t.points.press(func() error { return do(as(t.ctx, number), t.services[number]) })
		if err == nil {
			return true
		}
		t.last = err
		if t.points.died(number) {
			if !t.plan.Patient {
				return false
			}
			if err := t.restart(); err != nil {
				return false
			}
		}
	}
	return false
}

// work does everything that is due in the background of a process, as its Run does.
func (t *Trial) work(number int) {
	ctx := as(t.ctx, number)
	t.Bank.Deliver(ctx)
	drain(50, func() (int, error) { return t.dispatchers[number].Dispatch(ctx) })
	drain(100, func() (int, error) { return t.services[number].AdvanceDue(ctx, 100) })
	drain(100, func() (int, error) { return t.services[number].RelayOutbox(ctx, 100) })
	if t.doubtful {
		_, _ = t.services[number].CheckReserver(ctx)
	}
}

// drain repeats what has more to do than fits in one batch. What failed is due again later.
func drain(batch int, do func() (int, error)) {
	for {
		if n, err := do(); n < batch || err != nil {
			return
		}
	}
}

// standStill is what happens while a process does: time passes, and another one works.
func (t *Trial) standStill() {
	t.Advance(staleHold)
	drain(50, func() (int, error) { return t.otherHands.Dispatch(t.ctx) })
	drain(100, func() (int, error) { return t.other.AdvanceDue(t.ctx, 100) })
}

// recover lets time go by, from one moment at which something is due to the next. A process that dies on the way is
// replaced.
func (t *Trial) recover(d time.Duration) {
	for end := t.Config.Now().Add(d); ; t.Advance(t.untilDue(end)) {
		if t.points.died(0) {
			if err := t.restart(); err != nil {
				t.violate("I29", "no fresh process could be started: %v", err)
				return
			}
		}
		t.work(0)
		if !t.Config.Now().Before(end) {
			return
		}
	}
}

// hearAgain repeats every webhook, and looks at every order as a webhook does whose key is long forgotten.
func (t *Trial) hearAgain() {
	t.Bank.Replay()
	for id := range t.history {
		r, err := t.Config.Store.Load(t.ctx, id)
		if err != nil {
			t.violate("trial", "the record cannot be read: %v", err)
			continue
		}
		for _, order := range t.Bank.Orders(r.Token) {
			if _, err := t.other.RecheckGatewayOrder(t.ctx, order); err != nil && !errors.Is(err, checkout.ErrNotFound) {
				t.violate("I23", "hearing again ended with %v", err)
			}
		}
	}
	t.recover(10 * time.Minute)
}

// untilDue is how long nothing happens: half a minute at least, and not beyond the end. What an inbox has due cannot be
// seen from here, so soon after a process began less time is taken for granted.
func (t *Trial) untilDue(end time.Time) time.Duration {
	now, due := t.Config.Now(), end
	for _, f := range t.history {
		if !f.due.IsZero() && f.due.Before(due) {
			due = f.due
		}
	}
	const least = 30 * time.Second
	pause := min(max(due.Sub(now), least), max(now.Sub(t.began), least), end.Sub(now))
	return max(pause, time.Millisecond)
}

func (t *Trial) violate(invariant, format string, facts ...any) {
	v := invariant + ": " + fmt.Sprintf(format, facts...)
	if !slices.Contains(t.violations, v) {
		t.violations = append(t.violations, v)
	}
}

// timeline is what the records say of themselves.
func (t *Trial) timeline() []string {
	lines := []string{fmt.Sprintf("last refusal: %v", t.last)}
	for id := range t.history {
		r, err := t.Config.Store.Load(t.ctx, id)
		if err != nil {
			continue
		}
		lines = append(lines, fmt.Sprintf("%s: %s, stock %q, intents %+v, alerts %q", r.ID, r.Status(), r.Stock, r.Intents, r.Alerts))
		for _, e := range r.Timeline {
			lines = append(lines, fmt.Sprintf("  %s %s: %s %s", e.At.Format(time.TimeOnly), e.Actor, e.What, e.Detail))
		}
	}
	return lines
}
