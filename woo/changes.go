package woo

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reconcile"
)

var (
	_ reconcile.Feed        = (*Changes)(nil)
	_ reconcile.StockWriter = (*Changes)(nil)
)

// Changes lists what changed in the store, for package reconcile, and writes stock
// back there. It is safe for concurrent use.
//
// Things are listed by the date they were changed (orderby=modified with
// modified_after), which moves on while one reads: what changes meanwhile is seen
// again at the end. WooCommerce's dates know seconds; of more than a hundred things
// changed in one second the next pages are read.
type Changes struct {
	client *Client
}

// NewChanges reads through c, with its key, limits and retries.
func NewChanges(c *Client) *Changes { return &Changes{client: c} }

// changeNode is what a list says of a change.
type changeNode struct {
	ID         looseInt   `json:"id"`
	ParentID   looseInt   `json:"parent_id"`
	Modified   looseText  `json:"date_modified_gmt"`
	Variations []looseInt `json:"variations"`
	orderLines
}

// orderLines is what counts of an order.
type orderLines struct {
	Status looseText  `json:"status"`
	Meta   []metaNode `json:"meta_data"`
	Lines  []lineNode `json:"line_items"`
}

// Changes implements reconcile.Feed. A sale moves the dates of a variation and of
// its product, a change of a variation only its own; one whose product manages its
// stock has a date that does not move, which is why a product brings its variations
// along. /wc/v3/variations is there from WooCommerce 10.4 on; older stores list
// nothing there.
func (c *Changes) Changes(ctx context.Context, kind reconcile.Kind, from reconcile.Position) (reconcile.Page, error) {
	at := from.At.UTC().Truncate(time.Second)
	page := max(1, from.Page)
	path, query := listOf(kind)
	if path == "" {
		return reconcile.Page{}, &InvalidError{Field: "kind", Reason: "must be orders, trashed_orders, products, trashed or variations"}
	}
	query.Set("modified_after", at.Add(-time.Second).Format("2006-01-02T15:04:05Z"))
	query.Set("per_page", strconv.Itoa(perPage))
	query.Set("page", strconv.Itoa(page))
	query.Set("orderby", "modified")
	query.Set("order", "asc")
	var list []changeNode
	if err := c.list(ctx, kind, path, query, &list); err != nil {
		return reconcile.Page{}, err
	}
	out := reconcile.Page{Next: reconcile.Position{At: at, Page: 1}, More: len(list) >= perPage}
	for _, n := range list {
		if t := gmt(string(n.Modified)); t.After(out.Next.At) {
			out.Next.At = t
		}
		n.into(kind, &out)
	}
	if out.More && !out.Next.At.After(at) {
		out.Next.Page = page + 1
	}
	return out, nil
}

func (c *Changes) list(ctx context.Context, kind reconcile.Kind, path string, query url.Values, into any) error {
	op := "list changed " + string(kind)
	if kind == reconcile.Variations {
		return c.client.getIfThere(ctx, op, path, query, into)
	}
	_, err := c.client.getFresh(ctx, op, path, query, into)
	return err
}

const codeNoRoute = "rest_no_route"

// getIfThere is getFresh of a route that older stores do not have. That is no
// failure, not asked for again, and leaves into as it is.
func (c *Client) getIfThere(ctx context.Context, op, path string, query url.Values, into any) error {
	k := call{op: op, method: http.MethodGet, path: path, query: query, fresh: true}
	a, failed := c.attempt(ctx, k, false)
	if failed == nil {
		failed = decodeInto(op, false, a, into)
	}
	switch {
	case failed == nil:
		return nil
	case failed.Status == http.StatusNotFound && failed.Code == codeNoRoute:
		return nil
	case !mayPass(failed):
		return failed
	}
	_, err := c.getFresh(ctx, op, path, query, into)
	return err
}

// orderChangeFields are what a list of changed orders has to say.
const orderChangeFields = "id,status,date_modified_gmt,meta_data,line_items"

func listOf(kind reconcile.Kind) (path string, query url.Values) {
	query = url.Values{"_fields": {"id,parent_id,date_modified_gmt,variations"}}
	switch kind {
	case reconcile.Orders:
		return "orders", url.Values{"status": {"any"}, "_fields": {orderChangeFields}}
	case reconcile.TrashedOrders:
		return "orders", url.Values{"status": {"trash"}, "_fields": {orderChangeFields}}
	case reconcile.Trashed:
		query.Set("status", "trash")
		return "products", query
	case reconcile.Products, reconcile.Variations:
		return string(kind), query
	}
	return "", nil
}

// into adds what changed to a page.
func (n changeNode) into(kind reconcile.Kind, page *reconcile.Page) {
	switch {
	case n.ID <= 0:
	case kind == reconcile.Orders || kind == reconcile.TrashedOrders:
		page.Orders = append(page.Orders, n.order(int64(n.ID)))
	case kind == reconcile.Variations:
		page.Items = append(page.Items, inventory.VariationItem(int64(n.ID)))
		if n.ParentID > 0 {
			page.Items = append(page.Items, inventory.ProductItem(int64(n.ParentID)))
		}
	default:
		page.Items = append(page.Items, inventory.ProductItem(int64(n.ID)))
		for _, id := range n.Variations {
			page.Items = append(page.Items, inventory.VariationItem(int64(id)))
		}
	}
}

func (o orderLines) order(id int64) reconcile.Order {
	out := reconcile.Order{ID: id, Status: string(o.Status), Token: (&orderNode{Meta: o.Meta}).token()}
	for i := range o.Lines {
		l := o.Lines[i].line()
		out.Lines = append(out.Lines, reconcile.OrderLine{Product: l.ProductID, Variation: l.VariationID, Reduced: l.Reduced})
	}
	return out
}

// Order implements reconcile.Feed.
func (c *Changes) Order(ctx context.Context, id int64) (reconcile.Order, error) {
	n, err := c.client.orderNode(ctx, "read order", id)
	if errors.Is(err, ErrNotFound) {
		return reconcile.Order{}, errors.Join(reconcile.ErrNotFound, err)
	}
	if err != nil {
		return reconcile.Order{}, err
	}
	if int64(n.ID) != id || n.Status == "" {
		return reconcile.Order{}, &Error{Kind: Unavailable, Op: "read order", Message: "the answer is no order", Cause: ErrBadAnswer}
	}
	return orderLines{Status: looseText(n.Status), Meta: n.Meta, Lines: n.Lines}.order(id), nil
}

// WriteStock implements reconcile.StockWriter. WooCommerce answers 200 to a number
// for a thing whose stock it does not manage, and ignores it; that is an error.
func (c *Changes) WriteStock(ctx context.Context, item inventory.Item, quantity int64) error {
	const op = "write stock"
	now, err := c.putStock(ctx, op, item, struct {
		Quantity int64 `json:"stock_quantity"`
	}{quantity})
	if err == nil && now != quantity {
		err = ignoredStock(op, item)
	}
	return err
}
