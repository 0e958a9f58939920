package wootest

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

func productRoutes() []route {
	return []route{
		{"GET", "products", (*call).listProducts},
		{"POST", "products", (*call).createProduct},
		{"GET", "products/{id}", (*call).getProduct},
		{"POST PUT PATCH", "products/{id}", (*call).updateProduct},
		{"DELETE", "products/{id}", (*call).deleteProduct},
		{"POST PUT PATCH", "products/batch", (*call).batchProducts},
		{"GET", "products/{product_id}/variations", (*call).listVariations},
		{"POST", "products/{product_id}/variations", (*call).createVariation},
		{"POST PUT PATCH", "products/{product_id}/variations/batch", (*call).batchVariations},
		{"GET", "products/{product_id}/variations/{id}", (*call).getVariation},
		{"POST PUT PATCH", "products/{product_id}/variations/{id}", (*call).updateVariation},
		{"DELETE", "products/{product_id}/variations/{id}", (*call).deleteVariation},
		{"GET", "variations", (*call).listAllVariations},
	}
}

func (c *call) view(p *shop.Product) wp.Object { return c.productView(p, false) }

func (c *call) listProducts() (answer, *wire.Error) {
	if err := c.checkCollection(productOrder); err != nil {
		return answer{}, err
	}
	if err := c.checkEnums(
		field{name: "status", enum: []string{"any", "future", "trash", "draft", "pending", "private", "publish"}},
		field{name: "type", enum: []string{"simple", "grouped", "external", "variable"}}, field{name: "stock_status", enum: stockStatuses},
	); err != nil {
		return answer{}, err
	}
	f := c.productFilter()
	var found []*shop.Product
	for _, p := range c.st.Products {
		if f.matches(c, p) {
			found = append(found, p)
		}
	}
	c.sortProducts(found)
	return listAnswer(c, found, "", c.view)
}

