package woo

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/ankkor/ankkor/checkout"
)

var _ checkout.OrderCreator = (*Client)(nil)

// CreatePending implements checkout.OrderCreator: POST /orders, once. The
// order takes no stock and mails nobody until Complete. An order that the
// store computed otherwise than the quote is a *TotalMismatchError; it stays
// pending and is returned beside the error. A store with the companion plugin
// makes one order per token: created again, it answers the order there is,
// which is [Unknown] when that has gone on from pending, so that the caller
// looks for it; with another request it refuses. There a token has letters,
// digits and -_.: only.
func (c *Client) CreatePending(ctx context.Context, req checkout.OrderRequest) (checkout.StoreOrder, error) {
	const op = "create order"
	body, err := pendingOrder(req)
	if err != nil {
		return checkout.StoreOrder{}, refusedHere(op, err)
	}
	var n orderNode
	k := call{op: op, method: http.MethodPost, path: "orders", query: sixDecimals(nil), body: body}
	if err := c.write(ctx, k, &n); err != nil {
		return checkout.StoreOrder{}, err
	}
	order, err := n.order(op)
	if err != nil {
		return checkout.StoreOrder{}, unsure(op, err)
	}
	switch {
	case order.Token != req.Token:
		return order, &Error{Kind: Unknown, Op: op, Status: http.StatusCreated, Message: "the answer is about another order", Cause: ErrBadAnswer}
	case order.Status != "pending":
		return order, &Error{Kind: Unknown, Op: op, Message: "the order with this token is in status " + order.Status, Cause: ErrBadAnswer}
	}
	return order, compareOrder(req.Quote, &n, order)
}

// Complete implements checkout.OrderCreator: PUT /orders/<id>, once, between
// two readings. The first makes a repeated call harmless, the second is what
// is returned. A prepaid order goes through WooCommerce's payment_complete, a
// free one and cash on delivery through their status. A reading that says there
// is no such order is not believed at once: a replica of the database may lag
// behind the creation, and money has been taken for it.
func (c *Client) Complete(ctx context.Context, orderID int64, how checkout.Completion) (checkout.StoreOrder, error) {
	const op = "complete order"
	before, err := c.order(ctx, op, orderID)
	if errors.Is(err, ErrNotFound) {
		before, err = c.touch(ctx, op, orderID)
	}
	if err != nil {
		return checkout.StoreOrder{}, err
	}
	if done, err := alreadyComplete(before, how); done || err != nil {
		return before, err
	}
	k := call{op: op, method: http.MethodPut, path: orderPath(orderID), query: sixDecimals(nil), body: completionBody(before, how)}
	var n orderNode
	if err := c.write(ctx, k, &n); err != nil {
		return checkout.StoreOrder{}, err
	}
	after, err := c.order(ctx, op, orderID)
	if err != nil {
		return checkout.StoreOrder{}, unsure(op, err)
	}
	switch written, err := n.order(op); {
	case after.Effective():
		return after, nil
	case err != nil:
		return after, unsure(op, err)
	case written.Effective(): // a replica that lags, a cache after all
		return after, &Error{Kind: Unknown, Op: op, Message: "the store said " + written.Status + " and then " + after.Status}
	}
	return after, &Error{Kind: Refused, Op: op, Code: "not_effective", Message: "the store left the order in status " + after.Status}
}

// touch reads an order by a PUT that changes nothing: a write goes to where
// the truth is, and its answer is the order.
func (c *Client) touch(ctx context.Context, op string, orderID int64) (checkout.StoreOrder, error) {
	var n orderNode
	k := call{op: op, method: http.MethodPut, path: orderPath(orderID), query: sixDecimals(nil), body: struct{}{}}
	if err := c.write(ctx, k, &n); err != nil {
		var e *Error
		if errors.As(err, &e) && e.Kind == Unknown { // whatever became of it, nothing changed
			e.Kind = Unavailable
		}
		return checkout.StoreOrder{}, err
	}
	order, err := n.order(op)
	if err != nil || order.ID != orderID {
		return checkout.StoreOrder{}, &Error{Kind: Unavailable, Op: op, Message: "the answer is about another order", Cause: ErrBadAnswer}
	}
	return order, nil
}

