package graphql

import (
	"encoding/json"
	"html"
	"maps"
	"net/url"
	"strings"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// productNode is a product or variation of the graph. What the public may not
// see (catalogVisibility, totalSales, metaData) is null.
func (g *request) productNode(p *shop.Product) *node {
	n := &node{kind: typeName(p), fields: g.commonFields(p)}
	maps.Copy(n.fields, g.priceFields(p))
	switch p.Type {
	case "grouped":
		maps.Copy(n.fields, g.groupFields(p))
	case "external":
		n.fields["externalUrl"], n.fields["buttonText"] = wp.Nullable(p.ExternalURL), wp.Nullable(p.ButtonText)
	default:
		maps.Copy(n.fields, g.stockNodeFields(p))
		maps.Copy(n.fields, g.sizeFields(p))
	}
	if p.IsVariation() {
		maps.Copy(n.fields, g.variationFields(p))
	} else {
		maps.Copy(n.fields, g.pageFields(p))
	}
	if p.Type == "variable" {
		n.fields["variations"] = resolver(func(args map[string]any) (any, error) { return g.variations(p, args), nil })
	}
	return n
}

func typeName(p *shop.Product) string {
	switch p.Type {
	case "variable":
		return "VariableProduct"
	case "external":
		return "ExternalProduct"
	case "grouped":
		return "GroupProduct"
	case "variation":
		return "SimpleProductVariation"
	}
	return "SimpleProduct"
}

func (g *request) commonFields(p *shop.Product) map[string]any {
	sh, now := g.site.Shop, g.site.Now()
	return map[string]any{
		"id": globalID("post", p.ID), "databaseId": p.ID, "name": g.state.FullName(p), "slug": p.Slug, "type": strings.ToUpper(p.Type),
		"sku": wp.Nullable(p.SKU), "status": p.Status, "onSale": g.state.IsOnSale(p, now), "purchasable": g.state.Purchasable(p, now),
		"date": offsetTime(sh, p.DateCreated.Time), "dateGmt": shop.GMT(p.DateCreated.Time), "modified": offsetTime(sh, p.DateModified.Time),
		"modifiedGmt": shop.GMT(p.DateModified.Time), "dateOnSaleFrom": offsetTime(sh, shop.PointTime(p.OnSaleFrom)),
		"dateOnSaleTo": offsetTime(sh, shop.PointTime(p.OnSaleTo)), "menuOrder": p.MenuOrder, "featured": p.Featured, "catalogVisibility": g.officeOnly(strings.ToUpper(p.CatalogVisibility)),
		"totalSales": g.officeOnly(p.TotalSales), "metaData": nil, "virtual": g.virtual(p), "purchaseNote": wp.Nullable(p.PurchaseNote),
		"image": g.firstImage(p), "description": textField(p.Description, nil), "contentTypeName": contentType(p),
		"downloadable": p.Downloadable, "downloadLimit": p.DownloadLimit, "downloadExpiry": p.DownloadExpiry, "downloads": downloadNodes(p),
		"reviewsAllowed": p.ReviewsAllowed && !p.IsVariation(), "averageRating": json.Number(ratingText(p.AverageRating)), "reviewCount": p.RatingCount,
	}
}

func contentType(p *shop.Product) string {
	if p.IsVariation() {
		return "product_variation"
	}
	return "product"
}

// virtual is known for simple products and variations only.
func (g *request) virtual(p *shop.Product) any {
	if p.Type == "simple" || p.IsVariation() {
		return p.Virtual
	}
	return nil
}

func ratingText(text string) string {
	d, err := decimal.NewFromString(text)
	if err != nil {
		return "0"
	}
	return d.String()
}

// offsetTime is the site's time with its offset.
func offsetTime(sh *shop.Shop, t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.In(sh.Zone).Format("2006-01-02T15:04:05-07:00")
}

func zoneName(sh *shop.Shop) string {
	return time.Unix(0, 0).In(sh.Zone).Format("-07:00")
}

// textField is a text with a format argument: RAW as stored, else as the page
// shows it. An empty text is null, or what empty says.
func textField(text string, empty any) resolver {
	return func(args map[string]any) (any, error) {
		raw := argText(args, "format") == "RAW"
		switch {
		case text == "" && raw:
			return nil, nil
		case text == "":
			return empty, nil
		}
		return wp.PageText(text, raw), nil
	}
}

func (g *request) pageFields(p *shop.Product) map[string]any {
	uri := "/product/" + decodedSlug(p.Slug) + "/"
	return map[string]any{
		"link": g.site.Shop.URL + uri, "uri": uri, "title": p.Name, "productId": p.ID, "shortDescription": textField(p.ShortDescription, ""),
		"galleryImages": g.gallery(p), "productCategories": g.categoryNodes(p), "productTags": g.tagNodes(p),
		"productBrands": nodesOnly(nil), "attributes": g.attributes(p, ""), "globalAttributes": g.attributes(p, "GLOBAL"),
		"localAttributes": g.attributes(p, "LOCAL"), "defaultAttributes": g.defaultAttributes(p),
		"upsell":    g.productList(p.UpsellIDs),
		"crossSell": g.productList(p.CrossSellIDs),
		"related": resolver(func(args map[string]any) (any, error) {
			return connection(g.entries(g.pick(g.state.Related(p, pageSize(args["first"])))), args), nil
		}),
	}
}

func decodedSlug(slug string) string {
	if plain, err := url.PathUnescape(slug); err == nil {
		return plain
	}
	return slug
}

func (g *request) pick(ids []int64) []*shop.Product {
	var out []*shop.Product
	for _, id := range ids {
		if p := g.state.Products[id]; p != nil && p.Status == "publish" {
			out = append(out, p)
		}
	}
	return out
}

func (g *request) productList(ids []int64) resolver {
	return func(args map[string]any) (any, error) { return connection(g.entries(g.pick(ids)), args), nil }
}

func (g *request) categoryNodes(p *shop.Product) *node {
	var nodes []*node
	for _, t := range p.Categories {
		for _, c := range g.site.Shop.Categories {
			if c.ID == t.ID {
				nodes = append(nodes, g.categoryNode(c))
			}
		}
	}
	return nodesOnly(nodes)
}

func (g *request) tagNodes(p *shop.Product) *node {
	var nodes []*node
	for _, t := range p.Tags {
		nodes = append(nodes, g.tagNode(t))
	}
	return nodesOnly(nodes)
}

func (g *request) groupFields(p *shop.Product) map[string]any {
	return map[string]any{
		"addToCartText":        "View products",
		"addToCartDescription": "View products in the &ldquo;" + html.EscapeString(p.Name) + "&rdquo; group",
		"products":             g.productList(p.GroupedProducts),
	}
}

// stockNodeFields: the quantity is null when it is zero and when nobody counts.
func (g *request) stockNodeFields(p *shop.Product) map[string]any {
	h := g.state.StockHolder(p)
	backorders := g.state.Backorders(p)
	var manage, quantity any
	switch {
	case h == p:
		manage = "TRUE"
	case h != nil:
		manage = "PARENT"
	}
	if h != nil && h.Quantity() != 0 {
		quantity = h.Quantity()
	}
	return map[string]any{
		"manageStock": manage, "stockQuantity": quantity, "stockStatus": stockEnum(g.state.StockStatus(p)),
		"backorders": strings.ToUpper(backorders), "backordersAllowed": backorders != "no", "lowStockAmount": intOrNull(p.LowStockAmount),
		"soldIndividually": unlessVariation(p, p.SoldIndividually),
	}
}

func stockEnum(status string) string {
	switch status {
	case "outofstock":
		return "OUT_OF_STOCK"
	case "onbackorder":
		return "ON_BACKORDER"
	}
	return "IN_STOCK"
}

func intOrNull(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

func unlessVariation(p *shop.Product, v any) any {
	if p.IsVariation() {
		return nil
	}
	return v
}

// sizeFields: variations answer nothing about shipping; the id of no shipping
// class was 0 on the recorded products with a picture and null on the others.
func (g *request) sizeFields(p *shop.Product) map[string]any {
	var class any
	if len(p.Images) > 0 {
		class = 0
	}
	return map[string]any{
		"weight": wp.Nullable(p.Weight), "length": wp.Nullable(p.Dimensions.Length), "width": wp.Nullable(p.Dimensions.Width),
		"height": wp.Nullable(p.Dimensions.Height), "shippingRequired": unlessVariation(p, p.NeedsShipping()),
		"shippingTaxable": unlessVariation(p, p.NeedsShipping() && p.TaxStatus != "none"), "shippingClassId": unlessVariation(p, class),
	}
}

func downloadNodes(p *shop.Product) any {
	if len(p.Downloads) == 0 {
		return nil
	}
	var nodes []*node
	for _, d := range p.Downloads {
		kind := "application/octet-stream"
		if strings.HasSuffix(d.File, ".pdf") {
			kind = "application/pdf"
		}
		nodes = append(nodes, &node{fields: map[string]any{"name": d.Name, "downloadId": d.ID, "file": d.File, "fileType": kind}})
	}
	return nodes
}

func (g *request) variationFields(p *shop.Product) map[string]any {
	return map[string]any{
		"attributes": g.variationAttributes(p), "hasAttributes": len(p.Attributes) > 0, "productVariationId": p.ID,
		"shortDescription": resolver(func(map[string]any) (any, error) { return nil, nil }), "shippingClass": wp.Nullable(p.ShippingClass),
		"parent": resolver(func(map[string]any) (any, error) {
			parent := g.state.Products[p.ParentID]
			if parent == nil || parent.Status != "publish" {
				return nil, nil
			}
			return &node{fields: map[string]any{"node": g.productNode(parent), "cursor": cursorOf(parent.ID)}}, nil
		}),
	}
}

// variations are ordered by name like every list of products.
func (g *request) variations(p *shop.Product, args map[string]any) *node {
	list := g.pick(g.state.VariationIDs(p))
	g.sort(list, nil)
	return connection(g.entries(list), args)
}
