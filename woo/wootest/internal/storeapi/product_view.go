package storeapi

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// productView is a product as the Store API shows it to anybody (WooCommerce's
// StoreApi ProductSchema). One that is not published is shown too, to who
// knows its id; it cannot be bought.
func (c *Call) productView(p *shop.Product) wp.Object {
	now, st := c.Site.Now(), c.State
	o := wp.Object{
		{"id", p.ID}, {"name", texturize(title(st, p))}, {"slug", p.Slug}, {"parent", p.ParentID}, {"type", p.Type},
		{"variation", c.variationText(p)}, {"permalink", c.Permalink(p)}, {"sku", texturize(p.SKU)},
		{"short_description", text(p.ShortDescription)}, {"description", text(p.Description)},
		{"on_sale", st.IsOnSale(p, now)}, {"prices", c.priceView(p, c.shopPrices())}, {"price_html", c.priceHTML(p)},
		{"average_rating", starsText(p)}, {"review_count", p.RatingCount}, {"images", c.imageViews(p)},
	}
	o = append(o, c.productTerms(p)...)
	o = append(o, wp.Object{
		{"attributes", c.attributeViews(p)}, {"variations", c.variationViews(p)}, {"grouped_products", groupedIDs(st, p)},
		{"has_options", p.Type == "variable"}, {"is_purchasable", shopperMayBuy(st, p, now)}, {"is_in_stock", st.StockStatus(p) != "outofstock"},
		{"is_on_backorder", st.StockStatus(p) == "onbackorder"}, {"low_stock_remaining", c.lowStock(p)},
		{"stock_availability", c.availability(p)}, {"sold_individually", soldOneByOne(st, p)},
	}...)
	return append(o, wp.Object{{"add_to_cart", c.addToCart(p)}, {"extensions", wp.Object{}}}...)
}

// title is WC_Product::get_title: a variation's is its parent's.
func title(st *site.State, p *shop.Product) string {
	if parent := st.Products[p.ParentID]; p.IsVariation() && parent != nil {
		return parent.Name
	}
	return p.Name
}

// text is a description: paragraphs, no line feed at the end.
func text(text string) string {
	if text == "" {
		return ""
	}
	return texturize(wp.PageText(text, false))
}

// starsText is "0" until somebody has rated the product.
func starsText(p *shop.Product) string {
	if d, err := decimal.NewFromString(p.AverageRating); err != nil || d.IsZero() {
		return "0"
	}
	return p.AverageRating
}

// variationText names a variation's attributes: "Size: M, Color: Red".
func (c *Call) variationText(p *shop.Product) string {
	if !p.IsVariation() {
		return ""
	}
	var parts []string
	for _, a := range p.Attributes {
		if a.Option != "" {
			parts = append(parts, a.Name+": "+a.Option)
		}
	}
	return texturize(strings.Join(parts, ", "))
}

// shopPrices are the prices of the shop's pages. Where the request has a cart
// they are those at the shopper's address, else at the shop's own.
func (c *Call) shopPrices() priced {
	return c.pricesFor(c.Site.Shop.Values["woocommerce_tax_display_shop"])
}

// pricesFor are prices as one of WooCommerce's display settings wants them.
func (c *Call) pricesFor(display string) priced {
	v := priced{shop: c.Site.Shop, at: c.Site.Shop.BaseAddress(), inclusive: display == "incl"}
	if c.cart != nil {
		v.at = c.cart.taxedAt()
	}
	return v
}

// priceView are a product's prices in minor units. No price at all is "0",
// as a price of zero is; a sale price that was never set is the price.
func (c *Call) priceView(p *shop.Product, v priced) wp.Object {
	sh := c.Site.Shop
	regular, sale := c.basePrices(p)
	price := firstPrice(c.State.ActivePrices(p, c.Site.Now()))
	shown := func(d decimal.Decimal) string { return minor(sh, v.of(p, d)) }
	o := wp.Object{
		{"price", shown(price)}, {"regular_price", shown(orPrice(regular, price))}, {"sale_price", shown(orPrice(sale, price))},
		{"price_range", c.priceRange(p, v)},
	}
	return append(o, currencyMembers(sh)...)
}

// basePrices are the regular and the sale price as stored. Of a variable
// product they are the lowest ones of its variations, where one that is not on
// sale counts with its regular price as its sale price.
func (c *Call) basePrices(p *shop.Product) (regular, sale string) {
	if p.Type != "variable" {
		return p.RegularPrice, p.SalePrice
	}
	low := func(of func(*shop.Product) string) string {
		if list := c.State.Prices(p, of); len(list) > 0 {
			return list[0].String()
		}
		return ""
	}
	return low(func(v *shop.Product) string { return v.RegularPrice }), low(func(v *shop.Product) string { return v.PriceAt(c.Site.Now()) })
}

