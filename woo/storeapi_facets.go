package woo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"
)

// storeCounts is the Store API's collection-data (ProductCollectionDataSchema).
type storeCounts struct {
	Prices *struct {
		Min       looseAmount `json:"min_price"`
		Max       looseAmount `json:"max_price"`
		MinorUnit looseInt    `json:"currency_minor_unit"`
	} `json:"price_range"`
	Attributes []struct {
		Term  looseInt `json:"term"`
		Count looseInt `json:"count"`
	} `json:"attribute_counts"`
	Ratings []struct {
		Rating looseInt `json:"rating"`
		Count  looseInt `json:"count"`
	} `json:"rating_counts"`
	Stock []struct {
		Status looseText `json:"status"`
		Count  looseInt  `json:"count"`
	} `json:"stock_status_counts"`
}

// storeTaxonomy is one of the shop's global attributes.
type storeTaxonomy struct {
	ID       looseInt  `json:"id"`
	Name     looseText `json:"name"`
	Taxonomy looseText `json:"taxonomy"`
}

// storeFacets counts over the Store API: one request for the numbers, and where
// attributes are asked for one for their names and one for the values of each,
// for the numbers come with the ids of the values only.
func (c *Client) storeFacets(ctx context.Context, f ProductFilter, attributes []string) (Facets, error) {
	const op = "count facets"
	f.Sort = ""
	query, err := c.storeFilter(ctx, f)
	switch {
	case errors.Is(err, errNoTerm):
		return Facets{Stock: map[StockStatus]int64{}, Ratings: map[int64]int64{}}, nil
	case err != nil:
		return Facets{}, err
	}
	for _, what := range []string{"price_range", "stock_status_counts", "rating_counts"} {
		query.Set("calculate_"+what, "true")
	}
	for i, name := range attributes {
		relation := "or"
		if f.wantsAll(name) {
			relation = "and"
		}
		query.Set(fmt.Sprintf("calculate_attribute_counts[%d][taxonomy]", i), name)
		query.Set(fmt.Sprintf("calculate_attribute_counts[%d][query_type]", i), relation)
	}
	var counts storeCounts
	if _, err := c.storeGet(ctx, op, "products/collection-data", query, &counts); err != nil {
		return Facets{}, err
	}
	out := counts.facets()
	if len(attributes) > 0 {
		out.Attributes, err = c.nameValues(ctx, op, attributes, counts)
	}
	return out, err
}

func (n storeCounts) facets() Facets {
	out := Facets{Stock: map[StockStatus]int64{}, Ratings: map[int64]int64{}}
	if n.Prices != nil && n.Prices.MinorUnit >= 0 && n.Prices.MinorUnit <= 8 {
		out.MinPrice, out.MaxPrice = n.Prices.Min.NullDecimal, n.Prices.Max.NullDecimal
		for _, d := range []*decimal.NullDecimal{&out.MinPrice, &out.MaxPrice} {
			d.Decimal = d.Decimal.Shift(-int32(n.Prices.MinorUnit))
		}
	}
	for _, s := range n.Stock {
		out.Stock[stockStatus(string(s.Status))] = int64(s.Count)
	}
	for _, r := range n.Ratings {
		out.Ratings[int64(r.Rating)] = int64(r.Count)
	}
	return out
}

// nameValues puts the counts to the values they belong to.
func (c *Client) nameValues(ctx context.Context, op string, attributes []string, counts storeCounts) ([]AttributeFacet, error) {
	var known []storeTaxonomy
	if _, err := c.storeGet(ctx, op, "products/attributes", nil, &known); err != nil {
		return nil, err
	}
	number := map[int64]int64{}
	for _, a := range counts.Attributes {
		number[int64(a.Term)] = int64(a.Count)
	}
	jobs := make([]func(context.Context) (AttributeFacet, error), len(attributes))
	for i, name := range attributes {
		jobs[i] = func(ctx context.Context) (AttributeFacet, error) {
			return c.attributeFacet(ctx, op, name, known, number)
		}
	}
	return inParallel(ctx, parallel, jobs)
}

func (c *Client) attributeFacet(ctx context.Context, op, name string, known []storeTaxonomy, number map[int64]int64) (AttributeFacet, error) {
	i := slices.IndexFunc(known, func(t storeTaxonomy) bool { return string(t.Taxonomy) == name })
	if i < 0 {
		return AttributeFacet{}, &InvalidError{Field: "attributes", Reason: "the shop has no attribute " + name}
	}
	facet := AttributeFacet{Name: name, Label: plainText(string(known[i].Name))}
	path := "products/attributes/" + strconv.FormatInt(int64(known[i].ID), 10) + "/terms"
	terms, err := collect[storeTerm](ctx, c, storeCall(op, path, url.Values{}), longestList)
	for _, t := range terms {
		if n := number[int64(t.ID)]; n > 0 {
			facet.Values = append(facet.Values, ValueFacet{TermID: int64(t.ID), Value: readableSlug(string(t.Slug)), Label: plainText(string(t.Name)), Count: n})
		}
	}
	slices.SortFunc(facet.Values, func(a, b ValueFacet) int { return cmp.Compare(a.TermID, b.TermID) })
	return facet, err
}