func (c *call) sortProducts(list []*shop.Product) {
	if c.query.Get("orderby") != "price" {
		sortBy(c, list, productKey)
		return
	}
	desc := c.query.Get("order") != "asc"
	price := func(p *shop.Product) decimal.Decimal {
		d, err := decimal.NewFromString(c.st.RESTPrice(p, c.store.Now()))
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

func (c *call) productFilter() productFilter {
	q := c.query
	return productFilter{
		window: c.dates(), status: q.Get("status"), kind: q.Get("type"), stock: q.Get("stock_status"),
		skus: listParam(q, "sku"), slugs: listParam(q, "slug"), include: idList(listParam(q, "include")),
		exclude: idList(listParam(q, "exclude")), categories: idList(listParam(q, "category")), tags: idList(listParam(q, "tag")),
		parents: idList(listParam(q, "parent")), search: strings.ToLower(q.Get("search")), onSale: q.Get("on_sale"),
		featured: q.Get("featured"), minPrice: q.Get("min_price"), maxPrice: q.Get("max_price"),
		virtual: q.Get("virtual"), downloadabl: q.Get("downloadable"),
	}
}

func (f productFilter) matches(c *call, p *shop.Product) bool {
	// variations are listed only when asked for by sku
	if p.IsVariation() && len(f.skus) == 0 {
		return false
	}
	return f.statusFits(p) && f.identity(p) && f.terms(c.st, p) && f.facts(c, p) &&
		f.holds(p.DateCreated.Time, p.DateModified.Time)
}

func (f productFilter) statusFits(p *shop.Product) bool {
	if f.status == "" || f.status == "any" {
		return p.Status != "trash"
	}
	return p.Status == f.status
}

func (f productFilter) identity(p *shop.Product) bool {
	return isOneOf(f.skus, p.SKU) && isOneOf(f.slugs, p.Slug) && isOneOf(f.include, p.ID) && isOneOf(f.parents, p.ParentID) &&
		!slices.Contains(f.exclude, p.ID) && (f.kind == "" || f.kind == p.Type) &&
		(f.search == "" || strings.Contains(strings.ToLower(p.Name+" "+p.Description+" "+p.ShortDescription), f.search))
}

// isOneOf is true for an empty filter.
func isOneOf[T comparable](filter []T, v T) bool {
	return len(filter) == 0 || slices.Contains(filter, v)
}

func (f productFilter) terms(st *site.State, p *shop.Product) bool {
	var tags []int64
	for _, t := range p.Tags {
		tags = append(tags, t.ID)
	}
	return (len(f.categories) == 0 || site.Intersect(st.CategoryIDs(p), f.categories)) && (len(f.tags) == 0 || site.Intersect(tags, f.tags))
}

func (f productFilter) facts(c *call, p *shop.Product) bool {
	now := c.store.Now()
	return (f.stock == "" || f.stock == c.st.StockStatus(p)) && flagFits(f.onSale, c.st.IsOnSale(p, now)) &&
		flagFits(f.featured, p.Featured) && flagFits(f.virtual, p.Virtual) && flagFits(f.downloadabl, p.Downloadable) &&
		c.st.PriceWithin(p, now, f.minPrice, f.maxPrice)
}

func flagFits(filter string, v bool) bool { return filter == "" || wp.Truthy(filter) == v }

func (c *call) getProduct() (answer, *wire.Error) {
	p, ok := c.st.Products[c.ids["id"]]
	if !ok {
		return answer{}, wire.InvalidID(http.StatusNotFound, "product")
	}
	return okAnswer(c.view(p))
}

func (c *call) createProduct() (answer, *wire.Error) {
	p, err := c.newProduct(c.body)
	if err != nil {
		return answer{}, err
	}
	return createdAnswer(c.productView(p, true), c.address("products/"+wp.Itoa(p.ID)))
}

// notVariation refuses to write a variation where products are written.
func (c *call) notVariation(id int64) *wire.Error {
	if p, ok := c.st.Products[id]; !ok || !p.IsVariation() {
		return nil
	}
	return wire.Fault(http.StatusNotFound, "woocommerce_rest_invalid_product_id",
		"To manipulate product variations you should use the /products/&lt;product_id&gt;/variations/&lt;id&gt; endpoint.")
}

func (c *call) updateProduct() (answer, *wire.Error) {
	if err := c.notVariation(c.ids["id"]); err != nil {
		return answer{}, err
	}
	p, err := c.writeProduct(c.ids["id"], c.body, true)
	if err != nil {
		return answer{}, err
	}
	return okAnswer(c.productView(p, true))
}

// deleteProduct trashes, or with force removes, and answers the product as it
// was. Only the trash makes product.deleted due.
func (c *call) deleteProduct() (answer, *wire.Error) {
	p, ok := c.st.Products[c.ids["id"]]
	if !ok {
		return answer{}, wire.InvalidID(http.StatusNotFound, "product")
	}
	if err := c.notVariation(p.ID); err != nil {
		return answer{}, err
	}
	before := c.productView(p, true)
	if wp.Truthy(c.query.Get("force")) || c.flag("force") {
		c.removeProduct(p)
		return okAnswer(before)
	}
	if p.Status == "trash" {
		return answer{}, wire.Fault(http.StatusGone, "woocommerce_rest_already_trashed", "The product has already been deleted.")
	}
	c.store.TrashProduct(c.st, p.ID)
	return okAnswer(before)
}

func (c *call) removeProduct(p *shop.Product) {
	delete(c.st.Products, p.ID)
	for id, v := range c.st.Products {
		if v.IsVariation() && v.ParentID == p.ID {
			delete(c.st.Products, id)
		}
	}
}

// batchProducts runs creates, updates and deletes one by one; a failure is
// reported in its place and stops nothing.
func (c *call) batchProducts() (answer, *wire.Error) {
	return c.batch(batchOps{
		create: func(body map[string]json.RawMessage) (wp.Object, *wire.Error) {
			p, err := c.newProduct(body)
			if err != nil {
				return nil, err
			}
			return c.productView(p, true), nil
		},
		update: func(id int64, body map[string]json.RawMessage) (wp.Object, *wire.Error) {
			if err := c.notVariation(id); err != nil {
				return nil, err
			}
			p, err := c.writeProduct(id, body, false)
			if err != nil {
				return nil, err
			}
			return c.productView(p, true), nil
		},
		remove: func(id int64) (wp.Object, *wire.Error) {
			p, ok := c.st.Products[id]
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
