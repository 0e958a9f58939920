package checkout

import (
	"slices"
	"time"

	"github.com/ankkor/ankkor/payment"
)

// desires lists what is to be done, the most urgent first, without regard to what is being attempted.
func desires(r Record, now time.Time) []Effect {
	if r.Placed == nil {
		return append(wantReminder(r), wantOpen(r, now))
	}
	var list []Effect
	for _, p := range r.refundsDue() {
		list = append(list, Effect{Kind: EffectRefund, Ref: p.ID, Why: "this payment cannot become an order"})
	}
	for _, asked := range r.refundsAsked() {
		list = append(list, Effect{Kind: EffectRefundPart, Ref: asked.Key, Why: "staff asked for it"})
	}
	list = append(list, wantStoreRefunds(r)...)
	switch {
	case r.Closing != nil:
		list = append(list, wantClosed(r, now)...)
	case r.settled() || r.inEffect():
		list = append(list, wantOrder(r, now)...)
	default:
		list = append(list, wantPayment(r, now)...)
	}
	if len(r.Refunds) > 0 {
		list = append(list, wantNotice(r, NoticeRefunded, "money went back")...)
	}
	return list
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
		return append(append(wantCapture(r), wantLook(r, now, closed)), wantAnotherTry(r, now, closed)...)
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
		list = append(list, wantSettlement(r)...)
		list = append(list, wantDelivery(r)...)
		list = append(list, wantTold(r)...)
		list = append(list, wantStoreStock(r)...)
		list = append(list, wantCashNote(r)...)
	}
	return append(list, follow(r, now, "done"))
}

// wantTrash lists the twins of our order that are to be found and trashed.
func wantTrash(r Record) []Effect {
	if r.Order == nil {
		return nil
	}
	var list []Effect
	if r.Order.Unsearched {
		list = append(list, Effect{Kind: EffectFindTwins, Ref: orderRef(r.Order.ID), Why: "a look for twins of our order failed"})
	}
	for _, id := range r.Order.Twins {
		if !r.Order.trashed(id) {
			list = append(list, Effect{Kind: EffectTrashTwin, Ref: orderRef(id), Why: "a twin of our order must never take effect"})
		}
	}
	return list
}

// wantDelivery follows an order that has taken effect to the customer's door.
func wantDelivery(r Record) []Effect {
	list := wantNotice(r, NoticeOrderConfirmed, "the order took effect")
	if r.Policy.Ship && r.Shipment == nil && r.settled() && r.Cancelled == nil && !r.Order.halted() {
		list = append(list, Effect{Kind: EffectShip, Why: "ready to be sent"})
	}
	if r.Shipment != nil {
		list = append(list, wantNotice(r, NoticeShipped, "the parcel left")...)
	}
	return list
}

// wantNotice tells the customer, once.
func wantNotice(r Record, kind NoticeKind, why string) []Effect {
	if _, sent := r.Notified[kind]; sent || !r.Policy.Notify {
		return nil
	}
	return []Effect{{Kind: EffectNotify, Ref: string(kind), Why: why}}
}
