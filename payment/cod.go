package payment

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/ankkor/ankkor/pricing"
)

var _ Gateway = CashOnDelivery{}

// CashOnDelivery is the gateway of orders that are paid to the courier. It talks to nobody and keeps nothing: an order's
// id is derived from its receipt, so creating it again after a crash, on any replica, gives the same order. The zero
// value is ready.
type CashOnDelivery struct{}

// CreateOrder returns the order of this receipt, due on delivery. It is idempotent, has no effect outside and never ends
// unknown; a ctx that is done already is ErrUnavailable.
func (CashOnDelivery) CreateOrder(ctx context.Context, r OrderRequest) (Order, error) {
	if err := r.Validate(); err != nil {
		return Order{}, err
	}
	if err := ctx.Err(); err != nil {
		return Order{}, &UnavailableError{Op: "create order", Err: err}
	}
	return Order{ID: cashOrderID(r.Receipt), Receipt: r.Receipt, Amount: r.Amount, Status: OrderDueOnDelivery}, nil
}

// FindOrder is always ErrNotFound: there is nobody to ask, and creating the order again gives the same one.
func (CashOnDelivery) FindOrder(ctx context.Context, receipt string) (Order, error) {
	if err := ctx.Err(); err != nil {
		return Order{}, &UnavailableError{Op: "find order", Err: err}
	}
	return Order{}, &NotFoundError{What: "order", ID: receipt}
}

// Payments is always empty: what the courier collects is not seen here.
func (CashOnDelivery) Payments(ctx context.Context, _ string) ([]Payment, error) {
	if err := ctx.Err(); err != nil {
		return nil, &UnavailableError{Op: "read payments", Err: err}
	}
	return nil, nil
}

// Capture is always refused: there is no authorisation that could be captured.
func (CashOnDelivery) Capture(ctx context.Context, _ string, _ pricing.Money) (Payment, error) {
	if err := ctx.Err(); err != nil {
		return Payment{}, &UnavailableError{Op: "capture", Err: err}
	}
	return Payment{}, &RefusedError{Op: "capture", Code: "cash_on_delivery", Reason: "cash is collected by the courier"}
}

func cashOrderID(receipt string) string {
	sum := sha256.Sum256([]byte(receipt))
	return "cod_" + hex.EncodeToString(sum[:14])
}
