package razorpaytest

import "time"

// payment is one attempt and what time will do to it.
type payment struct {
	Payment
	order        *order
	authorizesAt time.Time // a failed payment that the bank will still answer; else zero
	authorizedAt time.Time
	refunds      []*Refund
}

// Payment is Razorpay's payment as it tells it.
type Payment struct {
	ID               string         `json:"id"`
	Entity           string         `json:"entity"`
	Amount           int64          `json:"amount"`
	Currency         string         `json:"currency"`
	Status           string         `json:"status"` // created, authorized, captured, refunded, failed
	OrderID          string         `json:"order_id"`
	InvoiceID        *string        `json:"invoice_id"`
	International    bool           `json:"international"`
	Method           string         `json:"method"`
	AmountRefunded   int64          `json:"amount_refunded"`
	RefundStatus     *string        `json:"refund_status"` // partial, full
	Captured         bool           `json:"captured"`
	Description      *string        `json:"description"`
	CardID           *string        `json:"card_id"`
	Bank             *string        `json:"bank"`
	Wallet           *string        `json:"wallet"`
	VPA              *string        `json:"vpa"`
	Email            string         `json:"email"`
	Contact          string         `json:"contact"`
	Notes            notes          `json:"notes"`
	Fee              *int64         `json:"fee"` // null until captured
	Tax              *int64         `json:"tax"`
	ErrorCode        *string        `json:"error_code"`
	ErrorDescription *string        `json:"error_description"`
	ErrorSource      *string        `json:"error_source"`
	ErrorStep        *string        `json:"error_step"`
	ErrorReason      *string        `json:"error_reason"`
	AcquirerData     map[string]any `json:"acquirer_data"`
	CreatedAt        int64          `json:"created_at"`
}

func (s *Server) readPayment(c call) reply {
	p, ok := s.find(c.id)
	if !ok {
		return unknownID()
	}
	return done(p.Payment)
}

// find returns a payment as it stands at this moment. The caller holds the lock.
func (s *Server) find(id string) (*payment, bool) {
	p, ok := s.payments[id]
	if ok {
		s.settle(p.order)
	}
	return p, ok
}

func (s *Server) capture(c call) reply {
	if no := c.only("amount", "currency"); no != nil {
		return *no
	}
	p, ok := s.find(c.id)
	if !ok {
		return unknownID()
	}
	amount, no := c.integer("amount")
	switch {
	case no != nil:
		return *no
	case p.Captured:
		return bad("This payment has already been captured", "")
	case p.Status != "authorized":
		return bad("Only payments which have been authorized and not yet captured can be captured", "")
	case p.order.Status == "paid":
		return bad("Your payment has been declined as the order is already paid. Please initiate the payment with a new order.", "")
	case amount != p.Amount || c.text("currency") != p.Currency:
		return bad("Capture amount must be equal to the amount authorized.", "amount")
	}
	s.collect(p)
	return done(p.Payment)
}

// collect takes a payment's money and tells of it. The order is paid when it was for the order's amount.
func (s *Server) collect(p *payment) {
	fee, tax := p.Amount/50, p.Amount/328
	p.Status, p.Captured, p.Fee, p.Tax = "captured", true, &fee, &tax
	s.emit("payment.captured", p, nil)
	if o := p.order; p.Amount >= o.Amount && p.Currency == o.Currency && o.Status != "paid" {
		o.Status, o.AmountPaid, o.AmountDue = "paid", o.Amount, 0
		s.emit("order.paid", p, nil)
	}
}

// authorize is the bank's yes. On an order that is paid already it comes too late: the money goes back.
func (s *Server) authorize(p *payment, at time.Time) {
	p.authorizesAt, p.authorizedAt = time.Time{}, at
	p.Status = "authorized"
	p.ErrorCode, p.ErrorDescription, p.ErrorSource, p.ErrorStep, p.ErrorReason = nil, nil, nil, nil, nil
	s.emit("payment.authorized", p, nil)
	switch {
	case p.order.Status == "paid":
		p.giveBack()
	case p.order.autoCapture:
		s.collect(p)
	}
}

// giveBack ends an authorisation that nobody captured.
func (p *payment) giveBack() {
	full := "full"
	p.Status, p.AmountRefunded, p.RefundStatus = "refunded", p.Amount, &full
}

// settle lets the time that has passed take effect on an order: late authorisations, then lapses. The caller holds the
// lock.
func (s *Server) settle(o *order) {
	now := s.config.Now()
	for _, p := range o.attempts {
		if !p.authorizesAt.IsZero() && !now.Before(p.authorizesAt) {
			s.authorize(p, p.authorizesAt)
		}
		if p.Status == "authorized" && !now.Before(p.authorizedAt.Add(o.manualExpiry)) {
			p.giveBack()
		}
	}
}
