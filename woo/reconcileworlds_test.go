package woo_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reconcile"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

var (
	worlds    = flag.Int("worlds", 8, "how many worlds TestReconcileWorlds lives through")
	worldSeed = flag.Uint64("world", 0, "live through this one only")
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
	stock    *memstore.Stock
	journal  *memstore.Journal
	replicas [2]*replica
	goods    map[inventory.Item]int64 // product and variation ids
	orders   []*sold
	hints    []hint
	depth    int
	cuts     map[inventory.Item]int64 // what was ever taken there by others
	seen     map[inventory.Item]int64 // cuts when the newest applied ticket was drawn
}

// replica is one process. It sees the books and the store through wrappers in
// which the world goes on.
type replica struct {
	*memstore.Stock
	world   *world
	service *reconcile.Service
	drawn   map[inventory.Item]map[int64]int64 // ticket → cuts
	tainted bool
}

func newWorld(t *testing.T, seed uint64) *world {
	w := &world{
		T: t, rand: rand.New(rand.NewPCG(seed, 7)), now: time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC),
		journal: memstore.NewJournal(), cuts: map[inventory.Item]int64{}, seen: map[inventory.Item]int64{},
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
	w.stock = memstore.NewStock(memstore.StockConfig{Now: func() time.Time { return w.now }})
	for i := range w.replicas {
		w.replicas[i] = w.replica()
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

func (w *world) replica() *replica {
	r := &replica{Stock: w.stock, world: w, drawn: map[inventory.Item]map[int64]int64{}}
	var err error
	r.service, err = reconcile.New(reconcile.Config{
		Books: r, Source: reader{r}, Feed: woo.NewChanges(w.client), Writer: woo.NewChanges(w.client), Journal: w.journal,
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
	tickets, err := r.Stock.Tickets(ctx, items)
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
	applied, err := r.Stock.ApplyReadings(ctx, readings)
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

// meanwhile lets things happen inside a call of one replica; the other one may call
// too, but not the first again.
func (w *world) meanwhile(busy *replica) {
	if w.depth >= 2 {
		return
	}
	w.depth++
	defer func() { w.depth-- }()
	for range w.rand.IntN(3) {
		w.step(busy)
	}
}

// step is one thing that happens.
func (w *world) step(busy *replica) {
	w.now = w.now.Add(time.Duration(w.rand.IntN(3000)) * time.Millisecond)
	switch n := w.rand.IntN(20); {
	case n < 5:
		w.place()
	case n < 8:
		w.complete()
	case n < 11:
		w.confirm()
	case n < 12:
		w.cancel()
	case n < 14:
		w.edit()
	case n < 16:
		w.hear(busy)
	case n < 17:
		if busy != nil {
			return // two stale answers in a row cannot be told from two true ones
		}
		w.shop.Faults().Clear()
		w.must("fault", w.shop.Faults().Arm(wootest.Fault{Kind: wootest.StaleRead, Method: "GET", Path: "/wp-json/wc/v3/products*"}))
	default:
		w.pass(busy)
	}
	w.check()
}

func (w *world) item() inventory.Item {
	return []inventory.Item{
		inventory.ProductItem(16), inventory.ProductItem(18), inventory.ProductItem(37), inventory.VariationItem(43),
	}[w.rand.IntN(4)]
}

func (w *world) level(item inventory.Item) inventory.Level {
	levels, err := w.stock.Levels(w.Context(), []inventory.Item{item})
	if err != nil || len(levels) != 1 {
		w.Fatalf("levels of %s: %v, %v", item, levels, err)
	}
	return levels[0]
}

func (w *world) move(kind inventory.MoveKind, s *sold) error {
	_, err := w.stock.Move(w.Context(), inventory.Move{
		Kind: kind, Ref: s.ref, Lines: []inventory.Held{{Key: s.item.At(inventory.DefaultLocation), Quantity: s.quantity}},
	})
	return err
}

func (w *world) place() {
	s := &sold{ref: "checkout-" + strconv.Itoa(len(w.orders)+1), item: w.item(), quantity: 1 + w.rand.Int64N(3)}
	if err := w.move(inventory.Allocate, s); errors.Is(err, inventory.ErrInsufficient) {
		return
	} else if err != nil {
		w.Fatal(err)
	}
	w.orders = append(w.orders, s)
}

// pick finds an order for which the next thing can happen.
func (w *world) pick(fits func(*sold) bool) *sold {
	for _, i := range w.rand.Perm(len(w.orders)) {
		if fits(w.orders[i]) {
			return w.orders[i]
		}
	}
	return nil
}

// complete makes the order there, and it takes effect.
func (w *world) complete() {
	if s := w.pick(func(s *sold) bool { return !s.effective }); s != nil {
		w.send(s)
	}
}

func (w *world) send(s *sold) {
	line := fmt.Sprintf(`{"product_id":%d,"quantity":%d}`, w.goods[s.item], s.quantity)
	switch s.item {
	case inventory.VariationItem(43):
		line = fmt.Sprintf(`{"product_id":37,"variation_id":43,"quantity":%d}`, s.quantity)
	case inventory.ProductItem(37): // of which a variation is sold that has no stock of its own
		line = fmt.Sprintf(`{"product_id":37,"variation_id":40,"quantity":%d}`, s.quantity)
	}
	var made struct{ ID int64 }
	_, err := w.client.Send(w.Context(), woo.Request{
		Op: "create", Method: http.MethodPost, Path: "wc/v3/orders",
		Body: rawJSON(`{"set_paid":true,"billing":{"country":"IN","state":"KA","email":"ravi@example.test"},"line_items":[` + line + `]}`),
	}, &made)
	w.must("order", err)
	s.order, s.effective = made.ID, true
	w.told(reconcile.Orders, made.ID)
	w.changed(s.item)
}

// rawJSON is a body as it is.
type rawJSON string

func (r rawJSON) MarshalJSON() ([]byte, error) { return []byte(r), nil }

func (w *world) confirm() {
	s := w.pick(func(s *sold) bool { return s.effective && !s.confirmed && !s.cancelled })
	if s != nil {
		s.confirmed = true
		w.must("confirm", w.move(inventory.Confirm, s))
	}
}

func (w *world) cancel() {
	s := w.pick(func(s *sold) bool { return s.confirmed && !s.cancelled })
	if s != nil {
		s.cancelled = true
		w.must("cancel", w.shop.SetOrderStatus(s.order, "cancelled"))
		w.told(reconcile.Orders, s.order)
		w.changed(s.item)
	}
}

// edit is somebody in wp-admin, who takes pieces or finds some.
func (w *world) edit() {
	item, by := w.item(), w.rand.Int64N(16)-8
	have, err := w.shop.Stock(w.goods[item])
	w.must("stock", err)
	w.must("edit", w.shop.SetStock(w.goods[item], have.Quantity+by))
	if by < 0 {
		w.cuts[item] -= by
	}
	w.changed(item)
}

func (w *world) changed(item inventory.Item) {
	if item == inventory.VariationItem(43) {
		w.hints = append(w.hints, hint{reconcile.Variations, 43, 37})
		return
	}
	w.told(reconcile.Products, w.goods[item])
}

func (w *world) told(kind reconcile.Kind, id int64) {
	w.hints = append(w.hints, hint{kind: kind, id: id})
}

// hear is a webhook: any of those under way, perhaps once more later, perhaps never.
func (w *world) hear(busy *replica) {
	if len(w.hints) == 0 {
		return
	}
	i := w.rand.IntN(len(w.hints))
	h := w.hints[i]
	if w.rand.IntN(3) > 0 {
		w.hints = append(w.hints[:i:i], w.hints[i+1:]...)
	}
	if w.rand.IntN(2) == 0 {
		return // lost
	}
	if r := w.other(busy); r != nil {
		w.must("hint", r.service.Changed(w.Context(), h.kind, h.id, h.parent))
	}
}

func (w *world) pass(busy *replica) {
	r := w.other(busy)
	if r == nil {
		return
	}
	work := r.service.Pass
	if w.rand.IntN(5) == 0 {
		work = r.service.Sweep
	}
	if _, err := work(w.Context()); err != nil && !errors.Is(err, reconcile.ErrConflict) {
		w.Fatalf("pass: %v", err)
	}
}

// other is a replica that is not in the middle of something.
func (w *world) other(busy *replica) *replica {
	switch {
	case w.depth >= 2:
		return nil
	case busy == nil:
		return w.replicas[w.rand.IntN(2)]
	case busy == w.replicas[0]:
		return w.replicas[1]
	}
	return w.replicas[0]
}

// check holds at every step.
func (w *world) check() {
	w.Helper()
	entries, err := w.stock.Entries(w.Context(), inventory.LedgerQuery{Limit: inventory.MaxLedgerLimit})
	w.must("ledger", err)
	for item, id := range w.goods {
		l := w.level(item)
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
	for item, id := range w.goods {
		there, err := w.shop.Stock(id)
		w.must("stock", err)
		want := inventory.Level{OnHand: there.Quantity}
		for _, s := range w.orders {
			if s.item == item && !s.cancelled {
				want.Sold += s.quantity
			}
		}
		if l := w.level(item); l.OnHand != want.OnHand || l.Allocated != 0 || l.Sold != want.Sold {
			w.Errorf("%s: %+v, want %d on hand, %d sold", item, l, want.OnHand, want.Sold)
		}
	}
}

// TestReconcileWorlds lives through worlds with two replicas, delayed and stale
// reads, and webhooks lost, repeated and out of order. Books balance and nothing is
// counted twice at every step; reconciliation alone reaches the right end.
func TestReconcileWorlds(t *testing.T) {
	first, n := uint64(1), *worlds
	if *worldSeed > 0 {
		first, n = *worldSeed, 1
	}
	for seed := first; seed < first+uint64(n); seed++ {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			defer func() {
				if t.Failed() {
					t.Logf("replay: go test ./woo -run TestReconcileWorlds -world %d", seed)
				}
			}()
			w := newWorld(t, seed)
			for range 60 {
				w.step(nil)
			}
			w.end()
		})
	}
}
