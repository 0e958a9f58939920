package payment

import (
	"time"

	"github.com/ankkor/ankkor/pricing"
)

// Method names a way to pay, as hosts and records spell it.
type Method string

// The methods this module has gateways for.
const (
	MethodRazorpay Method = "razorpay"
	MethodCOD      Method = "cod"
)

// OrderStatus is how far a gateway's order has come.
type OrderStatus string

// The order statuses, in the order they are passed through. A cash order is due on delivery from the start.
const (
	OrderCreated       OrderStatus = "created"         // no payment was tried
	OrderAttempted     OrderStatus = "attempted"       // a payment was tried; none is captured
	OrderPaid          OrderStatus = "paid"            // a payment was captured; refunds do not change this
	OrderDueOnDelivery OrderStatus = "due_on_delivery" // nothing is paid through the gateway
)

// Order is what a gateway expects to be paid.
type Order struct {
	ID        string        `json:"id"`      // the gateway's own
	Receipt   string        `json:"receipt"` // ours, as given in the OrderRequest
	Amount    pricing.Money `json:"amount"`
	Status    OrderStatus   `json:"status"`
	CreatedAt time.Time     `json:"created_at,omitzero"` // by the gateway's clock
}

// Limits of an OrderRequest. They are those of Razorpay, the narrowest of the gateways.
const (
	MaxReceipt   = 40  // bytes
	MaxNotes     = 15  // entries
	MaxNoteValue = 256 // characters, of keys and of values
)

// OrderRequest asks a gateway for an order.
type OrderRequest struct {
	// Receipt names the order on our side and is how it is found after an unknown outcome: unique per attempt to be paid,
	// 1 to MaxReceipt printable ASCII characters without spaces.
	Receipt string
	Amount  pricing.Money // more than zero
	Notes   map[string]string
}

// Validate checks what every gateway requires; a gateway may require more. Errors are *InvalidError.
func (r OrderRequest) Validate() error {
	if err := checkReceipt(r.Receipt); err != nil {
		return err
	}
	if err := checkAmount("amount", r.Amount); err != nil {
		return err
	}
	return checkNotes(r.Notes)
}
