package redisstore

import (
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/cart"
)

//go:embed lua/carts.lua
var cartsLua string

var _ cart.Store = (*Carts)(nil)

// Carts keeps carts in Redis, one key for each owner, for Config.CartLife after the
// last change. It is safe for concurrent use by any number of processes. A save that
// the client sends again, because its reply was lost, is known by a mark and counts
// once. Redis that loses its memory loses carts: shops that cannot have that keep them
// in Postgres.
type Carts struct {
	client redis.UniversalClient
	script *script
	config Config
}

// NewCarts returns carts on the host's client, which it never closes. It asks and
// reports what [New] does.
func NewCarts(ctx context.Context, client redis.UniversalClient, c Config) (*Carts, error) {
	c, err := c.checked(ctx, client)
	if err != nil {
		return nil, err
	}
	return &Carts{client: client, script: newScript(client, cartsLua), config: c}, nil
}

func (c *Carts) key(owner cart.Owner) string { return c.config.prefix() + "cart:" + string(owner) }

func (c *Carts) idle() string { return c.config.prefix() + "idle" }

// Load implements [cart.Store].
func (c *Carts) Load(ctx context.Context, owner cart.Owner) (cart.Cart, error) {
	body, err := within(ctx, c.config.Timeout, func(ctx context.Context) (string, error) {
		return c.client.HGet(ctx, c.key(owner), "body").Result()
	})
	if errors.Is(err, redis.Nil) {
		return cart.Cart{}, cart.ErrNotFound
	}
	if err != nil {
		return cart.Cart{}, fmt.Errorf("redisstore: loading a cart: %w", err)
	}
	return readCart(body)
}

func readCart(body string) (found cart.Cart, err error) {
	if err := json.Unmarshal([]byte(body), &found); err != nil {
		return cart.Cart{}, fmt.Errorf("redisstore: reading a cart: %w", err)
	}
	return found, nil
}

// Save implements [cart.Store].
func (c *Carts) Save(ctx context.Context, what cart.Cart, expected int64) (cart.Cart, error) {
	what = what.Clone()
	what.Version, what.UpdatedAt = expected+1, what.UpdatedAt.Truncate(time.Microsecond)
	body, err := json.Marshal(what)
	if err != nil {
		return cart.Cart{}, fmt.Errorf("redisstore: writing a cart: %w", err)
	}
	at := ""
	if !what.IsEmpty() {
		at = score(what.UpdatedAt)
	}
	script := c.script.on(c.key(what.Owner), c.idle())
	args := append(script.begin("save", 8), string(what.Owner),
		strconv.FormatInt(expected, 10), what.Version, what.ID, body, rand.Text(), at, c.config.CartLife.Milliseconds())
	values, err := list(script.run(ctx, c.config.Timeout, args))
	if err != nil {
		return cart.Cart{}, err
	}
	a := &reader{values: values}
	if saved := a.number(); saved == 1 && a.err() == nil {
		return what, nil
	}
	return cart.Cart{}, conflict(what.Owner, a)
}

// conflict is the error of a save that came too late.
func conflict(owner cart.Owner, a *reader) error {
	body := a.text()
	if err := a.err(); err != nil {
		return err
	}
	current := cart.Cart{Owner: owner}
	if body != "" {
		var err error
		if current, err = readCart(body); err != nil {
			return err
		}
	}
	return &cart.ConflictError{Current: current}
}

// Delete implements [cart.Store].
func (c *Carts) Delete(ctx context.Context, owner cart.Owner) error {
	script := c.script.on(c.key(owner), c.idle())
	_, err := script.run(ctx, c.config.Timeout, append(script.begin("delete", 1), string(owner)))
	return err
}

// score is a time as the index of idle carts has it: exact, to the microsecond, for
// some centuries.
func score(at time.Time) string { return strconv.FormatInt(at.UnixMicro(), 10) }
