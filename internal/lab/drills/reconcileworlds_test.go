package drills_test

import (
	"cmp"
	"flag"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/adapters/pgstore"
	"github.com/ankkor/ankkor/internal/lab/servers"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reconcile"
)

// worlds and worldSeed are asked of `go test` by make reconcile-race and whoever replays a world.
var (
	worlds    = flag.Int("worlds", 0, "how many worlds TestReconcileWorlds lives through in each store; 0: a few")
	worldSeed = flag.Uint64("world", 0, "live through this one only")
)

// inMemory keeps both replicas' books in this process.
func inMemory(w *world) [2]ledgers {
	l := ledgers{memstore.NewStock(memstore.StockConfig{Now: func() time.Time { return w.now }}), memstore.NewJournal()}
	return [2]ledgers{l, l}
}

// inPostgres gives each replica a Store and a pool of its own, on one database. Each world has a schema there.
func inPostgres(address string) keeper {
	return func(w *world) (both [2]ledgers) {
		c := pgstore.Config{Schema: "world_" + w.Name()[strings.LastIndex(w.Name(), "/")+1:]}
		w.must("migrate", pgstore.Migrate(w.Context(), database(w, address), c))
		for i := range both {
			store, err := pgstore.New(w.Context(), database(w, address), c)
			w.must("store", err)
			both[i] = ledgers{store, store.Journal()}
		}
		return both
	}
}

// TestReconcileWorlds lives through worlds with two replicas, delayed and stale reads, and webhooks lost, repeated and out
// of order. Books balance and nothing is counted twice at every step; reconciliation alone reaches the right end.
func TestReconcileWorlds(t *testing.T) {
	t.Run("memory", func(t *testing.T) { live(t, 8, inMemory, false) })
	t.Run("Postgres", func(t *testing.T) { live(t, 4, inPostgres(servers.PostgresURL(t)), false) })
}

// TestReconcileWithoutWebhooks lives through the same worlds without hearing of a single change: reconciliation alone
// reaches the same end.
func TestReconcileWithoutWebhooks(t *testing.T) {
	t.Run("memory", func(t *testing.T) { live(t, 4, inMemory, true) })
	t.Run("Postgres", func(t *testing.T) { live(t, 2, inPostgres(servers.PostgresURL(t)), true) })
}

func live(t *testing.T, few int, kept keeper, deaf bool) {
	first, n := uint64(1), cmp.Or(*worlds, few)
	if *worldSeed > 0 {
		first, n = *worldSeed, 1
	}
	for seed := first; seed < first+uint64(n); seed++ {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			defer func() {
				if t.Failed() {
					t.Logf("replay: go test ./drills -run '%s' -world %d", t.Name(), seed)
				}
			}()
			w := newWorld(t, seed, kept)
			w.deaf = deaf
			for range 60 {
				w.step(nil)
			}
			w.end()
		})
	}
}

// check holds at every step.
func (w *world) check() {
	w.Helper()
	entries, err := w.any().Entries(w.Context(), inventory.LedgerQuery{Limit: inventory.MaxLedgerLimit})
	w.must("ledger", err)
	for item, l := range w.levels() {
		id := w.goods[item]
		w.must("conserved", inventory.Conserved(entries, l))
		there, err := w.shop.Stock(id)
		w.must("stock", err)
		free := there.Quantity
		for _, s := range w.orders {
			if s.item == item && !s.effective {
				free -= s.quantity
			}
		}
		if most := free + w.cuts[item] - w.seen[item]; l.Available() > most {
			w.Fatalf("%s: %d available, at most %d are there (%+v)", item, l.Available(), most, l)
		}
	}
}

// end lets everything come to rest, loses all webhooks, and reconciles.
func (w *world) end() {
	w.shop.Faults().Clear()
	w.hints, w.depth = nil, 2
	for _, s := range w.orders {
		if !s.effective {
			w.send(s)
		}
		if !s.confirmed {
			s.confirmed = true
			w.must("confirm", w.move(inventory.Confirm, s))
		}
	}
	service := w.replicas[0].service
	_, err := service.Pass(w.Context())
	w.must("pass", err)
	open, err := service.Findings(w.Context(), reconcile.FindingQuery{State: reconcile.Open})
	w.must("findings", err)
	for _, f := range open {
		_, err := service.Accept(w.Context(), f.ID, "tester", "")
		w.must("accept", err)
	}
	w.check()
	w.agree()
}

// agree: the same stock there and here, and every order where it belongs.
func (w *world) agree() {
	for item, l := range w.levels() {
		there, err := w.shop.Stock(w.goods[item])
		w.must("stock", err)
		want := inventory.Level{OnHand: there.Quantity}
		for _, s := range w.orders {
			if s.item == item && !s.cancelled {
				want.Sold += s.quantity
			}
		}
		if l.OnHand != want.OnHand || l.Allocated != 0 || l.Sold != want.Sold {
			w.Errorf("%s: %+v, want %d on hand, %d sold", item, l, want.OnHand, want.Sold)
		}
	}
}
