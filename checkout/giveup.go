package checkout

import (
	"context"
	"slices"
)

// GiveUp ends a placed checkout that cannot become an order, by a person's decision: whatever was captured is refunded,
// stock and coupon uses are let go, and orders of it that lie pending in the store are trashed. The store is asked first;
// an order that took effect is not given up but an *InvalidError: cancel it in the store. So is a checkout whose order is
// being completed this moment. Giving up twice changes nothing.
func (s *Service) GiveUp(ctx context.Context, id ID, reason, actor string) (Record, error) {
	r, err := s.config.Store.Load(ctx, id)
	if err != nil {
		return Record{}, err
	}
	found, err := s.config.Orders.FindOrder(ctx, r.Token)
	if err != nil {
		return r, err
	}
	if _, err = s.update(ctx, id, func(d *draft) error { return d.giveUpSale(found, or(reason, "given up"), actor) }); err != nil {
		return r, err
	}
	return s.advance(ctx, id, true)
}

func (d *draft) giveUpSale(found []StoreOrder, reason, actor string) error {
	switch {
	case d.Placed == nil:
		return &InvalidError{Field: "checkout", Reason: "was not placed; cancel it instead"}
	case d.Unplaceable != "":
		return nil
	case d.inEffect() || slices.ContainsFunc(found, StoreOrder.Effective):
		return &InvalidError{Field: "checkout", Reason: "has an order that took effect; cancel that in the store"}
	case slices.ContainsFunc(d.Intents, func(i Intent) bool { return i.Effect == EffectCompleteOrder && i.inFlight() && !d.settledSince(i) }):
		return &InvalidError{Field: "checkout", Reason: "has an order that is being completed; try again in a few minutes"}
	}
	d.Unplaceable = clip(reason, maxDetail)
	d.Intents = slices.DeleteFunc(slices.Clone(d.Intents), func(i Intent) bool {
		return i.Effect == EffectCreateOrder || i.Effect == EffectCompleteOrder
	})
	if living := livingOrders(found); d.Order == nil && len(living) > 0 {
		ourOrder(living)(d)
	}
	d.log(d.now, actor, "given up", reason)
	if d.Closing == nil {
		d.close(reason, true)
	}
	return nil
}

// settledSince reports whether a call that was sent can no longer be running.
func (d *draft) settledSince(i Intent) bool { return !d.now.Before(i.SentAt.Add(d.Policy.Settle)) }
