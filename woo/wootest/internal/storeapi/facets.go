package storeapi

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// collectionParams are those of the product list and what is to be counted.
func collectionParams() []param {
	flag := func(name string) param { return param{name: name, kind: "boolean", late: true} }
	return append(productParams(), flag("calculate_price_range"), flag("calculate_stock_status_counts"),
		param{name: "calculate_attribute_counts", kind: "array", late: true, items: &param{kind: "object", nested: []param{
			{name: "taxonomy", kind: "string"}, {name: "query_type", kind: "string", enum: []string{"and", "or"}},
		}}},
		flag("calculate_rating_counts"),
		param{name: "calculate_taxonomy_counts", kind: "array", late: true, items: &param{kind: "string"}})
}

// collectionData counts what a list's filters could narrow it to: prices,
// attributes, ratings, stock (WooCommerce's StoreApi ProductCollectionData).
// What was not asked for is null.
func (c *Call) collectionData() (rest.Answer, *wire.Error) {
	if _, err := c.FindProducts(c.Args); err != nil {
		return rest.Answer{}, err
	}
	var prices, attributes, ratings, stock, taxonomies any
	if c.asked("calculate_price_range") {
		prices = c.PricesOf(c.Among("min_price", "max_price"))
	}
	if queries := wp.List(c.Args["calculate_attribute_counts"]); len(queries) > 0 {
		attributes = c.AttributeCounts(queries)
	}
	if c.asked("calculate_rating_counts") {
		ratings = c.RatingCounts(c.Among("rating"))
	}
	if c.asked("calculate_stock_status_counts") {
		stock = c.StockCounts(c.Among("stock_status"))
	}
	if names := wp.List(c.Args["calculate_taxonomy_counts"]); len(names) > 0 {
		taxonomies = c.taxonomyCounts(names)
	}
	return rest.OK(wp.Object{
		{"price_range", prices}, {"attribute_counts", attributes}, {"rating_counts", ratings}, {"stock_status_counts", stock},
		{"taxonomy_counts", taxonomies},
	})
}

func (c *Call) asked(name string) bool { return wp.Truthy(strings.ToLower(wp.Text(c.Args[name]))) }

// Among answers the products of the collection with some filters taken away.
func (c *Call) Among(without ...string) []*shop.Product {
	args := maps.Clone(c.Args)
	for _, name := range without {
		delete(args, name)
	}
	found, _ := c.FindProducts(args) // the arguments were checked before
	return found
}

// PricesOf is the range of stored prices, null for an empty collection.
func (c *Call) PricesOf(list []*shop.Product) any {
	var all []decimal.Decimal
	for _, p := range list {
		prices := c.State.ActivePrices(p, c.Site.Now())
		if len(prices) == 0 {
			prices = []decimal.Decimal{decimal.Zero}
		}
		all = append(all, prices...)
	}
	if len(all) == 0 {
		return nil
	}
	sh := c.Site.Shop
	return append(wp.Object{
		{"min_price", minor(sh, slices.MinFunc(all, decimal.Decimal.Compare))}, {"max_price", minor(sh, slices.MaxFunc(all, decimal.Decimal.Compare))},
	}, currencyMembers(sh)...)
}

// AttributeCounts counts terms. With "or" the attribute's own filter does not narrow its
// counts, with "and" it does. The "or" ones come first.
func (c *Call) AttributeCounts(queries []any) []wp.Object {
	out := []wp.Object{}
	for _, and := range []bool{false, true} {
		for _, q := range queries {
			query, _ := q.(map[string]any)
			t := c.Site.Shop.TaxonomyBySlug(wp.Text(query["taxonomy"]))
			if t == nil || (wp.Text(query["query_type"]) == "and") != and {
				continue
			}
			args := maps.Clone(c.Args)
			if !and {
				args["attributes"] = slices.DeleteFunc(slices.Clone(wp.List(args["attributes"])), func(v any) bool {
					entry, _ := v.(map[string]any)
					return wp.Text(entry["attribute"]) == t.Slug
				})
			}
			found, _ := c.FindProducts(args)
			out = append(out, termCounts(t, found)...)
		}
	}
	return out
}

func termCounts(t *shop.Taxonomy, list []*shop.Product) []wp.Object {
	out := []wp.Object{}
	for _, x := range t.Terms {
		n := 0
		for _, p := range list {
			if shop.IDIn(t.TermsOf(p), []int64{x.ID}) {
				n++
			}
		}
		if n > 0 {
			out = append(out, wp.Object{{"term", x.ID}, {"count", n}})
		}
	}
	return out
}

