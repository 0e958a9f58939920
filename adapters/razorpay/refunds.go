package razorpay

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"

	"github.com/ankkor/ankkor/payment"
)

// Notes of a refund. keyNote is how it is found again; people read the other at Razorpay.
const (
	keyNote    = "ankkor_refund_key"
	reasonNote = "reason"
)

// newRefund is the body of POST /v1/payments/:id/refund. The same request must give the same bytes: Razorpay refuses a
// used idempotency key with another body.
type newRefund struct {
	Amount int64             `json:"amount"`
	Speed  string            `json:"speed"`
	Notes  map[string]string `json:"notes"`
}

// Refund implements payment.Refunder. The payment is read first: Razorpay takes a refund as a number without a currency,
// and forgets idempotency keys at a time it does not tell, so that where anything was refunded before, a refund with this
// key is looked for. Then POST /v1/payments/:id/refund, once, with an X-Refund-Idempotency made of the payment and the
// key. When Razorpay refuses, the refunds are looked through once more, for one that was under way.
func (c *Client) Refund(ctx context.Context, r payment.RefundRequest) (payment.Refund, error) {
	if err := r.Validate(); err != nil {
		return payment.Refund{}, err
	}
	p, err := c.payment(ctx, opRefund, r.PaymentID)
	if err != nil {
		return payment.Refund{}, err
	}
	if p.Amount.Currency() != r.Amount.Currency() {
		return payment.Refund{}, &payment.RefusedError{Op: opRefund, Code: "currency", Reason: "the payment is in " + string(p.Amount.Currency())}
	}
	if !p.Refunded.IsZero() {
		if found, err := c.findRefund(ctx, opRefund, r.PaymentID, r.Key); !isMissing(err) {
			return sameRefund(found, r, err)
		}
	}
	made, err := c.postRefund(ctx, r)
	if errors.Is(err, payment.ErrRefused) {
		found, lookup := c.findRefund(ctx, opRefund, r.PaymentID, r.Key)
		if isMissing(lookup) {
			return payment.Refund{}, err
		}
		return sameRefund(found, r, lookup)
	}
	return made, err
}

func (c *Client) postRefund(ctx context.Context, r payment.RefundRequest) (payment.Refund, error) {
	body := newRefund{Amount: r.Amount.Minor(), Speed: "normal", Notes: map[string]string{keyNote: r.Key}}
	if r.Reason != "" {
		body.Notes[reasonNote] = r.Reason
	}
	var made refundEntity
	err := c.send(ctx, request{
		op: opRefund, method: http.MethodPost, path: "/payments/" + r.PaymentID + "/refund", body: body, key: idempotencyKey(r),
	}, &made)
	if err != nil {
		return payment.Refund{}, err
	}
	done, err := made.refund()
	if err != nil || done.PaymentID != r.PaymentID || done.Amount != r.Amount {
		return payment.Refund{}, &payment.UnknownError{Op: opRefund, Err: answerError("not the refund asked for")}
	}
	done.Key = r.Key
	return done, nil
}

// sameRefund is the refund that was found under the key, unless it is of another amount.
func sameRefund(found payment.Refund, r payment.RefundRequest, err error) (payment.Refund, error) {
	if err == nil && found.Amount != r.Amount {
		err = &payment.RefusedError{Op: opRefund, Code: "key", Reason: "the key was used for a refund of another amount"}
	}
	if err != nil {
		return payment.Refund{}, err
	}
	return found, nil
}

// isMissing reports whether a payment was found, and no refund of it with the key.
func isMissing(err error) bool {
	var missing *payment.NotFoundError
	return errors.As(err, &missing) && missing.What == "refund"
}

// idempotencyKey is unique per payment and key: Razorpay's keys are unique per account.
func idempotencyKey(r payment.RefundRequest) string {
	sum := sha256.Sum256([]byte(r.PaymentID + "|" + r.Key))
	return hex.EncodeToString(sum[:20])
}

// FindRefund implements payment.Refunder: GET /v1/payments/:id/refunds, every page of it. The key is in the refund's
// notes.
func (c *Client) FindRefund(ctx context.Context, paymentID, key string) (payment.Refund, error) {
	return c.findRefund(ctx, opFindRefund, paymentID, key)
}

func (c *Client) findRefund(ctx context.Context, op, paymentID, key string) (payment.Refund, error) {
	if !isID("pay_", paymentID) {
		return payment.Refund{}, &payment.NotFoundError{What: "payment", ID: paymentID}
	}
	found, err := list(ctx, c, request{op: op, method: http.MethodGet, path: "/payments/" + paymentID + "/refunds"},
		func(r refundEntity) string { return r.ID })
	if err != nil {
		return payment.Refund{}, absent(err, "payment", paymentID)
	}
	for _, r := range found {
		if r.PaymentID == paymentID && r.Notes[keyNote] == key && key != "" {
			return r.refund()
		}
	}
	return payment.Refund{}, &payment.NotFoundError{What: "refund", ID: key}
}
