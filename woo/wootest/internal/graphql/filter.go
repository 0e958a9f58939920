package graphql

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/shopspring/decimal"
)

// offered are the filters of `products(where:)` that this store applies. Any
// other one is refused: ignoring it would answer the wrong products.
var offered = []string{
	"category", "categoryIn", "categoryNotIn", "categoryId", "categoryIdIn", "categoryIdNotIn", "tag", "tagIn", "tagNotIn", "tagId",
	"tagIdIn", "tagIdNotIn", "include", "exclude", "search", "slugIn", "sku", "stockStatus", "minPrice", "maxPrice", "onSale", "featured",
	"type", "typeIn", "typeNotIn", "orderby", "parent", "parentIn", "supportedTypesOnly", "dateQuery", "taxClass", "attributes",
	"includeVariations", "visibility", "status", "taxonomyFilter",
}

func onlyFilters(field string, where map[string]any, names ...string) error {
	for name := range where {
		if !slices.Contains(names, name) {
			return wire.UserError(fmt.Sprintf("wootest does not offer the filter %q of %s", name, field))
		}
	}
	return nil
}

// products is the products connection. With variations, they are in the list
// when the filter asks for them.
func (g *request) products(args map[string]any, withVariations bool) (any, error) {
	where, _ := args["where"].(map[string]any)
	if err := onlyFilters("products", where, offered...); err != nil {
		return nil, err
	}
	var found []*shop.Product
	for _, p := range g.state.Products {
		if g.listed(p, where, withVariations) && g.fits(p, where) {
			found = append(found, p)
		}
	}
	g.sort(found, where)
	return connection(g.entries(found), args), nil
}

// entries makes places of products; a draft takes a place without being there.
func (g *request) entries(list []*shop.Product) []entry {
	var out []entry
	for _, p := range list {
		e := entry{id: p.ID}
		if p.Status == "publish" {
			e.node = g.productNode(p)
		}
		out = append(out, e)
	}
	return out
}

// listed: published products, hidden ones too, and the places of drafts unless
// a status is asked for.
func (g *request) listed(p *shop.Product, where map[string]any, withVariations bool) bool {
	status := argText(where, "status")
	if p.Status != "publish" && p.Status != "draft" || status != "" && p.Status != status {
		return false
	}
	return !p.IsVariation() || withVariations && where["includeVariations"] == true
}

func (g *request) fits(p *shop.Product, where map[string]any) bool {
	for name, value := range where {
		if !displaced(name, where) && !g.fitsOne(p, name, value) {
			return false
		}
	}
	return true
}

// displaced filters are without effect: WooGraphQL puts the products on sale in
// the place of include, or of exclude for those that are not.
func displaced(name string, where map[string]any) bool {
	onSale, asked := where["onSale"].(bool)
	return asked && (onSale && name == "include" || !onSale && name == "exclude")
}

// fitsOne applies one filter.
func (g *request) fitsOne(p *shop.Product, name string, value any) bool {
	cats, tags := g.state.CategoriesOf(p), p.Tags
	switch name {
	case "category", "categoryIn":
		return g.inCategories(cats, textList(value), nil)
	case "categoryNotIn":
		return !g.inCategories(cats, textList(value), nil)
	case "categoryId", "categoryIdIn":
		return g.inCategories(cats, nil, intList(value))
	case "categoryIdNotIn":
		return !g.inCategories(cats, nil, intList(value))
	case "tag", "tagIn", "tagNotIn":
		return slugIn(tags, textList(value)) == (name != "tagNotIn")
	case "tagId", "tagIdIn", "tagIdNotIn":
		return shop.IDIn(tags, intList(value)) == (name != "tagIdNotIn")
	case "include":
		return slices.Contains(intList(value), p.ID)
	case "exclude":
		return !slices.Contains(intList(value), p.ID)
	case "parent", "parentIn":
		return slices.Contains(intList(value), p.ParentID)
	}
	return g.fitsFacts(p, name, value)
}

func (g *request) fitsFacts(p *shop.Product, name string, value any) bool {
	now := g.site.Now()
	switch name {
	case "search":
		text := strings.ToLower(p.Name + " " + p.Description + " " + p.ShortDescription + " " + p.SKU)
		return strings.Contains(text, strings.ToLower(argText(map[string]any{"v": value}, "v")))
	case "slugIn":
		return slices.Contains(textList(value), p.Slug)
	case "sku": // LIKE, in the database's collation: a part of it, in any case
		return strings.Contains(strings.ToLower(p.SKU), strings.ToLower(argText(map[string]any{"v": value}, "v")))
	case "stockStatus":
		return slices.Contains(textList(value), stockEnum(g.state.StockStatus(p)))
	case "minPrice":
		return g.state.PriceWithin(p, now, g.priceBound(value), "")
	case "maxPrice":
		return g.state.PriceWithin(p, now, "", g.priceBound(value))
	case "onSale":
		return g.state.OnSaleListed(p, now) == (value == true)
	case "featured":
		return p.Featured == (value == true)
	case "visibility":
		return visibleIn(p, argText(map[string]any{"v": value}, "v"))
	case "type", "typeIn", "typeNotIn":
		return slices.Contains(textList(value), strings.ToUpper(p.Type)) == (name != "typeNotIn")
	case "taxClass":
		return slices.Contains(textList(value), taxEnum(p.TaxClass))
	case "dateQuery":
		return g.inDates(p, value)
	case "attributes":
		return g.hasAttributes(p, value)
	case "taxonomyFilter":
		return g.inTaxonomies(p, value)
	}
	return true // orderby, supportedTypesOnly, includeVariations choose nothing here
}

