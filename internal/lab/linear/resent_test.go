package linear_test

import (
	"context"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/internal/lab/linear"
	"github.com/ankkor/ankkor/inventory"
)

// insistent sends one request in twelve again, as a client does that got no answer, and
// answers what came of the second time. Somebody may have come in between.
type insistent struct {
	slow
	mu   *sync.Mutex
	sent map[string]int // by the reservation
}

func newInsistent() insistent { return insistent{memory(), new(sync.Mutex), map[string]int{}} }

func memory() slow { return slow{memstore.NewStock(memstore.StockConfig{})} }

func (i insistent) Reserve(ctx context.Context, req inventory.ReserveRequest) (inventory.Reservation, error) {
	i.note(req.ID)
	if rand.IntN(12) == 0 {
		i.note(req.ID)
		_, _ = i.slow.Reserve(ctx, req)
		for range 100 {
			runtime.Gosched()
		}
	}
	return i.slow.Reserve(ctx, req)
}

func (i insistent) note(id string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.sent[id]++
}

// whole is what linear.Record gives moves to, too.
type whole interface {
	linear.Subject
	inventory.Mover
}

// counted is a client of a store who says how often it sent what.
type counted struct {
	whole
	count func(id string) int
}

func (c counted) Sendings(_ linear.Kind, id string) int { return c.count(id) }

// counts are clients who are told what the store sent.
func (i insistent) counts(clients int) linear.Shop {
	count := func(id string) int {
		i.mu.Lock()
		defer i.mu.Unlock()
		return i.sent[id]
	}
	return everybody(counted{i, count}, clients)
}

// suspects are clients one in ten of whose requests may have been sent twice.
func suspects(s whole, clients int) linear.Shop {
	shop := linear.Shop{Sound: s}
	for range clients {
		sent := 0
		shop.Clients = append(shop.Clients, counted{s, func(string) int {
			sent += 1 + rand.IntN(10)/9
			return sent
		}})
	}
	return shop
}

// illegal plays so many histories, each with another store, and says whether one of
// them has no explanation.
func illegal(t *testing.T, within uint64, open func() linear.Shop) bool {
	t.Helper()
	for n := range within {
		h, err := linear.Record(t.Context(), "h"+itoa(n), n, open(), linear.Calls)
		if err != nil {
			t.Fatal(err)
		}
		if linear.Judge(h, 10*time.Second) == linear.Illegal {
			return true
		}
	}
	return false
}

// TestSentAgainByTheClient: what a client did for itself explains what its caller was
// told, and nothing else does.
func TestSentAgainByTheClient(t *testing.T) {
	if illegal(t, 500, func() linear.Shop { return newInsistent().counts(4) }) {
		t.Error("a store is called wrong because its client sent something again")
	}
	if !illegal(t, 1000, func() linear.Shop { return everybody(newInsistent(), 4) }) {
		t.Error("nobody came in between: the histories prove nothing")
	}
}

// TestFaultsAreSeenBehindAClientThatSendsAgain: that calls may have been sent again
// excuses no fault.
func TestFaultsAreSeenBehindAClientThatSendsAgain(t *testing.T) {
	for name, fault := range faults() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !illegal(t, 1000, func() linear.Shop {
				fault.slow = memory()
				return suspects(fault, 4)
			}) {
				t.Error("not seen in 1000 histories")
			}
		})
	}
}
