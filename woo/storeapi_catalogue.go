package woo

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// storeRoot is where the Store API lies below the site. Everyone may read its
// catalogue, and it is asked unsigned: a key would make its holder the visitor.
const storeRoot = wpJSON + "wc/store/v1/"

// storeGet reads from the Store API.
func (c *Client) storeGet(ctx context.Context, op, path string, query url.Values, into any) (http.Header, error) {
	return c.read(ctx, storeCall(op, path, query), into)
}

func storeCall(op, path string, query url.Values) call {
	return call{op: op, method: http.MethodGet, root: storeRoot, path: path, query: query, visitor: true}
}

// The routes for one product show drafts and private products to everyone; the
// list does not (ProductQuery::prepare_objects_query), so one product is a list
// of one.

func (c *Client) storeProductBySlug(ctx context.Context, slug string) (Product, error) {
	if strings.ContainsFunc(slug, notInSlug) {
		return c.storeProductByPath(ctx, slug)
	}
	return c.storeOne(ctx, url.Values{"slug": {slug}}, func(n *storeNode) bool {
		return n.Type != "variation" && readableSlug(string(n.Slug)) == slug
	})
}

// storeProductByPath finds a product whose slug the list does not find: it takes
// the letters of other scripts out (sanitize_text_field). The route for one
// product finds it, drafts too, and says its id.
func (c *Client) storeProductByPath(ctx context.Context, slug string) (Product, error) {
	const op = "read product"
	if strings.ContainsAny(slug, "/\\") || strings.HasPrefix(slug, ".") {
		return Product{}, errNotPublished(op) // no slug, and a way to other routes
	}
	var n storeNode
	if _, err := c.storeGet(ctx, op, "products/"+slug, url.Values{"_fields": {"id,type,slug"}}, &n); err != nil {
		return Product{}, err
	}
	if n.ID <= 0 || n.Type == "variation" || readableSlug(string(n.Slug)) != slug {
		return Product{}, errNotPublished(op)
	}
	return c.storeProductByID(ctx, int64(n.ID))
}

func (c *Client) storeProductByID(ctx context.Context, id int64) (Product, error) {
	query := url.Values{"include": {strconv.FormatInt(id, 10)}}
	return c.storeOne(ctx, query, func(n *storeNode) bool { return int64(n.ID) == id })
}

func (c *Client) storeProductBySKU(ctx context.Context, sku string) (Product, error) {
	if strings.Contains(sku, ",") {
		return Product{}, &UnsupportedError{Field: "sku", By: CatalogueStoreAPI, Reason: "a comma would part it in two; find the product by its slug"}
	}
	list, err := c.storeList(ctx, "read product", url.Values{"sku": {sku}, "per_page": {"100"}})
	if err != nil {
		return Product{}, err
	}
	for i := range list {
		n := &list[i]
		switch {
		case string(n.SKU) != sku:
		case n.Type == "variation" && n.Parent > 0:
			return c.storeProductByID(ctx, int64(n.Parent))
		case n.Type != "variation":
			return c.storeComplete(ctx, n)
		}
	}
	return Product{}, errNotPublished("read product")
}

func (c *Client) storeOne(ctx context.Context, query url.Values, wanted func(*storeNode) bool) (Product, error) {
	const op = "read product"
	list, err := c.storeList(ctx, op, query)
	if err != nil {
		return Product{}, err
	}
	for i := range list {
		if wanted(&list[i]) {
			return c.storeComplete(ctx, &list[i])
		}
	}
	return Product{}, errNotPublished(op)
}

func (c *Client) storeList(ctx context.Context, op string, query url.Values) ([]storeNode, error) {
	var list []storeNode
	_, err := c.storeGet(ctx, op, "products", query, &list)
	return list, err
}

// storeComplete adds to a product what its page shows beside it.
func (c *Client) storeComplete(ctx context.Context, n *storeNode) (Product, error) {
	p, err := n.product()
	if err != nil {
		return Product{}, err
	}
	if p.Type == Variable {
		if p.Variations, err = c.storeVariations(ctx, n, &p); err != nil {
			return Product{}, err
		}
	}
	beside, err := c.addFacts(ctx, true, &p)
	if err != nil {
		return Product{}, err
	}
	return p, c.addCards(ctx, &p, ids(n.GroupedProducts), beside[p.ID])
}

