package checkout

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
)

func (s *Service) createOrder(ctx context.Context, r Record, e Effect) (result, error) {
	o, err := s.config.Orders.CreatePending(ctx, OrderRequest{
		Token: r.Token, Quote: *r.Quote, Billing: r.Billing, Shipping: r.Shipping, CustomerID: r.CustomerID,
		CustomerNote: r.CustomerNote, PaymentMethod: string(r.PaymentMethod), PaymentMethodTitle: s.methodTitle(r),
		Chosen: r.chosen(), Meta: r.cashMeta(),
	})
	if err != nil {
		return s.madeBefore(ctx, r, e, err)
	}
	return ourOrder([]StoreOrder{o}), nil
}

// codeMismatch is the code of a refusal of an order that is in the store, and differs from its quote.
const codeMismatch = "total_mismatch"

// madeBefore looks after a refusal whether it is only of a repetition: the order was made when its request was first sent,
// its answer was lost, or something on the way sent it twice, and it is the first that took the coupon's last use
// (WooCommerce counts a use with the pending order, wc_update_coupon_usage_counts). An order that differs from its quote is
// refused for good.
func (s *Service) madeBefore(ctx context.Context, r Record, e Effect, cause error) (result, error) {
	var no *RefusedError
	if !errors.As(cause, &no) || no.Code == codeMismatch {
		return nil, cause
	}
	res, found, err := s.findOrder(ctx, r, e)
	switch {
	case err != nil && !refused(err): // the refusal is only told, not wrapped: it is not known to be the last word
		return nil, fmt.Errorf("%w: refused (%s), and the look for an earlier one failed: %w", ErrUnknown, cause.Error(), err)
	case err != nil || !found:
		return nil, cause
	}
	return res, nil
}

// chosen are the lines of which the shopper chose something.
func (r Record) chosen() map[string]cart.ItemRef {
	chosen := map[string]cart.ItemRef{}
	for _, l := range r.Lines {
		if ref := l.Line.Ref; len(ref.Attributes)+len(ref.Data) > 0 {
			chosen[string(l.Line.Key)] = ref
		}
	}
	return chosen
}

// findOrder looks for orders with our token. The oldest that is not trashed is ours, any other is a twin. Where no sale comes
// of it, its total does not matter: it is found to be trashed.
func (s *Service) findOrder(ctx context.Context, r Record, _ Effect) (result, bool, error) {
	found, err := s.config.Orders.FindOrder(ctx, r.Token)
	if err != nil {
		return nil, false, err
	}
	living := livingOrders(found)
	if len(living) == 0 {
		return nil, false, nil
	}
	if o, want := oldestEffective(living), r.Quote.Totals.Total; r.Unplaceable == "" && !o.Total.Equal(want) {
		return nil, false, &RefusedError{Code: codeMismatch, Reason: fmt.Sprintf("order %s totals %s, the quote says %s", o.Number, o.Total, want)}
	}
	return ourOrder(living), true, nil
}

// livingOrders are those that could take effect: neither trashed nor the draft that WooCommerce leaves behind when it
// refuses an order's coupon.
func livingOrders(found []StoreOrder) []StoreOrder {
	return slices.DeleteFunc(slices.Clone(found), func(o StoreOrder) bool { return o.Trashed() || o.Draft() })
}

// oldestEffective picks which of several orders with our token is ours: one that took effect, else the oldest.
func oldestEffective(living []StoreOrder) StoreOrder {
	return living[max(0, slices.IndexFunc(living, StoreOrder.Effective))]
}

// ourOrder keeps the first order as ours, under a reference no other checkout can take, and notes the rest as twins. A
// twin that already took effect is never trashed: it becomes ours.
func ourOrder(living []StoreOrder) result {
	return func(d *draft) {
		if d.Order == nil {
			o := oldestEffective(living)
			d.Order = &OrderFact{ID: o.ID, Number: o.Number, Status: o.Status, Total: o.Total, CreatedAt: d.now}
			d.bind = append(d.bind, Ref{Kind: RefStoreOrder, Value: orderRef(o.ID)})
			d.log(d.now, actorEngine, "order created", o.Number)
		}
		d.noteTwins(living)
	}
}

