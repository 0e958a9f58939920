package checkout_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
)

// meddling is a hand that comes between a call and its effect, once.
type meddling struct {
	mu   sync.Mutex
	hand func()
}

func (m *meddling) meddle() {
	m.mu.Lock()
	hand := m.hand
	m.hand = nil
	m.mu.Unlock()
	if hand != nil {
		hand()
	}
}

// meddledStore lets something happen before a Commit.
type meddledStore struct {
	*memstore.Checkouts
	*meddling
	when func(checkout.Change) bool
}

func (s meddledStore) Commit(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
	if s.when(c) {
		s.meddle()
	}
	return s.Checkouts.Commit(ctx, c)
}

// meddledGateway lets something happen after payments were read and before the answer arrives.
type meddledGateway struct {
	*fakegateway.Gateway
	*meddling
}

func (g meddledGateway) Payments(ctx context.Context, id string) ([]payment.Payment, error) {
	seen, err := g.Gateway.Payments(ctx, id)
	g.meddle()
	return seen, err
}

// onCommit opens a shop in which something can happen before the commits that when picks.
func onCommit(t *testing.T, when func(checkout.Change) bool) (*shop, *meddling) {
	t.Helper()
	m := &meddling{}
	return newShop(t, func(c *checkout.Config) {
		c.Store = meddledStore{c.Store.(*memstore.Checkouts), m, when}
	}), m
}

// onPayments opens a shop in which something can happen while the gateway answers.
func onPayments(t *testing.T) (*shop, *meddling) {
	t.Helper()
	m := &meddling{}
	return newShop(t, func(c *checkout.Config) {
		c.Payments[0].Gateway = meddledGateway{c.Payments[0].Gateway.(*fakegateway.Gateway), m}
	}), m
}

// TestALookCountsFromWhenItWasAsked has the customer pay in the last second, after the gateway was asked and before its
// answer was written down.
func TestALookCountsFromWhenItWasAsked(t *testing.T) {
	s, m := onPayments(t)
	r := s.placed("guest:1", mug, 1)
	s.clock.advance(r.Placed.PayBy.Sub(s.clock.Now()) - time.Second)
	m.hand = func() {
		_, err := s.gateway.Pay(r.Gateway.ID)
		s.check(err)
		s.clock.advance(2 * time.Second)
	}
	got, err := s.Recheck(t.Context(), r.ID)
	if err != nil || got.Status() != checkout.StatusOrdered {
		t.Fatalf("paid in time, and it is %s: %v, %v", got.Status(), err, got.Timeline)
	}
}

// TestACancellationLooksAgain has a poller's question under way when the shopper cancels.
func TestACancellationLooksAgain(t *testing.T) {
	s, m := onPayments(t)
	r := s.placed("guest:1", mug, 1)
	s.clock.advance(time.Minute)
	m.hand = func() {
		s.clock.advance(time.Second)
		_, err := s.gateway.Pay(r.Gateway.ID)
		s.check(err)
		s.clock.advance(time.Second)
		s.check(errOf(s.Cancel(t.Context(), "guest:1", r.ID, "")))
	}
	s.check(errOf(s.AdvanceDue(t.Context(), 1)))
	s.pass(2 * time.Minute)
	if got := s.load(r.ID); got.Status() != checkout.StatusOrdered || len(got.Refunds) != 0 {
		t.Fatalf("%s, refunds %v, %v", got.Status(), got.Refunds, got.Timeline)
	}
}

// slowOrders lets something happen while an order is being completed, and then was never reached.
type slowOrders struct {
	checkout.OrderCreator
	*meddling
}

func (o slowOrders) Complete(ctx context.Context, id int64, how checkout.Completion) (checkout.StoreOrder, error) {
	if o.hand != nil {
		o.meddle()
		return checkout.StoreOrder{}, checkout.ErrUnavailable
	}
	return o.OrderCreator.Complete(ctx, id, how)
}

