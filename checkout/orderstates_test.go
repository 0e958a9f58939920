package checkout_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
)

// inStore is somebody in wp-admin changing an order's status, and a webhook that says so.
func (s *shop) inStore(r checkout.Record, statuses ...string) checkout.Record {
	s.t.Helper()
	for _, status := range statuses {
		s.clock.advance(time.Second) // the store's dates know seconds
		s.check(s.orders.SetStatus(r.Order.ID, status))
		for range 2 { // webhooks repeat
			s.check(s.StoreOrderChanged(s.t.Context(), r.Order.ID))
		}
	}
	return s.load(r.ID)
}

func (s *shop) storeStatus(r checkout.Record) string {
	s.t.Helper()
	o, err := s.orders.ReadOrder(s.t.Context(), r.Order.ID)
	s.check(err)
	return o.Status
}

func alerted(r checkout.Record, text string) bool {
	return slices.ContainsFunc(r.Alerts, func(a string) bool { return strings.Contains(a, text) })
}

func (s *shop) ship(r checkout.Record) checkout.Record {
	s.t.Helper()
	sent, err := s.RecordShipment(s.t.Context(), r.ID, checkout.Shipment{Carrier: "India Post", Tracking: "EX1"}, "meera")
	s.check(err)
	return sent
}

// The rows of ORDERSTATES.md: what somebody changes in the store, and what becomes of it here.
func TestSeenInTheStore(t *testing.T) {
	processing := func(s *shop, r checkout.Record) { s.check(errOf(s.RecordProcessing(t.Context(), r.ID, "meera"))) }
	ship := func(s *shop, r checkout.Record) { s.ship(r) }
	deliver := func(s *shop, r checkout.Record) {
		s.ship(r)
		s.check(errOf(s.RecordDelivery(t.Context(), r.ID, time.Time{}, "meera")))
	}
	refund := func(s *shop, r checkout.Record) { s.check(errOf(s.Refund(t.Context(), refundOf(r, "part", 100)))) }
	for name, row := range map[string]struct {
		before func(*shop, checkout.Record)
		there  []string
		want   checkout.Status
		alert  string // one begins so; none for no alert at all
	}{
		"on hold":                         {nil, []string{"on-hold"}, checkout.StatusOrdered, ""},
		"released from hold":              {nil, []string{"on-hold", "processing"}, checkout.StatusProcessing, ""},
		"completed":                       {nil, []string{"completed"}, checkout.StatusShipped, ""},
		"completed while packed":          {processing, []string{"completed"}, checkout.StatusShipped, ""},
		"cancelled":                       {nil, []string{"cancelled"}, checkout.StatusCancelled, "still with us"},
		"cancelled while packed":          {processing, []string{"cancelled"}, checkout.StatusCancelled, "still with us"},
		"refunded":                        {nil, []string{"refunded"}, checkout.StatusOrdered, "refunds differ"},
		"failed":                          {nil, []string{"failed"}, checkout.StatusOrdered, "payment failed"},
		"failed while packed":             {processing, []string{"failed"}, checkout.StatusProcessing, "payment failed"},
		"pending":                         {nil, []string{"pending"}, checkout.StatusOrdered, "waits for payment"},
		"trash":                           {nil, []string{"trash"}, checkout.StatusOrdered, "in the trash"},
		"deleted":                         {nil, []string{"deleted"}, checkout.StatusOrdered, "any more"},
		"restored from the trash":         {nil, []string{"trash", "processing"}, checkout.StatusOrdered, ""},
		"failed, then not":                {nil, []string{"failed", "processing"}, checkout.StatusOrdered, ""},
		"pending, then completed":         {nil, []string{"pending", "completed"}, checkout.StatusShipped, ""},
		"a plugin's status":               {nil, []string{"packed"}, checkout.StatusOrdered, ""},
		"completed after it was sent":     {ship, []string{"processing", "completed"}, checkout.StatusShipped, ""},
		"moved back after it was sent":    {ship, []string{"processing"}, checkout.StatusShipped, "moved it back"},
		"held after it was sent":          {ship, []string{"on-hold"}, checkout.StatusShipped, "on hold although"},
		"cancelled after it was sent":     {ship, []string{"cancelled"}, checkout.StatusShipped, "record what comes back"},
		"cancelled after it arrived":      {deliver, []string{"cancelled"}, checkout.StatusDelivered, "record what comes back"},
		"failed after it arrived":         {deliver, []string{"failed"}, checkout.StatusDelivered, "payment failed"},
		"taken up again":                  {nil, []string{"cancelled", "processing"}, checkout.StatusOrdered, ""},
		"taken up and sent":               {nil, []string{"cancelled", "completed"}, checkout.StatusShipped, ""},
		"taken up after money went back":  {refund, []string{"cancelled", "processing"}, checkout.StatusCancelled, "whose money went back"},
		"completed after money went back": {refund, []string{"cancelled", "completed"}, checkout.StatusCancelled, "whose money went back"},
		"cancelled, restored, and so on":  {nil, []string{"trash", "processing", "on-hold", "processing", "completed"}, checkout.StatusShipped, ""},
		"everything that does not matter": {ship, []string{"failed", "pending", "trash", "completed"}, checkout.StatusShipped, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			r := s.pay(s.placed("guest:1", mug, 2))
			if row.before != nil {
				row.before(s, r)
			}
			got := s.inStore(r, row.there...)
			if got.Status() != row.want {
				t.Errorf("%s, want %s", got.Status(), row.want)
			}
			if row.alert == "" && len(got.Alerts) > 0 || row.alert != "" && !alerted(got, row.alert) {
				t.Errorf("alerts %q, want %q", got.Alerts, row.alert)
			}
			s.declared(got)
			s.pass(time.Hour)
			if last := row.there[len(row.there)-1]; last != "deleted" && s.storeStatus(r) != last {
				t.Errorf("somebody decided %s, and the store says %s", last, s.storeStatus(r))
			}
			s.conserved()
		})
	}
}

