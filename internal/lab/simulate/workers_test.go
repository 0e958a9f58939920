package simulate_test

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reconcile"
)

var quiet = slog.New(slog.DiscardHandler)

// employ starts the background work of a process: two workers that advance what is due, and
// one each for events, webhooks and stock. A worker's job reports whether there is more.
func (w *world) employ(p *process) {
	webhooks, stock := w.dispatcher(p), w.stocktaker()
	w.hire(p, "advance", func(ctx context.Context) bool { return w.advance(ctx, p) })
	w.hire(p, "advance", func(ctx context.Context) bool { return w.advance(ctx, p) })
	w.hire(p, "events", func(ctx context.Context) bool {
		n, err := p.shop.RelayOutbox(ctx, 20)
		return err == nil && n > 0
	})
	w.hire(p, "webhooks", func(ctx context.Context) bool {
		n, err := webhooks.Dispatch(ctx)
		return err == nil && n > 0
	})
	w.hire(p, "stock", func(ctx context.Context) bool {
		_, _ = stock.Refresh(ctx, items()...)
		return false
	})
}

func (w *world) hire(p *process, job string, do func(context.Context) bool) {
	t := w.start(p.name+" "+job, p, w.within(time.Second), func(ctx context.Context) {
		for !p.dead && !w.ending {
			for do(ctx) && !p.dead {
				w.sleep(ctx, 0)
			}
			w.rest(ctx, job)
		}
	})
	t.job = job
	w.workers = append(w.workers, t)
}

// advance does what is due for one checkout.
func (w *world) advance(ctx context.Context, p *process) bool {
	n, err := p.shop.AdvanceDue(ctx, 1)
	if err != nil {
		w.note(ctx, "advance", err.Error())
	}
	return n > 0
}

// rest lets a worker sleep until something is due, but for stalls.
func (w *world) rest(ctx context.Context, job string) {
	pause := 30 * time.Minute // they look, whether or not somebody said so
	if w.healed {
		pause = 24 * time.Hour
	}
	switch {
	case w.faults > 0 && w.chance(5):
		w.sleep(ctx, w.within(40*time.Second)) // a stall
		return
	case job == "advance":
		if pause = min(pause, w.watch.untilDue()); pause <= 0 {
			pause = 5 * time.Second // somebody else has it
		}
	}
	t := who(ctx)
	t.resting = true
	w.sleep(ctx, max(time.Second, pause))
	t.resting = false
}

// hurry wakes one or two of those who do a job when there is something to do.
func (w *world) hurry(job string, at time.Time) {
	w.workers = slices.DeleteFunc(w.workers, func(t *task) bool { return t.done })
	var free []*task
	for _, t := range w.workers {
		if t.resting && t.job == job {
			free = append(free, t)
		}
	}
	for n := 1 + w.rng.IntN(2); n > 0 && len(free) > 0; n-- {
		i := w.rng.IntN(len(free))
		free[i].wakeUp(later(at, w.now()).Add(w.within(time.Second)))
		free = slices.Delete(free, i, i+1)
	}
}

func (w *world) hurryAll() {
	for _, job := range []string{"advance", "events", "webhooks", "stock"} {
		w.hurry(job, w.now())
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func items() []inventory.Item {
	var list []inventory.Item
	for _, ref := range goods {
		list = append(list, keyOf(ref).Item)
	}
	return list
}

// stocktaker follows the stock of the store of record.
func (w *world) stocktaker() *reconcile.Service {
	s, err := reconcile.New(reconcile.Config{
		Books: w.books, Source: sourcePort{w}, Journal: memstore.NewJournal(), Reserver: shelfPort{w}, Now: w.now, Log: quiet,
		Location:  w.network.Absorbing(),
		Tolerance: &inventory.Tolerance{BasisPoints: 10000, Pieces: 1000},
	})
	if err != nil {
		panic(err)
	}
	return s
}
