package memstore

import (
	"context"
	"fmt"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

var (
	_ checkout.OrderKeeper = (*Orders)(nil)
	_ inventory.Ledger     = (*Checkouts)(nil)
)

// ReadOrder implements [checkout.OrderKeeper].
func (o *Orders) ReadOrder(ctx context.Context, id int64) (checkout.StoreOrder, error) {
	if err := ctx.Err(); err != nil {
		return checkout.StoreOrder{}, fmt.Errorf("%w: %w", checkout.ErrUnavailable, err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	i := id - firstOrder
	if i < 0 || i >= int64(len(o.orders)) || o.gone[id] {
		return checkout.StoreOrder{}, checkout.ErrNotFound
	}
	return copyOrder(o.orders[i]), nil
}

// Tell implements [checkout.OrderKeeper]. Moving to cancelled or pending puts stock back, to a status in effect takes it,
// as in WooCommerce.
func (o *Orders) Tell(ctx context.Context, id int64, news checkout.OrderNews) (checkout.StoreOrder, error) {
	return o.change(ctx, id, func(order *checkout.StoreOrder) {
		order.Told = news.Told
		if news.Status != "" {
			o.move(order, news.Status)
		}
	})
}

// SetStatus is somebody in the back office moving an order: to a status of WooCommerce's, the trash, or "deleted" for good.
func (o *Orders) SetStatus(id int64, status string) error {
	_, err := o.change(context.Background(), id, func(order *checkout.StoreOrder) {
		if o.gone[id] = status == "deleted"; !o.gone[id] {
			o.move(order, status)
		}
	})
	return err
}

func (o *Orders) move(order *checkout.StoreOrder, status string) {
	if order.Status == status {
		return
	}
	order.Status = status
	switch {
	case order.Effective():
		for i, l := range order.Lines {
			if l.Reduced == 0 {
				order.Lines[i].Reduced = l.Quantity
			}
		}
	case status == "cancelled" || status == "pending":
		for i := range order.Lines {
			order.Lines[i].Reduced = 0
		}
	case status == "refunded":
		o.refundRest(order)
	}
}

// refundRest is what the status "refunded" does by itself: the rest is noted as given back (wc_order_fully_refunded).
func (o *Orders) refundRest(order *checkout.StoreOrder) {
	left := order.Total
	for _, r := range order.Refunds {
		rest, err := left.Sub(r.Amount)
		if err != nil {
			return
		}
		left = rest
	}
	if left.Sign() > 0 {
		o.note(order, checkout.StoreRefund{Amount: left, Reason: "Order fully refunded."})
	}
}

func (o *Orders) note(order *checkout.StoreOrder, r checkout.StoreRefund) {
	o.refunds++
	r.ID, r.At = firstRefund+o.refunds, o.now()
	order.Refunds = append(order.Refunds, r)
}

// firstRefund is below the id of the first refund.
const firstRefund = 500_000

// AddRefund implements [checkout.OrderKeeper]. As in WooCommerce, one that leaves nothing makes the order refunded.
func (o *Orders) AddRefund(ctx context.Context, id int64, req checkout.StoreRefundRequest) (checkout.StoreOrder, error) {
	var refused error
	order, err := o.change(ctx, id, func(order *checkout.StoreOrder) {
		left := order.Total
		for _, r := range order.Refunds {
			left, _ = left.Sub(r.Amount)
		}
		if more, err := req.Amount.Cmp(left); err != nil || more > 0 {
			refused = &checkout.RefusedError{Code: "invalid_amount", Reason: "Invalid refund amount."}
			return
		}
		o.note(order, checkout.StoreRefund{Key: req.Key, Reason: req.Reason, Amount: req.Amount})
		for _, part := range req.Lines {
			for i := range order.Lines {
				if l := &order.Lines[i]; l.ID == part.Line && req.Restock && l.Reduced > 0 {
					l.Reduced -= part.Quantity
				}
			}
		}
		if req.Amount.Equal(left) {
			o.move(order, "refunded")
		}
	})
	if refused != nil {
		return checkout.StoreOrder{}, refused
	}
	return order, err
}

// Refund is somebody in the back office noting a refund by hand. No money moves.
func (o *Orders) Refund(id int64, req checkout.StoreRefundRequest) error {
	req.Key = ""
	_, err := o.AddRefund(context.Background(), id, req)
	return err
}

// Entries implements [inventory.Ledger] by the stock's.
func (c *Checkouts) Entries(ctx context.Context, q inventory.LedgerQuery) ([]inventory.Entry, error) {
	return c.stock.Entries(ctx, q)
}
