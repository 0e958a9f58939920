package redisstore

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
)

var _ checkout.IdleCarts = (*Carts)(nil)

// The fewest and the most entries of the index that are read at once.
const minIdlePage, maxIdlePage = 50, 500

// Idle implements [checkout.IdleCarts]. What is read is what is there: carts that have
// expired or changed since they were listed are left out.
func (c *Carts) Idle(ctx context.Context, from, to time.Time, after cart.Cart, limit int) ([]cart.Cart, error) {
	found := []cart.Cart{}
	wanted := func(x cart.Cart) bool {
		return !x.IsEmpty() && x.UpdatedAt.After(from) && !x.UpdatedAt.After(to) && (after.ID == "" || later(x, after))
	}
	start := from
	if after.ID != "" && after.UpdatedAt.After(from) {
		start = after.UpdatedAt
	}
	page := min(max(limit, minIdlePage), maxIdlePage)
	for at := 0; len(found) < limit; at += page {
		members, err := c.resting(ctx, &redis.ZRangeBy{Min: score(start), Max: score(to), Offset: int64(at), Count: int64(page)})
		if err != nil {
			return nil, err
		}
		carts, err := c.listed(ctx, members)
		if err != nil {
			return nil, err
		}
		for _, x := range carts {
			if len(found) < limit && wanted(x) {
				found = append(found, x)
			}
		}
		if len(members) < page {
			break
		}
	}
	return found, nil
}

// later says whether x comes after another cart in the order of Idle.
func later(x, other cart.Cart) bool {
	if d := x.UpdatedAt.Compare(other.UpdatedAt); d != 0 {
		return d > 0
	}
	return x.ID > other.ID
}

// resting reads a part of the index: ids and owners.
func (c *Carts) resting(ctx context.Context, by *redis.ZRangeBy) ([]string, error) {
	members, err := within(ctx, c.config.Timeout, func(ctx context.Context) ([]string, error) {
		return c.client.ZRangeByScore(ctx, c.idle(), by).Result()
	})
	if err != nil {
		return nil, fmt.Errorf("redisstore: listing carts: %w", err)
	}
	return members, nil
}

// listed loads the carts of a part of the index, in its order. One that is not the
// cart that was listed any more is left out.
func (c *Carts) listed(ctx context.Context, members []string) ([]cart.Cart, error) {
	if len(members) == 0 {
		return nil, nil
	}
	bodies, err := within(ctx, c.config.Timeout, func(ctx context.Context) ([]string, error) { return c.bodies(ctx, members) })
	if err != nil {
		return nil, fmt.Errorf("redisstore: loading carts: %w", err)
	}
	var carts []cart.Cart
	for i, member := range members {
		if bodies[i] == "" {
			continue
		}
		x, err := readCart(bodies[i])
		if err != nil {
			return nil, err
		}
		if id, _, _ := strings.Cut(member, "\x00"); x.ID == id {
			carts = append(carts, x)
		}
	}
	return carts, nil
}

// bodies reads what is stored for the owners; what has expired is empty.
func (c *Carts) bodies(ctx context.Context, members []string) ([]string, error) {
	replies := make([]*redis.StringCmd, len(members))
	_, err := c.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, member := range members {
			_, owner, _ := strings.Cut(member, "\x00")
			replies[i] = p.HGet(ctx, c.key(cart.Owner(owner)), "body")
		}
		return nil
	})
	if err != nil && !errors.Is(err, redis.Nil) {
		return nil, err
	}
	bodies := make([]string, len(members))
	for i, reply := range replies {
		if bodies[i], err = reply.Result(); err != nil && !errors.Is(err, redis.Nil) {
			return nil, err
		}
	}
	return bodies, nil
}
