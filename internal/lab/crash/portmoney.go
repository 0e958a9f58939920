package crash

import (
	"context"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// gateway takes payments and gives them back.
type gateway struct {
	payment.Gateway
	*Points
}

var _ payment.Refunder = gateway{}

func (g gateway) CreateOrder(ctx context.Context, r payment.OrderRequest) (payment.Order, error) {
	return call(ctx, g.Points, "Gateway.CreateOrder", func() (payment.Order, error) { return g.Gateway.CreateOrder(ctx, r) })
}

func (g gateway) FindOrder(ctx context.Context, receipt string) (payment.Order, error) {
	none := func() (payment.Order, error) { return payment.Order{}, payment.ErrNotFound }
	return read(ctx, g.Points, "Gateway.FindOrder", receipt, none, func() (payment.Order, error) {
		return g.Gateway.FindOrder(ctx, receipt)
	})
}

func (g gateway) Payments(ctx context.Context, orderID string) ([]payment.Payment, error) {
	none := func() ([]payment.Payment, error) { return nil, nil }
	return read(ctx, g.Points, "Gateway.Payments", orderID, none, func() ([]payment.Payment, error) {
		return g.Gateway.Payments(ctx, orderID)
	})
}

func (g gateway) Capture(ctx context.Context, paymentID string, amount pricing.Money) (payment.Payment, error) {
	return call(ctx, g.Points, "Gateway.Capture", func() (payment.Payment, error) { return g.Gateway.Capture(ctx, paymentID, amount) })
}

// refunder is the gateway's other half. A gateway of a World has it.
func (g gateway) refunder() payment.Refunder {
	r, _ := g.Gateway.(payment.Refunder)
	return r
}

func (g gateway) Refund(ctx context.Context, r payment.RefundRequest) (payment.Refund, error) {
	return call(ctx, g.Points, "Gateway.Refund", func() (payment.Refund, error) { return g.refunder().Refund(ctx, r) })
}

func (g gateway) FindRefund(ctx context.Context, paymentID, key string) (payment.Refund, error) {
	none := func() (payment.Refund, error) { return payment.Refund{}, payment.ErrNotFound }
	return read(ctx, g.Points, "Gateway.FindRefund", paymentID+" "+key, none, func() (payment.Refund, error) {
		return g.refunder().FindRefund(ctx, paymentID, key)
	})
}

// verifier checks what a browser brings. It has no context: the process is known when it is made.
type verifier struct {
	payment.PaymentVerifier
	*Points
	process int
}

func (v verifier) VerifyPayment(storedOrderID string, c payment.Callback) error {
	return act(as(context.Background(), v.process), v.Points, "Verifier.VerifyPayment", func() error {
		return v.PaymentVerifier.VerifyPayment(storedOrderID, c)
	})
}
