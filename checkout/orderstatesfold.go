package checkout

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/pricing"
)

// StoreOrderChanged is told that an order changed in the store, or may be gone: by a webhook, or by reconciliation (see
// reconcile.Config.OrderSeen). It reads the order, keeps what became of it as facts, and makes due what follows from them.
// Being told twice, late, in any order, or of an order that is not ours, does no harm. An error says that the order could
// not be read or kept: tell it again.
func (s *Service) StoreOrderChanged(ctx context.Context, orderID int64) error {
	keeper := s.keeper()
	if keeper == nil {
		return nil
	}
	id, err := s.config.Store.Find(ctx, Ref{Kind: RefStoreOrder, Value: orderRef(orderID)})
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	r, err := s.config.Store.Load(ctx, id)
	if err != nil || !r.inEffect() {
		return err // what becomes of an order before it takes effect is found by completing it
	}
	look, err := s.lookAtOrder(ctx, keeper, orderID)
	switch {
	case err != nil:
		return err
	case look.doubtful(r):
		return fmt.Errorf("%w: order %d reads as it was before it took effect; ask again later", ErrUnavailable, orderID)
	case !look.news(r):
		return nil
	}
	sold, err := s.soldBy(ctx, r)
	if err != nil {
		return err
	}
	_, err = s.updateFrom(ctx, r, func(d *draft) error { look.fold(d, sold); return nil })
	return err
}

// orderLook is what the store said of an order, and as of when at the earliest.
type orderLook struct {
	StoreOrder
	at time.Time
}

func (s *Service) lookAtOrder(ctx context.Context, keeper OrderKeeper, orderID int64) (orderLook, error) {
	at := s.config.Now()
	o, err := keeper.ReadOrder(ctx, orderID)
	if errors.Is(err, ErrNotFound) {
		return orderLook{StoreOrder{ID: orderID, Status: storeGone}, at}, nil
	}
	return orderLook{o, at}, err
}

// news reports whether a look says something that the record does not have.
func (l orderLook) news(r Record) bool {
	if r.Order == nil || r.Order.ID != l.ID || l.overtaken(r.Order) {
		return false
	}
	return r.Order.Status != l.Status || !slices.EqualFunc(r.StoreRefunds, l.Refunds, func(f StoreRefundFact, seen StoreRefund) bool {
		return f.ID == seen.ID && !f.Gone
	})
}

// doubtful reports whether a look may be of the order as it was before it took effect: pending, of the very second in which
// that happened, and a replica of the store's database may not have heard of it yet.
func (l orderLook) doubtful(r Record) bool {
	return l.Status == storePending && r.Order.Status != storePending && l.ModifiedAt.Equal(r.Order.ModifiedAt) && l.at.Before(r.Order.CompletedAt.Add(r.Policy.Settle))
}

// overtaken reports whether the order was looked at later, by the store's dates, or by ours within one second of them.
func (l orderLook) overtaken(known *OrderFact) bool {
	if l.Status != storeGone && !l.ModifiedAt.Equal(known.ModifiedAt) {
		return l.ModifiedAt.Before(known.ModifiedAt)
	}
	return l.at.Before(known.SeenAt)
}

// fold keeps what a look said. Sold are the pieces that our books have with the order.
func (l orderLook) fold(d *draft, sold []inventory.Held) {
	if !d.inEffect() || !l.news(d.Record) {
		return
	}
	was := d.Order.Status
	d.Order.Status, d.Order.SeenAt = l.Status, l.at
	if l.Status != storeGone {
		d.Order.ModifiedAt = l.ModifiedAt
		d.seeRefunds(l.Refunds)
	}
	if l.Status != was {
		d.storeMoved(was, sold)
	}
	d.compareRefunds()
}

// storeMoved is the table of ORDERSTATES.md: what a change of the order's status in the store means here.
func (d *draft) storeMoved(was string, sold []inventory.Held) {
	switch d.Order.Status {
	case storeProcessing:
		d.storeProcesses(was)
	case storeOnHold:
		d.storeHolds()
	case storeCompleted:
		d.storeCompleted(was, sold)
	case storeCancelled:
		d.storeCancelled()
	case storeRefunded:
		d.log(d.now, actorStore, "refunded in the store", "order "+d.Order.Number)
	case storeFailed, storePending, storeTrash, storeGone:
		d.storeDenies()
	default:
		d.log(d.now, actorStore, "status in the store", d.Order.Status)
	}
}

// storeProcesses: released from hold, taken out of the trash, taken up again, or moved back.
func (d *draft) storeProcesses(was string) {
	switch {
	case d.Cancelled != nil && was == storeCancelled:
		d.takeUpAgain()
	case d.Shipment != nil:
		d.alert(d.now, d.storeSays("moved it back to processing although the parcel has left"), "")
	case was == storeOnHold && d.Cancelled == nil:
		d.told(StatusProcessing)
		d.begin(actorStore, "released from hold")
	default:
		d.settleDenial()
		d.log(d.now, actorStore, "in effect again in the store", "was "+was)
	}
}

