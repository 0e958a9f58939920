package record

import (
	"strings"
	"time"

	"github.com/ankkor/ankkor/pricing/quote"
)

// Coupon is a coupon as the store holds it.
type Coupon struct {
	ID                 int64            `json:"id"`
	Code               string           `json:"code"`
	Type               quote.CouponType `json:"type"`
	Amount             Amount           `json:"amount"`
	Limit              int64            `json:"limit_usage_to_x_items"`
	Products           []int64          `json:"product_ids"`
	ExcludedProducts   []int64          `json:"excluded_product_ids"`
	Categories         []int64          `json:"product_categories"`
	ExcludedCategories []int64          `json:"excluded_product_categories"`
	ExcludeSale        bool             `json:"exclude_sale_items"`
	Minimum            Amount           `json:"minimum_amount"`
	Maximum            Amount           `json:"maximum_amount"`
	Individual         bool             `json:"individual_use"`
	FreeShipping       bool             `json:"free_shipping"`
	Status             string           `json:"status"`
	Expires            *time.Time       `json:"date_expires"`
	// ExpiresIn says how far from the time of the record the expiry was chosen: "-1 day", "tomorrow".
	ExpiresIn  *string  `json:"expires_in"`
	UsageLimit int64    `json:"usage_limit"`
	UsageCount int64    `json:"usage_count"`
	PerUser    int64    `json:"usage_limit_per_user"`
	UsedBy     []string `json:"used_by"` // "user:2", or an e-mail address
	Emails     []string `json:"email_restrictions"`
	// StoredEmails are what WooCommerce made of Emails, if the record knows.
	StoredEmails []string `json:"email_restrictions_stored"`
}

// Coupon is the coupon to be quoted.
func (c Coupon) Coupon() quote.Coupon {
	out := quote.Coupon{
		ID: c.ID, Code: c.Code, Type: c.Type, Amount: c.Amount.Decimal, LimitToItems: c.Limit,
		ProductIDs: c.Products, ExcludedProductIDs: c.ExcludedProducts,
		CategoryIDs: c.Categories, ExcludedCategoryIDs: c.ExcludedCategories,
		ExcludeSaleItems: c.ExcludeSale, MinimumAmount: c.Minimum.Decimal, MaximumAmount: c.Maximum.Decimal,
		IndividualUse: c.Individual, FreeShipping: c.FreeShipping, Status: c.Status, Expires: c.Expires,
		UsageLimit: c.UsageLimit, UsageCount: c.UsageCount, UsageLimitPerUser: c.PerUser, EmailRestrictions: c.StoredEmails,
	}
	if c.StoredEmails == nil {
		out.EmailRestrictions = c.Emails
	}
	for _, by := range c.UsedBy {
		out.UsedBy = append(out.UsedBy, strings.TrimPrefix(by, "user:"))
	}
	return out
}

// Coupons are coupons to be quoted.
func Coupons(coupons []Coupon) []quote.Coupon {
	var out []quote.Coupon
	for _, c := range coupons {
		out = append(out, c.Coupon())
	}
	return out
}

// Entered finds a coupon by the code a customer typed. A code the store does not know is entered all the same: the
// store's answer to it is a refusal.
func Entered(code string, known []Coupon) quote.Coupon {
	for _, c := range known {
		if SameCode(c.Code, code) {
			return c.Coupon()
		}
	}
	return quote.Coupon{Code: code}
}

// SameCode compares codes as WooCommerce does.
func SameCode(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) }
