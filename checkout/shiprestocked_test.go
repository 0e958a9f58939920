package checkout_test

import (
	"strings"
	"testing"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

// A parcel that leaves although the store has put its pieces back is a fact. The books follow the store of record, so
// nothing is taken from what other orders sold, and somebody is told to count.
func TestShippingWhatTheStoreHasPutBack(t *testing.T) {
	s := newShop(t)
	other := s.pay(s.placed("guest:2", mug, 3))
	r := s.pay(s.placed("guest:1", mug, 2))
	s.check(s.orders.SetStatus(r.Order.ID, "cancelled"))
	s.settle(r)
	before := s.level(mug)
	s.check(errOf(s.RecordShipment(t.Context(), r.ID, checkout.Shipment{ID: "p1", Tracking: "EX1"}, "meera")))
	got := s.load(r.ID)
	if got.Shipment == nil || got.Stock != checkout.StockShipped || !hasAlert(got, "put its stock back") {
		t.Errorf("stock %s, alerts %q", got.Stock, got.Alerts)
	}
	if l := s.level(mug); l.Shipped != 0 || l.Sold != 3 || l.OnHand != before.OnHand {
		t.Errorf("the books say %+v, before %+v", l, before)
	}
	s.check(errOf(s.RecordShipment(t.Context(), other.ID, checkout.Shipment{ID: "p2", Tracking: "EX2"}, "meera")))
	if l := s.level(mug); l.Shipped != 3 || l.Sold != 0 || hasAlert(s.load(other.ID), "put its stock back") {
		t.Errorf("the other order: %+v", l)
	}
	entries, err := s.stock.Entries(t.Context(), inventory.LedgerQuery{})
	s.check(err)
	s.check(inventory.Conserved(entries, s.level(mug)))
}

func hasAlert(r checkout.Record, words string) bool {
	for _, a := range r.Alerts {
		if strings.Contains(a, words) {
			return true
		}
	}
	return false
}
