package checkout

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// table says how each outside effect is performed.
func (s *Service) table() map[EffectKind]step {
	return map[EffectKind]step{
		EffectCreateGatewayOrder: {find: s.findGatewayOrder, do: s.createGatewayOrder},
		EffectInspectPayments:    {do: s.readPayments},
		EffectCapture:            {find: s.findCapture, do: s.capture},
		EffectRefund:             {find: s.findRefund, do: s.refund},
		EffectRefundPart:         {find: s.findRefundPart, do: s.refundPart},
		EffectCreateOrder:        {find: s.findOrder, do: s.createOrder},
		EffectCompleteOrder:      {find: s.findCompleted, do: s.completeOrder},
		EffectCheckStock:         {do: s.checkStock},
		EffectRestoreStock:       {find: s.findRestored, do: s.restoreStock},
		EffectFindTwins:          {do: s.findTwins},
		EffectTrashTwin:          {do: s.trashTwin},
		EffectCancelOrder:        {do: s.trashTwin},
		EffectClearCart:          {do: s.clearCart},
		EffectNotify:             {do: s.notify},
		EffectShip:               {find: s.findShipment, do: s.ship},
		EffectTellStore:          {find: s.findTold, do: s.tellStore},
		EffectStoreRefund:        {find: s.findNotedRefund, do: s.noteRefund},
		EffectSettleCash:         {do: s.settleCash},
		EffectNoteOrder:          {find: s.findNote, do: s.noteOrder},
	}
}

func (s *Service) gateway(r Record) (payment.Gateway, error) {
	option, ok := s.collecting(r)
	if !ok {
		return nil, fmt.Errorf("%w: payment method %q is no longer configured", ErrUnavailable, r.collectedBy())
	}
	return option.Gateway, nil
}

func (s *Service) createGatewayOrder(ctx context.Context, r Record, _ Effect) (result, error) {
	g, err := s.gateway(r)
	if err != nil {
		return nil, err
	}
	o, err := g.CreateOrder(ctx, payment.OrderRequest{
		Receipt: r.Token, Amount: r.Placed.Plan.toCollect(), Notes: map[string]string{"checkout": string(r.ID)},
	})
	if err != nil {
		return nil, err
	}
	return gatewayOrder(r, o)
}

