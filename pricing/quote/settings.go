package quote

import "github.com/ankkor/ankkor/pricing"

// TaxBasis names the address tax is taken from (option woocommerce_tax_based_on).
type TaxBasis string

// The tax bases WooCommerce knows.
const (
	BasedOnShipping TaxBasis = "shipping"
	BasedOnBilling  TaxBasis = "billing"
	BasedOnBase     TaxBasis = "base"
)

// TaxDisplay says whether amounts are shown with tax (option woocommerce_tax_display_cart).
type TaxDisplay string

// The two ways to show an amount.
const (
	DisplayInclusive TaxDisplay = "incl"
	DisplayExclusive TaxDisplay = "excl"
)

// InheritShippingClass is the ShippingTaxClass of a store that taxes shipping by what is in the cart.
const InheritShippingClass = "inherit"

// Settings are the store's own settings, as far as they decide an amount.
//
// They come from the store (REST: /settings/general and /settings/tax), never from a client. The zero
// values of Decimals, TaxBasedOn, CartDisplay and Version are real answers or documented defaults; the
// currency is required.
type Settings struct {
	// Currency of every amount in the Input and the Quote.
	Currency pricing.Currency `json:"currency"`
	// Decimals is woocommerce_price_num_decimals, 0 to 4. It must not be finer than the currency's minor unit.
	Decimals int `json:"decimals"`
	// TaxEnabled is woocommerce_calc_taxes.
	TaxEnabled bool `json:"tax_enabled"`
	// PricesIncludeTax is the option woocommerce_prices_include_tax as stored, also while tax is disabled.
	PricesIncludeTax bool `json:"prices_include_tax"`
	// RoundAtSubtotal is woocommerce_tax_round_at_subtotal.
	RoundAtSubtotal bool `json:"round_at_subtotal"`
	// BaseCountry and BaseState are the shop's own address (woocommerce_default_country).
	BaseCountry string `json:"base_country"`
	BaseState   string `json:"base_state"`
	// TaxBasedOn is woocommerce_tax_based_on; empty means shipping.
	TaxBasedOn TaxBasis `json:"tax_based_on"`
	// CartDisplay is woocommerce_tax_display_cart; empty means excl. It decides minimum and maximum spends.
	CartDisplay TaxDisplay `json:"cart_display"`
	// ShippingTaxClass is woocommerce_shipping_tax_class: "inherit", "" for the standard class, or a slug.
	ShippingTaxClass string `json:"shipping_tax_class"`
	// FixedGrossPrice is the filter woocommerce_adjust_non_base_location_prices turned off: customers in every
	// place pay the same price with tax. False is WooCommerce's default: the shop's own tax is taken out and the customer's put in.
	FixedGrossPrice bool `json:"fixed_gross_price"`
	// SequentialDiscounts is woocommerce_calc_discounts_sequentially.
	SequentialDiscounts bool `json:"sequential_discounts"`
	// Version is the WooCommerce version whose arithmetic is wanted, such as "10.4.3". Empty and what is newer than
	// 11.0 mean the newest arithmetic known; EvidenceFor tells what a version's rests on.
	Version string `json:"version"`
	// TaxClasses lists the slugs of the additional tax classes in the order the site keeps them, which decides
	// the class of inherited shipping tax. Classes that are not listed follow in alphabetical order.
	TaxClasses []string `json:"tax_classes,omitempty"`
}
