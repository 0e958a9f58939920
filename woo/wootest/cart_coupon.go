package wootest

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
func (b *basket) freeShipping() bool {
	return slices.ContainsFunc(b.sess.Coupons, func(code string) bool {
		c := b.st.CouponByCode(code)
		return c != nil && c.FreeShipping && b.checkCoupon(code) == nil
	})
}

// hasCoupon says whether a coupon is applied, however its code is written.
func (b *basket) hasCoupon(code string) bool {
	return slices.Contains(b.sess.Coupons, couponCode(code))
}

// couponCode is wc_format_coupon_code.
func couponCode(code string) string { return strings.ToLower(strings.TrimSpace(code)) }

// applyCoupon is WC_Cart::apply_coupon: the error says why it cannot
// be used. A coupon for individual use removes the others.
func (b *basket) applyCoupon(code string) error {
	code = couponCode(code)
	quoted := "&quot;" + html.EscapeString(code) + "&quot;"
	if err := b.checkCoupon(code); err != nil {
		return err
	}
	if b.hasCoupon(code) {
		return refuse("Coupon code " + quoted + " already applied!")
	}
	c := b.st.CouponByCode(code)
	for _, other := range b.sess.Coupons {
		if o := b.st.CouponByCode(other); o != nil && o.IndividualUse {
			return refuse("Sorry, coupon &quot;" + html.EscapeString(other) +
				"&quot; has already been applied and cannot be used in conjunction with other coupons.")
		}
	}
	if c.IndividualUse {
		b.sess.Coupons = nil
	}
	b.sess.Coupons = append(b.sess.Coupons, code)
	return b.calculate()
}

// removeCoupon takes a coupon off; false means it was not applied.
func (b *basket) removeCoupon(code string) (bool, error) {
	i := slices.Index(b.sess.Coupons, couponCode(code))
	if i < 0 {
		return false, nil
	}
	b.sess.Coupons = slices.Delete(b.sess.Coupons, i, i+1)
	return true, b.calculate()
}

// checkCoupon is WC_Discounts::is_coupon_valid for the cart as it is: nil, or an
// error with WooCommerce's words.
func (b *basket) checkCoupon(code string) error {
	code = couponCode(code)
	c := b.st.CouponByCode(code)
	if c == nil {
		return b.couponProblem(code, "Coupon %s cannot be applied because it does not exist.")
	}
	if b.empty() {
		return b.checkEmpty(code, c)
	}
	in, err := b.quoteInput()
	if err != nil {
		return err
	}
	in.Coupons = []quote.Coupon{quoteCoupon(b.st, code)}
	view, err := quote.Cart(in)
	if err != nil {
		return fmt.Errorf("wootest: cart: %w", err)
	}
	if len(view.Decisions) == 0 || view.Decisions[0].Accepted {
		return nil
	}
	return b.couponProblem(code, b.couponText(c, view.Decisions[0].Reason))
}

// checkEmpty is checkCoupon for a cart without items, to which WooCommerce
// applies any coupon that asks for none.
func (b *basket) checkEmpty(code string, c *site.Coupon) error {
	switch {
	case c.UsageLimit != nil && *c.UsageLimit > 0 && c.UsageCount >= *c.UsageLimit && b.sess.UserID() == 0:
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

func (b *basket) couponProblem(code, text string) error {
	return refuse(strings.ReplaceAll(text, "%s", "&quot;"+html.EscapeString(code)+"&quot;"))
}

// couponText is WC_Coupon::get_coupon_error, with %s for the code.
func (b *basket) couponText(c *site.Coupon, reason quote.CouponReason) string {
	sh := b.store.Shop
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
func (b *basket) discounts() *orders.Discounts {
	d := &orders.Discounts{Totals: &orders.Totals{Shop: b.store.Shop, State: b.st}, Now: b.now}
	for _, i := range b.sess.Items {
		d.Items = append(d.Items, &orders.DiscountItem{Product: i.Product(b.st), Quantity: i.Quantity})
	}
	return d
}
