package rivals_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/go-redsync/redsync/v4"
	"github.com/go-redsync/redsync/v4/redis/goredis/v9"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"

	"github.com/ankkor/ankkor/inventory"
)

// minimal checks, takes and notes the expiry. Sent again it takes again.
const minimal = `
local left = tonumber(redis.call('GET', KEYS[1]) or '0')
if left < tonumber(ARGV[1]) then return 0 end
redis.call('DECRBY', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[3])
return 1`

// idempotent is minimal for a client that sends again: it knows what it has granted.
const idempotent = `
if redis.call('HEXISTS', KEYS[3], ARGV[3]) == 1 then return 1 end
local left = tonumber(redis.call('GET', KEYS[1]) or '0')
if left < tonumber(ARGV[1]) then return 0 end
redis.call('DECRBY', KEYS[1], ARGV[1])
redis.call('HSET', KEYS[3], ARGV[3], ARGV[1])
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[3])
return 1`

var errSoldOut = errors.New("sold out")

func granted(answer int64, err error) error {
	if err == nil && answer != 1 {
		return errSoldOut
	}
	return err
}

func expiry() int64 { return time.Now().Add(inventory.DefaultTTL).UnixMilli() }

func (r *register) plain(n int) error {
	keys := []string{r.left(n), r.due()}
	return granted(r.client.EvalSha(r.ctx, r.minimal.Hash(), keys, 1, expiry(), "r"+strconv.Itoa(n)).Int64())
}

// rueidis pipelines by itself what is sent at the same time.
func (r *register) rueidis(b *testing.B) func(n int) error {
	options := redisOptions(b)
	client, err := rueidis.NewClient(rueidis.ClientOption{
		InitAddress: []string{options.Addr}, Username: options.Username, Password: options.Password, SelectDB: options.DB, DisableCache: true,
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(client.Close)
	script := rueidis.NewLuaScript(idempotent)
	return func(n int) error {
		keys := []string{r.left(n), r.due(), r.prefix + "granted"}
		args := []string{"1", strconv.FormatInt(expiry(), 10), "r" + strconv.Itoa(n)}
		return granted(script.Exec(r.ctx, client, keys, args).AsInt64())
	}
}

// watch looks, and takes unless somebody else did meanwhile.
func (r *register) watch(n int) error {
	for {
		err := r.client.Watch(r.ctx, func(tx *redis.Tx) error {
			left, err := tx.Get(r.ctx, r.left(n)).Int64()
			if err != nil || left < 1 {
				return errors.Join(err, errSoldOut)
			}
			_, err = tx.TxPipelined(r.ctx, func(p redis.Pipeliner) error {
				return r.take(r.ctx, p, n)
			})
			return err
		}, r.left(n))
		if !errors.Is(err, redis.TxFailedErr) {
			return err
		}
	}
}

func (r *register) take(ctx context.Context, c redis.Cmdable, n int) error {
	c.ZAdd(ctx, r.due(), redis.Z{Score: float64(expiry()), Member: "r" + strconv.Itoa(n)})
	return c.DecrBy(ctx, r.left(n), 1).Err()
}

// redsync takes under a lock of the item.
func (r *register) redsync() func(n int) error {
	locks := redsync.New(goredis.NewPool(r.client))
	return func(n int) error {
		lock := locks.NewMutex(r.left(n)+":lock", redsync.WithTries(1_000_000))
		if err := lock.LockContext(r.ctx); err != nil {
			return err
		}
		left, err := r.client.Get(r.ctx, r.left(n)).Int64()
		if err == nil && left >= 1 {
			err = r.take(r.ctx, r.client, n)
		}
		_, unlocked := lock.UnlockContext(r.ctx)
		return errors.Join(err, unlocked)
	}
}

// threeCommands looks, notes the expiry and takes, one after the other.
func (r *register) threeCommands(n int) error {
	left, err := r.client.Get(r.ctx, r.left(n)).Int64()
	if err != nil || left < 1 {
		return errors.Join(err, errSoldOut)
	}
	return r.take(r.ctx, r.client, n)
}

// TestThreeCommandsOversell is why they are no way at all: between the look and the
// taking others have looked too. All other ways sell what there is.
func TestThreeCommandsOversell(t *testing.T) {
	const pieces, shoppers, rounds = 10, 64, 20
	r := newRegister(t, rounds, shoppers)
	oversold := 0
	for item := range rounds {
		r.client.Set(t.Context(), r.left(item), pieces, time.Hour)
		var group sync.WaitGroup
		start := make(chan struct{})
		for range shoppers {
			group.Go(func() {
				<-start
				_ = r.threeCommands(item)
			})
		}
		close(start)
		group.Wait()
		if left, err := r.client.Get(t.Context(), r.left(item)).Int64(); err != nil {
			t.Fatal(err)
		} else if left < 0 {
			oversold++
		}
	}
	t.Logf("oversold in %d of %d rounds", oversold, rounds)
	if oversold == 0 {
		t.Error("they did not oversell: say so where it is claimed")
	}
}
