package woo

import (
	"context"
	"iter"
	"strconv"
	"unicode/utf8"
)

// Product reads one product by its slug, readable or percent-encoded. One that
// is unknown, a draft, private or in the trash is ErrNotFound.
func (c *Client) Product(ctx context.Context, slug string) (Product, error) {
	switch {
	case slug == "":
		return Product{}, &InvalidError{Field: "slug", Reason: "is empty"}
	case len(slug) > 2000, !utf8.ValidString(slug):
		return Product{}, &InvalidError{Field: "slug", Reason: "is no slug"}
	}
	return c.one(ctx, "SLUG", readableSlug(slug))
}

// ProductByID reads one product by its id; see Product.
func (c *Client) ProductByID(ctx context.Context, id int64) (Product, error) {
	if id <= 0 {
		return Product{}, &InvalidError{Field: "id", Reason: "must be positive"}
	}
	return c.one(ctx, "DATABASE_ID", strconv.FormatInt(id, 10))
}

func (c *Client) one(ctx context.Context, idType, id string) (Product, error) {
	const op = "read product"
	var data struct {
		Product *productNode `json:"product"`
	}
	if err := c.query(ctx, op, c.docs.oneProduct(idType), map[string]any{"id": id}, &data); err != nil {
		return Product{}, err
	}
	if data.Product == nil || data.Product.Status != "" && data.Product.Status != "publish" {
		return Product{}, &Error{Kind: NotFound, Op: op, Message: "not published"}
	}
	return c.complete(ctx, data.Product)
}

// complete decodes a product and reads the rest of its variations.
func (c *Client) complete(ctx context.Context, n *productNode) (Product, error) {
	p, err := c.product(ctx, n)
	if err != nil || p.Type != Variable {
		return p, err
	}
	list, err := c.restOfVariations(ctx, n)
	if err != nil {
		return Product{}, err
	}
	p.Variations, err = c.variations(ctx, n, list)
	return p, err
}

// restOfVariations adds to the first page the ones behind it.
func (c *Client) restOfVariations(ctx context.Context, n *productNode) ([]variationNode, error) {
	const op = "read variations"
	list, page := n.Variations.Nodes, n.Variations.PageInfo
	for page.HasNextPage {
		var data struct {
			Product variationsNode `json:"product"`
		}
		variables := map[string]any{"id": strconv.FormatInt(n.DatabaseID, 10), "after": page.EndCursor}
		if err := c.query(ctx, op, c.docs.moreVariations(), variables, &data); err != nil {
			return nil, err
		}
		next := data.Product.Variations
		if next.PageInfo.HasNextPage && next.PageInfo.EndCursor == page.EndCursor {
			return nil, endless(op)
		}
		list, page = append(list, next.Nodes...), next.PageInfo
	}
	return list, nil
}

// endless is a list whose cursor does not move.
func endless(op string) *Error {
	return &Error{Kind: Unavailable, Op: op, Message: "the list does not end", Cause: ErrBadAnswer}
}

// Products lists the catalogue, reading page after page as the loop goes on.
//
// A product that cannot be read is yielded as a *ProductError, and the list
// goes on after it. Any other error is the last thing yielded.
func (c *Client) Products(ctx context.Context, f ProductFilter) iter.Seq2[Product, error] {
	return func(yield func(Product, error) bool) {
		document, variables, err := c.docs.list(f)
		for more := err == nil; more; {
			var page productPage
			page, err = c.productPage(ctx, document, variables)
			if err != nil {
				break
			}
			for i := range page.Nodes {
				if f.leavesOut(&page.Nodes[i]) {
					continue
				}
				if !yield(c.listed(ctx, &page.Nodes[i], f.Variations)) {
					return
				}
			}
			more = page.PageInfo.HasNextPage
			if more && page.PageInfo.EndCursor == variables["after"] {
				err, more = endless("list products"), false
			}
			variables["after"] = page.PageInfo.EndCursor
		}
		if err != nil {
			yield(Product{}, err)
		}
	}
}

func (c *Client) listed(ctx context.Context, n *productNode, variations bool) (Product, error) {
	if variations {
		return c.complete(ctx, n)
	}
	return c.product(ctx, n)
}

type productPage struct {
	PageInfo pageInfo      `json:"pageInfo"`
	Nodes    []productNode `json:"nodes"`
}

func (c *Client) productPage(ctx context.Context, document string, variables map[string]any) (productPage, error) {
	var data struct {
		Products productPage `json:"products"`
	}
	err := c.query(ctx, "list products", document, variables, &data)
	return data.Products, err
}
