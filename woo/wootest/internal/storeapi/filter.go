package storeapi

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// filter are the filters of a product list (StoreApi\Utilities\ProductQuery).
type filter struct {
	c                *Call
	include, exclude []int64
	parents, orphans []int64
	skus, slugs      []string
	low, high        *decimal.Decimal
	after, before    time.Time
	args             map[string]any
}

// FindProducts answers the products that fit the arguments, in no order.
func (c *Call) FindProducts(args map[string]any) ([]*shop.Product, *wire.Error) {
	f, err := c.newFilter(args)
	if err != nil {
		return nil, err
	}
	var out []*shop.Product
	for _, p := range c.State.Products {
		if f.listed(p) && f.identity(p) && f.terms(p) && f.facts(p) {
			out = append(out, p)
		}
	}
	return out, nil
}

func (c *Call) newFilter(args map[string]any) (*filter, *wire.Error) {
	f := &filter{
		c: c, args: args, include: argIDs(args["include"]), exclude: argIDs(args["exclude"]),
		parents: argIDs(args["parent"]), orphans: argIDs(args["parent_exclude"]),
		skus: commaWords(wp.Text(args["sku"])), slugs: commaWords(wp.Text(args["slug"])),
	}
	var err1, err2 *wire.Error
	f.low, err1 = c.priceLimit(args["min_price"])
	f.high, err2 = c.priceLimit(args["max_price"])
	f.after, _ = c.Site.Shop.ParseLocal(wp.Text(args["after"]), false)
	f.before, _ = c.Site.Shop.ParseLocal(wp.Text(args["before"]), false)
	if onSale, ok := args["on_sale"]; ok && wp.Text(onSale) != "" {
		f.onlySale(wp.Truthy(strings.ToLower(wp.Text(onSale))))
	}
	return f, cmp.Or(err1, err2)
}

// onlySale narrows to the products on sale or widens the excluded ones by
// them. The two lists are joined with PHP's +, by position: the ids asked for
// take the places of as many on sale.
func (f *filter) onlySale(wanted bool) {
	var sale []int64
	for _, p := range f.c.State.Products {
		if f.c.State.OnSaleListed(p, f.c.Site.Now()) {
			sale = append(sale, p.ID)
		}
	}
	slices.Sort(sale)
	if len(sale) == 0 {
		sale = []int64{0}
	}
	list := &f.exclude
	if wanted {
		list = &f.include
	}
	*list = append(*list, sale[min(len(*list), len(sale)):]...)
}

// priceLimit is a limit in minor units as an amount. What is no number is a
// PHP TypeError there: WordPress answers its page for a crash.
func (c *Call) priceLimit(value any) (*decimal.Decimal, *wire.Error) {
	text := wp.Text(value)
	if text == "" || text == "0" {
		return nil, nil
	}
	d, ok := wp.Decimal(text)
	if !ok {
		return nil, wire.Fault(http.StatusInternalServerError, "internal_server_error", "There has been a critical error on this website.")
	}
	d = d.Shift(-c.Site.Shop.Decimals())
	return &d, nil
}

// listed: published products; variations only where they are asked for by
// type, SKU or slug.
func (f *filter) listed(p *shop.Product) bool {
	if p.Status != "publish" {
		return false
	}
	kind := wp.Text(f.args["type"])
	switch {
	case kind == "variation":
		return p.IsVariation()
	case kind != "":
		return p.Type == kind
	}
	return !p.IsVariation() || len(f.skus) > 0 || len(f.slugs) > 0
}

func (f *filter) identity(p *shop.Product) bool {
	return rest.IsOneOf(f.include, p.ID) && !slices.Contains(f.exclude, p.ID) && rest.IsOneOf(f.parents, p.ParentID) &&
		!slices.Contains(f.orphans, p.ParentID) && rest.IsOneOf(f.skus, p.SKU) && rest.IsOneOf(f.slugs, p.Slug)
}

