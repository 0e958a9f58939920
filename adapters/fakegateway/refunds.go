package fakegateway

import (
	"context"
	"slices"

	"github.com/ankkor/ankkor/payment"
)

// Refund implements payment.Refunder. Refunds are processed at once.
func (g *Gateway) Refund(ctx context.Context, r payment.RefundRequest) (payment.Refund, error) {
	if err := r.Validate(); err != nil {
		return payment.Refund{}, err
	}
	return call(ctx, g, OpRefund, func(Fault) (payment.Refund, error) {
		a, err := g.findPayment(r.PaymentID)
		if err != nil {
			return payment.Refund{}, err
		}
		return g.refund(a, r)
	})
}

func (g *Gateway) refund(a *attempt, r payment.RefundRequest) (payment.Refund, error) {
	if before, ok := a.requests[r.Key]; ok {
		if before != r {
			return payment.Refund{}, refused(OpRefund,
				"Different request with the same idempotency key has already been processed.")
		}
		return a.findRefund(r.Key)
	}
	if a.Status != payment.StatusCaptured {
		return payment.Refund{}, refused(OpRefund, "The payment status should be captured for action to be taken")
	}
	total, err := a.Refunded.Add(r.Amount)
	if err != nil || total.Currency() != a.Amount.Currency() || total.Minor() > a.Amount.Minor() {
		return payment.Refund{}, refused(OpRefund, "The refund amount provided is greater than amount captured")
	}
	id, err := g.newID("rfnd_")
	if err != nil {
		return payment.Refund{}, &payment.UnavailableError{Op: string(OpRefund), Err: err}
	}
	made := payment.Refund{
		ID: id, PaymentID: a.ID, Key: r.Key, Amount: r.Amount, Status: payment.RefundProcessed, CreatedAt: g.config.Now(),
	}
	a.Refunded = total
	if total == a.Amount {
		a.Status = payment.StatusRefunded
	}
	a.refunds = append(a.refunds, made)
	a.requests[r.Key] = r
	return made, nil
}

// FindRefund implements payment.Refunder.
func (g *Gateway) FindRefund(ctx context.Context, paymentID, key string) (payment.Refund, error) {
	return call(ctx, g, OpFindRefund, func(Fault) (payment.Refund, error) {
		a, err := g.findPayment(paymentID)
		if err != nil {
			return payment.Refund{}, err
		}
		return a.findRefund(key)
	})
}

func (a *attempt) findRefund(key string) (payment.Refund, error) {
	for _, r := range a.refunds {
		if r.Key == key {
			return r, nil
		}
	}
	return payment.Refund{}, &payment.NotFoundError{What: "refund", ID: key}
}

// Refunds returns what was given back of a payment, oldest first: a test's look behind the counter.
func (g *Gateway) Refunds(paymentID string) []payment.Refund {
	g.mu.Lock()
	defer g.mu.Unlock()
	a, ok := g.payments[paymentID]
	if !ok {
		return nil
	}
	return slices.Clone(a.refunds)
}