// taxonomyCounts counts categories, tags and brands; a category counts the
// products of those below it.
func (c *Call) taxonomyCounts(names []any) []wp.Object {
	out := []wp.Object{}
	for _, name := range names {
		counts := map[int64]int{}
		for _, p := range c.Among() {
			for _, id := range c.termIDs(p, wp.Text(name)) {
				counts[id]++
			}
		}
		for _, id := range slices.Sorted(maps.Keys(counts)) {
			out = append(out, wp.Object{{"term", id}, {"count", counts[id]}})
		}
	}
	return out
}

// termIDs are the terms of a taxonomy a product counts for, each once.
func (c *Call) termIDs(p *shop.Product, taxonomy string) []int64 {
	var out []int64
	for _, t := range map[string][]shop.Term{"product_cat": p.Categories, "product_tag": p.Tags, "product_brand": p.Brands}[taxonomy] {
		out = append(out, t.ID)
	}
	if taxonomy == "product_cat" {
		for _, x := range c.Site.Shop.Categories {
			if slices.ContainsFunc(p.Categories, func(t shop.Term) bool { return c.Site.Shop.Under(t.ID, x.ID) }) {
				out = append(out, x.ID)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// RatingCounts are how many of the products have how many stars.
func (c *Call) RatingCounts(list []*shop.Product) []wp.Object {
	counts := map[string]int{}
	for _, p := range list {
		if stars := p.RoundedRating(); stars != "0" {
			counts[stars]++
		}
	}
	out := []wp.Object{}
	for _, stars := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, wp.Object{{"rating", json.Number(stars)}, {"count", counts[stars]}})
	}
	return out
}

// StockCounts are text, as the database answers them.
func (c *Call) StockCounts(list []*shop.Product) []wp.Object {
	out := []wp.Object{}
	for _, status := range []string{"instock", "outofstock", "onbackorder"} {
		n := 0
		for _, p := range list {
			if c.State.StockStatus(p) == status {
				n++
			}
		}
		out = append(out, wp.Object{{"status", status}, {"count", strconv.Itoa(n)}})
	}
	return out
}

// reviewParams is the schema of the list of reviews.
func reviewParams() []param {
	return []param{
		{name: "context", kind: "string", enum: viewContext},
		{name: "page", kind: "integer", bounds: &[2]int{1, 0}},
		{name: "per_page", kind: "integer", bounds: &[2]int{0, 100}},
		{name: "offset", kind: "integer"}, {name: "order", kind: "string", enum: []string{"asc", "desc"}},
		{name: "orderby", kind: "string", enum: []string{"date", "date_gmt", "id", "rating", "product"}},
		{name: "category_id", kind: "string"}, {name: "product_id", kind: "string"},
	}
}

func (c *Call) listReviews() (rest.Answer, *wire.Error) {
	products, cats := argIDs(c.Args["product_id"]), argIDs(c.Args["category_id"])
	var found []shop.Review
	for _, r := range c.Site.Shop.Reviews {
		p := c.State.Products[r.ProductID]
		if p != nil && rest.IsOneOf(products, r.ProductID) && (len(cats) == 0 || shop.IDIn(p.Categories, cats)) {
			found = append(found, r)
		}
	}
	slices.SortStableFunc(found, c.compareReviews)
	part, header := page(c, found, c.intArg("per_page", 10))
	return rest.Answer{Status: http.StatusOK, Header: header, Body: rest.ViewAll(part, c.reviewView)}, nil
}

func (c *Call) compareReviews(a, b shop.Review) int {
	n := a.Created.Compare(b.Created.Time)
	switch wp.Text(c.Args["orderby"]) {
	case "id":
		n = int(a.ID - b.ID)
	case "rating":
		n = int(a.Rating - b.Rating)
	case "product":
		n = int(a.ProductID - b.ProductID)
	}
	if wp.Text(c.Args["order"]) != "asc" {
		return -n
	}
	return n
}

func (c *Call) reviewView(r shop.Review) wp.Object {
	p, sh := c.State.Products[r.ProductID], c.Site.Shop
	var picture any
	if images := c.State.ImagesOf(p); len(images) > 0 {
		picture = c.imageView(images[0])
	}
	return wp.Object{
		{"id", r.ID}, {"date_created", sh.Local(r.Created.Time)},
		{"formatted_date_created", r.Created.In(sh.Zone).Format("January 2, 2006")}, {"date_created_gmt", shop.GMT(r.Created.Time)},
		{"product_id", r.ProductID}, {"product_name", p.Name}, {"product_permalink", c.Permalink(p)}, {"product_image", picture},
		{"reviewer", r.Reviewer}, {"review", r.Text}, {"rating", r.Rating}, {"verified", r.Verified}, {"reviewer_avatar_urls", r.AvatarURLs},
	}
}