func firstPrice(list []decimal.Decimal) decimal.Decimal {
	if len(list) == 0 {
		return decimal.Zero
	}
	return list[0]
}

func orPrice(text string, otherwise decimal.Decimal) decimal.Decimal {
	d, err := decimal.NewFromString(text)
	if err != nil {
		return otherwise
	}
	return d
}

// priceRange is the lowest and highest price of what a product may be bought
// as. A group has one even when they are equal.
func (c *Call) priceRange(p *shop.Product, v priced) any {
	if p.Type != "variable" && p.Type != "grouped" {
		return nil
	}
	var shown []decimal.Decimal
	for _, child := range c.State.Children(p) {
		if price, err := decimal.NewFromString(child.PriceAt(c.Site.Now())); err == nil && child.Status == "publish" {
			shown = append(shown, v.of(child, price))
		}
	}
	if len(shown) == 0 {
		return nil
	}
	low, high := slices.MinFunc(shown, decimal.Decimal.Compare), slices.MaxFunc(shown, decimal.Decimal.Compare)
	if p.Type == "variable" && low.Equal(high) {
		return nil
	}
	return wp.Object{{"min_amount", minor(c.Site.Shop, low)}, {"max_amount", minor(c.Site.Shop, high)}}
}

// priceHTML is the price as markup, without the tag that kses strips.
func (c *Call) priceHTML(p *shop.Product) string {
	sh, v := c.Site.Shop, c.shopPrices()
	list := c.State.ActivePrices(p, c.Site.Now())
	if len(list) == 0 {
		return ""
	}
	low, high := v.of(p, list[0]), v.of(p, list[len(list)-1])
	html := sh.PriceSpan(low, false)
	if regular, err := decimal.NewFromString(p.RegularPrice); err == nil && p.OnSaleAt(c.Site.Now()) {
		html = c.Site.SaleHTML(v.of(p, regular), low)
	}
	if !low.Equal(high) {
		html = sh.PriceSpan(low, true) + ` <span aria-hidden="true">&ndash;</span> ` + sh.PriceSpan(high, true) +
			`<span class="screen-reader-text">Price range: ` + sh.Encoded(low) + ` through ` + sh.Encoded(high) + `</span>`
	}
	return strings.NewReplacer("<bdi>", "", "</bdi>", "").Replace(html)
}

func (c *Call) imageViews(p *shop.Product) []wp.Object {
	out := []wp.Object{}
	for _, i := range c.State.ImagesOf(p) {
		out = append(out, c.imageView(i))
	}
	return out
}

func (c *Call) imageView(i shop.Image) wp.Object {
	i.Src = c.Media(i.Src)
	return wp.Object{
		{"id", i.ID}, {"src", i.Src}, {"thumbnail", i.Sized("300x300")}, {"srcset", i.Srcset(false)},
		{"sizes", "(max-width: 1200px) 100vw, 1200px"}, {"name", i.Name}, {"alt", i.Alt},
	}
}

// defaultCategory is where WooCommerce puts a product without a category; it
// is not shown.
const defaultCategory = "uncategorized"

// productTerms are the categories, tags and brands, by name. A variation has
// none.
func (c *Call) productTerms(p *shop.Product) wp.Object {
	link := func(root string) func(shop.Term) string {
		return func(t shop.Term) string { return c.Base + "/" + root + "/" + t.Slug + "/" }
	}
	cats := slices.DeleteFunc(slices.Clone(p.Categories), func(t shop.Term) bool { return t.Slug == defaultCategory })
	if p.IsVariation() {
		cats = nil
	}
	return wp.Object{
		{"categories", termViews(cats, func(t shop.Term) string { return c.categoryLink(t.ID) })},
		{"tags", termViews(p.Tags, link("product-tag"))}, {"brands", termViews(p.Brands, link("brand"))},
	}
}

func termViews(list []shop.Term, link func(shop.Term) string) []wp.Object {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, byTermName)
	out := []wp.Object{}
	for _, t := range sorted {
		out = append(out, wp.Object{{"id", t.ID}, {"name", t.Name}, {"slug", t.Slug}, {"link", link(t)}})
	}
	return out
}

func byTermName(a, b shop.Term) int {
	return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ID, b.ID))
}

// categoryLink is a category's page, below those of the categories above it.
func (c *Call) categoryLink(id int64) string {
	path := ""
	for range c.Site.Shop.Categories {
		i := slices.IndexFunc(c.Site.Shop.Categories, func(x shop.Category) bool { return x.ID == id })
		if i < 0 {
			break
		}
		path, id = c.Site.Shop.Categories[i].Slug+"/"+path, c.Site.Shop.Categories[i].Parent
	}
	return c.Base + "/product-category/" + path
}

