package checkouthttp

import (
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// caseForm is a checkout as staff see it: how it stands, what is due and why, what happened. Whose it is and where it goes
// is the back office's to show.
type caseForm struct {
	ID          checkout.ID              `json:"id"`
	Status      checkout.Status          `json:"status"`
	CreatedAt   time.Time                `json:"created_at"`
	UpdatedAt   time.Time                `json:"updated_at"`
	Total       *pricing.Money           `json:"total,omitempty"`
	Method      payment.Method           `json:"payment_method,omitempty"`
	Gateway     string                   `json:"gateway_order,omitempty"`
	Order       int64                    `json:"order,omitempty"`
	OrderNumber string                   `json:"order_number,omitempty"`
	Stock       checkout.StockState      `json:"stock,omitempty"`
	Stuck       bool                     `json:"stuck"`
	Next        nextForm                 `json:"next"`
	Attempts    []attemptForm            `json:"attempts"`
	Alerts      []string                 `json:"alerts"`
	Payments    []paymentForm            `json:"payments"`
	Refunds     []refundForm             `json:"refunds"`
	Timeline    []checkout.TimelineEntry `json:"timeline"`
	History     []checkout.Transition    `json:"history"`
	Lines       []caseLine               `json:"lines,omitempty"`
	Returns     []returnForm             `json:"returns,omitempty"`
	Store       *storeForm               `json:"store,omitempty"`

	PayNow        *pricing.Money   `json:"pay_now,omitempty"`
	PayOnDelivery *pricing.Money   `json:"pay_on_delivery,omitempty"`
	Owed          *pricing.Money   `json:"owed,omitempty"` // what the courier has yet to hand over
	Remittances   []remittanceForm `json:"remittances,omitempty"`
	SettledAt     *time.Time       `json:"settled_at,omitempty"` // the order in the store counts as paid since
}

type nextForm struct {
	Effect checkout.EffectKind `json:"effect"`
	About  string              `json:"about,omitempty"`
	Until  *time.Time          `json:"until,omitempty"`
	Why    string              `json:"why,omitempty"`
}

type attemptForm struct {
	Effect   checkout.EffectKind `json:"effect"`
	About    string              `json:"about,omitempty"`
	Attempts int                 `json:"attempts"`
	Error    string              `json:"error,omitempty"`
	GivenUp  bool                `json:"given_up"`
}

type paymentForm struct {
	ID       string         `json:"id"`
	Amount   pricing.Money  `json:"amount"`
	Refunded pricing.Money  `json:"refunded"`
	Status   payment.Status `json:"status"`
}

func explained(e checkout.Explanation) caseForm {
	r := e.Record
	f := caseForm{
		ID: r.ID, Status: e.Status, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, Method: r.PaymentMethod, Stock: r.Stock, Stuck: r.Stuck(),
		Next:     nextForm{Effect: e.Next.Kind, About: e.Next.Ref, Until: given(e.Next.Until), Why: e.Next.Why},
		Attempts: []attemptForm{}, Alerts: append([]string{}, r.Alerts...), Payments: []paymentForm{}, Refunds: []refundForm{},
		Timeline: append([]checkout.TimelineEntry{}, r.Timeline...),
	}
	if r.Quote != nil {
		f.Total = &r.Quote.Totals.Total
	}
	if r.Gateway != nil {
		f.Gateway = r.Gateway.ID
	}
	if r.Order != nil {
		f.Order, f.OrderNumber = r.Order.ID, r.Order.Number
	}
	f.showCash(r)
	for _, i := range r.Intents {
		f.Attempts = append(f.Attempts, attemptForm{Effect: i.Effect, About: i.Ref, Attempts: i.Attempts, Error: i.Error, GivenUp: i.Dead})
	}
	for _, p := range r.Payments.Payments() {
		f.Payments = append(f.Payments, paymentForm{ID: p.ID, Amount: p.Amount, Refunded: p.Refunded, Status: p.Status})
	}
	for _, refund := range r.Refunds {
		f.Refunds = append(f.Refunds, refundForm{Amount: refund.Amount, At: refund.At})
	}
	f.showOrder(r)
	return f
}
