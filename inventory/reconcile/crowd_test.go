package reconcile_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reconcile"
)

// TestReplicasInACrowd: two replicas pass, sweep and hear hints while buyers take
// mugs here and the store subtracts them there. In the end one pass brings both
// together, and nothing waits for a decision: orders explain it all.
func TestReplicasInACrowd(t *testing.T) {
	s := open(t)
	const mugs, buyers = 400, 8
	s.there.set(mug, mugs)
	_, err := s.stock.Move(t.Context(), inventory.Move{Kind: inventory.Receive, Lines: []inventory.Held{{Key: mug.At(inventory.DefaultLocation), Quantity: mugs - 10}}})
	s.must(err)
	var sold, work sync.WaitGroup
	for b := range buyers {
		sold.Go(func() {
			for i := range 20 {
				s.buy(int64(1000+b*100+i), 1+int64(i)%3)
			}
		})
	}
	over := make(chan struct{})
	for _, replica := range []*reconcile.Service{s.Service, s.replica()} {
		work.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-over:
					return
				default:
				}
				var err error
				switch n % 3 {
				case 0:
					_, err = replica.Pass(t.Context())
				case 1:
					_, err = replica.Sweep(t.Context())
				case 2:
					err = replica.Changed(t.Context(), reconcile.Products, 16, 0)
				}
				if err != nil && !errors.Is(err, reconcile.ErrConflict) {
					t.Error(err)
				}
			}
		})
	}
	sold.Wait()
	close(over)
	work.Wait()
	s.pass()
	left := s.there.number(mug)
	if l := s.level(mug); l.OnHand != left || l.Allocated != 0 || l.Sold != mugs-left {
		t.Errorf("%+v, the store has %d", l, left)
	}
	if list := s.open(); len(list) != 0 {
		t.Errorf("these wait, although orders explain them: %+v", list)
	}
	s.balance()
}

// buy takes n mugs from placing the order to confirming it.
func (s *shop) buy(id, n int64) {
	lines := []inventory.Held{{Key: mug.At(inventory.DefaultLocation), Quantity: n}}
	ref := fmt.Sprintf("order:%d", id)
	if _, err := s.stock.Move(s.Context(), inventory.Move{Kind: inventory.Allocate, Ref: ref, Lines: lines}); err != nil {
		if !errors.Is(err, inventory.ErrInsufficient) {
			s.Error(err)
		}
		return
	}
	s.there.subtract(mug, n)
	if _, err := s.stock.Move(s.Context(), inventory.Move{Kind: inventory.Confirm, Ref: ref, Lines: lines}); err != nil {
		s.Error(err)
	}
}

func (e *elsewhere) subtract(item inventory.Item, n int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.numbers[item]
	l.OnHand -= n
	e.numbers[item] = l
	e.stamp(stamped{kind: reconcile.Products, item: item})
}

func (e *elsewhere) number(item inventory.Item) int64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.numbers[item].OnHand
}
