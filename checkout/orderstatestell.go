package checkout

import (
	"context"
	"fmt"
	"slices"
)

// wantTold writes into the store, once, how the order stands here.
func wantTold(r Record) []Effect {
	told := r.milestone()
	if told == "" || !r.Policy.KeepOrders || r.Order.Status == storeGone || slices.Contains(r.Order.Told, told) {
		return nil
	}
	return []Effect{{Kind: EffectTellStore, Ref: string(told), Why: "the store should know"}}
}

// milestone is what the store is to know of an order in effect beyond that it took effect. Refunds tell themselves.
func (r Record) milestone() Status {
	switch {
	case r.cameBack():
		return StatusReturned
	case !r.DeliveredAt.IsZero():
		return StatusDelivered
	case r.Shipment != nil:
		return StatusShipped
	case r.Cancelled != nil:
		return StatusCancelled
	case !r.Processing.IsZero():
		return StatusProcessing
	}
	return ""
}

// storeStatus is where the order is to go in the store when it is told, "" for nowhere. WooCommerce's own meaning of
// "completed" is that the order was sent; one whose cash is still with the courier is not completed, because that would date
// its payment (WC_Order::maybe_set_date_paid). What somebody decided there is not overruled.
func (r Record) storeStatus(told Status, now string) string {
	want := ""
	switch told {
	case StatusShipped, StatusDelivered:
		if r.Owed().IsZero() {
			want = storeCompleted
		}
	case StatusCancelled:
		want = storeCancelled
	case StatusReturned:
		if r.cancelsByReturn() {
			want = storeCancelled
		}
	case StatusProcessing:
		want = storeProcessing
	}
	switch now {
	case storeCompleted:
		settled := told == StatusCancelled && !r.Order.SettledAt.IsZero() // it was completed by us, for its cash
		if told != StatusReturned && !settled {
			return ""
		}
	case want, storeCancelled, storeRefunded, storeFailed, storeTrash, storeGone:
		return ""
	case storePending:
		if want != storeCancelled {
			return ""
		}
	}
	return want
}

// news is what to tell, and whether there is anything to write.
func (r Record) news(told Status, o StoreOrder) (news OrderNews, write bool) {
	news = OrderNews{Told: told, Status: r.storeStatus(told, o.Status)}
	if r.Shipment != nil {
		news.Shipment = *r.Shipment
	}
	return news, o.Status != storeGone && (o.Told != told || news.Status != "")
}

func (s *Service) tellStore(ctx context.Context, r Record, e Effect) (result, error) {
	keeper := s.keeper()
	if keeper == nil {
		return nil, &RefusedError{Code: "no_keeper", Reason: "this store is told by hand"}
	}
	look, err := s.lookAtOrder(ctx, keeper, r.Order.ID)
	if err != nil {
		return nil, err
	}
	told := Status(e.Ref)
	if news, write := r.news(told, look.StoreOrder); write {
		if look.StoreOrder, err = keeper.Tell(ctx, r.Order.ID, news); err != nil {
			return nil, err
		}
		if news.Status != "" && look.Status != news.Status {
			return nil, &RefusedError{Code: "status", Reason: fmt.Sprintf("the store left the order in status %s", look.Status)}
		}
	}
	return s.toldStore(ctx, r, told, look)
}

// findTold looks whether an earlier attempt was heard.
func (s *Service) findTold(ctx context.Context, r Record, e Effect) (result, bool, error) {
	keeper := s.keeper()
	if keeper == nil {
		return nil, false, nil
	}
	look, err := s.lookAtOrder(ctx, keeper, r.Order.ID)
	if err != nil {
		return nil, false, err
	}
	if _, write := r.news(Status(e.Ref), look.StoreOrder); write {
		return nil, false, nil
	}
	res, err := s.toldStore(ctx, r, Status(e.Ref), look)
	return res, err == nil, err
}

// toldStore notes that the store knows, and what it says.
func (s *Service) toldStore(ctx context.Context, r Record, told Status, look orderLook) (result, error) {
	sold, err := s.soldBy(ctx, r)
	return func(d *draft) {
		if d.Order == nil || d.Order.ID != look.ID || slices.Contains(d.Order.Told, told) {
			return
		}
		d.told(told)
		d.log(d.now, actorEngine, "the store was told", string(told)+", it says "+look.Status)
		look.fold(d, sold)
	}, err
}

// told notes that the store knows of a status, or decided it.
func (d *draft) told(s Status) {
	if !slices.Contains(d.Order.Told, s) {
		d.Order.Told = append(slices.Clone(d.Order.Told), s)
	}
}
