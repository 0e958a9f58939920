package checkout

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// refundMark is what ends a refund's reason in the store, so that one whose meta data never got written is found, too.
func refundMark(key string) string { return "(ref " + key[max(0, len(key)-10):] + ")" }

// seeRefunds keeps the refunds that the order has in the store: ours by their key, others as made by hand.
func (d *draft) seeRefunds(seen []StoreRefund) {
	d.StoreRefunds = slices.Clone(d.StoreRefunds)
	for _, refund := range seen {
		if !slices.ContainsFunc(d.StoreRefunds, func(f StoreRefundFact) bool { return f.ID == refund.ID }) {
			d.seeRefund(refund)
		}
	}
	for i, f := range d.StoreRefunds {
		there := slices.ContainsFunc(seen, func(refund StoreRefund) bool { return refund.ID == f.ID })
		if d.StoreRefunds[i].Gone = !there; !there && !f.Gone {
			d.log(d.now, actorStore, "refund taken away in the store", f.Amount.String())
		}
	}
}

func (d *draft) seeRefund(refund StoreRefund) {
	fact := StoreRefundFact{ID: refund.ID, Amount: refund.Amount, Reason: clip(refund.Reason, maxDetail), At: refund.At, Key: d.ownRefund(refund)}
	if fact.Key != "" && slices.ContainsFunc(d.StoreRefunds, func(f StoreRefundFact) bool { return f.Key == fact.Key }) {
		d.alert(d.now, fmt.Sprintf("refund %d is in the store twice; take refund %d away there", fact.ID, fact.ID), "")
	}
	d.StoreRefunds = append(d.StoreRefunds, fact)
	actor, what := actorEngine, "refund noted in the store"
	if fact.Key == "" {
		actor, what = actorStore, "refund made in the store"
		d.LookedAt = time.Time{} // the gateway may have sent it already
	}
	d.log(d.now, actor, what, strings.TrimSuffix(refund.Amount.String()+": "+fact.Reason, ": "))
}

// ownRefund is the key of what we asked for, if the refund came of it.
func (r Record) ownRefund(refund StoreRefund) string {
	for _, due := range r.storeRefunds() {
		if refund.Key == due.key || strings.HasSuffix(refund.Reason, refundMark(due.key)) {
			return due.key
		}
	}
	return ""
}

// noteOutsideRefunds keeps as a fact what went back at the gateway without us. While a refund of ours is under way nobody
// can tell; the look that follows it can.
func (d *draft) noteOutsideRefunds() {
	if !d.inEffect() || len(d.refundsDue()) > 0 || len(d.refundsAsked()) > 0 || d.refunding() {
		return
	}
	for _, p := range d.Payments.Payments() {
		if p.Status != payment.StatusCaptured && p.Status != payment.StatusRefunded {
			continue
		}
		more, err := d.backOutside(p)
		if err != nil || more.Sign() <= 0 {
			continue
		}
		if d.log(d.now, actorGateway, "refunded at the gateway", more.String()+" of "+p.ID); d.knownByHand(p.ID, more) {
			continue
		}
		d.Refunds = append(slices.Clone(d.Refunds), RefundFact{
			ID: "outside", PaymentID: p.ID, Amount: more, Reason: "made at the gateway", At: d.now, Key: outsideKey,
		})
	}
}

// knownByHand reports whether staff had noted the money as given by hand; now it is known of which payment.
func (d *draft) knownByHand(paymentID string, amount pricing.Money) bool {
	i := slices.IndexFunc(d.Refunds, func(f RefundFact) bool { return f.PaymentID == "" && f.Amount.Equal(amount) })
	if i < 0 {
		return false
	}
	d.Refunds = slices.Clone(d.Refunds)
	d.Refunds[i].PaymentID = paymentID
	return true
}

// outsideKey is the key of refunds that we did not ask for.
const outsideKey = "outside"

// backOutside is what of a payment went back beyond what we know of.
func (r Record) backOutside(p payment.Payment) (pricing.Money, error) {
	var known []pricing.Money
	for _, f := range r.Refunds {
		if f.PaymentID == p.ID {
			known = append(known, f.Amount)
		}
	}
	sum, err := pricing.Sum(known...)
	if err != nil {
		return sum, err
	}
	return p.Refunded.Sub(sum)
}

// refunding reports whether a call that refunds may be under way.
func (r Record) refunding() bool {
	return slices.ContainsFunc(r.Intents, func(i Intent) bool {
		return i.Effect == EffectRefund || i.Effect == EffectRefundPart
	})
}

// differAlert begins what people are told when the store and the gateway do not agree on what went back.
const differAlert = "refunds differ: "

// compareRefunds alerts when the order says that another amount went back than went back. While a refund of ours is on its
// way to either, it is too early to tell.
func (d *draft) compareRefunds() {
	if !d.Policy.KeepOrders || !d.inEffect() || d.Order.SeenAt.IsZero() || len(d.refundsAsked()) > 0 || len(d.storeRefundsDue()) > 0 {
		return
	}
	sent, err := d.sentBack()
	if err != nil {
		return
	}
	said, err := d.saidBack()
	if err != nil {
		return
	}
	d.unalert(differAlert)
	switch order, err := said.Cmp(sent); {
	case err != nil || order == 0:
	case order > 0:
		d.alert(d.now, fmt.Sprintf("%sthe store says that %s went back, %s did; send the rest, or note it as given by hand", differAlert, amountText(said), amountText(sent)), "")
	default:
		d.alert(d.now, fmt.Sprintf("%s%s went back, the store says %s; note the rest there", differAlert, amountText(sent), amountText(said)), "")
	}
}

// sentBack is the money of this sale that went back, by whatever way. What was surplus never belonged to the order.
func (r Record) sentBack() (pricing.Money, error) {
	var amounts []pricing.Money
	for _, f := range r.Refunds {
		if f.PaymentID == "" || f.PaymentID == r.verdict().Payment.ID {
			amounts = append(amounts, f.Amount)
		}
	}
	return pricing.Sum(amounts...)
}

// saidBack is what the order in the store says went back.
func (r Record) saidBack() (pricing.Money, error) {
	var amounts []pricing.Money
	for _, f := range r.StoreRefunds {
		if !f.Gone {
			amounts = append(amounts, f.Amount)
		}
	}
	return pricing.Sum(amounts...)
}
