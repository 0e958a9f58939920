package payment

import (
	"time"

	"github.com/ankkor/ankkor/pricing"
)

// Status is how far one payment has come.
type Status string

// The payment statuses. A payment moves down this list and never up, whatever order the news of it arrive in. Failed
// stands above authorised on purpose: a bank's late answer turns a failed payment into an authorised one, days after.
const (
	StatusCreated    Status = "created"    // tried; the bank has not answered
	StatusFailed     Status = "failed"     // failed so far; not final
	StatusAuthorized Status = "authorized" // the bank holds the money; it lapses unless captured
	StatusVoided     Status = "voided"     // an authorisation that lapsed or was given back without a capture
	StatusCaptured   Status = "captured"   // the money is ours; parts of it may have been refunded
	StatusRefunded   Status = "refunded"   // captured, and all of it refunded
)

// rank orders the statuses; what is not known is no news.
func (s Status) rank() int {
	switch s {
	case StatusFailed:
		return 1
	case StatusAuthorized:
		return 2
	case StatusVoided:
		return 3
	case StatusCaptured:
		return 4
	case StatusRefunded:
		return 5
	}
	return 0
}

// Payment is one attempt of a customer to pay an order, as a gateway tells it.
type Payment struct {
	ID       string        `json:"id"`
	OrderID  string        `json:"order_id"` // the gateway's order
	Amount   pricing.Money `json:"amount"`
	Refunded pricing.Money `json:"refunded"` // in total so far
	Status   Status        `json:"status"`
	// Method is the means at the gateway: card, upi, netbanking, ...
	Method      string    `json:"method,omitempty"`
	FailureCode string    `json:"failure_code,omitempty"` // why the last attempt failed; a code, no sentence
	CreatedAt   time.Time `json:"created_at,omitzero"`    // by the gateway's clock
}

// Held is what we hold of the payment: captured and not refunded. It is nothing for a payment that is not captured, and
// an error of package pricing where the two amounts do not go together.
func (p Payment) Held() (pricing.Money, error) {
	if p.Status != StatusCaptured {
		return pricing.Money{}, nil
	}
	return p.Amount.Sub(p.Refunded)
}