// noteTwins notes the living orders that are not ours.
func (d *draft) noteTwins(living []StoreOrder) {
	for _, o := range living {
		if o.ID == d.Order.ID || slices.Contains(d.Order.Twins, o.ID) || o.Trashed() {
			continue
		}
		if o.Effective() {
			d.alert(d.now, fmt.Sprintf("order %d is a twin of %d and has taken effect", o.ID, d.Order.ID), "")
			continue
		}
		d.Order.Twins = append(d.Order.Twins, o.ID)
		d.log(d.now, actorEngine, "twin found", orderRef(o.ID))
	}
}

func (s *Service) completeOrder(ctx context.Context, r Record, e Effect) (result, error) {
	how := Completion{PaymentMethod: string(r.PaymentMethod), PaymentMethodTitle: s.methodTitle(r)}
	switch v := r.verdict(); {
	case v.Outcome.Sale() && !r.DueOnDelivery().IsZero(): // a part: the order is not paid before the cash arrives
		how.Status, how.TransactionID = r.cashStatus(), v.Payment.ID
	case v.Outcome.Sale():
		how.Paid, how.TransactionID = true, v.Payment.ID
	case r.Placed.Plan.free():
		how.Paid, how.TransactionID = true, r.Token
	case v.Outcome == payment.DueOnDelivery:
		how.Status = r.cashStatus()
	default:
		return nil, &RefusedError{Code: "not_paid", Reason: "the money is gone again: " + string(v.Outcome)}
	}
	var found []StoreOrder
	var looked bool
	if !e.Find { // else findCompleted has just looked, and there is no time to lose
		found, looked = s.lookAgain(ctx, r)
		if o, ok := effectiveTwin(found, r.Order.ID); ok {
			return s.overtaken(o, found), nil
		}
	}
	o, err := s.config.Orders.Complete(ctx, r.Order.ID, how)
	if err != nil {
		return nil, err
	}
	if e.Find {
		found, looked = s.lookAgain(ctx, r)
	}
	switch {
	case o.Effective():
		return s.searched(o, found, looked), nil
	case o.Status == "pending":
		return nil, fmt.Errorf("%w: order %d is still pending after completing it", ErrUnknown, o.ID)
	}
	return nil, &RefusedError{Code: "order_" + o.Status, Reason: fmt.Sprintf("order %d cannot take effect any more", o.ID)}
}

// search finds the living orders with our token. A search that does not see our own was one into the past: it lags.
func (s *Service) search(ctx context.Context, r Record) (living []StoreOrder, sees bool, err error) {
	found, err := s.config.Orders.FindOrder(ctx, r.Token)
	sees = slices.ContainsFunc(found, func(o StoreOrder) bool { return o.ID == r.Order.ID })
	return livingOrders(found), sees, err
}

// lookAgain looks for twins of an order whose creation was acknowledged: something between us and the store may have
// sent the request twice, and nobody else would look. A twin is harmless while it is pending, so a look that fails, or
// lags, does not keep the order from taking effect; EffectFindTwins makes up for it.
func (s *Service) lookAgain(ctx context.Context, r Record) (living []StoreOrder, looked bool) {
	living, sees, err := s.search(ctx, r)
	if err != nil {
		s.config.Log.WarnContext(ctx, "no look for twins", "checkout", r.ID, "error", err)
	}
	return living, err == nil && sees
}

// searched is completed, and notes whether somebody has to look for twins yet.
func (s *Service) searched(o StoreOrder, found []StoreOrder, looked bool) result {
	done := s.completed(o, found)
	return func(d *draft) {
		if done(d); d.Order != nil && d.Order.ID == o.ID && !looked {
			d.Order.Unsearched = true
		}
	}
}

