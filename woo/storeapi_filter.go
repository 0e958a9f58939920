package woo

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// errNoTerm says that a filter names a category or tag the shop does not have:
// its list is empty.
var errNoTerm = errors.New("no such term")

// storeFilter writes a filter as parameters of the Store API's products. What
// it cannot say is an *UnsupportedError, nothing is left out.
func (c *Client) storeFilter(ctx context.Context, f ProductFilter) (url.Values, error) {
	if f.Sort == LastModified {
		return nil, &UnsupportedError{
			Field: "sort", By: CatalogueStoreAPI, Reason: "products changed in the same second would come twice or not at all; take Newest",
		}
	}
	query := url.Values{}
	for name, value := range map[string]string{"search": f.Search, "sku": f.SKU, "catalog_visibility": f.visibility()} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if err := c.storeTerms(ctx, query, f); err != nil {
		return nil, err
	}
	b, err := c.bounds(ctx, f)
	if err != nil {
		return nil, err
	}
	for name, value := range map[string]decimal.Decimal{"min_price": b.low, "max_price": b.high} {
		if !value.IsZero() {
			query.Set(name, value.String())
		}
	}
	if f.OnSale && len(f.IDs) == 0 {
		query.Set("on_sale", "true")
	}
	if f.Featured {
		query.Set("featured", "true")
	}
	if f.InStock {
		query["stock_status[]"] = []string{"instock", "onbackorder"}
	}
	if len(f.IDs) > 0 {
		query.Set("include", joinIDs(f.IDs))
	}
	order := f.Sort.storeAPI()
	query.Set("orderby", order[0])
	query.Set("order", order[1])
	for i, a := range f.Attributes {
		query.Set(fmt.Sprintf("attributes[%d][attribute]", i), a.Name)
		query[fmt.Sprintf("attributes[%d][slug][]", i)] = a.Values
		operator := "in"
		if a.All {
			operator = "and"
		}
		query.Set(fmt.Sprintf("attributes[%d][operator]", i), operator)
	}
	return query, nil
}

// storeTerms filters by category and tag. The Store API takes a slug that is a
// number for an id (ProductQuery::prepare_objects_query), so it is looked up
// first.
func (c *Client) storeTerms(ctx context.Context, query url.Values, f ProductFilter) error {
	for _, term := range []struct{ name, list, slug string }{{"category", "categories", f.Category}, {"tag", "tags", f.Tag}} {
		switch {
		case term.slug == "":
			continue
		case strings.ContainsAny(term.slug, ", \t\r\n"):
			return &UnsupportedError{Field: term.name, By: CatalogueStoreAPI, Reason: "a comma or a space would part the slug in two"}
		case strings.Trim(term.slug, "0123456789.eE+-") == "": // is_numeric, and a few more
			id, err := c.storeTermID(ctx, term.list, term.slug)
			if err != nil {
				return err
			}
			term.slug = strconv.FormatInt(id, 10)
		}
		query.Set(term.name, term.slug)
	}
	return nil
}

// storeTermID finds a category or tag by its slug, errNoTerm when there is none.
func (c *Client) storeTermID(ctx context.Context, list, slug string) (int64, error) {
	k := storeCall("list "+list, "products/"+list, url.Values{"hide_empty": {"false"}})
	terms, err := collect[storeTerm](ctx, c, k, longestList)
	if err != nil {
		return 0, err
	}
	for _, t := range terms {
		if readableSlug(string(t.Slug)) == readableSlug(slug) && t.ID > 0 {
			return int64(t.ID), nil
		}
	}
	return 0, errNoTerm
}

// storeAPI is the order as the Store API names it: by what, and which way.
func (s Sort) storeAPI() [2]string {
	switch s {
	case Newest:
		return [2]string{"date", "desc"}
	case CheapFirst:
		return [2]string{"price", "asc"}
	case DearFirst:
		return [2]string{"price", "desc"}
	case ByName:
		return [2]string{"title", "asc"}
	case MostPopular:
		return [2]string{"popularity", "desc"}
	case BestRated:
		return [2]string{"rating", "desc"}
	}
	return [2]string{"menu_order", "asc"}
}

// joinIDs writes ids as REST takes a list of them.
func joinIDs(ids []int64) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(texts, ",")
}

func ids(list []looseInt) []int64 {
	out := make([]int64, len(list))
	for i, id := range list {
		out[i] = int64(id)
	}
	return out
}
