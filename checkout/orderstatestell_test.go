package checkout_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

func (s *shop) storeOrder(r checkout.Record) checkout.StoreOrder {
	s.t.Helper()
	o, err := s.orders.ReadOrder(s.t.Context(), r.Order.ID)
	s.check(err)
	return o
}

// What is decided here is written into the store, and what the store made of it is known.
func TestTheStoreIsTold(t *testing.T) {
	s := newShop(t)
	r := s.pay(s.placed("guest:1", mug, 2))
	for _, step := range []struct {
		do     func() (checkout.Record, error)
		status string
		told   checkout.Status
	}{
		{func() (checkout.Record, error) { return s.RecordProcessing(t.Context(), r.ID, "meera") }, "processing", checkout.StatusProcessing},
		{func() (checkout.Record, error) { return s.ship(r), nil }, "completed", checkout.StatusShipped},
		{func() (checkout.Record, error) { return s.RecordDelivery(t.Context(), r.ID, time.Time{}, "meera") }, "completed", checkout.StatusDelivered},
	} {
		for range 2 {
			s.check(errOf(step.do()))
		}
		s.pass(time.Minute)
		if o := s.storeOrder(r); o.Status != step.status || o.Told != step.told {
			t.Errorf("the store says %s, told %s; want %s, %s", o.Status, o.Told, step.status, step.told)
		}
		if got := s.load(r.ID); got.Order.Status != step.status || got.Status() != step.told || len(got.Intents) > 0 {
			t.Errorf("%s, the order %s, %+v", got, got.Order.Status, got.Intents)
		}
	}
	s.conserved()
}

// A hold there ends when somebody packs here.
func TestPackingReleasesAHold(t *testing.T) {
	s := newShop(t)
	r := s.pay(s.placed("guest:1", mug, 1))
	s.inStore(r, "on-hold")
	s.check(errOf(s.RecordProcessing(t.Context(), r.ID, "meera")))
	if got := s.storeStatus(r); got != "processing" {
		t.Errorf("the store says %s", got)
	}
}

// An order whose cash is with the courier is not completed: that would date its payment.
func TestCashOnItsWayIsNotCompleted(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 1)
	r := s.place(s.ready("guest:1", payment.MethodCOD))
	s.ship(r)
	s.check(errOf(s.RecordDelivery(t.Context(), r.ID, time.Time{}, "meera")))
	s.pass(time.Minute)
	if o := s.storeOrder(r); o.Status != "processing" || o.Told != checkout.StatusDelivered {
		t.Errorf("%s, told %s", o.Status, o.Told)
	}
}

// An order that staff call off: the store cancels it, the money is named, nothing leaves any more.
func TestCancelOrder(t *testing.T) {
	s := newShop(t)
	r := s.pay(s.placed("guest:1", mug, 2))
	for range 2 {
		s.check(errOf(s.CancelOrder(t.Context(), r.ID, "sold elsewhere", "meera")))
	}
	s.pass(time.Minute)
	got := s.load(r.ID)
	if o := s.storeOrder(r); o.Status != "cancelled" || o.Lines[0].Reduced != 0 || got.Status() != checkout.StatusCancelled || !alerted(got, "still with us") {
		t.Errorf("%s, %+v, %q", got.Status(), o, got.Alerts)
	}
	if _, err := s.RecordShipment(t.Context(), r.ID, checkout.Shipment{Carrier: "India Post"}, "ravi"); !errors.Is(err, checkout.ErrInvalid) {
		t.Errorf("a cancelled order was shipped: %v", err)
	}
	s.check(errOf(s.Refund(t.Context(), checkout.RefundRequest{ID: r.ID, Key: "all", Amount: r.Quote.Totals.Total, Reason: "sold elsewhere", Actor: "meera"})))
	s.pass(26 * time.Hour)
	got = s.load(r.ID)
	if s.sentBack(r) != r.Quote.Totals.Total.Minor() || got.Status() != checkout.StatusRefunded || len(got.Alerts) > 0 || s.storeStatus(r) != "refunded" {
		t.Errorf("%d back, %s, %q, the store %s", s.sentBack(r), got.Status(), got.Alerts, s.storeStatus(r))
	}
	s.declared(got)
}

