package reseed

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

// ErrConfig is matched by every mistake in a Config.
var ErrConfig = errors.New("reseed: invalid configuration")

// Books is the store that decides allocations, as far as it is read here.
type Books interface {
	inventory.Levels
	inventory.Standings
}

// Pace is how often a Guard looks. The zero Pace is the usual one.
type Pace struct {
	// Every is the time between two looks of [Guard.Run], a second if it is 0.
	Every time.Duration
	// Whole is after how long everything is told anew without a reason, ten minutes
	// if it is 0.
	Whole time.Duration
	// Off leaves it to people to call [Guard.Check].
	Off bool
}

// Config is what a Guard is made of. Log and Pace may be left out.
type Config struct {
	Memory inventory.Forgetful
	Books  Books
	Pace   Pace
	Log    *slog.Logger
}

// Guard tells a store that forgets what the books know. Any number of processes may
// guard one store. It is safe for concurrent use.
type Guard struct {
	config Config
	doubt  atomic.Bool

	mu    sync.Mutex // held by one Check at a time
	beat  int64
	whole time.Time // when all was told last
}

// New checks the configuration and reports all mistakes at once.
func New(c Config) (*Guard, error) {
	var errs []error
	need := func(ok bool, what string) {
		if !ok {
			errs = append(errs, fmt.Errorf("%w: %s", ErrConfig, what))
		}
	}
	need(c.Memory != nil, "there is no Memory")
	need(c.Books != nil, "there are no Books")
	need(c.Pace.Every >= 0, "Pace.Every is negative")
	need(c.Pace.Whole >= 0, "Pace.Whole is negative")
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	if c.Pace.Every == 0 {
		c.Pace.Every = time.Second
	}
	if c.Pace.Whole == 0 {
		c.Pace.Whole = 10 * time.Minute
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	g := &Guard{config: c}
	g.doubt.Store(true) // nobody was looking
	return g, nil
}

// Doubt has the next look tell everything anew: something was missed. A nil Guard
// does nothing.
func (g *Guard) Doubt() {
	if g != nil {
		g.doubt.Store(true)
	}
}

// Report is what a look found.
type Report struct {
	// Lost is why levels were given up, empty if they were not.
	Lost inventory.Loss
	// Told is how many levels were told anew.
	Told int
}

// Check looks once, and tells everything anew if there is a reason to. After an error
// it looks again at the next call. It is what Run does again and again, for a host
// with a scheduler of its own; safe twice and in parallel.
func (g *Guard) Check(ctx context.Context) (Report, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	doubt := g.doubt.Swap(false) || time.Since(g.whole) >= g.config.Pace.Whole
	report, err := g.check(ctx, doubt)
	if err != nil && doubt {
		g.doubt.Store(true)
	}
	return report, err
}

func (g *Guard) check(ctx context.Context, doubt bool) (Report, error) {
	memory, err := g.config.Memory.Recheck(ctx, g.beat, doubt)
	if err != nil {
		return Report{}, fmt.Errorf("reseed: looking: %w", err)
	}
	g.beat = max(g.beat, memory.Beat)
	report := Report{Lost: memory.Lost}
	if !memory.Pending {
		return report, nil
	}
	if report.Told, err = g.teach(ctx); err != nil {
		return report, err
	}
	if err := g.config.Memory.Retaught(ctx, memory.Generation); err != nil {
		return report, fmt.Errorf("reseed: ending: %w", err)
	}
	g.whole = time.Now()
	return report, nil
}

// teach tells all levels but those of customers' coupons, which nobody reserves, and
// answers how many there are.
func (g *Guard) teach(ctx context.Context) (told int, err error) {
	q := inventory.StandingQuery{Limit: pageSize}
	for {
		page, err := g.config.Books.Standings(ctx, q)
		if err != nil {
			return told, fmt.Errorf("reseed: listing what there is: %w", err)
		}
		n, err := g.tell(ctx, page)
		if told += n; err != nil {
			return told, err
		}
		if len(page) < q.Limit {
			return told, nil
		}
		if q.After = page[len(page)-1].Item; q.After.CustomerCoupon() {
			q.After = inventory.AfterCustomerCoupons
		}
	}
}

// pageSize is how many items are read at once.
const pageSize = 200

func (g *Guard) tell(ctx context.Context, page []inventory.Standing) (int, error) {
	var items []inventory.Item
	for _, s := range page {
		if !s.Item.CustomerCoupon() {
			items = append(items, s.Item)
		}
	}
	if len(items) == 0 {
		return 0, nil
	}
	levels, err := g.config.Books.Levels(ctx, items)
	if err != nil {
		return 0, fmt.Errorf("reseed: reading levels: %w", err)
	}
	for from := 0; from < len(levels); from += inventory.MaxBatch {
		part := levels[from:min(from+inventory.MaxBatch, len(levels))]
		if err := g.config.Memory.SetLevels(ctx, part); err != nil {
			return from, fmt.Errorf("reseed: telling levels: %w", err)
		}
	}
	return len(levels), nil
}

// Run looks until ctx is done, and returns its error. What fails is logged and tried
// again at the next look.
func (g *Guard) Run(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
		}
		g.look(ctx)
		timer.Reset(g.config.Pace.Every)
	}
}

func (g *Guard) look(ctx context.Context) {
	report, err := g.Check(ctx)
	switch {
	case err != nil && ctx.Err() == nil:
		g.config.Log.WarnContext(ctx, "reservations not compared with the books", "error", err)
	case report.Lost != "" && report.Lost != inventory.Doubted:
		g.config.Log.WarnContext(ctx, "reservations lost their memory and were taught again", "lost", report.Lost, "levels", report.Told)
	}
}