func (f *filter) terms(p *shop.Product) bool {
	sh := f.c.Site.Shop
	cats := sh.CategoryTerms()
	return fitsTerms(wp.List(f.args["category"]), wp.Text(f.args["category_operator"]), p.Categories, cats, sh.Descendants) &&
		fitsTerms(wp.List(f.args["tag"]), wp.Text(f.args["tag_operator"]), p.Tags, sh.Tags, nil) &&
		fitsTerms(wp.List(f.args["brand"]), wp.Text(f.args["brand_operator"]), p.Brands, p.Brands, nil) && f.attributes(p)
}

// fitsTerms is one clause of a tax query. Terms are ids when the first one is
// a number. Those below a category count with it; with "and" all of them are
// demanded, which is WordPress' own trap.
func fitsTerms(asked []any, operator string, have, all []shop.Term, below func(int64) []int64) bool {
	if len(asked) == 0 {
		return true
	}
	_, err := strconv.Atoi(wp.Text(asked[0]))
	var want []int64
	for _, t := range all {
		if !slices.ContainsFunc(asked, func(v any) bool { return err == nil && wp.Int(v) == t.ID || err != nil && wp.Text(v) == t.Slug }) {
			continue
		}
		want = append(want, t.ID)
		if below != nil {
			want = append(want, below(t.ID)...)
		}
	}
	has := func(id int64) bool { return shop.IDIn(have, []int64{id}) }
	switch operator {
	case "not_in":
		return !slices.ContainsFunc(want, has)
	case "and":
		return len(want) > 0 && !slices.ContainsFunc(want, func(id int64) bool { return !has(id) })
	}
	return slices.ContainsFunc(want, has)
}

// attributes: every entry must hold, whatever attribute_relation says, because
// "in" is no relation that WP_Tax_Query knows.
func (f *filter) attributes(p *shop.Product) bool {
	for _, entry := range wp.List(f.args["attributes"]) {
		query, _ := entry.(map[string]any)
		t := f.c.Site.Shop.TaxonomyBySlug(wp.Text(query["attribute"]))
		asked := wp.List(query["term_id"])
		if len(asked) == 0 {
			asked = wp.List(query["slug"])
		}
		if t == nil || len(asked) == 0 {
			continue
		}
		if !fitsTerms(asked, wp.Text(query["operator"]), t.TermsOf(p), t.Terms, nil) {
			return false
		}
	}
	return true
}

func (f *filter) facts(p *shop.Product) bool {
	return f.searched(p) && f.dated(p) && f.withinPrice(p) && f.visibleTo(p) &&
		(len(wp.List(f.args["stock_status"])) == 0 || hasWord(f.args["stock_status"], f.c.State.StockStatus(p))) &&
		(f.args["stock_status"] != nil || !f.c.Site.Shop.Yes("woocommerce_hide_out_of_stock_items") || f.c.State.StockStatus(p) != "outofstock") &&
		(wp.Text(f.args["featured"]) == "" || p.Featured == wp.Truthy(strings.ToLower(wp.Text(f.args["featured"])))) &&
		(len(wp.List(f.args["rating"])) == 0 || hasWord(f.args["rating"], p.RoundedRating()))
}

func hasWord(list any, word string) bool {
	return slices.ContainsFunc(wp.List(list), func(v any) bool { return wp.Text(v) == word })
}

// searched: the words of search anywhere in the title or the SKU, as one text.
func (f *filter) searched(p *shop.Product) bool {
	text := strings.ToLower(strings.TrimSpace(wp.Text(f.args["search"])))
	return strings.Contains(strings.ToLower(p.Name), text) || strings.Contains(strings.ToLower(p.SKU), text)
}

func (f *filter) dated(p *shop.Product) bool {
	at := p.DateCreated.Time
	if strings.HasPrefix(wp.Text(f.args["date_column"]), "modified") {
		at = p.DateModified.Time
	}
	return rest.Inside(at, f.after, f.before)
}