// findTwins looks for twins of an order that took effect while the store could not be searched. A search that lags is asked
// again, for as long as an outcome takes to settle.
func (s *Service) findTwins(ctx context.Context, r Record, _ Effect) (result, error) {
	living, sees, err := s.search(ctx, r)
	if err != nil {
		return nil, err
	}
	if settled := r.Order.CompletedAt.Add(r.Policy.Settle); !sees && s.config.Now().Before(settled) {
		return nil, fmt.Errorf("%w: the store's search does not see order %d yet", ErrUnavailable, r.Order.ID)
	}
	return func(d *draft) {
		if d.Order != nil {
			d.Order.Unsearched = false
			d.noteTwins(living)
		}
	}, nil
}

// effectiveTwin finds a twin that took effect while the order with the id did not.
func effectiveTwin(found []StoreOrder, id int64) (twin StoreOrder, ok bool) {
	for _, o := range found {
		switch {
		case o.Effective() && o.ID == id:
			return StoreOrder{}, false
		case o.Effective() && !ok:
			twin, ok = o, true
		}
	}
	return twin, ok
}

// overtaken takes a twin for ours, because somebody made it take effect. The order that was ours becomes the twin.
func (s *Service) overtaken(o StoreOrder, found []StoreOrder) result {
	return func(d *draft) {
		if d.Order == nil || d.inEffect() {
			return
		}
		d.alert(d.now, fmt.Sprintf("order %s took effect in place of its twin %s", o.Number, d.Order.Number), "")
		d.Order.ID, d.Order.Number = o.ID, o.Number
		d.bind = append(d.bind, Ref{Kind: RefStoreOrder, Value: orderRef(o.ID)})
		s.completed(o, found)(d)
	}
}

// findCompleted reads our order back. Its token may have been replaced by the payment id, so it is found by either.
func (s *Service) findCompleted(ctx context.Context, r Record, _ Effect) (result, bool, error) {
	found, err := s.config.Orders.FindOrder(ctx, r.Token)
	if err != nil {
		return nil, false, err
	}
	living := livingOrders(found)
	if o, ok := effectiveTwin(living, r.Order.ID); ok {
		return s.overtaken(o, living), true, nil
	}
	i := slices.IndexFunc(living, func(o StoreOrder) bool { return o.ID == r.Order.ID })
	if i < 0 || !living[i].Effective() {
		return nil, false, nil
	}
	return s.completed(living[i], living), true, nil
}

// completed notes that the order took effect, and the twins that were found beside it, and compares what the store says
// with what was promised.
func (s *Service) completed(o StoreOrder, found []StoreOrder) result {
	return func(d *draft) {
		if d.Order == nil || d.Order.ID != o.ID || d.inEffect() {
			return
		}
		d.noteTwins(found)
		d.Order.Status, d.Order.CompletedAt, d.Order.Total = o.Status, d.now, o.Total
		d.Order.SeenAt, d.Order.ModifiedAt = d.now, o.ModifiedAt
		d.log(d.now, actorEngine, "order took effect", o.Number+" is "+o.Status)
		if want := d.Quote.Totals.Total; !o.Total.Equal(want) {
			d.alert(d.now, fmt.Sprintf("order %s totals %s, the quote says %s", o.Number, o.Total, want), "")
		}
		d.confirmStock(o, s.restorer() != nil)
		d.endUses(inventory.Confirm, StockConfirmed, "order "+o.Number)
	}
}

// trashTwin cancels the order the effect names: a twin, or our own that no sale comes of. With our own it looks for twins:
// nobody looks later.
func (s *Service) trashTwin(ctx context.Context, r Record, e Effect) (result, error) {
	id, err := strconv.ParseInt(e.Ref, 10, 64)
	if err != nil {
		return nil, &RefusedError{Code: "order_id", Reason: "is not a number"}
	}
	var found []StoreOrder
	if r.Order != nil && r.Order.ID == id {
		if found, err = s.config.Orders.FindOrder(ctx, r.Token); err != nil {
			return nil, err
		}
	}
	if _, err := s.config.Orders.Cancel(ctx, id); err != nil {
		return nil, err
	}
	return func(d *draft) {
		if d.Order != nil && !d.Order.trashed(id) {
			d.Order.Trashed = append(d.Order.Trashed, id)
			d.log(d.now, actorEngine, "order trashed", e.Ref)
		}
		if d.Order != nil {
			d.noteTwins(livingOrders(found))
		}
	}, nil
}

