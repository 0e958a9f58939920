package storeapi

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// itemView is one line of the cart (WooCommerce's StoreApi CartItemSchema).
func (c *Call) itemView(i site.CartItem) wp.Object {
	p := i.Product(c.State)
	return wp.Object{
		{"key", i.Key}, {"id", p.ID}, {"type", p.Type}, {"quantity", i.Quantity},
		{"quantity_limits", wp.Object{
			{"minimum", 1}, {"maximum", c.quantityLimit(p)}, {"multiple_of", 1}, {"editable", !soldOneByOne(c.State, p)},
		}},
		{"name", texturize(title(c.State, p))}, {"short_description", text(p.ShortDescription)}, {"description", text(p.Description)},
		{"sku", texturize(p.SKU)}, {"low_stock_remaining", c.lowStock(p)}, {"backorders_allowed", c.State.Backorders(p) != "no"},
		{"show_backorder_badge", c.backorderBadge(p, i.Quantity)}, {"sold_individually", soldOneByOne(c.State, p)}, {"permalink", c.Permalink(p)},
		{"images", c.imageViews(p)}, {"variation", c.choiceViews(i.Variation)}, {"item_data", []wp.Object{}}, {"prices", c.itemPrices(p)},
		{"totals", c.itemTotals(i)}, {"catalog_visibility", c.itemVisibility(p)}, {"extensions", wp.Object{}},
	}
}

// itemVisibility is a variation's parent's.
func (c *Call) itemVisibility(p *shop.Product) string {
	if parent := c.State.Products[p.ParentID]; p.IsVariation() && parent != nil {
		p = parent
	}
	if p.CatalogVisibility == "" {
		return "visible"
	}
	return p.CatalogVisibility
}

// backorderBadge says that some of the pieces are not in stock and that the
// shop tells so.
func (c *Call) backorderBadge(p *shop.Product, quantity int64) bool {
	h := c.State.StockHolder(p)
	if h == nil {
		return false
	}
	return c.State.Backorders(p) == "notify" && h.Quantity() < quantity
}

// choiceViews are a line's attributes, sorted by name as CartController sorts
// them.
func (c *Call) choiceViews(choices []site.CartChoice) []wp.Object {
	out := []wp.Object{}
	for _, x := range choices {
		name, value := strings.TrimPrefix(x.Name, "attribute_"), x.Value
		var label string
		if t := c.Site.Shop.TaxonomyBySlug(name); t != nil {
			label = t.Name
			if found, ok := t.TermOf(x.Value); ok {
				value = found.Name
			}
		} else {
			label = c.localLabel(name)
		}
		out = append(out, wp.Object{{"raw_attribute", x.Name}, {"attribute", texturize(label)}, {"value", texturize(value)}})
	}
	return out
}

// localLabel is how a local attribute is written on the product that has it.
func (c *Call) localLabel(name string) string {
	for _, p := range c.State.Products {
		for _, a := range p.Attributes {
			if a.ID == 0 && shop.AttributeKey(a) == name {
				return a.Name
			}
		}
	}
	return name
}

// itemPrices are a product's prices as the cart shows them, and the same with
// six places more than the currency has.
func (c *Call) itemPrices(p *shop.Product) wp.Object {
	v := c.pricesFor(c.Site.Shop.Values["woocommerce_tax_display_cart"])
	regular, sale := c.basePrices(p)
	price := firstPrice(c.State.ActivePrices(p, c.Site.Now()))
	raw := func(d decimal.Decimal) string { return rawMinor(v.of(p, d)) }
	return c.priceView(p, v).With("raw_prices", wp.Object{
		{"precision", wp.RoundingPrecision}, {"price", raw(price)}, {"regular_price", raw(orPrice(regular, price))}, {"sale_price", raw(orPrice(sale, price))},
	})
}

