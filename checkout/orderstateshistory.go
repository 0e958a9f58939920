package checkout

import (
	"slices"
	"time"
)

// Transition is one change of a checkout's status: who or what brought it about, and why.
type Transition struct {
	From   Status    `json:"from"`
	To     Status    `json:"to"`
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"` // as in the timeline: "shopper", "gateway", "woocommerce", "ankkor", or one of the staff
	Reason string    `json:"reason"`
}

// Transitions lists where a checkout may go from a status. Everything else is a mistake of this package: a late
// payment.failed, a status turned back in wp-admin, a webhook repeated change nothing of what has happened.
//
// Four edges look like steps back and are none: a payment that comes after closing makes a sale after all (cancelled →
// paid), an order cancelled in wp-admin is taken up there again while its money is still with us (cancelled → ordered, or
// shipped where it was completed), and money that the gateway gave back before the order took effect was never a sale
// (paid → pending_payment).
func (s Status) Transitions() []Status {
	switch s {
	case StatusOpen:
		return []Status{StatusPendingPayment, StatusPaid, StatusCancelled}
	case StatusPendingPayment:
		return []Status{StatusPaid, StatusOrdered, StatusCancelled, StatusRefunded}
	case StatusPaid:
		return []Status{StatusOrdered, StatusPendingPayment, StatusCancelled, StatusRefunded}
	case StatusOrdered:
		return []Status{StatusProcessing, StatusShipped, StatusCancelled, StatusRefunded}
	case StatusProcessing:
		return []Status{StatusShipped, StatusCancelled, StatusRefunded}
	case StatusShipped:
		return []Status{StatusDelivered, StatusReturned, StatusRefunded}
	case StatusDelivered:
		return []Status{StatusReturned, StatusRefunded}
	case StatusReturned:
		return []Status{StatusRefunded}
	case StatusCancelled:
		return []Status{StatusPaid, StatusOrdered, StatusShipped, StatusRefunded}
	case StatusRefunded:
	}
	return nil
}

// mayBecome reports whether a status may follow.
func (s Status) mayBecome(next Status) bool { return slices.Contains(s.Transitions(), next) }

// moved notes a change of the status in the history. Who did it, and why, is what the timeline says last.
func (d *draft) moved(before, after Status) {
	t := Transition{From: before, To: after, At: d.now, Actor: actorEngine}
	for i := len(d.Timeline) - 1; i >= 0; i-- {
		if e := d.Timeline[i]; e.What != alertEntry {
			t.Actor, t.Reason = e.Actor, e.What
			if e.Detail != "" {
				t.Reason += ": " + e.Detail
			}
			break
		}
	}
	d.History = append(slices.Clone(d.History), t)
}
