package live_test

import (
	"fmt"
	"sync"
	"testing"
)

// TestReducedTellsTheTruth: the store does not guard against completions that
// overlap. Whatever became of the stock, the order read back says it.
func TestReducedTellsTheTruth(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		g := s.stockGoods()
		req := s.orderOf([]piece{g.mug}, s.address(true), 0)
		t.Cleanup(func() { s.clearAll(req.Token) })
		created, err := s.client.CreatePending(t.Context(), req)
		s.check(err)
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				paying := map[string]any{"set_paid": true, "transaction_id": paid.TransactionID}
				if err := s.keeper.try(t.Context(), "PUT", fmt.Sprint("orders/", created.ID), paying, nil); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		order, err := s.client.Order(t.Context(), created.ID)
		s.check(err)
		taken := onTheShelf - s.keeper.stock(g.mug)
		if got := order.Lines[0].Reduced; got != taken || got < g.mug.quantity {
			t.Errorf("the order says that %d of %d were taken, the shelf says %d", got, g.mug.quantity, taken)
		}
		t.Logf("%d pieces ordered, %d taken", g.mug.quantity, taken)
	})
}
