package rest

import (
	"cmp"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// ProductView is a product as GET /products/<id> writes it, a variation too.
// Edited is true in the answer to a write, whose texts are not run through the
// page filters.
func (c *Call) ProductView(p *shop.Product, edited bool) wp.Object {
	now, st := c.Site.Now(), c.State
	o := wp.Object{{"id", p.ID}, {"name", st.FullName(p)}, {"slug", p.Slug}, {"permalink", c.Permalink(p)}}
	o = append(o, c.productDates(p)...)
	o = append(o, wp.Object{
		{"type", p.Type}, {"status", p.Status}, {"featured", p.Featured}, {"catalog_visibility", cmp.Or(p.CatalogVisibility, "visible")},
		{"description", wp.PageText(p.Description, edited)}, {"short_description", wp.PageText(p.ShortDescription, edited)}, {"sku", p.SKU},
		{"price", st.RESTPrice(p, now)}, {"regular_price", p.RegularPrice}, {"sale_price", p.SalePrice},
	}...)
	o = append(o, c.saleDates(p)...)
	o = append(o, wp.Object{
		{"on_sale", st.IsOnSale(p, now)}, {"purchasable", st.Purchasable(p, now)}, {"total_sales", totalSales(p)},
		{"virtual", p.Virtual}, {"downloadable", p.Downloadable}, {"downloads", OrEmpty(p.Downloads)}, {"download_limit", p.DownloadLimit},
		{"download_expiry", p.DownloadExpiry}, {"external_url", p.ExternalURL}, {"button_text", p.ButtonText},
		{"tax_status", p.TaxStatus}, {"tax_class", p.TaxClass},
	}...)
	o = append(o, c.stockFields(p)...)
	o = append(o, c.productRest(p, edited)...)
	if edited {
		o = append(o, wp.Object{{"permalink_template", c.Base + "/product/%pagename%/"}, {"generated_slug", slugOf(p.Name)}}...)
	}
	o = append(o, c.companionStock(p)...)
	return o.With("_links", c.productLinks(p))
}

func (c *Call) productDates(p *shop.Product) wp.Object {
	sh := c.Site.Shop
	return wp.Object{
		{"date_created", sh.Local(p.DateCreated.Time)}, {"date_created_gmt", shop.GMT(p.DateCreated.Time)},
		{"date_modified", sh.Local(p.DateModified.Time)}, {"date_modified_gmt", shop.GMT(p.DateModified.Time)},
	}
}

func (c *Call) saleDates(p *shop.Product) wp.Object {
	sh, from, to := c.Site.Shop, shop.PointTime(p.OnSaleFrom), shop.PointTime(p.OnSaleTo)
	return wp.Object{
		{"date_on_sale_from", sh.Local(from)}, {"date_on_sale_from_gmt", shop.GMT(from)},
		{"date_on_sale_to", sh.Local(to)}, {"date_on_sale_to_gmt", shop.GMT(to)},
	}
}

// stockFields are the stock of a product as it counts: the parent's for a
// variation that inherits it.
func (c *Call) stockFields(p *shop.Product) wp.Object {
	st := c.State
	h := st.StockHolder(p)
	backorders := st.Backorders(p)
	onBackorder := h != nil && backorders != "no" && h.Quantity() <= 0
	return wp.Object{
		{"manage_stock", manageStock(p, h)}, {"stock_quantity", quantityOrNull(h)}, {"backorders", backorders},
		{"backorders_allowed", backorders != "no"}, {"backordered", onBackorder}, {"low_stock_amount", p.LowStockAmount},
	}
}

// manageStock is true, false, or "parent" for a variation that inherits.
func manageStock(p, holder *shop.Product) any {
	if holder != nil && holder != p {
		return "parent"
	}
	return bool(p.ManageStock)
}

func quantityOrNull(holder *shop.Product) any {
	if holder == nil {
		return nil
	}
	return holder.Quantity()
}

// totalSales is a number, but a string on a variation.
func totalSales(p *shop.Product) any {
	if p.IsVariation() {
		return wp.Itoa(p.TotalSales)
	}
	return p.TotalSales
}

func (c *Call) productRest(p *shop.Product, edited bool) wp.Object {
	st, now := c.State, c.Site.Now()
	return wp.Object{
		{"sold_individually", p.SoldIndividually}, {"weight", p.Weight}, {"dimensions", p.Dimensions},
		{"shipping_required", p.NeedsShipping()}, {"shipping_taxable", p.NeedsShipping() && p.TaxStatus != "none"},
		{"shipping_class", p.ShippingClass}, {"shipping_class_id", 0}, {"reviews_allowed", p.ReviewsAllowed && !p.IsVariation()},
		{"average_rating", averageText(p, edited)}, {"rating_count", p.RatingCount}, {"upsell_ids", OrEmpty(p.UpsellIDs)},
		{"cross_sell_ids", OrEmpty(p.CrossSellIDs)}, {"parent_id", p.ParentID}, {"purchase_note", p.PurchaseNote},
		{"categories", OrEmpty(p.Categories)}, {"brands", OrEmpty(p.Brands)}, {"tags", OrEmpty(p.Tags)}, {"images", c.images(p)},
		{"attributes", attributeViews(p)}, {"default_attributes", defaultViews(p)}, {"variations", st.VariationIDs(p)},
		{"grouped_products", OrEmpty(p.GroupedProducts)}, {"menu_order", p.MenuOrder}, {"price_html", c.Site.PriceHTML(st, p, now)},
		{"related_ids", OrEmpty(st.Related(p, 5))}, {"meta_data", metaViews(p.Meta)}, {"stock_status", st.StockStatus(p)},
		{"has_options", p.Type == "variable"}, {"post_password", ""}, {"global_unique_id", p.GlobalUniqueID},
	}
}

// averageText has two decimals, but in the answer to a write is as it is stored.
func averageText(p *shop.Product, edited bool) string {
	if stars, err := decimal.NewFromString(p.AverageRating); err == nil && !edited {
		return stars.StringFixed(2)
	}
	return cmp.Or(p.AverageRating, "0.00")
}

// OrEmpty makes sure an empty list is [] and not null.
func OrEmpty[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}

func (c *Call) productLinks(p *shop.Product) wp.Object {
	l := c.links("products/"+wp.Itoa(p.ID), "products", AllMethods())
	if p.IsVariation() {
		l = append(l, c.up("products/"+wp.Itoa(p.ParentID)))
	}
	return l
}

// Permalink is the product's page; one that is not public has only its id,
// and a variation's names its attributes.
func (c *Call) Permalink(p *shop.Product) string {
	if p.IsVariation() {
		parent := c.State.Products[p.ParentID]
		if parent == nil {
			return c.Base + "/?post_type=product&p=" + wp.Itoa(p.ID)
		}
		var query []string
		for _, a := range p.Attributes {
			query = append(query, "attribute_"+a.Slug+"="+c.Site.Shop.TermSlug(a))
		}
		return c.Permalink(parent) + "?" + strings.Join(query, "&")
	}
	if p.Status != "publish" && p.Status != "private" {
		return c.Base + "/?post_type=product&p=" + wp.Itoa(p.ID)
	}
	return c.Base + "/product/" + p.Slug + "/"
}

func (c *Call) images(p *shop.Product) []wp.Object {
	out := []wp.Object{}
	for _, i := range c.State.ImagesOf(p) {
		i.Src = c.Media(i.Src)
		o := imageView(i)
		out = append(out, append(o, wp.Object{
			{"srcset", i.Srcset(false)}, {"sizes", "(max-width: 1200px) 100vw, 1200px"}, {"thumbnail", i.Sized("300x300")},
		}...))
	}
	return out
}

// Media is the address of an upload in the request's own scheme.
func (c *Call) Media(src string) string {
	if rest, ok := strings.CutPrefix(src, c.Site.Shop.URL); ok {
		return c.Base + rest
	}
	return src
}

func imageView(i shop.Image) wp.Object {
	return wp.Object{
		{"id", i.ID}, {"date_created", i.DateCreated}, {"date_created_gmt", i.DateCreatedGMT}, {"date_modified", i.DateModified},
		{"date_modified_gmt", i.DateModifiedGMT}, {"src", i.Src}, {"name", i.Name}, {"alt", i.Alt},
	}
}

func attributeViews(p *shop.Product) []wp.Object {
	out := []wp.Object{}
	for _, a := range p.Attributes {
		o := wp.Object{{"id", a.ID}, {"name", a.Name}, {"slug", a.Slug}}
		if p.IsVariation() {
			if a.Option != "" {
				out = append(out, o.With("option", a.Option))
			}
			continue
		}
		out = append(out, append(o, wp.Object{
			{"position", a.Position}, {"visible", a.Visible}, {"variation", a.Variation}, {"options", OrEmpty(a.Options)},
		}...))
	}
	return out
}

func defaultViews(p *shop.Product) []wp.Object {
	out := []wp.Object{}
	for _, a := range p.DefaultAttributes {
		out = append(out, wp.Object{{"id", a.ID}, {"name", a.Name}, {"option", a.Option}})
	}
	return out
}

func metaViews(meta []shop.MetaData) []wp.Object {
	out := []wp.Object{}
	for _, m := range meta {
		out = append(out, wp.Object{{"id", m.ID}, {"key", m.Key}, {"value", m.Value}})
	}
	return out
}

// variationView is a variation as its own address writes it. In the answer to
// a write it shows what it inherits: the tax class is "parent" and there is no
// picture but its own.
func (c *Call) variationView(p *shop.Product, edited bool) wp.Object {
	st, now := c.State, c.Site.Now()
	o := wp.Object{{"id", p.ID}, {"type", "variation"}}
	o = append(o, c.productDates(p)...)
	o = append(o, wp.Object{
		{"description", p.Description}, {"permalink", c.Permalink(p)}, {"sku", p.SKU}, {"global_unique_id", p.GlobalUniqueID},
		{"price", st.RESTPrice(p, now)}, {"regular_price", p.RegularPrice}, {"sale_price", p.SalePrice},
	}...)
	o = append(o, c.saleDates(p)...)
	o = append(o, wp.Object{
		{"on_sale", st.IsOnSale(p, now)}, {"status", p.Status}, {"purchasable", st.Purchasable(p, now)}, {"virtual", p.Virtual},
		{"downloadable", p.Downloadable}, {"downloads", OrEmpty(p.Downloads)}, {"download_limit", p.DownloadLimit},
		{"download_expiry", p.DownloadExpiry}, {"tax_status", p.TaxStatus}, {"tax_class", c.variationClass(p, edited)},
	}...)
	stock := c.stockFields(p)
	o = append(o, stock[:2]...)
	o = o.With("stock_status", st.StockStatus(p))
	o = append(o, stock[2:]...)
	o = append(o, wp.Object{
		{"weight", p.Weight}, {"dimensions", p.Dimensions}, {"shipping_class", p.ShippingClass}, {"shipping_class_id", 0},
		{"image", c.variationImage(p, edited)}, {"attributes", attributeViews(p)}, {"menu_order", p.MenuOrder}, {"meta_data", metaViews(p.Meta)},
		{"name", p.OptionNames()}, {"parent_id", p.ParentID},
	}...)
	parent := "products/" + wp.Itoa(p.ParentID)
	o = append(o, c.companionStock(p)...)
	return o.With("_links", c.links(parent+"/variations/"+wp.Itoa(p.ID), parent+"/variations", AllMethods(), c.up(parent)))
}

func (c *Call) variationClass(p *shop.Product, edited bool) string {
	if parent := c.State.Products[p.ParentID]; edited && parent != nil && parent.TaxClass == p.TaxClass {
		return "parent"
	}
	return p.TaxClass
}

func (c *Call) variationImage(p *shop.Product, edited bool) any {
	images := c.State.ImagesOf(p)
	if len(images) == 0 || edited && p.Image == nil {
		return nil
	}
	picture := images[0]
	picture.Src = c.Media(picture.Src)
	return imageView(picture)
}
