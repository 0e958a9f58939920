package checkout

import "slices"

// Status is where a checkout stands, for people and pages. It is derived from the facts; nothing stores it.
type Status string

// The statuses, in the order a sale passes them, then the ends that are none.
const (
	StatusOpen           Status = "open"            // the shopper is still choosing
	StatusPendingPayment Status = "pending_payment" // placed, no money yet
	StatusPaid           Status = "paid"            // money captured, or cash on delivery accepted; no order in effect yet
	StatusOrdered        Status = "ordered"         // the WooCommerce order has taken effect
	StatusProcessing     Status = "processing"      // somebody packs it
	StatusShipped        Status = "shipped"
	StatusDelivered      Status = "delivered"
	StatusReturned       Status = "returned" // the parcel came back
	StatusCancelled      Status = "cancelled"
	StatusRefunded       Status = "refunded"
)

// Status derives the status from the facts.
func (r Record) Status() Status {
	switch {
	case r.refundedInFull() && (r.Closing != nil || r.inEffect()): // before that another payment may still make the sale
		return StatusRefunded
	case r.Closing != nil:
		return StatusCancelled
	case r.Placed == nil:
		return StatusOpen
	case r.cameBack():
		return StatusReturned
	case !r.DeliveredAt.IsZero():
		return StatusDelivered
	case r.Shipment != nil:
		return StatusShipped
	case r.Cancelled != nil:
		return StatusCancelled
	case r.inEffect() && !r.Processing.IsZero():
		return StatusProcessing
	case r.inEffect():
		return StatusOrdered
	case r.settled():
		return StatusPaid
	}
	return StatusPendingPayment
}

// Stuck reports whether the checkout waits for a person: an effect was given up, see Service.Retry.
func (r Record) Stuck() bool {
	return slices.ContainsFunc(r.Intents, func(i Intent) bool { return i.Dead })
}