// visibleIn applies a CatalogVisibilityEnum. A product's own visibility says
// which lists it is in.
func visibleIn(p *shop.Product, list string) bool {
	own := cmp.Or(p.CatalogVisibility, "visible")
	switch list {
	case "CATALOG", "SEARCH":
		return own == "visible" || own == strings.ToLower(list)
	}
	return own == strings.ToLower(list)
}

// inCategories: a category covers its descendants.
func (g *request) inCategories(have []shop.Term, slugs []string, ids []int64) bool {
	for _, c := range g.site.Shop.Categories {
		if !slices.Contains(slugs, c.Slug) && !slices.Contains(ids, c.ID) {
			continue
		}
		if slices.ContainsFunc(have, func(t shop.Term) bool { return g.site.Shop.Under(t.ID, c.ID) }) {
			return true
		}
	}
	return false
}

func slugIn(terms []shop.Term, slugs []string) bool {
	return slices.ContainsFunc(terms, func(t shop.Term) bool { return slices.Contains(slugs, t.Slug) })
}

func numberText(v any) string {
	if n, ok := v.(float64); ok { // GraphQL's Float, for a filter only
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return argText(map[string]any{"v": v}, "v")
}

// priceBound is a bound as WooCommerce reads it: WooGraphQL makes hundredths of
// the number (number_format), WooCommerce takes those for the smallest unit the
// shop shows.
func (g *request) priceBound(v any) string {
	d, err := decimal.NewFromString(numberText(v))
	if err != nil || d.Exponent() > 30 {
		return numberText(v)
	}
	return d.Shift(2).Round(0).Shift(-g.site.Shop.Decimals()).String()
}

// inDates is a dateQuery with column, after and before, each {year,month,day}.
func (g *request) inDates(p *shop.Product, value any) bool {
	query, _ := value.(map[string]any)
	at := p.DateCreated.Time
	if strings.HasPrefix(argText(query, "column"), "MODIFIED") {
		at = p.DateModified.Time
	}
	return rest.Inside(at, g.dateOf(query["after"]), g.dateOf(query["before"]))
}

func (g *request) dateOf(value any) time.Time {
	parts, ok := value.(map[string]any)
	if !ok {
		return time.Time{}
	}
	month, day := max(1, toInt(parts["month"])), max(1, toInt(parts["day"]))
	return time.Date(int(toInt(parts["year"])), time.Month(month), int(day), 0, 0, 0, 0, g.site.Shop.Zone)
}

// sort orders products: by name, last first, unless told otherwise; ties by
// id, newest first.
func (g *request) sort(list []*shop.Product, where map[string]any) {
	by, desc := "NAME", true
	if one, ok := where["orderby"].(map[string]any); ok { // a single value stands for a list of it
		where = map[string]any{"orderby": []any{one}, "include": where["include"]}
	}
	if orders, ok := where["orderby"].([]any); ok && len(orders) > 0 {
		first, _ := orders[0].(map[string]any)
		by, desc = argText(first, "field"), argText(first, "order") != "ASC"
	}
	include := intList(where["include"])
	slices.SortFunc(list, func(a, b *shop.Product) int {
		n := g.compare(a, b, by, desc, include)
		if desc && by != "IN" {
			n = -n
		}
		return cmp.Or(n, cmp.Compare(b.ID, a.ID))
	})
}

func (g *request) compare(a, b *shop.Product, by string, desc bool, include []int64) int {
	switch by {
	case "DATE":
		return a.DateCreated.Compare(b.DateCreated.Time)
	case "MODIFIED":
		return a.DateModified.Compare(b.DateModified.Time)
	case "PRICE", "REGULAR_PRICE", "SALE_PRICE":
		return g.state.SortPrice(a, g.site.Now(), desc).Cmp(g.state.SortPrice(b, g.site.Now(), desc))
	case "SLUG":
		return strings.Compare(a.Slug, b.Slug)
	case "POPULARITY", "TOTAL_SALES":
		return cmp.Compare(a.TotalSales, b.TotalSales)
	case "RATING":
		return strings.Compare(a.AverageRating, b.AverageRating)
	case "REVIEW_COUNT":
		return cmp.Compare(a.RatingCount, b.RatingCount)
	case "MENU_ORDER":
		return cmp.Compare(a.MenuOrder, b.MenuOrder)
	case "PARENT":
		return cmp.Compare(a.ParentID, b.ParentID)
	case "IN":
		return cmp.Compare(slices.Index(include, a.ID), slices.Index(include, b.ID))
	}
	return strings.Compare(strings.ToLower(g.state.FullName(a)), strings.ToLower(g.state.FullName(b)))
}
