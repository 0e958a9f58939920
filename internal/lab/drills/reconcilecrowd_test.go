package drills_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/pgstore"
	"github.com/ankkor/ankkor/internal/lab/servers"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reconcile"
)

// counter is a store of record in memory, for a crowd: one number for each item, and what each order subtracted.
type counter struct {
	mu      sync.Mutex
	numbers map[inventory.Item]int64
	orders  []reconcile.Order
}

func (c *counter) Stock(_ context.Context, items []inventory.Item) (levels []inventory.Level, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, item := range items {
		levels = append(levels, inventory.Level{Key: item.At(inventory.DefaultLocation), OnHand: c.numbers[item]})
	}
	return levels, nil
}

func (c *counter) Changes(_ context.Context, kind reconcile.Kind, _ reconcile.Position) (page reconcile.Page, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if kind == reconcile.Orders {
		page.Orders = slices.Clone(c.orders)
	}
	return page, nil
}

func (c *counter) Order(_ context.Context, id int64) (reconcile.Order, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.orders, func(o reconcile.Order) bool { return o.ID == id })
	if i < 0 {
		return reconcile.Order{}, reconcile.ErrNotFound
	}
	return c.orders[i], nil
}

// sell subtracts pieces for an order, cancel gives them back.
func (c *counter) sell(id int64, product, n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.numbers[inventory.ProductItem(product)] -= n
	c.orders = append(c.orders, reconcile.Order{ID: id, Token: fmt.Sprint("chk_", id), Lines: []reconcile.OrderLine{{Product: product, Reduced: n}}})
}

func (c *counter) cancel(id int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.orders, func(o reconcile.Order) bool { return o.ID == id })
	l := c.orders[i].Lines[0]
	c.numbers[inventory.ProductItem(l.Product)] += l.Reduced
	c.orders[i].Status, c.orders[i].Lines = "cancelled", []reconcile.OrderLine{{Product: l.Product}}
}

const (
	crowdGoods = 4 // products, each in two places
	crowdStock = 60
)

// inBlr is the other place.
const inBlr inventory.Location = "blr"

func crowdItems() (items []inventory.Item) {
	for p := range int64(crowdGoods) {
		items = append(items, inventory.ProductItem(p+1))
	}
	return items
}

// crowd is two replicas on one database, and buyers.
type crowd struct {
	*testing.T
	there  *counter
	stores [2]*pgstore.Store
}

func newCrowd(t *testing.T) *crowd {
	c := &crowd{T: t, there: &counter{numbers: map[inventory.Item]int64{}}}
	address := servers.PostgresURL(t)
	for i := range c.stores {
		c.stores[i] = decision(t, database(t, address))
	}
	for _, item := range crowdItems() {
		c.there.numbers[item] = crowdStock
		for place, n := range map[inventory.Location]int64{inventory.DefaultLocation: crowdStock - 20, inBlr: 20} {
			if err := c.stores[0].Receive(t.Context(), item.At(place), n); err != nil {
				t.Fatal(err)
			}
		}
	}
	return c
}

// replica follows the store of record on one of the Stores.
func (c *crowd) replica(i int) *reconcile.Service {
	c.Helper()
	s, err := reconcile.New(reconcile.Config{
		Books: c.stores[i], Source: c.there, Feed: c.there, Journal: c.stores[i].Journal(), Batch: 2, Log: slog.New(slog.DiscardHandler),
		RefOf: func(_ context.Context, o reconcile.Order) (string, error) { return o.Token, nil },
	})
	if err != nil {
		c.Fatal(err)
	}
	return s
}

// buy takes an order from placing to confirming; every third is cancelled in the store of record afterwards.
func (c *crowd) buy(r *rand.Rand, id int64) {
	product, n, store := 1+r.Int64N(crowdGoods), 1+r.Int64N(3), c.stores[r.IntN(2)]
	place := []inventory.Location{inventory.DefaultLocation, inBlr}[r.IntN(2)]
	move := inventory.Move{
		Kind: inventory.Allocate, Ref: fmt.Sprint("chk_", id),
		Lines: []inventory.Held{{Key: inventory.ProductItem(product).At(place), Quantity: n}},
	}
	_, err := store.Move(c.Context(), move)
	if errors.Is(err, inventory.ErrInsufficient) {
		return
	}
	c.there.sell(id, product, n)
	move.Kind = inventory.Confirm
	if _, confirm := store.Move(c.Context(), move); errors.Join(err, confirm) != nil {
		c.Error(err, confirm)
	}
	if id%3 == 0 {
		c.there.cancel(id)
	}
}

// follow passes, sweeps and hears hints until the crowd has gone.
func (c *crowd) follow(s *reconcile.Service, gone <-chan struct{}) {
	for n := 0; ; n++ {
		select {
		case <-gone:
			return
		default:
		}
		var err error
		switch n % 3 {
		case 0:
			_, err = s.Pass(c.Context())
		case 1:
			_, err = s.Sweep(c.Context())
		case 2:
			err = s.Changed(c.Context(), reconcile.Products, int64(1+n%crowdGoods), 0)
		}
		if err != nil && !errors.Is(err, reconcile.ErrConflict) {
			c.Error(err)
		}
	}
}

