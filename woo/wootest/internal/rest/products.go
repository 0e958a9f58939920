package rest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// productOrder are the values of orderby, repeated as WooCommerce repeats them.
var productOrder = []string{
	"date", "id", "include", "title", "slug", "modified", "popularity", "rating", "post__in", "price", "sales",
	"menu_order", "random", "popularity", "rating", "menu_order", "price", "popularity", "rating",
}

func productRoutes() []Route {
	return []Route{
		{"GET", "products", (*Call).listProducts},
		{"POST", "products", (*Call).createProduct},
		{"GET", "products/{id}", (*Call).getProduct},
		{"POST PUT PATCH", "products/{id}", (*Call).UpdateProduct},
		{"DELETE", "products/{id}", (*Call).deleteProduct},
		{"POST PUT PATCH", "products/batch", (*Call).batchProducts},
		{"GET", "products/{product_id}/variations", (*Call).listVariations},
		{"POST", "products/{product_id}/variations", (*Call).createVariation},
		{"POST PUT PATCH", "products/{product_id}/variations/batch", (*Call).batchVariations},
		{"GET", "products/{product_id}/variations/{id}", (*Call).getVariation},
		{"POST PUT PATCH", "products/{product_id}/variations/{id}", (*Call).UpdateVariation},
		{"DELETE", "products/{product_id}/variations/{id}", (*Call).deleteVariation},
		{"GET", "variations", (*Call).listAllVariations},
	}
}

func (c *Call) view(p *shop.Product) wp.Object { return c.ProductView(p, false) }

func (c *Call) listProducts() (Answer, *wire.Error) {
	if err := c.checkCollection(productOrder); err != nil {
		return Answer{}, err
	}
	if err := c.checkEnums(
		field{name: "status", enum: []string{"any", "future", "trash", "draft", "pending", "private", "publish"}},
		field{name: "type", enum: []string{"simple", "grouped", "external", "variable"}}, field{name: "stock_status", enum: stockStatuses},
	); err != nil {
		return Answer{}, err
	}
	f := c.productFilter()
	var found []*shop.Product
	for _, p := range c.State.Products {
		if f.matches(c, p) {
			found = append(found, p)
		}
	}
	c.sortProducts(found)
	return listAnswer(c, found, "", c.view)
}

func (c *Call) sortProducts(list []*shop.Product) {
	if c.Query.Get("orderby") != "price" {
		sortBy(c, list, productKey)
		return
	}
	desc := c.Query.Get("order") != "asc"
	price := func(p *shop.Product) decimal.Decimal {
		d, err := decimal.NewFromString(c.State.RESTPrice(p, c.Site.Now()))
		if err != nil {
			return decimal.Zero
		}
		return d
	}
	slices.SortStableFunc(list, func(a, b *shop.Product) int {
		n := price(a).Cmp(price(b))
		if n == 0 {
			n = int(a.ID - b.ID)
		}
		if desc {
			return -n
		}
		return n
	})
}

func productKey(p *shop.Product) sortKey {
	return sortKey{p.ID, p.DateCreated.Time, p.DateModified.Time, p.Name, p.Slug}
}

// productFilter holds the filters of GET /products.
type productFilter struct {
	window
	status, kind, stock  string
	skus, slugs          []string
	include, exclude     []int64
	categories           []int64
	search               string
	onSale, featured     string
	minPrice, maxPrice   string
	tags, parents        []int64
	virtual, downloadabl string
}

func (c *Call) productFilter() productFilter {
	q := c.Query
	return productFilter{
		window: c.dates(), status: q.Get("status"), kind: q.Get("type"), stock: q.Get("stock_status"),
		skus: listParam(q, "sku"), slugs: listParam(q, "slug"), include: idList(listParam(q, "include")),
		exclude: idList(listParam(q, "exclude")), categories: idList(listParam(q, "category")), tags: idList(listParam(q, "tag")),
		parents: idList(listParam(q, "parent")), search: strings.ToLower(q.Get("search")), onSale: q.Get("on_sale"),
		featured: q.Get("featured"), minPrice: q.Get("min_price"), maxPrice: q.Get("max_price"),
		virtual: q.Get("virtual"), downloadabl: q.Get("downloadable"),
	}
}

func (f productFilter) matches(c *Call, p *shop.Product) bool {
	// variations are listed only when asked for by sku
	if p.IsVariation() && len(f.skus) == 0 {
		return false
	}
	return f.statusFits(p) && f.identity(p) && f.terms(c.State, p) && f.facts(c, p) &&
		f.holds(p.DateCreated.Time, p.DateModified.Time)
}

func (f productFilter) statusFits(p *shop.Product) bool {
	if f.status == "" || f.status == "any" {
		return p.Status != "trash"
	}
	return p.Status == f.status
}

