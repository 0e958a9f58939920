package woo

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/inventory"
)

var _ inventory.StockSource = (*Client)(nil)

// parallel bounds how many requests of one call are under way at once.
const parallel = 4

// stockFields keeps a stock reading small.
const stockFields = "id,type,status,parent_id,manage_stock,stock_quantity,stock_status,backorders"

// stockNodeREST is what REST says of the stock of a product or variation.
type stockNodeREST struct {
	ID          looseInt    `json:"id"`
	ManageStock looseText   `json:"manage_stock"` // true, false or "parent"
	Quantity    looseAmount `json:"stock_quantity"`
	Status      looseText   `json:"stock_status"`
	Backorders  looseText   `json:"backorders"`
}

// Stock implements inventory.StockSource over REST, past every cache: each
// request asks for an address nobody has asked for before. Products are read a
// hundred at a time, variations one by one, because the list of products does
// not contain them. An item that is in the trash or unknown is left out, and so
// are a variation whose stock its product manages and items that are no stock of
// WooCommerce, such as a coupon's uses.
//
// What WooCommerce does not count is Untracked while it is in stock, and a Deny
// level of zero while the shop keeper has marked it as out of stock.
// WooCommerce knows no limit to backorders, so neither does the level.
func (c *Client) Stock(ctx context.Context, items []inventory.Item) ([]inventory.Level, error) {
	items, err := inventory.CheckItems(items)
	if err != nil {
		return nil, err
	}
	var products, variations []int64
	for _, item := range items {
		kind, text, _ := strings.Cut(string(item), ":")
		id, err := strconv.ParseInt(text, 10, 64)
		switch {
		case err != nil || id <= 0 || strconv.FormatInt(id, 10) != text:
		case kind == "product":
			products = append(products, id)
		case kind == "variation":
			variations = append(variations, id)
		}
	}
	read, err := c.readStock(ctx, products, variations)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(read, func(a, b inventory.Level) int { return a.Key.Compare(b.Key) })
	return read, nil
}

// readStock runs the requests, a few at a time.
func (c *Client) readStock(ctx context.Context, products, variations []int64) ([]inventory.Level, error) {
	var jobs []func(context.Context) ([]inventory.Level, error)
	for ids := range slices.Chunk(products, perPage) {
		jobs = append(jobs, func(ctx context.Context) ([]inventory.Level, error) { return c.productStock(ctx, ids) })
	}
	for _, id := range variations {
		jobs = append(jobs, func(ctx context.Context) ([]inventory.Level, error) { return c.variationStock(ctx, id) })
	}
	parts, err := inParallel(ctx, parallel, jobs)
	if err != nil {
		return nil, err
	}
	return slices.Concat(parts...), nil
}

func (c *Client) productStock(ctx context.Context, ids []int64) ([]inventory.Level, error) {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	query := url.Values{
		"include": {strings.Join(texts, ",")}, "per_page": {strconv.Itoa(perPage)}, "_fields": {stockFields},
	}
	var list []stockNodeREST
	if _, err := c.getFresh(ctx, "read stock", "products", query, &list); err != nil {
		return nil, err
	}
	var levels []inventory.Level
	for _, n := range list {
		if !slices.Contains(ids, int64(n.ID)) {
			continue // a store that ignores include must not answer for others
		}
		if level, ok, err := n.level(inventory.ProductItem(int64(n.ID))); err != nil {
			return nil, err
		} else if ok {
			levels = append(levels, level)
		}
	}
	return levels, nil
}

func (c *Client) variationStock(ctx context.Context, id int64) ([]inventory.Level, error) {
	var n stockNodeREST
	_, err := c.getFresh(ctx, "read stock", "products/"+strconv.FormatInt(id, 10), url.Values{"_fields": {stockFields}}, &n)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if int64(n.ID) != id {
		return nil, &Error{Kind: Unavailable, Op: "read stock", Message: "the answer is about another product", Cause: ErrBadAnswer}
	}
	level, ok, err := n.level(inventory.VariationItem(id))
	if err != nil || !ok {
		return nil, err
	}
	return []inventory.Level{level}, nil
}

// level is the Level of one product; none for a variation that is counted at
// its product.
func (n stockNodeREST) level(item inventory.Item) (inventory.Level, bool, error) {
	l := inventory.Level{Key: item.At(inventory.DefaultLocation), Policy: inventory.Deny}
	switch n.ManageStock {
	case "parent":
		return l, false, nil
	case "true", "1", "yes":
	default:
		if n.Status != "outofstock" {
			l.Policy = inventory.Untracked
		}
		return l, true, nil
	}
	if l.OnHand = n.Quantity.or0().Floor().IntPart(); !fitsInt(n.Quantity.or0().Floor()) {
		return l, false, &Error{Kind: Unavailable, Op: "read stock", Field: string(item), Message: "the quantity is out of range", Cause: ErrBadAnswer}
	}
	if n.Backorders == "yes" || n.Backorders == "notify" {
		l.Policy, l.BackorderLimit = inventory.Backorder, inventory.MaxLevel
	}
	if err := l.Validate(); err != nil {
		return l, false, &Error{Kind: Unavailable, Op: "read stock", Field: string(item), Message: "the quantity is out of range", Cause: ErrBadAnswer}
	}
	return l, true, nil
}
