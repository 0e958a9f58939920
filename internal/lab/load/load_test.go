package load_test

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ankkor/ankkor/internal/lab/backend"
)

var (
	orders  = flag.Int("orders", 60, "how many purchases")
	callers = flag.Int("callers", 8, "how many shoppers at a time")
	hot     = flag.Bool("hot", false, "everybody wants the same product")
)

func TestMain(m *testing.M) { backend.Main(m) }

// day is what became of all shoppers.
type day struct {
	mu     sync.Mutex
	bought []backend.Checkout
	took   map[string][]time.Duration // by what was done
	failed map[string]int
}

func (d *day) note(what string, since time.Time) time.Time {
	now := time.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.took[what] = append(d.took[what], now.Sub(since))
	return now
}

// purchase is one shopper's way from an empty cart to an order.
func (d *day) purchase(ctx context.Context, shop *backend.Backend, product int64) error {
	s := shop.Shopper()
	defer s.Close()
	begun := time.Now()
	if err := s.Fill(ctx, product, 1); err != nil {
		return err
	}
	at := d.note("put into the cart", begun)
	c, err := s.Ready(ctx, "razorpay")
	if err != nil {
		return err
	}
	at = d.note("start and choose", at)
	if c, err = s.Commit(ctx, c); err != nil {
		return err
	}
	at = d.note("place", at)
	if c, err = s.Pay(ctx, c); err != nil {
		return err
	}
	d.note("pay", at)
	d.note("whole purchase", begun)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.bought = append(d.bought, c)
	return nil
}

func (d *day) fail(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.failed[fmt.Sprintf("%.120s", err)]++
}

// TestLoad sells, then holds the books against each other. It says how long things took and fails on nothing but the
// books and on purchases that went wrong.
func TestLoad(t *testing.T) {
	shop := backend.Open(t, backend.Config{Pieces: int64(*orders), Environment: []string{"DATABASE_POOL=32", "LOG_LEVEL=warn"}})
	d := &day{took: map[string][]time.Duration{}, failed: map[string]int{}}
	goods := shop.Goods
	if *hot {
		goods = goods[:1]
	}
	var next atomic.Int64
	var buying sync.WaitGroup
	begun := time.Now()
	for range *callers {
		buying.Go(func() {
			for n := next.Add(1); n <= int64(*orders); n = next.Add(1) {
				if err := d.purchase(t.Context(), shop, goods[int(n)%len(goods)]); err != nil {
					d.fail(err)
				}
			}
		})
	}
	buying.Wait()
	spent := time.Since(begun)
	for what, times := range d.failed {
		t.Errorf("%d purchases failed: %s", times, what)
	}
	books := shop.Books(t)
	shop.Await(t, "every sale is settled", func(ctx context.Context) bool { return shop.Settled(ctx, d.bought, books) })
	shop.Run(t, "reconcile")
	latest, err := backend.Latest(t.Context(), books, d.bought)
	if err != nil {
		t.Fatal(err)
	}
	d.print(t, spent)
	r := shop.Audit(t, latest)
	t.Logf("conservation: difference %d over %d products; %d orders took effect for %d purchases; charged %d paise, ordered %d",
		r.Difference, len(shop.Goods), r.Orders, len(latest), r.Charged, r.Ordered)
}

func (d *day) print(t *testing.T, spent time.Duration) {
	t.Helper()
	t.Logf("%d orders by %d shoppers at a time in %.1f s: %.1f orders/s", len(d.bought), *callers, spent.Seconds(), float64(len(d.bought))/spent.Seconds())
	for _, what := range []string{"put into the cart", "start and choose", "place", "pay", "whole purchase"} {
		times := d.took[what]
		slices.Sort(times)
		if len(times) > 0 {
			t.Logf("%-18s p50 %8.1f ms   p99 %8.1f ms", what, milliseconds(times, 50), milliseconds(times, 99))
		}
	}
}

// milliseconds is a percentile of sorted durations.
func milliseconds(sorted []time.Duration, percent int) float64 {
	return float64(sorted[min(len(sorted)-1, len(sorted)*percent/100)].Microseconds()) / 1000
}
