package pgstore_test

import (
	"testing"

	"github.com/ankkor/ankkor/checkout/checkouttest"
)

func TestCashHistoryConforms(t *testing.T) {
	s := newShop(t)
	store := s.open()
	checkouttest.RunCashHistory(t, func(*testing.T) checkouttest.CashHistoryHarness {
		s.empty()
		return checkouttest.CashHistoryHarness{Store: store, History: store}
	})
}
