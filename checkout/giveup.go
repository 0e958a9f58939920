package checkout

import (
	"context"
	"slices"
	"time"
)

// GiveUp ends a placed checkout that cannot become an order, by a person's decision: whatever was captured is refunded,
// stock and coupon uses are let go, and orders of it that lie pending in the store are trashed. The store is asked first;
// an order that took effect is not given up but an *InvalidError: cancel it in the store. So is a checkout whose order is
// being completed this moment. One that is being made is trashed when it is found. Giving up twice changes nothing.
func (s *Service) GiveUp(ctx context.Context, id ID, reason, actor string) (Record, error) {
	r, err := s.config.Store.Load(ctx, id)
	if err != nil {
		return Record{}, err
	}
	look := tokenLook{at: s.config.Now()}
	if look.found, err = s.config.Orders.FindOrder(ctx, r.Token); err != nil {
		return r, err
	}
	if _, err = s.update(ctx, id, func(d *draft) error { return d.giveUpSale(look, or(reason, "given up"), actor) }); err != nil {
		return r, err
	}
	return s.advance(ctx, id, true)
}

// tokenLook is what the store said of orders with our token, and when it was asked.
type tokenLook struct {
	found []StoreOrder
	at    time.Time
}

// missed reports whether the call may still take effect after the look.
func (l tokenLook) missed(i Intent, p Policy) bool {
	return i.inFlight() && l.at.Before(i.SentAt.Add(p.Settle))
}

func (d *draft) giveUpSale(look tokenLook, reason, actor string) error {
	switch {
	case d.Placed == nil:
		return &InvalidError{Field: "checkout", Reason: "was not placed; cancel it instead"}
	case d.Unplaceable != "":
		return nil
	case d.inEffect() || slices.ContainsFunc(look.found, StoreOrder.Effective):
		return &InvalidError{Field: "checkout", Reason: "has an order that took effect; cancel that in the store"}
	case slices.ContainsFunc(d.Intents, func(i Intent) bool { return i.Effect == EffectCompleteOrder && look.missed(i, d.Policy) }):
		return &InvalidError{Field: "checkout", Reason: "has an order that is being completed; try again in a few minutes"}
	}
	d.Unplaceable = clip(reason, maxDetail)
	d.forgetOrder(look)
	if living := livingOrders(look.found); d.Order == nil && len(living) > 0 {
		ourOrder(living)(d)
	}
	d.log(d.now, actor, "given up", reason)
	if d.Closing == nil {
		d.close(reason, true)
	}
	return nil
}

// forgetOrder drops the attempts at an order that is not wanted any more. One that may still come is looked for until it
// cannot, so that it is trashed, too.
func (d *draft) forgetOrder(look tokenLook) {
	kept := slices.DeleteFunc(slices.Clone(d.Intents), func(i Intent) bool {
		return i.Effect == EffectCompleteOrder || i.Effect == EffectCreateOrder && !look.missed(i, d.Policy)
	})
	for n, i := range kept {
		if i.Effect == EffectCreateOrder {
			kept[n].Dead, kept[n].Attempts, kept[n].NotBefore = false, 0, time.Time{}
		}
	}
	d.Intents = kept
}
