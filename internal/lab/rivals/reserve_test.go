package rivals_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/adapters/redisstore"
	"github.com/ankkor/ankkor/inventory"
)

// reserving is one way to hold a piece of an item.
type reserving struct {
	name string
	// part is by how much fewer calls it makes in a round: slow ways would take all day.
	part    int
	reserve func(n int) error
}

// BenchmarkReserve holds one piece of one of a thousand items, and of one hot item, in
// the ways that a shop may think of, in turn, round by round on one server, and reports
// the median ratio of our rate to each:
//
//	ANKKOR_TEST_REDIS_URL=redis://127.0.0.1:6379 go test ./rivals -run - -bench Reserve -benchtime 9x
//
// Plain is the loop of EVALSHA with a script that checks, takes and notes the expiry; a
// lost reply makes it sell twice. Rueidis pipelines a script that knows ids it has seen.
// Watch and redsync are right and wait for each other; the three commands oversell, see
// TestThreeCommandsOversell.
func BenchmarkReserve(b *testing.B) {
	for _, items := range []int{1000, 1} {
		for _, callers := range []int{1, 64, 256} {
			b.Run(fmt.Sprintf("items=%d/callers=%d", items, callers), func(b *testing.B) {
				r := newRegister(b, items, callers)
				ways := []reserving{{"ours", 1, r.ours}, {"plain", 1, r.plain}, {"rueidis", 1, r.rueidis(b)}}
				if items == 1 {
					ways = append(ways, reserving{"three-commands", 1, r.threeCommands},
						reserving{"watch", 16, r.watch}, reserving{"redsync", 16, r.redsync()})
				}
				inTurn(b, callers, ways)
			})
		}
	}
}

// inTurn runs all ways in each round and reports how they compare with the first.
func inTurn(b *testing.B, callers int, ways []reserving) {
	each := max(32, 4096/callers)
	spent := make([][]time.Duration, len(ways)) // per call
	for _, way := range ways {
		rush(b, callers, max(1, each/way.part/2), way.reserve)
	}
	for b.Loop() {
		for i, way := range ways {
			n := max(1, each/way.part)
			spent[i] = append(spent[i], rush(b, callers, n, way.reserve)/time.Duration(callers*n))
		}
	}
	for i, way := range ways {
		ratios := make([]float64, len(spent[i]))
		for round := range ratios {
			ratios[round] = float64(spent[i][round]) / float64(spent[0][round])
		}
		slices.Sort(ratios)
		slices.Sort(spent[i])
		b.ReportMetric(float64(time.Second)/float64(spent[i][len(ratios)/2]), way.name+"/s")
		if i > 0 {
			b.ReportMetric(ratios[len(ratios)/2], "ours/"+way.name)
		}
	}
	b.ReportMetric(0, "ns/op")
}

// next makes ids fresh.
var next atomic.Int64

// rush lets callers reserve so often each, all at once.
func rush(b *testing.B, callers, each int, reserve func(n int) error) time.Duration {
	b.Helper()
	var group sync.WaitGroup
	start := time.Now()
	for range callers {
		group.Go(func() {
			for range each {
				if err := reserve(int(next.Add(1))); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	return time.Since(start)
}

// register is a stock in Redis, kept in all the ways at once.
type register struct {
	items   int
	client  *redis.Client
	store   *redisstore.Reserver
	prefix  string
	minimal *redis.Script
	ctx     context.Context //nolint:containedctx // of the benchmark
}

const plenty = 1_000_000_000_000

func newRegister(tb testing.TB, items, callers int) *register {
	tb.Helper()
	options := redisOptions(tb)
	options.PoolSize = max(callers, 8)
	tag := rand.Text()
	r := &register{items: items, client: redis.NewClient(options), prefix: "rivals:{" + tag + "}:", minimal: redis.NewScript(minimal), ctx: tb.Context()}
	tb.Cleanup(func() { r.close(tag) })
	var err error
	if r.store, err = redisstore.New(r.ctx, r.client, redisstore.Config{Store: tag}); err != nil {
		tb.Fatal(err)
	}
	var levels []inventory.Level
	for i := range items {
		levels = append(levels, inventory.Level{Key: inventory.ProductItem(int64(i + 1)).At(inventory.DefaultLocation), OnHand: plenty})
		if err := r.client.Set(r.ctx, r.left(i), plenty, time.Hour).Err(); err != nil {
			tb.Fatal(err)
		}
	}
	if err := r.store.SetLevels(r.ctx, levels); err != nil {
		tb.Fatal(err)
	}
	if err := r.minimal.Load(r.ctx, r.client).Err(); err != nil {
		tb.Fatal(err)
	}
	return r
}

// close removes what was kept, and nothing of anybody else's.
func (r *register) close(tag string) {
	ctx := context.Background()
	keys := r.client.Scan(ctx, 0, "*{"+tag+"}*", 1000).Iterator()
	for keys.Next(ctx) {
		r.client.Unlink(ctx, keys.Val())
	}
	_ = r.client.Close()
}

// redisOptions is the Redis that the environment names.
func redisOptions(tb testing.TB) *redis.Options {
	tb.Helper()
	address := os.Getenv("ANKKOR_TEST_REDIS_URL")
	if address == "" {
		tb.Skip("there is no Redis: make test starts one, or name one in ANKKOR_TEST_REDIS_URL")
	}
	options, err := redis.ParseURL(address)
	if err != nil {
		tb.Fatal("ANKKOR_TEST_REDIS_URL is no redis:// address")
	}
	return options
}

// left is the key that counts what is left of an item, and due the one that says when
// what was taken expires.
func (r *register) left(n int) string { return r.prefix + strconv.Itoa(n%r.items) }
func (r *register) due() string       { return r.prefix + "due" }

func (r *register) ours(n int) error {
	_, err := r.store.Reserve(r.ctx, inventory.ReserveRequest{
		ID: "r" + strconv.Itoa(n), Owner: "cart", TTL: inventory.DefaultTTL,
		Lines: []inventory.Line{{Item: inventory.ProductItem(int64(n%r.items + 1)), Quantity: 1}},
	})
	return err
}
