package checkout_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// giveBack refunds a payment in the gateway's own dashboard.
func (s *shop) giveBack(r checkout.Record) {
	s.t.Helper()
	payments, err := s.gateway.Payments(s.t.Context(), r.Gateway.ID)
	s.check(err)
	s.check(errOf(s.gateway.Refund(s.t.Context(), payment.RefundRequest{
		PaymentID: payments[0].ID, Amount: payments[0].Amount, Key: "dashboard-" + payments[0].ID,
	})))
}

// TestRefundedInTheDashboard gives the money of a finished sale back behind our back: the order stays a fact, nothing more
// is sent, and the shopper reads that it was refunded.
func TestRefundedInTheDashboard(t *testing.T) {
	s := newShop(t)
	r := s.pay(s.placed("guest:1", mug, 1))
	s.giveBack(r)
	s.pass(26 * time.Hour)
	got := s.load(r.ID)
	if got.Status() != checkout.StatusRefunded || got.Closing != nil || s.level(mug).Sold != 1 || s.effective(r.Token) != 1 {
		t.Fatalf("%s, closing %+v, %+v", got.Status(), got.Closing, s.level(mug))
	}
}

// TestRefundedBeforeTheOrderTookEffect gives the money back while the store is away. The order must not take effect, least
// of all as one to be paid on delivery.
func TestRefundedBeforeTheOrderTookEffect(t *testing.T) {
	for _, lost := range []error{checkout.ErrUnavailable, checkout.ErrUnknown} {
		s := newShop(t, func(c *checkout.Config) { c.Policy.OrderTiming = checkout.OrderBeforePayment })
		r := s.placed("guest:1", mug, 1)
		s.orders.before = []error{lost}
		s.check(errOf(s.gateway.Pay(r.Gateway.ID)))
		s.check(errOf(s.Recheck(t.Context(), r.ID)), lost)
		s.giveBack(r)
		s.check(errOf(s.Recheck(t.Context(), r.ID)))
		s.pass(40 * time.Minute)
		got := s.load(r.ID)
		if got.Status() != checkout.StatusRefunded || s.effective(r.Token) != 0 || s.level(mug).Allocated != 0 || len(got.Intents) != 0 {
			t.Fatalf("%v: %s, %+v, %+v", lost, got.Status(), got.Intents, s.level(mug))
		}
		s.conserved()
	}
}

// TestAShortPaymentAndThenTheRest: what was short goes back, and the window stays open for a payment that is not.
func TestAShortPaymentAndThenTheRest(t *testing.T) {
	s := newShop(t)
	r := s.placed("guest:1", mug, 1)
	pending := payment.Payment{
		ID: "pay_00000000000001", OrderID: r.Gateway.ID, Amount: short, Refunded: short, Status: payment.StatusRefunded, CreatedAt: t0,
	}
	r.Payments = r.Payments.Fold(pending)
	if got := r.Status(); got != checkout.StatusPendingPayment {
		t.Fatalf("%s, although it can still be paid", got)
	}
	paid("2", payment.StatusCaptured, r.Gateway.Amount)(&r)
	if e := checkout.Next(r, s.clock.Now()); e.Kind != checkout.EffectCreateOrder {
		t.Fatalf("%+v", e)
	}
}

// TestASecondLatePaymentComesToo pays twice after the stock is gone, the second time days after the first was refunded and
// with nobody telling us.
func TestASecondLatePaymentComesToo(t *testing.T) {
	s := newShop(t)
	r := s.placed("guest:1", mug, 1)
	s.pass(31 * time.Minute)
	s.sellOut(mug)
	s.check(s.gateway.Plant(fakegateway.Fault{Op: fakegateway.OpPay, Kind: fakegateway.CaptureTwice}))
	hidden := &hiding{Gateway: s.gateway, until: s.clock.Now().Add(48 * time.Hour), now: s.clock.Now}
	s.reopenShop(func(c *checkout.Config) { c.Payments[0].Gateway = hidden })
	s.check(errOf(s.gateway.Pay(r.Gateway.ID)))
	s.pass(4 * 24 * time.Hour)
	got := s.load(r.ID)
	if took, gave := s.moneyOf(got); took != gave || len(got.Refunds) != 2 || got.Status() != checkout.StatusRefunded {
		t.Fatalf("%s: %d paise taken, %d given back", got.Status(), took, gave)
	}
}

