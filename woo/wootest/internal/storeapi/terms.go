package storeapi

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// termRow is a term with what lists of terms sort and show it by.
type termRow struct {
	shop.Term
	parent      int64
	description string
	count       int
	order       int
	category    *shop.Category
}

// termParams is the schema of every list of terms; attribute terms sort by
// more.
func termParams(more ...string) []param {
	return []param{
		{name: "context", kind: "string", enum: viewContext},
		{name: "page", kind: "integer", bounds: &[2]int{1, 0}},
		{name: "per_page", kind: "integer", bounds: &[2]int{0, 100}},
		{name: "search", kind: "string"}, {name: "exclude", loose: true}, {name: "include", loose: true},
		{name: "order", kind: "string", enum: []string{"asc", "desc"}},
		{name: "orderby", kind: "string", enum: append([]string{"name", "slug", "count"}, more...)},
		{name: "hide_empty", kind: "boolean", late: true},
	}
}

func (c *Call) listCategories() (rest.Answer, *wire.Error) {
	var rows []termRow
	for i := range c.Site.Shop.Categories {
		rows = append(rows, c.categoryRow(&c.Site.Shop.Categories[i]))
	}
	return c.listTerms(rows, c.categoryView)
}

func (c *Call) categoryRow(x *shop.Category) termRow {
	return termRow{Term: x.Term, parent: x.Parent, description: x.Description, count: c.countUnder(x.ID), order: int(x.MenuOrder), category: x}
}

// countUnder counts the published products of a category and of those below it
// (WooCommerce's product_count_product_cat).
func (c *Call) countUnder(id int64) int {
	n := 0
	for _, p := range c.State.Products {
		if !p.IsVariation() && p.Status == "publish" &&
			slices.ContainsFunc(p.Categories, func(t shop.Term) bool { return c.Site.Shop.Under(t.ID, id) }) {
			n++
		}
	}
	return n
}

func (c *Call) getCategory() (rest.Answer, *wire.Error) {
	for i := range c.Site.Shop.Categories {
		if c.Site.Shop.Categories[i].ID == c.IDs["id"] {
			return rest.OK(c.categoryView(c.categoryRow(&c.Site.Shop.Categories[i])))
		}
	}
	return rest.Answer{}, wire.Fault(http.StatusNotFound, "woocommerce_rest_category_invalid_id", "Invalid category ID.")
}

func (c *Call) categoryView(t termRow) wp.Object {
	var picture any
	if raw := t.category.Image; len(raw) > 0 && string(raw) != "null" {
		var i shop.Image
		if json.Unmarshal(raw, &i) == nil {
			picture = c.imageView(i)
		}
	}
	return append(c.termView(t), wp.Object{
		{"image", picture}, {"review_count", c.reviewsIn(t.ID)}, {"permalink", c.categoryLink(t.ID)},
	}...)
}

// reviewsIn counts the reviews of a category's products and of those below it.
func (c *Call) reviewsIn(id int64) int64 {
	n := int64(0)
	for _, p := range c.State.Products {
		if slices.ContainsFunc(p.Categories, func(t shop.Term) bool { return c.Site.Shop.Under(t.ID, id) }) {
			n += p.RatingCount
		}
	}
	return n
}

func (c *Call) termView(t termRow) wp.Object {
	return wp.Object{
		{"id", t.ID}, {"name", texturize(t.Name)}, {"slug", t.Slug}, {"description", texturize(t.description)}, {"parent", t.parent}, {"count", t.count},
	}
}

func (c *Call) listTags() (rest.Answer, *wire.Error) {
	var rows []termRow
	for _, t := range c.Site.Shop.Tags {
		rows = append(rows, termRow{Term: t, count: c.State.CountTagged(t.ID)})
	}
	return c.listTerms(rows, c.termView)
}

// listBrands are the brands that products have.
func (c *Call) listBrands() (rest.Answer, *wire.Error) {
	found := map[int64]termRow{}
	for _, p := range c.State.Products {
		for _, b := range p.Brands {
			row := found[b.ID]
			row.Term = b
			row.count++
			found[b.ID] = row
		}
	}
	var rows []termRow
	for _, row := range found {
		rows = append(rows, row)
	}
	return c.listTerms(rows, func(t termRow) wp.Object {
		return append(c.termView(t), wp.Object{
			{"image", nil}, {"review_count", 0}, {"permalink", c.Base + "/brand/" + t.Slug + "/"},
		}...)
	})
}

