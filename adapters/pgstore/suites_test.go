package pgstore_test

import (
	"testing"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/cart/carttest"
	"github.com/ankkor/ankkor/checkout/checkouttest"
	"github.com/ankkor/ankkor/checkout/inbox/inboxtest"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/inventorytest"
)

// Two processes with pools of their own are one store.
func TestStockConforms(t *testing.T) {
	s := newShop(t)
	first, second := s.open(), s.open()
	inventorytest.Run(t, func(testing.TB) inventorytest.Harness {
		s.empty()
		return inventorytest.Harness{
			Reserver: first, Levels: first, Mover: first, Ledger: first,
			Clients: []inventory.Reserver{second}, Advance: s.advance,
		}
	})
}

func TestCheckoutsConform(t *testing.T) {
	s := newShop(t)
	store := s.open()
	checkouttest.RunStore(t, func(*testing.T) checkouttest.StoreHarness {
		s.empty()
		return checkouttest.StoreHarness{Store: store, Receive: store.Receive, Advance: s.advance}
	})
}

func TestCartsConform(t *testing.T) {
	s := newShop(t)
	first, second := s.open().Carts(), s.open().Carts()
	carttest.RunStore(t, func(testing.TB) carttest.StoreHarness {
		s.empty()
		return carttest.StoreHarness{Store: first, Clients: []cart.Store{second}}
	})
}

func TestInboxConforms(t *testing.T) {
	s := newShop(t)
	box := s.open().Inbox()
	inboxtest.Run(t, func(testing.TB) inboxtest.Harness {
		s.empty()
		return inboxtest.Harness{Inbox: box, Advance: s.advance}
	})
}
