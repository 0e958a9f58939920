package reconcile

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

// Config is what a Service works with. Books, Source and Journal are required.
type Config struct {
	// Books is where stock is decided, Source the store of record.
	Books  Books
	Source inventory.StockSource
	// Feed says what changed there; without one, only sweeps find out.
	Feed    Feed
	Journal Journal

	// RefOf names the Ref that our books have for an order, "" for one that is not
	// ours. Without it, orders that are cancelled there are not settled.
	RefOf func(ctx context.Context, o Order) (string, error)
	// OrderSeen, if set, is told of every order that changed there, or may be gone,
	// after its books were settled: checkout.Service's StoreOrderChanged. It is told
	// at least once; an error ends the pass, and the order comes again.
	OrderSeen func(ctx context.Context, orderID int64) error
	// Reserver is told of every level that changed, if reservations are kept
	// elsewhere.
	Reserver inventory.Levels
	// Sink is told what happens; nil for nobody.
	Sink inventory.EventSink
	// Writer is for Keep; nil means that it is not possible.
	Writer StockWriter
	// WatchOf says when to speak up about an item; nil means at 2 pieces, as
	// WooCommerce does (woocommerce_notify_low_stock_amount).
	WatchOf func(inventory.Item) inventory.Watch

	// Tolerance is for differences that nothing explains; nil means 5 %.
	Tolerance *inventory.Tolerance
	// Location takes up the difference where an item lies in several places; empty
	// means inventory.DefaultLocation.
	Location inventory.Location
	// Backorders caps what may be sold beyond stock where the store of record
	// allows it without end; 0 means no cap.
	Backorders int64

	// Batch is how many items are read at a time, 1 to 1000; 0 means 100.
	Batch int
	// Overlap is how far back a pass looks behind where the last one ended; 0
	// means 30 s. What takes longer to become visible is found by the sweep.
	Overlap time.Duration
	// Every is the pause between passes of Run, SweepEvery that between sweeps; 0
	// means a minute, and a day.
	Every, SweepEvery time.Duration
	// Progress, if set, is called after each batch.
	Progress func(Progress)
	Now      func() time.Time // nil means time.Now
	Log      *slog.Logger     // nil means slog.Default
}

// Progress says how far a piece of work has come.
type Progress struct {
	Work string // "orders", "products", "variations", "unsettled", "sweep"
	Done int    // items or orders so far
}

// Service keeps stock in step. It is safe for concurrent use, on any number of
// replicas, and starts no goroutine outside Run.
type Service struct {
	config Config
}

// New makes a Service. Every mistake in c is reported at once.
func New(c Config) (*Service, error) {
	var errs []error
	wrong := func(bad bool, field, reason string) {
		if bad {
			errs = append(errs, fmt.Errorf("%w: %s %s", ErrConfig, field, reason))
		}
	}
	wrong(c.Books == nil, "Books", "is missing")
	wrong(c.Source == nil, "Source", "is missing")
	wrong(c.Journal == nil, "Journal", "is missing")
	wrong(c.Batch < 0 || c.Batch > inventory.MaxBatch, "Batch", "must be 1 to 1000")
	wrong(c.Overlap < 0 || c.Every < 0 || c.SweepEvery < 0, "Overlap, Every, SweepEvery", "must not be negative")
	wrong(c.Backorders < 0 || c.Backorders > inventory.MaxLevel, "Backorders", "is out of range")
	if c.Tolerance != nil {
		t := *c.Tolerance
		wrong(t.BasisPoints < 0 || t.BasisPoints > 10_000 || t.Pieces < 0, "Tolerance", "must be 0 to 10000 basis points, and pieces not negative")
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return &Service{config: c.filled()}, nil
}

// filled is the configuration with what was left out.
func (c Config) filled() Config {
	if c.Tolerance == nil {
		c.Tolerance = &inventory.Tolerance{BasisPoints: 500}
	}
	if c.WatchOf == nil {
		c.WatchOf = func(inventory.Item) inventory.Watch { return inventory.Watch{Low: 2} }
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Batch == 0 {
		c.Batch = 100
	}
	for _, d := range []struct {
		field    *time.Duration
		fallback time.Duration
	}{{&c.Overlap, 30 * time.Second}, {&c.Every, time.Minute}, {&c.SweepEvery, 24 * time.Hour}} {
		if *d.field == 0 {
			*d.field = d.fallback
		}
	}
	return c
}

// Run does passes, sweeps and watching until ctx is done, whose error it returns.
// What fails is logged and comes again with the next pass.
func (s *Service) Run(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
		}
		s.round(ctx)
		timer.Reset(s.config.Every)
	}
}

// round is one pass, a sweep if one is due, and what happened meanwhile.
func (s *Service) round(ctx context.Context) {
	report, err := s.Pass(ctx)
	s.logged(ctx, "pass", report, err)
	if due, err := s.sweepDue(ctx); err != nil {
		s.logged(ctx, "sweep", Report{}, err)
	} else if due {
		report, err := s.Sweep(ctx)
		s.logged(ctx, "sweep", report, err)
	}
	if _, err := s.Watch(ctx); err != nil {
		s.logged(ctx, "watch", Report{}, err)
	}
}

func (s *Service) logged(ctx context.Context, work string, r Report, err error) {
	switch {
	case err != nil && ctx.Err() == nil && !overtaken(err):
		s.config.Log.ErrorContext(ctx, "reconciling stock failed", "work", work, "error", err)
	case r.Corrected+len(r.Findings)+r.Settled > 0:
		s.config.Log.InfoContext(ctx, "stock reconciled", "work", work, "corrected", r.Corrected, "findings", len(r.Findings), "settled", r.Settled)
	}
}

// overtaken says that nothing went wrong but that another replica was quicker.
func overtaken(err error) bool {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return !slices.ContainsFunc(joined.Unwrap(), func(e error) bool { return !overtaken(e) })
	}
	return errors.Is(err, ErrConflict)
}

// progress tells whoever wants to know.
func (s *Service) progress(work string, done int) {
	if s.config.Progress != nil {
		s.config.Progress(Progress{Work: work, Done: done})
	}
}
