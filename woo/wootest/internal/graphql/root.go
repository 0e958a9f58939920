package graphql

import (
	"encoding/base64"
	"html"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/orders"
	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// queryRoot are the root fields this store offers.
func (g *request) queryRoot() *node {
	sh := g.site.Shop
	fields := map[string]any{
		"product":                resolver(g.product),
		"products":               resolver(func(args map[string]any) (any, error) { return g.products(args, false) }),
		"productsWithVariations": resolver(func(args map[string]any) (any, error) { return g.products(args, true) }),
		"productVariation":       resolver(g.productVariation),
		"productCategories":      resolver(g.productCategories),
		"productCategory":        resolver(g.productCategory),
		"productTags":            resolver(g.productTags),
		"paymentGateways":        resolver(g.paymentGateways),
		"allowedCountries":       sh.Lists["woocommerce_specific_allowed_countries"],
		"countries":              sh.Countries,
		"countryStates":          resolver(g.countryStates),
		"generalSettings":        g.generalSettings(),
		"collectionStats":        resolver(g.collectionStats),
		"cart":                   resolver(g.cart),
		"customer":               resolver(g.customer),
		"viewer":                 resolver(g.viewer),
	}
	for name, kind := range map[string]string{
		"simpleProduct": "simple", "variableProduct": "variable", "externalProduct": "external", "groupProduct": "grouped",
	} {
		fields[name] = resolver(func(args map[string]any) (any, error) { return g.productOfKind(args, kind) })
	}
	maps.Copy(fields, g.orderRoots())
	maps.Copy(fields, g.officeRoots())
	return &node{fields: fields}
}

// globalID is WPGraphQL's opaque id.
func globalID(kind string, id int64) string {
	return base64.StdEncoding.EncodeToString([]byte(kind + ":" + wp.Itoa(id)))
}

// fromGlobalID reads the number in a global id, 0 when there is none.
func fromGlobalID(text string) int64 {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return 0
	}
	_, number, ok := wp.CutLast(string(raw), ":")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || !ok {
		return 0
	}
	return n
}

func argText(args map[string]any, name string) string {
	switch v := args[name].(type) {
	case string:
		return v
	case int64:
		return wp.Itoa(v)
	case interface{ String() string }: // json.Number
		return v.String()
	}
	return ""
}

// product is RootQuery.product: an unknown product is an error, one the public
// may not see is null without an error.
func (g *request) product(args map[string]any) (any, error) {
	p, err := g.lookUp(args)
	if err != nil || p == nil || p.IsVariation() {
		return nil, err
	}
	return g.publicNode(p), nil
}

func (g *request) productOfKind(args map[string]any, kind string) (any, error) {
	p, err := g.lookUp(args)
	if err != nil {
		return nil, err
	}
	if p.Type != kind {
		return nil, wire.UserError("This product of ID " + wp.Itoa(p.ID) + " is not a " + kind + " product")
	}
	return g.publicNode(p), nil
}

// publicNode is nil for everything but published products; the back office
// sees those that are not in the trash.
func (g *request) publicNode(p *shop.Product) *node {
	if p.Status != "publish" && (p.Status == "trash" || !g.who.User.IsStaff()) {
		return nil
	}
	return g.productNode(p)
}

func (g *request) lookUp(args map[string]any) (*shop.Product, error) {
	id := argText(args, "id")
	kind := argText(args, "idType")
	switch kind {
	case "SLUG":
		if p := g.bySlug(id); p != nil && (p.Status == "publish" || g.who.User.IsStaff()) {
			return p, nil
		}
		return nil, wire.UserError("No product ID was found corresponding to the slug: " + id)
	case "SKU":
		if p := g.state.Products[orders.BySKU(g.state, id)]; p != nil {
			return p, nil
		}
		return nil, wire.UserError("No product ID was found corresponding to the sku: " + id)
	case "DATABASE_ID":
		n, err := strconv.ParseInt(id, 10, 64)
		if p := g.state.Products[n]; err == nil && p != nil {
			return p, nil
		}
		if err != nil || n == 0 {
			return nil, wire.UserError("No product ID was found corresponding to the database_id: " + id)
		}
		return nil, wire.UserError("No product exists with the database_id: " + id)
	}
	if p := g.state.Products[fromGlobalID(id)]; p != nil {
		return p, nil
	}
	return nil, wire.UserError("The ID input is invalid. Make sure you set the proper idType for your input.")
}

// bySlug takes a slug as stored, percent-encoded in small letters, or as a
// person writes it.
func (g *request) bySlug(slug string) *shop.Product {
	encoded := strings.ToLower(url.PathEscape(slug))
	for _, p := range g.state.Products {
		if !p.IsVariation() && (p.Slug == slug || p.Slug == encoded) {
			return p
		}
	}
	return nil
}

func (g *request) productVariation(args map[string]any) (any, error) {
	id := argText(args, "id")
	n := fromGlobalID(id)
	if argText(args, "idType") == "DATABASE_ID" {
		n, _ = strconv.ParseInt(id, 10, 64) // 0 is nobody's id
	}
	p := g.state.Products[n]
	if n == 0 {
		return nil, wire.UserError("No product variation ID was found corresponding to the database_id: " + id)
	}
	if p == nil || !p.IsVariation() {
		return nil, wire.UserError("No product variation exists with the database_id: " + id)
	}
	return g.publicNode(p), nil
}

