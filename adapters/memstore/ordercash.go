package memstore

import (
	"context"
	"fmt"
	"slices"

	"github.com/ankkor/ankkor/checkout"
)

var (
	_ checkout.CashBook    = (*Orders)(nil)
	_ checkout.OrderNotes  = (*Orders)(nil)
	_ checkout.CashHistory = (*Checkouts)(nil)
)

// SettleCash implements [checkout.CashBook]. Like WooCommerce it completes the order, which dates its payment.
func (o *Orders) SettleCash(ctx context.Context, id int64, _ checkout.CashSettlement) (checkout.StoreOrder, error) {
	order, err := o.change(ctx, id, func(order *checkout.StoreOrder) {
		if !order.Effective() {
			return
		}
		order.Status = "completed"
		if order.DatePaid.IsZero() {
			order.DatePaid = o.now()
		}
	})
	if err == nil && !order.Effective() {
		return order, &checkout.RefusedError{Code: "not_effective", Reason: "the order is in status " + order.Status}
	}
	return order, err
}

// NoteOrder implements [checkout.OrderNotes].
func (o *Orders) NoteOrder(ctx context.Context, id int64, text string) error {
	_, err := o.change(ctx, id, func(*checkout.StoreOrder) { o.notes[id] = append(o.notes[id], text) })
	return err
}

// Noted implements [checkout.OrderNotes].
func (o *Orders) Noted(ctx context.Context, id int64, text string) (noted bool, err error) {
	_, err = o.change(ctx, id, func(*checkout.StoreOrder) { noted = slices.Contains(o.notes[id], text) })
	return noted, err
}

// Notes are the remarks in an order's history, oldest first.
func (o *Orders) Notes(id int64) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.notes[id])
}

// Request is what an order was created from, for tests that look at what a store would have been sent.
func (o *Orders) Request(id int64) (checkout.OrderRequest, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	req, ok := o.requests[id]
	return req, ok
}

// CashHistory implements [checkout.CashHistory] over all checkouts.
func (c *Checkouts) CashHistory(ctx context.Context, who checkout.CashCustomer) (checkout.CashRecord, error) {
	var past checkout.CashRecord
	all, err := c.every(ctx)
	if err != nil {
		return past, fmt.Errorf("%w: %w", checkout.ErrUnavailable, err)
	}
	for _, r := range all {
		past = past.Count(r, who)
	}
	return past, nil
}
