package storeapi

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

var viewContext = []string{"view", "edit"}

func productRoutes() []route {
	one := []param{{name: "context", kind: "string", enum: viewContext}}
	return []route{
		{"GET", "products", productParams(), (*Call).listProducts},
		{"GET", "products/collection-data", collectionParams(), (*Call).collectionData},
		{"GET", "products/categories", termParams(), (*Call).listCategories},
		{"GET", "products/categories/{id}", one, (*Call).getCategory},
		{"GET", "products/tags", termParams(), (*Call).listTags},
		{"GET", "products/brands", termParams(), (*Call).listBrands},
		{"GET", "products/attributes", one, (*Call).listAttributes},
		{"GET", "products/attributes/{id}", one, (*Call).getAttribute},
		{"GET", "products/attributes/{attribute_id}/terms", termParams("menu_order", "name_num", "id"), (*Call).listAttributeTerms},
		{"GET", "products/reviews", reviewParams(), (*Call).listReviews},
		{"GET", "products/{id}", one, (*Call).getProduct},
		{"GET", "products/{slug}", one, (*Call).getProductBySlug},
	}
}

// productParams is the schema of the list, in WooCommerce's order.
func productParams() []param {
	operators := []string{"in", "not_in", "and"}
	text := func(name string, enum ...string) param {
		return param{name: name, kind: "string", enum: enum}
	}
	ids := func(name string) param { return param{name: name, loose: true} }
	return []param{
		text("context", viewContext...),
		{name: "page", kind: "integer", bounds: &[2]int{1, 0}},
		{name: "per_page", kind: "integer", bounds: &[2]int{0, 100}},
		text("search"), text("slug"),
		{name: "after", kind: "string", date: true}, {name: "before", kind: "string", date: true},
		text("date_column", "date", "date_gmt", "modified", "modified_gmt"),
		ids("exclude"), ids("include"), {name: "offset", kind: "integer"},
		text("order", "asc", "desc"),
		text("orderby", "date", "modified", "id", "include", "title", "slug", "price", "popularity", "rating", "menu_order", "comment_count"),
		ids("parent"), ids("parent_exclude"),
		text("type", "simple", "grouped", "external", "variable", "variation"), text("sku"),
		{name: "featured", kind: "boolean"},
		text("category"), text("category_operator", operators...), text("brand"), text("brand_operator", operators...),
		text("tag"), text("tag_operator", operators...), {name: "on_sale", kind: "boolean"}, text("min_price"), text("max_price"),
		{name: "stock_status", kind: "array", late: true,
			items: &param{kind: "string", enum: []string{"instock", "outofstock", "onbackorder"}}},
		{name: "attributes", kind: "array", late: true, items: &param{kind: "object", nested: []param{
			text("attribute"),
			{name: "term_id", kind: "array", items: &param{kind: "integer"}},
			{name: "slug", kind: "array", items: &param{kind: "string"}},
			text("operator", operators...),
		}}},
		text("attribute_relation", "in", "and"),
		text("catalog_visibility", "any", "visible", "catalog", "search", "hidden"), ids("rating"),
	}
}

func (c *Call) listProducts() (rest.Answer, *wire.Error) {
	found, err := c.FindProducts(c.Args)
	if err != nil {
		return rest.Answer{}, err
	}
	c.sortProducts(found)
	part, header := page(c, found, c.intArg("per_page", 10))
	if newest := newestProduct(c.State); newest > 0 {
		header.Set("Last-Modified", wp.Itoa(newest)) // a number, as WooCommerce sends it
	}
	return rest.Answer{Status: http.StatusOK, Header: header, Body: rest.ViewAll(part, c.productView)}, nil
}

// newestProduct is when a product was last changed, in seconds
// (ProductQuery::get_last_modified).
func newestProduct(st *site.State) int64 {
	newest := int64(0)
	for _, p := range st.Products {
		newest = max(newest, p.DateModified.Unix())
	}
	return newest
}

func (c *Call) getProduct() (rest.Answer, *wire.Error) {
	p := c.State.Products[c.IDs["id"]]
	if p == nil {
		return rest.Answer{}, wire.Fault(http.StatusNotFound, "woocommerce_rest_product_invalid_id", "Invalid product ID.")
	}
	return rest.OK(c.productView(p))
}

