package checkout

import (
	"context"
	"errors"
	"fmt"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reseed"
)

// guard is the guard of a Reserver that may forget, over a Store that keeps levels; nil for any other.
func (c Config) guard() (*reseed.Guard, error) {
	memory, forgets := c.Reserver.(inventory.Forgetful)
	books, keeps := c.Store.(reseed.Books)
	if !forgets || !keeps {
		return nil, nil
	}
	g, err := reseed.New(reseed.Config{Memory: memory, Books: books, Pace: c.Reseed, Log: c.Log})
	if err != nil {
		return nil, fmt.Errorf("checkout: Config.Reseed: %w", err)
	}
	return g, nil
}

// CheckReserver looks whether the Reserver still knows of stock what it was told, and teaches it again if it does not:
// after Redis was flushed, restored from an old snapshot or failed over. Run does so by itself every second unless
// Config.Reseed says otherwise. It does nothing where the Reserver is no [inventory.Forgetful], or the Store keeps no
// levels. Safe twice and in parallel.
func (s *Service) CheckReserver(ctx context.Context) (reseed.Report, error) {
	if s.guard == nil {
		return reseed.Report{}, nil
	}
	return s.guard.Check(ctx)
}

// guards looks after the Reserver until ctx is done.
func (s *Service) guards(ctx context.Context) {
	if s.guard != nil && !s.config.Reseed.Off {
		_ = s.guard.Run(ctx) // which ends with ctx and logs the rest
	}
}

// tellTruth tells the Reserver what the Store knows of items that it let a shopper in for and the Store refused, so that
// the next one hears it from the Reserver.
func (s *Service) tellTruth(ctx context.Context, refusal error) {
	books, ok := s.config.Store.(inventory.Levels)
	var short *inventory.ShortageError
	if !ok || !errors.As(refusal, &short) {
		return
	}
	items := make([]inventory.Item, len(short.Lines))
	for i, l := range short.Lines {
		items[i] = l.Item
	}
	levels, err := books.Levels(ctx, items)
	if err != nil {
		s.config.Log.WarnContext(ctx, "reserver not told why stock was refused", "error", err)
		s.guard.Doubt()
		return
	}
	s.tellReserver(ctx, forReserver(levels))
}
