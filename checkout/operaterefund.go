package checkout

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// RefundRequest asks for money of a good sale to be given back.
type RefundRequest struct {
	ID ID
	// Key makes the request idempotent: the same key with the same request is the same refund, with another it is
	// ErrKeyReused. 1 to 255 printable ASCII characters.
	Key string
	// Amount is more than zero, and no more than what is left of the payment. Zero is what Lines come to.
	Amount pricing.Money
	Reason string // one line of at most 200 bytes, for the timeline, the gateway, and whoever reads the order in the store
	Actor  string // who asks, for the timeline
	// Lines say what of the order the money is for, none for nothing in particular. What Amount is beyond them is for
	// shipping or kindness.
	Lines []RefundLine
	// Restock puts the pieces of Lines back into the store's stock, and so into ours once its order is read again. It is for
	// pieces that have not left: of a parcel, record what comes back.
	Restock bool
	// ByHand says that the money goes another way than through the gateway: cash, a bank transfer, or a refund that was made
	// at the gateway already. It is only noted, here and in the store.
	ByHand bool
}

// RefundAsked is a refund that staff asked for. It is done once a RefundFact carries its key.
type RefundAsked struct {
	Key       string        `json:"key"`                  // at the gateway
	Digest    string        `json:"digest,omitempty"`     // of what was asked for
	PaymentID string        `json:"payment_id,omitempty"` // none by hand
	Amount    pricing.Money `json:"amount"`
	Reason    string        `json:"reason"`
	Actor     string        `json:"actor"`
	At        time.Time     `json:"at"`
	Lines     []RefundLine  `json:"lines,omitempty"`
	Restock   bool          `json:"restock,omitempty"`
}

// Refund gives back part of what was paid for an order that has taken effect, or all of it. What is asked for is written
// before the gateway is called, and is retried like any other effect: with an error that wraps ErrUnavailable or
// ErrUnknown the refund stands and is on its way. Several refunds never add up to more than was paid. Once the money has
// gone back the order in the store shows it, where the store has an OrderKeeper; what the gateway refused it never shows. A
// sale that has not taken effect is for GiveUp.
//
// Errors, with nothing written: *InvalidError (amount, reason, key, lines that are not left, or a checkout without money to
// give back), ErrKeyReused, ErrNotFound.
func (s *Service) Refund(ctx context.Context, req RefundRequest) (Record, error) {
	if err := req.validate(); err != nil {
		return Record{}, err
	}
	r, err := s.update(ctx, req.ID, func(d *draft) error { return d.askRefund(req) })
	if err != nil {
		return Record{}, err
	}
	moved, err := s.advance(ctx, r.ID, true)
	if moved.ID == "" {
		moved = r
	}
	return moved, err
}

func (req RefundRequest) validate() error {
	if err := checkKey(req.Key); err != nil {
		return err
	}
	if req.Reason == "" || len(req.Reason) > maxReason || req.Reason != clip(req.Reason, maxReason) {
		return &InvalidError{Field: "reason", Reason: "wants one line of at most 200 bytes"}
	}
	switch {
	case req.Amount.Sign() < 0 || req.Amount.IsZero() && len(req.Lines) == 0:
		return &InvalidError{Field: "amount", Reason: "must be more than zero"}
	case len(req.Lines) > maxRefundLines:
		return &InvalidError{Field: "lines", Reason: "are too many"}
	case req.Restock && len(req.Lines) == 0:
		return &InvalidError{Field: "restock", Reason: "wants the lines whose pieces are put back"}
	}
	return nil
}

// partKey is the key of a refund at the gateway. Those of two checkouts never meet, whatever keys staff choose.
func (req RefundRequest) partKey() string {
	sum := sha256.Sum256([]byte(string(req.ID) + " " + req.Key))
	return "ankkor-part-" + hex.EncodeToString(sum[:16])
}