func (c *Call) itemTotals(i site.CartItem) wp.Object {
	sh := c.Site.Shop
	o := wp.Object{
		{"line_subtotal", minor(sh, i.Line.Subtotal)}, {"line_subtotal_tax", minor(sh, i.Line.SubtotalTax)},
		{"line_total", minor(sh, i.Line.Total)}, {"line_total_tax", minor(sh, i.Line.TotalTax)},
	}
	return append(o, currencyMembers(sh)...)
}

// cartWeight is in grams, whatever the shop weighs in.
func (c *Call) cartWeight() json.Number {
	factor := map[string]decimal.Decimal{
		"kg": decimal.NewFromInt(1000), "g": decimal.NewFromInt(1), "lbs": decimal.New(453592, -3), "oz": decimal.New(283495, -4),
	}[c.Site.Shop.Values["woocommerce_weight_unit"]]
	sum := decimal.Zero
	for _, i := range c.cart.Session.Items {
		if w, err := decimal.NewFromString(weight(c.State, i.Product(c.State))); err == nil {
			sum = sum.Add(w.Mul(decimal.NewFromInt(i.Quantity)))
		}
	}
	return wp.JSONNumber(sum.Mul(factor))
}

// weight is a variation's own, or its parent's.
func weight(st *site.State, p *shop.Product) string {
	if parent := st.Products[p.ParentID]; p.Weight == "" && p.IsVariation() && parent != nil {
		return parent.Weight
	}
	return p.Weight
}

