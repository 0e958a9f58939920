package inventorytest

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/ankkor/ankkor/inventory"
)

// Benchmark measures a store with as many callers at once as the benchmark is
// given by -cpu. Under the race detector it is a race hunt.
func Benchmark(b *testing.B, newStore func(tb testing.TB) Harness) {
	for _, bench := range []struct {
		name  string
		items int // how many items are fought over
		lines int // of each request
	}{
		{"one hot item", 1, 1},
		{"a hundred items", 100, 1},
		{"ten lines", 100, 10},
	} {
		b.Run("reserve and release/"+bench.name, func(b *testing.B) {
			reserveAndRelease(b, newStore(b), bench.items, bench.lines)
		})
	}
	b.Run("resend", func(b *testing.B) { resend(b, newStore(b)) })
	b.Run("sold out", func(b *testing.B) { soldOut(b, newStore(b)) })
}

// shelve stocks n items with more than anyone asks for.
func shelve(b *testing.B, h Harness, n int, onHand int64) {
	b.Helper()
	levels := make([]inventory.Level, n)
	for i := range levels {
		levels[i] = inventory.Level{
			Key: inventory.ProductItem(int64(i)).At(inventory.DefaultLocation), OnHand: onHand, Revision: 1,
		}
	}
	if err := h.Levels.SetLevels(b.Context(), levels); err != nil {
		b.Fatal(err)
	}
}

// basket is the n-th request of lines out of items.
func basket(n int64, items, lines int) inventory.ReserveRequest {
	req := askFor(fmt.Sprintf("r%d", n))
	for i := range lines {
		item := inventory.ProductItem((n*int64(lines) + int64(i)) % int64(items))
		req.Lines = append(req.Lines, inventory.Line{Item: item, Quantity: 1})
	}
	return req
}

func reserveAndRelease(b *testing.B, h Harness, items, lines int) {
	shelve(b, h, items, inventory.MaxLevel)
	var n atomic.Int64
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			req := basket(n.Add(1), items, lines)
			if _, err := h.Reserver.Reserve(b.Context(), req); err != nil {
				b.Error(err)
			}
			if _, err := h.Reserver.Release(b.Context(), req.ID); err != nil {
				b.Error(err)
			}
		}
	})
}

func resend(b *testing.B, h Harness) {
	shelve(b, h, 1, 1)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := h.Reserver.Reserve(b.Context(), basket(1, 1, 1)); err != nil {
				b.Error(err)
			}
		}
	})
}

func soldOut(b *testing.B, h Harness) {
	shelve(b, h, 1, 0)
	var n atomic.Int64
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := h.Reserver.Reserve(b.Context(), basket(n.Add(1), 1, 1)); err == nil {
				b.Error("something was held that is not there")
			}
		}
	})
}
