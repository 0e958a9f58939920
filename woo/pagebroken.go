package woo

import (
	"context"
	"errors"
	"strconv"
)

// A plugin that fails over one product fails the whole page: GraphQL puts an
// error beside the data, or null in its place. Then the products are read one
// by one, so that the others are not lost and the broken one is named.

// brokenProduct reports whether a list failed while the store was putting it
// together, which has a path, rather than on the way or because of the query.
func brokenProduct(err error) bool {
	var failed *Error
	return errors.As(err, &failed) && failed.Status == 200 && failed.Field != "" && failed.Message != ""
}

// oneByOne reads a page again, product after product. w is the page's own
// query. Where not even the ids can be had, the first failure stands.
func (c *Client) oneByOne(ctx context.Context, f ProductFilter, w *where, first error) (listPage, productPage, error) {
	document := c.docs.products(f, w, "found,"+pageSelection(f.backwards())+",nodes{... on Product{databaseId,slug,sku,onSale,__typename}}")
	var data struct {
		Products productPage `json:"products"`
	}
	if err := c.query(ctx, "list products", document, w.variables, &data); err != nil {
		return listPage{}, productPage{}, errors.Join(first, err)
	}
	var page listPage
	for i := range data.Products.Nodes {
		n := &data.Products.Nodes[i]
		if f.leavesOut(productType(n.Typename), n.SKU, n.OnSale) {
			continue
		}
		page.list = append(page.list, c.listedAlone(ctx, f, n))
	}
	return page, data.Products, nil
}

// listedAlone reads one product of a broken page.
func (c *Client) listedAlone(ctx context.Context, f ProductFilter, n *productNode) (l listed) {
	var data struct {
		Product *productNode `json:"product"`
	}
	err := c.query(ctx, "list products", c.docs.oneOfList(f), map[string]any{"id": strconv.FormatInt(n.DatabaseID, 10)}, &data)
	var failed *Error
	switch {
	case err == nil && data.Product != nil:
		return c.listed(ctx, data.Product, f.Variations)
	case err == nil:
		err = errNotPublished("list products")
	case !errors.As(err, &failed), !brokenProduct(err) && failed.Kind != NotFound:
		return listed{err: err}
	}
	return listed{err: inProduct(fieldError("product", err), n.DatabaseID, n.Slug)}
}
