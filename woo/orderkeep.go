package woo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
)

var _ checkout.OrderKeeper = (*Client)(nil)

// Meta data of an order that says how it stands with us: WooCommerce has no status for a parcel that arrived.
const (
	statusKey      = "_ankkor_status"
	carrierKey     = "_ankkor_carrier"
	trackingKey    = "_ankkor_tracking"
	trackingURLKey = "_ankkor_tracking_url"
	// refundKey is a refund's, see AddRefund.
	refundKey = "_ankkor_refund"
)

// codeNoOrder is what tells an order that is gone from a page that something in
// between has lost.
const codeNoOrder = "woocommerce_rest_shop_order_invalid_id"

// ReadOrder implements checkout.OrderKeeper: GET /orders/<id> past every cache,
// and its refunds where the order lists any.
func (c *Client) ReadOrder(ctx context.Context, orderID int64) (checkout.StoreOrder, error) {
	const op = "read order"
	n, err := c.orderNode(ctx, op, orderID)
	var failed *Error
	if errors.As(err, &failed) && failed.Kind == NotFound && failed.Code == codeNoOrder {
		return checkout.StoreOrder{}, fmt.Errorf("%w: %w", checkout.ErrNotFound, err)
	}
	if err != nil {
		return checkout.StoreOrder{}, err
	}
	order, err := n.order(op)
	if err != nil || len(n.Refunds) == 0 {
		return order, err
	}
	order.Refunds, err = c.refunds(ctx, orderID, order.Currency)
	return order, err
}

// refundNode is a refund as REST sends it.
type refundNode struct {
	ID      looseInt    `json:"id"`
	Reason  looseText   `json:"reason"`
	Amount  looseAmount `json:"amount"`
	Created looseText   `json:"date_created_gmt"`
	Meta    []metaNode  `json:"meta_data"`
}

// maxRefundPages bounds how many refunds of one order are read, a hundred each.
const maxRefundPages = 10

// refunds reads an order's refunds, oldest first.
func (c *Client) refunds(ctx context.Context, orderID int64, currency pricing.Currency) ([]checkout.StoreRefund, error) {
	const op = "read refunds"
	var list []checkout.StoreRefund
	k := call{op: op, method: http.MethodGet, path: refundsPath(orderID), query: sixDecimals(url.Values{"orderby": {"id"}, "order": {"asc"}}), fresh: true}
	for page, err := range pages[refundNode](ctx, c, k, maxRefundPages) {
		if err != nil {
			return nil, err
		}
		for i := range page {
			refund, err := page[i].refund(op, currency)
			if err != nil {
				return nil, err
			}
			list = append(list, refund)
		}
	}
	return list, nil
}

func refundsPath(orderID int64) string { return orderPath(orderID) + "/refunds" }

func (n *refundNode) refund(op string, currency pricing.Currency) (checkout.StoreRefund, error) {
	broken := &Error{Kind: Unavailable, Op: op, Message: "the answer is no refund", Cause: ErrBadAnswer}
	if n.ID <= 0 || !n.Amount.Valid {
		return checkout.StoreRefund{}, broken
	}
	amount, err := pricing.FromDecimal(n.Amount.Decimal.Abs(), currency, pricing.HalfUp)
	if err != nil {
		return checkout.StoreRefund{}, broken
	}
	key := (&orderNode{Meta: n.Meta}).meta(refundKey)
	return checkout.StoreRefund{ID: int64(n.ID), Key: key, Reason: string(n.Reason), Amount: amount, At: gmt(string(n.Created))}, nil
}

