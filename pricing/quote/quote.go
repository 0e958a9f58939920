package quote

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
)

// Quote is what an order will cost: the numbers WooCommerce will have once the order was created from it.
//
// A Quote is a value: it is stored, hashed and compared, and is the only source of an amount that is charged. Its JSON is stable.
type Quote struct {
	Currency     pricing.Currency `json:"currency"`
	Decimals     int              `json:"decimals"`
	At           time.Time        `json:"at"`
	RulesVersion string           `json:"rules_version,omitempty"`
	// Version is the WooCommerce version whose arithmetic was used.
	Version  string          `json:"version,omitempty"`
	Exchange *Exchange       `json:"exchange,omitempty"`
	Lines    []QuoteLine     `json:"lines"`
	Shipping []QuoteShipping `json:"shipping,omitempty"`
	Fees     []QuoteFee      `json:"fees,omitempty"`
	// Coupons that count, in the order they were entered; Refused are the ones that do not, and why.
	Coupons []QuoteCoupon    `json:"coupons,omitempty"`
	Refused []CouponDecision `json:"refused,omitempty"`
	Taxes   []TaxRow         `json:"taxes,omitempty"`
	Totals  Totals           `json:"totals"`
	// TaxedAt is the place whose tax was charged.
	TaxedAt Destination `json:"taxed_at"`
	// VATExempt: the customer pays no tax. The order must say so (meta is_vat_exempt = yes) or WooCommerce taxes it.
	VATExempt bool `json:"vat_exempt,omitempty"`
	// Cart is what WooCommerce's own cart would show for the same purchase, and where that differs.
	Cart *CartView `json:"cart,omitempty"`
	// Trace explains every rounding, in the order they were made.
	Trace []Step `json:"trace,omitempty"`
}

// QuoteLine is one line of the order. Its amounts are what is sent to WooCommerce.
type QuoteLine struct {
	Key         string `json:"key,omitempty"`
	ProductID   int64  `json:"product_id"`
	VariationID int64  `json:"variation_id,omitempty"`
	Name        string `json:"name,omitempty"`
	SKU         string `json:"sku,omitempty"`
	Quantity    int64  `json:"quantity"`
	// UnitPrice is the price as the store holds it.
	UnitPrice decimal.Decimal `json:"unit_price"`
	TaxClass  string          `json:"tax_class"`
	// TaxClassChosen says that the order line must be created with TaxClass, because the product has another.
	TaxClassChosen bool      `json:"tax_class_chosen,omitempty"`
	TaxStatus      TaxStatus `json:"tax_status"`
	// Subtotal is before, Total after coupons; both without tax, in up to six decimals, and never rounded further.
	Subtotal decimal.Decimal `json:"subtotal"`
	Total    decimal.Decimal `json:"total"`
	// SubtotalTax and TotalTax are the sums of the line's taxes as WooCommerce rounds them.
	SubtotalTax decimal.Decimal `json:"subtotal_tax"`
	TotalTax    decimal.Decimal `json:"total_tax"`
	Taxes       []TaxShare      `json:"taxes,omitempty"`
	// Gross is the line with tax after coupons, rounded for display. The sum of the lines' Gross can differ from the total by paise.
	Gross pricing.Money `json:"gross"`
	// Adjustments are the price rules' changes contained in Subtotal.
	Adjustments []Adjustment `json:"adjustments,omitempty"`
}

// TaxShare is one rate's part of a line, in six decimals.
type TaxShare struct {
	RateID   int64           `json:"rate_id"`
	Total    decimal.Decimal `json:"total"`
	Subtotal decimal.Decimal `json:"subtotal"`
}

// QuoteShipping is a shipping line of the order.
type QuoteShipping struct {
	RateID     string `json:"rate_id"`
	MethodID   string `json:"method_id"`
	InstanceID int64  `json:"instance_id,omitempty"`
	Title      string `json:"title,omitempty"`
	// Total is without tax.
	Total    decimal.Decimal `json:"total"`
	TotalTax decimal.Decimal `json:"total_tax"`
	// Taxable is the rate's own tax status.
	Taxable bool       `json:"taxable"`
	Taxes   []TaxShare `json:"taxes,omitempty"`
}

// QuoteFee is a fee line of the order.
type QuoteFee struct {
	Name     string `json:"name"`
	Taxable  bool   `json:"taxable"`
	TaxClass string `json:"tax_class,omitempty"`
	// Total is without tax; a negative fee is capped so that the order's total does not fall below zero.
	Total    decimal.Decimal `json:"total"`
	TotalTax decimal.Decimal `json:"total_tax"`
	Taxes    []TaxShare      `json:"taxes,omitempty"`
}

// QuoteCoupon is a coupon line of the order.
type QuoteCoupon struct {
	ID   int64      `json:"id"`
	Code string     `json:"code"`
	Type CouponType `json:"type"`
	// Discount is without tax, DiscountTax the tax saved by it.
	Discount     decimal.Decimal `json:"discount"`
	DiscountTax  decimal.Decimal `json:"discount_tax"`
	FreeShipping bool            `json:"free_shipping,omitempty"`
}

// TaxRow is one tax line of the order.
type TaxRow struct {
	RateID int64 `json:"rate_id"`
	// Code is WooCommerce's: COUNTRY-STATE-NAME-PRIORITY.
	Code        string          `json:"code"`
	Label       string          `json:"label"`
	Percent     decimal.Decimal `json:"percent"`
	Compound    bool            `json:"compound,omitempty"`
	Tax         pricing.Money   `json:"tax"`
	ShippingTax pricing.Money   `json:"shipping_tax"`
}

// Totals are the order's totals, each rounded as WooCommerce rounds it. They need not add up to the paisa: see the package documentation.
type Totals struct {
	// Subtotal and SubtotalTax are the lines before coupons.
	Subtotal    pricing.Money `json:"subtotal"`
	SubtotalTax pricing.Money `json:"subtotal_tax"`
	// DiscountTotal is without tax.
	DiscountTotal pricing.Money `json:"discount_total"`
	DiscountTax   pricing.Money `json:"discount_tax"`
	ShippingTotal pricing.Money `json:"shipping_total"`
	ShippingTax   pricing.Money `json:"shipping_tax"`
	FeeTotal      pricing.Money `json:"fee_total"`
	FeeTax        pricing.Money `json:"fee_tax"`
	// CartTax is the tax of lines and fees, TotalTax that of everything.
	CartTax  pricing.Money `json:"cart_tax"`
	TotalTax pricing.Money `json:"total_tax"`
	// Total is what the customer pays.
	Total pricing.Money `json:"total"`
}
