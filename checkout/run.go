package checkout

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Pace is how often Run looks for work.
const (
	tick         = time.Second
	advanceBatch = 50
	relayBatch   = 100
	atOnce       = 8 // checkouts advanced at the same time, so that one slow system does not hold up the others
)

// Run does all background work until ctx is done: it advances checkouts that are due, relays the outbox and looks after a
// Reserver that may forget. It owns every goroutine it starts and returns ctx's error when all have ended. Any number of
// replicas may run it; a host that has a scheduler of its own calls AdvanceDue, RelayOutbox and CheckReserver instead.
func (s *Service) Run(ctx context.Context) error {
	var guarding sync.WaitGroup
	guarding.Go(func() { s.guards(ctx) })
	defer guarding.Wait()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
		}
		pause := tick
		if s.sweep(ctx) {
			pause = 0
		}
		timer.Reset(pause)
	}
}

// sweep does one round of each loop and reports whether there was more to do than fits in one. What fails is logged: it
// stays due.
func (s *Service) sweep(ctx context.Context) (more bool) {
	advanced, err := s.AdvanceDue(ctx, advanceBatch)
	if err != nil && ctx.Err() == nil {
		s.config.Log.ErrorContext(ctx, "advancing due checkouts", "error", err)
	}
	relayed, err := s.RelayOutbox(ctx, relayBatch)
	if err != nil && ctx.Err() == nil {
		s.config.Log.ErrorContext(ctx, "relaying the outbox", "error", err)
	}
	return advanced == advanceBatch || relayed == relayBatch
}

// AdvanceDue claims up to limit checkouts whose time has come, oldest first, and advances them, a few at a time. It
// returns how many it claimed, and the errors of those that could not go on. Safe to call twice and in parallel.
func (s *Service) AdvanceDue(ctx context.Context, limit int) (int, error) {
	due, err := s.config.Store.Due(ctx, limit, s.config.Policy.Lease)
	if err != nil {
		return 0, err
	}
	var work sync.WaitGroup
	free := make(chan struct{}, atOnce)
	errs := make([]error, len(due))
	for i, claimed := range due {
		free <- struct{}{}
		work.Go(func() {
			defer func() { <-free }()
			_, errs[i] = s.Advance(ctx, claimed.ID)
		})
	}
	work.Wait()
	return len(due), errors.Join(errs...)
}

// RelayOutbox publishes up to limit events that changes left in the outbox, at least once, in order within one checkout,
// and returns how many. Without a Publisher, or with a Store that keeps no outbox, it does nothing.
func (s *Service) RelayOutbox(ctx context.Context, limit int) (int, error) {
	box, ok := s.config.Store.(Outbox)
	if !ok || s.config.Publisher == nil {
		return 0, nil
	}
	events, err := box.Pending(ctx, limit)
	if err != nil || len(events) == 0 {
		return 0, err
	}
	if err := s.config.Publisher.Publish(ctx, events...); err != nil {
		return 0, err
	}
	ids := make([]string, len(events))
	for i, e := range events {
		ids[i] = e.ID
	}
	return len(ids), box.Acknowledge(ctx, ids...)
}