func TestWhatCannotBeCancelledOrPacked(t *testing.T) {
	s := newShop(t)
	unpaid := s.placed("guest:1", mug, 1)
	shipped := s.ship(s.pay(s.placed("guest:2", mug, 1)))
	cancelled := s.pay(s.placed("guest:3", mug, 1))
	s.inStore(cancelled, "cancelled")
	for name, err := range map[string]error{
		"cancel unpaid":     errOf(s.CancelOrder(t.Context(), unpaid.ID, "x", "meera")),
		"cancel shipped":    errOf(s.CancelOrder(t.Context(), shipped.ID, "x", "meera")),
		"no reason":         errOf(s.CancelOrder(t.Context(), cancelled.ID, "", "meera")),
		"two lines":         errOf(s.CancelOrder(t.Context(), cancelled.ID, "a\nb", "meera")),
		"a long reason":     errOf(s.CancelOrder(t.Context(), cancelled.ID, strings.Repeat("r", 201), "meera")),
		"pack an unpaid":    errOf(s.RecordProcessing(t.Context(), unpaid.ID, "meera")),
		"pack a cancelled":  errOf(s.RecordProcessing(t.Context(), cancelled.ID, "meera")),
		"nobody's checkout": errOf(s.RecordProcessing(t.Context(), "chk_none", "meera")),
	} {
		if !errors.Is(err, checkout.ErrInvalid) && !errors.Is(err, checkout.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	before := s.load(shipped.ID)
	s.check(errOf(s.RecordProcessing(t.Context(), shipped.ID, "meera"))) // it was packed, surely
	if got := s.load(shipped.ID); got.Status() != before.Status() {
		t.Errorf("%s", got)
	}
}

// Staff cancel here while somebody completes there: the store is left alone, and a person looks.
func TestCancelledHereCompletedThere(t *testing.T) {
	k := &slowKeeper{}
	s := newShop(t, func(c *checkout.Config) { k.faultyOrders, c.Orders = c.Orders.(*faultyOrders), k })
	r := s.pay(s.placed("guest:1", mug, 1))
	s.clock.advance(time.Second)
	s.check(s.orders.SetStatus(r.Order.ID, "completed")) // nobody has told us
	s.check(errOf(s.CancelOrder(t.Context(), r.ID, "sold elsewhere", "meera")))
	s.pass(time.Hour)
	got := s.load(r.ID)
	if s.storeStatus(r) != "completed" || !alerted(got, "has the parcel left?") || got.Status() != checkout.StatusCancelled {
		t.Errorf("the store %s, %s, %q", s.storeStatus(r), got.Status(), got.Alerts)
	}
}

// Whatever becomes of the store's answer, it is told once.
func TestTellingOutcomes(t *testing.T) {
	for name, fault := range map[string]func(*slowKeeper){
		"the reply is lost":   func(k *slowKeeper) { k.after = []error{checkout.ErrUnknown} },
		"the request is lost": func(k *slowKeeper) { k.before = []error{checkout.ErrUnknown} },
		"away":                func(k *slowKeeper) { k.before = []error{checkout.ErrUnavailable} },
	} {
		t.Run(name, func(t *testing.T) {
			k := &slowKeeper{}
			s := newShop(t, func(c *checkout.Config) { k.faultyOrders, c.Orders = c.Orders.(*faultyOrders), k })
			r := s.pay(s.placed("guest:1", mug, 1))
			if fault(k); errOf(s.CancelOrder(t.Context(), r.ID, "sold elsewhere", "meera")) == nil {
				t.Fatal("the fault was not felt")
			}
			s.pass(time.Hour)
			if s.storeStatus(r) != "cancelled" || k.calls != 1 || s.load(r.ID).Stuck() {
				t.Errorf("%s after %d calls, %+v", s.storeStatus(r), k.calls, s.load(r.ID).Intents)
			}
		})
	}
}

// An unknown outcome is not sent again before an earlier call can no longer be running.
func TestTellingWaitsForWhatMayBeRunning(t *testing.T) {
	k := &slowKeeper{}
	s := newShop(t, func(c *checkout.Config) { k.faultyOrders, c.Orders = c.Orders.(*faultyOrders), k })
	r := s.pay(s.placed("guest:1", mug, 1))
	k.before = []error{checkout.ErrUnknown}
	_ = errOf(s.CancelOrder(t.Context(), r.ID, "sold elsewhere", "meera"))
	s.pass(s.load(r.ID).Policy.Settle - time.Second)
	if k.calls != 0 {
		t.Error("sent again while the first call may be running")
	}
	s.pass(time.Minute)
	if k.calls != 1 {
		t.Errorf("%d calls", k.calls)
	}
}

// Two pieces, of which the store put one back before the parcel left: one piece ships.
func TestShipsWhatWasNotRestocked(t *testing.T) {
	s := newShop(t)
	r := s.pay(s.placed("guest:1", mug, 2))
	s.check(errOf(s.Refund(t.Context(), checkout.RefundRequest{
		ID: r.ID, Key: "one", Reason: "one is enough", Actor: "meera", Restock: true,
		Lines: []checkout.RefundLine{{Key: r.Lines[0].Line.Key, Quantity: 1}},
	})))
	s.settle(r)
	s.ship(r)
	if l := s.level(mug); l.Shipped != 1 || l.Sold != 0 {
		t.Errorf("%+v", l)
	}
	s.conserved()
}

// A store that is no OrderKeeper is not told, and refuses what only one can do.
func TestWithoutAKeeper(t *testing.T) {
	s := newShop(t, func(c *checkout.Config) { c.Orders = struct{ checkout.OrderCreator }{c.Orders} })
	r := s.pay(s.placed("guest:1", mug, 1))
	s.check(s.StoreOrderChanged(t.Context(), r.Order.ID))
	s.ship(r)
	s.check(errOf(s.Refund(t.Context(), refundOf(r, "part", 100))))
	_, err := s.Refund(t.Context(), checkout.RefundRequest{ID: r.ID, Key: "k", Amount: r.Quote.Totals.Total, Reason: "x", ByHand: true})
	if !errors.Is(err, checkout.ErrInvalid) || s.storeStatus(r) != "processing" {
		t.Errorf("%v, %s", err, s.storeStatus(r))
	}
	if slices.ContainsFunc(s.load(r.ID).Intents, func(checkout.Intent) bool { return true }) {
		t.Errorf("%+v", s.load(r.ID).Intents)
	}
}