// alreadyComplete looks at an order before it is completed. A trashed or
// cancelled one is never revived: the store would say 200 and leave it there,
// or take payment for an order that was given up. A draft is what WooCommerce
// leaves of an order whose coupon it refused, at the price without it.
func alreadyComplete(o checkout.StoreOrder, how checkout.Completion) (bool, error) {
	const op = "complete order"
	switch {
	case o.Effective() && how.Paid && o.Paid() && how.TransactionID != "" && o.TransactionID != how.TransactionID:
		return false, &Error{Kind: Refused, Op: op, Code: "already_paid", Message: "the order is paid with another transaction"}
	case o.Effective():
		return true, nil
	case o.Status != "pending" && o.Status != "failed":
		return false, &Error{Kind: Refused, Op: op, Code: "not_pending", Message: "the order is in status " + o.Status}
	}
	return false, nil
}

func completionBody(o checkout.StoreOrder, how checkout.Completion) orderBody {
	body := orderBody{PaymentMethod: how.PaymentMethod, PaymentTitle: how.PaymentMethodTitle, TransactionID: how.TransactionID}
	switch {
	case how.Paid && !o.Total.IsZero():
		body.SetPaid = true
	case how.Status != "":
		body.Status = how.Status
	default: // WooCommerce ignores set_paid where there is nothing to pay
		body.Status = "processing"
	}
	return body
}

// Cancel implements checkout.OrderCreator. A pending order goes to the trash
// without a mail; one that took effect becomes cancelled, which puts its stock
// back. Anything else is left as it is.
func (c *Client) Cancel(ctx context.Context, orderID int64) (checkout.StoreOrder, error) {
	const op = "cancel order"
	before, err := c.order(ctx, op, orderID)
	if err != nil {
		return checkout.StoreOrder{}, err
	}
	k := call{op: op, path: orderPath(orderID)}
	switch {
	case before.Effective():
		k.method, k.body = http.MethodPut, orderBody{Status: "cancelled"}
	case before.Status == "pending" || before.Status == "failed" || before.Status == "checkout-draft":
		k.method = http.MethodDelete
	default:
		return before, nil
	}
	if err := c.write(ctx, k, nil); err != nil && !alreadyTrashed(err) {
		return checkout.StoreOrder{}, err
	}
	after, err := c.order(ctx, op, orderID)
	if err != nil {
		return checkout.StoreOrder{}, unsure(op, err)
	}
	return after, nil
}

func alreadyTrashed(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == http.StatusGone
}

// Order reads one order, one in the trash too, past every cache.
func (c *Client) Order(ctx context.Context, orderID int64) (checkout.StoreOrder, error) {
	return c.order(ctx, "read order", orderID)
}

func (c *Client) order(ctx context.Context, op string, orderID int64) (checkout.StoreOrder, error) {
	n, err := c.orderNode(ctx, op, orderID)
	if err != nil {
		return checkout.StoreOrder{}, err
	}
	return n.order(op)
}

// orderNode reads one order as the store tells it.
func (c *Client) orderNode(ctx context.Context, op string, orderID int64) (*orderNode, error) {
	if orderID <= 0 {
		return nil, refusedHere(op, &InvalidError{Field: "order_id", Reason: "must be positive"})
	}
	var n orderNode
	if _, err := c.getFresh(ctx, op, orderPath(orderID), sixDecimals(nil), &n); err != nil {
		return nil, err
	}
	if n.ID > 0 && int64(n.ID) != orderID {
		return nil, &Error{Kind: Unavailable, Op: op, Message: "the answer is about another order", Cause: ErrBadAnswer}
	}
	return &n, nil
}

func orderPath(id int64) string { return "orders/" + strconv.FormatInt(id, 10) }

// sixDecimals asks for amounts as they are stored instead of rounded to the
// shop's decimals.
func sixDecimals(query url.Values) url.Values {
	if query == nil {
		query = url.Values{}
	}
	query.Set("dp", strconv.Itoa(sentDecimals))
	return query
}

// refusedHere is a request that was refused before anything was sent.
func refusedHere(op string, err error) error {
	return &Error{Kind: Refused, Op: op, Code: "invalid_request", Message: err.Error(), Cause: err}
}

// unsure is a failure after a write that may have taken effect, whatever kind
// it would be by itself.
func unsure(op string, err error) error {
	unknown := &Error{Kind: Unknown, Op: op, Cause: err}
	var e *Error
	if errors.As(err, &e) {
		unknown.Status, unknown.Message, unknown.Cause = e.Status, e.Message, e.Cause
	}
	return unknown
}
