package woo

import (
	"context"
	"errors"

	"github.com/shopspring/decimal"
)

// Facets are the numbers beside the filters of a list. WooCommerce counts each
// kind as if it were not filtered by itself, so that a shopper sees what the
// other choices would bring: Prices without the price bounds, Stock without
// InStock, and an attribute without its own values unless the filter wants All
// of them.
type Facets struct {
	// MinPrice and MaxPrice are the lowest and the highest stored price; not Valid when
	// nothing has one.
	MinPrice, MaxPrice decimal.NullDecimal
	Stock              map[StockStatus]int64
	Ratings            map[int64]int64 // products by their average, rounded: 1 to 5
	Attributes         []AttributeFacet
}

// AttributeFacet counts the products that have each value of an attribute.
type AttributeFacet struct {
	Name   string       // "pa_size"
	Label  string       // "Size"
	Values []ValueFacet // by age of the term
}

// ValueFacet is one value. Those that no product of the list has are left out.
type ValueFacet struct {
	TermID int64
	Value  string // the term's slug, as AttributeFilter takes it
	Label  string
	Count  int64
}

// Facets counts what a filter lists, by price, stock, rating and the named
// global attributes ("pa_size"). Sort and PageSize say nothing here.
//
// Over GraphQL it is one request (collectionStats). That cannot be told that
// one of several values of an attribute is enough, and breaks over OnSale; the
// Store API is asked then, which counts with the same code
// (ProductQueryFilters).
func (c *Client) Facets(ctx context.Context, f ProductFilter, attributes ...string) (Facets, error) {
	storeAPI, err := c.checked(ctx, f)
	if err != nil {
		return Facets{}, err
	}
	if err := checkFacets(f, attributes); err != nil {
		return Facets{}, err
	}
	if storeAPI || !f.countsOverGraphQL() {
		return c.storeFacets(ctx, f, attributes)
	}
	return c.graphFacets(ctx, f, attributes)
}

// checkFacets refuses what WooCommerce would count wrongly.
func checkFacets(f ProductFilter, attributes []string) error {
	if len(attributes) > 20 {
		return &InvalidError{Field: "attributes", Reason: "must be at most 20"}
	}
	for _, name := range attributes {
		if !globalAttribute(name) {
			return &InvalidError{Field: "attributes", Reason: `must be named as global attributes are, such as "pa_size"`}
		}
	}
	if f.OnSale && len(f.IDs) > 0 {
		return &UnsupportedError{Field: "ids", By: CatalogueStoreAPI, Reason: "WooCommerce mixes named products with those on sale; ask for one of the two"}
	}
	return nil
}

// countsOverGraphQL reports whether collectionStats can be told the filter: it
// makes a condition of every single value and wants all of them, and onSale is
// an "Internal server error" (ProductQuery adds to a list that is not there).
func (f ProductFilter) countsOverGraphQL() bool {
	if f.OnSale {
		return false
	}
	for _, a := range f.Attributes {
		if !a.All && len(a.Values) > 1 {
			return false
		}
	}
	return true
}

// wantsAll reports whether the filter wants every value of an attribute.
func (f ProductFilter) wantsAll(name string) bool {
	for _, a := range f.Attributes {
		if a.Name == name && a.All {
			return true
		}
	}
	return false
}

// decimals is how many the shop shows: WooCommerce takes the bounds of a price
// in the smallest unit of that. It is asked once; a shop that keeps its Store
// API to itself is taken to show what its currency has.
func (c *Client) decimals(ctx context.Context) (int32, error) {
	select {
	case <-c.reader.lock:
	case <-ctx.Done():
		return 0, &Error{Kind: Unavailable, Op: "read the price format", Cause: ctx.Err()}
	}
	defer func() { c.reader.lock <- struct{}{} }()
	if c.reader.decimals != nil {
		return *c.reader.decimals, nil
	}
	format, _, err := c.PriceFormat(ctx)
	n := int32(format.Decimals)
	var failed *Error
	if errors.As(err, &failed) && (failed.Kind != Unavailable && failed.Kind != RateLimited || failed.Code == "rest_no_route") {
		n, err = int32(c.currency.MinorDigits()), nil
	}
	if err != nil {
		return 0, err
	}
	c.reader.decimals = &n
	return n, nil
}

// bounds are a filter's prices in the smallest unit the shop shows, the lower
// one rounded up, the upper one down, so that nothing outside of them is let
// in.
func (c *Client) bounds(ctx context.Context, f ProductFilter) (b bounds, err error) {
	if f.MinPrice.IsZero() && f.MaxPrice.IsZero() {
		return bounds{}, nil
	}
	decimals, err := c.decimals(ctx)
	if err != nil {
		return bounds{}, err
	}
	b = bounds{low: f.MinPrice.Shift(decimals).Ceil(), high: f.MaxPrice.Shift(decimals).Floor()}
	if b.high.IsZero() && !f.MaxPrice.IsZero() {
		return bounds{}, &InvalidError{Field: "price", Reason: "must be at least the smallest amount the shop shows"}
	}
	return b, nil
}

type bounds struct{ low, high decimal.Decimal }

// graphQL are the bounds as products(where:) takes them: WooGraphQL makes
// hundredths of them (number_format with two decimals) and WooCommerce reads
// those as the smallest unit.
func (b bounds) graphQL() bounds { return bounds{b.low.Shift(-2), b.high.Shift(-2)} }