// TestASlowWorkerIsNoNews has a worker whose lease passed come back with a failure while another goes on: that one's call
// must stay known as sent.
func TestASlowWorkerIsNoNews(t *testing.T) {
	m := &meddling{}
	s := newShop(t, func(c *checkout.Config) { c.Orders = slowOrders{c.Orders, m} })
	r := s.placed("guest:1", mug, 1)
	var during checkout.Record
	m.hand = func() {
		s.clock.advance(61 * time.Second)
		s.check(errOf(s.AdvanceDue(t.Context(), 1)))
		during = s.load(r.ID)
	}
	s.pay(r)
	after := s.load(r.ID)
	if during.Version != after.Version || len(after.Intents) != 1 || after.Intents[0].SentAt.IsZero() {
		t.Fatalf("the other's attempt was %+v and is %+v", during.Intents, after.Intents)
	}
	s.pass(5 * time.Minute)
	if got := s.load(r.ID); got.Status() != checkout.StatusOrdered {
		t.Fatalf("%s", got.Status())
	}
}

func placing(c checkout.Change) bool { return c.Record.Placed != nil }

// TestDoubleClickOnTheLastPiece places twice at once, after the hold on the last piece has expired.
func TestDoubleClickOnTheLastPiece(t *testing.T) {
	s, m := onCommit(t, placing)
	s.fill("guest:1", mug, 10)
	ready := s.ready("guest:1", payment.MethodRazorpay)
	s.clock.advance(16 * time.Minute)
	m.hand = func() { s.place(ready) }
	if r := s.place(ready); r.Gateway == nil {
		t.Fatal("the slower click has no order to pay")
	}
	if got := s.level(mug); got.Allocated != 10 || got.Reserved != 0 {
		t.Fatalf("%+v", got)
	}
}

// TestAnEditWhilePlacingLeaksNoHold changes the address while the order is placed after the hold has expired.
func TestAnEditWhilePlacingLeaksNoHold(t *testing.T) {
	s, m := onCommit(t, placing)
	s.fill("guest:1", mug, 3)
	ready := s.ready("guest:1", payment.MethodRazorpay)
	s.clock.advance(16 * time.Minute)
	m.hand = func() {
		s.check(errOf(s.SetAddresses(t.Context(), "guest:1", ready.ID, checkout.Addresses{Billing: asha()})))
	}
	s.place(ready)
	if got := s.level(mug); got.Allocated != 3 || got.Reserved != 0 {
		t.Fatalf("%+v", got)
	}
}

func TestStartingTwiceAtOnce(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 10)
	var wg sync.WaitGroup
	ids := make([]checkout.ID, 16)
	for i := range ids {
		wg.Go(func() {
			started, err := s.Start(t.Context(), checkout.StartRequest{Owner: "guest:1"})
			if err != nil {
				t.Errorf("tab %d: %v", i, err)
			}
			ids[i] = started.Record.ID
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("two checkouts: %v", ids)
		}
	}
	if got := s.level(mug); got.Reserved != 10 {
		t.Fatalf("%+v", got)
	}
}

func TestAdoptWhileTheCustomerStarts(t *testing.T) {
	s, m := onCommit(t, func(c checkout.Change) bool { return c.Record.Owner == "customer:7" })
	s.fill("guest:1", mug, 1)
	guest := s.ready("guest:1", payment.MethodRazorpay)
	s.fill("customer:7", sari, 1)
	m.hand = func() { s.check(errOf(s.Start(t.Context(), checkout.StartRequest{Owner: "customer:7"}))) }
	s.check(s.Adopt(t.Context(), "guest:1", "customer:7", 7))
	if got := s.load(guest.ID); got.Status() != checkout.StatusCancelled || s.level(mug).Reserved != 0 {
		t.Fatalf("the guest's is %s, %+v", got.Status(), s.level(mug))
	}
}

// TestAdoptWhileItCloses leaves nothing behind that would keep the customer from a checkout.
func TestAdoptWhileItCloses(t *testing.T) {
	s, m := onCommit(t, func(c checkout.Change) bool { return c.Record.Owner == "customer:7" })
	s.fill("guest:1", mug, 1)
	guest := s.ready("guest:1", payment.MethodRazorpay)
	m.hand = func() { s.check(errOf(s.Cancel(t.Context(), "guest:1", guest.ID, ""))) }
	s.check(s.Adopt(t.Context(), "guest:1", "customer:7", 7))
	if r, err := s.Current(t.Context(), "customer:7"); !errors.Is(err, checkout.ErrNotFound) {
		t.Fatalf("the customer's current checkout is %s (%s): %v", r.ID, r.Status(), err)
	}
}

