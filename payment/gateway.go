package payment

import (
	"context"
	"time"

	"github.com/ankkor/ankkor/pricing"
)

// Gateway is an outside system that takes payments. Implement it for a gateway of your own and run paymenttest.Run
// against it; it will not grow, further abilities are separate interfaces.
//
// Implementations are safe for concurrent use and hold no state that another replica would need. They honour ctx: a call
// returns soon after ctx is done, with an error that wraps ctx.Err and is ErrUnavailable when nothing had been sent,
// ErrUnknown when something had. A read has no effect to doubt: it never ends ErrUnknown, but ErrUnavailable. They do not
// retry; the caller does, as each method says. Times are the gateway's. A
// request that is malformed in itself is an *InvalidError and is not sent.
type Gateway interface {
	// CreateOrder makes an order. It is not idempotent: most gateways make a second order for the same receipt. After
	// ErrUnknown the caller asks FindOrder, and creates again only when that says ErrNotFound; after ErrUnavailable it
	// may simply call again. ErrRefused: the gateway will not take this order.
	CreateOrder(ctx context.Context, r OrderRequest) (Order, error)

	// FindOrder returns the order with this receipt, or ErrNotFound. It sees every order whose creation was
	// acknowledged, and sees one whose creation ended unknown if it was made. Where a receipt has several orders it
	// returns the one that has come furthest, and of those the oldest, so that asking twice gives the same answer. The
	// caller compares the amount with the one it wants. Repeatable without effect.
	FindOrder(ctx context.Context, receipt string) (Order, error)

	// Payments returns every attempt to pay the order, failed ones too, oldest first, read from the gateway at this
	// moment; none is nil and no error. An order the gateway does not know is ErrNotFound. Repeatable without effect.
	Payments(ctx context.Context, orderID string) ([]Payment, error)

	// Capture takes an authorised payment's money. The amount must be exactly the authorised one, else ErrRefused and
	// nothing is taken. A payment that is captured already, in that amount, is success: the implementation looks before
	// it says so. What failed, lapsed, was refunded or is not answered yet is ErrRefused; an unknown payment is
	// ErrNotFound. Concurrent and repeated calls capture once; while one is under way another may be ErrUnavailable. A
	// payment on an order that another payment has paid may be ErrRefused. After ErrUnknown the caller reads Payments,
	// and may then capture again.
	Capture(ctx context.Context, paymentID string, amount pricing.Money) (Payment, error)
}

// Refunder is a gateway that can give money back. It is found by type assertion on a Gateway; everything said there of
// concurrency, ctx and errors holds here.
type Refunder interface {
	// Refund gives back part or all of a captured payment. It is idempotent by (PaymentID, Key): the same request gives
	// the same refund, however often and however many at once (while one is under way another may be ErrUnavailable); the
	// same key with another amount is ErrRefused. Refunds of a payment never add up to more than was captured: what would
	// is ErrRefused whole. A payment that was not captured is ErrRefused, one that is not known ErrNotFound. After
	// ErrUnknown the caller asks FindRefund, or repeats the very same request.
	Refund(ctx context.Context, r RefundRequest) (Refund, error)

	// FindRefund returns the refund made with this key, or ErrNotFound. Repeatable without effect.
	FindRefund(ctx context.Context, paymentID, key string) (Refund, error)
}

// PaymentVerifier decides whether a browser that says "paid" was sent by the gateway.
type PaymentVerifier interface {
	// VerifyPayment checks a callback against the gateway order id that we stored, never against the one the callback
	// brings. nil proves that the gateway authorised this payment for this order, neither that it was captured nor its
	// amount: read Payments next. Errors wrap ErrSignature; a callback for another order is ErrOrderMismatch, which
	// wraps ErrSignature too and reads the same. It is pure, takes the same time for every wrong signature, and is safe
	// for concurrent use.
	VerifyPayment(storedOrderID string, c Callback) error
}

// Callback is what a customer's browser brings back from the gateway's window. Nothing in it is trusted before
// PaymentVerifier has seen it.
type Callback struct {
	OrderID   string `json:"razorpay_order_id"`
	PaymentID string `json:"razorpay_payment_id"`
	Signature string `json:"razorpay_signature"`
}

// Limits of a refund key: those of Razorpay's X-Refund-Idempotency header, and a cap.
const (
	MinRefundKey = 10
	MaxRefundKey = 64
)

// RefundRequest asks for money to be given back.
type RefundRequest struct {
	PaymentID string
	Amount    pricing.Money // more than zero; there is no "all of it"
	// Key makes the request idempotent: MinRefundKey to MaxRefundKey letters, digits, "-" or "_".
	Key    string
	Reason string // for people; up to MaxNoteValue characters
}

// Validate checks what every gateway requires. Errors are *InvalidError.
func (r RefundRequest) Validate() error {
	if r.PaymentID == "" || len(r.PaymentID) > maxID {
		return invalid("payment_id", "want a gateway's payment id")
	}
	if err := checkAmount("amount", r.Amount); err != nil {
		return err
	}
	if err := checkRefundKey(r.Key); err != nil {
		return err
	}
	return checkText("reason", r.Reason)
}

// RefundStatus is how far a refund has come.
type RefundStatus string

// The refund statuses. A refund that failed leaves the money with us.
const (
	RefundPending   RefundStatus = "pending"
	RefundProcessed RefundStatus = "processed"
	RefundFailed    RefundStatus = "failed"
)

// Refund is money on its way back.
type Refund struct {
	ID        string        `json:"id"`
	PaymentID string        `json:"payment_id"`
	Key       string        `json:"key"`
	Amount    pricing.Money `json:"amount"`
	Status    RefundStatus  `json:"status"`
	CreatedAt time.Time     `json:"created_at,omitzero"`
}
