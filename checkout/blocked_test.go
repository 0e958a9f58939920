package checkout_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// start begins a checkout of whatever is in the cart.
func (s *shop) start(owner cart.Owner) checkout.Record {
	s.t.Helper()
	started, err := s.Start(s.t.Context(), checkout.StartRequest{Owner: owner})
	s.check(err)
	return started.Record
}

// TestAChosenRateThatIsGoneDoesNotBlock puts so much into the cart that the rate chosen before is no longer offered.
func TestAChosenRateThatIsGoneDoesNotBlock(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 1)
	before := s.ready("guest:1", payment.MethodRazorpay)
	s.fill("guest:1", mug, 2) // beyond the threshold of free shipping, which hides the other rate
	after := s.start("guest:1")
	if after.ID != before.ID || after.ShippingRate == before.ShippingRate || after.ShippingRate == "" {
		t.Fatalf("the rate was %q and is %q", before.ShippingRate, after.ShippingRate)
	}
	s.place(after)
}

// TestSigningInDoesNotBlock merges a guest's cart into a customer's in the middle of a checkout.
func TestSigningInDoesNotBlock(t *testing.T) {
	s := newShop(t)
	ctx := t.Context()
	s.fill("guest:1", mug, 8)
	guest := s.ready("guest:1", payment.MethodRazorpay)
	s.fill("customer:7", sari, 1)
	s.check(s.Adopt(ctx, "guest:1", "customer:7", 7))
	_, _, err := s.carts.Merge(ctx, "guest:1", "customer:7", cart.MergeLarger)
	s.check(err)
	r := s.start("customer:7")
	if r.ID != guest.ID || s.level(mug).Reserved != 8 || s.level(sari).Reserved != 1 {
		t.Fatalf("%s, then %s; %+v %+v", guest.ID, r.ID, s.level(mug), s.level(sari))
	}
	s.pay(s.place(s.ready("customer:7", payment.MethodRazorpay)))
	if view, err := s.carts.View(ctx, "customer:7"); err != nil || len(view.Lines) != 0 {
		t.Fatalf("%v %v", view.Lines, err)
	}
}

// TestACartBoughtBeforeSigningInIsCleared signs in between placing and paying.
func TestACartBoughtBeforeSigningInIsCleared(t *testing.T) {
	s := newShop(t)
	r := s.placed("guest:1", mug, 1)
	s.check(s.Adopt(t.Context(), "guest:1", "customer:7", 7))
	_, _, err := s.carts.Merge(t.Context(), "guest:1", "customer:7", cart.MergeLarger)
	s.check(err)
	s.pay(s.load(r.ID))
	if view, err := s.carts.View(t.Context(), "customer:7"); err != nil || len(view.Lines) != 0 {
		t.Fatalf("what was bought is still in the cart: %v %v", view.Lines, err)
	}
}

// TestAnotherCartStays edits the cart between placing and paying.
func TestAnotherCartStays(t *testing.T) {
	s := newShop(t)
	r := s.placed("guest:1", mug, 1)
	s.fill("guest:1", sari, 1)
	s.pay(r)
	if view, err := s.carts.View(t.Context(), "guest:1"); err != nil || len(view.Lines) != 2 {
		t.Fatalf("%v %v", view.Lines, err)
	}
	s.start("guest:1")
}

// brokenCarts can be read and not written.
type brokenCarts struct{ cart.Store }

func (brokenCarts) Save(context.Context, cart.Cart, int64) (cart.Cart, error) {
	return cart.Cart{}, errors.New("read only")
}

func TestACartThatCannotBeClearedDoesNotBlock(t *testing.T) {
	s := newShop(t, func(c *checkout.Config) { c.Carts, c.Policy.MaxAttempts = brokenCarts{c.Carts}, 3 })
	r := s.pay(s.placed("guest:1", mug, 1))
	if again := s.start("guest:1"); again.ID != r.ID {
		t.Fatal("the same cart is sold twice while it is being cleared")
	}
	s.pass(10 * time.Minute)
	if got := s.load(r.ID); got.CartCleared || !got.Stuck() || s.notices.count(checkout.NoticeOrderConfirmed) != 1 {
		t.Fatalf("cleared %v, %+v", got.CartCleared, got.Intents)
	}
	if again := s.start("guest:1"); again.ID == r.ID {
		t.Fatal("the shopper is kept from buying the same again")
	}
}

