package orders

import (
	"html"
	"net/http"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/shopspring/decimal"
)

// CheckCoupon is WC_Discounts::is_coupon_valid for an order: the first rule
// that fails gives the message.
func (d *Discounts) CheckCoupon(code string, c *site.Coupon) *wire.Error {
	quoted := "&quot;" + html.EscapeString(code) + "&quot;"
	refuse := func(text string) *wire.Error {
		return wire.Fault(http.StatusBadRequest, "woocommerce_rest_invalid_coupon", strings.ReplaceAll(text, "%s", quoted))
	}
	if c == nil {
		return refuse("Coupon %s cannot be applied because it does not exist.")
	}
	if c.UsageLimit != nil && *c.UsageLimit > 0 && c.UsageCount >= *c.UsageLimit {
		return refuse("Usage limit for coupon %s has been reached.")
	}
	if c.Expired(d.Now) {
		return refuse("Coupon %s has expired.")
	}
	if text := d.checkSpend(c); text != "" {
		return refuse(text)
	}
	if text := d.CheckProducts(c); text != "" {
		return refuse(text)
	}
	if !d.emailAllowed(c) {
		return refuse("Please enter a valid email at checkout to use coupon code %s.")
	}
	return nil
}

// checkSpend compares with the subtotal as WooCommerce computes it for an
// order: lines before discount, plus the order's whole tax in a shop that
// enters prices with tax.
func (d *Discounts) checkSpend(c *site.Coupon) string {
	t := d.Totals
	sum := decimal.Zero
	for _, l := range t.order.Lines {
		sum = sum.Add(l.Subtotal)
	}
	if t.order.PricesIncludeTax {
		sum = sum.Add(t.order.TotalTax)
	}
	if c.MinimumAmount.IsPositive() && c.MinimumAmount.GreaterThan(sum) {
		return "The minimum spend for coupon %s is " + t.Shop.PriceSpan(c.MinimumAmount, false) + "."
	}
	if c.MaximumAmount.IsPositive() && c.MaximumAmount.LessThan(sum) {
		return "The maximum spend for coupon %s is " + t.Shop.PriceSpan(c.MaximumAmount, false) + "."
	}
	return ""
}

const notApplicable = "Sorry, coupon %s is not applicable to selected products."

// CheckProducts is the part of a coupon's rules that looks at products and categories:
// WooCommerce's message, or "".
func (d *Discounts) CheckProducts(c *site.Coupon) string {
	st := d.Totals.State
	if len(c.ProductIDs) > 0 && !d.any(func(p *shop.Product) bool { return site.Intersect([]int64{p.ID, p.ParentID}, c.ProductIDs) }) {
		return notApplicable
	}
	inCategory := func(p *shop.Product) bool {
		return site.Intersect(st.CategoryIDs(p), c.Categories) && (!c.ExcludeSaleItems || !p.OnSaleAt(d.Now))
	}
	if len(c.Categories) > 0 && !d.any(inCategory) {
		return notApplicable
	}
	if c.PerItem() {
		if len(d.Items) > 0 && !slices.ContainsFunc(d.Items, func(i *DiscountItem) bool { return c.Fits(st, i.Product, d.Now) }) {
			return notApplicable
		}
		return ""
	}
	return d.checkExcluded(c)
}

// checkExcluded holds for fixed cart coupons: one excluded thing in the order
// refuses the whole coupon.
func (d *Discounts) checkExcluded(c *site.Coupon) string {
	st := d.Totals.State
	switch {
	case c.ExcludeSaleItems && d.any(func(p *shop.Product) bool { return p.OnSaleAt(d.Now) }):
		return "Sorry, coupon %s is not valid for sale items."
	case d.any(func(p *shop.Product) bool { return site.Intersect([]int64{p.ID, p.ParentID}, c.ExcludedProductIDs) }):
		return "Sorry, coupon %s is not applicable to the products: " + d.names(func(p *shop.Product) bool {
			return site.Intersect([]int64{p.ID, p.ParentID}, c.ExcludedProductIDs)
		}) + "."
	case d.any(func(p *shop.Product) bool { return site.Intersect(st.CategoryIDs(p), c.ExcludedCategories) }):
		return "Sorry, coupon %s is not applicable to the categories: " + d.categories(c) + "."
	}
	return ""
}

func (d *Discounts) any(ok func(*shop.Product) bool) bool {
	return slices.ContainsFunc(d.Items, func(i *DiscountItem) bool { return i.Product != nil && ok(i.Product) })
}

func (d *Discounts) names(ok func(*shop.Product) bool) string {
	var out []string
	for _, i := range d.Items {
		if i.Product != nil && ok(i.Product) {
			out = append(out, d.Totals.State.FullName(i.Product))
		}
	}
	return strings.Join(out, ", ")
}

func (d *Discounts) categories(c *site.Coupon) string {
	var out []string
	for _, cat := range d.Totals.Shop.Categories {
		has := func(p *shop.Product) bool { return slices.Contains(d.Totals.State.CategoryIDs(p), cat.ID) }
		if slices.Contains(c.ExcludedCategories, cat.ID) && d.any(has) {
			out = append(out, cat.Name)
		}
	}
	return strings.Join(out, ", ")
}

// emailAllowed matches the billing address with the coupon's list; a "*"
// stands for anything.
func (d *Discounts) emailAllowed(c *site.Coupon) bool {
	if len(c.EmailRestrictions) == 0 {
		return true
	}
	mail := strings.ToLower(d.Totals.order.Billing.Email)
	return slices.ContainsFunc(c.EmailRestrictions, func(rule string) bool {
		rule = strings.ToLower(strings.TrimSpace(rule))
		before, after, wild := strings.Cut(rule, "*")
		if !wild {
			return mail != "" && mail == rule
		}
		return len(mail) >= len(before)+len(after) && strings.HasPrefix(mail, before) && strings.HasSuffix(mail, after)
	})
}