// TestEverybodyAtOnce lets the customer's callback, the webhook, the poller, a cancellation, another Place and another
// Start meet on one paid checkout, many times over. The sale stands, once.
func TestEverybodyAtOnce(t *testing.T) {
	for range 200 {
		s := newShop(t)
		r := s.placed("guest:1", mug, 1)
		callback, err := s.gateway.Pay(r.Gateway.ID)
		s.check(err)
		s.clock.advance(time.Minute)
		ctx := t.Context()
		var wg sync.WaitGroup
		for _, act := range []func() error{
			func() error { return errOf(s.ConfirmPayment(ctx, "guest:1", r.ID, callback)) },
			func() error { return errOf(s.RecheckGatewayOrder(ctx, r.Gateway.ID)) },
			func() error { return errOf(s.Recheck(ctx, r.ID)) },
			func() error { return errOf(s.AdvanceDue(ctx, 5)) },
			func() error { return errOf(s.AdvanceDue(ctx, 5)) },
			func() error { return errOf(s.Cancel(ctx, "guest:1", r.ID, "")) },
			func() error { return errOf(s.Place(ctx, placeRequest(r))) },
			func() error { return errOf(s.Start(ctx, checkout.StartRequest{Owner: "guest:1"})) },
		} {
			wg.Go(func() {
				if err := act(); err != nil && !errors.Is(err, checkout.ErrEmptyCart) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		s.pass(2 * time.Minute)
		got := s.load(r.ID)
		if got.Status() != checkout.StatusOrdered || len(s.orders.All()) != 1 || len(got.Refunds) != 0 || len(got.Alerts) != 0 {
			t.Fatalf("%s, %d orders, refunds %v, alerts %v, %v", got.Status(), len(s.orders.All()), got.Refunds, got.Alerts, got.Timeline)
		}
		if level := s.level(mug); level.Sold != 1 || level.Allocated != 0 || s.notices.count(checkout.NoticeOrderConfirmed) != 1 {
			t.Fatalf("%+v, %d told", level, s.notices.count(checkout.NoticeOrderConfirmed))
		}
		s.conserved()
	}
}

// TestHerdOnTheLastPiece places, cancels and pays for one piece by many shoppers at once: it is sold once at most, and who
// paid in vain has the money back.
func TestHerdOnTheLastPiece(t *testing.T) {
	for range 10 {
		s := newShop(t)
		s.check(errOf(s.stock.Move(t.Context(), inventory.Move{
			Kind: inventory.Adjust, Ref: "count", Lines: []inventory.Held{{Key: keyOf(mug), Quantity: -9}},
		})))
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				owner := cart.Owner("guest:" + string(rune('a'+i)))
				if !buy(s, owner) {
					return
				}
				if r, err := s.Current(t.Context(), owner); err == nil {
					_, _ = s.Cancel(t.Context(), owner, r.ID, "")
				}
			})
		}
		wg.Wait()
		s.pass(time.Minute)
		if level := s.level(mug); level.Sold != 1 || level.OnHand != 0 || level.Allocated != 0 {
			t.Fatalf("%+v", level)
		}
		s.conserved()
	}
}

// TestTwoTabsShareAHold: the slower tab must not let go what the quicker one holds.
func TestTwoTabsShareAHold(t *testing.T) {
	s, m := onCommit(t, func(checkout.Change) bool { return true })
	s.fill("guest:1", mug, 4)
	var quicker checkout.Record
	m.hand = func() { quicker = s.start("guest:1") }
	slower := s.start("guest:1")
	if slower.ID != quicker.ID || slower.Reservation.ID != quicker.Reservation.ID || s.level(mug).Reserved != 4 {
		t.Fatalf("%+v, then %+v; %+v", quicker.Reservation, slower.Reservation, s.level(mug))
	}
}

// TestAdoptWhileItIsBought leaves a finished sale nobody's current checkout.
func TestAdoptWhileItIsBought(t *testing.T) {
	s, m := onCommit(t, func(c checkout.Change) bool { return c.Record.Owner == "customer:7" })
	r := s.placed("guest:1", mug, 1)
	m.hand = func() { s.pay(r) }
	s.check(s.Adopt(t.Context(), "guest:1", "customer:7", 7))
	if got, err := s.Current(t.Context(), "customer:7"); !errors.Is(err, checkout.ErrNotFound) {
		t.Fatalf("the customer's current checkout is %s (%s): %v", got.ID, got.Status(), err)
	}
	if got := s.load(r.ID); got.Owner != "customer:7" {
		t.Fatalf("it is %s's", got.Owner)
	}
}
