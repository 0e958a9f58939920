package paymenttest_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/internal/suitetest"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/payment/paymenttest"
)

// fault is a gateway that is wrong in one way, and the promise that must catch it.
type fault struct {
	name    string
	promise string
	plant   func(g *fakegateway.Gateway, a *altered)
}

func TestRejects(t *testing.T) {
	for _, faults := range [][]fault{orderFaults(), paymentFaults(), captureFaults(), refundFaults(), verifyFaults(), outcomeFaults()} {
		for _, f := range faults {
			t.Run(f.name, func(t *testing.T) {
				t.Parallel()
				suitetest.Rejects(t, f.promise, func(t *testing.T) { runPlanted(t, f) })
			})
		}
	}
}

func runPlanted(t *testing.T, f fault) {
	paymenttest.Run(t, func(t *testing.T) paymenttest.Harness {
		h, g := goodHarness(t)
		a := altered{gateway: g}
		f.plant(g, &a)
		h.Gateway, h.Verifier = a, a
		return h
	})
}

func orderFaults() []fault {
	return []fault{
		{"the receipt is cut", "an order is what was asked for", func(g *fakegateway.Gateway, a *altered) {
			a.createOrder = func(ctx context.Context, r payment.OrderRequest) (payment.Order, error) {
				r.Receipt = r.Receipt[:min(len(r.Receipt), 32)]
				return g.CreateOrder(ctx, r)
			}
		}},
		{"all orders are one", "orders have ids of their own", func(g *fakegateway.Gateway, a *altered) {
			var first payment.Order
			a.createOrder = func(ctx context.Context, r payment.OrderRequest) (payment.Order, error) {
				made, err := g.CreateOrder(ctx, r)
				if first.ID == "" {
					first = made
				}
				made.ID = first.ID
				return made, err
			}
		}},
		{"malformed orders are refused, not invalid", "a malformed request is invalid and not sent", func(g *fakegateway.Gateway, a *altered) {
			a.createOrder = func(ctx context.Context, r payment.OrderRequest) (payment.Order, error) {
				made, err := g.CreateOrder(ctx, r)
				if errors.Is(err, payment.ErrInvalid) {
					err = &payment.RefusedError{Op: "create order", Reason: err.Error()}
				}
				return made, err
			}
		}},
		{"a done context is ignored", "a done context sends nothing", func(g *fakegateway.Gateway, a *altered) {
			a.createOrder = func(ctx context.Context, r payment.OrderRequest) (payment.Order, error) {
				return g.CreateOrder(context.WithoutCancel(ctx), r)
			}
		}},
		{"FindOrder misses", "an order is found by its receipt", func(_ *fakegateway.Gateway, a *altered) {
			a.findOrder = func(_ context.Context, receipt string) (payment.Order, error) {
				return payment.Order{}, &payment.NotFoundError{What: "order", ID: receipt}
			}
		}},
		{"FindOrder searches for a part", "an absent order is not found", func(g *fakegateway.Gateway, a *altered) {
			var receipts []string
			a.createOrder = func(ctx context.Context, r payment.OrderRequest) (payment.Order, error) {
				receipts = append(receipts, r.Receipt)
				return g.CreateOrder(ctx, r)
			}
			a.findOrder = func(ctx context.Context, receipt string) (payment.Order, error) {
				for _, r := range receipts {
					if strings.Contains(r, receipt) {
						receipt = r
					}
				}
				return g.FindOrder(ctx, receipt)
			}
		}},
		{"FindOrder gives the newest", "a receipt with several orders gives the oldest", func(g *fakegateway.Gateway, a *altered) {
			a.findOrder = func(ctx context.Context, receipt string) (payment.Order, error) {
				if orders := g.Orders(receipt); len(orders) > 1 {
					return orders[len(orders)-1], nil
				}
				return g.FindOrder(ctx, receipt)
			}
		}},
		{"FindOrder misses the paid one", "a receipt with several orders gives the furthest", func(g *fakegateway.Gateway, a *altered) {
			a.findOrder = func(ctx context.Context, receipt string) (payment.Order, error) {
				if orders := g.Orders(receipt); len(orders) > 1 {
					return orders[0], nil
				}
				return g.FindOrder(ctx, receipt)
			}
		}},
		{"FindOrder answers from memory", "the order says how far it has come", func(g *fakegateway.Gateway, a *altered) {
			memory := map[string]payment.Order{}
			a.createOrder = func(ctx context.Context, r payment.OrderRequest) (payment.Order, error) {
				made, err := g.CreateOrder(ctx, r)
				if err == nil {
					memory[r.Receipt] = made
				}
				return made, err
			}
			a.findOrder = func(ctx context.Context, receipt string) (payment.Order, error) {
				if o, ok := memory[receipt]; ok && len(g.Orders(receipt)) == 1 {
					return o, nil
				}
				return g.FindOrder(ctx, receipt)
			}
		}},
	}
}

func paymentFaults() []fault {
	change := func(g *fakegateway.Gateway, a *altered, f func([]payment.Payment) []payment.Payment) {
		a.payments = func(ctx context.Context, orderID string) ([]payment.Payment, error) {
			payments, err := g.Payments(ctx, orderID)
			return f(payments), err
		}
	}
	return []fault{
		{"failed attempts are not told", "every attempt is told", func(g *fakegateway.Gateway, a *altered) {
			change(g, a, func(p []payment.Payment) []payment.Payment {
				return slices.DeleteFunc(p, func(p payment.Payment) bool { return p.Status == payment.StatusFailed })
			})
		}},
		{"the newest comes first", "every attempt is told", func(g *fakegateway.Gateway, a *altered) {
			change(g, a, func(p []payment.Payment) []payment.Payment { slices.Reverse(p); return p })
		}},
		{"authorised is told as captured", "every attempt is told", func(g *fakegateway.Gateway, a *altered) {
			change(g, a, func(p []payment.Payment) []payment.Payment {
				for i := range p {
					if p[i].Status == payment.StatusAuthorized {
						p[i].Status = payment.StatusCaptured
					}
				}
				return p
			})
		}},
		{"only the first page is read", "all of many attempts are told", func(g *fakegateway.Gateway, a *altered) {
			change(g, a, func(p []payment.Payment) []payment.Payment { return p[:min(len(p), 10)] })
		}},
		{"the page after the first is read again", "all of many attempts are told", func(g *fakegateway.Gateway, a *altered) {
			change(g, a, func(p []payment.Payment) []payment.Payment {
				if len(p) > 20 {
					return append(p[:20:20], p[:len(p)-20]...)
				}
				return p
			})
		}},
		{"an unknown order has no payments", "payments of an unknown order are not found", func(g *fakegateway.Gateway, a *altered) {
			a.payments = func(ctx context.Context, orderID string) ([]payment.Payment, error) {
				payments, err := g.Payments(ctx, orderID)
				if errors.Is(err, payment.ErrNotFound) {
					return nil, nil
				}
				return payments, err
			}
		}},
		{"failed is final", "a failed payment may be authorised late", func(g *fakegateway.Gateway, a *altered) {
			failed := map[string]payment.Payment{}
			change(g, a, func(p []payment.Payment) []payment.Payment {
				for i := range p {
					if before, ok := failed[p[i].ID]; ok {
						p[i] = before
					} else if p[i].Status == payment.StatusFailed {
						failed[p[i].ID] = p[i]
					}
				}
				return p
			})
		}},
	}
}