func (d *draft) askRefund(req RefundRequest) error {
	key := req.partKey()
	if i := slices.IndexFunc(d.Asked, func(a RefundAsked) bool { return a.Key == key }); i >= 0 {
		if !d.Asked[i].answers(req) {
			return ErrKeyReused
		}
		return nil
	}
	if (len(req.Lines) > 0 || req.ByHand) && !d.Policy.KeepOrders {
		return &InvalidError{Field: "checkout", Reason: "is of a store that keeps no refunds"}
	}
	if !d.inEffect() {
		return &InvalidError{Field: "checkout", Reason: "is no order in effect"}
	}
	lines, amount, err := d.refundLines(req)
	if err != nil {
		return err
	}
	asked := RefundAsked{
		Key: key, Digest: req.digest(), Amount: amount, Reason: req.Reason, Actor: clip(req.Actor, maxActor), At: d.now,
		Lines: lines, Restock: req.Restock,
	}
	if req.ByHand {
		return d.askByHand(asked)
	}
	p := d.verdict().Payment
	if !d.verdict().Outcome.Sale() || p.ID == "" {
		return &InvalidError{Field: "checkout", Reason: "is no order in effect that was paid through a gateway"}
	}
	left, err := d.refundable(p)
	if err != nil {
		return err
	}
	if order, err := amount.Cmp(left); err != nil || order > 0 {
		return &InvalidError{Field: "amount", Reason: "is more than what is left of the payment, or another currency"}
	}
	asked.PaymentID = p.ID
	d.ask(asked)
	return nil
}

func (d *draft) ask(asked RefundAsked) {
	d.Asked = append(slices.Clone(d.Asked), asked)
	d.log(d.now, asked.Actor, "refund asked for", asked.Amount.String()+": "+asked.Reason)
}

// refundable is what is left of a payment: less what went back, by our books or the gateway's, and what is asked for.
func (r Record) refundable(p payment.Payment) (pricing.Money, error) {
	var back, asked []pricing.Money
	for _, f := range r.Refunds {
		if f.PaymentID == p.ID {
			back = append(back, f.Amount)
		}
	}
	for _, a := range r.refundsAsked() {
		asked = append(asked, a.Amount)
	}
	gone, err := pricing.Sum(back...)
	if err != nil {
		return gone, err
	}
	if more, err := p.Refunded.Cmp(gone); err != nil || more > 0 {
		gone = p.Refunded
	}
	gone, err = pricing.Sum(append(asked, gone)...)
	if err != nil {
		return gone, err
	}
	return p.Amount.Sub(gone)
}

// refundsAsked lists what staff asked to give back and is not done.
func (r Record) refundsAsked() []RefundAsked {
	return slices.DeleteFunc(slices.Clone(r.Asked), func(a RefundAsked) bool {
		return slices.ContainsFunc(r.Refunds, func(f RefundFact) bool { return f.Key == a.Key })
	})
}

// asked returns the refund with that key, if it is still to be done.
func (r Record) asked(key string) (RefundAsked, bool) {
	due := r.refundsAsked()
	i := slices.IndexFunc(due, func(a RefundAsked) bool { return a.Key == key })
	if i < 0 {
		return RefundAsked{}, false
	}
	return due[i], true
}

func (s *Service) refundPart(ctx context.Context, r Record, e Effect) (result, error) {
	refunder, err := s.refunder(r)
	if err != nil {
		return nil, err
	}
	asked, due := r.asked(e.Ref)
	if !due {
		return func(*draft) {}, nil
	}
	done, err := refunder.Refund(ctx, payment.RefundRequest{
		PaymentID: asked.PaymentID, Amount: asked.Amount, Key: asked.Key, Reason: asked.Reason,
	})
	if err != nil {
		return nil, err
	}
	return partDone(asked, done)
}

func (s *Service) findRefundPart(ctx context.Context, r Record, e Effect) (result, bool, error) {
	refunder, err := s.refunder(r)
	if err != nil {
		return nil, false, err
	}
	asked, due := r.asked(e.Ref)
	if !due {
		return func(*draft) {}, true, nil
	}
	done, err := refunder.FindRefund(ctx, asked.PaymentID, asked.Key)
	if errors.Is(err, payment.ErrNotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	res, err := partDone(asked, done)
	return res, err == nil, err
}

func partDone(asked RefundAsked, done payment.Refund) (result, error) {
	if done.Status == payment.RefundFailed {
		return nil, &RefusedError{Code: "refund_failed", Reason: "the refund failed; send the money back by hand"}
	}
	return func(d *draft) {
		if _, due := d.asked(asked.Key); !due {
			return
		}
		d.Refunds = append(slices.Clone(d.Refunds), RefundFact{
			ID: done.ID, PaymentID: done.PaymentID, Amount: done.Amount, Reason: asked.Reason, At: d.now, Key: asked.Key,
		})
		d.LookedAt = time.Time{}
		d.log(d.now, actorEngine, "refunded", done.Amount.String()+" of "+done.PaymentID)
		if left, err := d.moneyLeft(); err == nil && left.IsZero() {
			d.unalert(cancelledAlert)
		}
	}, nil
}
