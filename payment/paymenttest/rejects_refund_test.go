package paymenttest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

func refundFaults() []fault {
	return []fault{
		{"the refund key is ignored", "the same refund asked again is the same refund", func(g *fakegateway.Gateway, a *altered) {
			var count atomic.Int64
			a.refund = func(ctx context.Context, r payment.RefundRequest) (payment.Refund, error) {
				key := r.Key
				if r.Validate() == nil {
					r.Key = fmt.Sprintf("%s-%d", r.Key, count.Add(1))
				}
				made, err := g.Refund(ctx, r)
				made.Key = key
				return made, err
			}
			a.findRefund = func(_ context.Context, id, key string) (payment.Refund, error) {
				for _, r := range g.Refunds(id) {
					if strings.HasPrefix(r.Key, key+"-") {
						return r, nil
					}
				}
				return payment.Refund{}, &payment.NotFoundError{What: "refund", ID: key}
			}
		}},
		{"the key alone decides", "the same key for another amount is refused", func(g *fakegateway.Gateway, a *altered) {
			a.refund = func(ctx context.Context, r payment.RefundRequest) (payment.Refund, error) {
				if found, err := g.FindRefund(ctx, r.PaymentID, r.Key); err == nil {
					return found, nil
				}
				return g.Refund(ctx, r)
			}
		}},
		{"a key serves one payment only", "one key serves two payments", func(g *fakegateway.Gateway, a *altered) {
			var made sync.Map
			a.refund = func(ctx context.Context, r payment.RefundRequest) (payment.Refund, error) {
				if before, ok := made.Load(r.Key); ok && before.(payment.Refund).Amount == r.Amount {
					return before.(payment.Refund), nil
				}
				done, err := g.Refund(ctx, r)
				if err == nil {
					made.Store(r.Key, done)
				}
				return done, err
			}
		}},
		{"too much is cut to what is left", "refunds never exceed the capture", func(g *fakegateway.Gateway, a *altered) {
			a.refund = func(ctx context.Context, r payment.RefundRequest) (payment.Refund, error) {
				made, err := g.Refund(ctx, r)
				for ; errors.Is(err, payment.ErrRefused) && r.Amount.Minor() > 40000; made, err = g.Refund(ctx, r) {
					r.Amount = pricing.Paise(r.Amount.Minor() - 1)
				}
				return made, err
			}
		}},
		{"look, then refund", "refunds at once with one key are one refund", func(g *fakegateway.Gateway, a *altered) {
			var count atomic.Int64
			meet := meeting(2)
			a.refund = func(ctx context.Context, r payment.RefundRequest) (payment.Refund, error) {
				_, err := g.FindRefund(ctx, r.PaymentID, r.Key)
				if errors.Is(err, payment.ErrNotFound) && r.Validate() == nil {
					meet()
					if n := count.Add(1); n > 1 { // each that saw none makes its own
						r.Key = fmt.Sprintf("%s-%d", r.Key, n)
					}
				}
				return g.Refund(ctx, r)
			}
		}},
		{"an authorisation is refunded", "a payment that was not captured is not refunded", func(g *fakegateway.Gateway, a *altered) {
			a.refund = func(ctx context.Context, r payment.RefundRequest) (payment.Refund, error) {
				made, err := g.Refund(ctx, r)
				if errors.Is(err, payment.ErrRefused) && len(g.Refunds(r.PaymentID)) == 0 {
					return payment.Refund{ID: "rfnd_1", PaymentID: r.PaymentID, Key: r.Key, Amount: r.Amount}, nil
				}
				return made, err
			}
		}},
		{"FindRefund takes any refund of the payment", "a refund is found by its key", func(g *fakegateway.Gateway, a *altered) {
			a.findRefund = func(ctx context.Context, id, key string) (payment.Refund, error) {
				if refunds := g.Refunds(id); len(refunds) > 0 {
					return refunds[0], nil
				}
				return g.FindRefund(ctx, id, key)
			}
		}},
		{"nothing refunds all", "a malformed refund is invalid and not sent", func(g *fakegateway.Gateway, a *altered) {
			a.refund = func(ctx context.Context, r payment.RefundRequest) (payment.Refund, error) {
				if r.Amount.IsZero() {
					r.Amount = pricing.Paise(49900)
				}
				return g.Refund(ctx, r)
			}
		}},
	}
}
