package razorpay_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/adapters/razorpay"
	"github.com/ankkor/ankkor/adapters/razorpay/razorpaytest"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// news are the seven ways in which a shop hears of payments.
var news = []string{"verify", "captured", "order paid", "failed", "authorized", "refund", "re-verify"}

// hearing is a checkout that was paid twice after a failed attempt, of which the shop has heard nothing yet.
type hearing struct {
	*shop
	record   checkout.Record
	callback payment.Callback
	events   map[string]string // bodies by what they tell
	kept     string
}

// newHearing: the first attempt fails; the second is captured; two seconds later a third is captured as well, which has
// to go back. That the third went back is told in advance too: any event may be replayed.
func newHearing(t *testing.T) *hearing {
	s := newShop(t, razorpay.CaptureAutomatic)
	h := &hearing{shop: s, record: s.placed("guest:1", 1), events: map[string]string{}}
	s.try(h.record, razorpaytest.Attempt{Fails: true})
	s.clock.pass(2 * time.Second)
	c, err := s.Pay(h.record.Gateway.ID)
	s.check(err)
	h.callback, h.kept = payment.Callback(c), c.PaymentID
	for _, name := range []string{"captured", "failed", "authorized"} {
		h.events[name] = h.event("payment." + name)
	}
	h.events["order paid"] = h.event("order.paid")
	s.clock.pass(2 * time.Second)
	surplus := s.try(h.record, again)
	refund, err := razorpaytest.MakeEvent("refund.processed", s.clock.Now().Unix(), map[string]any{
		"payment": map[string]any{"id": surplus, "order_id": h.record.Gateway.ID},
		"refund":  map[string]any{"id": "rfnd_IH3d0ara9bSsjQ", "payment_id": surplus},
	})
	s.check(err)
	h.events["refund"] = string(refund)
	return h
}

func (h *hearing) event(name string) string {
	h.t.Helper()
	e, ok := h.EventOf(name)
	if !ok {
		h.t.Fatalf("no %s", name)
	}
	return string(e.Body)
}

// newHeldHearing: the first attempt fails; the second is held by the bank and waits for the shop. That it was captured,
// and that something went back, is told before it is so: news may be about a moment that has not come.
func newHeldHearing(t *testing.T) *hearing {
	s := newShop(t, razorpay.CaptureManual)
	h := &hearing{shop: s, record: s.placed("guest:1", 1), events: map[string]string{}}
	s.try(h.record, razorpaytest.Attempt{Fails: true})
	s.clock.pass(2 * time.Second)
	c, err := s.Pay(h.record.Gateway.ID)
	s.check(err)
	h.callback, h.kept = payment.Callback(c), c.PaymentID
	h.events["failed"], h.events["authorized"] = h.event("payment.failed"), h.event("payment.authorized")
	for what, name := range map[string]string{"captured": "payment.captured", "order paid": "order.paid", "refund": "refund.processed"} {
		made, err := razorpaytest.MakeEvent(name, s.clock.Now().Unix(), map[string]any{
			"payment": map[string]any{"id": c.PaymentID, "order_id": c.OrderID, "status": "captured", "amount": 1},
		})
		s.check(err)
		h.events[what] = string(made)
	}
	return h
}

// hear is one piece of news reaching the shop. What it cannot act on now it may put off, but not refuse.
func (h *hearing) hear(what string) error {
	ctx := h.t.Context()
	switch what {
	case "verify":
		_, err := h.ConfirmPayment(ctx, "guest:1", h.record.ID, h.callback)
		return err
	case "re-verify":
		_, err := h.Recheck(ctx, h.record.ID)
		return err
	}
	if got := serve(newReceiver(h.t, h.inbox, hookSecret), delivery(h.events[what], hookSecret)); got != 200 {
		return fmt.Errorf("HTTP %d", got)
	}
	_, err := h.dispatcher.Dispatch(ctx)
	return err
}

// end is what everything comes to.
type end struct {
	Status                checkout.Status
	Kept                  bool
	Orders, Refunds       int
	Held                  int64
	Captures              int
	Sold, Allocated       int64
	Alerts, Dead, Waiting int
}

func (h *hearing) end() end {
	r, level := h.load(h.record), h.level()
	held, captures := h.money(h.record)
	dead, err := h.inbox.Dead(h.t.Context(), razorpay.Source, 10)
	h.check(err)
	return end{
		Status: r.Status(), Kept: r.Payments.Bound() == h.kept, Orders: len(h.effective(r)), Refunds: len(r.Refunds),
		Held: held, Captures: captures, Sold: level.Sold, Allocated: level.Allocated, Alerts: len(r.Alerts), Dead: len(dead),
		Waiting: len(stored(h.t, h.inbox)),
	}
}

var oneEnd = end{Status: checkout.StatusOrdered, Kept: true, Orders: 1, Refunds: 1, Held: 54800, Captures: 2, Sold: 1, Alerts: 1}

// permutations calls f with every order of the items; f must not keep it.
func permutations(items []string, f func([]string)) {
	var permute func(k int)
	permute = func(k int) {
		if k == len(items) {
			f(items)
			return
		}
		for i := k; i < len(items); i++ {
			items[k], items[i] = items[i], items[k]
			permute(k + 1)
			items[k], items[i] = items[i], items[k]
		}
	}
	permute(0)
}

// heldEnd is what a payment that the bank holds comes to.
var heldEnd = end{Status: checkout.StatusOrdered, Kept: true, Orders: 1, Held: 54800, Captures: 1, Sold: 1}

// TestEveryOrderOfTheNews brings the seven pieces of news in all 5,040 orders, each twice, by four workers at a time: the
// end is one and the same. With -short, and under the race detector, it takes some of the orders.
func TestEveryOrderOfTheNews(t *testing.T) {
	stride := newsStride
	if testing.Short() {
		stride = max(stride, 40)
	}
	everyOrder(t, stride, newHearing, oneEnd)
}

// TestEveryOrderOfTheNewsOfAHeldPayment does so where the shop captures, in every twentieth order.
func TestEveryOrderOfTheNewsOfAHeldPayment(t *testing.T) {
	everyOrder(t, max(newsStride, 20), newHeldHearing, heldEnd)
}

func everyOrder(t *testing.T, stride int, open func(*testing.T) *hearing, want end) {
	t.Helper()
	n, failed := 0, 0
	permutations(slices.Clone(news), func(order []string) {
		if n++; n%stride != 0 || failed > 3 {
			return
		}
		h := open(t)
		h.bring(slices.Concat(order, order))
		h.pass(2 * time.Minute)
		if diff := cmp.Diff(want, h.end()); diff != "" {
			failed++
			timeline, _ := json.Marshal(h.load(h.record).Timeline)
			t.Errorf("%v (-want +got):\n%s%s", order, diff, timeline)
		}
	})
	if n != 5040 {
		t.Errorf("%d orders", n)
	}
}

// bring lets four workers take news from the list, each the next when it is done.
func (h *hearing) bring(list []string) {
	queue := make(chan string, len(list))
	for _, what := range list {
		queue <- what
	}
	close(queue)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for what := range queue {
				if err := h.hear(what); err != nil {
					h.t.Errorf("%s: %v", what, err)
				}
			}
		})
	}
	wg.Wait()
}
