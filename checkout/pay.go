package checkout

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
)

// ConfirmPayment takes what the gateway's window gave the shopper's browser. The signature is checked over the order id
// stored here; then the gateway itself is asked, because a genuine callback proves neither capture nor amount. Calling it
// again, or after a webhook did the same, finds the work done. Once the money is in there is no error: what is left, such
// as an order in a store that is away, is retried by Run.
//
// ErrPaymentMismatch says that the callback is not genuine or not of this checkout, in the same words for each case.
func (s *Service) ConfirmPayment(ctx context.Context, owner Owner, id ID, c payment.Callback) (Record, error) {
	r, err := s.Get(ctx, owner, id)
	if err != nil {
		return Record{}, err
	}
	option, ok := s.collecting(r)
	if !ok || option.Verifier == nil || r.Gateway == nil {
		return Record{}, ErrPaymentMismatch
	}
	if err := option.Verifier.VerifyPayment(r.Gateway.ID, c); err != nil {
		s.config.Log.WarnContext(ctx, "payment callback refused", "checkout", id, "error", err)
		return Record{}, ErrPaymentMismatch
	}
	if r.settled() && r.Payments.Bound() == c.PaymentID || s.justTold(r, c.PaymentID) { // a webhook or the poller was quicker
		r, err = s.goOn(ctx, r, setOut(r, true), none("told before"))
	} else {
		r, err = s.askGateway(ctx, r)
	}
	if err != nil && r.settled() {
		s.config.Log.WarnContext(ctx, "paid, with work left", "checkout", id, "error", err)
		return r, nil
	}
	return r, err
}

// askAgain is how soon the gateway is asked again because of a callback for a payment that it has told of.
const askAgain = time.Second

// justTold reports whether the gateway, asked a moment ago, knew the payment as more than an attempt. A callback that is
// sent over and over, for a payment that is no sale, so asks it once a second.
func (s *Service) justTold(r Record, paymentID string) bool {
	if ago := s.config.Now().Sub(r.LookedAt); ago < 0 || ago >= askAgain {
		return false
	}
	return slices.ContainsFunc(r.Payments.Payments(), func(p payment.Payment) bool {
		return p.ID == paymentID && p.Status != payment.StatusCreated && p.Status != payment.StatusFailed
	})
}

// Recheck asks the gateway what became of the checkout's payments, and goes on from there. Webhooks, operators and pages
// that wait all come here; whichever is second finds it done. Those who come to one process at the same time share an
// answer, so that a callback sent a hundred times does not ask the gateway as often.
func (s *Service) Recheck(ctx context.Context, id ID) (Record, error) {
	r, err := s.config.Store.Load(ctx, id)
	if err != nil {
		return Record{}, err
	}
	return s.askGateway(ctx, r)
}

// askGateway is Recheck of a record that was just read. Who shares another's answer reads again what became of it.
func (s *Service) askGateway(ctx context.Context, r Record) (Record, error) {
	w := setOut(r, true)
	if r.Gateway == nil || r.Gateway.Status == payment.OrderDueOnDelivery {
		return s.goOn(ctx, r, w, none("nothing to look at"))
	}
	var moved Record
	var following Effect
	err := s.looks.share(ctx, r.ID, func() error {
		seen, err := s.inspect(ctx, r)
		if err != nil {
			return err
		}
		moved, err = s.updateFrom(ctx, r, func(d *draft) error {
			seen.fold(d)
			following = w.intend(d)
			return nil
		})
		return err
	})
	switch {
	case err != nil:
		return r, err
	case moved.Version == 0: // somebody else asked
		return s.advance(ctx, r.ID, true)
	}
	return s.goOn(ctx, moved, w, following)
}

// RecheckGatewayOrder is Recheck for a webhook, which knows the gateway's order and not the checkout. An order that is
// not ours is ErrNotFound.
func (s *Service) RecheckGatewayOrder(ctx context.Context, orderID string) (Record, error) {
	id, err := s.config.Store.Find(ctx, Ref{Kind: RefGatewayOrder, Value: orderID})
	if err != nil {
		return Record{}, err
	}
	return s.Recheck(ctx, id)
}

