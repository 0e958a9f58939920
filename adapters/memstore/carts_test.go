package memstore_test

import (
	"testing"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/cart/carttest"
)

func newCarts(testing.TB) carttest.StoreHarness {
	carts := memstore.NewCarts()
	return carttest.StoreHarness{Store: carts, Clients: []cart.Store{carts}}
}

func TestCartsConform(t *testing.T) { carttest.RunStore(t, newCarts) }

func BenchmarkCarts(b *testing.B) { carttest.BenchmarkStore(b, newCarts) }
