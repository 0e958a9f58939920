package checkout_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reseed"
	"github.com/ankkor/ankkor/payment"
)

// books is a Store that decides allocations and can be asked what it knows of stock.
type books struct {
	*memstore.Checkouts
	stock *memstore.Stock
}

func (b books) Levels(ctx context.Context, items []inventory.Item) ([]inventory.Level, error) {
	return b.stock.Levels(ctx, items)
}

func (b books) SetLevels(ctx context.Context, levels []inventory.Level) error {
	return b.stock.SetLevels(ctx, levels)
}

func (b books) Standings(ctx context.Context, q inventory.StandingQuery) ([]inventory.Standing, error) {
	return b.stock.Standings(ctx, q)
}

// admission is a Reserver that may forget.
type admission struct {
	mu     sync.Mutex
	stock  *memstore.Stock
	now    func() time.Time
	memory inventory.Memory
	deaf   bool // cannot be told anything
}

func (a *admission) current() *memstore.Stock {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.stock
}

// forget loses everything.
func (a *admission) forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.stock, a.memory = memstore.NewStock(memstore.StockConfig{Now: a.now}), inventory.Memory{}
}

func (a *admission) Reserve(ctx context.Context, req inventory.ReserveRequest) (inventory.Reservation, error) {
	return a.current().Reserve(ctx, req)
}

func (a *admission) Extend(ctx context.Context, id string, ttl time.Duration) (inventory.Reservation, error) {
	return a.current().Extend(ctx, id, ttl)
}

func (a *admission) Release(ctx context.Context, id string) (inventory.Reservation, error) {
	return a.current().Release(ctx, id)
}

func (a *admission) Levels(ctx context.Context, items []inventory.Item) ([]inventory.Level, error) {
	return a.current().Levels(ctx, items)
}

func (a *admission) SetLevels(ctx context.Context, levels []inventory.Level) error {
	if a.mu.Lock(); a.deaf {
		a.mu.Unlock()
		return errors.New("away")
	}
	a.mu.Unlock()
	return a.current().SetLevels(ctx, levels)
}

func (a *admission) Recheck(_ context.Context, seen int64, doubt bool) (inventory.Memory, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.memory.Lost = ""
	switch {
	case a.memory.Beat == 0:
		a.memory.Lost = inventory.Emptied
	case doubt:
		a.memory.Lost = inventory.Doubted
	}
	a.memory.Beat, a.memory.Pending = max(a.memory.Beat, seen)+1, a.memory.Pending || a.memory.Lost != ""
	return a.memory, nil
}

func (a *admission) Retaught(context.Context, int64) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.memory.Pending = false
	return nil
}

// newGuardedShop is a shop whose reservations are kept apart from its books.
func newGuardedShop(t *testing.T) (*shop, *admission) {
	t.Helper()
	s := newShop(t)
	a := &admission{now: s.clock.Now}
	a.forget()
	s.reopenShop(func(c *checkout.Config) { c.Reserver, c.Store = a, books{s.store, s.stock} })
	return s, a
}

// knows is what the Reserver knows of an item.
func (a *admission) knows(t *testing.T, item cart.Item) inventory.Level {
	t.Helper()
	levels, err := a.Levels(t.Context(), []inventory.Item{keyOf(item).Item})
	if err != nil || len(levels) > 1 {
		t.Fatalf("%v, %v", levels, err)
	}
	if len(levels) == 0 {
		return inventory.Level{}
	}
	return levels[0]
}

func (s *shop) looks(want reseed.Report) {
	s.t.Helper()
	if got, err := s.CheckReserver(s.t.Context()); err != nil || got != want {
		s.t.Errorf("CheckReserver = %+v, %v; want %+v", got, err, want)
	}
}

func TestAForgetfulReserverIsTaughtAgain(t *testing.T) {
	s, a := newGuardedShop(t)
	s.looks(reseed.Report{Lost: inventory.Emptied, Told: 2})
	s.fill("guest:1", mug, 3)
	s.place(s.ready("guest:1", payment.MethodRazorpay))
	s.looks(reseed.Report{})
	a.forget()
	s.looks(reseed.Report{Lost: inventory.Emptied, Told: 2})
	if got := a.knows(t, mug); got.OnHand != 10 || got.Allocated != 3 {
		t.Errorf("it knows %+v, want 10 pieces of which 3 are allocated", got)
	}
}

