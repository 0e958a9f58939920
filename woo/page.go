package woo

import (
	"context"
	"errors"
	"iter"
)

// Page is a part of a list.
type Page struct {
	Products []Product
	// Unreadable are products of this part whose data cannot be used; each
	// says which.
	Unreadable []*ProductError
	// Next is where the list goes on, "" at its end. It can be kept and used
	// later, with the same filter and the same catalogue.
	Next string
	// Total is how many products the whole list has, -1 where the store does
	// not say: WooGraphQL counts on the first page only, and nobody does where
	// a part of the filter is applied here (SKU, or IDs with OnSale).
	Total int64
}

// Products lists the catalogue, reading page after page as the loop goes on.
// Each product comes once, as long as the shop does not change meanwhile.
//
// Sorted by price over GraphQL, every page names all products of the pages
// before it, because WooGraphQL's own pages lose and repeat products there;
// after 5,000 that is an *UnsupportedError.
//
// A product that cannot be read is yielded as a *ProductError, and the list
// goes on after it. Any other error is the last thing yielded.
func (c *Client) Products(ctx context.Context, f ProductFilter) iter.Seq2[Product, error] {
	return func(yield func(Product, error) bool) {
		for after := ""; ; {
			page, err := c.readPage(ctx, f, after)
			if err != nil {
				yield(Product{}, err)
				return
			}
			for _, l := range page.list {
				if !yield(l.product, l.err) || l.fatal() {
					return
				}
			}
			if page.next == "" {
				return
			}
			after = page.next
		}
	}
}

// ProductPage reads one page of a list: the first, or the one that begins at
// the Next of another. For a page with numbers beneath it take [Client.Count].
func (c *Client) ProductPage(ctx context.Context, f ProductFilter, after string) (Page, error) {
	read, err := c.readPage(ctx, f, after)
	if err != nil {
		return Page{}, err
	}
	page := Page{Next: read.next, Total: read.total}
	for _, l := range read.list {
		var unreadable *ProductError
		switch {
		case l.fatal():
			return Page{}, l.err
		case errors.As(l.err, &unreadable):
			page.Unreadable = append(page.Unreadable, unreadable)
		default:
			page.Products = append(page.Products, l.product)
		}
	}
	return page, nil
}

// Count is how many products a filter lists, in one request.
func (c *Client) Count(ctx context.Context, f ProductFilter) (int64, error) {
	storeAPI, err := c.checked(ctx, f)
	switch {
	case err != nil:
		return 0, err
	case f.sifts():
		return c.countHere(ctx, f)
	case storeAPI:
		return c.storeCount(ctx, f)
	}
	const op = "count products"
	b, err := c.bounds(ctx, f)
	if err != nil {
		return 0, err
	}
	document, variables := c.docs.count(f.where(b.graphQL()))
	var data struct {
		Products productPage `json:"products"`
	}
	if err := c.query(ctx, op, document, variables, &data); err != nil {
		return 0, err
	}
	if n := data.Products.total(); n >= 0 {
		return n, nil
	}
	return 0, &Error{Kind: Unavailable, Op: op, Message: "the store does not say how many", Cause: ErrBadAnswer}
}

// countHere counts what the store cannot: named products, or those with a SKU.
func (c *Client) countHere(ctx context.Context, f ProductFilter) (n int64, err error) {
	f.Variations = false
	for _, err := range c.Products(ctx, f) {
		if err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}

// checked refuses a bad filter and finds the catalogue.
func (c *Client) checked(ctx context.Context, f ProductFilter) (storeAPI bool, err error) {
	if err := f.validate(); err != nil {
		return false, err
	}
	return c.overStoreAPI(ctx)
}

// listPage is a page with each product, or why there is none, in its place.
type listPage struct {
	list  []listed
	next  string
	total int64
}

type listed struct {
	product Product
	err     error
}

// fatal reports whether the list ends here: what is wrong is not the product.
func (l listed) fatal() bool {
	var unreadable *ProductError
	return l.err != nil && !errors.As(l.err, &unreadable)
}

func (c *Client) readPage(ctx context.Context, f ProductFilter, after string) (listPage, error) {
	storeAPI, err := c.checked(ctx, f)
	switch {
	case err != nil:
		return listPage{}, err
	case storeAPI:
		return c.storePage(ctx, f, after)
	}
	return c.graphPage(ctx, f, after)
}
