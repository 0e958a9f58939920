package memstore_test

import (
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/inventory/inventorytest"
)

// stockClock is a clock that moves when it is told to.
type stockClock struct {
	mu  sync.Mutex
	now time.Time
}

func newStockClock() *stockClock {
	return &stockClock{now: time.Date(2026, 10, 20, 12, 0, 0, 0, time.UTC)}
}

func (c *stockClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *stockClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newStockHarness(testing.TB) inventorytest.Harness {
	clock := newStockClock()
	stock := memstore.NewStock(memstore.StockConfig{Now: clock.Now})
	return inventorytest.Harness{
		Reserver: stock, Levels: stock, Mover: stock, Ledger: stock, Advance: clock.Advance,
	}
}

func TestStockConforms(t *testing.T) { inventorytest.Run(t, newStockHarness) }

func BenchmarkStock(b *testing.B) { inventorytest.Benchmark(b, newStockHarness) }
