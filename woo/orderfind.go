package woo

import (
	"cmp"
	"context"
	"net/url"
	"slices"

	"github.com/ankkor/ankkor/checkout"
)

// How far FindOrder looks.
const (
	searchPages   = 5  // of search results
	newestPages   = 1  // of the newest orders, without a floor
	scanPages     = 20 // of orders above a floor
	anyStatus     = "any"
	trashedStatus = "trash" // not part of any
)

// FindOrder implements checkout.OrderCreator. It searches, which finds a
// transaction_id where the store has High-Performance Order Storage, and it
// looks through the newest hundred orders itself, which finds one whose
// transaction_id is the payment's by now; both in the trash too, and past every
// cache. A store with the companion plugin is asked for the token instead, and
// where it names a living order that one is the answer: there it has no twins,
// and older ones in the trash are left out. Otherwise the search goes on as
// without the plugin.
func (c *Client) FindOrder(ctx context.Context, token string) ([]checkout.StoreOrder, error) {
	return c.findOrder(ctx, token, 0)
}

// FindOrderAbove is FindOrder for a store without such a search: it looks
// through every order with an id above floor, which is the last order known to
// have been acknowledged before the one that is looked for.
func (c *Client) FindOrderAbove(ctx context.Context, token string, floor int64) ([]checkout.StoreOrder, error) {
	return c.findOrder(ctx, token, max(floor, 0))
}

func (c *Client) findOrder(ctx context.Context, token string, floor int64) ([]checkout.StoreOrder, error) {
	const op = "find order"
	if err := checkToken(token); err != nil {
		return nil, refusedHere(op, err)
	}
	if o, ok := c.orderByKey(ctx, op, token); ok {
		return []checkout.StoreOrder{o}, nil
	}
	var jobs []func(context.Context) ([]orderNode, error)
	for _, status := range []string{anyStatus, trashedStatus} {
		jobs = append(jobs,
			func(ctx context.Context) ([]orderNode, error) { return c.searchOrders(ctx, op, token, status) },
			func(ctx context.Context) ([]orderNode, error) { return c.scanOrders(ctx, op, token, status, floor) })
	}
	hits, err := inParallel(ctx, parallel, jobs)
	if err != nil {
		return nil, err
	}
	return distinctOrders(op, slices.Concat(hits...))
}

// searchOrders asks the store's search, which matches parts of other fields
// too, and keeps what really carries the token.
func (c *Client) searchOrders(ctx context.Context, op, token, status string) ([]orderNode, error) {
	query := sixDecimals(url.Values{"search": {token}, "status": {status}})
	var hits []orderNode
	for page, err := range pages[orderNode](ctx, c, call{op: op, method: "GET", path: "orders", query: query, fresh: true}, searchPages) {
		if err != nil {
			return nil, err
		}
		hits = append(hits, keepCarrying(page, token)...)
	}
	return hits, nil
}

// scanOrders looks through orders, the newest first, down to floor.
func (c *Client) scanOrders(ctx context.Context, op, token, status string, floor int64) ([]orderNode, error) {
	limit := newestPages
	if floor > 0 {
		limit = scanPages
	}
	query := sixDecimals(url.Values{"status": {status}, "orderby": {"id"}, "order": {"desc"}})
	var hits []orderNode
	seen := 0
	for page, err := range pages[orderNode](ctx, c, call{op: op, method: "GET", path: "orders", query: query, fresh: true}, limit) {
		switch {
		case err != nil && seen == limit && floor == 0:
			return hits, nil // as far as was promised
		case err != nil:
			return nil, err
		}
		reached := len(page) > 0 && int64(page[len(page)-1].ID) <= floor
		hits = append(hits, keepCarrying(page, token)...)
		if seen++; reached {
			break
		}
	}
	return hits, nil
}

func keepCarrying(page []orderNode, token string) []orderNode {
	return slices.DeleteFunc(page, func(n orderNode) bool { return !n.carries(token) })
}

// distinctOrders reads the hits, oldest first, each order once.
func distinctOrders(op string, hits []orderNode) ([]checkout.StoreOrder, error) {
	var orders []checkout.StoreOrder
	for i := range hits {
		o, err := hits[i].order(op)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(orders, func(known checkout.StoreOrder) bool { return known.ID == o.ID }) {
			orders = append(orders, o)
		}
	}
	slices.SortFunc(orders, func(a, b checkout.StoreOrder) int { return cmp.Compare(a.ID, b.ID) })
	return orders, nil
}
