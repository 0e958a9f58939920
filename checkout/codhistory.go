package checkout

import (
	"context"

	"github.com/ankkor/ankkor/pricing"
)

// CashCustomer is whom a history is asked for. A guest comes back under another Owner, so the phone is what tells most; it
// is in the form that CheckAddress gives it.
type CashCustomer struct {
	Owner Owner
	Phone string
	Email string
}

// CashRecord is how a customer's cash orders ended.
type CashRecord struct {
	Returned int64 // came back, or were refused at the door
	Open     int64 // taken effect, and neither paid for nor come back
	Settled  int64 // the cash arrived
}

// CashHistory tells how a customer's earlier cash orders ended: from the checkouts in our own Store, a courier's score, a
// list of the shop's.
//
// Implementations are safe for concurrent use.
type CashHistory interface {
	// CashHistory adds up the orders of anybody with this owner, phone (of the buyer, or of whom it went to) or e-mail;
	// what is empty matches nobody. Unknown customers have the zero record. It is a read that may be repeated, and may be behind by minutes.
	// When it fails, cash on delivery is not offered for the moment (RefusedHistoryUnknown).
	CashHistory(ctx context.Context, who CashCustomer) (CashRecord, error)
}

// customer is who pays for the checkout.
func (r Record) customer() CashCustomer {
	return CashCustomer{Owner: r.Owner, Phone: r.Billing.Phone, Email: r.Billing.Email}
}

// Count adds a checkout to the record, if it is a cash order of this customer that was not called off. It is pure, and the
// definition that a Store's own query has to meet.
func (c CashRecord) Count(r Record, who CashCustomer) CashRecord {
	due := r.DueOnDelivery()
	switch {
	case due.IsZero() || !r.inEffect() || !who.matches(r) || r.Closing != nil || r.Cancelled != nil:
	case r.cameBack():
		c.Returned++
	case r.Owed().IsZero():
		c.Settled++
	default:
		c.Open++
	}
	return c
}

// matches reports whether the checkout is this customer's by any of the names given.
func (c CashCustomer) matches(r Record) bool {
	return c.Owner != "" && c.Owner == r.Owner ||
		c.Phone != "" && (c.Phone == r.Billing.Phone || c.Phone == r.Shipping.Phone) ||
		c.Email != "" && c.Email == r.Billing.Email
}

// refuseHistory asks how the customer's earlier cash orders ended, where the shop keeps count.
func (s *Service) refuseHistory(ctx context.Context, rules CashRules, r Record) []Refusal {
	if s.config.CashHistory == nil {
		return nil
	}
	past, err := s.config.CashHistory.CashHistory(ctx, r.customer())
	switch {
	case err != nil:
		s.config.Log.WarnContext(ctx, "no history of cash orders", "checkout", r.ID, "error", err)
		return []Refusal{{Code: RefusedHistoryUnknown, Reason: "Cash on delivery is not available at the moment. Try again, or pay online."}}
	case past.Returned > rules.MaxReturned:
		return []Refusal{{Code: RefusedReturns, Reason: "Cash on delivery is not available, because earlier orders came back. Please pay online."}}
	case rules.MaxOpen > 0 && past.Open >= rules.MaxOpen:
		return []Refusal{{Code: RefusedOpenOrders, Reason: "Earlier cash orders are still on their way. Please pay this one online."}}
	}
	return nil
}

// DueOnDelivery is what the courier is to collect, as agreed when the order was placed; zero for nothing.
func (r Record) DueOnDelivery() pricing.Money {
	if r.Placed == nil {
		return pricing.Money{}
	}
	return r.Placed.Plan.OnDelivery
}