// takeUpAgain makes a sale of a cancelled order once more, if its money is still with us.
func (d *draft) takeUpAgain() {
	if d.refundingAny() {
		d.alert(d.now, d.storeSays("took up a cancelled order whose money went back"), "")
		return
	}
	d.Cancelled, d.Processing = nil, time.Time{} // it is packed again, too
	d.Order.Told = slices.DeleteFunc(slices.Clone(d.Order.Told), func(s Status) bool {
		return s == StatusCancelled || s == StatusProcessing
	})
	d.unalert(cancelledAlert)
	d.log(d.now, actorStore, "taken up again in the store", "order "+d.Order.Number)
}

func (d *draft) storeHolds() {
	if d.Shipment != nil {
		d.alert(d.now, d.storeSays("put it on hold although the parcel has left"), "")
		return
	}
	d.log(d.now, actorStore, "put on hold in the store", "nothing is sent before it is released")
}

// storeCompleted: in WooCommerce an order is completed when it is sent.
func (d *draft) storeCompleted(was string, sold []inventory.Held) {
	switch {
	case d.Cancelled != nil && was == storeCancelled:
		if d.takeUpAgain(); d.Cancelled == nil {
			d.sentByStore(sold)
		}
	case d.Cancelled != nil:
		d.alert(d.now, d.storeSays("completed it although it was cancelled here; has the parcel left?"), "")
	case d.Shipment == nil:
		d.settleDenial()
		d.sentByStore(sold)
	default:
		d.settleDenial()
		d.log(d.now, actorStore, "completed in the store", "order "+d.Order.Number)
	}
}

func (d *draft) sentByStore(sold []inventory.Held) {
	d.told(StatusShipped)
	d.sent(Shipment{At: d.now}, actorStore, sold)
}

// storeCancelled calls the sale off, unless its parcel is under way. WooCommerce has put its stock back by itself.
func (d *draft) storeCancelled() {
	switch {
	case d.Cancelled != nil || d.cameBack():
		d.log(d.now, actorStore, "cancelled in the store", "order "+d.Order.Number)
	case d.Shipment != nil:
		d.alert(d.now, d.storeSays("cancelled it although the parcel has left; record what comes back"), "")
	default:
		d.told(StatusCancelled)
		d.callOff("cancelled in the store", actorStore)
	}
}

// storeDenies: a status that undoes nothing here. Money that came stays a fact, and so does the sale.
func (d *draft) storeDenies() {
	todo := map[string]string{
		storeFailed:  "says that its payment failed; what the gateway said counts",
		storePending: "says that it waits for payment, and has put its stock back; set it to processing again, or cancel it",
		storeTrash:   "has it in the trash; restore it, or cancel it here",
		storeGone:    "does not have it any more; restore it from a backup, or cancel it here",
	}[d.Order.Status]
	d.alert(d.now, d.storeSays(todo), "")
}

// settleDenial takes back what storeDenies alerted to, once the order is in effect there again.
func (d *draft) settleDenial() { d.unalert(d.storeSays("")) }

func (d *draft) storeSays(what string) string {
	return strings.TrimRight(fmt.Sprintf("order %s: the store %s", d.Order.Number, what), " ")
}

// begin notes that somebody has begun to pack.
func (d *draft) begin(actor, what string) {
	d.settleDenial()
	if d.Processing.IsZero() {
		d.Processing = d.now
	}
	d.log(d.now, actor, what, "")
}

// cancelledAlert begins what people are told of the money of a cancelled order.
const cancelledAlert = "the order was cancelled and "

// callOff ends a sale whose parcel has not left. What the store had not subtracted yet it never will; the rest goes back
// when reconciliation reads the order. Money goes back when a person says so.
func (d *draft) callOff(reason, actor string) {
	d.Cancelled = &Cancellation{At: d.now, Reason: clip(reason, maxDetail), Actor: clip(actor, maxActor)}
	d.log(d.now, actor, "cancelled", reason)
	if d.Stock == StockAllocated {
		d.Stock, d.Order.Short, d.Order.Twice = StockReleased, false, false
		d.move(inventory.ReleaseAllocation, d.Allocated, reason)
	}
	d.couponBack(reason)
	d.endUses(inventory.ReleaseAllocation, StockReleased, reason)
	if left, err := d.moneyLeft(); err == nil && left.Sign() > 0 {
		d.alert(d.now, cancelledAlert+amountText(left)+" of it is still with us: refund it", "")
	}
}

// couponBack gives used coupons back, as WooCommerce does when it cancels an order (wc_update_coupon_usage_counts).
func (d *draft) couponBack(reason string) {
	if d.CouponClaim.State == StockConfirmed {
		d.CouponClaim.State = StockReleased
		d.move(inventory.Restock, d.CouponClaim.Uses, reason)
	}
}

// moneyLeft is what of the sale's payment could still go back.
func (r Record) moneyLeft() (pricing.Money, error) {
	v := r.verdict()
	if !v.Outcome.Sale() {
		return pricing.Money{}, nil
	}
	return r.refundable(v.Payment)
}

// refundingAny reports whether anything of the sale's payment went back, or is to.
func (r Record) refundingAny() bool {
	left, err := r.moneyLeft()
	return err != nil || !left.Equal(r.verdict().Payment.Amount)
}

// unalert takes back alerts that begin so: what they were about has been put right. The timeline keeps them.
func (r *Record) unalert(prefix string) {
	r.Alerts = slices.DeleteFunc(slices.Clone(r.Alerts), func(a string) bool { return strings.HasPrefix(a, prefix) })
}