// withinPrice compares stored prices; the limit is what is shown, so its tax is
// taken off or put on first where the two differ.
func (f *filter) withinPrice(p *shop.Product) bool {
	if f.low == nil && f.high == nil {
		return true
	}
	prices := f.c.State.ActivePrices(p, f.c.Site.Now())
	if len(prices) == 0 {
		prices = []decimal.Decimal{decimal.Zero}
	}
	if f.low != nil && prices[len(prices)-1].LessThan(f.stored(p, *f.low)) {
		return false
	}
	return f.high == nil || !prices[0].GreaterThan(f.stored(p, *f.high))
}

func (f *filter) stored(p *shop.Product, shown decimal.Decimal) decimal.Decimal {
	sh := f.c.Site.Shop
	inclusive := sh.Values["woocommerce_tax_display_shop"] == "incl"
	rates := sh.MatchRates(p.TaxClass, sh.BaseAddress())
	switch {
	case p.TaxStatus != "taxable" || inclusive == sh.PricesIncludeTax():
		return shown
	case inclusive:
		return shown.Sub(shop.SumShares(shop.InclusiveTax(shown, rates)))
	}
	return shown.Add(shop.SumShares(shop.ExclusiveTax(shown, rates)))
}

// visibleTo applies catalog_visibility; without it hidden products are listed.
func (f *filter) visibleTo(p *shop.Product) bool {
	own := cmp.Or(p.CatalogVisibility, "visible")
	switch want := wp.Text(f.args["catalog_visibility"]); want {
	case "visible", "hidden":
		return own == want
	case "catalog", "search":
		return own == "visible" || own == want
	}
	return true
}

// sortProducts orders a list as WC_Query::get_catalog_ordering_args has
// it: newest first unless told otherwise; popularity and rating always fall.
func (c *Call) sortProducts(list []*shop.Product) {
	by, desc := wp.Text(c.Args["orderby"]), wp.Text(c.Args["order"]) != "asc"
	include := argIDs(c.Args["include"])
	if by == "popularity" || by == "rating" {
		desc = true
	}
	slices.SortFunc(list, func(a, b *shop.Product) int {
		n := cmp.Or(c.compareProducts(a, b, by, desc, include), cmp.Compare(a.ID, b.ID))
		if desc && by != "include" {
			return -n
		}
		return n
	})
}

func (c *Call) compareProducts(a, b *shop.Product, by string, desc bool, include []int64) int {
	switch by {
	case "modified":
		return a.DateModified.Compare(b.DateModified.Time)
	case "id":
		return cmp.Compare(a.ID, b.ID)
	case "include":
		return cmp.Compare(slices.Index(include, a.ID), slices.Index(include, b.ID))
	case "title":
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	case "slug":
		return strings.Compare(a.Slug, b.Slug)
	case "price":
		return c.State.SortPrice(a, c.Site.Now(), desc).Cmp(c.State.SortPrice(b, c.Site.Now(), desc))
	case "popularity":
		return cmp.Compare(a.TotalSales, b.TotalSales)
	case "rating":
		return cmp.Or(strings.Compare(a.AverageRating, b.AverageRating), cmp.Compare(a.RatingCount, b.RatingCount))
	case "comment_count":
		return cmp.Compare(a.RatingCount, b.RatingCount)
	case "menu_order":
		return cmp.Or(cmp.Compare(a.MenuOrder, b.MenuOrder), strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)))
	}
	return a.DateCreated.Compare(b.DateCreated.Time)
}

// argIDs reads a list of ids; what is no number is 0, which no product has.
func argIDs(value any) []int64 {
	var out []int64
	for _, v := range wp.List(value) {
		out = append(out, max(wp.Int(v), -wp.Int(v)))
	}
	return out
}

// commaWords are the parts of a text, and the whole of it when there are
// several.
func commaWords(text string) []string {
	if text == "" {
		return nil
	}
	parts := strings.Split(text, ",")
	if len(parts) > 1 {
		parts = append(parts, text)
	}
	return parts
}
