package rest

// Coupon is a discount code.
type Coupon struct {
	ID                 int64    `json:"id"`
	Code               string   `json:"code"` // lower case
	Status             string   `json:"status"`
	Type               string   `json:"discount_type"` // percent, fixed_cart, fixed_product
	Amount             Amount   `json:"amount"`
	Description        string   `json:"description"`
	ExpiresAt          Time     `json:"date_expires_gmt"` // zero: never
	CreatedAt          Time     `json:"date_created_gmt"`
	ModifiedAt         Time     `json:"date_modified_gmt"`
	UsageCount         int64    `json:"usage_count"`
	UsageLimit         int64    `json:"usage_limit"` // 0: none
	UsageLimitPerUser  int64    `json:"usage_limit_per_user"`
	LimitToItems       int64    `json:"limit_usage_to_x_items"`
	IndividualUse      bool     `json:"individual_use"`
	FreeShipping       bool     `json:"free_shipping"`
	ExcludeSaleItems   bool     `json:"exclude_sale_items"`
	Products           []int64  `json:"product_ids"`
	ExcludedProducts   []int64  `json:"excluded_product_ids"`
	Categories         []int64  `json:"product_categories"`
	ExcludedCategories []int64  `json:"excluded_product_categories"`
	Minimum            Amount   `json:"minimum_amount"` // 0: none
	Maximum            Amount   `json:"maximum_amount"`
	Emails             []string `json:"email_restrictions"`
	UsedBy             []string `json:"used_by"` // user ids and e-mails
	Meta               []Meta   `json:"meta_data"`
}

// CouponChange is what is written of a coupon; nil stays as it is.
type CouponChange struct {
	Code        *string `json:"code,omitempty"`
	Status      *string `json:"status,omitempty"`
	Type        *string `json:"discount_type,omitempty"`
	Amount      *Amount `json:"amount,omitempty"`
	Description *string `json:"description,omitempty"`
	// ExpiresAt goes into date_expires with its zone: date_expires_gmt can be
	// sent and is ignored (WC_Coupon has no such setter). Time{} is never.
	ExpiresAt          *Time    `json:"date_expires,omitempty"`
	UsageLimit         *int64   `json:"usage_limit,omitempty"`
	UsageLimitPerUser  *int64   `json:"usage_limit_per_user,omitempty"`
	LimitToItems       *int64   `json:"limit_usage_to_x_items,omitempty"`
	IndividualUse      *bool    `json:"individual_use,omitempty"`
	FreeShipping       *bool    `json:"free_shipping,omitempty"`
	ExcludeSaleItems   *bool    `json:"exclude_sale_items,omitempty"`
	Products           []int64  `json:"product_ids,omitzero"`
	ExcludedProducts   []int64  `json:"excluded_product_ids,omitzero"`
	Categories         []int64  `json:"product_categories,omitzero"`
	ExcludedCategories []int64  `json:"excluded_product_categories,omitzero"`
	Minimum            *Amount  `json:"minimum_amount,omitempty"`
	Maximum            *Amount  `json:"maximum_amount,omitempty"`
	Emails             []string `json:"email_restrictions,omitzero"`
	Meta               []Meta   `json:"meta_data,omitzero"`
}

func (c CouponChange) check() error {
	for field, n := range map[string]*int64{
		"usage_limit": c.UsageLimit, "usage_limit_per_user": c.UsageLimitPerUser, "limit_usage_to_x_items": c.LimitToItems,
	} {
		if n != nil && *n < 0 {
			return invalid(field, "must not be negative")
		}
	}
	if c.Code != nil && *c.Code == "" {
		return invalid("code", "must not be empty")
	}
	return checkAmounts(map[string]*Amount{"amount": c.Amount, "minimum_amount": c.Minimum, "maximum_amount": c.Maximum})
}

// ignored finds what WC_Coupon's setters dropped: a percentage above a hundred
// becomes nothing, with 201, and so does an e-mail that is none.
func (c CouponChange) ignored(k Coupon) error {
	switch {
	case c.Amount != nil && !c.Amount.Decimal.Equal(k.Amount.Decimal):
		return &IgnoredError{ID: k.ID, Field: "amount", Reason: "the store made " + k.Amount.String() + " of it"}
	case c.Emails != nil && len(k.Emails) < len(c.Emails):
		return &IgnoredError{ID: k.ID, Field: "email_restrictions", Reason: "the store dropped what is no e-mail address"}
	}
	return nil
}
