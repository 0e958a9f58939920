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
//
// What is to be done comes in order of urgency, and the first that is ready is named: an effect that pauses after a
// failure, or was given up, does not keep those from happening that do not depend on it.
func Next(r Record, now time.Time) Effect {
	if until, ok := r.leased(now); ok {
		return wait(until, "a call is under way")
	}
	var idle Effect
	for _, e := range append(lost(r), desires(r, now)...) {
		if e = r.ready(e, now); !e.waits() {
			return e
		}
		idle = idle.join(e)
	}
	return idle
}

// leased reports until when a worker has this checkout to itself.
func (r Record) leased(now time.Time) (until time.Time, ok bool) {
	for _, i := range r.Intents {
		until = later(until, i.Until)
	}
	return until, now.Before(until)
}

// ready is the effect as it stands with regard to earlier attempts at it.
func (r Record) ready(e Effect, now time.Time) Effect {
	if e.waits() {
		return e
	}
	i, tried := r.attempt(e)
	switch {
	case !tried:
		return e
	case i.Dead:
		return Effect{Kind: EffectStuck, Ref: string(i.Effect), Why: i.Error}
	case now.Before(i.NotBefore):
		return wait(i.NotBefore, "waiting before "+string(e.Kind)+" is tried again")
	}
	e.Find = i.inFlight()
	return e
}

// join is what two idle effects come to: being stuck outweighs waiting, which outweighs nothing; the earlier time counts.
func (e Effect) join(o Effect) Effect {
	order := []EffectKind{"", EffectNone, EffectWait, EffectStuck}
	until := soonest(e.Until, o.Until)
	rank := slices.Index(order, o.Kind) - slices.Index(order, e.Kind)
	if rank > 0 || rank == 0 && o.Until.Before(e.Until) {
		e = o
	}
	e.Until = until
	return e
}

