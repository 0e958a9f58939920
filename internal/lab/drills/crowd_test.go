package drills_test

import (
	"errors"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/internal/lab/drills"
	"github.com/ankkor/ankkor/internal/lab/servers"
	"github.com/ankkor/ankkor/inventory"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func split(t *testing.T, address string) (host, port string) {
	t.Helper()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	return host, port
}

// TestCrowd: 5,000 goroutines after 100 pieces, 20 rounds (in Postgres three).
// Each round has an item of
// its own.
func TestCrowd(t *testing.T) {
	const crowd, there = 5000, 100
	round := func(t *testing.T, n int, stock func(inventory.Item), buy func(item inventory.Item, id string) error) {
		item := inventory.ProductItem(int64(1000 + n))
		stock(item)
		var sold, sorry atomic.Int64
		var wg sync.WaitGroup
		start := make(chan struct{})
		for i := range crowd {
			wg.Go(func() {
				<-start
				switch err := buy(item, "c"+strconv.Itoa(n)+"."+strconv.Itoa(i)); {
				case err == nil:
					sold.Add(1)
				case errors.Is(err, inventory.ErrInsufficient):
					sorry.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		close(start)
		wg.Wait()
		if sold.Load() != there || sorry.Load() != crowd-there {
			t.Errorf("round %d: %d got a piece and %d were told sorry; want %d and %d", n, sold.Load(), sorry.Load(), there, crowd-there)
		}
	}
	reserving := func(t *testing.T, rounds int, s drills.Admission) {
		for n := range rounds {
			round(t, n, func(item inventory.Item) {
				if err := s.SetLevels(t.Context(), []inventory.Level{{Key: item.At(inventory.DefaultLocation), OnHand: there}}); err != nil {
					t.Fatal(err)
				}
			}, func(item inventory.Item, id string) error {
				_, err := s.Reserve(t.Context(), inventory.ReserveRequest{ID: id, Owner: id, Lines: []inventory.Line{{Item: item, Quantity: 1}}})
				return err
			})
		}
	}
	allocating := func(t *testing.T, rounds int, s drills.Decision) {
		for n := range rounds {
			round(t, n, func(item inventory.Item) {
				(&drills.Shop{Decide: s, Item: item}).Stock(t, there)
			}, func(item inventory.Item, id string) error {
				_, err := s.Move(t.Context(), inventory.Move{Kind: inventory.Allocate, Ref: id,
					Lines: []inventory.Held{{Key: item.At(inventory.DefaultLocation), Quantity: 1}}})
				return err
			})
		}
	}
	t.Run("reserving in memory", func(t *testing.T) { reserving(t, 20, memstore.NewStock(memstore.StockConfig{})) })
	t.Run("allocating in memory", func(t *testing.T) { allocating(t, 20, memstore.NewStock(memstore.StockConfig{})) })
	t.Run("reserving in Redis", func(t *testing.T) {
		reserving(t, 20*times(t), reserver(t, drills.NewRedis(t, `save ""`).Client(t)))
	})
	t.Run("allocating in Postgres", func(t *testing.T) {
		allocating(t, 3*times(t), decision(t, database(t, servers.PostgresURL(t))))
	})
}
