package woo

import (
	"context"
	"html"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ankkor/ankkor/checkout"
)

var (
	_ checkout.CashBook   = (*Client)(nil)
	_ checkout.OrderNotes = (*Client)(nil)
)

// Meta data of an order whose cash has arrived.
const (
	collectedKey = "_ankkor_collected"     // a plain amount in the order's currency
	remittedKey  = "_ankkor_remittance"    // the courier's reference
	remittedAt   = "_ankkor_remittance_at" // RFC 3339, UTC
)

// SettleCash implements checkout.CashBook: one PUT between two readings. A
// cash order in processing has no date_paid; the status completed gives it one
// (WC_Order::maybe_set_date_paid with WC_Gateway_COD's filter), and set_paid
// would do nothing, because only a pending order needs payment. An order that
// staff have completed already keeps its date.
func (c *Client) SettleCash(ctx context.Context, orderID int64, s checkout.CashSettlement) (checkout.StoreOrder, error) {
	const op = "settle cash"
	before, err := c.orderNode(ctx, op, orderID)
	if err != nil {
		return checkout.StoreOrder{}, err
	}
	order, err := before.order(op)
	switch {
	case err != nil:
		return checkout.StoreOrder{}, err
	case !order.Effective():
		return order, &Error{Kind: Refused, Op: op, Code: "not_effective", Message: "the order is in status " + order.Status}
	case order.Paid() && before.meta(collectedKey) == s.Collected.Amount():
		return order, nil
	}
	body := orderBody{Status: "completed", Meta: []metaBody{
		{collectedKey, s.Collected.Amount()}, {remittedKey, s.Reference}, {remittedAt, s.At.UTC().Format(time.RFC3339)},
	}}
	if err := c.write(ctx, call{op: op, method: http.MethodPut, path: orderPath(orderID), query: sixDecimals(nil), body: body}, nil); err != nil {
		return checkout.StoreOrder{}, err
	}
	after, err := c.order(ctx, op, orderID)
	switch {
	case err != nil:
		return checkout.StoreOrder{}, unsure(op, err)
	case after.Status != "completed" || !after.Paid():
		return after, &Error{Kind: Refused, Op: op, Code: "not_settled", Message: "the store left the order in status " + after.Status}
	}
	return after, nil
}

// meta is the text of one of the order's fields, the latest of several.
func (n *orderNode) meta(key string) string {
	for _, m := range slices.Backward(n.Meta) {
		if string(m.Key) == key {
			return string(m.Value)
		}
	}
	return ""
}

// NoteOrder implements checkout.OrderNotes: POST /orders/<id>/notes, once.
func (c *Client) NoteOrder(ctx context.Context, orderID int64, text string) error {
	const op = "note order"
	if orderID <= 0 || text == "" {
		return refusedHere(op, &InvalidError{Field: "note", Reason: "needs an order and a text"})
	}
	body := struct {
		Text string `json:"note"`
	}{text}
	return c.write(ctx, call{op: op, method: http.MethodPost, path: notesPath(orderID), body: body}, nil)
}

// Noted implements checkout.OrderNotes. WooCommerce lists an order's notes
// whole, without pages.
func (c *Client) Noted(ctx context.Context, orderID int64, text string) (bool, error) {
	var notes []struct {
		Text looseText `json:"note"`
	}
	if _, err := c.getFresh(ctx, "read notes", notesPath(orderID), nil, &notes); err != nil {
		return false, err
	}
	for _, n := range notes {
		if strings.TrimSpace(html.UnescapeString(string(n.Text))) == strings.TrimSpace(text) {
			return true, nil
		}
	}
	return false, nil
}

func notesPath(orderID int64) string { return orderPath(orderID) + "/notes" }