func (c *Call) listAttributes() (rest.Answer, *wire.Error) {
	list := slices.Clone(c.Site.Shop.Taxonomies)
	slices.SortStableFunc(list, func(a, b shop.Taxonomy) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return rest.Answer{Status: http.StatusOK, Body: rest.ViewAll(list, taxonomyView)}, nil
}

func taxonomyView(t shop.Taxonomy) wp.Object {
	return wp.Object{
		{"id", t.ID}, {"name", texturize(t.Name)}, {"taxonomy", t.Slug}, {"type", t.Type}, {"order", t.OrderBy},
		{"has_archives", t.Archive}, {"count", len(t.Terms)},
	}
}

func (c *Call) getAttribute() (rest.Answer, *wire.Error) {
	t := c.Site.Shop.TaxonomyOf(c.IDs["id"])
	if t == nil {
		return rest.Answer{}, wire.Fault(http.StatusNotFound, "woocommerce_rest_attribute_invalid_id", "Invalid attribute ID.")
	}
	return rest.OK(taxonomyView(*t))
}

func (c *Call) listAttributeTerms() (rest.Answer, *wire.Error) {
	t := c.Site.Shop.TaxonomyOf(c.IDs["attribute_id"])
	if t == nil {
		return rest.Answer{}, wire.Fault(http.StatusNotFound, "woocommerce_rest_taxonomy_invalid", "Attribute does not exist.")
	}
	var rows []termRow
	for _, x := range t.Terms {
		rows = append(rows, termRow{Term: x, count: c.productsWith(t, x.ID)})
	}
	return c.listTerms(rows, c.termView)
}

// productsWith counts the published products that have a term.
func (c *Call) productsWith(t *shop.Taxonomy, id int64) int {
	n := 0
	for _, p := range c.State.Products {
		if !p.IsVariation() && p.Status == "publish" && shop.IDIn(t.TermsOf(p), []int64{id}) {
			n++
		}
	}
	return n
}

// listTerms is AbstractTermsRoute::get_terms_response: all terms unless
// per_page says otherwise, and paging headers only where a page is full or is
// not the first.
func (c *Call) listTerms(rows []termRow, view func(termRow) wp.Object) (rest.Answer, *wire.Error) {
	include, exclude := argIDs(c.Args["include"]), argIDs(c.Args["exclude"])
	search := strings.ToLower(wp.Text(c.Args["search"]))
	hide := c.Args["hide_empty"] == nil || wp.Truthy(strings.ToLower(wp.Text(c.Args["hide_empty"])))
	rows = slices.DeleteFunc(rows, func(t termRow) bool {
		return !rest.IsOneOf(include, t.ID) || slices.Contains(exclude, t.ID) || hide && t.count == 0 ||
			!strings.Contains(strings.ToLower(t.Name), search) && !strings.Contains(t.Slug, search)
	})
	c.sortTerms(rows)
	size := c.intArg("per_page", 0)
	part, header := page(c, rows, size)
	if size == 0 || int64(len(part)) < size && c.intArg("page", 1) == 1 {
		header = http.Header{}
	}
	return rest.Answer{Status: http.StatusOK, Header: header, Body: rest.ViewAll(part, view)}, nil
}

func (c *Call) sortTerms(rows []termRow) {
	by, desc := wp.Text(c.Args["orderby"]), wp.Text(c.Args["order"]) == "desc"
	slices.SortStableFunc(rows, func(a, b termRow) int {
		n := byTermName(a.Term, b.Term)
		switch by {
		case "slug":
			n = strings.Compare(a.Slug, b.Slug)
		case "count":
			n = cmp.Compare(a.count, b.count)
		case "menu_order":
			n = cmp.Compare(a.order, b.order)
		case "id":
			n = cmp.Compare(a.ID, b.ID)
		}
		if desc {
			return -n
		}
		return n
	})
}
