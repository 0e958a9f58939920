package memstore_test

import (
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouttest"
)

func TestRegisterConforms(t *testing.T) {
	checkouttest.RunRegister(t, func(*testing.T) checkouttest.StoreHarness {
		stock := memstore.NewStock(memstore.StockConfig{})
		return checkouttest.StoreHarness{Store: memstore.NewCheckouts(stock), Receive: stock.Receive}
	})
}

func TestLowStockConforms(t *testing.T) {
	checkouttest.RunLowStock(t, func(*testing.T) checkouttest.LowStockHarness {
		stock := memstore.NewStock(memstore.StockConfig{})
		return checkouttest.LowStockHarness{LowStock: stock, Reserver: stock, Levels: stock}
	})
}

func TestIdleCartsConform(t *testing.T) {
	checkouttest.RunIdleCarts(t, func(*testing.T) cart.Store { return memstore.NewCarts() })
}

func TestMarksConform(t *testing.T) {
	checkouttest.RunMarks(t, func(*testing.T) checkouttest.MarksHarness {
		return checkouttest.MarksHarness{Marks: []checkout.Marks{memstore.NewMarks()}, Advance: func(time.Duration) {}}
	})
}
