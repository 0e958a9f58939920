package main

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

// keeper keeps reservations and knows levels. Redis is one, Postgres another.
type keeper interface {
	inventory.Reserver
	inventory.Levels
}

// admission reserves in Redis, and while Redis is away in Postgres. It can do so because nothing is decided here: what is
// sold is decided by the allocation in Postgres, whoever admitted the shopper. It is safe for concurrent use.
type admission struct {
	first  forgetful
	second keeper
	log    *slog.Logger
	away   atomic.Int64 // until when the first is left alone, in Unix nanoseconds
	missed atomic.Bool  // there was news that the first was not told
}

// forgetful is a keeper that may lose its memory, and notices.
type forgetful interface {
	inventory.Reserver
	inventory.Forgetful
}

var _ forgetful = (*admission)(nil)

// errMissed says that the first keeper was not told all of it.
var errMissed = errors.New("Redis was away while it was told the stock")

// leaveAlone is how long a Redis that did not answer is not asked, so that shoppers do not wait for it one by one.
const leaveAlone = 2 * time.Second

// answered reports whether an error is an answer, and not the lack of one.
func answered(err error) bool {
	for _, answer := range []error{
		nil, inventory.ErrInvalid, inventory.ErrInsufficient, inventory.ErrConflict, inventory.ErrNotFound, inventory.ErrEnded,
	} {
		if errors.Is(err, answer) {
			return true
		}
	}
	return false
}

// ask asks the first keeper, and reports whether it answered.
func (a *admission) ask(ctx context.Context, call func() error) bool {
	if time.Now().UnixNano() < a.away.Load() {
		return false
	}
	err := call()
	if answered(err) || ctx.Err() != nil {
		return true
	}
	a.away.Store(time.Now().Add(leaveAlone).UnixNano())
	a.log.ErrorContext(ctx, "Redis is away; Postgres keeps reservations meanwhile", "error", err)
	return false
}

// Reserve implements inventory.Reserver. A reservation that Redis made without being able to say so expires there.
func (a *admission) Reserve(ctx context.Context, req inventory.ReserveRequest) (res inventory.Reservation, err error) {
	if a.ask(ctx, func() error { res, err = a.first.Reserve(ctx, req); return err }) {
		return res, err
	}
	return a.second.Reserve(ctx, req)
}

// Extend implements inventory.Reserver. What Redis does not know may have been made while it was away.
func (a *admission) Extend(ctx context.Context, id string, ttl time.Duration) (res inventory.Reservation, err error) {
	if a.ask(ctx, func() error { res, err = a.first.Extend(ctx, id, ttl); return err }) && !errors.Is(err, inventory.ErrNotFound) {
		return res, err
	}
	return a.second.Extend(ctx, id, ttl)
}

// Release implements inventory.Reserver.
func (a *admission) Release(ctx context.Context, id string) (res inventory.Reservation, err error) {
	if a.ask(ctx, func() error { res, err = a.first.Release(ctx, id); return err }) && !errors.Is(err, inventory.ErrNotFound) {
		return res, err
	}
	return a.second.Release(ctx, id)
}

// Levels implements inventory.Levels.
func (a *admission) Levels(ctx context.Context, items []inventory.Item) (levels []inventory.Level, err error) {
	if a.ask(ctx, func() error { levels, err = a.first.Levels(ctx, items); return err }) {
		return levels, err
	}
	return a.second.Levels(ctx, items)
}

// SetLevels implements inventory.Levels. A Redis that is away is told later, by the checkout's guard of its memory.
func (a *admission) SetLevels(ctx context.Context, levels []inventory.Level) (err error) {
	if a.ask(ctx, func() error { err = a.first.SetLevels(ctx, levels); return err }) {
		return err
	}
	a.missed.Store(true)
	return nil
}

// Recheck implements inventory.Forgetful: what was missed is a reason to doubt. A Redis that answers is back.
func (a *admission) Recheck(ctx context.Context, seen int64, doubt bool) (inventory.Memory, error) {
	missed := a.missed.Swap(false)
	memory, err := a.first.Recheck(ctx, seen, doubt || missed)
	if err != nil {
		if missed {
			a.missed.Store(true)
		}
		return memory, err
	}
	a.away.Store(0)
	return memory, nil
}

// Retaught implements inventory.Forgetful.
func (a *admission) Retaught(ctx context.Context, generation int64) error {
	if a.missed.Load() {
		return errMissed
	}
	return a.first.Retaught(ctx, generation)
}

// LowStock implements checkout.LowStock where the database does.
func (a *admission) LowStock(ctx context.Context, atMost int64, limit int) ([]inventory.Level, error) {
	low, ok := a.second.(checkout.LowStock)
	if !ok {
		return nil, errors.ErrUnsupported
	}
	return low.LowStock(ctx, atMost, limit)
}
