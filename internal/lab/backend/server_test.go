package backend_test

import (
	"context"
	"testing"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/internal/lab/backend"
)

func TestMain(m *testing.M) { backend.Main(m) }

// settled waits until every purchase has come to rest, and holds the books against each other.
func settled(t *testing.T, shop *backend.Backend, bought ...backend.Checkout) backend.Report {
	t.Helper()
	books := shop.Books(t)
	shop.Await(t, "every sale is settled", func(ctx context.Context) bool { return shop.Settled(ctx, bought, books) })
	shop.Run(t, "reconcile") // what a reading left out while an order was under way, the next one brings
	latest, err := backend.Latest(t.Context(), books, bought)
	if err != nil {
		t.Fatal(err)
	}
	return shop.Audit(t, latest)
}

// A guest buys from the server as it is run: one order for the money that was agreed to, and its stock taken.
func TestPurchase(t *testing.T) {
	shop := backend.Open(t, backend.Config{})
	c, err := shop.Shopper().Buy(t.Context(), shop.Goods[0], 2)
	if err != nil || c.Status != checkout.StatusOrdered {
		t.Fatalf("%+v, %v\n%s", c, err, shop.Log())
	}
	if r := settled(t, shop, c); r.Orders != 1 || r.Charged == 0 {
		t.Errorf("%+v", r)
	}
}

// A shopper pays and closes the tab: the webhook alone makes the order.
func TestClosedTab(t *testing.T) {
	shop := backend.Open(t, backend.Config{WithoutRedis: true})
	s := shop.Shopper()
	if err := s.Fill(t.Context(), shop.Goods[0], 1); err != nil {
		t.Fatal(err)
	}
	c, err := s.Place(t.Context(), "razorpay")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := shop.Gateway.Pay(c.Gateway.OrderID); err != nil {
		t.Fatal(err)
	}
	shop.Await(t, "the order is made", func(ctx context.Context) bool {
		now, err := s.Get(ctx, c.ID)
		return err == nil && now.Status == checkout.StatusOrdered
	})
	settled(t, shop, c)
}