// storeVariations reads the variations of a product in its own order. The
// parent knows what each stands for, the variation does not say.
func (c *Client) storeVariations(ctx context.Context, n *storeNode, p *Product) ([]Variation, error) {
	const op = "read variations"
	query := url.Values{"type": {"variation"}, "parent": {strconv.FormatInt(p.ID, 10)}, "orderby": {"id"}, "order": {"asc"}}
	list, err := collect[storeNode](ctx, c, storeCall(op, "products", query), longestList)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]*storeNode, len(list))
	for i := range list {
		byID[int64(list[i].ID)] = &list[i]
	}
	out := make([]Variation, 0, len(list))
	for _, place := range n.Variations {
		child, ok := byID[int64(place.ID)]
		if !ok || int64(child.Parent) != p.ID {
			continue // listed by the parent, but not published
		}
		v, err := child.variation(p, place)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// longestList is how many pages of a hundred are read of any list.
const longestList = 1000

// storePage reads one page of a list. Its cursor is the number of the page.
func (c *Client) storePage(ctx context.Context, f ProductFilter, after string) (listPage, error) {
	const op = "list products"
	number := 1
	if after != "" {
		var err error
		if number, err = strconv.Atoi(after); err != nil || number < 2 || number > 1_000_000 {
			return listPage{}, &InvalidError{Field: "after", Reason: "is no place in a list of the Store API"}
		}
	}
	query, err := c.storeFilter(ctx, f)
	switch {
	case errors.Is(err, errNoTerm):
		return listPage{}, nil
	case err != nil:
		return listPage{}, err
	}
	query.Set("per_page", strconv.Itoa(f.pageSize()))
	query.Set("page", strconv.Itoa(number))
	var nodes []storeNode
	header, err := c.storeGet(ctx, op, "products", query, &nodes)
	if crashed(err) && f.pageSize() > 1 {
		return c.storeOneByOne(ctx, f, query, number, err)
	}
	if err != nil {
		return listPage{}, err
	}
	page := listPage{total: total(header)}
	if f.sifts() {
		page.total = -1
	}
	if pages, err := strconv.Atoi(header.Get("X-WP-TotalPages")); err == nil && number < pages || err != nil && len(nodes) >= f.pageSize() {
		page.next = strconv.Itoa(number + 1)
	}
	page.list, err = c.storeListed(ctx, f, nodes)
	return page, err
}

// total reads how long a list is, -1 where nobody says.
func total(header http.Header) int64 {
	n, err := strconv.ParseInt(header.Get("X-WP-Total"), 10, 64)
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// storeListed decodes the products of a page and adds to all of them at once
// what only REST knows.
func (c *Client) storeListed(ctx context.Context, f ProductFilter, nodes []storeNode) ([]listed, error) {
	var list []listed
	for i := range nodes {
		n := &nodes[i]
		if n.Type == "variation" || f.leavesOut(ProductType(n.Type), string(n.SKU), bool(n.OnSale)) {
			continue
		}
		var l listed
		if l.product, l.err = n.product(); l.err == nil && f.Variations && l.product.Type == Variable {
			l.product.Variations, l.err = c.storeVariations(ctx, n, &l.product)
		}
		if l.fatal() {
			return nil, l.err
		}
		list = append(list, l)
	}
	var readable []*Product
	for i := range list {
		if list[i].err == nil {
			readable = append(readable, &list[i].product)
		}
	}
	_, err := c.addFacts(ctx, f.Variations, readable...)
	return list, err
}

// storeCount asks for the shortest page.
func (c *Client) storeCount(ctx context.Context, f ProductFilter) (int64, error) {
	const op = "count products"
	f.Sort = ""
	query, err := c.storeFilter(ctx, f)
	switch {
	case errors.Is(err, errNoTerm):
		return 0, nil
	case err != nil:
		return 0, err
	}
	query.Set("per_page", "1")
	query.Set("_fields", "id")
	var none []struct{}
	header, err := c.storeGet(ctx, op, "products", query, &none)
	if err != nil {
		return 0, err
	}
	n := total(header)
	if n < 0 {
		return 0, &Error{Kind: Unavailable, Op: op, Message: "the store does not say how many; a cache may have dropped X-WP-Total", Cause: ErrBadAnswer}
	}
	return n, nil
}

// storeTerm is a category, a tag or an attribute's value.
type storeTerm struct {
	ID          looseInt    `json:"id"`
	Name        looseText   `json:"name"`
	Slug        looseText   `json:"slug"`
	Description looseText   `json:"description"`
	Parent      looseInt    `json:"parent"`
	Count       looseInt    `json:"count"`
	Image       *storeImage `json:"image"`
	Permalink   looseText   `json:"permalink"`
}

func (c *Client) storeCategories(ctx context.Context) iter.Seq2[Category, error] {
	return func(yield func(Category, error) bool) {
		k := storeCall("list categories", "products/categories", url.Values{"hide_empty": {"false"}})
		for list, err := range pages[storeTerm](ctx, c, k, longestList) {
			if err != nil {
				yield(Category{}, err)
				return
			}
			for _, t := range list {
				if !yield(t.category(), nil) {
					return
				}
			}
		}
	}
}

func (t storeTerm) category() Category {
	return Category{
		ID: int64(t.ID), ParentID: int64(t.Parent), Name: plainText(string(t.Name)), Slug: readableSlug(string(t.Slug)),
		Description: string(t.Description), Link: string(t.Permalink), Count: int64(t.Count), Image: t.Image.image(),
	}
}
