package checkout_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// shelf is a store that can put back what it subtracted too often.
type shelf struct {
	checkout.OrderCreator
	surplus  int64   // how many pieces too many each line is subtracted
	restored int     // how often it was put back
	before   []error // returned instead of doing anything
	after    []error // returned after it was done
	now      func() time.Time
	calls    []time.Time // when it was to be put back
}

func (b *shelf) bend(o checkout.StoreOrder) checkout.StoreOrder {
	o.Lines = slices.Clone(o.Lines)
	for i := range o.Lines {
		if o.Effective() {
			o.Lines[i].Reduced = o.Lines[i].Quantity + b.surplus
		}
	}
	return o
}

func (b *shelf) Complete(ctx context.Context, id int64, how checkout.Completion) (checkout.StoreOrder, error) {
	o, err := b.OrderCreator.Complete(ctx, id, how)
	return b.bend(o), err
}

func (b *shelf) FindOrder(ctx context.Context, token string) ([]checkout.StoreOrder, error) {
	found, err := b.OrderCreator.FindOrder(ctx, token)
	for i := range found {
		found[i] = b.bend(found[i])
	}
	return found, err
}

func (b *shelf) RestoreSurplus(ctx context.Context, id int64) (checkout.StoreOrder, error) {
	b.calls = append(b.calls, b.now())
	if err := pop(&b.before); err != nil {
		return checkout.StoreOrder{}, err
	}
	b.restored++
	b.surplus = 0
	o, err := b.OrderCreator.Complete(ctx, id, checkout.Completion{}) // reads it: it is in effect
	if lost := pop(&b.after); lost != nil {
		return checkout.StoreOrder{}, lost
	}
	return b.bend(o), err
}

func pop(list *[]error) error {
	if len(*list) == 0 {
		return nil
	}
	err := (*list)[0]
	*list = (*list)[1:]
	return err
}

func shelfShop(t *testing.T, surplus int64) (*shop, *shelf) {
	b := &shelf{surplus: surplus}
	return newShop(t, func(c *checkout.Config) { b.OrderCreator, c.Orders, b.now, c.Notifier = c.Orders, b, c.Now, nil }), b
}

// TestStockSubtractedTwiceIsPutBack once, whatever becomes of the call, and people are told.
func TestStockSubtractedTwiceIsPutBack(t *testing.T) {
	tests := map[string]struct{ before, after []error }{
		"at once":            {},
		"store away":         {before: []error{checkout.ErrUnavailable, checkout.ErrUnavailable}},
		"request lost":       {before: []error{checkout.ErrUnknown}},
		"reply lost":         {after: []error{checkout.ErrUnknown}},
		"both, one by one":   {before: []error{checkout.ErrUnknown}, after: []error{checkout.ErrUnknown}},
		"the worker crashed": {after: []error{context.Canceled}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s, b := shelfShop(t, 1)
			b.before, b.after = test.before, test.after
			r := s.pay(s.placed("guest:1", mug, 2))
			if b.restored != 0 || r.Stock != checkout.StockConfirmed {
				t.Errorf("the shopper waited for it: %d, %s", b.restored, r.Stock)
			}
			s.pass(time.Hour)
			r = s.load(r.ID)
			if settle := r.Policy.Settle; name == "request lost" && (len(b.calls) != 2 || b.calls[1].Sub(b.calls[0]) < settle) {
				t.Errorf("sent at %v, although the first may run for %s", b.calls, settle)
			}
			if b.restored != 1 || r.Order.Twice || r.Stuck() || len(r.Intents) != 0 {
				t.Errorf("put back %d times; %+v, %+v", b.restored, r.Order, r.Intents)
			}
			if !one(r.Alerts, "subtracted stock twice for 11") || !strings.Contains(fmt.Sprint(r.Timeline), "stock put back in the store") {
				t.Errorf("alerts %q, timeline %v", r.Alerts, r.Timeline)
			}
			s.conserved()
		})
	}
}

// TestStockThatCannotBePutBack waits for a person, and so does a store that says it did and did not.
func TestStockThatCannotBePutBack(t *testing.T) {
	s, b := shelfShop(t, 1)
	b.before = []error{&checkout.RefusedError{Code: "not_restored", Reason: "no"}}
	r := s.pay(s.placed("guest:1", mug, 1))
	s.pass(time.Hour)
	if r = s.load(r.ID); !r.Stuck() || !r.Order.Twice || b.restored != 0 || r.Status() != checkout.StatusOrdered {
		t.Errorf("%s, %+v", r.Status(), r.Intents)
	}
	if _, err := s.Retry(t.Context(), r.ID, "meera"); err != nil {
		t.Fatal(err)
	}
	s.pass(time.Hour)
	if r = s.load(r.ID); r.Stuck() || r.Order.Twice || b.restored != 1 {
		t.Errorf("after Retry: %+v, put back %d times", r.Intents, b.restored)
	}
}

