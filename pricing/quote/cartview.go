package quote

import "github.com/shopspring/decimal"

// CartView is what WooCommerce's own cart would hold for the same purchase (WC_Cart_Totals). Its amounts are as the
// cart keeps them, not rounded to the currency: showing them does that.
type CartView struct {
	Lines    []CartLine     `json:"lines"`
	Shipping []CartShipping `json:"shipping,omitempty"`
	// Fees in the order WooCommerce sorts them: the largest first.
	Fees    []CartFee    `json:"fees,omitempty"`
	Coupons []CartCoupon `json:"coupons,omitempty"`
	// Decisions are what became of every coupon that was entered, in that order.
	Decisions []CouponDecision `json:"decisions,omitempty"`
	// DiscountOrder are the coupons' codes in the order WooCommerce computes them.
	DiscountOrder []string `json:"discount_order,omitempty"`
	// TaxTotals are the rows a customer reads; rates that share country, state, name and priority are one row.
	TaxTotals []CartTaxRow `json:"tax_totals,omitempty"`
	Totals    CartTotals   `json:"totals"`
	// TaxedAt is the place whose tax was charged.
	TaxedAt Destination `json:"taxed_at"`
	// Differences are the amounts in which the order will not be what the cart shows.
	Differences []CartDifference `json:"differences,omitempty"`
}

// CartLine is a line of the cart: Subtotal before, Total after coupons, both without tax.
type CartLine struct {
	Subtotal      decimal.Decimal `json:"subtotal"`
	SubtotalTax   decimal.Decimal `json:"subtotal_tax"`
	Total         decimal.Decimal `json:"total"`
	TotalTax      decimal.Decimal `json:"total_tax"`
	SubtotalTaxes []CartTax       `json:"subtotal_taxes,omitempty"`
	TotalTaxes    []CartTax       `json:"total_taxes,omitempty"`
}

// CartTax is one rate's tax, not rounded to the currency.
type CartTax struct {
	RateID int64           `json:"rate_id"`
	Amount decimal.Decimal `json:"amount"`
}

// CartShipping is the chosen shipping rate with its taxes.
type CartShipping struct {
	RateID string          `json:"rate_id"`
	Cost   decimal.Decimal `json:"cost"`
	Taxes  []CartTax       `json:"taxes,omitempty"`
}

// CartFee is a fee: the amount asked for, and what became of it.
type CartFee struct {
	Name   string          `json:"name"`
	Amount decimal.Decimal `json:"amount"`
	Total  decimal.Decimal `json:"total"`
	Tax    decimal.Decimal `json:"tax"`
	Taxes  []CartTax       `json:"taxes,omitempty"`
}

// CartCoupon is a coupon in the cart and what it takes off.
type CartCoupon struct {
	Code        string          `json:"code"`
	Discount    decimal.Decimal `json:"discount"`
	DiscountTax decimal.Decimal `json:"discount_tax"`
}

// CartTaxRow is a row of WC_Cart::get_tax_totals.
type CartTaxRow struct {
	Code  string `json:"code"`
	Label string `json:"label"`
	// RateID is the last rate that was merged into the row.
	RateID   int64           `json:"rate_id"`
	Compound bool            `json:"compound,omitempty"`
	Amount   decimal.Decimal `json:"amount"`
}

// CartTotals are the totals of WC_Cart::get_totals.
type CartTotals struct {
	Subtotal          decimal.Decimal `json:"subtotal"`
	SubtotalTax       decimal.Decimal `json:"subtotal_tax"`
	DiscountTotal     decimal.Decimal `json:"discount_total"`
	DiscountTax       decimal.Decimal `json:"discount_tax"`
	CartContentsTotal decimal.Decimal `json:"cart_contents_total"`
	CartContentsTax   decimal.Decimal `json:"cart_contents_tax"`
	ShippingTotal     decimal.Decimal `json:"shipping_total"`
	ShippingTax       decimal.Decimal `json:"shipping_tax"`
	FeeTotal          decimal.Decimal `json:"fee_total"`
	FeeTax            decimal.Decimal `json:"fee_tax"`
	Total             decimal.Decimal `json:"total"`
	TotalTax          decimal.Decimal `json:"total_tax"`
	CartContentsTaxes []CartTax       `json:"cart_contents_taxes,omitempty"`
	ShippingTaxes     []CartTax       `json:"shipping_taxes,omitempty"`
	FeeTaxes          []CartTax       `json:"fee_taxes,omitempty"`
	// DisplayedSubtotal is the subtotal as the cart shows it, with tax when the store shows prices with tax.
	DisplayedSubtotal decimal.Decimal `json:"displayed_subtotal"`
}

// CartDifference is an amount that is not the same in the order as in WooCommerce's cart.
type CartDifference struct {
	// Field names the amount: "total", "lines[0].total_tax".
	Field string          `json:"field"`
	Order decimal.Decimal `json:"order"`
	Cart  decimal.Decimal `json:"cart"`
	// Reason says why, in words.
	Reason string `json:"reason"`
}
