package checkout_test

import (
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// TestAnImpatientPageDoesNotUseUpTheAttempts: while the store is away, a page that confirms the payment every other second
// is no reason to give the order up.
func TestAnImpatientPageDoesNotUseUpTheAttempts(t *testing.T) {
	s := newShop(t)
	r := s.placed("guest:1", mug, 1)
	callback, err := s.gateway.Pay(r.Gateway.ID)
	s.check(err)
	back := s.clock.Now().Add(time.Hour)
	s.orders.away = back
	for s.clock.Now().Before(back) {
		paid, err := s.ConfirmPayment(t.Context(), "guest:1", r.ID, callback)
		if s.check(err); paid.Status() != checkout.StatusPaid {
			t.Fatalf("the shopper who has paid is told %s", paid.Status())
		}
		s.clock.advance(2 * time.Second)
	}
	if got := s.load(r.ID); got.Stuck() {
		t.Errorf("given up after %d attempts", got.Intents[0].Attempts)
	}
	s.pass(2 * time.Minute)
	s.soldOnce(r)
}

// TestAnImpatientShopperAtAClosedGateway: placing again and again while the gateway is away leaves the order placeable.
func TestAnImpatientShopperAtAClosedGateway(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 1)
	ready := s.ready("guest:1", payment.MethodRazorpay)
	s.check(s.gateway.Plant(fakegateway.Fault{Op: fakegateway.OpCreateOrder, Kind: fakegateway.Unavailable, Times: 1_000_000}))
	for range 25 * 12 { // of the thirty minutes that there are to pay
		_, err := s.Place(t.Context(), placeRequest(ready))
		s.check(err, checkout.ErrUnavailable)
		s.clock.advance(5 * time.Second)
	}
	if got := s.load(ready.ID); got.Stuck() {
		t.Errorf("given up after %d attempts", got.Intents[0].Attempts)
	}
	if n := s.gateway.Calls(fakegateway.OpCreateOrder); n > 60 {
		t.Errorf("a gateway that is away was called %d times", n)
	}
}
