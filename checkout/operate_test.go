package checkout_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

func TestShippedAndDelivered(t *testing.T) {
	s := newShop(t)
	r := s.pay(s.placed("guest:1", mug, 1))
	shipped, err := s.RecordShipment(t.Context(), r.ID, checkout.Shipment{Carrier: "Delhivery", Tracking: "AWB1"}, "meera")
	s.check(err)
	if shipped.Status() != checkout.StatusShipped || s.level(mug).Shipped != 1 || s.notices.count(checkout.NoticeShipped) != 1 {
		t.Fatalf("%s, %+v", shipped.Status(), s.level(mug))
	}
	again, err := s.RecordShipment(t.Context(), r.ID, checkout.Shipment{Tracking: "AWB2"}, "meera")
	s.check(err)
	if again.Shipment.Tracking != "AWB1" || s.level(mug).Shipped != 1 {
		t.Fatal("a second shipment counted")
	}
	delivered, err := s.RecordDelivery(t.Context(), r.ID, time.Time{}, "meera")
	s.check(err)
	if delivered.Status() != checkout.StatusDelivered || delivered.DeliveredAt != s.clock.Now() {
		t.Fatalf("%s at %s", delivered.Status(), delivered.DeliveredAt)
	}
	s.conserved()
}

func TestOnlyWhatIsOrderedIsShipped(t *testing.T) {
	s := newShop(t)
	r := s.placed("guest:1", mug, 1)
	s.unchanged(r, func() error {
		return errOf(s.RecordShipment(t.Context(), r.ID, checkout.Shipment{}, "meera"))
	}, checkout.ErrInvalid)
	s.unchanged(r, func() error { return errOf(s.RecordDelivery(t.Context(), r.ID, time.Time{}, "meera")) }, checkout.ErrInvalid)
}

func TestRefusedOrderWaitsForAPerson(t *testing.T) {
	s := newShop(t)
	r := s.placed("guest:1", mug, 1)
	s.orders.before = []error{&checkout.RefusedError{Code: "woocommerce_rest_invalid_coupon", Reason: "no such coupon"}}
	callback, err := s.gateway.Pay(r.Gateway.ID)
	s.check(err)
	if _, err := s.ConfirmPayment(t.Context(), "guest:1", r.ID, callback); err != nil {
		t.Fatal(err)
	}
	s.pass(time.Hour)
	stuck := s.load(r.ID)
	if !stuck.Stuck() || len(stuck.Alerts) == 0 || len(stuck.Refunds) != 0 || s.level(mug).Allocated != 1 {
		t.Fatalf("stuck %v, alerts %v, refunds %v", stuck.Stuck(), stuck.Alerts, stuck.Refunds)
	}
	explained, err := s.Explain(t.Context(), r.ID)
	s.check(err)
	if explained.Next.Kind != checkout.EffectStuck || explained.Status != checkout.StatusPaid {
		t.Fatalf("%+v", explained.Next)
	}
	done, err := s.Retry(t.Context(), r.ID, "meera")
	s.check(err)
	if done.Status() != checkout.StatusOrdered || done.Stuck() {
		t.Fatalf("after Retry: %s", done.Status())
	}
}

// TestWooCommerceDownForAnHour has the store away by the clock, however often it is asked. The sale stands meanwhile, the
// shopper may buy something else, and the order follows within a minute or so of the store's return.
func TestWooCommerceDownForAnHour(t *testing.T) {
	s := newShop(t)
	r := s.placed("guest:1", mug, 1)
	s.orders.away = s.clock.Now().Add(time.Hour)
	if paid := s.pay(r); paid.Status() != checkout.StatusPaid {
		t.Fatalf("paid, and it is %s", paid.Status())
	}
	s.pass(5 * time.Minute)
	if view, err := s.carts.View(t.Context(), "guest:1"); err != nil || len(view.Lines) != 0 {
		t.Fatalf("what is paid for is still in the cart: %v %v", view.Lines, err)
	}
	s.fill("guest:1", sari, 1)
	if other := s.ready("guest:1", payment.MethodRazorpay); other.ID == r.ID {
		t.Fatal("no other checkout can begin")
	}
	s.pass(56*time.Minute + 30*time.Second)
	if got := s.load(r.ID); got.Status() != checkout.StatusOrdered || len(s.orders.All()) != 1 || len(got.Alerts) != 1 {
		t.Fatalf("%s, %+v, alerts %q", got.Status(), got.Intents, got.Alerts)
	}
}

