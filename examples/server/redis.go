package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/adapters/redisstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

// lateRedis is a Redis that may be away when the server starts: until it was reached every call fails with errNotReached,
// and Postgres admits shoppers. Redis is looked at before it is used for the first time: one that might evict
// reservations, or is too old, is not used. It is safe for concurrent use.
type lateRedis struct {
	client *redis.Client
	config redisstore.Config
	log    *slog.Logger
	first  atomic.Pointer[reached]
}

// Printf hears what go-redis has to say, which is that it cannot connect.
func (l *lateRedis) Printf(ctx context.Context, format string, args ...any) {
	l.log.DebugContext(ctx, "go-redis", "says", fmt.Sprintf(format, args...))
}

// reached is what there is once Redis was looked at.
type reached struct {
	*redisstore.Reserver
	events *redisstore.Publisher
}

var (
	_ forgetful          = (*lateRedis)(nil)
	_ checkout.Publisher = (*lateRedis)(nil)
)

// errNotReached says that Redis was away when the server started, and ever since.
var errNotReached = errors.New("Redis was not reached yet")

// lookEvery is how often a Redis is looked for that the server was started without.
const lookEvery = 2 * time.Second

// open looks at Redis once.
func (l *lateRedis) open(ctx context.Context) error {
	reserver, err := redisstore.New(ctx, l.client, l.config)
	if err != nil {
		return err
	}
	events, err := redisstore.NewPublisher(ctx, l.client, l.config)
	if err != nil {
		return err
	}
	l.first.Store(&reached{reserver, events})
	return nil
}

// unusable reports whether Redis answered, and said something that time does not mend: its password is another one, it
// may evict, it is too old. A Redis that is away, or is loading its data, is not.
func unusable(err error) bool {
	if errors.Is(err, redisstore.ErrServer) || errors.Is(err, redisstore.ErrConfig) {
		return true
	}
	var said redis.Error
	if !errors.As(err, &said) {
		return false
	}
	for _, passing := range []string{"LOADING ", "BUSY ", "MASTERDOWN ", "CLUSTERDOWN ", "TRYAGAIN ", "READONLY ", "ERR max number of clients"} {
		if strings.HasPrefix(said.Error(), passing) {
			return false
		}
	}
	return true
}

// run looks for Redis until it was reached, and then has nothing more to do than wait for ctx.
func (l *lateRedis) run(ctx context.Context) error {
	again := time.NewTicker(lookEvery)
	defer again.Stop()
	for l.first.Load() == nil {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-again.C:
		}
		err := within(ctx, lookEvery, l.open)
		switch {
		case err == nil:
			l.log.InfoContext(ctx, "Redis is there; it admits shoppers from now on")
		case unusable(err):
			l.log.ErrorContext(ctx, "Redis is there and cannot be used; Postgres keeps reservations", "error", err)
		}
	}
	<-ctx.Done()
	return ctx.Err()
}

// ping asks whether Redis is there and in use.
func (l *lateRedis) ping(ctx context.Context) error {
	if l.first.Load() == nil {
		return errNotReached
	}
	return l.client.Ping(ctx).Err()
}

// Reserve implements inventory.Reserver.
func (l *lateRedis) Reserve(ctx context.Context, req inventory.ReserveRequest) (inventory.Reservation, error) {
	if r := l.first.Load(); r != nil {
		return r.Reserve(ctx, req)
	}
	return inventory.Reservation{}, errNotReached
}

// Extend implements inventory.Reserver.
func (l *lateRedis) Extend(ctx context.Context, id string, ttl time.Duration) (inventory.Reservation, error) {
	if r := l.first.Load(); r != nil {
		return r.Extend(ctx, id, ttl)
	}
	return inventory.Reservation{}, errNotReached
}

// Release implements inventory.Reserver.
func (l *lateRedis) Release(ctx context.Context, id string) (inventory.Reservation, error) {
	if r := l.first.Load(); r != nil {
		return r.Release(ctx, id)
	}
	return inventory.Reservation{}, errNotReached
}

// Levels implements inventory.Levels.
func (l *lateRedis) Levels(ctx context.Context, items []inventory.Item) ([]inventory.Level, error) {
	if r := l.first.Load(); r != nil {
		return r.Levels(ctx, items)
	}
	return nil, errNotReached
}

// SetLevels implements inventory.Levels.
func (l *lateRedis) SetLevels(ctx context.Context, levels []inventory.Level) error {
	if r := l.first.Load(); r != nil {
		return r.SetLevels(ctx, levels)
	}
	return errNotReached
}

// Recheck implements inventory.Forgetful.
func (l *lateRedis) Recheck(ctx context.Context, seen int64, doubt bool) (inventory.Memory, error) {
	if r := l.first.Load(); r != nil {
		return r.Recheck(ctx, seen, doubt)
	}
	return inventory.Memory{}, errNotReached
}

// Retaught implements inventory.Forgetful.
func (l *lateRedis) Retaught(ctx context.Context, generation int64) error {
	if r := l.first.Load(); r != nil {
		return r.Retaught(ctx, generation)
	}
	return errNotReached
}

// Publish implements checkout.Publisher. What cannot be published stays in the outbox until it can.
func (l *lateRedis) Publish(ctx context.Context, events ...checkout.Event) error {
	if r := l.first.Load(); r != nil {
		return r.events.Publish(ctx, events...)
	}
	return errNotReached
}
