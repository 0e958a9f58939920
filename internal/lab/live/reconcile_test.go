package live_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reconcile"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/woo"
)

// TestInStep: pieces are sold, counted in wp-admin, cancelled and refunded with
// restocking; nobody tells us, and a pass finds each. In the end both count the same
// and every piece is accounted for.
func TestInStep(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		g, c, to := s.stockGoods(), s.openCounter(s.client), s.address(true)
		refs := map[int64]string{}
		changes := woo.NewChanges(s.client)
		inStep, err := reconcile.New(reconcile.Config{
			Books: c.stock, Source: s.client, Feed: changes, Writer: changes, Journal: memstore.NewJournal(), Now: time.Now,
			RefOf: func(_ context.Context, o reconcile.Order) (string, error) { return refs[o.ID], nil },
		})
		s.check(err)
		pass := func(p piece, sold int64) {
			t.Helper()
			report, err := inStep.Pass(t.Context())
			s.check(err)
			for _, f := range report.Findings {
				if f.Kind == reconcile.Rise {
					_, err := inStep.Accept(t.Context(), f.ID, "keeper", "counted")
					s.check(err)
				}
			}
			entries, err := c.stock.Entries(t.Context(), inventory.LedgerQuery{Limit: inventory.MaxLedgerLimit})
			s.check(err)
			l := c.level(t, p)
			s.check(inventory.Conserved(entries, l))
			if there := s.keeper.stock(p); l.OnHand != there || l.Sold != sold || l.Allocated != 0 {
				t.Errorf("%s: %+v, the store has %d, want %d sold", p.name, l, there, sold)
			}
		}
		for i, p := range []piece{g.mug, g.kurtaOwn, g.kurta} {
			r, err := c.buy(t.Context(), cart.Owner(fmt.Sprint("buyer-", i, "-", s.mark)), p, to, payment.MethodCOD)
			s.check(err)
			c.pass(t, 2*time.Minute)
			r, err = c.Get(t.Context(), r.Owner, r.ID)
			s.check(err)
			refs[r.Order.ID] = string(r.ID)
			pass(p, 1)
			s.keeper.setStock(p, 30) // counted in wp-admin
			pass(p, 1)
			s.keeper.setStock(p, 3)
			pass(p, 1)
			s.refundWithRestock(r.Order.ID)
			pass(p, 0)
			s.keeper.clear(r.Order.ID)
			pass(p, 0)
		}
	})
}

// refundWithRestock refunds every line of an order and puts its pieces back.
func (s *shop) refundWithRestock(id int64) {
	s.Helper()
	var o struct {
		Lines []struct {
			ID       int64  `json:"id"`
			Quantity int64  `json:"quantity"`
			Total    string `json:"total"`
		} `json:"line_items"`
	}
	s.keeper.get(fmt.Sprint("orders/", id), &o)
	var lines []any
	for _, l := range o.Lines {
		lines = append(lines, map[string]any{"id": l.ID, "quantity": l.Quantity, "refund_total": l.Total})
	}
	s.keeper.ask(s.Context(), http.MethodPost, fmt.Sprint("orders/", id, "/refunds"), map[string]any{
		"amount": "1", "api_refund": false, "api_restock": true, "line_items": lines,
	}, nil)
}
