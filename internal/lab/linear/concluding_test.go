package linear_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/internal/lab/linear"
	"github.com/ankkor/ankkor/inventory"
)

// concluder is a store in memory that also concludes: all its calls one after the other,
// or, with a fault, concluding in two steps.
type concluder struct {
	slow
	mu      *sync.Mutex
	inSteps bool
}

func newConcluder(inSteps bool) concluder { return concluder{memory(), new(sync.Mutex), inSteps} }

var _ inventory.Concluder = concluder{}

func (c concluder) Conclude(ctx context.Context, id string, levels []inventory.Level) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.Stock.SetLevels(ctx, levels); err != nil {
		return err
	}
	if c.inSteps {
		c.mu.Unlock()
		pause()
		c.mu.Lock()
	}
	_, _ = c.Stock.Release(ctx, id)
	return nil
}

// alone does one of the other calls.
func alone[T any](c concluder, call func() (T, error)) (T, error) {
	pause()
	c.mu.Lock()
	defer c.mu.Unlock()
	return call()
}

func (c concluder) Reserve(ctx context.Context, req inventory.ReserveRequest) (inventory.Reservation, error) {
	return alone(c, func() (inventory.Reservation, error) { return c.Stock.Reserve(ctx, req) })
}

func (c concluder) Extend(ctx context.Context, id string, ttl time.Duration) (inventory.Reservation, error) {
	return alone(c, func() (inventory.Reservation, error) { return c.Stock.Extend(ctx, id, ttl) })
}

func (c concluder) Release(ctx context.Context, id string) (inventory.Reservation, error) {
	return alone(c, func() (inventory.Reservation, error) { return c.Stock.Release(ctx, id) })
}

func (c concluder) Levels(ctx context.Context, items []inventory.Item) ([]inventory.Level, error) {
	return alone(c, func() ([]inventory.Level, error) { return c.Stock.Levels(ctx, items) })
}

func (c concluder) SetLevels(ctx context.Context, levels []inventory.Level) error {
	_, err := alone(c, func() (any, error) { return nil, c.Stock.SetLevels(ctx, levels) })
	return err
}

func (c concluder) Move(ctx context.Context, moves ...inventory.Move) ([]inventory.Level, error) {
	return alone(c, func() ([]inventory.Level, error) { return c.Stock.Move(ctx, moves...) })
}

// TestConcludingIsOneStep: who concludes in two steps is caught, who does so in one is not.
func TestConcludingIsOneStep(t *testing.T) {
	open := func(inSteps bool) func() linear.Shop {
		return func() linear.Shop { return everybody(newConcluder(inSteps), 8) }
	}
	if illegal(t, 300, open(false)) {
		t.Error("a store that concludes in one step is called wrong")
	}
	if !illegal(t, 3000, open(true)) {
		t.Error("a store that concludes in two steps was not seen in 3000 histories")
	}
}
