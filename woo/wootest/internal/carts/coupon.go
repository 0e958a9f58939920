package carts

import (
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/woo/wootest/internal/orders"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
)

// quoteCoupon is a coupon as package quote takes it; a code the store does not
// know has only its code.
func quoteCoupon(st *site.State, code string) quote.Coupon {
	c := st.CouponByCode(code)
	if c == nil {
		return quote.Coupon{Code: code}
	}
	out := quote.Coupon{
		ID: c.ID, Code: c.Code, Type: quote.CouponType(c.DiscountType), Amount: c.Amount, ProductIDs: c.ProductIDs,
		ExcludedProductIDs: c.ExcludedProductIDs, CategoryIDs: c.Categories, ExcludedCategoryIDs: c.ExcludedCategories,
		ExcludeSaleItems: c.ExcludeSaleItems, MinimumAmount: c.MinimumAmount, MaximumAmount: c.MaximumAmount,
		IndividualUse: c.IndividualUse, FreeShipping: c.FreeShipping, Status: c.Status, UsageCount: c.UsageCount, UsedBy: c.UsedBy,
		EmailRestrictions: c.EmailRestrictions,
	}
	for from, into := range map[*int64]*int64{
		c.LimitToItems: &out.LimitToItems, c.UsageLimit: &out.UsageLimit, c.UsageLimitPerUser: &out.UsageLimitPerUser,
	} {
		if from != nil {
			*into = *from
		}
	}
	if c.Expires != nil && !c.Expires.IsZero() {
		at := c.Expires.Time
		out.Expires = &at
	}
	return out
}

// freeShipping says whether a coupon of the cart grants free shipping and
// counts.
func (b *Basket) freeShipping() bool {
	return slices.ContainsFunc(b.Session.Coupons, func(code string) bool {
		c := b.State.CouponByCode(code)
		return c != nil && c.FreeShipping && b.CheckCoupon(code) == nil
	})
}

// HasCoupon says whether a coupon is applied, however its code is written.
func (b *Basket) HasCoupon(code string) bool {
	return slices.Contains(b.Session.Coupons, CouponCode(code))
}

// CouponCode is wc_format_coupon_code.
func CouponCode(code string) string { return strings.ToLower(strings.TrimSpace(code)) }

// ApplyCoupon is WC_Cart::apply_coupon: the error says why it cannot
// be used. A coupon for individual use removes the others.
func (b *Basket) ApplyCoupon(code string) error {
	code = CouponCode(code)
	quoted := "&quot;" + html.EscapeString(code) + "&quot;"
	if err := b.CheckCoupon(code); err != nil {
		return err
	}
	if b.HasCoupon(code) {
		return refuse("Coupon code " + quoted + " already applied!")
	}
	c := b.State.CouponByCode(code)
	for _, other := range b.Session.Coupons {
		if o := b.State.CouponByCode(other); o != nil && o.IndividualUse {
			return refuse("Sorry, coupon &quot;" + html.EscapeString(other) +
				"&quot; has already been applied and cannot be used in conjunction with other coupons.")
		}
	}
	if c.IndividualUse {
		b.Session.Coupons = nil
	}
	b.Session.Coupons = append(b.Session.Coupons, code)
	return b.Calculate()
}

// RemoveCoupon takes a coupon off; false means it was not applied.
func (b *Basket) RemoveCoupon(code string) (bool, error) {
	i := slices.Index(b.Session.Coupons, CouponCode(code))
	if i < 0 {
		return false, nil
	}
	b.Session.Coupons = slices.Delete(b.Session.Coupons, i, i+1)
	return true, b.Calculate()
}

// CheckCoupon is WC_Discounts::is_coupon_valid for the cart as it is: nil, or an
// error with WooCommerce's words.
func (b *Basket) CheckCoupon(code string) error {
	code = CouponCode(code)
	c := b.State.CouponByCode(code)
	if c == nil {
		return b.couponProblem(code, "Coupon %s cannot be applied because it does not exist.")
	}
	if b.Empty() {
		return b.checkEmpty(code, c)
	}
	in, err := b.quoteInput()
	if err != nil {
		return err
	}
	in.Coupons = []quote.Coupon{quoteCoupon(b.State, code)}
	view, err := quote.Cart(in)
	if err != nil {
		return fmt.Errorf("wootest: cart: %w", err)
	}
	if len(view.Decisions) == 0 || view.Decisions[0].Accepted {
		return nil
	}
	return b.couponProblem(code, b.couponText(c, view.Decisions[0].Reason))
}

// checkEmpty is CheckCoupon for a cart without items, to which WooCommerce
// applies any coupon that asks for none.
func (b *Basket) checkEmpty(code string, c *site.Coupon) error {
	switch {
	case c.UsageLimit != nil && *c.UsageLimit > 0 && c.UsageCount >= *c.UsageLimit && b.Session.UserID() == 0:
		return b.couponProblem(code, b.couponText(c, quote.CouponUsageStuckGuest))
	case c.UsageLimit != nil && *c.UsageLimit > 0 && c.UsageCount >= *c.UsageLimit:
		return b.couponProblem(code, b.couponText(c, quote.CouponUsageLimit))
	case c.Expired(b.now):
		return b.couponProblem(code, b.couponText(c, quote.CouponExpired))
	case c.MinimumAmount.IsPositive():
		return b.couponProblem(code, b.couponText(c, quote.CouponMinimum))
	}
	if text := b.discounts().CheckProducts(c); text != "" {
		return b.couponProblem(code, text)
	}
	return nil
}

func (b *Basket) couponProblem(code, text string) error {
	return refuse(strings.ReplaceAll(text, "%s", "&quot;"+html.EscapeString(code)+"&quot;"))
}

// couponText is WC_Coupon::get_coupon_error, with %s for the code.
func (b *Basket) couponText(c *site.Coupon, reason quote.CouponReason) string {
	sh := b.Site.Shop
	switch reason {
	case quote.CouponUsageLimit:
		return "Usage limit for coupon %s has been reached."
	case quote.CouponUsageStuck, quote.CouponUsageStuckGuest:
		return "Usage limit for coupon %s has been reached. Please try again after some time, or contact us for help."
	case quote.CouponExpired:
		return "Coupon %s has expired."
	case quote.CouponMinimum:
		return "The minimum spend for coupon %s is " + sh.PriceSpan(c.MinimumAmount, false) + "."
	case quote.CouponMaximum:
		return "The maximum spend for coupon %s is " + sh.PriceSpan(c.MaximumAmount, false) + "."
	case quote.CouponNotYours:
		return "Please enter a valid email at checkout to use coupon code %s."
	case quote.CouponNotExists:
		return "Coupon %s cannot be applied because it does not exist."
	}
	if text := b.discounts().CheckProducts(c); text != "" {
		return text
	}
	return "Coupon %s cannot be applied because it is not valid."
}

// discounts are the cart's products for the rules that orders share.
func (b *Basket) discounts() *orders.Discounts {
	d := &orders.Discounts{Totals: &orders.Totals{Shop: b.Site.Shop, State: b.State}, Now: b.now}
	for _, i := range b.Session.Items {
		d.Items = append(d.Items, &orders.DiscountItem{Product: i.Product(b.State), Quantity: i.Quantity})
	}
	return d
}
