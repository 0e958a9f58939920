package checkout

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ankkor/ankkor/pricing"
)

// Remittance is cash that a courier collected at the door and handed over.
type Remittance struct {
	Key    string        `json:"key"` // the courier's reference: a bank transfer's number, a line of its report
	Amount pricing.Money `json:"amount"`
	At     time.Time     `json:"at"`
	Actor  string        `json:"actor"`
}

// RemittanceRequest says what a courier handed over for one order.
type RemittanceRequest struct {
	// ID names the checkout; or, where it is empty, StoreOrder the WooCommerce order, as a courier's report does.
	ID         ID
	StoreOrder int64
	// Key makes it idempotent: the same key with the same amount is noted once, with another amount it is ErrKeyReused.
	// 1 to 255 printable ASCII characters. One bank transfer for many orders may have the same key in each.
	Key    string
	Amount pricing.Money // more than zero, in the currency of the order
	At     time.Time     // when it was handed over; now when zero
	Actor  string        // who says so, for the timeline
}

// RecordRemittance notes cash that arrived for an order that was due on delivery. Once all that was due has arrived the
// WooCommerce order is told (see CashBook), and only then counts there as paid. Less than what is due, or more, raises an
// alert; what is missing may follow in another remittance. Noting the same again changes nothing.
//
// Errors, with nothing written: *InvalidError (nothing was due on delivery, the order has not taken effect, the amount),
// ErrKeyReused, ErrNotFound. An error that wraps ErrUnavailable or ErrUnknown comes with the record: the remittance stands
// and WooCommerce is told later.
func (s *Service) RecordRemittance(ctx context.Context, req RemittanceRequest) (Record, error) {
	if err := checkKey(req.Key); err != nil {
		return Record{}, err
	}
	if req.Amount.Sign() <= 0 {
		return Record{}, &InvalidError{Field: "amount", Reason: "must be more than zero"}
	}
	id := req.ID
	if id == "" {
		var err error
		if id, err = s.config.Store.Find(ctx, Ref{Kind: RefStoreOrder, Value: orderRef(req.StoreOrder)}); err != nil {
			return Record{}, err
		}
	}
	r, err := s.update(ctx, id, func(d *draft) error { return d.remit(req) })
	if err != nil {
		return Record{}, err
	}
	moved, err := s.advance(ctx, id, true)
	if moved.ID == "" {
		moved = r
	}
	return moved, err
}

func (d *draft) remit(req RemittanceRequest) error {
	due := d.DueOnDelivery()
	switch {
	case due.IsZero() || !d.inEffect():
		return &InvalidError{Field: "checkout", Reason: "is no order in effect that is paid on delivery"}
	case req.Amount.Currency() != due.Currency():
		return &InvalidError{Field: "amount", Reason: "is in another currency than the order"}
	}
	if i := slices.IndexFunc(d.Remittances, func(m Remittance) bool { return m.Key == req.Key }); i >= 0 {
		if !d.Remittances[i].Amount.Equal(req.Amount) {
			return ErrKeyReused
		}
		return nil
	}
	d.Remittances = append(slices.Clone(d.Remittances), Remittance{
		Key: req.Key, Amount: req.Amount, At: or(req.At, d.now), Actor: clip(req.Actor, maxActor),
	})
	d.log(d.now, req.Actor, "cash handed over", req.Amount.String()+" ("+req.Key+")")
	return d.tellOfCash(due)
}

// cashAlert begins what people are told of cash that does not fit.
const cashAlert = "the courier handed over "

// tellOfCash alerts to what does not fit, in place of what it said before.
func (d *draft) tellOfCash(due pricing.Money) error {
	sum, err := d.remitted()
	if err != nil {
		return &InvalidError{Field: "amount", Reason: "is more than can be"}
	}
	d.unalert(cashAlert)
	switch order, err := sum.Cmp(due); {
	case err != nil:
		return err
	case d.calledOff():
		d.alert(d.now, fmt.Sprintf(cashAlert+"%s for an order that was called off, or came back", sum), "")
	case order < 0:
		d.alert(d.now, fmt.Sprintf(cashAlert+"%s of the %s due on delivery", sum, due), "")
	case order > 0:
		d.alert(d.now, fmt.Sprintf(cashAlert+"%s, more than the %s due on delivery", sum, due), "")
	}
	return nil
}

// remitted is the cash that has arrived.
func (r Record) remitted() (pricing.Money, error) {
	amounts := make([]pricing.Money, len(r.Remittances))
	for i, m := range r.Remittances {
		amounts[i] = m.Amount
	}
	return pricing.Sum(amounts...)
}

// calledOff reports whether nothing is collected for the order any more.
func (r Record) calledOff() bool { return r.Closing != nil || r.Cancelled != nil || r.cameBack() }

// Owed is what a courier still has to hand over: what was due on delivery, less what arrived; nothing for an order
// that was called off or came back, or a sale that did not come about.
func (r Record) Owed() pricing.Money {
	due := r.DueOnDelivery()
	if due.IsZero() || r.calledOff() {
		return pricing.Money{}
	}
	sum, err := r.remitted()
	if err != nil {
		return due
	}
	left, err := due.Sub(sum)
	if err != nil || left.Sign() < 0 {
		return pricing.Money{}
	}
	return left
}

// CashBook is what an OrderCreator can do besides: say in an order that was due on delivery that the cash has arrived.
// Where the OrderCreator is none, staff complete the order by hand.
type CashBook interface {
	// SettleCash completes an order in effect, by which WooCommerce dates its payment (WC_Order::maybe_set_date_paid), and
	// keeps in it what was collected. It returns the order as read back. One after another it is idempotent. An order that
	// is not in effect any more is refused.
	SettleCash(ctx context.Context, orderID int64, s CashSettlement) (StoreOrder, error)
}

// CashSettlement is what an order is told of the cash that was collected for it.
type CashSettlement struct {
	Collected pricing.Money
	Reference string // the courier's, of the last remittance
	At        time.Time
}

// wantSettlement tells the store once all cash is in.
func wantSettlement(r Record) []Effect {
	if r.DueOnDelivery().IsZero() || len(r.Remittances) == 0 || r.calledOff() || !r.Owed().IsZero() || !r.Order.SettledAt.IsZero() {
		return nil
	}
	return []Effect{{Kind: EffectSettleCash, Ref: orderRef(r.Order.ID), Why: "the cash has arrived"}}
}

func (s *Service) settleCash(ctx context.Context, r Record, _ Effect) (result, error) {
	sum, err := r.remitted()
	if err != nil {
		return nil, &RefusedError{Code: "amount", Reason: "the remittances cannot be added up"}
	}
	last := r.Remittances[len(r.Remittances)-1]
	o := StoreOrder{ID: r.Order.ID, Number: r.Order.Number, Status: r.Order.Status}
	if book, ok := s.config.Orders.(CashBook); ok {
		if o, err = book.SettleCash(ctx, r.Order.ID, CashSettlement{Collected: sum, Reference: last.Key, At: last.At}); err != nil {
			return nil, err
		}
	}
	return func(d *draft) {
		if d.Order == nil || d.Order.ID != o.ID || !d.Order.SettledAt.IsZero() {
			return
		}
		d.Order.Status, d.Order.SettledAt = o.Status, d.now
		d.log(d.now, actorEngine, "settled", sum.String()+" for order "+o.Number)
	}, nil
}
