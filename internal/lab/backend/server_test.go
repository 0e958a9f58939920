package backend_test

import (
	"context"
	"testing"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/internal/lab/backend"
)

// A guest buys from the server as it is run: one order for the money that was agreed to, and its stock taken.
func TestPurchase(t *testing.T) {
	shop := backend.Open(t, backend.Config{})
	c, err := shop.Shopper().Buy(t.Context(), shop.Goods[0], 2)
	if err != nil || c.Status != checkout.StatusOrdered {
		t.Fatalf("%+v, %v\n%s", c, err, shop.Log())
	}
	bought := []backend.Checkout{c}
	books := shop.Books(t)
	shop.Await(t, "the sale is settled", func(ctx context.Context) bool { return shop.Settled(ctx, bought, books) })
	if r := shop.Audit(t, bought); r.Orders != 1 || r.Charged == 0 {
		t.Errorf("%+v", r)
	}
}
