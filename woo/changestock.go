package woo

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reconcile"
)

var _ reconcile.StockAdjuster = (*Changes)(nil)

// AdjustStock implements reconcile.StockAdjuster by inventory_delta, which REST v3
// takes for a product and for a variation. WooCommerce adds it to the number it reads
// within the same request (WC_REST_Products_Controller::prepare_object_for_database)
// and writes the sum: a sale that falls into these milliseconds is written over, one
// that falls between our reading and our request is not.
func (c *Changes) AdjustStock(ctx context.Context, item inventory.Item, by int64) (int64, error) {
	return c.putStock(ctx, "adjust stock", item, struct {
		Delta int64 `json:"inventory_delta"`
	}{by})
}

// putStock sends a change of stock, once, and returns the number the store answers.
func (c *Changes) putStock(ctx context.Context, op string, item inventory.Item, body any) (int64, error) {
	path, err := c.pathOf(ctx, op, item)
	if err != nil {
		return 0, err
	}
	var n stockNodeREST
	err = c.client.write(ctx, call{op: op, method: http.MethodPut, path: path, query: url.Values{"_fields": {stockFields}}, body: body}, &n)
	if err != nil {
		return 0, err
	}
	if n.ManageStock != "true" || !n.Quantity.Valid {
		return 0, ignoredStock(op, item)
	}
	return n.Quantity.Decimal.IntPart(), nil
}

func ignoredStock(op string, item inventory.Item) error {
	return &Error{Kind: Refused, Op: op, Field: string(item), Message: "the store does not count this item, or ignored the number"}
}

// pathOf is where a product or a variation is written.
func (c *Changes) pathOf(ctx context.Context, op string, item inventory.Item) (string, error) {
	kind, text, _ := strings.Cut(string(item), ":")
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id <= 0 || kind != "product" && kind != "variation" {
		return "", refusedHere(op, &InvalidError{Field: "item", Reason: "is no stock of the store"})
	}
	path := "products/" + text
	if kind == "product" {
		return path, nil
	}
	var n changeNode
	if _, err := c.client.getFresh(ctx, op, path, url.Values{"_fields": {"id,parent_id"}}, &n); err != nil {
		return "", err
	}
	return "products/" + strconv.FormatInt(int64(n.ParentID), 10) + "/variations/" + text, nil
}
