package redisstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Config says for which shop something is kept, and how.
type Config struct {
	// Store names the shop. Two shops on one Redis have different names. It is
	// 1 to 64 ASCII letters, digits and . _ ~ -; empty means "default". Keys are
	// "ankkor:{<store>}:…".
	Store string
	// Timeout bounds a call whose context has no earlier deadline; 0 means 5 s.
	Timeout time.Duration
	// DangerouslyAllowEviction accepts a server that may throw reservations, carts
	// and events away. Allocations still never exceed stock.
	DangerouslyAllowEviction bool

	// CartLife is how long a cart is kept after its last change, by the server's
	// clock; 0 means 30 days.
	CartLife time.Duration
	// Events is how many events the stream keeps, about; 0 means 100,000. The
	// oldest go first, whether somebody has read them or not.
	Events int64
}

// Sentinels to branch on with errors.Is.
var (
	// ErrConfig is matched by every mistake in a Config.
	ErrConfig = errors.New("redisstore: invalid configuration")
	// ErrServer says that the server cannot be trusted with reservations.
	ErrServer = errors.New("redisstore: unsuitable server")
)

var storeName = regexp.MustCompile(`^[A-Za-z0-9._~-]{1,64}$`)

// New returns a Reserver on the host's client, which it never closes. It asks
// every server for its version and whether it may evict keys, loads nothing and
// writes nothing. All mistakes are reported at once.
func New(ctx context.Context, client redis.UniversalClient, c Config) (*Reserver, error) {
	c, err := c.checked(ctx, client)
	if err != nil {
		return nil, err
	}
	return newReserver(client, c), nil
}

// checked fills in what is left out and reports all mistakes, the server's too.
func (c Config) checked(ctx context.Context, client redis.UniversalClient) (Config, error) {
	var errs []error
	need := func(ok bool, what string) {
		if !ok {
			errs = append(errs, fmt.Errorf("%w: %s", ErrConfig, what))
		}
	}
	c.Store = cmp.Or(c.Store, "default")
	c.Timeout = cmp.Or(c.Timeout, 5*time.Second)
	c.CartLife = cmp.Or(c.CartLife, 30*24*time.Hour)
	c.Events = cmp.Or(c.Events, 100_000)
	need(client != nil, "there is no client")
	need(storeName.MatchString(c.Store), "Store must be 1 to 64 letters, digits and . _ ~ -")
	need(c.Timeout > 0, "Timeout must not be negative")
	need(c.CartLife >= time.Minute, "CartLife must be a minute or more")
	need(c.Events > 0, "Events must not be negative")
	if client != nil {
		errs = append(errs, eachServer(ctx, client, func(ctx context.Context, s redis.Cmdable) error {
			return checkServer(ctx, s, c.DangerouslyAllowEviction)
		}))
	}
	return c, errors.Join(errs...)
}

// prefix begins the names of all keys of the shop. What is in braces puts them into
// one slot of a cluster.
func (c Config) prefix() string { return "ankkor:{" + c.Store + "}:" }

// eachServer calls check for every master.
func eachServer(ctx context.Context, client redis.UniversalClient, check func(context.Context, redis.Cmdable) error) error {
	switch c := client.(type) {
	case *redis.ClusterClient:
		return c.ForEachMaster(ctx, func(ctx context.Context, s *redis.Client) error { return check(ctx, s) })
	case *redis.Ring:
		return c.ForEachShard(ctx, func(ctx context.Context, s *redis.Client) error { return check(ctx, s) })
	}
	return check(ctx, client)
}

// checkServer refuses what is too old, and what throws keys away when memory runs
// out: with volatile-ttl, 255 of 500 reservations of a quarter of an hour were
// evicted from 3 MB without an error.
func checkServer(ctx context.Context, s redis.Cmdable, allowEviction bool) error {
	info, err := s.Info(ctx, "server").Result()
	if err != nil {
		return fmt.Errorf("redisstore: ask the server for its version: %w", err)
	}
	memory, err := s.Info(ctx, "memory").Result()
	if err != nil {
		return fmt.Errorf("redisstore: ask the server for its memory policy: %w", err)
	}
	var errs []error
	if version := infoField(info, "redis_version"); !atLeast(version, 6, 2) {
		errs = append(errs, fmt.Errorf("%w: Redis %s, want 6.2 or later", ErrServer, version))
	}
	policy, limit := infoField(memory, "maxmemory_policy"), infoField(memory, "maxmemory")
	if policy != "noeviction" && limit != "0" && !allowEviction {
		errs = append(errs, fmt.Errorf("%w: maxmemory-policy is %q and maxmemory %s: it may evict reservations; set noeviction", ErrServer, policy, limit))
	}
	return errors.Join(errs...)
}

func infoField(info, name string) string {
	for line := range strings.Lines(info) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), name+":"); ok {
			return value
		}
	}
	return ""
}

func atLeast(version string, major, minor int) bool {
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 2 {
		return false
	}
	have, err1 := strconv.Atoi(parts[0])
	haveMinor, err2 := strconv.Atoi(parts[1])
	return err1 == nil && err2 == nil && (have > major || have == major && haveMinor >= minor)
}
