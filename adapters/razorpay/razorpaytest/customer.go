package razorpaytest

import (
	"errors"
	"time"
)

// Callback is what the window gives the browser after a payment. It converts to payment.Callback.
type Callback struct {
	OrderID   string `json:"razorpay_order_id"`
	PaymentID string `json:"razorpay_payment_id"`
	Signature string `json:"razorpay_signature"`
}

// What the window answers instead.
var (
	// ErrNoOrder says that there is no such order.
	ErrNoOrder = errors.New("razorpaytest: no such order")
	// ErrClosed says that the order takes no further payment: it is paid, or an authorised payment waits.
	ErrClosed = errors.New("razorpaytest: the order takes no payment")
	// ErrFailed says that the payment failed, so far.
	ErrFailed = errors.New("razorpaytest: the payment failed")
)

// Attempt is one try to pay an order.
type Attempt struct {
	// Fails makes the bank say no.
	Fails bool
	// LateBy lets the bank say yes after all, so much later; only with Fails.
	LateBy time.Duration
	// HoldBack leaves the capture to the shop, whatever account and order say.
	HoldBack bool
	// Amount is in minor units; 0 means the order's. Razorpay's own window pays nothing else.
	Amount int64
	// Currency is the order's when empty.
	Currency string
	// Anyway pays an order that is closed: two banks' answers that crossed on the way.
	Anyway bool
}

// Pay pays the order in full, captured as the order or the account says.
func (s *Server) Pay(orderID string) (Callback, error) { return s.Attempt(orderID, Attempt{}) }

// Authorize pays the order in full and leaves the capture to the shop.
func (s *Server) Authorize(orderID string) (Callback, error) {
	return s.Attempt(orderID, Attempt{HoldBack: true})
}

// Fail tries and fails. The payment's id is in the callback, which has no signature and which no browser brings.
func (s *Server) Fail(orderID string) (Callback, error) {
	c, err := s.Attempt(orderID, Attempt{Fails: true})
	if errors.Is(err, ErrFailed) {
		err = nil
	}
	return c, err
}

// Attempt tries to pay. A payment that fails is ErrFailed, with a callback that holds its id and no signature.
func (s *Server) Attempt(orderID string, a Attempt) (Callback, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fault := s.faults.Take(OpPay)
	o, ok := s.orders[orderID]
	if !ok {
		return Callback{}, ErrNoOrder
	}
	s.settle(o)
	if o.closed() && !a.Anyway {
		return Callback{}, ErrClosed
	}
	a = fault.apply(a, o)
	p := s.addPayment(o, a)
	if a.Fails {
		s.fail(p, a.LateBy)
		return Callback{OrderID: o.ID, PaymentID: p.ID}, ErrFailed
	}
	s.succeed(p, a)
	if fault.Kind == CaptureTwice {
		s.succeed(s.addPayment(o, a), Attempt{Anyway: true})
	}
	return Callback{OrderID: o.ID, PaymentID: p.ID, Signature: s.Sign(o.ID + "|" + p.ID)}, nil
}

// closed reports whether the order takes no further payment.
func (o *order) closed() bool {
	if o.Status == "paid" {
		return true
	}
	for _, p := range o.attempts {
		if p.Status == "authorized" {
			return true
		}
	}
	return false
}

func (f Fault) apply(a Attempt, o *order) Attempt {
	switch f.Kind {
	case PayShort:
		a.Amount = max(o.Amount-f.By, 1)
	case PayOver:
		a.Amount = o.Amount + f.By
	case PayForeign:
		a.Currency = "USD"
	case PayLate:
		a.Fails, a.LateBy = true, f.Delay
	}
	return a
}

func (s *Server) addPayment(o *order, a Attempt) *payment {
	vpa := "success@razorpay"
	p := &payment{order: o, Payment: Payment{
		ID: s.newID("pay_"), Entity: "payment", Amount: o.Amount, Currency: o.Currency, Status: "created", OrderID: o.ID,
		Method: "upi", VPA: &vpa, Email: "shopper@example.com", Contact: "+919000000000", AcquirerData: map[string]any{},
		CreatedAt: s.now(),
	}}
	if a.Amount > 0 {
		p.Amount = a.Amount
	}
	if a.Currency != "" {
		p.Currency = a.Currency
	}
	s.payments[p.ID] = p
	o.attempts = append(o.attempts, p)
	o.Attempts++
	if o.Status == "created" {
		o.Status = "attempted"
	}
	return p
}

func (s *Server) fail(p *payment, lateBy time.Duration) {
	code, description, source, step, reason := "BAD_REQUEST_ERROR", "Payment failed", "customer", "payment_authentication", "payment_failed"
	p.Status = "failed"
	p.ErrorCode, p.ErrorDescription, p.ErrorSource, p.ErrorStep, p.ErrorReason = &code, &description, &source, &step, &reason
	if lateBy > 0 {
		p.authorizesAt = s.config.Now().Add(lateBy)
	}
	s.emit("payment.failed", p, nil)
}

func (s *Server) succeed(p *payment, a Attempt) {
	if a.Anyway {
		p.Status, p.authorizedAt = "authorized", s.config.Now()
		s.emit("payment.authorized", p, nil)
		s.collect(p)
		return
	}
	auto := p.order.autoCapture
	p.order.autoCapture = auto && !a.HoldBack
	s.authorize(p, s.config.Now())
	p.order.autoCapture = auto
}

// Payments returns every attempt to pay an order, oldest first: a test's look behind the counter.
func (s *Server) Payments(orderID string) []Payment {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.orders[orderID]
	if !ok {
		return nil
	}
	s.settle(o)
	var told []Payment
	for _, p := range o.attempts {
		told = append(told, p.Payment)
	}
	return told
}
