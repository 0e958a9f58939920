package razorpaytest

import (
	"net/http"
	"slices"
)

// Refund is Razorpay's refund as it tells it. Here a refund is processed at once.
type Refund struct {
	ID             string         `json:"id"`
	Entity         string         `json:"entity"`
	Amount         int64          `json:"amount"`
	Currency       string         `json:"currency"`
	PaymentID      string         `json:"payment_id"`
	Notes          notes          `json:"notes"`
	Receipt        *string        `json:"receipt"`
	AcquirerData   map[string]any `json:"acquirer_data"`
	CreatedAt      int64          `json:"created_at"`
	BatchID        *string        `json:"batch_id"`
	Status         string         `json:"status"`
	SpeedRequested string         `json:"speed_requested"`
	SpeedProcessed string         `json:"speed_processed"`
}

// keyed is a request that came with an idempotency key, and its answer.
type keyed struct {
	request string // address and body
	answer  reply
}

func (s *Server) refund(c call) reply {
	request := c.id + "\n" + c.raw
	if c.key != "" {
		if !validKey(c.key) {
			return bad("The idempotency key is not valid.", "")
		}
		if before, ok := s.keys[c.key]; ok {
			if before.request != request {
				return bad("Different request with the same idempotency key has already been processed.", "")
			}
			return before.answer
		}
	}
	answer := s.makeRefund(c)
	if c.key != "" && answer.status == http.StatusOK {
		s.keys[c.key] = keyed{request, answer}
	}
	return answer
}

// validKey: at least ten of letters, digits, "-" and "_".
func validKey(key string) bool {
	return len(key) >= 10 && !slices.ContainsFunc([]byte(key), func(c byte) bool {
		return (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '-' && c != '_'
	})
}

func (s *Server) makeRefund(c call) reply {
	if no := c.only("amount", "speed", "notes", "receipt"); no != nil {
		return *no
	}
	p, ok := s.find(c.id)
	if !ok {
		return unknownID()
	}
	pairs, no := c.notes()
	if no != nil {
		return *no
	}
	amount := p.Amount - p.AmountRefunded
	if _, given := c.body["amount"]; given {
		if amount, no = c.integer("amount"); no != nil {
			return *no
		}
	}
	switch {
	case p.Status == "refunded":
		return bad("The payment has been fully refunded already", "")
	case p.Status != "captured":
		return bad("The payment status should be captured for action to be taken", "")
	case amount < 1:
		return bad("The amount must be at least INR 1.00", "amount")
	case p.AmountRefunded+amount > p.Amount:
		return bad("The total refund amount is greater than the refund payment amount", "amount")
	}
	return done(*s.addRefund(p, amount, pairs))
}

func (s *Server) addRefund(p *payment, amount int64, pairs notes) *Refund {
	r := &Refund{
		ID: s.newID("rfnd_"), Entity: "refund", Amount: amount, Currency: p.Currency, PaymentID: p.ID, Notes: pairs,
		AcquirerData: map[string]any{"arn": nil}, CreatedAt: s.now(), Status: "processed",
		SpeedRequested: "normal", SpeedProcessed: "normal",
	}
	p.refunds = append(p.refunds, r)
	p.AmountRefunded += amount
	extent := "partial"
	if p.AmountRefunded == p.Amount {
		extent, p.Status = "full", "refunded"
	}
	p.RefundStatus = &extent
	s.emit("refund.created", p, r)
	s.emit("refund.processed", p, r)
	return r
}

// RefundByHand gives money back as a person does in the dashboard: without a key. It reports false where Razorpay would
// refuse.
func (s *Server) RefundByHand(paymentID string, amount int64) (Refund, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.find(paymentID)
	if !ok || p.Status != "captured" || amount < 1 || p.AmountRefunded+amount > p.Amount {
		return Refund{}, false
	}
	return *s.addRefund(p, amount, nil), true
}

// Refunds returns what was given back of a payment, oldest first: a test's look behind the counter.
func (s *Server) Refunds(paymentID string) []Refund {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refundsOf(paymentID)
}

func (s *Server) refundsOf(paymentID string) []Refund {
	var made []Refund
	if p, ok := s.payments[paymentID]; ok {
		for _, r := range p.refunds {
			made = append(made, *r)
		}
	}
	return made
}

func (s *Server) listRefunds(c call) reply {
	if _, ok := s.find(c.id); !ok {
		return unknownID()
	}
	return page(c, s.refundsOf(c.id))
}

func (s *Server) readRefund(c call) reply {
	for id := range s.payments {
		for _, r := range s.refundsOf(id) {
			if r.ID == c.id {
				return done(r)
			}
		}
	}
	return unknownID()
}
