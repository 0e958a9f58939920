package checkout_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// delivered is a cash order that arrived, and whose cash the courier has.
func (s *shop) delivered(owner cart.Owner) checkout.Record {
	s.t.Helper()
	s.fill(owner, mug, 1)
	r := s.place(s.ready(owner, payment.MethodCOD))
	if r.Gateway.Status != payment.OrderDueOnDelivery {
		r = s.pay(r)
	}
	s.check(errOf(s.RecordShipment(s.t.Context(), r.ID, checkout.Shipment{Carrier: "Delhivery", Tracking: "AWB-1"}, "meera")))
	r, err := s.RecordDelivery(s.t.Context(), r.ID, s.clock.Now(), "courier")
	s.check(err)
	s.check(errOf(s.AdvanceDue(s.t.Context(), 10)))
	return s.load(r.ID)
}

func handedOver(r checkout.Record, key string, amount pricing.Money) checkout.RemittanceRequest {
	return checkout.RemittanceRequest{ID: r.ID, Key: key, Amount: amount, Actor: "meera"}
}

// TestRemittanceSettles: only with the cash does the order count as paid.
func TestRemittanceSettles(t *testing.T) {
	for name, terms := range map[string]checkout.CashTerms{"cash": {}, "with a prepayment": {Prepayment: deposit()}} {
		t.Run(name, func(t *testing.T) {
			s := cashShop(t, terms)
			r := s.delivered("guest:1")
			if o := s.orders.All()[0]; o.Paid() || o.Status != "processing" {
				t.Fatalf("paid before the cash: %+v", o)
			}
			owed := r.Owed()
			settled, err := s.RecordRemittance(t.Context(), handedOver(r, "UTR-77", owed))
			s.check(err)
			o := s.orders.All()[0]
			switch {
			case !o.Paid() || o.Status != "completed":
				t.Errorf("order %+v", o)
			case settled.Order.SettledAt.IsZero() || !settled.Owed().IsZero() || len(settled.Alerts) != 0 || settled.Stuck():
				t.Errorf("settled %v, owed %s, alerts %v", settled.Order.SettledAt, settled.Owed(), settled.Alerts)
			case !slices.ContainsFunc(settled.Timeline, func(e checkout.TimelineEntry) bool {
				return e.What == "cash handed over" && e.Actor == "meera" && strings.Contains(e.Detail, owed.String())
			}):
				t.Errorf("timeline %+v", settled.Timeline)
			}
			again, err := s.RecordRemittance(t.Context(), handedOver(r, "UTR-77", owed))
			if err != nil || len(again.Remittances) != 1 || len(again.Timeline) != len(settled.Timeline) {
				t.Errorf("the same again: %+v, %v", again.Remittances, err)
			}
		})
	}
}

func TestRemittanceInParts(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{})
	r := s.delivered("guest:1")
	part, err := s.RecordRemittance(t.Context(), handedOver(r, "first", pricing.Paise(50000)))
	s.check(err)
	if len(part.Alerts) != 1 || !strings.Contains(part.Alerts[0], "500.00 of the INR 553.88") || part.Owed().Amount() != "53.88" {
		t.Fatalf("alerts %v, owed %s", part.Alerts, part.Owed())
	}
	if s.orders.All()[0].Paid() {
		t.Fatal("paid by a part")
	}
	if _, err := s.RecordRemittance(t.Context(), handedOver(r, "first", pricing.Paise(1))); !errors.Is(err, checkout.ErrKeyReused) {
		t.Fatalf("the same key for another amount: %v", err)
	}
	rest, err := s.RecordRemittance(t.Context(), handedOver(r, "second", pricing.Paise(5388)))
	s.check(err)
	if !s.orders.All()[0].Paid() || len(rest.Alerts) != 0 || rest.Order.SettledAt.IsZero() {
		t.Fatalf("order %+v, alerts %v", s.orders.All()[0], rest.Alerts)
	}
}

func TestRemittanceOfTooMuch(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{})
	r, err := s.RecordRemittance(t.Context(), handedOver(s.delivered("guest:1"), "k", pricing.Paise(60000)))
	s.check(err)
	if len(r.Alerts) != 1 || !strings.Contains(r.Alerts[0], "more than the INR 553.88") || !r.Owed().IsZero() || !s.orders.All()[0].Paid() {
		t.Fatalf("alerts %v, owed %s", r.Alerts, r.Owed())
	}
}

// TestRemittanceByOrderNumber is what a courier's report has: the store's order.
func TestRemittanceByOrderNumber(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{})
	r := s.delivered("guest:1")
	req := handedOver(r, "UTR-1", r.Owed())
	req.ID, req.StoreOrder = "", r.Order.ID
	if settled, err := s.RecordRemittance(t.Context(), req); err != nil || settled.ID != r.ID || settled.Order.SettledAt.IsZero() {
		t.Fatalf("%+v, %v", settled.Order, err)
	}
	req.StoreOrder = 4711
	if _, err := s.RecordRemittance(t.Context(), req); !errors.Is(err, checkout.ErrNotFound) {
		t.Fatalf("an order that is not ours: %v", err)
	}
}

