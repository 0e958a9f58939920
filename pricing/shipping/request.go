package shipping

import "github.com/shopspring/decimal"

// Request is what is to be shipped, where to, and what the cart amounts to.
type Request struct {
	Country  string `json:"country"`
	State    string `json:"state"`
	Postcode string `json:"postcode"`
	City     string `json:"city,omitempty"`
	Lines    []Line `json:"lines"`
	// DisplayedSubtotal is the cart's subtotal as the shop shows it, before coupons.
	DisplayedSubtotal decimal.Decimal `json:"displayed_subtotal"`
	// Discount is what coupons take off the displayed subtotal, with tax when the shop shows prices with tax.
	Discount decimal.Decimal `json:"discount"`
	// FreeShippingCoupon says that a valid coupon that grants free shipping is in the cart.
	FreeShippingCoupon bool `json:"free_shipping_coupon,omitempty"`
	// NoShippingClasses says that the site has no shipping classes at all; class costs are ignored then.
	NoShippingClasses bool `json:"no_shipping_classes,omitempty"`
	// HideRatesWhenFree is woocommerce_shipping_hide_rates_when_free: with free shipping, offer only that and pickup.
	HideRatesWhenFree bool `json:"hide_rates_when_free,omitempty"`
	// Decimals is woocommerce_price_num_decimals.
	Decimals int `json:"decimals"`
	// Version is the WooCommerce version whose arithmetic is wanted, such as "10.4.3". Empty means the newest known.
	Version string `json:"version,omitempty"`
}

// Line is a line of the cart as shipping sees it.
type Line struct {
	Quantity int64 `json:"quantity"`
	// Total is the line without tax after coupons.
	Total decimal.Decimal `json:"total"`
	// ShippingClass is a slug, "" for none.
	ShippingClass string          `json:"shipping_class,omitempty"`
	Weight        decimal.Decimal `json:"weight"`
	// Virtual lines are not shipped.
	Virtual bool `json:"virtual,omitempty"`
}

// Rate is one way to ship, with its price.
type Rate struct {
	// ID is WooCommerce's: the kind and the instance, "flat_rate:3".
	ID         string `json:"id"`
	MethodID   string `json:"method_id"`
	InstanceID int64  `json:"instance_id"`
	Label      string `json:"label"`
	// Cost is without tax and is not rounded.
	Cost    decimal.Decimal `json:"cost"`
	Taxable bool            `json:"taxable"`
}
