package woo

import (
	"context"
	"errors"
	"strconv"
	"unicode/utf8"
)

// Product reads one product by its slug, readable or percent-encoded, with
// everything its page shows: over GraphQL in one request, unless it has more
// than a hundred variations. One that is unknown, a draft, private or in the
// trash is ErrNotFound.
//
// The Store API takes two requests for a product with variations, one more for
// the products of a group and one for what is related. It does not know tax,
// shipping class, download, feature and change, nor cross-sells and upsells;
// with a REST key they are read from REST v3, and so is the stock. Without one
// Stock tells Status alone.
func (c *Client) Product(ctx context.Context, slug string) (Product, error) {
	if err := checkText("slug", slug, 2000); err != nil {
		return Product{}, err
	}
	slug = readableSlug(slug)
	storeAPI, err := c.overStoreAPI(ctx)
	switch {
	case err != nil:
		return Product{}, err
	case storeAPI:
		return c.storeProductBySlug(ctx, slug)
	}
	return c.one(ctx, "SLUG", slug)
}

// ProductByID reads one product by its id; see Product.
func (c *Client) ProductByID(ctx context.Context, id int64) (Product, error) {
	if id <= 0 {
		return Product{}, &InvalidError{Field: "id", Reason: "must be positive"}
	}
	storeAPI, err := c.overStoreAPI(ctx)
	switch {
	case err != nil:
		return Product{}, err
	case storeAPI:
		return c.storeProductByID(ctx, id)
	}
	return c.one(ctx, "DATABASE_ID", strconv.FormatInt(id, 10))
}

// ProductBySKU reads the product that has a SKU, or one of whose variations
// has it; see Product.
func (c *Client) ProductBySKU(ctx context.Context, sku string) (Product, error) {
	if err := checkText("sku", sku, 500); err != nil {
		return Product{}, err
	}
	storeAPI, err := c.overStoreAPI(ctx)
	switch {
	case err != nil:
		return Product{}, err
	case storeAPI:
		return c.storeProductBySKU(ctx, sku)
	}
	p, err := c.one(ctx, "SKU", sku)
	if !errors.Is(err, ErrNotFound) {
		return p, err
	}
	parent, err := c.parentBySKU(ctx, sku)
	if err != nil {
		return Product{}, err
	}
	return c.ProductByID(ctx, parent)
}

// checkText refuses what cannot name a product.
func checkText(field, text string, longest int) error {
	switch {
	case text == "":
		return &InvalidError{Field: field, Reason: "is empty"}
	case len(text) > longest, !utf8.ValidString(text):
		return &InvalidError{Field: field, Reason: "must be valid UTF-8 of at most " + strconv.Itoa(longest) + " bytes"}
	}
	return nil
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
		return Product{}, errNotPublished(op)
	}
	return c.complete(ctx, data.Product)
}

// errNotPublished is what a draft and a private product are to a visitor.
func errNotPublished(op string) *Error {
	return &Error{Kind: NotFound, Op: op, Message: "not published"}
}

// parentBySKU finds the product above a variation.
func (c *Client) parentBySKU(ctx context.Context, sku string) (id int64, err error) {
	const op = "read product"
	type node struct {
		SKU    string     `json:"sku"`
		Parent parentNode `json:"parent"`
	}
	err = c.spoken(ctx, func(ctx context.Context, old bool) error {
		field := "productsWithVariations"
		if old {
			field = "products"
		}
		var data map[string]nodes[node]
		if err := c.query(ctx, op, c.docs.variationsBySKU(field), map[string]any{"sku": sku}, &data); err != nil {
			return err
		}
		for _, n := range data[field].Nodes { // the store's search finds parts of a SKU
			if n.SKU == sku && n.Parent.Node.DatabaseID > 0 {
				id = n.Parent.Node.DatabaseID
				return nil
			}
		}
		return &Error{Kind: NotFound, Op: op, Message: "no product has this SKU"}
	})
	return id, err
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
	list := n.Variations.Nodes
	at, err := n.Variations.PageInfo.next(op, "", false)
	for err == nil && at != "" {
		var data struct {
			Product variationsNode `json:"product"`
		}
		variables := map[string]any{"id": strconv.FormatInt(n.DatabaseID, 10), "after": at}
		if err := c.query(ctx, op, c.docs.moreVariations(), variables, &data); err != nil {
			return nil, err
		}
		list = append(list, data.Product.Variations.Nodes...)
		at, err = data.Product.Variations.PageInfo.next(op, at, false)
	}
	return list, err
}

// endless is a list whose cursor does not move.
func endless(op string) *Error {
	return &Error{Kind: Unavailable, Op: op, Message: "the list does not end", Cause: ErrBadAnswer}
}
