package woo

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

type productPage struct {
	Found    int64         `json:"found"`
	PageInfo pageInfo      `json:"pageInfo"`
	Nodes    []productNode `json:"nodes"`
}

// total is how many products a list has, -1 when nobody said: no number at all
// is WooGraphQL's zero.
func (p productPage) total() int64 {
	if p.Found == 0 && len(p.Nodes) > 0 {
		return -1
	}
	return p.Found
}

// graphPage reads one page of a list.
func (c *Client) graphPage(ctx context.Context, f ProductFilter, at string) (listPage, error) {
	const op = "list products"
	b, err := c.bounds(ctx, f)
	if err != nil {
		return listPage{}, err
	}
	if f.byPrice() {
		return c.pageByPrice(ctx, f, b, at)
	}
	w := f.where(b.graphQL())
	page, read, err := c.readList(ctx, f, w, at, f.pageSize())
	if err != nil {
		return listPage{}, err
	}
	if f.backwards() {
		slices.Reverse(page.list)
	}
	page.next, err = read.PageInfo.next(op, at, f.backwards())
	return page, err
}

// readList reads and decodes one page, product by product where one of them breaks
// it. Its total is -1 where nobody counted what the filter leaves: past the first
// page, or when some of it is left out here.
func (c *Client) readList(ctx context.Context, f ProductFilter, w *where, at string, n int) (listPage, productPage, error) {
	var page listPage
	read, err := c.readProducts(ctx, f, w, at, n)
	switch {
	case brokenProduct(err):
		page, read, err = c.oneByOne(ctx, f, w, err)
	case err == nil:
		page.list = c.listedAll(ctx, f, read.Nodes)
	}
	if page.total = read.total(); at != "" || f.sifts() {
		page.total = -1
	}
	return page, read, err
}

func (c *Client) readProducts(ctx context.Context, f ProductFilter, w *where, at string, n int) (productPage, error) {
	document, variables := c.docs.list(f, w)
	variables["n"] = n
	if at != "" {
		variables["at"] = at
	}
	var data struct {
		Products productPage `json:"products"`
	}
	data.Products.Nodes = make([]productNode, 0, n) // the decoder would grow it by copying
	err := c.query(ctx, "list products", document, variables, &data)
	return data.Products, err
}

// listedAll decodes the products of a page.
func (c *Client) listedAll(ctx context.Context, f ProductFilter, list []productNode) []listed {
	out := make([]listed, 0, len(list))
	for i := range list {
		n := &list[i]
		if f.leavesOut(productType(n.Typename), n.SKU, n.OnSale) {
			continue
		}
		out = append(out, c.listed(ctx, n, f.Variations))
	}
	return out
}

// listed decodes one product of a list.
func (c *Client) listed(ctx context.Context, n *productNode, variations bool) (l listed) {
	if variations {
		l.product, l.err = c.complete(ctx, n)
		return l
	}
	l.product, l.err = c.product(ctx, n)
	return l
}

// longestByPrice is how many products a list by price may have.
const longestByPrice = 5000

// pageByPrice reads a page of a list sorted by price: the first of what has not
// been listed yet. Its cursor is the ids that have been.
func (c *Client) pageByPrice(ctx context.Context, f ProductFilter, b bounds, at string) (listPage, error) {
	seen, err := parseSeen(at)
	if err != nil {
		return listPage{}, err
	}
	w, size, err := c.unseen(ctx, f, b, seen)
	if err != nil || w == nil {
		return listPage{}, err
	}
	page, read, err := c.readList(ctx, f, w, "", size)
	if err != nil {
		return listPage{}, err
	}
	if at != "" {
		page.total = -1
	}
	if !read.PageInfo.HasNextPage {
		return page, nil
	}
	fresh := 0
	for _, n := range read.Nodes {
		if n.DatabaseID > 0 && !slices.Contains(seen, n.DatabaseID) {
			seen, fresh = append(seen, n.DatabaseID), fresh+1
		}
	}
	if fresh == 0 {
		return listPage{}, endless("list products")
	}
	page.next = seenPrefix + joinIDs(seen)
	return page, nil
}

// unseen is the filter without what has been listed, nil when that is all. What
// is named or on sale cannot be excluded in WordPress (post__in goes before
// post__not_in), so there the rest is named.
func (c *Client) unseen(ctx context.Context, f ProductFilter, b bounds, seen []int64) (w *where, size int, err error) {
	named := f.IDs
	if f.OnSale && len(f.IDs) == 0 {
		if named, err = c.saleIDs(ctx, f); err != nil {
			return nil, 0, err
		}
		f.OnSale = false // they are
	}
	if named == nil {
		w = f.where(b.graphQL())
		if len(seen) > 0 {
			w.add("exclude", "[Int]", seen)
		}
		return w, f.pageSize(), nil
	}
	f.IDs = slices.DeleteFunc(slices.Clone(named), func(id int64) bool { return slices.Contains(seen, id) })
	if len(f.IDs) == 0 {
		return nil, 0, nil
	}
	return f.where(b.graphQL()), f.pageSize(), nil
}

// saleIDs lists what is on sale, in an order that can be paged through.
func (c *Client) saleIDs(ctx context.Context, f ProductFilter) ([]int64, error) {
	const op = "list products"
	f.Sort = Newest
	w := f.where(bounds{})
	document := c.docs.products(f, w, nextSelection+",nodes{... on Product{databaseId}}")
	w.variables["n"] = perPage
	found := []int64{}
	for {
		var data struct {
			Products struct {
				PageInfo pageInfo `json:"pageInfo"`
				Nodes    []idNode `json:"nodes"`
			} `json:"products"`
		}
		if err := c.query(ctx, op, document, w.variables, &data); err != nil {
			return nil, err
		}
		for _, n := range data.Products.Nodes {
			found = append(found, n.DatabaseID)
		}
		at, _ := w.variables["at"].(string)
		next, err := data.Products.PageInfo.next(op, at, false)
		if err != nil || next == "" {
			return found, err
		}
		w.variables["at"] = next
	}
}

// seenPrefix begins a cursor that is a list of ids.
const seenPrefix = "not:"

// parseSeen reads such a cursor.
func parseSeen(at string) ([]int64, error) {
	if at == "" {
		return nil, nil
	}
	text, ok := strings.CutPrefix(at, seenPrefix)
	if !ok || strings.Count(text, ",") > 2*longestByPrice {
		return nil, &InvalidError{Field: "after", Reason: "is no place in a list sorted by price"}
	}
	var seen []int64
	for part := range strings.SplitSeq(text, ",") {
		id, err := strconv.ParseInt(part, 10, 64)
		if err != nil || id <= 0 {
			return nil, &InvalidError{Field: "after", Reason: "is no place in a list sorted by price"}
		}
		seen = append(seen, id)
	}
	if len(seen) > longestByPrice {
		return nil, &UnsupportedError{Field: "sort", By: CatalogueGraphQL, Reason: "a list by price ends after 5000 products; narrow the filter or take another order"}
	}
	return seen, nil
}
