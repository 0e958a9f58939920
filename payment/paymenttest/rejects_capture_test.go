package paymenttest_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

func captureFaults() []fault {
	// authorized is the amount the gateway holds for a payment.
	authorized := func(g *fakegateway.Gateway, id string) (pricing.Money, bool) {
		for _, receipt := range []string{"receipt-1", "receipt-2"} {
			for _, o := range g.Orders(receipt) {
				payments, _ := g.Payments(context.Background(), o.ID)
				for _, p := range payments {
					if p.ID == id {
						return p.Amount, p.Status == payment.StatusAuthorized
					}
				}
			}
		}
		return pricing.Money{}, false
	}
	return []fault{
		{"a short capture is accepted", "a capture of another amount is refused", func(g *fakegateway.Gateway, a *altered) {
			a.capture = func(ctx context.Context, id string, amount pricing.Money) (payment.Payment, error) {
				if held, ok := authorized(g, id); ok && amount.Sign() > 0 && amount.Minor() < held.Minor() {
					amount = held
				}
				return g.Capture(ctx, id, amount)
			}
		}},
		{"the currency of a capture is ignored", "a capture of another amount is refused", func(g *fakegateway.Gateway, a *altered) {
			a.capture = func(ctx context.Context, id string, amount pricing.Money) (payment.Payment, error) {
				if held, ok := authorized(g, id); ok && amount.Minor() == held.Minor() {
					amount = held
				}
				return g.Capture(ctx, id, amount)
			}
		}},
		{"already captured is an error", "capturing again succeeds and changes nothing", func(g *fakegateway.Gateway, a *altered) {
			a.capture = func(ctx context.Context, id string, amount pricing.Money) (payment.Payment, error) {
				if held, waiting := authorized(g, id); held == amount && !waiting {
					return payment.Payment{}, &payment.RefusedError{Op: "capture", Reason: "already captured"}
				}
				return g.Capture(ctx, id, amount)
			}
		}},
		{"every capture makes a payment", "capturing again succeeds and changes nothing", func(g *fakegateway.Gateway, a *altered) {
			var mu sync.Mutex
			twins := map[string][]payment.Payment{}
			a.capture = func(ctx context.Context, id string, amount pricing.Money) (payment.Payment, error) {
				mu.Lock()
				defer mu.Unlock()
				_, waiting := authorized(g, id)
				p, err := g.Capture(ctx, id, amount)
				if err == nil && !waiting {
					twin := p
					twin.ID = fmt.Sprintf("pay_Twin%010d", len(twins[p.OrderID]))
					twins[p.OrderID] = append(twins[p.OrderID], twin)
				}
				return p, err
			}
			a.payments = func(ctx context.Context, orderID string) ([]payment.Payment, error) {
				payments, err := g.Payments(ctx, orderID)
				mu.Lock()
				defer mu.Unlock()
				return append(payments, twins[orderID]...), err
			}
		}},
		{"look, then capture", "captures at once capture once", func(g *fakegateway.Gateway, a *altered) {
			var mu sync.Mutex
			var twins []payment.Payment
			meet := meeting(2)
			a.capture = func(ctx context.Context, id string, amount pricing.Money) (payment.Payment, error) {
				_, waiting := authorized(g, id)
				if waiting {
					meet()
				}
				mu.Lock()
				defer mu.Unlock()
				_, still := authorized(g, id)
				p, err := g.Capture(ctx, id, amount)
				if err == nil && waiting && !still { // it thinks it is the first
					twin := p
					twin.ID = fmt.Sprintf("pay_Twin%010d", len(twins))
					twins = append(twins, twin)
				}
				return p, err
			}
			a.payments = func(ctx context.Context, orderID string) ([]payment.Payment, error) {
				payments, err := g.Payments(ctx, orderID)
				mu.Lock()
				defer mu.Unlock()
				for _, twin := range twins {
					if twin.OrderID == orderID {
						payments = append(payments, twin)
					}
				}
				return payments, err
			}
		}},
		{"an answer without a look", "a failed payment is not captured", func(g *fakegateway.Gateway, a *altered) {
			a.capture = func(ctx context.Context, id string, amount pricing.Money) (payment.Payment, error) {
				p, err := g.Capture(ctx, id, amount)
				if held, waiting := authorized(g, id); errors.Is(err, payment.ErrRefused) && held == amount && !waiting {
					return payment.Payment{ID: id, Amount: amount, Status: payment.StatusCaptured}, nil
				}
				return p, err
			}
		}},
		{"a refunded payment is still captured", "a refunded payment is not captured again", func(g *fakegateway.Gateway, a *altered) {
			a.capture = func(ctx context.Context, id string, amount pricing.Money) (payment.Payment, error) {
				p, err := g.Capture(ctx, id, amount)
				if err != nil && len(g.Refunds(id)) > 0 {
					return payment.Payment{ID: id, Amount: amount, Status: payment.StatusCaptured}, nil
				}
				return p, err
			}
		}},
		{"an unknown payment is refused", "an unknown payment is not captured", func(g *fakegateway.Gateway, a *altered) {
			a.capture = func(ctx context.Context, id string, amount pricing.Money) (payment.Payment, error) {
				p, err := g.Capture(ctx, id, amount)
				if errors.Is(err, payment.ErrNotFound) {
					err = &payment.RefusedError{Op: "capture", Reason: "The id provided does not exist"}
				}
				return p, err
			}
		}},
		{"nothing captures all", "a malformed capture is invalid", func(g *fakegateway.Gateway, a *altered) {
			a.capture = func(ctx context.Context, id string, amount pricing.Money) (payment.Payment, error) {
				if held, ok := authorized(g, id); ok && amount.Sign() == 0 {
					amount = held
				}
				return g.Capture(ctx, id, amount)
			}
		}},
	}
}

// meeting lets the first callers wait for each other, a moment at most: what they do next they do at once.
func meeting(callers int64) func() {
	var here atomic.Int64
	return func() {
		here.Add(1)
		for range 100_000 {
			if here.Load() >= callers {
				return
			}
			runtime.Gosched()
		}
	}
}
