package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/woo"
)

// Refund is money given back for an order. Its lines are negative.
type Refund struct {
	ID         int64       `json:"id"`
	Amount     Amount      `json:"amount"`
	Reason     string      `json:"reason"`
	RefundedBy int64       `json:"refunded_by"`
	ByGateway  bool        `json:"refunded_payment"`
	CreatedAt  Time        `json:"date_created_gmt"`
	Lines      []OrderLine `json:"line_items"`
	Meta       []Meta      `json:"meta_data"`
}

// RefundChange is a refund to note down.
type RefundChange struct {
	// Amount is needed, with tax.
	Amount Amount `json:"amount"`
	Reason string `json:"reason,omitempty"`
	// ThroughGateway asks the store's payment plugin to send the money. It is
	// false unless set, unlike WooCommerce's own default: whoever sells outside
	// of WooCommerce sends the money back outside of it.
	ThroughGateway bool `json:"api_refund"`
	// Restock puts the pieces of Lines back on the shelf. Without lines nothing
	// is put back.
	Restock bool         `json:"api_restock"`
	Lines   []RefundPart `json:"line_items,omitempty"`
	Meta    []Meta       `json:"meta_data,omitempty"`
}

// RefundPart is what of a line of the order is given back.
type RefundPart struct {
	Line     int64           `json:"id"` // the order line's id
	Quantity int64           `json:"quantity"`
	Total    Amount          `json:"refund_total"` // without tax
	Taxes    []RefundPartTax `json:"refund_tax,omitempty"`
}

// RefundPartTax is what of a line's tax is given back.
type RefundPartTax struct {
	Rate  int64  `json:"id"`
	Total Amount `json:"refund_total"`
}

func (c RefundChange) check() error {
	if !c.Amount.Valid || !c.Amount.Decimal.IsPositive() {
		return invalid("amount", "must be more than nothing")
	}
	for i, part := range c.Lines {
		if part.Line <= 0 || part.Quantity < 0 || !part.Total.Valid || part.Total.Decimal.IsNegative() {
			return invalid(fmt.Sprintf("line_items[%d]", i), "needs a line, a quantity and a total")
		}
	}
	return c.Amount.check("amount")
}

func (c RefundChange) ignored(Refund) error { return nil }

// Refund notes a refund down, once: sent again it is another refund. The store
// refuses with HTTP 500 and a bare number for data, which is told from a crash
// and is woo.ErrRefused: what it had written is deleted again
// (wc_create_refund). With ThroughGateway it stays woo.ErrUnknown, because the
// gateway may have sent the money before it failed.
func (c *Client) Refund(ctx context.Context, order int64, change RefundChange) (Refund, error) {
	var made Refund
	refunds := c.Refunds(order)
	if err := change.check(); err != nil {
		return made, err
	}
	if order <= 0 {
		return made, invalid("order", "must be positive")
	}
	req := refunds.request("refund of order", http.MethodPost, refunds.path)
	req.Body = change
	reply, err := c.send(ctx, req, &made)
	var e *woo.Error
	if errors.As(err, &e) && refusal(reply, e, change.ThroughGateway) {
		e.Kind = woo.Refused
	}
	return made, err
}

// refusal recognises class-wc-rest-order-refunds-controller.php's own errors.
func refusal(reply woo.Reply, e *woo.Error, throughGateway bool) bool {
	var body struct {
		Data json.RawMessage `json:"data"`
	}
	if e.Kind != woo.Unknown || json.Unmarshal(reply.Body, &body) != nil {
		return false
	}
	_, err := strconv.Atoi(string(body.Data))
	bare := err == nil
	early := e.Code == "woocommerce_rest_invalid_order_id" || e.Code == "woocommerce_rest_invalid_order_refund"
	late := strings.HasPrefix(e.Code, "woocommerce_rest_cannot_create_order_refund") && !throughGateway
	return bare && (early || late)
}
