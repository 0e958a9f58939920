package quote

import (
	"fmt"
	"math"
)

// Limits of a coupon.
const (
	maxCode = 200    // bytes of its code
	maxList = 10_000 // entries of each of its lists
)

func (c *calc) checkCoupons() error {
	if len(c.in.Coupons) > MaxCoupons {
		return invalid("coupons", fmt.Sprintf("must not be more than %d", MaxCoupons))
	}
	for i := range c.in.Coupons {
		if field, reason := c.checkCoupon(&c.in.Coupons[i]); reason != "" {
			return invalid(fmt.Sprintf("coupons[%d].%s", i, field), reason)
		}
		if t := c.in.Coupons[i].Type; c.in.Coupons[i].ID != 0 && t != PercentCoupon && t != FixedCartCoupon && t != FixedProductCoupon {
			return &UnsupportedError{Feature: "coupons of a plugin's own type"}
		}
	}
	return nil
}

func (c *calc) checkCoupon(cp *Coupon) (field, reason string) {
	switch {
	case cp.Code == "" || len(cp.Code) > maxCode:
		return "code", fmt.Sprintf("must have from 1 to %d bytes", maxCode)
	case cp.LimitToItems < 0:
		return "limit_usage_to_x_items", "must not be negative"
	case cp.LimitToItems > math.MaxInt32:
		return "limit_usage_to_x_items", "is too large"
	case max(len(cp.ProductIDs), len(cp.ExcludedProductIDs)) > maxList:
		return "product_ids", fmt.Sprintf("must not be more than %d", maxList)
	case max(len(cp.CategoryIDs), len(cp.ExcludedCategoryIDs)) > maxList:
		return "product_categories", fmt.Sprintf("must not be more than %d", maxList)
	}
	if s, ok := scale(cp.Amount); !ok || s.coefficient < 0 || s.places > 8 {
		return "amount", "must be a number of zero or more with at most eight decimals"
	}
	if a, ok := c.parse(cp.Amount); !ok || a > maxGross {
		return "amount", "is larger than anything it could be taken off"
	}
	if a, ok := c.parse(cp.MinimumAmount); !ok || a < 0 {
		return "minimum_amount", "must be an amount of zero or more"
	}
	if a, ok := c.parse(cp.MaximumAmount); !ok || a < 0 {
		return "maximum_amount", "must be an amount of zero or more"
	}
	return "", ""
}

// readCoupons prepares all coupons that were entered.
func (c *calc) readCoupons() []*coupon {
	coupons := make([]*coupon, len(c.in.Coupons))
	for i := range coupons {
		coupons[i] = c.read(&c.in.Coupons[i])
	}
	return coupons
}

// read prepares a coupon for the calculation.
func (c *calc) read(cp *Coupon) *coupon {
	out := &coupon{Coupon: cp}
	out.fixed, _ = c.parse(cp.Amount)
	out.percent = readDouble(cp.Amount)
	out.look(c.items)
	return out
}
