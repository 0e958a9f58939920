package main

import (
	"strings"
	"time"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// storeSettings are WooCommerce's options as records name them.
type storeSettings struct {
	Currency    pricing.Currency `json:"currency"`
	Decimals    int              `json:"decimals"`
	TaxEnabled  bool             `json:"tax_enabled"`
	Inclusive   bool             `json:"prices_include_tax"`
	AtSubtotal  bool             `json:"tax_round_at_subtotal"`
	BaseCountry string           `json:"base_country"`
	BaseState   string           `json:"base_state"`
	BasedOn     quote.TaxBasis   `json:"tax_based_on"`
	Display     quote.TaxDisplay `json:"tax_display_cart"`
	Shipping    string           `json:"shipping_tax_class"`
	// Adjust is the filter woocommerce_adjust_non_base_location_prices, on when it is absent.
	Adjust       *bool    `json:"adjust_non_base_location_prices"`
	Sequential   bool     `json:"calc_discounts_sequentially"`
	HideWhenFree bool     `json:"hide_rates_when_free"`
	Classes      []string `json:"tax_classes"`
}

func (s storeSettings) settings(version string) quote.Settings {
	return quote.Settings{
		Currency: s.Currency, Decimals: s.Decimals, TaxEnabled: s.TaxEnabled, PricesIncludeTax: s.Inclusive,
		RoundAtSubtotal: s.AtSubtotal, BaseCountry: s.BaseCountry, BaseState: s.BaseState, TaxBasedOn: s.BasedOn,
		CartDisplay: s.Display, ShippingTaxClass: s.Shipping, FixedGrossPrice: s.Adjust != nil && !*s.Adjust,
		SequentialDiscounts: s.Sequential, Version: version, TaxClasses: s.Classes,
	}
}

// cartLine is a line of a cart.
type cartLine struct {
	Product    int64           `json:"product_id"`
	Parent     int64           `json:"parent_id"`
	Name       string          `json:"name"`
	Categories []int64         `json:"category_ids"`
	Price      amount          `json:"price"`
	Regular    amount          `json:"regular_price"`
	Quantity   int64           `json:"quantity"`
	TaxStatus  quote.TaxStatus `json:"tax_status"`
	TaxClass   string          `json:"tax_class"`
	OnSale     bool            `json:"on_sale"`
	Class      string          `json:"shipping_class"`
	Weight     amount          `json:"weight"`
	Virtual    bool            `json:"virtual"`
}

func readLines(lines []cartLine) ([]quote.Line, error) {
	var out []quote.Line
	for i, l := range lines {
		if !l.Price.set {
			return nil, missing("lines", i, "price")
		}
		out = append(out, quote.Line{
			ProductID: l.Product, ParentID: l.Parent, Name: l.Name, CategoryIDs: l.Categories,
			UnitPrice: l.Price.Decimal, RegularPrice: l.Regular.Decimal, Quantity: l.Quantity, OnSale: l.OnSale,
			TaxStatus: l.TaxStatus, TaxClass: l.TaxClass, ShippingClass: l.Class, Weight: l.Weight.Decimal, Virtual: l.Virtual,
		})
	}
	return out, nil
}

// storeCoupon is a coupon as the store holds it.
type storeCoupon struct {
	ID                 int64            `json:"id"`
	Code               string           `json:"code"`
	Type               quote.CouponType `json:"type"`
	Amount             amount           `json:"amount"`
	Limit              *int64           `json:"limit_usage_to_x_items"`
	Products           []int64          `json:"product_ids"`
	ExcludedProducts   []int64          `json:"excluded_product_ids"`
	Categories         []int64          `json:"product_categories"`
	ExcludedCategories []int64          `json:"excluded_product_categories"`
	ExcludeSale        bool             `json:"exclude_sale_items"`
	Minimum            amount           `json:"minimum_amount"`
	Maximum            amount           `json:"maximum_amount"`
	Individual         bool             `json:"individual_use"`
	FreeShipping       bool             `json:"free_shipping"`
	Status             string           `json:"status"`
	Expires            *time.Time       `json:"date_expires"`
	// ExpiresIn says how far from the time of the record the expiry was chosen: "-1 day", "tomorrow".
	ExpiresIn    *string  `json:"expires_in"`
	UsageLimit   *int64   `json:"usage_limit"`
	UsageCount   int64    `json:"usage_count"`
	PerUser      *int64   `json:"usage_limit_per_user"`
	UsedBy       []string `json:"used_by"`
	Emails       []string `json:"email_restrictions"`
	StoredEmails []string `json:"email_restrictions_stored"`
}

func (c storeCoupon) coupon() quote.Coupon {
	out := quote.Coupon{
		ID: c.ID, Code: c.Code, Type: c.Type, Amount: c.Amount.Decimal, LimitToItems: orZero(c.Limit),
		ProductIDs: c.Products, ExcludedProductIDs: c.ExcludedProducts,
		CategoryIDs: c.Categories, ExcludedCategoryIDs: c.ExcludedCategories,
		ExcludeSaleItems: c.ExcludeSale, MinimumAmount: c.Minimum.Decimal, MaximumAmount: c.Maximum.Decimal,
		IndividualUse: c.Individual, FreeShipping: c.FreeShipping, Status: c.Status, Expires: c.Expires,
		UsageLimit: orZero(c.UsageLimit), UsageCount: c.UsageCount, UsageLimitPerUser: orZero(c.PerUser),
		EmailRestrictions: c.StoredEmails,
	}
	if c.StoredEmails == nil {
		out.EmailRestrictions = c.Emails
	}
	for _, by := range c.UsedBy {
		out.UsedBy = append(out.UsedBy, strings.TrimPrefix(by, "user:"))
	}
	return out
}

func orZero(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

func readCoupons(coupons []storeCoupon) []quote.Coupon {
	var out []quote.Coupon
	for _, c := range coupons {
		out = append(out, c.coupon())
	}
	return out
}

// entered finds a coupon by the code a customer typed. A code the store does not know is entered all the same: the
// store's answer to it is a refusal.
func entered(code string, known []storeCoupon) quote.Coupon {
	for _, c := range known {
		if strings.EqualFold(strings.TrimSpace(c.Code), strings.TrimSpace(code)) {
			return c.coupon()
		}
	}
	return quote.Coupon{Code: code}
}
