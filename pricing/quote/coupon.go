package quote

import (
	"time"

	"github.com/shopspring/decimal"
)

// CouponType is how a coupon discounts.
type CouponType string

// WooCommerce's own coupon types.
const (
	PercentCoupon      CouponType = "percent"
	FixedCartCoupon    CouponType = "fixed_cart"
	FixedProductCoupon CouponType = "fixed_product"
)

// Coupon is a coupon as the store holds it (REST: /coupons).
type Coupon struct {
	// ID orders coupons: of two that are otherwise equal the newer one is computed first. 0 means the store has no such coupon.
	ID int64 `json:"id"`
	// Code in lower case, as WooCommerce keeps it.
	Code string     `json:"code"`
	Type CouponType `json:"type"`
	// Amount is a percentage or an amount in the store's currency.
	Amount decimal.Decimal `json:"amount"`
	// LimitToItems is limit_usage_to_x_items; 0 means no limit.
	LimitToItems        int64   `json:"limit_usage_to_x_items,omitempty"`
	ProductIDs          []int64 `json:"product_ids,omitempty"`
	ExcludedProductIDs  []int64 `json:"excluded_product_ids,omitempty"`
	CategoryIDs         []int64 `json:"product_categories,omitempty"`
	ExcludedCategoryIDs []int64 `json:"excluded_product_categories,omitempty"`
	ExcludeSaleItems    bool    `json:"exclude_sale_items,omitempty"`
	// MinimumAmount and MaximumAmount bound the displayed subtotal; zero means no bound.
	MinimumAmount decimal.Decimal `json:"minimum_amount"`
	MaximumAmount decimal.Decimal `json:"maximum_amount"`
	// IndividualUse coupons push out all others.
	IndividualUse bool `json:"individual_use,omitempty"`
	// FreeShipping coupons open the free shipping methods that ask for one.
	FreeShipping bool `json:"free_shipping,omitempty"`
	// Status is the post status; "" and "publish" can be used.
	Status string `json:"status,omitempty"`
	// Expires is when the coupon stops working: a coupon that shows a bare date expires as that day begins.
	Expires *time.Time `json:"date_expires,omitempty"`
	// UsageLimit and UsageLimitPerUser are counts, 0 for none; UsageCount and UsedBy say what was used. UsedBy holds
	// customer ids as text and e-mail addresses, one entry per use.
	UsageLimit        int64    `json:"usage_limit,omitempty"`
	UsageLimitPerUser int64    `json:"usage_limit_per_user,omitempty"`
	UsageCount        int64    `json:"usage_count,omitempty"`
	UsedBy            []string `json:"used_by,omitempty"`
	// EmailRestrictions are addresses that may use the coupon; * stands for any text.
	EmailRestrictions []string `json:"email_restrictions,omitempty"`
}

// CouponReason says why a coupon was refused. The values are WooCommerce's own error codes (WC_Coupon constants).
type CouponReason int

// Reasons to refuse a coupon.
const (
	CouponAccepted           CouponReason = 0
	CouponInvalidRemoved     CouponReason = 101
	CouponNotYours           CouponReason = 102
	CouponAlreadyApplied     CouponReason = 103
	CouponIndividualUse      CouponReason = 104
	CouponNotExists          CouponReason = 105
	CouponUsageLimit         CouponReason = 106
	CouponExpired            CouponReason = 107
	CouponMinimum            CouponReason = 108
	CouponNotApplicable      CouponReason = 109
	CouponSaleItems          CouponReason = 110
	CouponMaximum            CouponReason = 112
	CouponExcludedProducts   CouponReason = 113
	CouponExcludedCategories CouponReason = 114
	CouponUsageStuck         CouponReason = 115
	CouponUsageStuckGuest    CouponReason = 116
)

// CouponDecision is what became of one coupon that was entered.
type CouponDecision struct {
	Code     string       `json:"code"`
	Accepted bool         `json:"accepted"`
	Reason   CouponReason `json:"reason,omitempty"`
	// Removed are the codes that an individual-use coupon pushed out.
	Removed []string `json:"removed,omitempty"`
}