// declared checks that the history is a walk along declared edges, each with somebody and a reason.
func (s *shop) declared(r checkout.Record) {
	s.t.Helper()
	at := checkout.StatusOpen
	for _, step := range r.History {
		if step.From != at || !slices.Contains(step.From.Transitions(), step.To) {
			s.t.Errorf("%s → %s after %s", step.From, step.To, at)
		}
		if step.Actor == "" || step.Reason == "" || step.At.IsZero() {
			s.t.Errorf("%+v does not say who, when and why", step)
		}
		at = step.To
	}
	if at != r.Status() {
		s.t.Errorf("the history ends with %s, the checkout is %s", at, r.Status())
	}
}

// Nothing is booked while the store holds an order, or has put it away.
func TestHeldOrdersAreNotShipped(t *testing.T) {
	for _, status := range []string{"on-hold", "pending", "failed", "trash", "cancelled", "deleted"} {
		t.Run(status, func(t *testing.T) {
			parcels := &carrier{}
			s := newShop(t, func(c *checkout.Config) { c.Shipper = parcels })
			r := s.pay(s.placed("guest:1", mug, 1))
			s.inStore(r, status)
			if s.pass(time.Hour); parcels.booked != 0 {
				t.Fatalf("booked a parcel for an order that is %s", status)
			}
			if status == "deleted" || status == "cancelled" {
				return
			}
			s.inStore(r, "processing")
			if s.pass(time.Hour); parcels.booked != 1 {
				t.Errorf("%d parcels after it was released", parcels.booked)
			}
		})
	}
}

// What is told late is not believed: the order as it was before is no news.
func TestOldNewsIsNoNews(t *testing.T) {
	k := &slowKeeper{}
	s := newShop(t, func(c *checkout.Config) { k.faultyOrders, c.Orders = c.Orders.(*faultyOrders), k })
	r := s.pay(s.placed("guest:1", mug, 1))
	s.clock.advance(time.Second)
	s.check(s.orders.SetStatus(r.Order.ID, "on-hold"))
	k.between = func() { // while the answer travels, it is cancelled, and somebody else reads that first
		s.clock.advance(time.Second)
		s.inStore(r, "cancelled")
	}
	s.check(s.StoreOrderChanged(t.Context(), r.Order.ID))
	if got := s.load(r.ID); got.Status() != checkout.StatusCancelled || got.Order.Status != "cancelled" {
		t.Errorf("%s, the store %s", got.Status(), got.Order.Status)
	}
}

