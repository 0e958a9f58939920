package linear_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/adapters/redisstore"
	"github.com/ankkor/ankkor/internal/lab/linear"
	"github.com/ankkor/ankkor/internal/lab/proxy"
	"github.com/ankkor/ankkor/internal/lab/servers"
)

// replicas are processes of the shop, each with a client and a line of its own.
const replicas = 3

// many is the promise: 30,000 histories. The race detector makes them slow and hunts
// for something else, so it gets a tenth: `make linear` judges all of them.
func many() int {
	if raced {
		return 3000
	}
	return 30_000
}

// TestRedis: one reply in twenty is cut, somewhere.
func TestRedis(t *testing.T) {
	options := servers.Redis(t).Options()
	var sound sync.Map // *redis.Client, by worker
	c := config(histories(t, many()), nil)
	c.Open = func(tb testing.TB, worker int) linear.Shop {
		store := fmt.Sprintf("linear.%d.%d", options.DB, worker)
		client := redisThrough(tb, options, options.Addr)
		sound.Store(worker, client)
		shop := linear.Shop{Sound: reserver(tb, client, store)}
		var lines []linear.Subject
		for n := range replicas {
			p := spoiled(tb, options.Addr, 20, uint64(worker*replicas+n))
			lines = append(lines, reserver(tb, redisThrough(tb, options, p.Addr()), store))
		}
		for n := range linear.Most {
			shop.Clients = append(shop.Clients, lines[n%replicas])
		}
		return shop
	}
	c.Fresh = func(worker int) error {
		client, _ := sound.Load(worker)
		return client.(*redis.Client).Del(context.Background(), redisKeys(fmt.Sprintf("linear.%d.%d", options.DB, worker))...).Err()
	}
	r := judge(t, c)
	if r.Unknown*200 < r.Calls {
		t.Errorf("the answers of %d of %d calls were lost, want about one in twenty", r.Unknown, r.Calls)
	}
}

// redisKeys are the keys of a store.
func redisKeys(store string) []string {
	var keys []string
	for _, name := range []string{"levels", "free", "reservations", "due"} {
		keys = append(keys, "ankkor:{"+store+"}:"+name)
	}
	return keys
}

// spoiled is a proxy that cuts one reply in n.
func spoiled(tb testing.TB, target string, n int, seed uint64) *proxy.Proxy {
	tb.Helper()
	p, err := proxy.Listen(target)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = p.Close() })
	p.Spoil(proxy.OneIn(n, seed, proxy.CutAnywhere(seed)))
	return p
}

// redisThrough is a client that never sends anything twice by itself: a call that is
// sent again is another call, and the histories have those.
func redisThrough(tb testing.TB, like *redis.Options, address string) *redis.Client {
	options := *like
	options.Addr, options.MaxRetries, options.PushNotificationProcessor = address, -1, nil
	client := redis.NewClient(&options)
	tb.Cleanup(func() { _ = client.Close() })
	return client
}

// reserver asks until the server's answers come through.
func reserver(tb testing.TB, client *redis.Client, store string) *redisstore.Reserver {
	tb.Helper()
	var err error
	for range 20 {
		var r *redisstore.Reserver
		if r, err = redisstore.New(context.Background(), client, redisstore.Config{Store: store}); err == nil {
			return r
		}
	}
	tb.Fatal(err)
	return nil
}
