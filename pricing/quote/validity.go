package quote

import (
	"slices"
	"strconv"
	"strings"
)

// spending is what a coupon's conditions are compared with.
type spending struct {
	subtotal amount
	// byEmail: a guest's earlier uses are counted by the billing address, as orders do.
	byEmail bool
}

// decide tells whether a coupon is valid in the cart as it is.
func (k *cart) decide(cp *coupon) CouponReason {
	return k.valid(cp, spending{subtotal: k.displayedSubtotal()})
}

// valid goes through WooCommerce's conditions in its order (WC_Discounts::is_coupon_valid); the first that fails is
// the reason.
func (c *calc) valid(cp *coupon, s spending) CouponReason {
	for _, condition := range [...]func(*coupon, spending) CouponReason{
		c.usable, c.spent, c.covered, c.personal,
	} {
		if r := condition(cp, s); r != CouponAccepted {
			return r
		}
	}
	return CouponAccepted
}

// usable: the coupon exists, has uses left and has not expired.
func (c *calc) usable(cp *coupon, _ spending) CouponReason {
	switch {
	case cp.ID == 0 || (cp.Status != "" && cp.Status != "publish"):
		return CouponNotExists
	case cp.UsageLimit > 0 && cp.UsageCount >= cp.UsageLimit:
		return c.usedUp()
	case cp.UsageLimitPerUser > 0 && c.in.Customer.ID != 0 && cp.usesBy(strconv.FormatInt(c.in.Customer.ID, 10)) >= cp.UsageLimitPerUser:
		return CouponUsageLimit
	case cp.Expires != nil && c.in.At.Unix() > cp.Expires.Unix():
		return CouponExpired
	}
	return CouponAccepted
}

// usedUp: a guest might be the one who holds the last use in an unfinished checkout, and is told so.
func (c *calc) usedUp() CouponReason {
	if c.in.Customer.ID == 0 {
		return CouponUsageStuckGuest
	}
	return CouponUsageLimit
}

func (cp *coupon) usesBy(who string) int64 {
	uses := int64(0)
	for _, by := range cp.UsedBy {
		if strings.EqualFold(by, who) {
			uses++
		}
	}
	return uses
}

// spent compares the displayed subtotal with the coupon's minimum and maximum.
func (c *calc) spent(cp *coupon, s spending) CouponReason {
	low, _ := c.parse(cp.MinimumAmount)
	high, _ := c.parse(cp.MaximumAmount)
	switch {
	case low > 0 && low > s.subtotal:
		return CouponMinimum
	case high > 0 && high < s.subtotal:
		return CouponMaximum
	}
	return CouponAccepted
}

// covered: there is something in the cart that the coupon is for, and nothing that it excludes.
func (c *calc) covered(cp *coupon, _ spending) CouponReason {
	switch {
	case len(cp.ProductIDs) > 0 && !cp.any(func(l listed) bool { return l.product }):
		return CouponNotApplicable
	case len(cp.CategoryIDs) > 0 && !cp.any(func(l listed) bool { return l.category && !(cp.ExcludeSaleItems && l.onSale) }):
		return CouponNotApplicable
	case cp.Type != FixedCartCoupon && !cp.any(cp.covers):
		return CouponNotApplicable
	case cp.Type != FixedCartCoupon:
		return CouponAccepted
	case cp.ExcludeSaleItems && cp.any(func(l listed) bool { return l.onSale }):
		return CouponSaleItems
	case cp.any(func(l listed) bool { return l.excludedProduct }):
		return CouponExcludedProducts
	case cp.any(func(l listed) bool { return l.excludedCategory }):
		return CouponExcludedCategories
	}
	return CouponAccepted
}

// personal: the coupon may be used by this person, and this person has uses left.
func (c *calc) personal(cp *coupon, s spending) CouponReason {
	who := c.in.Customer
	if len(cp.EmailRestrictions) > 0 && !cp.isFor(who.Email) && !cp.isFor(who.BillingEmail) {
		return CouponNotYours
	}
	if s.byEmail && who.ID == 0 && who.BillingEmail != "" && cp.UsageLimitPerUser > 0 && cp.usesBy(who.BillingEmail) >= cp.UsageLimitPerUser {
		return CouponUsageLimit
	}
	return CouponAccepted
}

// isFor matches an address with the coupon's; a * stands for any text, and capitals do not matter.
func (cp *coupon) isFor(email string) bool {
	if email == "" {
		return false
	}
	return slices.ContainsFunc(cp.EmailRestrictions, func(pattern string) bool {
		return matchStars(strings.ToLower(strings.TrimSpace(pattern)), strings.ToLower(strings.TrimSpace(email)))
	})
}

// matchStars matches text with a pattern in which * stands for any text.
func matchStars(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == text
	}
	first, last := parts[0], parts[len(parts)-1]
	if len(text) < len(first)+len(last) || !strings.HasPrefix(text, first) || !strings.HasSuffix(text, last) {
		return false
	}
	text = text[len(first) : len(text)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text = text[i+len(part):]
	}
	return true
}
