package paymenttest_test

import (
	"context"
	"errors"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// reported turns one outcome into another.
func reported(err, from error, to func(error) error) error {
	if errors.Is(err, from) {
		return to(err)
	}
	return err
}

func outcomeFaults() []fault {
	asRefused := func(error) error { return &payment.RefusedError{Op: "call", Reason: "timeout"} }
	asUnavailable := func(err error) error { return &payment.UnavailableError{Op: "call", Err: err} }
	asUnknown := func(err error) error { return &payment.UnknownError{Op: "call", Err: err} }
	createOrder := func(from error, to func(error) error) func(*fakegateway.Gateway, *altered) {
		return func(g *fakegateway.Gateway, a *altered) {
			a.createOrder = func(ctx context.Context, r payment.OrderRequest) (payment.Order, error) {
				o, err := g.CreateOrder(ctx, r)
				return o, reported(err, from, to)
			}
		}
	}
	return []fault{
		{"unknown is reported as refused", "an order whose reply was lost is unknown", createOrder(payment.ErrUnknown, asRefused)},
		{"unknown is reported as unavailable", "an order whose request was lost is unknown", createOrder(payment.ErrUnknown, asUnavailable)},
		{"unavailable is reported as unknown", "an unavailable gateway made no order", createOrder(payment.ErrUnavailable, asUnknown)},
		{"refused is reported as unavailable", "a refused order was not made", createOrder(payment.ErrRefused, asUnavailable)},
		{"two outcomes in one", "an order whose reply was lost is unknown", createOrder(payment.ErrUnknown, func(err error) error {
			return errors.Join(err, payment.ErrUnavailable)
		})},
		{"an unknown order is made again blindly", "an order whose reply was lost is unknown", func(g *fakegateway.Gateway, a *altered) {
			a.createOrder = func(ctx context.Context, r payment.OrderRequest) (payment.Order, error) {
				o, err := g.CreateOrder(ctx, r)
				if errors.Is(err, payment.ErrUnknown) {
					return g.CreateOrder(ctx, r)
				}
				return o, err
			}
		}},
		{"an unknown capture is reported as refused", "a capture whose reply was lost is unknown", func(g *fakegateway.Gateway, a *altered) {
			a.capture = func(ctx context.Context, id string, amount pricing.Money) (payment.Payment, error) {
				p, err := g.Capture(ctx, id, amount)
				return p, reported(err, payment.ErrUnknown, asRefused)
			}
		}},
		{"an unknown refund is reported as unavailable", "a refund whose reply was lost is unknown", func(g *fakegateway.Gateway, a *altered) {
			a.refund = func(ctx context.Context, r payment.RefundRequest) (payment.Refund, error) {
				made, err := g.Refund(ctx, r)
				return made, reported(err, payment.ErrUnknown, asUnavailable)
			}
		}},
		{"a read ends unknown", "a read never ends unknown", func(g *fakegateway.Gateway, a *altered) {
			a.findOrder = func(ctx context.Context, receipt string) (payment.Order, error) {
				o, err := g.FindOrder(ctx, receipt)
				return o, reported(err, payment.ErrUnavailable, asUnknown)
			}
		}},
		{"a lost read is an absent order", "a read never ends unknown", func(g *fakegateway.Gateway, a *altered) {
			a.findOrder = func(ctx context.Context, receipt string) (payment.Order, error) {
				o, err := g.FindOrder(ctx, receipt)
				return o, reported(err, payment.ErrUnavailable, func(error) error {
					return &payment.NotFoundError{What: "order", ID: receipt}
				})
			}
		}},
		{"the cause of an end by ctx is dropped", "a call ends with its context", createOrder(context.Canceled, func(err error) error {
			if errors.Is(err, payment.ErrUnavailable) {
				return err // that is another promise
			}
			return asUnknown(errors.New("timeout"))
		})},
		{"the context is looked at once", "a call ends with its context", func(g *fakegateway.Gateway, a *altered) {
			a.createOrder = func(ctx context.Context, r payment.OrderRequest) (payment.Order, error) {
				if ctx.Err() != nil {
					return payment.Order{}, asUnavailable(ctx.Err())
				}
				return g.CreateOrder(context.WithoutCancel(ctx), r)
			}
		}},
		{"an unfinished call is reported as not sent", "what a cancelled call says is true", func(g *fakegateway.Gateway, a *altered) {
			a.createOrder = func(ctx context.Context, r payment.OrderRequest) (payment.Order, error) {
				o, err := g.CreateOrder(ctx, r)
				if err == nil && ctx.Err() != nil { // the request was on its way
					return payment.Order{}, asUnavailable(ctx.Err())
				}
				return o, err
			}
		}},
		{"a cancelled call is acknowledged too early", "what a cancelled call says is true", func(g *fakegateway.Gateway, a *altered) {
			a.createOrder = func(ctx context.Context, r payment.OrderRequest) (payment.Order, error) {
				o, err := g.CreateOrder(ctx, r)
				if errors.Is(err, context.Canceled) {
					return payment.Order{ID: "order_1", Receipt: r.Receipt, Amount: r.Amount, Status: payment.OrderCreated}, nil
				}
				return o, err
			}
		}},
	}
}
