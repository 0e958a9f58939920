package graphql

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storeapi"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// statsParams are the filters of collectionStats under the Store API's names:
// WooGraphQL hands them to the code behind collection-data
// (Collection_Stats_Type::prepare_rest_request).
var statsParams = map[string]string{
	"search": "search", "sku": "sku", "featured": "featured", "include": "include", "exclude": "exclude", "onSale": "on_sale",
	"visibility": "catalog_visibility", "minPrice": "min_price", "maxPrice": "max_price", "slugIn": "slug", "rating": "rating",
	"categoryIn": "category", "categoryIdIn": "category", "tagIn": "tag", "tagIdIn": "tag", "stockStatus": "stock_status", "attributes": "attributes",
}

// collectionStats counts what the filters could narrow a list to. The bounds of
// a price are in the smallest unit here, unlike those of a list.
func (g *request) collectionStats(args map[string]any) (any, error) {
	where, _ := args["where"].(map[string]any)
	if _, asked := where["onSale"].(bool); asked {
		return nil, errInternal // ProductQuery adds to a list that WooGraphQL has not made
	}
	params := map[string]any{}
	for name, value := range where {
		to, known := statsParams[name]
		if !known {
			return nil, onlyFilters("collectionStats", map[string]any{name: nil})
		}
		params[to] = g.statsParam(name, value)
	}
	c := &storeapi.Call{Call: &rest.Call{Site: g.site, State: g.state}, Args: params}
	if _, err := c.FindProducts(params); err != nil {
		return nil, wire.UserError(err.Message)
	}
	var prices, stock, ratings any
	if args["calculatePriceRange"] == true {
		prices = c.PricesOf(c.Among("min_price", "max_price"))
	}
	if args["calculateStockStatusCounts"] == true {
		stock = g.countNodes(c.StockCounts(c.Among("stock_status")), "status", func(v any) any { return stockEnum(wp.Text(v)) })
	}
	if args["calculateRatingCounts"] == true {
		ratings = g.countNodes(c.RatingCounts(c.Among("rating")), "rating", func(v any) any { return countOf(v) })
	}
	return &node{kind: "CollectionStats", fields: map[string]any{
		"priceRange": g.statsPrices(prices), "stockStatusCounts": stock, "ratingCounts": ratings, "attributeCounts": g.attributeStats(c, args["taxonomies"]),
	}}, nil
}

// statsParam is a filter's value as the Store API takes it.
func (g *request) statsParam(name string, value any) any {
	switch name {
	case "minPrice", "maxPrice":
		return numberText(value)
	case "visibility":
		return strings.ToLower(argText(map[string]any{"v": value}, "v"))
	case "stockStatus":
		var out []any
		for _, status := range textList(value) {
			out = append(out, strings.ToLower(strings.ReplaceAll(status, "_", "")))
		}
		return out
	case "attributes":
		return g.statsAttributes(value)
	}
	return value
}

// statsAttributes makes an entry of every single term.
func (g *request) statsAttributes(value any) any {
	input, _ := value.(map[string]any)
	queries, _ := input["queries"].([]any)
	out := []any{}
	for _, q := range queries {
		query, _ := q.(map[string]any)
		t := taxonomyOfEnum(g.site.Shop, argText(query, "taxonomy"))
		for _, slug := range g.wantedTerms(query) {
			if t != nil {
				out = append(out, map[string]any{
					"attribute": t.Slug, "slug": []any{slug}, "operator": strings.ToLower(argText(query, "operator")),
				})
			}
		}
	}
	return out
}

// countNodes makes nodes of counts.
func (g *request) countNodes(list []wp.Object, name string, as func(any) any) []*node {
	nodes := []*node{}
	for _, o := range list {
		what, _ := o.Get(name)
		count, _ := o.Get("count")
		nodes = append(nodes, &node{fields: map[string]any{name: as(what), "count": countOf(count)}})
	}
	return nodes
}

// statsPrices shows prices, or with RAW writes them as the database does, four
// decimals.
func (g *request) statsPrices(prices any) *node {
	found, _ := prices.(wp.Object)
	field := func(name string) resolver {
		return func(args map[string]any) (any, error) {
			minor, ok := found.Get(name)
			if !ok {
				return nil, nil
			}
			d, err := decimal.NewFromString(wp.Text(minor))
			switch {
			case err != nil:
				return nil, err
			case argText(args, "format") == "RAW":
				return d.Shift(-g.site.Shop.Decimals()).StringFixed(4), nil
			}
			return g.site.Shop.Formatted(d.Shift(-g.site.Shop.Decimals())), nil
		}
	}
	return &node{kind: "PriceRange", fields: map[string]any{"minPrice": field("min_price"), "maxPrice": field("max_price")}}
}

// attributeStats counts the values of attributes. Those that are asked for with
// AND get the counts of one another too (class-root-query.php).
func (g *request) attributeStats(c *storeapi.Call, asked any) []*node {
	nodes := []*node{}
	list, _ := asked.([]any)
	var every []any
	for _, q := range list {
		if query, _ := q.(map[string]any); argText(query, "relation") == "AND" {
			every = append(every, g.statsQuery(query))
		}
	}
	for _, q := range list {
		query, _ := q.(map[string]any)
		t := taxonomyOfEnum(g.site.Shop, argText(query, "taxonomy"))
		if t == nil {
			continue
		}
		queries := []any{g.statsQuery(query)}
		if argText(query, "relation") == "AND" {
			queries = every
		}
		nodes = append(nodes, &node{kind: "AttributeCount", fields: map[string]any{
			"slug": argText(query, "taxonomy"), "name": t.Name, "label": "Product " + t.Name, "terms": g.termCountNodes(c.AttributeCounts(queries)),
		}})
	}
	return nodes
}

func (g *request) statsQuery(query map[string]any) map[string]any {
	out := map[string]any{"query_type": strings.ToLower(argText(query, "relation"))}
	if t := taxonomyOfEnum(g.site.Shop, argText(query, "taxonomy")); t != nil {
		out["taxonomy"] = t.Slug
	}
	return out
}

func (g *request) termCountNodes(counts []wp.Object) []*node {
	nodes := []*node{}
	for _, o := range counts {
		id, _ := o.Get("term")
		count, _ := o.Get("count")
		for i := range g.site.Shop.Taxonomies {
			t := &g.site.Shop.Taxonomies[i]
			for _, x := range t.Terms {
				if x.ID != countOf(id) {
					continue
				}
				nodes = append(nodes, &node{fields: map[string]any{
					"termId": strconv.FormatInt(x.ID, 10), "count": json.Number(strconv.FormatInt(countOf(count), 10)),
					"node": &node{kind: termKind(t), fields: map[string]any{
						"databaseId": x.ID, "name": x.Name, "slug": x.Slug, "taxonomyName": t.Slug,
					}},
				}})
			}
		}
	}
	return nodes
}

// countOf reads a number of the Store API's answer, which is there as a number
// or as text.
func countOf(v any) int64 {
	switch n := v.(type) {
	case int:
		return int64(n)
	case int64:
		return n
	}
	return wp.Int(v)
}
