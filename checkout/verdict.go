package checkout

import (
	"slices"

	"github.com/ankkor/ankkor/payment"
)

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

// refunded reports whether all that was left of a payment was sent back; the parts that staff asked for do not count.
func (r Record) refunded(paymentID string) bool {
	return slices.ContainsFunc(r.Refunds, func(f RefundFact) bool { return f.PaymentID == paymentID && f.Key == "" })
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
