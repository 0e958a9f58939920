package redisstore_test

import (
	"context"
	"crypto/rand"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/adapters/redisstore"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/inventorytest"
)

// server is the client of the Redis that `make test` starts.
func server(tb testing.TB) *redis.Client {
	tb.Helper()
	address := os.Getenv("ANKKOR_TEST_REDIS_URL")
	if address == "" {
		tb.Skip("there is no Redis: make test starts one, or name one in ANKKOR_TEST_REDIS_URL")
	}
	options, err := redis.ParseURL(address)
	if err != nil {
		tb.Fatal("ANKKOR_TEST_REDIS_URL is no redis:// address")
	}
	client := redis.NewClient(options)
	tb.Cleanup(func() { _ = client.Close() })
	return client
}

// open makes a Reserver for a store that nobody else uses, and empties it after
// the test.
func open(tb testing.TB, client redis.UniversalClient, store string) *redisstore.Reserver {
	tb.Helper()
	r, err := redisstore.New(context.Background(), client, redisstore.Config{Store: store})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { client.Del(context.Background(), r.Keys()...) })
	return r
}

// TestConformance: two processes with clients of their own are one store.
func TestConformance(t *testing.T) {
	inventorytest.Run(t, func(tb testing.TB) inventorytest.Harness {
		var shift atomic.Int64
		store := rand.Text()
		client := server(tb)
		first, second := open(tb, client, store), open(tb, server(tb), store)
		for _, r := range []*redisstore.Reserver{first, second} {
			r.ShiftClock(func() time.Duration { return time.Duration(shift.Load()) })
		}
		return inventorytest.Harness{
			Reserver: first, Levels: first, Clients: []inventory.Reserver{second},
			Advance:   func(d time.Duration) { shift.Add(int64(d)) },
			Forgetful: first,
			Wipe:      func() { client.Del(context.Background(), first.Keys()...) },
			Carry:     func() { client.HSet(context.Background(), first.Keys()[0], "run", "another server") },
			Keep:      func() func() { return dump(tb, client, first) },
		}
	})
}
