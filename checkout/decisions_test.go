package checkout_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
)

// TestACancelledSaleStaysCancelled pays after the shopper cancelled, while the stock is still there.
func TestACancelledSaleStaysCancelled(t *testing.T) {
	s := newShop(t)
	r := s.placed("guest:1", mug, 1)
	s.check(errOf(s.Cancel(t.Context(), "guest:1", r.ID, "")))
	s.check(errOf(s.gateway.Pay(r.Gateway.ID)))
	s.pass(2 * time.Hour)
	if got := s.load(r.ID); got.Status() != checkout.StatusRefunded || s.effective(r.Token) != 0 || len(got.Refunds) != 1 {
		t.Fatalf("%s, refunds %v", got.Status(), got.Refunds)
	}
	s.conserved()
}

// TestAPaidSaleCannotBeCancelled asks for it while the store is away.
func TestAPaidSaleCannotBeCancelled(t *testing.T) {
	s := newShop(t)
	r := s.placed("guest:1", mug, 1)
	s.orders.away = s.clock.Now().Add(10 * time.Minute)
	s.pay(r)
	got, err := s.Cancel(t.Context(), "guest:1", r.ID, "too late")
	s.check(err, checkout.ErrUnavailable)
	if got.Status() != checkout.StatusPaid || got.Placed.Cancel != "" || !got.Placed.PayBy.Equal(r.Placed.PayBy) {
		t.Fatalf("%s, %+v", got.Status(), got.Placed)
	}
}

// TestTheLedgerSaysWhy tells what a shopper gave up from what ran out of time.
func TestTheLedgerSaysWhy(t *testing.T) {
	s := newShop(t)
	expired, cancelled := s.placed("guest:1", mug, 1), s.placed("guest:2", mug, 1)
	s.check(errOf(s.Cancel(t.Context(), "guest:2", cancelled.ID, "found it cheaper")))
	s.pass(31 * time.Minute)
	for id, want := range map[checkout.ID]inventory.Entry{
		expired.ID:   {Kind: inventory.Expire, Reason: "not paid in time"},
		cancelled.ID: {Kind: inventory.ReleaseAllocation, Reason: "found it cheaper"},
	} {
		entries, err := s.stock.Entries(t.Context(), inventory.LedgerQuery{Ref: string(id)})
		s.check(err)
		if last := entries[len(entries)-1]; last.Kind != want.Kind || last.Reason != want.Reason {
			t.Errorf("%s because %q, want %s because %q", last.Kind, last.Reason, want.Kind, want.Reason)
		}
	}
}

// TestAPaymentPaysOnce has the gateway name a payment that made another sale.
func TestAPaymentPaysOnce(t *testing.T) {
	s := newShop(t)
	first := s.pay(s.placed("guest:1", mug, 1))
	second := s.placed("guest:2", mug, 1)
	stolen := first.Payments.Payments()[0]
	stolen.OrderID = second.Gateway.ID
	s.reopenShop(func(c *checkout.Config) {
		c.Payments[0].Gateway = telling{s.gateway, second.Gateway.ID, []payment.Payment{stolen}}
	})
	if _, err := s.Recheck(t.Context(), second.ID); !errors.Is(err, checkout.ErrBound) {
		t.Fatalf("%v", err)
	}
	s.pass(2 * time.Minute)
	got := s.load(second.ID)
	if got.Status() != checkout.StatusPendingPayment || !got.Stuck() || len(got.Alerts) != 1 || s.effective(second.Token) != 0 {
		t.Fatalf("%s, %+v, alerts %q", got.Status(), got.Intents, got.Alerts)
	}
}

// telling is a gateway that tells a tale of one order.
type telling struct {
	*fakegateway.Gateway
	order string
	tale  []payment.Payment
}

func (g telling) Payments(ctx context.Context, id string) ([]payment.Payment, error) {
	if id == g.order {
		return g.tale, nil
	}
	return g.Gateway.Payments(ctx, id)
}

// TestAnItemComesBackWhileChoosing starts the same cart again when more of it can be bought than before: the same version
// of a cart then stands for another claim.
func TestAnItemComesBackWhileChoosing(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 10)
	s.fill("guest:1", sari, 1)
	s.catalog.SetStatus(sari.Ref, cart.StatusGone)
	started, err := s.Start(t.Context(), checkout.StartRequest{Owner: "guest:1"})
	if err != nil || len(started.Dropped) != 1 {
		t.Fatalf("%v, dropped %v", err, started.Dropped)
	}
	s.catalog.SetStatus(sari.Ref, cart.StatusOK)
	if again := s.start("guest:1"); len(again.Lines) != 2 || s.level(mug).Reserved != 10 || s.level(sari).Reserved != 1 {
		t.Fatalf("%d lines, %+v, %+v", len(again.Lines), s.level(mug), s.level(sari))
	}
}

// slowLook lets time pass while an order is looked for, and notes when orders are completed.
type slowLook struct {
	checkout.OrderCreator
	clock     *clock
	slow      bool
	completed func()
}

func (o *slowLook) FindOrder(ctx context.Context, token string) ([]checkout.StoreOrder, error) {
	if o.slow {
		o.clock.advance(55 * time.Second)
	}
	return o.OrderCreator.FindOrder(ctx, token)
}

func (o *slowLook) Complete(ctx context.Context, id int64, how checkout.Completion) (checkout.StoreOrder, error) {
	if o.completed != nil {
		o.completed()
	}
	return o.OrderCreator.Complete(ctx, id, how)
}

// TestALongLookBeginsAnotherLease: completing must be one at a time, so the call that follows a look has a whole lease.
func TestALongLookBeginsAnotherLease(t *testing.T) {
	look := &slowLook{}
	s := newShop(t, func(c *checkout.Config) { look.OrderCreator, c.Orders = c.Orders, look })
	look.clock = s.clock
	r := s.placed("guest:1", mug, 1)
	s.orders.after = []error{nil}
	s.orders.before = []error{nil, checkout.ErrUnknown}
	s.pay(r)
	look.slow = true
	calls := 0
	look.completed = func() {
		calls++
		i := s.load(r.ID).Intents
		if at := slices.IndexFunc(i, func(i checkout.Intent) bool { return i.Effect == checkout.EffectCompleteOrder }); at < 0 ||
			i[at].Until.Sub(s.clock.Now()) != time.Minute || !i[at].SentAt.Equal(s.clock.Now()) {
			t.Errorf("at %s the attempt is %+v", s.clock.Now(), i)
		}
	}
	s.pass(10 * time.Minute)
	if got := s.load(r.ID); calls != 1 || got.Status() != checkout.StatusOrdered {
		t.Fatalf("completed %d times, %s", calls, got.Status())
	}
}
