package fakegateway

import (
	"context"
	"time"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// attempt is one payment and what time will do to it.
type attempt struct {
	payment.Payment
	order        *order
	authorizesAt time.Time // a failed payment that the bank will still answer; else zero
	authorizedAt time.Time
	refunds      []payment.Refund
	requests     map[string]payment.RefundRequest // by key
}

// Capture implements payment.Gateway.
func (g *Gateway) Capture(ctx context.Context, paymentID string, amount pricing.Money) (payment.Payment, error) {
	if amount.Sign() <= 0 {
		return payment.Payment{}, &payment.InvalidError{Field: "amount", Reason: "want more than zero"}
	}
	return call(ctx, g, OpCapture, func(f Fault) (payment.Payment, error) {
		a, err := g.findPayment(paymentID)
		if err != nil {
			return payment.Payment{}, err
		}
		if err := a.capture(amount); err != nil {
			return payment.Payment{}, err
		}
		return f.shorten(a.Payment), nil
	})
}

// capture takes the money, or finds it taken.
func (a *attempt) capture(amount pricing.Money) error {
	if amount != a.Amount {
		return refused(OpCapture, "Capture amount must be equal to the amount authorized.")
	}
	switch {
	case a.Status == payment.StatusCaptured:
		return nil
	case a.Status != payment.StatusAuthorized:
		return refused(OpCapture, "The payment is not authorized.")
	case a.order.Status == payment.OrderPaid:
		return refused(OpCapture, "The order is already paid.")
	}
	a.Status = payment.StatusCaptured
	a.order.Status = payment.OrderPaid
	return nil
}

func (g *Gateway) findPayment(paymentID string) (*attempt, error) {
	a, ok := g.payments[paymentID]
	if !ok {
		return nil, &payment.NotFoundError{What: "payment", ID: paymentID}
	}
	g.settle(a.order)
	return a, nil
}

// settle lets the time that has passed take effect on an order: late authorisations, then lapses. The caller holds the
// lock.
func (g *Gateway) settle(o *order) {
	now := g.config.Now()
	for _, a := range o.attempts {
		if !a.authorizesAt.IsZero() && !now.Before(a.authorizesAt) {
			a.authorize(a.authorizesAt)
		}
		lapses := a.authorizedAt.Add(g.config.AutoRefundAfter)
		if a.Status == payment.StatusAuthorized && g.config.AutoRefundAfter > 0 && !now.Before(lapses) {
			a.Status = payment.StatusVoided
		}
	}
}

// authorize is the bank's yes. For an order that is paid already it comes too late: the gateway gives it back at once.
func (a *attempt) authorize(at time.Time) {
	a.authorizesAt, a.authorizedAt = time.Time{}, at
	a.FailureCode = ""
	a.Status = payment.StatusAuthorized
	if a.order.Status == payment.OrderPaid {
		a.Status = payment.StatusVoided
	}
}

// shorten is how a gateway that answers short tells a payment.
func (f Fault) shorten(p payment.Payment) payment.Payment {
	if f.Kind != AnswerShort {
		return p
	}
	p.Amount = less(p.Amount, f.By)
	return p
}

// less takes minor units off an amount, down to one.
func less(m pricing.Money, minor int64) pricing.Money {
	short, err := pricing.New(max(m.Minor()-minor, 1), m.Currency())
	if err != nil {
		return m // not reached: the currency is that of an accepted order
	}
	return short
}