func (c *Call) getProductBySlug() (rest.Answer, *wire.Error) {
	want := strings.ToLower((&url.URL{Path: c.Words["slug"]}).EscapedPath())
	for _, variations := range []bool{false, true} {
		for _, p := range c.State.Products {
			if p.IsVariation() == variations && (p.Slug == want || p.Slug == c.Words["slug"]) && p.Slug != "" {
				return rest.OK(c.productView(p))
			}
		}
	}
	return rest.Answer{}, wire.Fault(http.StatusNotFound, "woocommerce_rest_product_invalid_slug", "Invalid product slug.")
}

// intArg reads a number, or what it is when the parameter was not sent.
func (c *Call) intArg(name string, otherwise int64) int64 {
	if v, ok := c.Args[name]; ok {
		return wp.Int(v)
	}
	return otherwise
}

// page cuts out a page and writes the paging headers; a size of 0 is all.
// Offset shifts the first page, as WP_Query does.
func page[T any](c *Call, list []T, size int64) ([]T, http.Header) {
	number, total := max(1, c.intArg("page", 1)), int64(len(list))
	pages := int64(1)
	if size > 0 {
		pages = (total + size - 1) / size
	}
	h := http.Header{}
	h.Set("X-WP-Total", wp.Itoa(total))
	h.Set("X-WP-TotalPages", wp.Itoa(pages))
	if links := c.pageLinks(number, pages); len(links) > 0 {
		h.Set("Link", strings.Join(links, ", "))
	}
	from := c.intArg("offset", (number-1)*size)
	if size == 0 {
		return list, h
	}
	from = min(max(from, 0), total)
	return list[from:min(from+size, total)], h
}

func (c *Call) pageLinks(number, pages int64) []string {
	var links []string
	if number > 1 {
		links = append(links, c.pageLink(min(number-1, pages), "prev"))
	}
	if pages > number {
		links = append(links, c.pageLink(number+1, "next"))
	}
	return links
}

// pageLink is Pagination::add_page_link with its mistake: the address is
// escaped for HTML before the page is put in, so that all parameters but the
// first land behind a "#".
func (c *Call) pageLink(number int64, rel string) string {
	pairs := c.sanitizedQuery()
	first, rest := "", ""
	if len(pairs) > 0 {
		first = pairs[0] + "&"
		if len(pairs) > 1 {
			rest = "#038;" + strings.Join(pairs[1:], "&#038;")
		}
	}
	if strings.HasPrefix(first, "page=") {
		first = ""
	}
	return "<" + c.addressOf(c.Path) + "?" + first + "page=" + wp.Itoa(number) + rest + `>; rel="` + rel + `"`
}

// sanitizedQuery are the query's parameters as WordPress writes them back:
// lists become indexed, true becomes 1 and false goes.
func (c *Call) sanitizedQuery() []string {
	var out []string
	seen := map[string]bool{}
	for _, pair := range strings.Split(c.Raw, "&") {
		key, _, _ := strings.Cut(pair, "=")
		name, _ := url.QueryUnescape(key)
		name, _, _ = strings.Cut(name, "[")
		if name == "" || seen[name] {
			continue
		}
		seen[name] = true
		out = append(out, queryPairs(url.QueryEscape(name), c.sanitized(name))...)
	}
	return out
}

// sanitized is a parameter after its sanitize_callback.
func (c *Call) sanitized(name string) any {
	v := c.Args[name]
	switch {
	case slices.Contains([]string{"include", "exclude", "parent", "parent_exclude", "rating", "category", "tag", "brand", "stock_status"}, name):
		return wp.List(v)
	case slices.Contains([]string{"featured", "on_sale", "hide_empty"}, name):
		return map[bool]any{true: "1", false: nil}[wp.Truthy(strings.ToLower(wp.Text(v)))]
	}
	return v
}

func queryPairs(name string, value any) []string {
	switch v := value.(type) {
	case nil:
		return nil
	case []any:
		var out []string
		for i, element := range v {
			out = append(out, queryPairs(name+"%5B"+strconv.Itoa(i)+"%5D", element)...)
		}
		return out
	case map[string]any:
		var out []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			out = append(out, queryPairs(name+"%5B"+url.QueryEscape(key)+"%5D", v[key])...)
		}
		return out
	}
	return []string{name + "=" + url.QueryEscape(wp.Text(value))}
}