// TestReplicasInACrowd: two replicas on one Postgres pass, sweep and hear hints while buyers take from two places, and
// orders take effect and are cancelled in the store of record. Nothing is counted in that is not there, in the end one
// pass brings both together, and nothing waits for a decision: orders explain it all.
func TestReplicasInACrowd(t *testing.T) {
	c := newCrowd(t)
	var buyers, replicas sync.WaitGroup
	for b := range 6 {
		buyers.Go(func() {
			r := rand.New(rand.NewPCG(uint64(b), 3))
			for i := range 20 {
				c.buy(r, int64(1000+b*100+i))
			}
		})
	}
	gone := make(chan struct{})
	for i := range c.stores {
		replicas.Go(func() { c.follow(c.replica(i), gone) })
	}
	buyers.Wait()
	close(gone)
	replicas.Wait()
	last := c.replica(0)
	if _, err := last.Pass(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.wantInStep()
	if open, err := last.Findings(t.Context(), reconcile.FindingQuery{State: reconcile.Open}); err != nil || len(open) > 0 {
		t.Errorf("these wait, although orders explain them: %+v, %v", open, err)
	}
}

// wantInStep: the same numbers there and here, nothing unsettled, and books that balance.
func (c *crowd) wantInStep() {
	c.Helper()
	levels, err := c.stores[1].Levels(c.Context(), crowdItems())
	if err != nil {
		c.Fatal(err)
	}
	entries, err := c.stores[1].Entries(c.Context(), inventory.LedgerQuery{Limit: inventory.MaxLedgerLimit})
	if err != nil {
		c.Fatal(err)
	}
	onHand := map[inventory.Item]int64{}
	for _, l := range levels {
		onHand[l.Key.Item] += l.OnHand
		if err := inventory.Conserved(entries, l); err != nil || l.Allocated != 0 {
			c.Errorf("%+v: %v", l, err)
		}
	}
	for item, n := range c.there.numbers {
		if onHand[item] != n {
			c.Errorf("%s: %d here, %d there", item, onHand[item], n)
		}
	}
	left, err := c.stores[0].Standings(c.Context(), inventory.StandingQuery{Unsettled: true, Limit: 9})
	if err != nil || len(left) > 0 {
		c.Errorf("unsettled: %+v, %v", left, err)
	}
}

// TestTicketsOfManyReplicas: numbers of one item never come twice, whoever draws, and a later one knows no less.
func TestTicketsOfManyReplicas(t *testing.T) {
	c := newCrowd(t)
	var mu sync.Mutex
	drawn := map[int64]inventory.Ticket{}
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			items := crowdItems()
			if i%2 == 1 {
				slices.Reverse(items)
			}
			for n := range 10 {
				c.buy(rand.New(rand.NewPCG(uint64(i), uint64(n))), int64(1000+i*100+n))
				tickets, err := c.stores[i%2].Tickets(t.Context(), items)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				if _, twice := drawn[tickets[0].Seq]; twice {
					t.Errorf("number %d was drawn twice", tickets[0].Seq)
				}
				drawn[tickets[0].Seq] = tickets[0]
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	for seq := int64(2); seq <= int64(len(drawn)); seq++ {
		if earlier, later := drawn[seq-1], drawn[seq]; later.Taken < earlier.Taken || later.Moved < earlier.Moved || later.Seq != seq {
			t.Errorf("%+v knows less than %+v", later, earlier)
		}
	}
}

// A reading under which a location turns up begins anew, and counts it.
func TestLocationTurnsUp(t *testing.T) {
	c := newCrowd(t)
	var wait sync.WaitGroup
	for i := range 10 {
		wait.Go(func() {
			if err := c.stores[0].Receive(t.Context(), inventory.ProductItem(1).At(inventory.Location(fmt.Sprint("place", i))), 1); err != nil {
				t.Error(err)
			}
		})
		wait.Go(func() {
			tickets, err := c.stores[1].Tickets(t.Context(), crowdItems()[:1])
			if err != nil {
				t.Error(err)
				return
			}
			_, err = c.stores[1].ApplyReadings(t.Context(), []inventory.Reading{{Ticket: tickets[0], OnHand: crowdStock + 10, Decided: true}})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	c.there.numbers[inventory.ProductItem(1)] += 10
	if _, err := c.replica(0).Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.wantInStep()
}

// instantly is how long a drill of a few calls may take before something hangs.
const instantly = 30 * time.Second

// Settlements, readings and the ledger's readers wait for one another in one order: none of them is undone by a deadlock.
func TestFollowersDoNotDeadlock(t *testing.T) {
	c := newCrowd(t)
	ctx, cancel := context.WithTimeout(t.Context(), instantly)
	defer cancel()
	for id := range int64(12) {
		c.buy(rand.New(rand.NewPCG(uint64(id), 5)), 1000+id)
	}
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			for id := range int64(12) {
				ref := fmt.Sprint("chk_", 1000+id)
				if i%2 == 0 {
					if _, err := c.stores[i%4/2].Entries(ctx, inventory.LedgerQuery{Ref: ref}); err != nil {
						t.Error(err)
					}
					continue
				}
				settle := inventory.Settlement{Ref: ref, AsOf: inventory.MaxLevel}
				if _, err := c.stores[i%4/2].Settle(ctx, settle); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	var deadlocks int
	if err := database(t, servers.PostgresURL(t)).GetContext(ctx, &deadlocks, "SELECT sum(deadlocks)::int FROM pg_stat_database"); err != nil || deadlocks > 0 {
		t.Errorf("%d deadlocks, %v", deadlocks, err)
	}
}
