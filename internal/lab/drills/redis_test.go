package drills_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
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

// watched looks after the shop until stop is called, at the latest when the test ends.
func watched(t *testing.T, shop *drills.Shop) (w *drills.Watch, stop func()) {
	t.Helper()
	w = drills.NewWatch(t, shop)
	stop = sync.OnceFunc(w.Start(context.WithoutCancel(t.Context())))
	t.Cleanup(stop)
	return w, stop
}

// recovered holds that what happened was noticed, for this reason, and that the
// Reserver knows again what the deciding store knows, without anybody's help.
func recovered(t *testing.T, shop *drills.Shop, w *drills.Watch, loss inventory.Loss) {
	t.Helper()
	drills.Until(t, "it is noticed: "+string(loss), func(context.Context) bool { return w.Found(loss) > 0 })
	drills.Until(t, "the Reserver is in step again", func(ctx context.Context) bool { return shop.InStep(ctx) == nil })
}

// TestFlushed: FLUSHALL ten times under load. The Reserver is taught again by
// whoever comes next, and in the end everything is sold.
func TestFlushed(t *testing.T) {
	deciders(t, func(t *testing.T, d drills.Decision) {
		server := drills.NewRedis(t, `save ""`)
		client := server.Client(t)
		shop := &drills.Shop{Admit: reserver(t, client), Decide: d, Item: item}
		shop.Stock(t, pieces)
		watch, stop := watched(t, shop)
		shop.Open(t, 32, shoppers*times(t), func(int) {
			if err := client.FlushAll(t.Context()).Err(); err != nil {
				t.Error(err)
			}
		})
		recovered(t, shop, watch, inventory.Emptied)
		stop()
		if level := report(t, shop); level.Allocated != pieces {
			t.Errorf("%d of %d are sold, and nobody else may have them", level.Allocated, pieces)
		}
	})
}

// TestKilled: kill -9 and a new start under load, with all that persistence may and
// may not keep.
func TestKilled(t *testing.T) {
	for name, test := range map[string]struct {
		settings []string
		loss     inventory.Loss
	}{
		"without persistence": {[]string{`save ""`}, inventory.Emptied},
		"with a log":          {[]string{`save ""`, "appendonly yes", "appendfsync everysec"}, inventory.Moved},
		// What is there may be a snapshot, or nothing yet.
		"with snapshots": {[]string{"save 1 1"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			deciders(t, func(t *testing.T, d drills.Decision) {
				server := drills.NewRedis(t, test.settings...)
				shop := &drills.Shop{Admit: reserver(t, server.Client(t)), Decide: d, Item: item}
				shop.Stock(t, pieces)
				watch, stop := watched(t, shop)
				shop.Open(t, 32, shoppers*times(t), func(tenth int) {
					if tenth%3 == 0 {
						server.Kill()
						server.Start(t)
					}
				})
				report(t, shop)
				if test.loss != "" {
					recovered(t, shop, watch, test.loss)
				}
				drills.Until(t, "the Reserver is in step", func(ctx context.Context) bool { return shop.InStep(ctx) == nil })
				stop()
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
// was there. It is believed for a moment, nothing is oversold, and the next look
// overrules it.
func TestRolledBackToASnapshot(t *testing.T) {
	deciders(t, func(t *testing.T, d drills.Decision) {
		server := drills.NewRedis(t, `save ""`, "dbfilename old.rdb")
		client := server.Client(t)
		shop := &drills.Shop{Admit: reserver(t, client), Decide: d, Item: item}
		shop.Stock(t, pieces)
		watch := drills.NewWatch(t, shop)
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
		report(t, shop)
		misled(t, shop)
		noticed(t, shop, watch)
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
		master, replica := drills.NewRedis(t, `save ""`, "repl-diskless-sync-delay 0"), drills.NewRedis(t, `save ""`)
		line, err := proxy.Listen(master.Addr)
		if err != nil {
			t.Fatal(err)
		}
		defer line.Close()
		client := redis.NewClient(&redis.Options{Addr: line.Addr()})
		defer client.Close()
		shop := &drills.Shop{Admit: reserver(t, client), Decide: d, Item: item}
		shop.Stock(t, pieces)
		watch := drills.NewWatch(t, shop)
		shop.Open(t, 32, 100, nil)
		follow(t, master, replica)
		shop.Rush(t, "more", 32, shoppers, nil)
		master.Kill()
		if err := replica.Client(t).ReplicaOf(t.Context(), "NO", "ONE").Err(); err != nil {
			t.Fatal(err)
		}
		line.Point(replica.Addr)
		line.Reset()
		shop.Rush(t, "after", 32, shoppers, nil)
		report(t, shop)
		misled(t, shop)
		noticed(t, shop, watch)
	})
}

// noticed holds that one look tells data of another time, and overrules it.
func noticed(t *testing.T, shop *drills.Shop, w *drills.Watch) {
	t.Helper()
	if err := w.Look(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := shop.InStep(t.Context()); err != nil || w.Found(inventory.Moved) != 1 {
		t.Errorf("after a look: %v; found to be of another server %d times, want once", err, w.Found(inventory.Moved))
	}
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