// Tell implements checkout.OrderKeeper: one PUT with the status and the meta
// data, and a reading after it.
func (c *Client) Tell(ctx context.Context, orderID int64, news checkout.OrderNews) (checkout.StoreOrder, error) {
	const op = "tell order"
	if orderID <= 0 || news.Told == "" {
		return checkout.StoreOrder{}, refusedHere(op, &InvalidError{Field: "told", Reason: "needs an order and a status"})
	}
	body := orderBody{Status: news.Status, Meta: []metaBody{{statusKey, string(news.Told)}}}
	for _, m := range []metaBody{{carrierKey, news.Shipment.Carrier}, {trackingKey, news.Shipment.Tracking}, {trackingURLKey, news.Shipment.TrackingURL}} {
		if m.Value != "" {
			body.Meta = append(body.Meta, m)
		}
	}
	if err := c.write(ctx, call{op: op, method: http.MethodPut, path: orderPath(orderID), query: sixDecimals(nil), body: body}, nil); err != nil {
		return checkout.StoreOrder{}, err
	}
	return c.readBack(ctx, op, orderID)
}

// readBack reads an order after a write, which nothing that goes wrong undoes.
func (c *Client) readBack(ctx context.Context, op string, orderID int64) (checkout.StoreOrder, error) {
	after, err := c.ReadOrder(ctx, orderID)
	if err != nil {
		return checkout.StoreOrder{}, unsure(op, err)
	}
	return after, nil
}

// refundBody is a refund to note. The money went back by another way, so the
// store's payment plugin is never asked: api_refund would be true if left out.
type refundBody struct {
	Amount         string           `json:"amount"`
	Reason         string           `json:"reason"`
	ThroughGateway bool             `json:"api_refund"`
	Restock        bool             `json:"api_restock"`
	Lines          []refundPartBody `json:"line_items,omitempty"`
	Meta           []metaBody       `json:"meta_data"`
}

type refundPartBody struct {
	ID       int64           `json:"id"`
	Quantity int64           `json:"quantity"`
	Total    string          `json:"refund_total"`
	Taxes    []refundTaxBody `json:"refund_tax,omitempty"`
}

type refundTaxBody struct {
	Rate  int64  `json:"id"`
	Total string `json:"refund_total"`
}

// AddRefund implements checkout.OrderKeeper: POST /orders/<id>/refunds, once.
// WooCommerce saves the refund with its reason, then puts stock back, and only
// then saves meta data (wc_create_refund and the REST controller above it): a
// refund whose request broke off in between has the mark in its reason and not
// the key in its meta data.
func (c *Client) AddRefund(ctx context.Context, orderID int64, req checkout.StoreRefundRequest) (checkout.StoreOrder, error) {
	const op = "note refund"
	if orderID <= 0 || req.Key == "" || req.Amount.Sign() < 0 {
		return checkout.StoreOrder{}, refusedHere(op, &InvalidError{Field: "refund", Reason: "needs an order, a key, and no amount below zero"})
	}
	body := refundBody{Amount: req.Amount.Amount(), Reason: req.Reason, Restock: req.Restock, Meta: []metaBody{{refundKey, req.Key}}}
	for _, part := range req.Lines {
		line := refundPartBody{ID: part.Line, Quantity: part.Quantity, Total: part.Total.String()}
		for _, tax := range part.Taxes {
			line.Taxes = append(line.Taxes, refundTaxBody{tax.Rate, tax.Total.String()})
		}
		body.Lines = append(body.Lines, line)
	}
	err := c.write(ctx, call{op: op, method: http.MethodPost, path: refundsPath(orderID), body: body}, nil)
	if err != nil {
		return checkout.StoreOrder{}, refundRefusal(err)
	}
	return c.readBack(ctx, op, orderID)
}

// refundRefusal tells the refunds controller's own errors from a crash: it
// answers 500 to what it refuses, having taken back what it wrote. Without
// api_refund no money can have moved.
func refundRefusal(err error) error {
	var e *Error
	if !errors.As(err, &e) || e.Kind != Unknown {
		return err
	}
	own := strings.HasPrefix(e.Code, "woocommerce_rest_cannot_create_order_refund") ||
		e.Code == "woocommerce_rest_invalid_order_id" || e.Code == "woocommerce_rest_invalid_order_refund"
	if own && e.Status == http.StatusInternalServerError {
		e.Kind = Refused
	}
	return err
}
