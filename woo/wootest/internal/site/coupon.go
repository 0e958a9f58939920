package site

import (
	"slices"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/shopspring/decimal"
)

// Coupon is a coupon as the REST API writes it.
type Coupon struct {
	ID                 int64           `json:"id"`
	Code               string          `json:"code"`
	Amount             decimal.Decimal `json:"amount"`
	Status             string          `json:"status"`
	DateCreated        shop.Time       `json:"date_created_gmt"`
	DateModified       shop.Time       `json:"date_modified_gmt"`
	DiscountType       string          `json:"discount_type"`
	Description        string          `json:"description"`
	Expires            *shop.Time      `json:"date_expires_gmt"`
	UsageCount         int64           `json:"usage_count"`
	IndividualUse      bool            `json:"individual_use"`
	ProductIDs         []int64         `json:"product_ids"`
	ExcludedProductIDs []int64         `json:"excluded_product_ids"`
	UsageLimit         *int64          `json:"usage_limit"`
	UsageLimitPerUser  *int64          `json:"usage_limit_per_user"`
	LimitToItems       *int64          `json:"limit_usage_to_x_items"`
	FreeShipping       bool            `json:"free_shipping"`
	Categories         []int64         `json:"product_categories"`
	ExcludedCategories []int64         `json:"excluded_product_categories"`
	ExcludeSaleItems   bool            `json:"exclude_sale_items"`
	MinimumAmount      decimal.Decimal `json:"minimum_amount"`
	MaximumAmount      decimal.Decimal `json:"maximum_amount"`
	EmailRestrictions  []string        `json:"email_restrictions"`
	UsedBy             []string        `json:"used_by"`
	Meta               []shop.MetaData `json:"meta_data"`
}

// CouponByCode is the published coupon with a code, nil for none.
func (st *State) CouponByCode(code string) *Coupon {
	for _, c := range st.Coupons {
		if c.Code == code && c.Status == "publish" {
			return c
		}
	}
	return nil
}

// Expired says whether the coupon's last moment has passed.
func (c *Coupon) Expired(now time.Time) bool {
	return c.Expires != nil && !c.Expires.IsZero() && now.After(c.Expires.Time)
}

// PerItem says whether the coupon looks at single lines; a fixed cart coupon
// takes from all of them.
func (c *Coupon) PerItem() bool { return c.DiscountType != "fixed_cart" }

// Fits is WC_Coupon::is_valid_for_product.
func (c *Coupon) Fits(st *State, p *shop.Product, now time.Time) bool {
	if p == nil {
		return len(c.ProductIDs) == 0 && len(c.Categories) == 0
	}
	ids := []int64{p.ID, p.ParentID}
	cats := st.CategoryIDs(p)
	ok := len(c.ProductIDs) == 0 && len(c.Categories) == 0 ||
		Intersect(ids, c.ProductIDs) || Intersect(cats, c.Categories)
	if Intersect(ids, c.ExcludedProductIDs) || Intersect(cats, c.ExcludedCategories) {
		return false
	}
	return ok && (!c.ExcludeSaleItems || !p.OnSaleAt(now))
}

// Intersect says whether two lists have an id in common; 0 is no id.
func Intersect(a, b []int64) bool {
	return slices.ContainsFunc(a, func(x int64) bool { return x != 0 && slices.Contains(b, x) })
}