// crossSells are the visible products the cart's products name and the cart
// does not hold (WC_Cart::get_cross_sells).
func (c *Call) crossSells() []wp.Object {
	var ids, held []int64
	for _, i := range c.cart.Session.Items {
		held = append(held, i.ProductID)
	}
	for _, i := range c.cart.Session.Items {
		parent := c.State.Products[i.ProductID]
		if parent == nil {
			continue
		}
		for _, id := range parent.CrossSellIDs {
			if !slices.Contains(held, id) && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	out := []wp.Object{}
	for _, id := range ids {
		if p := c.State.Products[id]; p != nil && p.Visible() {
			out = append(out, c.productView(p))
		}
	}
	return out
}

// cartPackages is the one package a cart makes, with the rates that are
// offered for it.
func (c *Call) cartPackages() []wp.Object {
	if !c.cart.NeedsShipping() {
		return []wp.Object{}
	}
	to := c.cart.Session.Customer.WithDefaults(c.Site.Shop).Shipping
	var items []wp.Object
	var names []string
	for _, i := range c.cart.PackageItems() {
		name := c.State.FullName(i.Product(c.State))
		items = append(items, wp.Object{{"key", i.Key}, {"name", name}, {"quantity", i.Quantity}})
		names = append(names, fmt.Sprintf("%s &times; %d", name, i.Quantity))
	}
	return []wp.Object{{
		{"package_id", 0}, {"name", "Shipment 1"},
		{"destination", wp.Object{
			{"address_1", texturize(to.Address1)}, {"address_2", texturize(to.Address2)}, {"city", texturize(to.City)}, {"state", to.State},
			{"postcode", to.Postcode}, {"country", to.Country},
		}},
		{"items", items}, {"shipping_rates", c.rateViews(strings.Join(names, ", "))},
	}}
}

func (c *Call) rateViews(contents string) []wp.Object {
	out, sh := []wp.Object{}, c.Site.Shop
	offer, err := c.cart.Offer()
	if err != nil { // the totals, calculated before, would have said so
		return out
	}
	for _, r := range offer {
		o := wp.Object{
			{"rate_id", r.ID}, {"name", texturize(r.Label)}, {"description", ""}, {"delivery_time", ""}, {"price", minor(sh, r.Cost)},
			{"taxes", minor(sh, shop.SumShares(r.Taxes))}, {"instance_id", r.InstanceID}, {"method_id", r.MethodID},
			{"meta_data", []wp.Object{{{"key", "Items"}, {"value", contents}}}}, {"selected", c.cart.ChosenID() == r.ID},
		}
		out = append(out, append(o, currencyMembers(sh)...))
	}
	return out
}

// stockFinding is one kind of trouble with the cart's items, in the order
// WooCommerce reports the kinds.
type stockFinding struct {
	code, one, many string
	names           []string
}

// cartErrors is CartController::get_cart_errors: what would refuse the
// checkout. Coupons are looked at when the items are all right; one that does
// not count any more is taken off.
func (c *Call) cartErrors() []wp.Object {
	out := []wp.Object{}
	for _, f := range c.stockFindings() {
		out = append(out, wp.Object{{"code", f.code}, {"message", texturize(f.message())}})
	}
	if len(out) > 0 {
		return out
	}
	for _, text := range c.dropCoupons() {
		out = append(out, wp.Object{{"code", couponError}, {"message", texturize(text)}})
	}
	return out
}

// couponError is the code of every refusal of a coupon.
const couponError = "woocommerce_rest_cart_coupon_error"

// dropCoupons takes off the coupons that do not count any more and says why
// (CartController::validate_cart_coupon).
func (c *Call) dropCoupons() []string {
	var out []string
	for _, code := range slices.Clone(c.cart.Session.Coupons) {
		err := c.cart.CheckCoupon(code)
		if err == nil {
			continue
		}
		if _, failed := c.cart.RemoveCoupon(code); failed != nil {
			continue // the next calculation says what is wrong
		}
		out = append(out, `The "`+code+`" coupon has been removed from your cart: `+stripTags(err.Error()))
	}
	return out
}

// stripTags is wp_strip_all_tags.
func stripTags(text string) string {
	var b strings.Builder
	for {
		plain, rest, tagged := strings.Cut(text, "<")
		b.WriteString(plain)
		if !tagged {
			return b.String()
		}
		_, text, _ = strings.Cut(rest, ">")
	}
}

func (f stockFinding) message() string {
	quoted := make([]string, len(f.names))
	for i, n := range f.names {
		quoted[i] = `"` + n + `"`
	}
	if len(f.names) == 1 {
		return fmt.Sprintf(f.one, quoted[0])
	}
	return fmt.Sprintf(f.many, strings.Join(quoted[:len(quoted)-1], ", ")+" and "+quoted[len(quoted)-1])
}

// stockFindings looks at every item (CartController::validate_cart_items).
func (c *Call) stockFindings() []stockFinding {
	found := []stockFinding{
		{code: "woocommerce_rest_product_out_of_stock", one: "%s is out of stock and cannot be purchased. Please remove it from your cart.",
			many: "%s are out of stock and cannot be purchased. Please remove them from your cart."},
		{code: "woocommerce_rest_product_not_purchasable", one: "%s cannot be purchased. Please remove it from your cart.",
			many: "%s cannot be purchased. Please remove them from your cart."},
		{code: "woocommerce_rest_product_too_many_in_cart",
			one:  "There are too many %s in the cart. Only 1 can be purchased. Please reduce the quantity in your cart.",
			many: "There are too many %s in the cart. Only 1 of each can be purchased. Please reduce the quantities in your cart."},
		{code: "woocommerce_rest_product_partially_out_of_stock",
			one:  "There is not enough %s in stock. Please reduce the quantity in your cart.",
			many: "There are not enough %s in stock. Please reduce the quantities in your cart."},
	}
	for _, i := range c.cart.Session.Items {
		p := i.Product(c.State)
		if n := c.findingOf(p, i.Quantity); n >= 0 {
			found[n].names = append(found[n].names, c.State.FullName(p))
		}
	}
	return slices.DeleteFunc(found, func(f stockFinding) bool { return len(f.names) == 0 })
}

func (c *Call) findingOf(p *shop.Product, quantity int64) int {
	switch {
	case !c.cart.Purchasable(p):
		return 1
	case soldOneByOne(c.State, p) && quantity > 1:
		return 2
	case !c.cart.InStock(p):
		return 0
	case !c.cart.Enough(p, c.cart.Held(p)):
		return 3
	}
	return -1
}