func (s *Service) findGatewayOrder(ctx context.Context, r Record, _ Effect) (result, bool, error) {
	g, err := s.gateway(r)
	if err != nil {
		return nil, false, err
	}
	o, err := g.FindOrder(ctx, r.Token)
	if errors.Is(err, payment.ErrNotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	res, err := gatewayOrder(r, o)
	return res, err == nil, err
}

// toCollect is what the gateway is asked for.
func (p Plan) toCollect() pricing.Money {
	if p.Online.IsZero() {
		return p.OnDelivery
	}
	return p.Online
}

// gatewayOrder keeps the order, unless the gateway made it for another amount. Whether it is due on delivery is what the
// gateway says of it.
func gatewayOrder(r Record, o payment.Order) (result, error) {
	if want := r.Placed.Plan.toCollect(); !o.Amount.Equal(want) {
		return nil, &RefusedError{Code: "amount", Reason: "the gateway's order is for " + o.Amount.String() + " instead of " + want.String()}
	}
	plan, err := r.Placed.Plan.answered(o)
	if err != nil {
		return nil, err
	}
	return func(d *draft) {
		if d.Gateway != nil {
			return
		}
		d.Gateway = &o
		placed := *d.Placed
		placed.Plan = plan
		d.Placed, d.Plan = &placed, plan
		d.bind = append(d.bind, Ref{Kind: RefGatewayOrder, Value: o.ID})
		d.log(d.now, actorEngine, "gateway order", o.ID)
	}, nil
}

// inspect reads every payment of the checkout's gateway order. What it saw is as of the moment before it asked: a payment
// may be made while the answer travels.
func (s *Service) inspect(ctx context.Context, r Record) (sighting, error) {
	g, err := s.gateway(r)
	if err != nil {
		return sighting{}, err
	}
	at := s.config.Now()
	seen, err := g.Payments(ctx, r.Gateway.ID)
	return sighting{at: at, payments: seen}, err
}

func (s *Service) readPayments(ctx context.Context, r Record, _ Effect) (result, error) {
	seen, err := s.inspect(ctx, r)
	if err != nil {
		return nil, err
	}
	return seen.fold, nil
}

func (s *Service) capture(ctx context.Context, r Record, e Effect) (result, error) {
	g, err := s.gateway(r)
	if err != nil {
		return nil, err
	}
	p, err := g.Capture(ctx, e.Ref, r.Gateway.Amount)
	if err != nil {
		return nil, err
	}
	return sighting{payments: []payment.Payment{p}}.fold, nil
}

func (s *Service) findCapture(ctx context.Context, r Record, e Effect) (result, bool, error) {
	seen, err := s.inspect(ctx, r)
	if err != nil {
		return nil, false, err
	}
	i := slices.IndexFunc(seen.payments, func(p payment.Payment) bool { return p.ID == e.Ref })
	if i < 0 || seen.payments[i].Status == payment.StatusAuthorized {
		return nil, false, nil
	}
	return seen.fold, true, nil
}

// refundKey is the same however often a payment's refund is asked for.
func refundKey(paymentID string) string { return "ankkor-" + paymentID }

func (s *Service) refunder(r Record) (payment.Refunder, error) {
	g, err := s.gateway(r)
	if err != nil {
		return nil, err
	}
	refunder, ok := g.(payment.Refunder)
	if !ok {
		return nil, &RefusedError{Code: "no_refunds", Reason: "the gateway cannot refund; send the money back by hand"}
	}
	return refunder, nil
}

func (s *Service) refund(ctx context.Context, r Record, e Effect) (result, error) {
	refunder, err := s.refunder(r)
	if err != nil {
		return nil, err
	}
	due := r.refundsDue()
	i := slices.IndexFunc(due, func(p payment.Payment) bool { return p.ID == e.Ref })
	if i < 0 {
		return func(*draft) {}, nil
	}
	p := due[i]
	rest, err := p.Amount.Sub(p.Refunded)
	if err != nil {
		return nil, err
	}
	done, err := refunder.Refund(ctx, payment.RefundRequest{
		PaymentID: p.ID, Amount: rest, Key: refundKey(p.ID), Reason: refundReason(r),
	})
	if err != nil {
		return nil, err
	}
	return refundDone(r, done)
}

func refundReason(r Record) string { return or(r.Unplaceable, "not the payment of this order") }

func (s *Service) findRefund(ctx context.Context, r Record, e Effect) (result, bool, error) {
	refunder, err := s.refunder(r)
	if err != nil {
		return nil, false, err
	}
	done, err := refunder.FindRefund(ctx, e.Ref, refundKey(e.Ref))
	if errors.Is(err, payment.ErrNotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	res, err := refundDone(r, done)
	return res, err == nil, err
}

// refundDone notes money on its way back. A refund that failed leaves it with us, and asking again with the same key only
// gives the same answer.
func refundDone(r Record, done payment.Refund) (result, error) {
	if done.Status == payment.RefundFailed {
		return nil, &RefusedError{Code: "refund_failed", Reason: "the refund failed; send the money back by hand"}
	}
	return func(d *draft) {
		if d.refunded(done.PaymentID) {
			return
		}
		d.Refunds = append(d.Refunds, RefundFact{
			ID: done.ID, PaymentID: done.PaymentID, Amount: done.Amount, Reason: refundReason(r), At: d.now,
		})
		d.LookedAt = time.Time{}
		d.log(d.now, actorEngine, "refunded", done.Amount.String()+" of "+done.PaymentID)
	}, nil
}