// Cancel asks for a placed checkout to be given up, or closes an open one. The gateway is looked at first: if the money
// has come the sale stands and the record returned is not cancelled; if the gateway cannot be looked at now, it is
// cancelled as soon as it can. Reason is kept in the timeline: one line, up to 200 bytes.
func (s *Service) Cancel(ctx context.Context, owner Owner, id ID, reason string) (Record, error) {
	if len(reason) > maxReason || reason != clip(reason, maxReason) {
		return Record{}, &InvalidError{Field: "reason", Reason: "wants one line of at most 200 bytes"}
	}
	var closed bool
	r, err := s.update(ctx, id, func(d *draft) error {
		if d.Owner != owner {
			return ErrNotFound
		}
		closed = d.Closing != nil
		return d.cancel(reason)
	})
	if err != nil {
		return r, err
	}
	if r.Placed == nil {
		if !closed { // a hold of the same cart may belong to its next checkout by now
			s.letGo(ctx, r.Reservation)
		}
		return r, nil
	}
	return s.advance(ctx, id, true)
}

// maxReason is the longest reason for a cancellation, in bytes.
const maxReason = 200

func (d *draft) cancel(reason string) error {
	if d.Closing != nil || d.settled() {
		return nil // nothing to give up; the record says why
	}
	if reason == "" {
		reason = "cancelled by the shopper"
	}
	if d.Placed == nil {
		d.close(reason, true)
		return nil
	}
	if d.Placed.Cancel == "" {
		d.Placed.Cancel = reason
		d.log(d.now, actorShopper, "cancellation asked for", reason)
	}
	if d.now.Before(d.Placed.PayBy) {
		d.Placed.PayBy = d.now
	}
	return nil
}

// close ends a checkout that no sale comes of, and lets its stock go.
func (d *draft) close(reason string, final bool) {
	d.Closing = &Closing{At: d.now, Reason: reason, Final: final}
	d.unbind = append(d.unbind, openRef(d.Owner))
	kind := inventory.Expire
	if final {
		kind = inventory.ReleaseAllocation
	}
	if d.Stock == StockAllocated {
		d.Stock = StockReleased
		d.move(kind, d.Allocated, reason)
	}
	d.endUses(kind, StockReleased, reason)
	d.log(d.now, actorEngine, "closed", reason)
}

// sighting is what the gateway said of payments, and as of when. at is zero where it did not speak of all of them.
type sighting struct {
	at       time.Time
	payments []payment.Payment
}

// fold adds what was seen to the facts, and binds captured payments to this checkout for ever. The payment a sale first
// stands on stays the one it stands on, whatever is captured later.
func (s sighting) fold(d *draft) {
	before := d.verdict().Outcome
	d.Payments = d.Payments.Fold(s.payments...)
	d.LookedAt = later(d.LookedAt, s.at)
	for _, p := range s.payments {
		if p.Status == payment.StatusCaptured {
			d.bind = append(d.bind, Ref{Kind: RefPayment, Value: p.ID})
		}
	}
	after := d.verdict()
	d.noteOutsideRefunds()
	d.compareRefunds()
	if after.Outcome.Sale() && d.Payments.Bound() == "" {
		bound, err := d.Payments.Bind(after.Payment.ID)
		if err != nil {
			d.alert(d.now, "a payment cannot be told from others; look at it at the gateway", err.Error())
			return
		}
		d.Payments = bound
	}
	d.tellOfPayments(before, after)
}

// tellOfPayments writes down what changed, and alerts to what does not fit.
func (d *draft) tellOfPayments(before payment.Outcome, after payment.Verdict) {
	if after.Outcome != before {
		d.log(d.now, actorGateway, "payment "+string(after.Outcome), after.Payment.ID)
	}
	switch after.Outcome {
	case payment.Short, payment.Over, payment.WrongCurrency:
		d.alert(d.now, fmt.Sprintf("payment %s does not match the order: %s", after.Payment.ID, after.Outcome), "")
	}
	for _, p := range after.Surplus {
		d.alert(d.now, "payment "+p.ID+" is surplus and is refunded", "")
	}
	for _, p := range after.Conflicts {
		d.alert(d.now, "the gateway says different things of payment "+p.ID+"; look at it there", "")
	}
}