// A replica that lags shows the order as it was before it took effect, in the same second or an earlier one.
func TestAReplicaThatLags(t *testing.T) {
	for name, age := range map[string]time.Duration{"the same second": 0, "a second ago": time.Second} {
		t.Run(name, func(t *testing.T) { // the first is doubtful, until no replica can lag so far
			k := &slowKeeper{}
			s := newShop(t, func(c *checkout.Config) { k.faultyOrders, c.Orders = c.Orders.(*faultyOrders), k })
			r := s.pay(s.placed("guest:1", mug, 1))
			k.stale = func(o checkout.StoreOrder) checkout.StoreOrder {
				o.Status, o.ModifiedAt = "pending", o.ModifiedAt.Add(-age)
				return o
			}
			s.clock.advance(time.Minute)
			if err := s.StoreOrderChanged(t.Context(), r.Order.ID); errors.Is(err, checkout.ErrUnavailable) != (age == 0) {
				t.Errorf("%v", err)
			}
			if got := s.load(r.ID); got.Order.Status != "processing" || len(got.Alerts) > 0 {
				t.Errorf("the order is %s, %q", got.Order.Status, got.Alerts)
			}
			s.clock.advance(r.Policy.Settle)
			s.check(s.StoreOrderChanged(t.Context(), r.Order.ID))
			if got := s.load(r.ID); alerted(got, "waits for payment") != (age == 0) {
				t.Errorf("later the order is %s, %q", got.Order.Status, got.Alerts)
			}
		})
	}
}

// Orders that are not ours, or are not in effect yet, are left alone.
func TestOrdersThatAreNoBusinessOfOurs(t *testing.T) {
	s := newShop(t)
	s.check(s.StoreOrderChanged(t.Context(), 999))
	before := newShop(t, func(c *checkout.Config) { c.Policy.OrderTiming = checkout.OrderBeforePayment })
	r := before.placed("guest:1", mug, 1)
	if got := before.inStore(r, "cancelled"); got.Version != r.Version || got.Status() != checkout.StatusPendingPayment {
		t.Errorf("%s", got)
	}
}

// Every change of a status says who, when and why.
func TestHistory(t *testing.T) {
	s := newShop(t)
	r := s.pay(s.placed("guest:1", mug, 1))
	s.check(errOf(s.RecordProcessing(t.Context(), r.ID, "meera")))
	s.inStore(r, "completed")
	s.check(errOf(s.RecordDelivery(t.Context(), r.ID, time.Time{}, "ravi")))
	s.check(errOf(s.Refund(t.Context(), checkout.RefundRequest{ID: r.ID, Key: "all", Amount: r.Quote.Totals.Total, Reason: "faded", Actor: "meera"})))
	s.pass(26 * time.Hour)
	got := s.load(r.ID)
	s.declared(got)
	want := []struct {
		to    checkout.Status
		actor string
	}{
		{checkout.StatusPendingPayment, "shopper"}, {checkout.StatusPaid, "gateway"}, {checkout.StatusOrdered, "ankkor"},
		{checkout.StatusProcessing, "meera"}, {checkout.StatusShipped, "woocommerce"}, {checkout.StatusDelivered, "ravi"},
		{checkout.StatusRefunded, "gateway"},
	}
	if len(got.History) != len(want) {
		t.Fatalf("%+v", got.History)
	}
	for i, w := range want {
		if h := got.History[i]; h.To != w.to || h.Actor != w.actor {
			t.Errorf("step %d: %s by %s (%s), want %s by %s", i, h.To, h.Actor, h.Reason, w.to, w.actor)
		}
	}
}