func TestGivenUpAfterBoundedAttempts(t *testing.T) {
	s := newShop(t, func(c *checkout.Config) { c.Policy.MaxAttempts = 20 })
	s.orders.away = s.clock.Now().Add(time.Hour)
	r := s.pay(s.placed("guest:1", mug, 1))
	s.pass(30 * time.Minute)
	if got := s.load(r.ID); !got.Stuck() || got.Intents[0].Attempts != 20 || len(got.Alerts) != 2 || got.Intents[0].Error == "" {
		t.Fatalf("%+v, alerts %q", got.Intents, got.Alerts)
	}
	s.pass(7 * 24 * time.Hour)
	if got := s.load(r.ID); got.LookedAt.Before(got.Placed.At.Add(got.Policy.LatePayments)) {
		t.Fatalf("payments were last looked at on %s, placed on %s", got.LookedAt, got.Placed.At)
	}
	done, err := s.Retry(t.Context(), r.ID, "meera")
	if err != nil || done.Status() != checkout.StatusOrdered || done.Stuck() {
		t.Fatalf("%s %v", done.Status(), err)
	}
}

func TestOrderBeforePayment(t *testing.T) {
	s := newShop(t, func(c *checkout.Config) { c.Policy.OrderTiming = checkout.OrderBeforePayment })
	r := s.placed("guest:1", mug, 1)
	if r.Order == nil || s.orders.All()[0].Status != "pending" {
		t.Fatalf("order %+v", r.Order)
	}
	if paid := s.pay(r); paid.Status() != checkout.StatusOrdered || len(s.orders.All()) != 1 {
		t.Fatalf("%s", paid.Status())
	}
	unpaid := s.placed("guest:2", mug, 1)
	s.pass(31 * time.Minute)
	if o := s.orders.All()[1]; !o.Trashed() || s.load(unpaid.ID).Status() != checkout.StatusCancelled {
		t.Fatalf("the unpaid order is %q", o.Status)
	}
	s.conserved()
}

func TestStartingAgainFollowsTheCart(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 1)
	first, err := s.Start(t.Context(), checkout.StartRequest{Owner: "guest:1"})
	s.check(err)
	s.fill("guest:1", mug, 2)
	second, err := s.Start(t.Context(), checkout.StartRequest{Owner: "guest:1"})
	s.check(err)
	if second.Record.ID != first.Record.ID || s.level(mug).Reserved != 3 {
		t.Fatalf("ids %s and %s, %+v", first.Record.ID, second.Record.ID, s.level(mug))
	}
	s.fill("guest:1", mug, 100-93) // ten in all
	if _, err = s.Start(t.Context(), checkout.StartRequest{Owner: "guest:1"}); err != nil {
		t.Fatal(err)
	}
	if got := s.level(mug); got.Reserved != 10 {
		t.Fatalf("%+v", got)
	}
}

func TestOnePayableOrderAtATime(t *testing.T) {
	s := newShop(t)
	placed := s.placed("guest:1", mug, 1)
	again, err := s.Start(t.Context(), checkout.StartRequest{Owner: "guest:1"})
	if err != nil || again.Record.ID != placed.ID {
		t.Fatalf("%s %v, want the placed one", again.Record.ID, err)
	}
	s.fill("guest:1", sari, 1)
	_, err = s.Start(t.Context(), checkout.StartRequest{Owner: "guest:1"})
	var busy *checkout.InProgressError
	if !errors.As(err, &busy) || busy.ID != placed.ID {
		t.Fatalf("%v, want *InProgressError", err)
	}
	s.check(errOf(s.Cancel(t.Context(), "guest:1", placed.ID, "")))
	s.check(errOf(s.Start(t.Context(), checkout.StartRequest{Owner: "guest:1"})))
}

func TestAbandonedIsClosed(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 1)
	r := s.ready("guest:1", payment.MethodRazorpay)
	s.pass(61 * time.Minute)
	if got := s.load(r.ID); got.Status() != checkout.StatusCancelled || s.level(mug).Reserved != 0 {
		t.Fatalf("%s, %+v", got.Status(), s.level(mug))
	}
	s.check(errOf(s.Start(t.Context(), checkout.StartRequest{Owner: "guest:1"})))
}

func TestExpiredHoldIsTakenAgainWhenPlacing(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 1)
	r := s.ready("guest:1", payment.MethodRazorpay)
	s.clock.advance(16 * time.Minute)
	if got := s.level(mug); got.Reserved != 0 {
		t.Fatalf("%+v", got)
	}
	s.place(r)
	s.clock.advance(time.Minute)
	s.fill("guest:2", mug, 9)
	late := s.ready("guest:2", payment.MethodRazorpay)
	s.clock.advance(16 * time.Minute)
	s.sellOut(mug)
	s.unchanged(late, func() error { return errOf(s.Place(t.Context(), placeRequest(late))) }, checkout.ErrOutOfStock)
}

