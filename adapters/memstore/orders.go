package memstore

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing/quote"
)

// Orders is a [checkout.OrderCreator] that keeps orders where a store would. It states the quote's own numbers: whether
// WooCommerce computes the same is what woo and wootest are for.
type Orders struct {
	now func() time.Time

	mu      sync.Mutex
	orders  []checkout.StoreOrder // by id, from firstOrder
	gone    map[int64]bool        // deleted for good
	refunds int64

	requests map[int64]checkout.OrderRequest
	notes    map[int64][]string
}

var _ checkout.OrderCreator = (*Orders)(nil)

// codMethod is the gateway whose orders WooCommerce dates when they are completed (WC_Gateway_COD's filter).
const codMethod = "cod"

// firstOrder is the id of the first order.
const firstOrder = 1001

// NewOrders returns an empty book of orders. A nil now is time.Now.
func NewOrders(now func() time.Time) *Orders {
	if now == nil {
		now = time.Now
	}
	return &Orders{now: now, gone: map[int64]bool{}, requests: map[int64]checkout.OrderRequest{}, notes: map[int64][]string{}}
}

// CreatePending implements [checkout.OrderCreator]. As in WooCommerce, creating twice makes two orders.
func (o *Orders) CreatePending(ctx context.Context, req checkout.OrderRequest) (checkout.StoreOrder, error) {
	if err := ctx.Err(); err != nil {
		return checkout.StoreOrder{}, fmt.Errorf("%w: %w", checkout.ErrUnavailable, err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	id := int64(firstOrder + len(o.orders))
	order := checkout.StoreOrder{
		ID: id, Number: strconv.FormatInt(id, 10), Key: "wc_order_" + strconv.FormatInt(id, 36), Status: "pending",
		TransactionID: req.Token, Token: req.Token, Currency: req.Quote.Currency,
		Total: req.Quote.Totals.Total, TotalTax: req.Quote.Totals.TotalTax, CreatedAt: o.now(),
	}
	for _, l := range req.Quote.Lines {
		line := orderLine(l)
		line.ID = id*1000 + int64(len(order.Lines)) + 1
		order.Lines = append(order.Lines, line)
	}
	o.orders = append(o.orders, order)
	o.requests[id] = req
	return copyOrder(order), nil
}

func orderLine(l quote.QuoteLine) checkout.StoreOrderLine {
	line := checkout.StoreOrderLine{
		ProductID: l.ProductID, VariationID: l.VariationID, Quantity: l.Quantity,
		Subtotal: l.Subtotal, Total: l.Total, TotalTax: l.TotalTax,
	}
	for _, tax := range l.Taxes {
		line.Taxes = append(line.Taxes, checkout.StoreLineTax{Rate: tax.RateID, Total: tax.Total})
	}
	return line
}

// FindOrder implements [checkout.OrderCreator].
func (o *Orders) FindOrder(ctx context.Context, token string) ([]checkout.StoreOrder, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", checkout.ErrUnavailable, err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	var found []checkout.StoreOrder
	for _, order := range o.orders {
		if order.Token == token {
			found = append(found, copyOrder(order))
		}
	}
	return found, nil
}

// Complete implements [checkout.OrderCreator]. An order that took effect, or was cancelled, stays as it is.
func (o *Orders) Complete(ctx context.Context, id int64, how checkout.Completion) (checkout.StoreOrder, error) {
	return o.change(ctx, id, func(order *checkout.StoreOrder) {
		if order.Status != "pending" {
			return
		}
		order.Status = how.Status
		order.TransactionID = cmp.Or(how.TransactionID, order.TransactionID)
		if how.Paid {
			order.Status = "processing"
		}
		if how.Paid || how.PaymentMethod != codMethod { // WooCommerce dates every order that is processing, paid or not
			order.DatePaid = o.now()
		}
		for i := range order.Lines {
			order.Lines[i].Reduced = order.Lines[i].Quantity
		}
	})
}

// Cancel implements [checkout.OrderCreator].
func (o *Orders) Cancel(ctx context.Context, id int64) (checkout.StoreOrder, error) {
	return o.change(ctx, id, func(order *checkout.StoreOrder) {
		switch order.Status {
		case "pending":
			order.Status = "trash"
		case "trash", "cancelled":
		default:
			order.Status = "cancelled"
			for i := range order.Lines {
				order.Lines[i].Reduced = 0
			}
		}
	})
}

func (o *Orders) change(ctx context.Context, id int64, do func(*checkout.StoreOrder)) (checkout.StoreOrder, error) {
	if err := ctx.Err(); err != nil {
		return checkout.StoreOrder{}, fmt.Errorf("%w: %w", checkout.ErrUnavailable, err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	i := id - firstOrder
	if i < 0 || i >= int64(len(o.orders)) {
		return checkout.StoreOrder{}, &checkout.RefusedError{Code: "invalid_id", Reason: "there is no such order"}
	}
	if o.gone[id] {
		return checkout.StoreOrder{}, &checkout.RefusedError{Code: "invalid_id", Reason: "there is no such order"}
	}
	do(&o.orders[i])
	o.orders[i].ModifiedAt = o.now().Truncate(time.Second)
	return copyOrder(o.orders[i]), nil
}

// All returns every order, oldest first.
func (o *Orders) All() []checkout.StoreOrder {
	o.mu.Lock()
	defer o.mu.Unlock()
	all := make([]checkout.StoreOrder, len(o.orders))
	for i, order := range o.orders {
		all[i] = copyOrder(order)
	}
	return all
}

func copyOrder(o checkout.StoreOrder) checkout.StoreOrder {
	o.Lines, o.Refunds = slices.Clone(o.Lines), slices.Clone(o.Refunds)
	return o
}
