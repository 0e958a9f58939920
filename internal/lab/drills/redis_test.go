package drills_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/internal/lab/drills"
	"github.com/ankkor/ankkor/internal/lab/proxy"
	"github.com/ankkor/ankkor/inventory"
)

const (
	pieces   = 1200
	shoppers = 2000
)

// TestFlushed: FLUSHALL ten times under load. The Reserver is taught again by
// whoever comes next, and in the end everything is sold.
func TestFlushed(t *testing.T) {
	deciders(t, func(t *testing.T, d drills.Decision) {
		server := drills.NewRedis(t, `save ""`)
		client := server.Client(t)
		shop := &drills.Shop{Admit: reserver(t, client), Decide: d, Item: item}
		shop.Stock(t, pieces)
		shop.Open(t, 32, shoppers*times(t), func(int) {
			if err := client.FlushAll(t.Context()).Err(); err != nil {
				t.Error(err)
			}
		})
		if level := report(t, shop); level.Allocated != pieces {
			t.Errorf("%d of %d are sold, and nobody else may have them", level.Allocated, pieces)
		}
	})
}

// TestKilled: kill -9 and a new start under load, with all that persistence may and
// may not keep.
func TestKilled(t *testing.T) {
	for name, settings := range map[string][]string{
		"without persistence": {`save ""`},
		"with snapshots":      {"save 1 1"},
		"with a log":          {`save ""`, "appendonly yes", "appendfsync everysec"},
	} {
		t.Run(name, func(t *testing.T) {
			deciders(t, func(t *testing.T, d drills.Decision) {
				server := drills.NewRedis(t, settings...)
				shop := &drills.Shop{Admit: reserver(t, server.Client(t)), Decide: d, Item: item}
				shop.Stock(t, pieces)
				shop.Open(t, 32, shoppers*times(t), func(tenth int) {
					if tenth%3 == 0 {
						server.Kill()
						server.Start(t)
					}
				})
				report(t, shop)
				sellTheRest(t, shop)
			})
		})
	}
}

// sellTheRest: after the storm, and after what it left reserved has been given up,
// all that is there can be sold.
func sellTheRest(t *testing.T, shop *drills.Shop) {
	t.Helper()
	level := shop.Check(t)
	before := shop.Sold.Load()
	fresh := drills.NewRedis(t, `save ""`)
	shop.Admit = reserver(t, fresh.Client(t))
	for n := range level.OnHand - level.Allocated + 5 {
		shop.Buy(t.Context(), "late."+itoa(n))
	}
	if got := shop.Check(t); got.Allocated != got.OnHand {
		t.Errorf("%d of %d could be sold, %d of these afterwards", got.Allocated, got.OnHand, shop.Sold.Load()-before)
	}
}

// TestRolledBackToASnapshot: Redis comes back with what it knew long ago, when more
// was there. It is believed for a moment, nothing is oversold, and reseeding
// overrules it.
func TestRolledBackToASnapshot(t *testing.T) {
	deciders(t, func(t *testing.T, d drills.Decision) {
		server := drills.NewRedis(t, `save ""`, "dbfilename old.rdb")
		client := server.Client(t)
		admit := reserver(t, client)
		shop := &drills.Shop{Admit: admit, Decide: d, Item: item}
		shop.Stock(t, pieces)
		shop.Open(t, 32, 100, nil)
		if err := client.Save(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		keep(t, server, "old.rdb", "kept.rdb")
		shop.Rush(t, "more", 32, shoppers, nil)
		shop.Check(t)
		server.Kill()
		keep(t, server, "kept.rdb", "old.rdb")
		server.Start(t)
		shop.Rush(t, "after", 32, shoppers, nil)
		level := report(t, shop)
		misled(t, shop)
		if err := admit.Reseed(t.Context(), []inventory.Level{level}); err != nil {
			t.Fatal(err)
		}
		told, err := admit.Levels(t.Context(), []inventory.Item{item})
		if err != nil || len(told) != 1 || told[0].Allocated != level.Allocated || told[0].Available() > level.Available() {
			t.Errorf("reseeded, it says %+v, %v; want what is so: %+v", told, err, level)
		}
	})
}

func keep(t *testing.T, server *drills.Redis, from, to string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(server.Folder, from))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(server.Folder, to), text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestStaleReplicaPromoted: a replica that was cut off early takes over.
func TestStaleReplicaPromoted(t *testing.T) {
	deciders(t, func(t *testing.T, d drills.Decision) {
		master, replica := drills.NewRedis(t, `save ""`), drills.NewRedis(t, `save ""`)
		line, err := proxy.Listen(master.Addr)
		if err != nil {
			t.Fatal(err)
		}
		defer line.Close()
		client := redis.NewClient(&redis.Options{Addr: line.Addr()})
		defer client.Close()
		shop := &drills.Shop{Admit: reserver(t, client), Decide: d, Item: item}
		shop.Stock(t, pieces)
		shop.Open(t, 32, 100, nil)
		follow(t, master, replica)
		shop.Rush(t, "more", 32, shoppers/2, nil)
		master.Kill()
		if err := replica.Client(t).ReplicaOf(t.Context(), "NO", "ONE").Err(); err != nil {
			t.Fatal(err)
		}
		line.Point(replica.Addr)
		line.Reset()
		shop.Rush(t, "after", 32, shoppers, nil)
		report(t, shop)
		misled(t, shop)
	})
}

// misled holds that the drill had teeth: Redis did let in more than there was.
func misled(t *testing.T, shop *drills.Shop) {
	t.Helper()
	if shop.Refused.Load() == 0 {
		t.Error("Redis let in nobody whom the deciding store had to refuse")
	}
}

// follow lets the replica copy the master once, and then falls behind for good.
func follow(t *testing.T, master, replica *drills.Redis) {
	t.Helper()
	host, port := split(t, master.Addr)
	client := replica.Client(t)
	if err := client.ReplicaOf(t.Context(), host, port).Err(); err != nil {
		t.Fatal(err)
	}
	drills.Until(t, "the replica has copied the master", func(ctx context.Context) bool {
		n, err := client.DBSize(ctx).Result()
		return err == nil && n > 0
	})
	// A replica of nobody who can be reached keeps what it has.
	if err := client.ReplicaOf(t.Context(), "127.0.0.1", "1").Err(); err != nil {
		t.Fatal(err)
	}
}