// TestStockSubtractedLate is looked for again and sold then, a parcel that has left meanwhile included.
func TestStockSubtractedLate(t *testing.T) {
	for _, shipped := range []bool{false, true} {
		s, b := shelfShop(t, -1)
		r := s.pay(s.placed("guest:1", mug, 2))
		if r.Stock != checkout.StockAllocated || !one(r.Alerts, "has not subtracted stock for 11") {
			t.Fatalf("%s, %q", r.Stock, r.Alerts)
		}
		s.pass(10 * time.Minute)
		if r = s.load(r.ID); r.Stock != checkout.StockAllocated || s.level(mug).Allocated != 2 || r.Stuck() {
			t.Fatalf("%s, %+v", r.Stock, s.level(mug))
		}
		if shipped {
			s.check(errOf(s.RecordShipment(t.Context(), r.ID, checkout.Shipment{Tracking: "AWB1"}, "meera")))
		}
		b.surplus = 0
		s.pass(2 * time.Minute)
		want, level := checkout.StockConfirmed, s.level(mug)
		if shipped {
			want = checkout.StockShipped
		}
		if r = s.load(r.ID); r.Stock != want || r.Order.Short || level.Allocated != 0 || level.Sold+level.Shipped != 2 || (level.Shipped == 2) != shipped || len(r.Intents) != 0 {
			t.Errorf("shipped %v: %s, %+v, %+v", shipped, r.Stock, level, r.Intents)
		}
		s.conserved()
	}
}

// TestStockNeverSubtracted is given up after a day, and not before.
func TestStockNeverSubtracted(t *testing.T) {
	s, _ := shelfShop(t, -1)
	r := s.pay(s.placed("guest:1", mug, 1))
	s.pass(20 * time.Hour)
	if s.load(r.ID).Stuck() {
		t.Fatal("given up within a day")
	}
	s.pass(10 * time.Hour)
	if r = s.load(r.ID); !r.Stuck() || r.Stock != checkout.StockAllocated || s.level(mug).Allocated != 1 {
		t.Errorf("%s, %+v", r.Stock, r.Intents)
	}
}

// doubled is a store behind a proxy that sends every creation twice.
type doubled struct {
	checkout.OrderCreator
	blind   bool  // nothing can be looked for,
	answer  error // and this is the answer
	takenBy int   // 1: somebody completes the twin
}

func (d *doubled) CreatePending(ctx context.Context, req checkout.OrderRequest) (checkout.StoreOrder, error) {
	o, err := d.OrderCreator.CreatePending(ctx, req)
	if twin, failed := d.OrderCreator.CreatePending(ctx, req); failed == nil && d.takenBy == 1 {
		_, failed = d.OrderCreator.Complete(ctx, twin.ID, checkout.Completion{Paid: true, TransactionID: "pay_other"})
		if failed != nil {
			return o, failed
		}
	}
	return o, err
}

func (d *doubled) FindOrder(ctx context.Context, token string) ([]checkout.StoreOrder, error) {
	if d.blind {
		return nil, d.answer
	}
	return d.OrderCreator.FindOrder(ctx, token)
}

// TestACreationThatWasDoubled although it was acknowledged: one order takes effect, its twin is trashed.
func TestACreationThatWasDoubled(t *testing.T) {
	for _, m := range []payment.Method{payment.MethodRazorpay, payment.MethodCOD} {
		d := &doubled{}
		s := newShop(t, func(c *checkout.Config) { d.OrderCreator, c.Orders = c.Orders, d })
		s.fill("guest:1", mug, 1)
		r := s.place(s.ready("guest:1", m))
		if m == payment.MethodRazorpay {
			r = s.pay(r)
		}
		s.pass(10 * time.Minute)
		all := s.orders.All()
		if r = s.load(r.ID); len(all) != 2 || s.effective(r.Token) != 1 || !all[1].Trashed() || r.Status() != checkout.StatusOrdered || len(r.Alerts) != 0 {
			t.Errorf("%s: %s, %+v, alerts %q", m, r.Status(), all, r.Alerts)
		}
	}
}

// TestNoLookForTwins does not keep a sale from its order. The look is made up for, and the twin trashed; so it is where
// the search was answered from the past, and did not even show our own order.
func TestNoLookForTwins(t *testing.T) {
	for name, answer := range map[string]error{"it fails": checkout.ErrUnavailable, "it shows the past": nil} {
		t.Run(name, func(t *testing.T) {
			d := &doubled{blind: true, answer: answer}
			s := newShop(t, func(c *checkout.Config) { d.OrderCreator, c.Orders = c.Orders, d })
			if r := s.pay(s.placed("guest:1", mug, 1)); r.Status() != checkout.StatusOrdered || s.effective(r.Token) != 1 {
				t.Errorf("%s", r.Status())
			}
			if answer != nil { // a look that was answered is not doubted twice
				s.pass(10 * time.Minute)
			}
			d.blind = false
			s.pass(10 * time.Minute)
			if all := s.orders.All(); len(all) != 2 || !all[0].Effective() || !all[1].Trashed() {
				t.Errorf("%+v", all)
			}
		})
	}
}

// TestATwinThatOvertook is ours then: completing the other one too would sell twice.
func TestATwinThatOvertook(t *testing.T) {
	d := &doubled{takenBy: 1}
	s := newShop(t, func(c *checkout.Config) { d.OrderCreator, c.Orders = c.Orders, d })
	r := s.pay(s.placed("guest:1", mug, 1))
	s.pass(10 * time.Minute)
	all := s.orders.All()
	if r = s.load(r.ID); s.effective(r.Token) != 1 || r.Order.ID != all[1].ID || !all[0].Trashed() || !one(r.Alerts, "in place of its twin") || s.level(mug).Sold != 1 {
		t.Errorf("%+v, %+v, alerts %q", r.Order, all, r.Alerts)
	}
	s.conserved()
}