// TestAForgottenReservationIsStillServed: who had reserved before Redis was flushed gets what is there, or a kind word.
func TestAForgottenReservationIsStillServed(t *testing.T) {
	s, a := newGuardedShop(t)
	s.looks(reseed.Report{Lost: inventory.Emptied, Told: 2})
	s.fill("guest:1", mug, 6)
	first := s.ready("guest:1", payment.MethodRazorpay)
	a.forget()
	s.looks(reseed.Report{Lost: inventory.Emptied, Told: 2})
	s.fill("guest:2", mug, 6)
	second := s.ready("guest:2", payment.MethodRazorpay) // let in: nobody knows of the first any more
	s.place(first)
	if _, err := s.Place(t.Context(), placeRequest(second)); !errors.Is(err, checkout.ErrOutOfStock) {
		t.Errorf("Place = %v, want out of stock", err)
	}
	if got := s.level(mug); got.Allocated != 6 || got.OnHand != 10 {
		t.Errorf("%+v", got)
	}
}

// TestARefusalIsNewsToTheReserver: it let somebody in whom the books refused.
func TestARefusalIsNewsToTheReserver(t *testing.T) {
	s, a := newGuardedShop(t)
	s.looks(reseed.Report{Lost: inventory.Emptied, Told: 2})
	s.fill("guest:1", mug, 3)
	ready := s.ready("guest:1", payment.MethodRazorpay)
	cut := inventory.Move{Kind: inventory.Adjust, Lines: []inventory.Held{{Key: keyOf(mug), Quantity: -8}}, Reason: "broken", Actor: "staff"}
	if _, err := s.stock.Move(t.Context(), cut); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Place(t.Context(), placeRequest(ready)); !errors.Is(err, checkout.ErrOutOfStock) {
		t.Errorf("Place = %v, want out of stock", err)
	}
	if got := a.knows(t, mug); got.OnHand != 2 {
		t.Errorf("it still believes in %d pieces, there are 2", got.OnHand)
	}
}

func TestNewsThatWereLostAreToldAgain(t *testing.T) {
	s, a := newGuardedShop(t)
	s.looks(reseed.Report{Lost: inventory.Emptied, Told: 2})
	s.fill("guest:1", mug, 3)
	ready := s.ready("guest:1", payment.MethodRazorpay)
	a.deaf = true
	s.place(ready)
	a.deaf = false
	if got := a.knows(t, mug); got.Allocated != 0 {
		t.Fatalf("it was told: %+v", got)
	}
	s.looks(reseed.Report{Lost: inventory.Doubted, Told: 2})
	if got := a.knows(t, mug); got.Allocated != 3 {
		t.Errorf("it knows of %d allocated, want 3", got.Allocated)
	}
}

// TestRunGuardsTheReserver without a person, unless it is told not to.
func TestRunGuardsTheReserver(t *testing.T) {
	for off, want := range map[bool]int64{false: 10, true: 0} {
		synctest.Test(t, func(t *testing.T) {
			s, a := newGuardedShop(t)
			s.config.Reserver, s.config.Store = a, books{s.store, s.stock}
			s.reopenShop(func(c *checkout.Config) { c.Reseed.Off = off })
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- s.Run(ctx) }()
			synctest.Wait()
			a.forget()
			time.Sleep(time.Second)
			synctest.Wait()
			if got := a.knows(t, mug).OnHand; got != want {
				t.Errorf("off %v: it knows of %d pieces, want %d", off, got, want)
			}
			cancel()
			if err := <-ended; !errors.Is(err, context.Canceled) {
				t.Errorf("Run = %v", err)
			}
		})
	}
}

func TestReseedIsChecked(t *testing.T) {
	s, a := newGuardedShop(t)
	c := s.config
	c.Reserver, c.Store, c.Reseed.Every = a, books{s.store, s.stock}, -time.Second
	if _, err := checkout.New(c); err == nil || !strings.Contains(err.Error(), "Config.Reseed") {
		t.Errorf("New = %v", err)
	}
	if got, err := newShop(t).CheckReserver(t.Context()); err != nil || got != (reseed.Report{}) {
		t.Errorf("a shop with nothing to guard: %+v, %v", got, err)
	}
}