func (g *request) paymentGateways(map[string]any) (any, error) {
	var nodes []*node
	for _, w := range g.site.Shop.Gateways {
		if w.Enabled {
			nodes = append(nodes, &node{fields: map[string]any{
				"id": w.ID, "title": w.Title, "description": w.Description, "icon": nil,
			}})
		}
	}
	return &node{fields: map[string]any{"nodes": nodes}}, nil
}

func (g *request) countryStates(args map[string]any) (any, error) {
	nodes := []*node{}
	for _, country := range g.site.Shop.States {
		code, _ := country.Get("code")
		if wp.RawText(code) != argText(args, "country") {
			continue
		}
		list, _ := country.Get("states")
		for _, s := range rawList(list) {
			nodes = append(nodes, &node{fields: map[string]any{"code": s.code, "name": html.UnescapeString(s.name)}})
		}
	}
	return nodes, nil
}

func (g *request) generalSettings() *node {
	sh := g.site.Shop
	return &node{fields: map[string]any{
		"id": globalID("settings", 0), "title": sh.Title, "url": sh.URL, "homeUrl": sh.URL, "description": "", "language": "en_US",
		"timezone": zoneName(sh), "dateFormat": "F j, Y", "timeFormat": "g:i a", "startOfWeek": 1,
	}}
}

func (g *request) productCategories(args map[string]any) (any, error) {
	cats := slices.Clone(g.site.Shop.Categories)
	slices.SortFunc(cats, func(a, b shop.Category) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	if where, ok := args["where"].(map[string]any); ok {
		if err := onlyFilters("productCategories", where, "slug", "parent", "search", "hideEmpty"); err != nil {
			return nil, err
		}
		cats = slices.DeleteFunc(cats, func(c shop.Category) bool { return !g.categoryFits(c, where) })
	}
	var entries []entry
	for _, c := range cats {
		entries = append(entries, entry{c.ID, g.categoryNode(c)})
	}
	return connection(entries, args), nil
}

func (g *request) categoryFits(c shop.Category, where map[string]any) bool {
	slugs := textList(where["slug"])
	search := strings.ToLower(argText(where, "search"))
	if n, ok := where["parent"]; ok && toInt(n) != c.Parent {
		return false
	}
	if where["hideEmpty"] == true && g.state.CountIn(c.ID) == 0 {
		return false
	}
	return rest.IsOneOf(slugs, c.Slug) && strings.Contains(strings.ToLower(c.Name), search)
}

func (g *request) productCategory(args map[string]any) (any, error) {
	id, kind := argText(args, "id"), argText(args, "idType")
	for _, c := range g.site.Shop.Categories {
		match := globalID("term", c.ID) == id
		switch kind {
		case "SLUG":
			match = c.Slug == id
		case "DATABASE_ID":
			match = wp.Itoa(c.ID) == id
		case "NAME":
			match = html.UnescapeString(c.Name) == id
		}
		if match {
			return g.categoryNode(c), nil
		}
	}
	return nil, nil
}

// categoryNode: parentDatabaseId is null, not 0, at the top.
func (g *request) categoryNode(c shop.Category) *node {
	var parent any
	if c.Parent != 0 {
		parent = c.Parent
	}
	uri := "/product-category/" + categoryPath(g.site.Shop, c) + "/"
	return &node{kind: "ProductCategory", fields: map[string]any{
		"id": globalID("term", c.ID), "databaseId": c.ID, "productCategoryId": c.ID, "name": html.UnescapeString(c.Name), "slug": c.Slug,
		"count": g.state.CountIn(c.ID), "parentDatabaseId": parent, "uri": uri, "link": g.site.Shop.URL + uri, "image": nil,
		"description": wp.Nullable(c.Description), "display": "DEFAULT", "menuOrder": c.MenuOrder, "taxonomyName": "product_cat",
		"children": resolver(func(args map[string]any) (any, error) {
			var entries []entry
			for _, sub := range g.site.Shop.Categories {
				if sub.Parent == c.ID {
					entries = append(entries, entry{sub.ID, g.categoryNode(sub)})
				}
			}
			return connection(entries, args), nil
		}),
		"products": resolver(func(args map[string]any) (any, error) {
			where, _ := args["where"].(map[string]any)
			narrowed := map[string]any{}
			for k, v := range where {
				narrowed[k] = v
			}
			narrowed["categoryId"] = c.ID
			return g.products(map[string]any{
				"where": narrowed, "first": args["first"], "last": args["last"], "after": args["after"], "before": args["before"],
			}, false)
		}),
	}}
}

func categoryPath(sh *shop.Shop, c shop.Category) string {
	for _, p := range sh.Categories {
		if p.ID == c.Parent && c.Parent != c.ID {
			return categoryPath(sh, p) + "/" + c.Slug
		}
	}
	return c.Slug
}

func (g *request) productTags(args map[string]any) (any, error) {
	var entries []entry
	for _, t := range g.site.Shop.Tags {
		entries = append(entries, entry{t.ID, g.tagNode(t)})
	}
	return connection(entries, args), nil
}

func (g *request) tagNode(t shop.Term) *node {
	uri := "/product-tag/" + t.Slug + "/"
	return &node{kind: "ProductTag", fields: map[string]any{
		"id": globalID("term", t.ID), "databaseId": t.ID, "name": html.UnescapeString(t.Name), "slug": t.Slug,
		"count": g.state.CountTagged(t.ID), "uri": uri, "link": g.site.Shop.URL + uri, "description": nil,
	}}
}