// TestRemittanceBadInputs writes nothing.
func TestRemittanceBadInputs(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{})
	r := s.delivered("guest:1")
	dollars, err := pricing.New(55388, pricing.USD)
	s.check(err)
	s.fill("guest:2", mug, 1)
	online := s.pay(s.place(s.ready("guest:2", payment.MethodRazorpay)))
	s.fill("guest:3", mug, 1)
	open := s.ready("guest:3", payment.MethodCOD)
	for name, req := range map[string]checkout.RemittanceRequest{
		"no key":           handedOver(r, "", r.Owed()),
		"a long key":       handedOver(r, strings.Repeat("k", 256), r.Owed()),
		"a key of lines":   handedOver(r, "a\r\nb", r.Owed()),
		"nothing":          handedOver(r, "k", pricing.Money{}),
		"less than that":   handedOver(r, "k", pricing.Paise(-1)),
		"dollars":          handedOver(r, "k", dollars),
		"paid online":      handedOver(online, "k", pricing.Paise(1)),
		"not placed":       handedOver(open, "k", pricing.Paise(1)),
		"an unknown one":   {ID: "no-such", Key: "k", Amount: r.Owed()},
		"neither has name": {Key: "k", Amount: r.Owed()},
	} {
		if _, err := s.RecordRemittance(t.Context(), req); !errors.Is(err, checkout.ErrInvalid) && !errors.Is(err, checkout.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, known := range []checkout.Record{r, online, open} {
		if got := s.load(known.ID); len(got.Remittances) != 0 {
			t.Errorf("written: %+v", got.Remittances)
		}
	}
	// amounts that no number holds together
	s.check(errOf(s.RecordRemittance(t.Context(), handedOver(r, "one", pricing.Paise(1<<62)))))
	if _, err := s.RecordRemittance(t.Context(), handedOver(r, "two", pricing.Paise(1<<62))); !errors.Is(err, checkout.ErrInvalid) {
		t.Errorf("more than can be: %v", err)
	}
}

// TestRemittanceReportedAtOnce: ten clerks with one report note it once.
func TestRemittanceReportedAtOnce(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{})
	r := s.delivered("guest:1")
	var clerks sync.WaitGroup
	for range 10 {
		clerks.Go(func() {
			if _, err := s.RecordRemittance(t.Context(), handedOver(r, "UTR-1", pricing.Paise(55388))); err != nil {
				t.Error(err)
			}
		})
	}
	clerks.Wait()
	if got := s.load(r.ID); len(got.Remittances) != 1 || !got.Owed().IsZero() || len(got.Alerts) != 0 {
		t.Fatalf("%+v, alerts %v", got.Remittances, got.Alerts)
	}
}

// TestRemittanceWhileTheStoreIsAway stands, and the order is told later.
func TestRemittanceWhileTheStoreIsAway(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{})
	r := s.delivered("guest:1")
	s.orders.away = s.clock.Now().Add(s.load(r.ID).Policy.Lease)
	kept, err := s.RecordRemittance(t.Context(), handedOver(r, "UTR-1", r.Owed()))
	if !errors.Is(err, checkout.ErrUnavailable) || len(kept.Remittances) != 1 || !kept.Order.SettledAt.IsZero() {
		t.Fatalf("%+v, %v", kept.Remittances, err)
	}
	s.pass(2 * kept.Policy.Lease)
	if got := s.load(r.ID); got.Order.SettledAt.IsZero() || !s.orders.All()[0].Paid() {
		t.Fatalf("%+v, intents %+v", got.Order, got.Intents)
	}
}

// TestRemittanceOfACancelledOrder is for a person to look at: nothing was due any more.
func TestRemittanceOfACancelledOrder(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{})
	r := s.delivered("guest:1")
	s.check(errOf(s.orders.Cancel(t.Context(), r.Order.ID)))
	got, err := s.RecordRemittance(t.Context(), handedOver(r, "UTR-1", r.Owed()))
	if err == nil || !got.Stuck() || len(got.Alerts) == 0 {
		t.Fatalf("alerts %v, %v", got.Alerts, err)
	}
}

// TestSettlementWhoseReplyIsLost is looked at again, and done once.
// TestCashForAParcelThatNeverLeft: the order was completed for its cash. It is cancelled in the store all the same when it
// is called off, and its pieces go back.
func TestCashForAParcelThatNeverLeft(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{})
	s.fill("guest:1", mug, 1)
	r := s.place(s.ready("guest:1", payment.MethodCOD))
	s.check(errOf(s.RecordRemittance(t.Context(), handedOver(r, "UTR-9", r.Owed()))))
	s.pass(time.Minute)
	if status := s.storeStatus(s.load(r.ID)); status != "completed" {
		t.Fatalf("settled, and the store's order is %s", status)
	}
	s.check(errOf(s.CancelOrder(t.Context(), r.ID, "it broke in the store-room", "meera")))
	s.pass(10 * time.Minute)
	if o := s.orders.All()[0]; o.Status != "cancelled" || o.Lines[0].Reduced != 0 {
		t.Errorf("called off, and the store's order is %+v", o)
	}
}

func TestSettlementWhoseReplyIsLost(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{})
	r := s.delivered("guest:1")
	s.orders.after = []error{checkout.ErrUnknown}
	if _, err := s.RecordRemittance(t.Context(), handedOver(r, "UTR-1", r.Owed())); !errors.Is(err, checkout.ErrUnknown) {
		t.Fatal(err)
	}
	paid := s.orders.All()[0].DatePaid
	s.pass(10 * time.Minute)
	if got := s.load(r.ID); got.Order.SettledAt.IsZero() || !s.orders.All()[0].DatePaid.Equal(paid) || got.Stuck() {
		t.Fatalf("%+v, paid %s", got.Order, s.orders.All()[0].DatePaid)
	}
}