// clearCart empties the cart that was bought, unless the shopper has changed it since.
func (s *Service) clearCart(ctx context.Context, r Record, _ Effect) (result, error) {
	c, err := s.loadCart(ctx, r.Owner)
	if err == nil && c.Version > 0 && r.boughtFrom(c) && c.Moved == nil {
		empty := c
		empty.Lines, empty.Coupons, empty.Note = nil, nil, ""
		_, err = s.config.Carts.Save(ctx, empty, c.Version)
	}
	if err != nil && !errors.Is(err, cart.ErrConflict) {
		return nil, fmt.Errorf("%w: clearing the cart: %w", ErrUnavailable, err)
	}
	return (*draft).cartCleared, nil
}

func (d *draft) cartCleared() {
	d.CartCleared = true
	d.unbind = append(d.unbind, openRef(d.Owner))
}

func (s *Service) notify(ctx context.Context, r Record, e Effect) (result, error) {
	kind := NoticeKind(e.Ref)
	err := s.config.Notifier.Notify(ctx, Notice{Kind: kind, Key: string(kind) + "/" + string(r.ID), Record: r})
	if err != nil {
		return nil, err
	}
	return func(d *draft) {
		d.notified(kind)
		d.log(d.now, actorEngine, "customer told", e.Ref)
	}, nil
}

func (d *draft) notified(kind NoticeKind) {
	sent := map[NoticeKind]time.Time{kind: d.now}
	for k, at := range d.Notified {
		sent[k] = at
	}
	d.Notified = sent
}

func (s *Service) ship(ctx context.Context, r Record, _ Effect) (result, error) {
	sold, err := s.soldBy(ctx, r) // before the parcel is booked: what fails then has booked none
	if err != nil {
		return nil, err
	}
	sh, err := s.config.Shipper.Ship(ctx, r)
	if err != nil {
		return nil, err
	}
	return shipped(sh, actorEngine, sold), nil
}

func (s *Service) findShipment(ctx context.Context, r Record, _ Effect) (result, bool, error) {
	sh, err := s.config.Shipper.FindShipment(ctx, r)
	if errors.Is(err, ErrNotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	sold, err := s.soldBy(ctx, r)
	return shipped(sh, actorEngine, sold), err == nil, err
}

// shipped notes the parcel, and that the pieces sold left with it. Another one turning up is a booking too many.
func shipped(sh Shipment, actor string, sold []inventory.Held) result {
	return func(d *draft) {
		if d.Shipment != nil {
			if sh.ID != d.Shipment.ID && actor == actorEngine {
				d.alert(d.now, "a second shipment was booked; cancel it with the carrier", sh.ID)
			}
			return
		}
		d.sent(sh, actor, sold)
	}
}

// sent notes that the parcel left. A nil sold is everything that was claimed; what the store has put back since, stays.
func (d *draft) sent(sh Shipment, actor string, sold []inventory.Held) {
	d.Shipment = &sh
	if sold == nil {
		sold = d.Allocated
	}
	if d.Stock == StockConfirmed {
		d.Stock = StockShipped
		d.move(inventory.Ship, sold, strings.TrimSpace("parcel "+sh.Tracking))
		if len(sold) == 0 && len(d.Allocated) > 0 {
			d.alert(d.now, "the parcel left although the store has put its stock back; count the pieces and put its number right", sh.Tracking)
		}
	}
	d.log(d.now, actor, "shipped", strings.TrimSpace(sh.Carrier+" "+sh.Tracking))
}
