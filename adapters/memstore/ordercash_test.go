package memstore_test

import (
	"testing"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouttest"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

func TestCashOrders(t *testing.T) {
	checkouttest.RunCashOrders(t, func(*testing.T) checkouttest.OrderHarness {
		return checkouttest.OrderHarness{Orders: memstore.NewOrders(nil), Request: checkout.OrderRequest{Quote: quote.Quote{
			Currency: pricing.INR, Lines: []quote.QuoteLine{{ProductID: 11, Quantity: 2}}, Totals: quote.Totals{Total: pricing.Paise(99800)},
		}}}
	})
}

func TestCashHistory(t *testing.T) {
	checkouttest.RunCashHistory(t, func(*testing.T) checkouttest.CashHistoryHarness {
		store := memstore.NewCheckouts(memstore.NewStock(memstore.StockConfig{}))
		return checkouttest.CashHistoryHarness{Store: store, History: store}
	})
}
