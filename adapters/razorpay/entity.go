package razorpay

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// orderEntity is Razorpay's order, as far as it matters here.
type orderEntity struct {
	ID        string `json:"id"`
	Entity    string `json:"entity"`
	Amount    int64  `json:"amount"`
	Currency  string `json:"currency"`
	Receipt   word   `json:"receipt"`
	Status    string `json:"status"`
	CreatedAt int64  `json:"created_at"`
}

func (o *orderEntity) check() error {
	if o.Entity != "order" || !isID("order_", o.ID) {
		return answerError("not an order")
	}
	_, err := o.order()
	return err
}

func (o *orderEntity) order() (payment.Order, error) {
	amount, err := priceOf(o.Amount, o.Currency)
	if err != nil {
		return payment.Order{}, err
	}
	status, ok := map[string]payment.OrderStatus{
		"created": payment.OrderCreated, "attempted": payment.OrderAttempted, "paid": payment.OrderPaid,
	}[o.Status]
	if !ok {
		return payment.Order{}, answerError("an order of unknown status")
	}
	return payment.Order{
		ID: o.ID, Receipt: string(o.Receipt), Amount: amount, Status: status, CreatedAt: moment(o.CreatedAt),
	}, nil
}

// paymentEntity is Razorpay's payment without anything personal in it: no card, no address, no number.
type paymentEntity struct {
	ID             string `json:"id"`
	Entity         string `json:"entity"`
	OrderID        word   `json:"order_id"`
	Amount         int64  `json:"amount"`
	AmountRefunded int64  `json:"amount_refunded"`
	Currency       string `json:"currency"`
	Status         string `json:"status"`
	Captured       bool   `json:"captured"`
	Method         word   `json:"method"`
	ErrorCode      word   `json:"error_code"`
	ErrorReason    word   `json:"error_reason"`
	CreatedAt      int64  `json:"created_at"`
}

func (p *paymentEntity) check() error {
	if p.Entity != "payment" || !isID("pay_", p.ID) {
		return answerError("not a payment")
	}
	_, err := p.payment()
	return err
}

func (p *paymentEntity) payment() (payment.Payment, error) {
	amount, err := priceOf(p.Amount, p.Currency)
	if err != nil {
		return payment.Payment{}, err
	}
	refunded, err := moneyOf(p.AmountRefunded, p.Currency)
	if err != nil {
		return payment.Payment{}, err
	}
	return payment.Payment{
		ID: p.ID, OrderID: string(p.OrderID), Amount: amount, Refunded: refunded, Status: p.status(),
		Method: cut(string(p.Method)), FailureCode: cut(p.failure()), CreatedAt: moment(p.CreatedAt),
	}, nil
}

// status is how far the payment has come. What Razorpay calls refunded may never have been captured: an authorisation
// that lapsed ends in the same word.
func (p *paymentEntity) status() payment.Status {
	switch p.Status {
	case "authorized":
		return payment.StatusAuthorized
	case "captured":
		return payment.StatusCaptured
	case "failed":
		return payment.StatusFailed
	case "refunded":
		if !p.Captured {
			return payment.StatusVoided
		}
		return payment.StatusRefunded
	}
	return payment.StatusCreated // the bank has not answered; also what Razorpay may invent
}

// failure is why the attempt failed; the reason says more than the code.
func (p *paymentEntity) failure() string {
	if p.ErrorReason != "" && p.ErrorReason != "NA" {
		return string(p.ErrorReason)
	}
	return string(p.ErrorCode)
}

// refundEntity is Razorpay's refund.
type refundEntity struct {
	ID        string `json:"id"`
	Entity    string `json:"entity"`
	PaymentID string `json:"payment_id"`
	Amount    int64  `json:"amount"`
	Currency  string `json:"currency"`
	Status    string `json:"status"`
	Notes     notes  `json:"notes"`
	CreatedAt int64  `json:"created_at"`
}

func (r *refundEntity) check() error {
	if r.Entity != "refund" || !isID("rfnd_", r.ID) || !isID("pay_", r.PaymentID) {
		return answerError("not a refund")
	}
	_, err := r.refund()
	return err
}

func (r *refundEntity) refund() (payment.Refund, error) {
	amount, err := priceOf(r.Amount, r.Currency)
	if err != nil {
		return payment.Refund{}, err
	}
	status := payment.RefundPending
	switch s := payment.RefundStatus(r.Status); s {
	case payment.RefundProcessed, payment.RefundFailed:
		status = s
	}
	return payment.Refund{
		ID: r.ID, PaymentID: r.PaymentID, Key: r.Notes[keyNote], Amount: amount, Status: status, CreatedAt: moment(r.CreatedAt),
	}, nil
}

// notes are pairs of text. Razorpay writes none as an empty array; what is not text is left out.
type notes map[string]string

// UnmarshalJSON implements json.Unmarshaler.
func (n *notes) UnmarshalJSON(data []byte) error {
	var pairs map[string]word
	*n = notes{}
	if json.Unmarshal(data, &pairs) != nil {
		pairs = nil // an array, as a rule
	}
	for name, value := range pairs {
		(*n)[name] = string(value)
	}
	return nil
}

// priceOf reads an amount that is more than nothing: there is no order, payment or refund of none.
func priceOf(minor int64, code string) (pricing.Money, error) {
	if minor == 0 {
		return pricing.Money{}, answerError("no amount")
	}
	return moneyOf(minor, code)
}

// moneyOf reads an amount in whole minor units. Razorpay knows no negative ones.
func moneyOf(minor int64, code string) (pricing.Money, error) {
	currency, err := pricing.ParseCurrency(code)
	if err != nil {
		return pricing.Money{}, answerError("no currency")
	}
	if minor < 0 {
		return pricing.Money{}, answerError("a negative amount")
	}
	m, err := pricing.New(minor, currency)
	if err != nil {
		return pricing.Money{}, answerError("an amount out of range")
	}
	return m, nil
}

// moment reads Razorpay's seconds; zero is not told.
func moment(seconds int64) time.Time {
	if seconds <= 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// maxID is the longest id accepted. Razorpay's have 14 characters after the prefix.
const maxID = 64

// isID reports whether s is the prefix and at least 14 letters or digits, and so may be part of an address.
func isID(prefix, s string) bool {
	rest, ok := strings.CutPrefix(s, prefix)
	return ok && len(s) <= maxID && len(rest) >= 14 && alphanumeric(rest)
}

func alphanumeric(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}
