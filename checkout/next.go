package checkout

import (
	"slices"
	"strconv"
	"time"

	"github.com/ankkor/ankkor/payment"
)

// Next decides the one thing to do for a checkout now, from nothing but the facts in its record. It is a pure function:
// any process that holds the record decides alike, so any replica can go on after a crash at any instruction. Refunding,
// releasing and cancelling are decisions of the same function, not handlers that undo; a late or lost race therefore
// cannot undo a good sale.
func Next(r Record, now time.Time) Effect {
	e := want(r, now)
	i := r.Intent
	switch {
	case i == nil:
		return e
	case i.inFlight() && i.Effect.mustResolve():
		e = Effect{Kind: i.Effect, Ref: i.Ref, Why: "an earlier attempt may have taken effect"}
	case i.Effect != e.Kind || i.Ref != e.Ref:
		return e // the failed attempt is no longer wanted
	}
	e.Find = i.inFlight()
	if i.Dead {
		return Effect{Kind: EffectStuck, Ref: string(i.Effect), Until: r.windowEnd(now), Why: i.Error}
	}
	if at := later(i.Until, i.NotBefore); now.Before(at) {
		return wait(at, "waiting before "+string(e.Kind)+" is tried again")
	}
	return e
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// windowEnd is when the payment window closes, if that is still to come: then even a stuck checkout is looked at again.
func (r Record) windowEnd(now time.Time) time.Time {
	if r.Placed == nil || !now.Before(r.Placed.PayBy) {
		return time.Time{}
	}
	return r.Placed.PayBy
}

// want is Next without regard to what is being attempted.
func want(r Record, now time.Time) Effect {
	if r.Placed == nil {
		return wantOpen(r, now)
	}
	if p, ok := r.refundDue(); ok {
		return Effect{Kind: EffectRefund, Ref: p.ID, Why: "this payment cannot become an order"}
	}
	if r.Closing != nil {
		return wantClosed(r, now)
	}
	if r.settled() {
		return wantOrder(r, now)
	}
	return wantPayment(r, now)
}

// wantOpen follows a checkout that was not placed.
func wantOpen(r Record, now time.Time) Effect {
	if r.Closing != nil {
		return none("closed before it was placed")
	}
	if idle := r.UpdatedAt.Add(r.Policy.AbandonAfter); now.Before(idle) {
		return wait(idle, "the shopper is choosing")
	}
	return Effect{Kind: EffectAbandon, Why: "idle for too long"}
}

// wantPayment follows a placed checkout whose money has not come.
func wantPayment(r Record, now time.Time) Effect {
	closed := !now.Before(r.Placed.PayBy)
	if r.Gateway == nil && r.Order == nil && r.Policy.OrderTiming == OrderBeforePayment && !closed {
		return Effect{Kind: EffectCreateOrder, Why: "the store's own total is wanted before money moves"}
	}
	if r.Gateway == nil {
		if closed {
			return Effect{Kind: EffectClose, Why: "no payment could be offered in time"}
		}
		return Effect{Kind: EffectCreateGatewayOrder, Why: "placed"}
	}
	if v := r.verdict(); v.Outcome == payment.Authorized {
		return Effect{Kind: EffectCapture, Ref: v.Payment.ID, Why: "the bank holds the money"}
	}
	if closed {
		if r.LookedAt.Before(r.Placed.PayBy) {
			return Effect{Kind: EffectInspectPayments, Why: "the payment window has closed: look before letting go"}
		}
		return Effect{Kind: EffectClose, Why: closeReason(r)}
	}
	poll := r.Policy.nextPoll(r.Placed.At, r.LookedAt)
	if !now.Before(poll) {
		return Effect{Kind: EffectInspectPayments, Why: "nobody told us of a payment"}
	}
	return wait(earlier(poll, r.Placed.PayBy), "waiting for the payment")
}

func closeReason(r Record) string {
	if r.Placed.Cancel != "" {
		return r.Placed.Cancel
	}
	return "not paid in time"
}

// wantClosed follows a checkout that was given up, because money can still arrive.
func wantClosed(r Record, now time.Time) Effect {
	if r.Order != nil && r.Order.CompletedAt.IsZero() && !r.Order.trashed(r.Order.ID) {
		return Effect{Kind: EffectCancelOrder, Ref: orderRef(r.Order.ID), Why: "no sale comes of it"}
	}
	if r.Gateway == nil || r.Unplaceable != "" && !r.moneyHeld() {
		return none(r.Closing.Reason)
	}
	if outcome := r.verdict().Outcome; r.Unplaceable == "" && (outcome.Sale() || outcome == payment.Authorized && !r.Closing.Final) {
		return Effect{Kind: EffectReopen, Why: "money came after closing"}
	}
	return follow(r, now, r.Closing.Reason)
}

// follow keeps asking the gateway for as long as a payment may still arrive.
func follow(r Record, now time.Time, why string) Effect {
	end := r.Placed.At.Add(r.Policy.LatePayments)
	if r.Gateway == nil || r.Gateway.Status == payment.OrderDueOnDelivery || !r.LookedAt.Before(end) {
		return none(why)
	}
	at := earlier(r.Policy.nextPoll(r.Placed.At, r.LookedAt), end)
	if now.Before(at) {
		return wait(at, why+"; a late payment may still arrive")
	}
	return Effect{Kind: EffectInspectPayments, Why: "a late payment may have arrived"}
}

// wantOrder follows a checkout whose money is in, or due on delivery.
func wantOrder(r Record, now time.Time) Effect {
	if r.Gateway == nil && !r.Placed.Plan.free() {
		return Effect{Kind: EffectCreateGatewayOrder, Why: "placed"}
	}
	if r.Order == nil {
		return Effect{Kind: EffectCreateOrder, Why: "the money is in, or due on delivery"}
	}
	if twin, ok := r.Order.nextTwin(); ok {
		return Effect{Kind: EffectTrashTwin, Ref: orderRef(twin), Why: "a twin of our order must never take effect"}
	}
	if r.Order.CompletedAt.IsZero() {
		return Effect{Kind: EffectCompleteOrder, Ref: orderRef(r.Order.ID), Why: "make the order take effect"}
	}
	if !r.CartCleared {
		return Effect{Kind: EffectClearCart, Why: "what was in the cart is bought"}
	}
	if r.wantsNotice(NoticeOrderConfirmed) {
		return Effect{Kind: EffectNotify, Ref: string(NoticeOrderConfirmed), Why: "the order took effect"}
	}
	if r.Policy.Ship && r.Shipment == nil {
		return Effect{Kind: EffectShip, Why: "ready to be sent"}
	}
	if r.Shipment != nil && r.wantsNotice(NoticeShipped) {
		return Effect{Kind: EffectNotify, Ref: string(NoticeShipped), Why: "the parcel left"}
	}
	return follow(r, now, "done")
}

func (r Record) wantsNotice(kind NoticeKind) bool {
	_, sent := r.Notified[kind]
	return r.Policy.Notify && !sent
}

// free reports whether there is nothing to pay, now or on delivery.
func (p Plan) free() bool { return p.Online.IsZero() && p.OnDelivery.IsZero() }

// verdict reads the payments seen so far against the gateway order we stored.
func (r Record) verdict() payment.Verdict {
	if r.Gateway == nil {
		return payment.Verdict{Outcome: payment.Pending}
	}
	return r.Payments.Decide(*r.Gateway)
}

// settled reports whether the sale stands: money captured in full, or due on delivery, or nothing to pay.
func (r Record) settled() bool {
	if r.Placed == nil || r.Unplaceable != "" {
		return false
	}
	if r.Placed.Plan.free() {
		return true
	}
	outcome := r.verdict().Outcome
	return outcome.Sale() || outcome == payment.DueOnDelivery
}

// refundDue returns the first payment whose money must go back: captured, and neither the one the sale stands on nor
// refunded already.
func (r Record) refundDue() (payment.Payment, bool) {
	for _, p := range r.unwanted() {
		if !r.refunded(p.ID) {
			return p, true
		}
	}
	return payment.Payment{}, false
}

// unwanted lists captured payments that cannot become this order.
func (r Record) unwanted() []payment.Payment {
	v := r.verdict()
	list := slices.Clone(v.Surplus)
	held := v.Payment.Status == payment.StatusCaptured
	switch v.Outcome {
	case payment.Short, payment.Over, payment.WrongCurrency:
		if held {
			list = append(list, v.Payment)
		}
	case payment.Paid, payment.Duplicate:
		if r.Unplaceable != "" {
			list = append(list, v.Payment)
		}
	}
	return list
}

func (r Record) refunded(paymentID string) bool {
	return slices.ContainsFunc(r.Refunds, func(f RefundFact) bool { return f.PaymentID == paymentID })
}

// moneyHeld reports whether captured money is still with us.
func (r Record) moneyHeld() bool {
	v := r.verdict()
	return v.Outcome.Sale() && !r.refunded(v.Payment.ID)
}

// refundedInFull reports whether money came and all of it went back.
func (r Record) refundedInFull() bool {
	if r.verdict().Outcome == payment.Refunded {
		return true
	}
	return r.Unplaceable != "" && len(r.Refunds) > 0 && !r.moneyHeld()
}

func orderRef(id int64) string { return strconv.FormatInt(id, 10) }

func (o *OrderFact) trashed(id int64) bool { return slices.Contains(o.Trashed, id) }

func (o *OrderFact) nextTwin() (int64, bool) {
	for _, id := range o.Twins {
		if !o.trashed(id) {
			return id, true
		}
	}
	return 0, false
}