// TestARemovedPaymentMethod takes a method out of the configuration while an order waits to be paid by it. Its stock stays
// claimed as long as nobody can look; the shopper goes on with another cart; when the method is back all is put right.
func TestARemovedPaymentMethod(t *testing.T) {
	s := newShop(t)
	r := s.placed("guest:1", mug, 1)
	with := s.Service
	s.reopenShop(func(c *checkout.Config) { c.Payments = c.Payments[1:] })
	if _, err := s.ConfirmPayment(t.Context(), "guest:1", r.ID, payment.Callback{}); !errors.Is(err, checkout.ErrPaymentMismatch) {
		t.Fatal(err)
	}
	s.pass(40 * time.Minute)
	got := s.load(r.ID)
	if got.Status() != checkout.StatusPendingPayment || s.level(mug).Allocated != 1 || len(got.Alerts) == 0 || got.DueAt.IsZero() {
		t.Fatalf("%s, %+v, alerts %v, due %s", got.Status(), s.level(mug), got.Alerts, got.DueAt)
	}
	if again := s.start("guest:1"); again.ID != r.ID {
		t.Fatal("the same cart is offered twice")
	}
	s.fill("guest:1", sari, 1)
	if other := s.start("guest:1"); other.ID == r.ID {
		t.Fatal("the shopper is blocked")
	}
	s.Service = with
	s.pass(2 * time.Minute)
	if got := s.load(r.ID); got.Status() != checkout.StatusCancelled || s.level(mug).Allocated != 0 {
		t.Fatalf("%s, %+v", got.Status(), s.level(mug))
	}
}

// TestAnUnpaidOrderIsLookedAtWhenStartingAnew has nobody run the background work.
func TestAnUnpaidOrderIsLookedAtWhenStartingAnew(t *testing.T) {
	s := newShop(t)
	r := s.placed("guest:1", mug, 1)
	s.clock.advance(time.Hour)
	if again := s.start("guest:1"); again.ID == r.ID || s.load(r.ID).Status() != checkout.StatusCancelled {
		t.Fatalf("%s, the first is %s", again.ID, s.load(r.ID).Status())
	}
	paid := s.placed("guest:2", mug, 1)
	_, err := s.gateway.Pay(paid.Gateway.ID)
	s.check(err)
	s.clock.advance(time.Hour)
	if again := s.start("guest:2"); again.ID != paid.ID || again.Status() != checkout.StatusOrdered {
		t.Fatalf("%s is %s", again.ID, again.Status())
	}
}

// TestAHoldOnTheCartAndACheckout edits the cart after the checkout began, in a shop that reserves at the cart.
func TestAHoldOnTheCartAndACheckout(t *testing.T) {
	s := newShop(t, func(c *checkout.Config) { c.Policy.ReserveAt = checkout.ReserveAtCart })
	var before cart.Cart
	hold := func(n int64) {
		t.Helper()
		view, err := s.carts.Add(t.Context(), "guest:1", mug.Ref, n)
		s.check(err)
		s.check(s.HoldCart(t.Context(), before, view.Cart))
		before = view.Cart
	}
	reserved := func(want int64) {
		t.Helper()
		if got := s.level(mug); got.Reserved != want {
			t.Fatalf("%+v, want %d reserved", got, want)
		}
	}
	hold(6)
	s.clock.advance(10 * time.Minute)
	s.start("guest:1")
	reserved(6)
	s.clock.advance(10 * time.Minute)
	reserved(6) // the checkout made it last
	hold(4)
	reserved(10)
	s.start("guest:1")
	reserved(10)
	s.place(s.ready("guest:1", payment.MethodRazorpay))
	if got := s.level(mug); got.Allocated != 10 || got.Reserved != 0 {
		t.Fatalf("%+v", got)
	}
}

// TestStartingAgainRenewsTheHold starts the same cart again, shortly before and after its hold ends.
func TestStartingAgainRenewsTheHold(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 10)
	first := s.start("guest:1")
	s.clock.advance(14 * time.Minute)
	second := s.start("guest:1")
	if second.ID != first.ID || !second.Reservation.ExpiresAt.Equal(s.clock.Now().Add(15*time.Minute)) {
		t.Fatalf("held until %s", second.Reservation.ExpiresAt)
	}
	s.clock.advance(16 * time.Minute)
	if third := s.start("guest:1"); third.ID != first.ID || s.level(mug).Reserved != 10 {
		t.Fatalf("%+v", s.level(mug))
	}
}
