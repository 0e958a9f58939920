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

// listedFrom is how many variations make a list worth while: it takes two requests
// where a store has none.
const listedFrom = 8

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
// hundred at a time. A few variations are read one by one, because the list of
// products does not contain them; many from a list of their own, where the store
// has one (WooCommerce 10.4), and what it leaves out one by one. An item that is in the trash or unknown is left out, and so
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
	if len(variations) >= listedFrom {
		for ids := range slices.Chunk(variations, perPage) {
			jobs = append(jobs, func(ctx context.Context) ([]inventory.Level, error) { return c.variationsStock(ctx, ids) })
		}
		variations = nil
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
	var list []stockNodeREST
	if _, err := c.getFresh(ctx, "read stock", "products", included(ids), &list); err != nil {
		return nil, err
	}
	levels, _, err := levelsIn(list, ids, inventory.ProductItem)
	return levels, err
}

// included asks a list for these alone.
func included(ids []int64) url.Values {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	return url.Values{"include": {strings.Join(texts, ",")}, "per_page": {strconv.Itoa(perPage)}, "_fields": {stockFields}}
}

// levelsIn reads a list, and says which of the ids it had.
func levelsIn(list []stockNodeREST, ids []int64, item func(int64) inventory.Item) (levels []inventory.Level, had []int64, err error) {
	for _, n := range list {
		if !slices.Contains(ids, int64(n.ID)) || slices.Contains(had, int64(n.ID)) {
			continue // a store that ignores include must not answer for others
		}
		had = append(had, int64(n.ID))
		if level, ok, err := n.level(item(int64(n.ID))); err != nil {
			return nil, nil, err
		} else if ok {
			levels = append(levels, level)
		}
	}
	return levels, had, nil
}

// variationsStock reads many variations from their list. What is not in it is read
// by itself: it may be gone, or the list may be there in name only.
func (c *Client) variationsStock(ctx context.Context, ids []int64) ([]inventory.Level, error) {
	var list []stockNodeREST
	if err := c.getIfThere(ctx, "read stock", "variations", included(ids), &list); err != nil {
		return nil, err
	}
	levels, had, err := levelsIn(list, ids, inventory.VariationItem)
	if err != nil {
		return nil, err
	}
	var jobs []func(context.Context) ([]inventory.Level, error)
	for _, id := range ids {
		if !slices.Contains(had, id) {
			jobs = append(jobs, func(ctx context.Context) ([]inventory.Level, error) { return c.variationStock(ctx, id) })
		}
	}
	rest, err := inParallel(ctx, parallel, jobs)
	if err != nil {
		return nil, err
	}
	return append(levels, slices.Concat(rest...)...), nil
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
