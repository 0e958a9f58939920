package woo

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/ankkor/ankkor/pricing/quote"
)

// couponPages bounds a snapshot's coupons: ten thousand.
const couponPages = 100

type couponNode struct {
	ID                 looseInt    `json:"id"`
	Code               looseText   `json:"code"`
	Status             looseText   `json:"status"`
	Type               string      `json:"discount_type"`
	Amount             looseAmount `json:"amount"`
	Expires            looseText   `json:"date_expires_gmt"`
	UsageCount         looseInt    `json:"usage_count"`
	UsageLimit         looseInt    `json:"usage_limit"`
	UsageLimitPerUser  looseInt    `json:"usage_limit_per_user"`
	LimitToItems       looseInt    `json:"limit_usage_to_x_items"`
	IndividualUse      looseBool   `json:"individual_use"`
	FreeShipping       looseBool   `json:"free_shipping"`
	ExcludeSaleItems   looseBool   `json:"exclude_sale_items"`
	Products           []looseInt  `json:"product_ids"`
	ExcludedProducts   []looseInt  `json:"excluded_product_ids"`
	Categories         []looseInt  `json:"product_categories"`
	ExcludedCategories []looseInt  `json:"excluded_product_categories"`
	MinimumAmount      looseAmount `json:"minimum_amount"`
	MaximumAmount      looseAmount `json:"maximum_amount"`
	Emails             []looseText `json:"email_restrictions"`
	UsedBy             []looseText `json:"used_by"`
}

// readCoupons reads the coupons by code; none where the shop has switched
// them off.
func (c *Client) readCoupons(ctx context.Context, s settings) (map[string]quote.Coupon, error) {
	if !s.yes("woocommerce_enable_coupons") {
		return nil, nil
	}
	k := call{op: "read coupons", method: http.MethodGet, path: "coupons", fresh: true}
	list, err := collect[couponNode](ctx, c, k, couponPages)
	if err != nil {
		return nil, err
	}
	coupons := make(map[string]quote.Coupon, len(list))
	for _, n := range list {
		coupon, err := n.coupon()
		if err != nil {
			return nil, err
		}
		// Of two with one code WooCommerce takes the newer
		// (wc_get_coupon_id_by_code), and the list has it first.
		if _, known := coupons[coupon.Code]; !known {
			coupons[coupon.Code] = coupon
		}
	}
	return coupons, nil
}

func (n couponNode) coupon() (quote.Coupon, error) {
	c := quote.Coupon{
		ID: int64(n.ID), Code: strings.ToLower(string(n.Code)), Status: string(n.Status), Type: quote.CouponType(n.Type),
		Amount: n.Amount.or0(), LimitToItems: int64(n.LimitToItems),
		ProductIDs: plainInts(n.Products), ExcludedProductIDs: plainInts(n.ExcludedProducts),
		CategoryIDs: plainInts(n.Categories), ExcludedCategoryIDs: plainInts(n.ExcludedCategories),
		ExcludeSaleItems: bool(n.ExcludeSaleItems), IndividualUse: bool(n.IndividualUse), FreeShipping: bool(n.FreeShipping),
		MinimumAmount: n.MinimumAmount.or0(), MaximumAmount: n.MaximumAmount.or0(),
		UsageLimit: int64(n.UsageLimit), UsageLimitPerUser: int64(n.UsageLimitPerUser), UsageCount: int64(n.UsageCount),
		UsedBy: plainTexts(n.UsedBy), EmailRestrictions: plainTexts(n.Emails),
	}
	if n.Expires != "" {
		at := gmt(string(n.Expires))
		if at.IsZero() {
			return c, badRule(fmt.Sprintf("coupons[%d]", c.ID), "has an expiry that is no date", nil)
		}
		c.Expires = &at
	}
	return c, nil
}

func plainInts(list []looseInt) []int64 {
	var out []int64
	for _, n := range list {
		out = append(out, int64(n))
	}
	return out
}

func plainTexts(list []looseText) []string {
	var out []string
	for _, t := range list {
		out = append(out, string(t))
	}
	return out
}