func (f productFilter) identity(p *shop.Product) bool {
	return IsOneOf(f.skus, p.SKU) && IsOneOf(f.slugs, p.Slug) && IsOneOf(f.include, p.ID) && IsOneOf(f.parents, p.ParentID) &&
		!slices.Contains(f.exclude, p.ID) && (f.kind == "" || f.kind == p.Type) &&
		(f.search == "" || strings.Contains(strings.ToLower(p.Name+" "+p.Description+" "+p.ShortDescription), f.search))
}

// IsOneOf is true for an empty filter.
func IsOneOf[T comparable](filter []T, v T) bool {
	return len(filter) == 0 || slices.Contains(filter, v)
}

func (f productFilter) terms(st *site.State, p *shop.Product) bool {
	var tags []int64
	for _, t := range p.Tags {
		tags = append(tags, t.ID)
	}
	return (len(f.categories) == 0 || site.Intersect(st.CategoryIDs(p), f.categories)) && (len(f.tags) == 0 || site.Intersect(tags, f.tags))
}

func (f productFilter) facts(c *Call, p *shop.Product) bool {
	now := c.Site.Now()
	return (f.stock == "" || f.stock == c.State.StockStatus(p)) && flagFits(f.onSale, c.State.IsOnSale(p, now)) &&
		flagFits(f.featured, p.Featured) && flagFits(f.virtual, p.Virtual) && flagFits(f.downloadabl, p.Downloadable) &&
		c.State.PriceWithin(p, now, f.minPrice, f.maxPrice)
}

func flagFits(filter string, v bool) bool { return filter == "" || wp.Truthy(filter) == v }

func (c *Call) getProduct() (Answer, *wire.Error) {
	p, ok := c.State.Products[c.IDs["id"]]
	if !ok {
		return Answer{}, wire.InvalidID(http.StatusNotFound, "product")
	}
	return OK(c.view(p))
}

func (c *Call) createProduct() (Answer, *wire.Error) {
	p, err := c.newProduct(c.Body)
	if err != nil {
		return Answer{}, err
	}
	return createdAnswer(c.ProductView(p, true), c.address("products/"+wp.Itoa(p.ID)))
}

// notVariation refuses to write a variation where products are written.
func (c *Call) notVariation(id int64) *wire.Error {
	if p, ok := c.State.Products[id]; !ok || !p.IsVariation() {
		return nil
	}
	return wire.Fault(http.StatusNotFound, "woocommerce_rest_invalid_product_id",
		"To manipulate product variations you should use the /products/&lt;product_id&gt;/variations/&lt;id&gt; endpoint.")
}

// UpdateProduct is PUT of a product; a variation is refused here.
func (c *Call) UpdateProduct() (Answer, *wire.Error) {
	if err := c.notVariation(c.IDs["id"]); err != nil {
		return Answer{}, err
	}
	p, err := c.writeProduct(c.IDs["id"], c.Body, true)
	if err != nil {
		return Answer{}, err
	}
	return OK(c.ProductView(p, true))
}

// deleteProduct trashes, or with force removes, and answers the product as it
// was. Only the trash makes product.deleted due.
func (c *Call) deleteProduct() (Answer, *wire.Error) {
	p, ok := c.State.Products[c.IDs["id"]]
	if !ok {
		return Answer{}, wire.InvalidID(http.StatusNotFound, "product")
	}
	if err := c.notVariation(p.ID); err != nil {
		return Answer{}, err
	}
	before := c.ProductView(p, true)
	if wp.Truthy(c.Query.Get("force")) || c.flag("force") {
		c.removeProduct(p)
		return OK(before)
	}
	if p.Status == "trash" {
		return Answer{}, wire.Fault(http.StatusGone, "woocommerce_rest_already_trashed", "The product has already been deleted.")
	}
	c.Site.TrashProduct(c.State, p.ID)
	return OK(before)
}

func (c *Call) removeProduct(p *shop.Product) {
	delete(c.State.Products, p.ID)
	for id, v := range c.State.Products {
		if v.IsVariation() && v.ParentID == p.ID {
			delete(c.State.Products, id)
		}
	}
}

// batchProducts runs creates, updates and deletes one by one; a failure is
// reported in its place and stops nothing.
func (c *Call) batchProducts() (Answer, *wire.Error) {
	return c.batch(batchOps{
		create: func(body map[string]json.RawMessage) (wp.Object, *wire.Error) {
			p, err := c.newProduct(body)
			if err != nil {
				return nil, err
			}
			return c.ProductView(p, true), nil
		},
		update: func(id int64, body map[string]json.RawMessage) (wp.Object, *wire.Error) {
			if err := c.notVariation(id); err != nil {
				return nil, err
			}
			p, err := c.writeProduct(id, body, false)
			if err != nil {
				return nil, err
			}
			return c.ProductView(p, true), nil
		},
		remove: func(id int64) (wp.Object, *wire.Error) {
			p, ok := c.State.Products[id]
			if !ok {
				return nil, wire.InvalidID(http.StatusNotFound, "product")
			}
			if err := c.notVariation(id); err != nil {
				return nil, err
			}
			before := c.view(p)
			c.removeProduct(p)
			return before, nil
		},
	})
}