// attributeViews are the attributes a page shows or a choice needs. Terms are
// sorted by name; which one is preselected is said only where one is.
func (c *Call) attributeViews(p *shop.Product) []wp.Object {
	out := []wp.Object{}
	for _, a := range p.Attributes {
		if p.IsVariation() || !a.Visible && !a.Variation {
			continue
		}
		t := c.Site.Shop.TaxonomyOf(a.ID)
		var taxonomyName any
		if t != nil {
			taxonomyName = t.Slug
		}
		out = append(out, wp.Object{
			{"id", a.ID}, {"name", a.Name}, {"taxonomy", taxonomyName}, {"has_variations", a.Variation}, {"terms", c.attributeTerms(p, a, t)},
		})
	}
	return out
}

func (c *Call) attributeTerms(p *shop.Product, a shop.Attribute, t *shop.Taxonomy) []wp.Object {
	chosen, preset := "", false
	for _, d := range p.DefaultAttributes {
		if shop.AttributeKey(d) == shop.AttributeKey(a) || d.ID != 0 && d.ID == a.ID {
			chosen, preset = d.Option, true
		}
	}
	var terms []shop.Term
	for _, option := range a.Options {
		x := shop.Term{Name: option, Slug: option}
		if t != nil {
			x, _ = t.TermOf(option)
		}
		terms = append(terms, x)
	}
	if t != nil {
		slices.SortStableFunc(terms, byTermName)
	}
	out := []wp.Object{}
	for _, x := range terms {
		o := wp.Object{{"id", x.ID}, {"name", x.Name}, {"slug", x.Slug}}
		if preset {
			o = o.With("default", chosen == x.Slug || chosen == x.Name)
		}
		out = append(out, o)
	}
	return out
}

// variationViews are a variable product's published variations; null stands
// for any value.
func (c *Call) variationViews(p *shop.Product) []wp.Object {
	out := []wp.Object{}
	if p.Type != "variable" {
		return out
	}
	for _, v := range c.State.Children(p) {
		if v.Status != "publish" {
			continue
		}
		attributes := []wp.Object{}
		for _, a := range c.State.Chosen(v) {
			attributes = append(attributes, wp.Object{{"name", a.Name}, {"value", wp.Nullable(c.Site.Shop.TermSlug(a))}})
		}
		out = append(out, wp.Object{{"id", v.ID}, {"attributes", attributes}})
	}
	return out
}

func groupedIDs(st *site.State, p *shop.Product) []int64 {
	out := []int64{}
	if p.Type == "grouped" {
		for _, child := range st.Children(p) {
			if child.Status == "publish" {
				out = append(out, child.ID)
			}
		}
	}
	return out
}

// addToCart is the button of a product's page.
func (c *Call) addToCart(p *shop.Product) wp.Object {
	o := append(c.buttonTexts(p), wp.Member{"single_text", "Add to cart"})
	if p.Type == "external" {
		o[3].Value = cmp.Or(p.ButtonText, "Buy product")
	}
	return append(o, wp.Object{{"minimum", 1}, {"maximum", c.quantityLimit(p)}, {"multiple_of", 1}}...)
}

func (c *Call) buttonTexts(p *shop.Product) wp.Object {
	name, st := c.State.FullName(p), c.State
	buyable := shopperMayBuy(st, p, c.Site.Now())
	button := func(text, description, address string) wp.Object {
		return wp.Object{{"text", text}, {"description", texturize(description)}, {"url", strings.ReplaceAll(address, "&", "&#038;")}}
	}
	switch {
	case p.Type == "grouped":
		return button("View products", "View products in the &ldquo;"+name+"&rdquo; group", c.Permalink(p))
	case p.Type == "external" && p.ButtonText != "":
		return button(p.ButtonText, p.ButtonText, p.ExternalURL)
	case p.Type == "external":
		return button("Buy product", "Buy &ldquo;"+name+"&rdquo;", p.ExternalURL)
	case p.Type == "variable" && buyable:
		return button("Select options", "Select options for &ldquo;"+name+"&rdquo;", c.Permalink(p))
	case !buyable || st.StockStatus(p) == "outofstock":
		return button("Read more", "Read more about &ldquo;"+name+"&rdquo;", c.Permalink(p))
	case p.IsVariation():
		return button("Add to cart", "Add to cart: &ldquo;"+name+"&rdquo;",
			c.Permalink(p)+"&variation_id="+wp.Itoa(p.ID)+"&add-to-cart="+wp.Itoa(p.ParentID))
	}
	return button("Add to cart", "Add to cart: &ldquo;"+name+"&rdquo;", c.here("add-to-cart="+wp.Itoa(p.ID)))
}

// here is the request's own address with one parameter more, which is where
// WooCommerce's button leads.
func (c *Call) here(extra string) string {
	pairs := append([]string{}, strings.Split(c.Raw, "&")...)
	out := []string{}
	for _, pair := range pairs {
		key, value, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(value); err == nil && key != "" {
			out = append(out, key+"="+url.QueryEscape(plain))
		}
	}
	return c.req.Path + "?" + strings.Join(append(out, extra), "&")
}
