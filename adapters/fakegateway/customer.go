package fakegateway

import (
	"time"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// The customer's side. Each method is what a person does in the gateway's window, and returns what the browser brings
// back, or nothing. An unknown order is payment.ErrNotFound; an order that is paid, or that has an authorisation waiting,
// takes no further payment: payment.ErrRefused.

// Pay pays the order in full; the gateway captures it by itself, as Razorpay does by default. A fault planted for OpPay
// changes what happens: with Refuse and AuthorizeLate there is no callback but payment.ErrRefused.
func (g *Gateway) Pay(orderID string) (payment.Callback, error) {
	return g.pay(orderID, true)
}

// Authorize pays the order in full and leaves the capture to the shop.
func (g *Gateway) Authorize(orderID string) (payment.Callback, error) {
	return g.pay(orderID, false)
}

// Fail tries and fails. The browser learns of it, the shop's server does not: there is no callback.
func (g *Gateway) Fail(orderID string) (payment.Payment, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	a, err := g.failed(orderID)
	if err != nil {
		return payment.Payment{}, err
	}
	return a.Payment, nil
}

// PayLate tries and fails, until the bank says yes after all: from then on the payment is authorised. If the order has
// been paid by then, the authorisation is voided at once.
func (g *Gateway) PayLate(orderID string, after time.Duration) (payment.Payment, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	a, err := g.failed(orderID)
	if err != nil {
		return payment.Payment{}, err
	}
	a.authorizesAt = g.config.Now().Add(after)
	return a.Payment, nil
}

func (g *Gateway) pay(orderID string, capture bool) (payment.Callback, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	fault := g.faults.Take(OpPay)
	switch fault.Kind {
	case Refuse, AuthorizeLate:
		a, err := g.failed(orderID)
		if err != nil {
			return payment.Callback{}, err
		}
		if fault.Kind == AuthorizeLate {
			a.authorizesAt = g.config.Now().Add(fault.Delay)
		}
		return payment.Callback{}, refused(OpPay, "payment_failed")
	}
	return g.succeed(orderID, fault, capture)
}

func (g *Gateway) succeed(orderID string, fault Fault, capture bool) (payment.Callback, error) {
	a, err := g.attempt(orderID)
	if err != nil {
		return payment.Callback{}, err
	}
	a.Payment = fault.shorten(a.Payment)
	a.authorize(g.config.Now())
	if fault.Kind == CaptureTwice {
		twin, err := g.add(a.order)
		if err != nil {
			return payment.Callback{}, err
		}
		twin.authorize(g.config.Now())
		twin.Status = payment.StatusCaptured
	}
	if capture || fault.Kind == CaptureTwice {
		if err := a.capture(a.Amount); err != nil {
			return payment.Callback{}, err
		}
	}
	return payment.Callback{
		OrderID: orderID, PaymentID: a.ID, Signature: g.signer.Sign(orderID, a.ID),
	}, nil
}

func (g *Gateway) failed(orderID string) (*attempt, error) {
	a, err := g.attempt(orderID)
	if err != nil {
		return nil, err
	}
	a.Status = payment.StatusFailed
	a.FailureCode = "payment_failed"
	return a, nil
}

// attempt starts a payment on an order that takes one.
func (g *Gateway) attempt(orderID string) (*attempt, error) {
	o, err := g.find(orderID)
	if err != nil {
		return nil, err
	}
	if o.Status == payment.OrderPaid {
		return nil, refused(OpPay, "The order is already paid.")
	}
	for _, a := range o.attempts {
		if a.Status == payment.StatusAuthorized {
			return nil, refused(OpPay, "The order has an authorized payment.")
		}
	}
	return g.add(o)
}

func (g *Gateway) add(o *order) (*attempt, error) {
	id, err := g.newID("pay_")
	if err != nil {
		return nil, &payment.UnavailableError{Op: string(OpPay), Err: err}
	}
	a := &attempt{
		Payment: payment.Payment{
			ID: id, OrderID: o.ID, Amount: o.Amount, Refunded: nothing(o.Amount), Status: payment.StatusCreated,
			Method: "upi", CreatedAt: g.config.Now(),
		},
		order:    o,
		requests: map[string]payment.RefundRequest{},
	}
	o.attempts = append(o.attempts, a)
	if o.Status == payment.OrderCreated {
		o.Status = payment.OrderAttempted
	}
	g.payments[id] = a
	return a, nil
}

// nothing is zero in the amount's currency, as a gateway tells it.
func nothing(m pricing.Money) pricing.Money {
	zero, err := m.Sub(m)
	if err != nil {
		return pricing.Money{}
	}
	return zero
}
