package simulate_test

import (
	"context"
	"fmt"
	"testing"
	"testing/cryptotest"
	"testing/synctest"
	"time"

	"github.com/ankkor/ankkor/checkout"
)

// result is what a seed came to.
type result struct {
	broken  []string
	hash    uint64
	steps   int
	rare    rare
	slowest time.Duration
	story   []string
}

// live lives through one seed.
func live(t *testing.T, seed uint64, verbose bool, s sabotage) (r result) {
	t.Helper()
	cryptotest.SetGlobalRandom(t, seed)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, seed, verbose, s)
		w.open()
		w.run(w.now().Add(trouble))
		w.heal()
		w.finish()
		if s.looks != nil {
			s.looks(w)
		}
		r = result{w.watch.failures, w.hash, w.steps, w.rare, w.watch.slowest, w.story}
	})
	return r
}

// heal ends all faults, lets staff try again what was given up, and waits until nothing can
// happen any more.
func (w *world) heal() {
	w.faults, w.healed = 0, true
	healed := w.now()
	w.hurryAll()
	w.run(healed.Add(6 * time.Hour)) // the last shoppers
	w.start("reconciliation", nil, 0, w.reconcileOrders)
	w.watch.wantAlerts()
	w.start("staff", nil, 0, func(ctx context.Context) {
		for _, id := range w.watch.stuck() {
			_ = w.ask(ctx, "staff retry", func(ctx context.Context, shop *checkout.Service) error {
				_, err := shop.Retry(ctx, id, "meera")
				return err
			})
		}
	})
	w.run(w.now().Add(w.policy.LatePayments + 72*time.Hour))
	w.watch.must(w.watch.untilDue() >= 24*time.Hour, "I29", "something is due for ever")
	w.hurryAll()
	w.run(w.now().Add(time.Minute))
	w.watch.wantEnds()
	w.watch.wantTimely(healed)
}

// finish lets every task end.
func (w *world) finish() {
	w.ending = true
	for _, t := range w.tasks {
		t.wake = w.now().UnixNano()
	}
	w.run(w.now().Add(time.Hour))
	if len(w.tasks) > 0 {
		w.watch.broken("I27", fmt.Sprint(len(w.tasks), " tasks never end, the first is ", w.tasks[0].name))
	}
}
