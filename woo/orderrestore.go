package woo

import (
	"context"
	"net/http"
	"strconv"

	"github.com/ankkor/ankkor/checkout"
)

var _ checkout.StockRestorer = (*Client)(nil)

// reducedKey is the line field in which WooCommerce notes what it subtracted.
const reducedKey = "_reduced_stock"

// RestoreSurplus implements checkout.StockRestorer. Two completions that
// overlap leave two `_reduced_stock` notes on a line. One PUT makes one note
// of them that says the sum; WooCommerce, which follows a changed line of an
// order in effect (wc_maybe_adjust_line_item_product_stock), then adds the
// surplus to the stock with its own atomic UPDATE, sets the note to the line's
// quantity and writes an order note that says so. The notes are what makes it
// idempotent: once they are right, nothing is left to do. WooCommerce also
// computes the order's totals again, which changes them if its tax table has
// changed since.
func (c *Client) RestoreSurplus(ctx context.Context, orderID int64) (checkout.StoreOrder, error) {
	const op = "restore surplus stock"
	before, err := c.orderNode(ctx, op, orderID)
	if err != nil {
		return checkout.StoreOrder{}, err
	}
	order, err := before.order(op)
	if err != nil {
		return checkout.StoreOrder{}, err
	}
	body := restoreBody{Lines: before.surplus()}
	switch {
	case !order.Effective():
		return order, &Error{Kind: Refused, Op: op, Code: "not_effective", Message: "the order is in status " + order.Status}
	case len(body.Lines) == 0:
		return order, nil
	}
	k := call{op: op, method: http.MethodPut, path: orderPath(orderID), query: sixDecimals(nil), body: body}
	var answer struct {
		ID looseInt `json:"id"`
	}
	if err := c.write(ctx, k, &answer); err != nil {
		return checkout.StoreOrder{}, err
	}
	after, err := c.orderNode(ctx, op, orderID)
	if err == nil {
		order, err = after.order(op)
	}
	switch {
	case err != nil:
		return checkout.StoreOrder{}, unsure(op, err)
	case len(after.surplus()) > 0: // it does not manage this stock any more, or a plugin forbids it
		return order, &Error{Kind: Refused, Op: op, Code: "not_restored", Message: "the store left the stock as it was"}
	}
	return order, nil
}

// restoreBody changes nothing of the lines but their notes.
type restoreBody struct {
	Lines []restoreLine `json:"line_items"`
}

type restoreLine struct {
	ID   int64      `json:"id"`
	Meta []noteBody `json:"meta_data"`
}

// noteBody changes one field by its id; a null value takes it away.
type noteBody struct {
	ID    int64   `json:"id"`
	Key   string  `json:"key"`
	Value *string `json:"value"`
}

// surplus lists the lines of which more was subtracted than was sold, with one
// note each that says how much.
func (n *orderNode) surplus() []restoreLine {
	var lines []restoreLine
	for i := range n.Lines {
		l := &n.Lines[i]
		sum := l.reduced()
		if sum <= int64(l.Quantity) || l.Quantity <= 0 {
			continue
		}
		line := restoreLine{ID: int64(l.ID)}
		for _, m := range l.Meta {
			if m.Key != reducedKey {
				continue
			}
			note := noteBody{ID: int64(m.ID), Key: reducedKey}
			if len(line.Meta) == 0 {
				note.Value = new(strconv.FormatInt(sum, 10))
			}
			line.Meta = append(line.Meta, note)
		}
		lines = append(lines, line)
	}
	return lines
}
