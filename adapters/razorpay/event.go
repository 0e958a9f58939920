package razorpay

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/ankkor/ankkor/checkout/inbox"
)

// Event is what a webhook is about. It says where to look and nothing of what is found there: no amount, no status.
type Event struct {
	Name      string // payment.captured, refund.processed, payment.dispute.created, …
	OrderID   string // the order to look at; empty where the event is about none
	PaymentID string // may be empty
	RefundID  string // of refund.* events
	DisputeID string // of payment.dispute.* events: a person must answer it at Razorpay, in time
}

// Dispute reports whether the customer's bank wants the money back.
func (e Event) Dispute() bool { return strings.HasPrefix(e.Name, "payment.dispute.") }

// ErrEvent says that a message is none of Razorpay's events, or one without the payment that it must tell of.
var ErrEvent = errors.New("razorpay: not an event")

// eventBody is Razorpay's envelope, as far as it is read.
type eventBody struct {
	Entity  string          `json:"entity"`
	Event   string          `json:"event"`
	Payload json.RawMessage `json:"payload"`
}

// payload has an entity for each name in the event's "contains".
type payload struct {
	Payment named `json:"payment"`
	Order   named `json:"order"`
	Refund  named `json:"refund"`
	Dispute named `json:"dispute"`
}

// named is an entity in a payload, by its ids.
type named struct {
	Entity struct {
		ID        word `json:"id"`
		OrderID   word `json:"order_id"`
		PaymentID word `json:"payment_id"`
	} `json:"entity"`
}

// EventOf reads a message that a Receiver stored. What cannot be read, has ids of another shape, or says two different
// things, is ErrEvent. An event of a kind that is not known here is no error: it has the ids that it tells.
func EventOf(m inbox.Message) (Event, error) {
	var b eventBody
	if err := json.Unmarshal(m.Body, &b); err != nil {
		return Event{}, fmt.Errorf("%w: %s", ErrEvent, describe(err))
	}
	if b.Entity != "event" || b.Event == "" || len(b.Event) > inbox.MaxName {
		return Event{}, fmt.Errorf("%w: no name", ErrEvent)
	}
	var p payload
	if json.Unmarshal(b.Payload, &p) != nil {
		p = payload{} // of another shape: an event that must tell of a payment does not
	}
	e := Event{
		Name: b.Event, OrderID: string(p.Payment.Entity.OrderID), PaymentID: string(p.Payment.Entity.ID),
		RefundID: string(p.Refund.Entity.ID), DisputeID: string(p.Dispute.Entity.ID),
	}
	if order := string(p.Order.Entity.ID); e.OrderID == "" {
		e.OrderID = order
	} else if order != "" && order != e.OrderID {
		return Event{}, fmt.Errorf("%w: of two orders", ErrEvent)
	}
	return e, e.check()
}

// check looks at the ids, before any of them becomes part of an address.
func (e Event) check() error {
	for _, id := range []struct{ prefix, value string }{
		{"order_", e.OrderID}, {"pay_", e.PaymentID}, {"rfnd_", e.RefundID}, {"disp_", e.DisputeID},
	} {
		if id.value != "" && !isID(id.prefix, id.value) {
			return fmt.Errorf("%w: an id of another shape than %s…", ErrEvent, id.prefix)
		}
	}
	if e.PaymentID == "" && e.ofMoney() {
		return fmt.Errorf("%w: without a payment", ErrEvent)
	}
	return nil
}

// ofMoney reports whether the event must tell of a payment.
func (e Event) ofMoney() bool {
	family, _, _ := strings.Cut(e.Name, ".")
	switch family {
	case "payment":
		return !strings.HasPrefix(e.Name, "payment.downtime.")
	case "refund":
		return true
	}
	return e.Name == "order.paid"
}
