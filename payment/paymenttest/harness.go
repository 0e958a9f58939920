package paymenttest

import (
	"testing"
	"time"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// Harness is one gateway without orders, and the hands that the suite needs around it. Only Gateway is required.
type Harness struct {
	Gateway payment.Gateway
	// Verifier checks what Customer.Authorize brings back. nil: the gateway signs nothing.
	Verifier payment.PaymentVerifier
	// Customer pays. nil: the gateway takes no payments, as cash on delivery does not.
	Customer Customer
	// Faults make calls go wrong. nil: what happens then is not checked.
	Faults Faults
	// Sign signs any message as the gateway does, under the secret that Verifier accepts. nil: signatures that are
	// genuine for something else are not tried.
	Sign func(message string) string

	// Amount is what orders are for; ₹499.00 when zero. At least 10 minor units above the gateway's minimum.
	Amount pricing.Money
	// DerivedOrders says that CreateOrder only computes: it has no effect, the same request gives the same order for
	// ever, and FindOrder is always ErrNotFound.
	DerivedOrders bool
	// UniqueReceipts says that the gateway itself makes no second order for a receipt.
	UniqueReceipts bool
}

// Customer is the person in the gateway's window. Each method fails the test when it cannot do what it says.
type Customer interface {
	// Authorize pays the order in full without a capture, and returns what the browser brings back.
	Authorize(t *testing.T, orderID string) payment.Callback
	// Fail tries to pay and fails. It returns the payment's id.
	Fail(t *testing.T, orderID string) string
	// PayLate tries to pay and fails; after the given time the bank authorises it after all. It returns the payment's id.
	PayLate(t *testing.T, orderID string, after time.Duration) string
	// Pass lets time pass at the gateway.
	Pass(t *testing.T, d time.Duration)
}

// Call names a method of the gateway.
type Call string

// The calls that a fault is planted in.
const (
	CreateOrder Call = "create order"
	FindOrder   Call = "find order"
	Payments    Call = "read payments"
	Capture     Call = "capture"
	Refund      Call = "refund"
	FindRefund  Call = "find refund"
)

// Fault is what goes wrong.
type Fault string

// The faults. Hang is released by the end of the call's ctx only.
const (
	Refuse      Fault = "refuse"       // the gateway says no, and does nothing
	Unavailable Fault = "unavailable"  // the request cannot be sent
	LoseRequest Fault = "lose request" // sent, not done, no reply
	LoseReply   Fault = "lose reply"   // sent, done, no reply
	Hang        Fault = "hang"         // sent, and no reply for longer than anyone waits
)

// Faults plants mishaps on the way to the gateway.
type Faults interface {
	// Plant makes the next call go wrong.
	Plant(t *testing.T, call Call, fault Fault)
}