// hiding shows only the first payment of an order at first.
type hiding struct {
	*fakegateway.Gateway
	until time.Time
	now   func() time.Time
}

func (h *hiding) Payments(ctx context.Context, id string) ([]payment.Payment, error) {
	seen, err := h.Gateway.Payments(ctx, id)
	if h.now().Before(h.until) && len(seen) > 1 {
		seen = seen[:1]
	}
	return seen, err
}

// TestTheGatewayRefusesTheOrder asks for less than a gateway takes.
func TestTheGatewayRefusesTheOrder(t *testing.T) {
	s := newShop(t)
	s.catalog.SetPrice(eBook.Ref, decimal.RequireFromString("0.50"))
	s.fill("guest:1", eBook, 1)
	ready := s.ready("guest:1", payment.MethodRazorpay)
	r, err := s.Place(t.Context(), placeRequest(ready))
	if !errors.Is(err, checkout.ErrClosed) || !errors.Is(err, payment.ErrRefused) || r.Status() != checkout.StatusCancelled {
		t.Fatalf("%v, %s", err, r.Status())
	}
	if again := s.start("guest:1"); again.ID == r.ID {
		t.Fatal("the shopper is blocked")
	}
}

func TestACancelledOrderIsNotOffered(t *testing.T) {
	s := newShop(t)
	r := s.placed("guest:1", mug, 1)
	s.check(errOf(s.Cancel(t.Context(), "guest:1", r.ID, "")))
	if got, err := s.Place(t.Context(), placeRequest(r)); !errors.Is(err, checkout.ErrClosed) || got.ID != r.ID {
		t.Fatalf("%v %s", err, got.ID)
	}
}

func TestConfirmingAgainAsksNobody(t *testing.T) {
	s := newShop(t)
	r := s.placed("guest:1", mug, 1)
	callback, err := s.gateway.Pay(r.Gateway.ID)
	s.check(err)
	for range 5 {
		if got, err := s.ConfirmPayment(t.Context(), "guest:1", r.ID, callback); err != nil || got.Status() != checkout.StatusOrdered {
			t.Fatalf("%s %v", got.Status(), err)
		}
	}
	if n := s.gateway.Calls(fakegateway.OpPayments); n != 1 {
		t.Fatalf("the gateway was asked %d times", n)
	}
}

func TestAFreeOrder(t *testing.T) {
	for _, m := range []payment.Method{payment.MethodRazorpay, payment.MethodCOD} {
		s := newShop(t)
		s.catalog.SetPrice(eBook.Ref, decimal.Zero)
		s.fill("guest:1", eBook, 1)
		r := s.place(s.ready("guest:1", m))
		if r.Status() != checkout.StatusOrdered || r.Gateway != nil || !s.orders.All()[0].Paid() {
			t.Fatalf("%s: %s, gateway %v", m, r.Status(), r.Gateway)
		}
	}
}

// failingRefunds is a gateway whose refunds do not arrive.
type failingRefunds struct{ *fakegateway.Gateway }

func (g failingRefunds) Refund(_ context.Context, r payment.RefundRequest) (payment.Refund, error) {
	return payment.Refund{ID: "rfnd_1", PaymentID: r.PaymentID, Key: r.Key, Amount: r.Amount, Status: payment.RefundFailed}, nil
}

// TestARefundThatFailedIsNoRefund: the money is still with us, and a person is told.
func TestARefundThatFailedIsNoRefund(t *testing.T) {
	s := newShop(t, func(c *checkout.Config) {
		c.Payments[0].Gateway = failingRefunds{c.Payments[0].Gateway.(*fakegateway.Gateway)}
	})
	r := s.placed("guest:1", mug, 1)
	s.pass(31 * time.Minute)
	s.sellOut(mug)
	s.check(errOf(s.gateway.Pay(r.Gateway.ID)))
	s.pass(2 * time.Hour)
	if got := s.load(r.ID); len(got.Refunds) != 0 || !got.Stuck() || got.Status() != checkout.StatusCancelled || len(got.Alerts) != 2 {
		t.Fatalf("%s, refunds %v, alerts %q", got.Status(), got.Refunds, got.Alerts)
	}
}
