package paymenttest_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/payment/paymenttest"
	"github.com/ankkor/ankkor/pricing"
)

const keySecret = "EnLs21M47BllR3X8PSFtjtbd"

// gateway is everything a good one can do. The faulty ones embed it and do one thing differently.
type gateway interface {
	payment.Gateway
	payment.Refunder
	payment.PaymentVerifier
}

// goodHarness is the harness around a gateway without faults, and that gateway.
func goodHarness(t *testing.T) (paymenttest.Harness, *fakegateway.Gateway) {
	t.Helper()
	var passed atomic.Int64
	g, err := fakegateway.New(fakegateway.Config{
		KeySecret: payment.NewSecret(keySecret),
		Now:       func() time.Time { return time.Unix(1785585600, passed.Load()) },
	})
	if err != nil {
		t.Fatal(err)
	}
	h := hands{g, &passed}
	return paymenttest.Harness{Gateway: g, Verifier: g, Customer: h, Faults: h, Sign: sign}, g
}

func sign(message string) string {
	mac := hmac.New(sha256.New, []byte(keySecret))
	mac.Write([]byte(message))
	return hex.EncodeToString(mac.Sum(nil))
}

type hands struct {
	gateway *fakegateway.Gateway
	passed  *atomic.Int64
}

func (h hands) Authorize(t *testing.T, orderID string) payment.Callback {
	t.Helper()
	return must(h.gateway.Authorize(orderID))(t)
}

func (h hands) Fail(t *testing.T, orderID string) string {
	t.Helper()
	return must(h.gateway.Fail(orderID))(t).ID
}

func (h hands) PayLate(t *testing.T, orderID string, after time.Duration) string {
	t.Helper()
	return must(h.gateway.PayLate(orderID, after))(t).ID
}

func (h hands) Pass(_ *testing.T, d time.Duration) { h.passed.Add(int64(d)) }

func (h hands) Plant(t *testing.T, call paymenttest.Call, fault paymenttest.Fault) {
	t.Helper()
	f := fakegateway.Fault{Op: fakegateway.Op(call), Kind: fakegateway.Kind(fault)}
	if fault == paymenttest.Hang {
		f.Kind, f.Delay = fakegateway.Slow, 200*time.Millisecond // long, yet a gateway that ignores its ctx ends some day
	}
	if err := h.gateway.Plant(f); err != nil {
		t.Fatal(err)
	}
}

func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// altered is a gateway of which single methods are replaced.
type altered struct {
	gateway
	createOrder func(ctx context.Context, r payment.OrderRequest) (payment.Order, error)
	findOrder   func(ctx context.Context, receipt string) (payment.Order, error)
	payments    func(ctx context.Context, orderID string) ([]payment.Payment, error)
	capture     func(ctx context.Context, paymentID string, amount pricing.Money) (payment.Payment, error)
	refund      func(ctx context.Context, r payment.RefundRequest) (payment.Refund, error)
	findRefund  func(ctx context.Context, paymentID, key string) (payment.Refund, error)
	verify      func(storedOrderID string, c payment.Callback) error
}

func (a altered) CreateOrder(ctx context.Context, r payment.OrderRequest) (payment.Order, error) {
	if a.createOrder != nil {
		return a.createOrder(ctx, r)
	}
	return a.gateway.CreateOrder(ctx, r)
}

func (a altered) FindOrder(ctx context.Context, receipt string) (payment.Order, error) {
	if a.findOrder != nil {
		return a.findOrder(ctx, receipt)
	}
	return a.gateway.FindOrder(ctx, receipt)
}

func (a altered) Payments(ctx context.Context, orderID string) ([]payment.Payment, error) {
	if a.payments != nil {
		return a.payments(ctx, orderID)
	}
	return a.gateway.Payments(ctx, orderID)
}

func (a altered) Capture(ctx context.Context, paymentID string, amount pricing.Money) (payment.Payment, error) {
	if a.capture != nil {
		return a.capture(ctx, paymentID, amount)
	}
	return a.gateway.Capture(ctx, paymentID, amount)
}

func (a altered) Refund(ctx context.Context, r payment.RefundRequest) (payment.Refund, error) {
	if a.refund != nil {
		return a.refund(ctx, r)
	}
	return a.gateway.Refund(ctx, r)
}

func (a altered) FindRefund(ctx context.Context, paymentID, key string) (payment.Refund, error) {
	if a.findRefund != nil {
		return a.findRefund(ctx, paymentID, key)
	}
	return a.gateway.FindRefund(ctx, paymentID, key)
}

func (a altered) VerifyPayment(storedOrderID string, c payment.Callback) error {
	if a.verify != nil {
		return a.verify(storedOrderID, c)
	}
	return a.gateway.VerifyPayment(storedOrderID, c)
}

func TestAGoodGatewayPasses(t *testing.T) {
	paymenttest.Run(t, func(t *testing.T) paymenttest.Harness {
		h, g := goodHarness(t)
		h.Gateway = altered{gateway: g}
		return h
	})
}

// What a harness cannot do is skipped, not failed, and not passed in silence.
func TestABareGatewayPasses(t *testing.T) {
	paymenttest.Run(t, func(t *testing.T) paymenttest.Harness {
		_, g := goodHarness(t)
		return paymenttest.Harness{Gateway: struct{ payment.Gateway }{g}, Amount: pricing.Paise(100000)}
	})
}
