package checkout

import (
	"time"

	"github.com/ankkor/ankkor/payment"
)

// reasonAbandoned is why an idle checkout is closed. Its event is "checkout.abandoned".
const reasonAbandoned = "abandoned"

// abandoned reports whether the shopper left before placing.
func (r Record) abandoned() bool {
	return r.Placed == nil && r.Closing != nil && r.Closing.Reason == reasonAbandoned && !r.Closing.Final
}

// happened names a change of the status for an event's kind: the status, but for what was abandoned.
func (r Record) happened() string {
	if r.abandoned() {
		return reasonAbandoned
	}
	return string(r.Status())
}

// wantReminder tells a shopper who left, once, how to go on.
func wantReminder(r Record) []Effect {
	if !r.abandoned() || !r.Policy.Remind || r.Billing.Email == "" {
		return nil
	}
	return wantNotice(r, NoticeAbandoned, "the shopper left")
}

// secondThoughts is how long a shopper whose payment failed is left alone in the gateway's window, where trying again is
// one tap.
const secondThoughts = 2 * time.Minute

// wantAnotherTry tells the customer, once, that no payment has gone through although the order can still be paid.
func wantAnotherTry(r Record, now time.Time, closed bool) []Effect {
	if closed || r.verdict().Outcome != payment.Pending {
		return nil
	}
	tried := r.Payments.Payments()
	if len(tried) == 0 {
		return nil
	}
	last := tried[len(tried)-1]
	if last.Status != payment.StatusFailed || now.Before(last.CreatedAt.Add(secondThoughts)) {
		return nil
	}
	return wantNotice(r, NoticePaymentFailed, "a payment failed")
}