// soonest is the earlier of two times, of which zero is never.
func soonest(a, b time.Time) time.Time {
	if b.IsZero() || !a.IsZero() && a.Before(b) {
		return a
	}
	return b
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

// lost lists calls that may have taken effect and have to be looked up, whether or not they are still wanted.
func lost(r Record) []Effect {
	var list []Effect
	for _, i := range r.Intents {
		if i.inFlight() && i.Effect.mustResolve() && !i.Dead {
			list = append(list, Effect{Kind: i.Effect, Ref: i.Ref, Why: "an earlier attempt may have taken effect"})
		}
	}
	return list
}

// desires lists what is to be done, the most urgent first, without regard to what is being attempted.
func desires(r Record, now time.Time) []Effect {
	if r.Placed == nil {
		return []Effect{wantOpen(r, now)}
	}
	var list []Effect
	for _, p := range r.refundsDue() {
		list = append(list, Effect{Kind: EffectRefund, Ref: p.ID, Why: "this payment cannot become an order"})
	}
	switch {
	case r.Closing != nil:
		return append(list, wantClosed(r, now)...)
	case r.settled() || r.inEffect():
		return append(list, wantOrder(r, now)...)
	}
	return append(list, wantPayment(r, now)...)
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
func wantPayment(r Record, now time.Time) []Effect {
	closed := !now.Before(r.Placed.PayBy)
	switch {
	case r.Gateway == nil && closed:
		return []Effect{{Kind: EffectClose, Why: or(r.Placed.Cancel, "no payment could be offered in time")}}
	case r.Gateway != nil:
		return append(wantCapture(r), wantLook(r, now, closed))
	}
	offer := Effect{Kind: EffectCreateGatewayOrder, Why: "placed"}
	if r.Order == nil && r.Policy.OrderTiming == OrderBeforePayment {
		offer = Effect{Kind: EffectCreateOrder, Why: "the store's own total is wanted before money moves"}
	}
	return []Effect{offer, wait(r.Placed.PayBy, "the payment window closes")}
}

// wantCapture takes money that the bank holds.
func wantCapture(r Record) []Effect {
	if v := r.verdict(); v.Outcome == payment.Authorized {
		return []Effect{{Kind: EffectCapture, Ref: v.Payment.ID, Why: "the bank holds the money"}}
	}
	return nil
}

// wantLook asks the gateway about payments when it is time, and gives the checkout up once a look after the window has
// closed found none, and none is being captured.
func wantLook(r Record, now time.Time, closed bool) Effect {
	if closed && r.LookedAt.Before(r.Placed.PayBy) {
		return Effect{Kind: EffectInspectPayments, Why: "the payment window has closed: look before letting go"}
	}
	poll := r.Policy.nextPoll(r.Placed.At, r.LookedAt)
	switch {
	case closed && !r.capturing():
		return Effect{Kind: EffectClose, Why: or(r.Placed.Cancel, "not paid in time")}
	case !now.Before(poll):
		return Effect{Kind: EffectInspectPayments, Why: "nobody told us of a payment"}
	case closed:
		return wait(poll, "money is being captured")
	}
	return wait(earlier(poll, r.Placed.PayBy), "waiting for the payment")
}

// capturing reports whether money is about to come by a capture of ours, or a call that settles the sale may be under way.
func (r Record) capturing() bool {
	return r.authorized() || slices.ContainsFunc(lost(r), func(e Effect) bool {
		return e.Kind == EffectCapture || e.Kind == EffectCompleteOrder
	})
}

// authorized reports whether the bank holds money that can be captured.
func (r Record) authorized() bool {
	v := r.verdict()
	return v.Outcome == payment.Authorized && !r.gaveUp(EffectCapture, v.Payment.ID)
}

// wantClosed follows a checkout that was given up, because money can still arrive.
func wantClosed(r Record, now time.Time) []Effect {
	list := wantTrash(r)
	if r.Order != nil && r.Order.CompletedAt.IsZero() && !r.Order.trashed(r.Order.ID) {
		cancel := Effect{Kind: EffectCancelOrder, Ref: orderRef(r.Order.ID), Why: "no sale comes of it"}
		list = append(list, cancel)
		if !r.gaveUp(cancel.Kind, cancel.Ref) {
			return append(list, follow(r, now, r.Closing.Reason))
		}
	}
	sale := r.verdict().Outcome.Sale() || !r.Closing.Final && r.authorized()
	if r.Unplaceable == "" && sale {
		return append(list, Effect{Kind: EffectReopen, Why: "money came after closing"})
	}
	return append(list, follow(r, now, r.Closing.Reason))
}

// follow keeps asking the gateway for as long as a payment may still arrive.
func follow(r Record, now time.Time, why string) Effect {
	if r.Placed == nil || r.Gateway == nil || r.Gateway.Status == payment.OrderDueOnDelivery {
		return none(why)
	}
	end := r.Placed.At.Add(r.Policy.LatePayments)
	if !r.LookedAt.Before(end) {
		return none(why)
	}
	at := earlier(r.Policy.nextPoll(r.Placed.At, r.LookedAt), end)
	if now.Before(at) {
		return wait(at, why+"; a late payment may still arrive")
	}
	return Effect{Kind: EffectInspectPayments, Why: "a late payment may have arrived"}
}

// wantOrder follows a checkout whose money is in, or due on delivery.
func wantOrder(r Record, now time.Time) []Effect {
	list := wantTrash(r)
	switch {
	case r.Order == nil:
		list = append(list, Effect{Kind: EffectCreateOrder, Why: "the money is in, or due on delivery"})
	case !r.inEffect():
		list = append(list, Effect{Kind: EffectCompleteOrder, Ref: orderRef(r.Order.ID), Why: "make the order take effect"})
	}
	if !r.CartCleared {
		list = append(list, Effect{Kind: EffectClearCart, Why: "what was in the cart is bought"})
	}
	if r.inEffect() {
		list = append(list, wantDelivery(r)...)
	}
	return append(list, follow(r, now, "done"))
}

// wantTrash lists the twins of our order that are to be trashed.
func wantTrash(r Record) []Effect {
	if r.Order == nil {
		return nil
	}
	var list []Effect
	for _, id := range r.Order.Twins {
		if !r.Order.trashed(id) {
			list = append(list, Effect{Kind: EffectTrashTwin, Ref: orderRef(id), Why: "a twin of our order must never take effect"})
		}
	}
	return list
}

// wantDelivery follows an order that has taken effect to the customer's door.
func wantDelivery(r Record) []Effect {
	var list []Effect
	tell := func(kind NoticeKind, why string) {
		if _, sent := r.Notified[kind]; r.Policy.Notify && !sent {
			list = append(list, Effect{Kind: EffectNotify, Ref: string(kind), Why: why})
		}
	}
	tell(NoticeOrderConfirmed, "the order took effect")
	if r.Policy.Ship && r.Shipment == nil && r.settled() {
		list = append(list, Effect{Kind: EffectShip, Why: "ready to be sent"})
	}
	if r.Shipment != nil {
		tell(NoticeShipped, "the parcel left")
	}
	return list
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

// inEffect reports whether the order has taken effect in the store. That is a fact which nothing takes back.
func (r Record) inEffect() bool { return r.Order != nil && !r.Order.CompletedAt.IsZero() }

// refundsDue lists the payments whose money must go back: captured, and neither the one the sale stands on nor refunded
// already.
func (r Record) refundsDue() []payment.Payment {
	return slices.DeleteFunc(r.unwanted(), func(p payment.Payment) bool { return r.refunded(p.ID) })
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
