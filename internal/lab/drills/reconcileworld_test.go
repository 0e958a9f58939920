package drills_test

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reconcile"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

// sold is an order of ours on its way.
type sold struct {
	ref       string
	item      inventory.Item
	quantity  int64
	order     int64 // 0 until it is made there
	effective bool  // the store has subtracted it
	confirmed bool
	cancelled bool
}

// hint is a webhook on its way.
type hint struct {
	kind       reconcile.Kind
	id, parent int64
}

// world is a store, a shop on two replicas that follows it, and everything that
// goes wrong between them. It is single-threaded: what happens while a reading is
// under way happens inside it, so that a seed says all.
type world struct {
	*testing.T
	rand     *rand.Rand
	now      time.Time
	shop     *wootest.Store
	client   *woo.Client
	replicas [2]*replica
	goods    map[inventory.Item]int64 // product and variation ids
	orders   []*sold
	hints    []hint
	deaf     bool // every webhook is lost
	depth    int
	cuts     map[inventory.Item]int64 // what was ever taken there by others
	seen     map[inventory.Item]int64 // cuts when the newest applied ticket was drawn
}

// books is a store that decides allocations and follows another.
type books interface {
	reconcile.Books
	inventory.Mover
}

// ledgers is what a replica keeps things in, and shares with the other.
type ledgers struct {
	books
	journal reconcile.Journal
}

// keeper makes what two replicas of a world keep things in.
type keeper func(w *world) [2]ledgers

// replica is one process. It sees the books and the store through wrappers in
// which the world goes on.
type replica struct {
	ledgers
	world   *world
	service *reconcile.Service
	drawn   map[inventory.Item]map[int64]int64 // ticket → cuts
	tainted bool
}

func newWorld(t *testing.T, seed uint64, kept keeper) *world {
	w := &world{
		T: t, rand: rand.New(rand.NewPCG(seed, 7)), now: time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC),
		cuts: map[inventory.Item]int64{}, seen: map[inventory.Item]int64{},
		goods: map[inventory.Item]int64{inventory.ProductItem(16): 16, inventory.ProductItem(18): 18, inventory.ProductItem(37): 37, inventory.VariationItem(43): 43},
	}
	var err error
	w.shop, err = wootest.New(wootest.Config{TLS: true, Now: func() time.Time { return w.now }})
	w.must("store", err)
	t.Cleanup(func() { _ = w.shop.Close() })
	w.client, err = woo.New(woo.Config{
		URL: w.shop.URL(), Key: w.shop.ConsumerKey(), Secret: woo.NewSecret(w.shop.ConsumerSecret()), HTTP: w.shop.HTTPClient(),
		Now: func() time.Time { return w.now }, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	w.must("client", err)
	for i, l := range kept(w) {
		w.replicas[i] = w.replica(l)
	}
	w.begin()
	return w
}

func (w *world) must(what string, err error) {
	w.Helper()
	if err != nil {
		w.Fatalf("%s: %v", what, err)
	}
}

func (w *world) replica(l ledgers) *replica {
	r := &replica{ledgers: l, world: w, drawn: map[inventory.Item]map[int64]int64{}}
	var err error
	r.service, err = reconcile.New(reconcile.Config{
		Books: r, Source: reader{r}, Feed: woo.NewChanges(w.client), Writer: woo.NewChanges(w.client), Journal: l.journal,
		RefOf: w.refOf, Batch: 2, Now: func() time.Time { return w.now }, Log: slog.New(slog.DiscardHandler),
	})
	w.must("service", err)
	return r
}

func (w *world) refOf(_ context.Context, o reconcile.Order) (string, error) {
	for _, s := range w.orders {
		if s.order == o.ID {
			return s.ref, nil
		}
	}
	return "", nil
}

// begin learns what there is.
func (w *world) begin() {
	for item, id := range w.goods {
		w.must("stock", w.shop.SetStock(id, 20))
		tickets, err := w.replicas[0].Tickets(w.Context(), []inventory.Item{item})
		w.must("ticket", err)
		_, err = w.replicas[0].ApplyReadings(w.Context(), []inventory.Reading{{Ticket: tickets[0], OnHand: 20, Decided: true}})
		w.must("first reading", err)
	}
}

// Tickets notes what was taken by the time of a ticket.
func (r *replica) Tickets(ctx context.Context, items []inventory.Item) ([]inventory.Ticket, error) {
	tickets, err := r.books.Tickets(ctx, items)
	for _, t := range tickets {
		if r.drawn[t.Item] == nil {
			r.drawn[t.Item] = map[int64]int64{}
		}
		r.drawn[t.Item][t.Seq] = r.world.cuts[t.Item]
	}
	r.tainted = false
	return tickets, err
}

// ApplyReadings notes what is known from now on.
func (r *replica) ApplyReadings(ctx context.Context, readings []inventory.Reading) ([]inventory.Applied, error) {
	applied, err := r.books.ApplyReadings(ctx, readings)
	for i, a := range applied {
		if t := readings[i].Ticket; a.Verdict != inventory.Overtaken {
			if w := r.world; !r.tainted {
				w.seen[t.Item] = r.drawn[t.Item][t.Seq]
			}
		}
	}
	return applied, err
}

// reader is a replica as the source of stock.
type reader struct{ *replica }

// Stock reads the store; the world goes on before and after.
func (r reader) Stock(ctx context.Context, items []inventory.Item) ([]inventory.Level, error) {
	w := r.world
	w.meanwhile(r.replica)
	stale := w.shop.Faults().Fired(wootest.StaleRead)
	levels, err := w.client.Stock(ctx, items)
	r.tainted = r.tainted || w.shop.Faults().Fired(wootest.StaleRead) > stale
	w.meanwhile(r.replica)
	return levels, err
}
