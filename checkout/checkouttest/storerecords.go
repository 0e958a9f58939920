package checkouttest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// compared makes records comparable: decimals by value, times by instant.
var compared = cmp.Options{
	cmpopts.EquateEmpty(),
	cmpopts.EquateComparable(payment.Status("")),
	cmp.Comparer(func(a, b decimal.Decimal) bool { return a.Equal(b) }),
	cmp.Comparer(func(a, b payment.Facts) bool { return cmp.Equal(a.Payments(), b.Payments()) }),
}

// full is a record with something in every part.
func full(id checkout.ID) checkout.Record {
	r := record(id)
	amount := pricing.Paise(12345678)
	line := cart.Line{Ref: cart.ItemRef{ProductID: 1, Data: map[string]string{"engraving": "आशा"}}, Quantity: 2, AddedAt: at}
	line.Key = line.Ref.Key()
	r.Choices = checkout.Choices{
		CartID: "cart-1", CartHash: "ff", Coupons: []string{"diwali"}, ShippingRate: "flat_rate:1", PaymentMethod: payment.MethodRazorpay,
		Lines:   []checkout.PricedLine{{Line: line, Item: cart.Item{Ref: line.Ref, Name: "Mug", UnitPrice: decimal.RequireFromString("33.3333")}}},
		Billing: checkout.Address{FirstName: "Asha", State: "KA", Country: "IN"}, CustomerNote: "ring twice",
	}
	r.DueAt = at.Add(time.Minute)
	r.Quote = &quote.Quote{Currency: pricing.INR, At: at, Totals: quote.Totals{Total: amount}}
	r.QuoteHash = r.Quote.Hash()
	held := []inventory.Held{{Key: key, Quantity: 2}}
	r.Reservation = &checkout.ReservationFact{ID: "rsv_1", ExpiresAt: at.Add(time.Hour), Held: held}
	r.Placed = &checkout.Placement{At: at, Key: "k", PayBy: at.Add(time.Hour), Plan: checkout.Plan{Online: amount}}
	r.Stock, r.Allocated = checkout.StockAllocated, held
	r.Gateway = &payment.Order{ID: "order_00000000000001", Receipt: r.Token, Amount: amount, Status: payment.OrderCreated, CreatedAt: at}
	r.Payments = r.Payments.Fold(payment.Payment{ID: "pay_00000000000001", OrderID: r.Gateway.ID, Amount: amount, Status: payment.StatusCaptured, CreatedAt: at})
	r.Refunds = []checkout.RefundFact{{ID: "rfnd_1", PaymentID: "pay_00000000000002", Amount: amount, At: at}}
	r.Order = &checkout.OrderFact{ID: 7, Number: "7", Total: amount, CreatedAt: at, Twins: []int64{8}}
	r.Shipment = &checkout.Shipment{Tracking: "AWB1", At: at}
	r.Notified = map[checkout.NoticeKind]time.Time{checkout.NoticeOrderConfirmed: at}
	r.Closing = &checkout.Closing{At: at, Reason: "because", Final: true}
	r.Intents = []checkout.Intent{{Effect: checkout.EffectRefund, Ref: "x", SentAt: at, Until: at.Add(time.Minute), Attempts: 2}}
	r.Alerts = []string{"look"}
	r.Timeline = []checkout.TimelineEntry{{At: at, What: "placed", Actor: "shopper"}}
	return r
}

func savedWhole(t *testing.T, s *storeTest) {
	want := full("chk_1")
	got := s.create(want)
	want.Version = 1
	if diff := cmp.Diff(want, got, compared); diff != "" {
		t.Errorf("Commit returned another record (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, s.load("chk_1"), compared); diff != "" {
		t.Errorf("Load returned another record (-want +got):\n%s", diff)
	}
}

func absent(t *testing.T, s *storeTest) {
	if _, err := s.Store.Load(t.Context(), "chk_none"); !errors.Is(err, checkout.ErrNotFound) {
		t.Errorf("Load: %v", err)
	}
	if _, err := s.Store.Find(t.Context(), checkout.Ref{Kind: checkout.RefPayment, Value: "pay_none"}); !errors.Is(err, checkout.ErrNotFound) {
		t.Errorf("Find: %v", err)
	}
}

func staleRefused(t *testing.T, s *storeTest) {
	first := s.create(record("chk_1"))
	first.CustomerNote = "newer"
	s.commit(checkout.Change{Record: first})
	first.CustomerNote = "stale"
	if _, err := s.Store.Commit(t.Context(), checkout.Change{Record: first}); !errors.Is(err, checkout.ErrConflict) {
		t.Errorf("a stale version: %v", err)
	}
	if got := s.load("chk_1"); got.CustomerNote != "newer" || got.Version != 2 {
		t.Errorf("stored: version %d, note %q", got.Version, got.CustomerNote)
	}
	ghost := record("chk_none")
	ghost.Version = 4
	if _, err := s.Store.Commit(t.Context(), checkout.Change{Record: ghost}); !errors.Is(err, checkout.ErrConflict) {
		t.Errorf("a version of nothing: %v", err)
	}
}

func createdOnce(t *testing.T, s *storeTest) {
	s.create(record("chk_1"))
	if _, err := s.Store.Commit(t.Context(), checkout.Change{Record: record("chk_1")}); !errors.Is(err, checkout.ErrConflict) {
		t.Errorf("created twice: %v", err)
	}
}

// keptStays changes a record around what is promised to be as it was, and then that too.
func keptStays(t *testing.T, s *storeTest) {
	r := full("chk_1")
	if got := s.commit(checkout.Change{Record: r, Kept: true}); got.Record.Version != 1 { // made from nothing: there is nothing to keep
		t.Errorf("created as version %d", got.Record.Version)
	}
	r = s.load("chk_1")
	r.Timeline = append(r.Timeline, checkout.TimelineEntry{At: at, What: "paid", Actor: "gateway"})
	kept := s.commit(checkout.Change{Record: r, Kept: true}).Record
	if diff := cmp.Diff(kept, s.load("chk_1"), compared); diff != "" {
		t.Errorf("Load returned another record (-want +got):\n%s", diff)
	}
	if want := full("chk_1"); !cmp.Equal(want.Lines, kept.Lines, compared) || kept.CustomerNote != want.CustomerNote {
		t.Errorf("Commit returned other lines, or another note: %+v", kept.Lines)
	}
	line := cart.Line{Ref: cart.ItemRef{ProductID: 2}, Quantity: 1, AddedAt: at}
	line.Key = line.Ref.Key()
	kept.Lines = []checkout.PricedLine{{Line: line, Item: cart.Item{Ref: line.Ref, Name: "Towel"}}}
	kept.Quote, kept.Billing, kept.CustomerNote = nil, checkout.Address{FirstName: "Ravi", Country: "IN"}, ""
	s.commit(checkout.Change{Record: kept})
	kept.Version++
	if diff := cmp.Diff(kept, s.load("chk_1"), compared); diff != "" {
		t.Errorf("what was changed is not what is loaded (-want +got):\n%s", diff)
	}
}

func copies(t *testing.T, s *storeTest) {
	r := full("chk_1")
	s.create(r)
	r.Timeline[0].What = "changed after Commit"
	got := s.load("chk_1")
	if got.Timeline[0].What != "placed" {
		t.Error("the store keeps the caller's memory")
	}
	got.Timeline[0].What = "changed after Load"
	got.Notified[checkout.NoticeShipped] = at
	again := s.load("chk_1")
	if again.Timeline[0].What != "placed" || len(again.Notified) != 1 {
		t.Error("the store hands out its own memory")
	}
}
