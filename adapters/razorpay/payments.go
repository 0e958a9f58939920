package razorpay

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// Payments implements payment.Gateway: GET /v1/orders/:id/payments. An id that is none of Razorpay's is ErrNotFound
// without asking.
func (c *Client) Payments(ctx context.Context, orderID string) ([]payment.Payment, error) {
	if !isID("order_", orderID) {
		return nil, &payment.NotFoundError{What: "order", ID: orderID}
	}
	found, err := c.attempts(ctx, request{op: opPayments, path: "/orders/" + orderID + "/payments"})
	if err != nil {
		return nil, absent(err, "order", orderID)
	}
	payments := make([]payment.Payment, 0, len(found))
	for _, p := range found {
		if string(p.OrderID) != orderID {
			return nil, &payment.UnavailableError{Op: opPayments, Err: answerError("a payment of another order")}
		}
		told, err := p.payment()
		if err != nil {
			return nil, &payment.UnavailableError{Op: opPayments, Err: err}
		}
		payments = append(payments, told)
	}
	slices.SortStableFunc(payments, func(a, b payment.Payment) int { return cmp.Or(a.CreatedAt.Compare(b.CreatedAt)) })
	return payments, nil
}

// attempts reads an order's payments. Razorpay documents no paging of this list, and refuses parameters that it does not
// know: so it is asked without any first, and for pages only if there may be more than the ten of a page.
func (c *Client) attempts(ctx context.Context, r request) ([]paymentEntity, error) {
	r.method = http.MethodGet
	var first listEntity[paymentEntity]
	if err := c.send(ctx, r, &first); err != nil {
		return nil, err
	}
	if len(first.Items) < defaultPage {
		return reversed(first.Items), nil
	}
	all, err := list(ctx, c, r, func(p paymentEntity) string { return p.ID })
	if errors.Is(err, payment.ErrRefused) {
		return reversed(first.Items), nil
	}
	return all, err
}

// Payment reads one payment: GET /v1/payments/:id. One that is not known is payment.ErrNotFound. Repeatable without
// effect.
func (c *Client) Payment(ctx context.Context, paymentID string) (payment.Payment, error) {
	return c.payment(ctx, "read payment", paymentID)
}

func (c *Client) payment(ctx context.Context, op, paymentID string) (payment.Payment, error) {
	if !isID("pay_", paymentID) {
		return payment.Payment{}, &payment.NotFoundError{What: "payment", ID: paymentID}
	}
	var found paymentEntity
	err := c.send(ctx, request{op: op, method: http.MethodGet, path: "/payments/" + paymentID}, &found)
	if err != nil {
		return payment.Payment{}, absent(err, "payment", paymentID)
	}
	if found.ID != paymentID {
		return payment.Payment{}, &payment.UnavailableError{Op: op, Err: answerError("another payment")}
	}
	return found.payment()
}

// captureBody is the body of POST /v1/payments/:id/capture.
type captureBody struct {
	Amount   int64            `json:"amount"`
	Currency pricing.Currency `json:"currency"`
}

// Capture implements payment.Gateway: POST /v1/payments/:id/capture, once. When Razorpay refuses, the payment is read: if
// it is captured in that amount, whoever did it, that is success.
func (c *Client) Capture(ctx context.Context, paymentID string, amount pricing.Money) (payment.Payment, error) {
	if err := checkCapture(amount); err != nil {
		return payment.Payment{}, err
	}
	if !isID("pay_", paymentID) {
		return payment.Payment{}, &payment.NotFoundError{What: "payment", ID: paymentID}
	}
	var taken paymentEntity
	err := c.send(ctx, request{
		op: opCapture, method: http.MethodPost, path: "/payments/" + paymentID + "/capture",
		body: captureBody{Amount: amount.Minor(), Currency: amount.Currency()},
	}, &taken)
	switch {
	case errors.Is(err, payment.ErrRefused):
		return c.captured(ctx, paymentID, amount, err)
	case err != nil:
		return payment.Payment{}, err
	}
	p, err := taken.payment()
	if err != nil || p.ID != paymentID || p.Status != payment.StatusCaptured || p.Amount != amount {
		return payment.Payment{}, &payment.UnknownError{Op: opCapture, Err: answerError("not the payment as captured")}
	}
	return p, nil
}

func checkCapture(amount pricing.Money) error {
	if amount.Sign() <= 0 {
		return &payment.InvalidError{Field: "amount", Reason: "want more than zero"}
	}
	return checkCurrency(amount)
}

// captured looks whether a refused capture was needed at all. The refusal itself did nothing, so that a look which fails
// makes the call unavailable, not unknown.
func (c *Client) captured(ctx context.Context, paymentID string, amount pricing.Money, refusal error) (payment.Payment, error) {
	p, err := c.payment(ctx, opCapture, paymentID)
	switch {
	case err != nil:
		return payment.Payment{}, err
	case p.Status == payment.StatusCaptured && p.Amount == amount:
		return p, nil
	}
	return payment.Payment{}, refusal
}
