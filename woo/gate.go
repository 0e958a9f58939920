package woo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/sony/gobreaker/v2"
	"golang.org/x/sync/semaphore"
)

// gate stands before the store: so many requests at a time, and none for a
// while after a row of failures. A shop's PHP has a handful of workers; a
// storefront that queues in front of them in memory stays quick, one that sends
// everything takes its own back office down.
type gate struct {
	slots   *semaphore.Weighted // nil: no limit
	breaker *gobreaker.TwoStepCircuitBreaker[struct{}]
}

func newGate(c Config) gate {
	var g gate
	if c.MaxConcurrent > 0 {
		g.slots = semaphore.NewWeighted(int64(c.MaxConcurrent))
	}
	if c.BreakAfter > 0 {
		after := uint32(min(c.BreakAfter, 1<<20))
		g.breaker = gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
			Timeout:     c.BreakFor,
			ReadyToTrip: func(n gobreaker.Counts) bool { return n.ConsecutiveFailures >= after },
			IsExcluded:  func(err error) bool { return errors.Is(err, errGaveUp) },
		})
	}
	return g
}

// errPaused says that nothing was sent because the store kept failing.
var errPaused = errors.New("the store failed many times in a row; it is left alone for a moment")

// errGaveUp says that the caller went away: no verdict on the store.
var errGaveUp = errors.New("the caller gave up")

// enter waits for a slot. leave must be called with the outcome.
func (g gate) enter(ctx context.Context) (leave func(status int, err error), err error) {
	if g.slots != nil {
		if err := g.slots.Acquire(ctx, 1); err != nil {
			return nil, err
		}
	}
	done := func(error) {}
	if g.breaker != nil {
		if done, err = g.breaker.Allow(); err != nil {
			g.leaveSlot()
			return nil, errPaused
		}
	}
	return func(status int, err error) {
		done(verdict(ctx, status, err))
		g.leaveSlot()
	}, nil
}

func (g gate) leaveSlot() {
	if g.slots != nil {
		g.slots.Release(1)
	}
}

// verdict is what an outcome says about the store's health. Statuses that
// WooCommerce itself uses for errors in a request, 500 among them, say nothing.
func verdict(ctx context.Context, status int, err error) error {
	switch {
	case ctx.Err() != nil:
		return errGaveUp
	case err != nil:
		return err
	case status == http.StatusBadGateway, status == http.StatusServiceUnavailable, status == http.StatusGatewayTimeout:
		return fmt.Errorf("HTTP %d", status)
	}
	return nil
}

// Limits of a Config in front of the store.
const (
	DefaultMaxConcurrent = 8
	DefaultBreakAfter    = 20
	DefaultBreakFor      = 5 * time.Second
)
