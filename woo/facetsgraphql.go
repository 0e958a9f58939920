package woo

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// statsNode is WooGraphQL's CollectionStats.
type statsNode struct {
	Prices struct {
		Min string `json:"minPrice"`
		Max string `json:"maxPrice"`
	} `json:"priceRange"`
	Ratings []struct {
		Rating int64 `json:"rating"`
		Count  int64 `json:"count"`
	} `json:"ratingCounts"`
	Stock []struct {
		Status string `json:"status"`
		Count  int64  `json:"count"`
	} `json:"stockStatusCounts"`
	Attributes []struct {
		Slug  string          `json:"slug"` // the enum's value, PA_SIZE
		Name  string          `json:"name"`
		Terms []statsTermNode `json:"terms"`
	} `json:"attributeCounts"`
}

type statsTermNode struct {
	TermID looseInt `json:"termId"`
	Count  int64    `json:"count"`
	Node   struct {
		Slug     string `json:"slug"`
		Name     string `json:"name"`
		Taxonomy string `json:"taxonomyName"`
	} `json:"node"`
}

const statsSelection = "{priceRange{minPrice(format:RAW),maxPrice(format:RAW)},ratingCounts{rating,count},stockStatusCounts{status,count}," +
	"attributeCounts{slug,name,terms{termId,count,node{slug,name,taxonomyName}}}}"

// stats builds the query for the facets of a filter. Its price bounds are in
// the smallest unit, unlike those of a list.
func (d documents) stats(f ProductFilter, attributes []string, b bounds) (string, map[string]any) {
	w := &where{variables: map[string]any{}}
	if f.Category != "" {
		w.add("categoryIn", "[String]", []string{f.Category})
	}
	if f.Tag != "" {
		w.add("tagIn", "[String]", []string{f.Tag})
	}
	w.amount("minPrice", b.low)
	w.amount("maxPrice", b.high)
	f.common(w)
	w.everyTerm(f.Attributes)
	taxonomies := make([]string, len(attributes))
	for i, name := range attributes {
		relation := "OR"
		if f.wantsAll(name) {
			relation = "AND"
		}
		taxonomies[i] = "{taxonomy:" + enumName(name) + ",relation:" + relation + "}"
	}
	declared := strings.TrimPrefix(w.declarations(), ",")
	if declared != "" {
		declared = "(" + declared + ")"
	}
	return "query" + declared + "{collectionStats(calculatePriceRange:true,calculateRatingCounts:true,calculateStockStatusCounts:true,taxonomies:[" +
		strings.Join(taxonomies, ",") + "],where:" + w.argument() + ")" + statsSelection + "}", w.variables
}

// everyTerm filters by attributes as collectionStats does: every value is a
// condition.
func (w *where) everyTerm(list []AttributeFilter) {
	if len(list) == 0 {
		return
	}
	queries := make([]string, len(list))
	for i, a := range list {
		terms := w.variable("terms"+string(rune('a'+i)), "[String]", a.Values)
		queries[i] = "{taxonomy:" + enumName(a.Name) + ",terms:" + terms + ",operator:IN}"
	}
	w.fields = append(w.fields, "attributes:{relation:AND,queries:["+strings.Join(queries, ",")+"]}")
}

func (c *Client) graphFacets(ctx context.Context, f ProductFilter, attributes []string) (Facets, error) {
	const op = "count facets"
	b, err := c.bounds(ctx, f)
	if err != nil {
		return Facets{}, err
	}
	document, variables := c.docs.stats(f, attributes, b)
	var data struct {
		Stats *statsNode `json:"collectionStats"`
	}
	if err := c.query(ctx, op, document, variables, &data); err != nil {
		return Facets{}, err
	}
	if data.Stats == nil {
		return Facets{}, &Error{Kind: Unavailable, Op: op, Message: "no statistics came back", Cause: ErrBadAnswer}
	}
	return data.Stats.facets(op, attributes)
}

func (n *statsNode) facets(op string, attributes []string) (Facets, error) {
	out := Facets{Stock: map[StockStatus]int64{}, Ratings: map[int64]int64{}}
	for _, price := range []struct {
		text string
		into *decimal.NullDecimal
	}{{n.Prices.Min, &out.MinPrice}, {n.Prices.Max, &out.MaxPrice}} {
		if price.text == "" {
			continue
		}
		d, err := parseAmount(price.text)
		if err != nil {
			return Facets{}, &Error{Kind: Unavailable, Op: op, Field: "priceRange", Message: err.Error(), Cause: ErrBadAnswer}
		}
		*price.into = decimal.NewNullDecimal(d)
	}
	for _, s := range n.Stock {
		out.Stock[StockStatus(strings.ToLower(s.Status))] = s.Count
	}
	for _, r := range n.Ratings {
		out.Ratings[r.Rating] = r.Count
	}
	for _, name := range attributes {
		out.Attributes = append(out.Attributes, n.attribute(name))
	}
	return out, nil
}

// attribute finds the counts of one. Of several attributes whose values are
// all wanted, WooGraphQL gives each the terms of every one.
func (n *statsNode) attribute(name string) AttributeFacet {
	facet := AttributeFacet{Name: name}
	for _, a := range n.Attributes {
		if a.Slug != enumName(name) {
			continue
		}
		facet.Label = plainText(a.Name)
		slices.SortFunc(a.Terms, func(x, y statsTermNode) int { return cmp.Compare(x.TermID, y.TermID) })
		for _, t := range a.Terms {
			if t.Count <= 0 || t.Node.Taxonomy != "" && t.Node.Taxonomy != name {
				continue
			}
			facet.Values = append(facet.Values, ValueFacet{
				TermID: int64(t.TermID), Value: readableSlug(t.Node.Slug), Label: plainText(t.Node.Name), Count: t.Count,
			})
		}
	}
	return facet
}
