package woo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

// crashed reports whether PHP gave up over a list: one product is enough.
func crashed(err error) bool {
	var failed *Error
	return errors.As(err, &failed) && failed.Status == http.StatusInternalServerError
}

// errCrashed says what is known of a product that the Store API cannot show.
var errCrashed = errors.New("the store breaks off over this product")

// storeOneByOne reads a page that crashes as so many pages of one product. A
// product that crashes alone is unreadable; if every request crashes, it was not
// a product that was wrong and the first failure stands.
func (c *Client) storeOneByOne(ctx context.Context, f ProductFilter, query url.Values, number int, first error) (listPage, error) {
	size := f.pageSize()
	page := listPage{total: -1}
	var nodes []storeNode
	broken, last, alive := []listed{}, int64(-1), false
	for i := range size {
		at := (number-1)*size + i + 1
		query.Set("per_page", "1")
		query.Set("page", strconv.Itoa(at))
		var one []storeNode
		header, err := c.storeGet(ctx, "list products", "products", query, &one)
		switch {
		case crashed(err):
			broken = append(broken, listed{err: &ProductError{Field: fmt.Sprintf("number %d of the list", at), Err: errors.Join(errCrashed, err)}})
			continue
		case err != nil:
			return listPage{}, err
		}
		nodes, last, alive = append(nodes, one...), total(header), true
		if last >= 0 && int64(at) >= last {
			break
		}
	}
	if !alive {
		return listPage{}, first
	}
	if last < 0 || int64(number*size) < last {
		page.next = strconv.Itoa(number + 1)
	}
	list, err := c.storeListed(ctx, f, nodes)
	page.list = append(list, broken...)
	return page, err
}