func TestAdopt(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 1)
	r := s.ready("guest:1", payment.MethodRazorpay)
	s.check(s.Adopt(t.Context(), "guest:1", "customer:7", 7))
	s.check(s.Adopt(t.Context(), "guest:1", "customer:7", 7))
	if _, err := s.Get(t.Context(), "guest:1", r.ID); !errors.Is(err, checkout.ErrNotFound) {
		t.Fatalf("the guest still sees it: %v", err)
	}
	got, err := s.Current(t.Context(), "customer:7")
	if err != nil || got.ID != r.ID || got.CustomerID != 7 || s.level(mug).Reserved != 1 {
		t.Fatalf("%s %v, %+v", got.ID, err, s.level(mug))
	}
	s.fill("guest:2", mug, 1)
	other := s.ready("guest:2", payment.MethodRazorpay)
	s.check(s.Adopt(t.Context(), "guest:2", "customer:7", 7))
	if got := s.load(other.ID); got.Status() != checkout.StatusCancelled || s.level(mug).Reserved != 1 {
		t.Fatalf("the second one is %s, %+v", got.Status(), s.level(mug))
	}
}

func TestHoldCart(t *testing.T) {
	s := newShop(t, func(c *checkout.Config) { c.Policy.ReserveAt = checkout.ReserveAtCart })
	ctx := t.Context()
	view, err := s.carts.Add(ctx, "guest:1", mug.Ref, 6)
	s.check(err)
	s.check(s.HoldCart(ctx, cart.Cart{}, view.Cart))
	if got := s.level(mug); got.Reserved != 6 {
		t.Fatalf("%+v", got)
	}
	before := view.Cart
	view, err = s.carts.Add(ctx, "guest:1", mug.Ref, 2)
	s.check(err)
	s.check(s.HoldCart(ctx, before, view.Cart))
	if got := s.level(mug); got.Reserved != 8 {
		t.Fatalf("%+v", got)
	}
	rival, err := s.carts.Add(ctx, "guest:2", mug.Ref, 3)
	s.check(err)
	if err := s.HoldCart(ctx, cart.Cart{}, rival.Cart); !errors.Is(err, checkout.ErrOutOfStock) {
		t.Fatal(err)
	}
	s.place(s.ready("guest:1", payment.MethodRazorpay))
	if got := s.level(mug); got.Reserved != 0 || got.Allocated != 8 {
		t.Fatalf("Start did not take the hold over: %+v", got)
	}
}

func TestRunFinishesWhatIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		r := s.placed("guest:1", mug, 1)
		_, err := s.gateway.Pay(r.Gateway.ID) // the browser was closed
		s.check(err)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.Run(ctx) }()
		for range 90 {
			s.clock.advance(time.Second)
			time.Sleep(time.Second)
		}
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run ended with %v", err)
		}
		if got := s.load(r.ID); got.Status() != checkout.StatusOrdered {
			t.Errorf("%s", got.Status())
		}
	})
}

// TestRunDoesNotPauseWhileThereIsWork has more due than one round takes.
func TestRunDoesNotPauseWhileThereIsWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		for i := range 120 {
			s.fill(cart.Owner(fmt.Sprintf("guest:%d", i)), eBook, 1)
			s.start(cart.Owner(fmt.Sprintf("guest:%d", i)))
		}
		s.clock.advance(2 * time.Hour)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		if err := s.Run(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Run ended with %v", err)
		}
		all, err := s.store.All()
		s.check(err)
		for _, r := range all {
			if r.Closing == nil {
				t.Fatal("an abandoned checkout is still open")
			}
		}
	})
}

func TestFourReplicasDoEverythingOnce(t *testing.T) {
	s := newShop(t)
	for i := range 5 {
		r := s.placed(cart.Owner("guest:"+string(rune('a'+i))), mug, 1)
		_, err := s.gateway.Pay(r.Gateway.ID)
		s.check(err)
	}
	s.clock.advance(2 * time.Minute)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 20 {
				if _, err := s.AdvanceDue(t.Context(), 2); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n := len(s.orders.All()); n != 5 || s.level(mug).Sold != 5 || s.notices.count(checkout.NoticeOrderConfirmed) != 5 {
		t.Fatalf("%d orders, %d told, %+v", n, s.notices.count(checkout.NoticeOrderConfirmed), s.level(mug))
	}
	s.conserved()
}
