package quote

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
)

// Input is everything an amount depends on. It is assembled by the server from the catalogue and the rulebook.
//
// All amounts are in Settings.Currency, in major units, as exact decimals.
type Input struct {
	Settings Settings  `json:"settings"`
	Rates    []TaxRate `json:"rates,omitempty"`
	Lines    []Line    `json:"lines,omitempty"`
	// ShipTo and BillTo are the customer's addresses; which of them decides tax is the store's setting.
	ShipTo Destination `json:"ship_to"`
	BillTo Destination `json:"bill_to"`
	// Customer says who is buying, for coupons that are limited to persons.
	Customer Customer `json:"customer"`
	// VATExempt frees the customer of all tax.
	VATExempt bool `json:"vat_exempt,omitempty"`
	// Coupons that were entered, in that order. A code that is not known to the store is entered as a Coupon with only its Code.
	Coupons []Coupon `json:"coupons,omitempty"`
	// Shipping that was chosen: one line, or none.
	Shipping []ShippingLine `json:"shipping,omitempty"`
	// Fees in the order they were added.
	Fees []Fee `json:"fees,omitempty"`
	// Exchange is the rate the prices were converted with, when the quote's currency is not the catalogue's. Amounts
	// in the Input are already converted; the rate is recorded in the quote and covered by its hash.
	Exchange *Exchange `json:"exchange,omitempty"`
	// At is the time the quote is for. It decides whether a coupon has expired.
	At time.Time `json:"at"`
	// Explain asks for Quote.Trace, which takes longer and makes the quote larger.
	Explain bool `json:"explain,omitempty"`
	// RulesVersion names the snapshot of settings, rates and coupons this was made from.
	RulesVersion string `json:"rules_version,omitempty"`
}

// Line is one line of the cart as the catalogue knows it.
type Line struct {
	// Key identifies the line for the caller; it is carried into the quote. It must be unique when it is not empty.
	Key         string `json:"key,omitempty"`
	ProductID   int64  `json:"product_id"`
	VariationID int64  `json:"variation_id,omitempty"`
	// ParentID is the variable product of a variation whose own id is in ProductID. It may be left 0 when VariationID is set.
	ParentID int64  `json:"parent_id,omitempty"`
	Name     string `json:"name,omitempty"`
	SKU      string `json:"sku,omitempty"`
	// UnitPrice is the current price as the store holds it, with or without tax as Settings.PricesIncludeTax says.
	UnitPrice decimal.Decimal `json:"unit_price"`
	// RegularPrice is the price before a sale, for display only.
	RegularPrice decimal.Decimal `json:"regular_price"`
	// Quantity is at least 1.
	Quantity int64 `json:"quantity"`
	OnSale   bool  `json:"on_sale,omitempty"`
	// TaxStatus of the product; empty means taxable.
	TaxStatus TaxStatus `json:"tax_status,omitempty"`
	// TaxClass is a slug, "" for the standard class.
	TaxClass string `json:"tax_class"`
	// TaxClassChosen says that TaxClass was chosen for this sale, by its price say, and is not the product's own. The
	// order line must then be created with it.
	TaxClassChosen bool    `json:"tax_class_chosen,omitempty"`
	CategoryIDs    []int64 `json:"category_ids,omitempty"`
	ShippingClass  string  `json:"shipping_class,omitempty"`
	// Weight in the store's own unit.
	Weight decimal.Decimal `json:"weight"`
	// Virtual products need no shipping.
	Virtual bool `json:"virtual,omitempty"`
	// Adjustments are what the shop's price rules made of the price, in the order they were applied.
	Adjustments []Adjustment `json:"adjustments,omitempty"`
	// Given states the order line's amounts outright instead of computing them from the price, as an administrator can.
	Given *Given `json:"given,omitempty"`
}

// Given are an order line's amounts without tax, as they are sent to WooCommerce. What is nil is computed from the
// price. A subtotal below the total is raised to it, and coupons start again from the subtotal.
type Given struct {
	Subtotal *decimal.Decimal `json:"subtotal,omitempty"`
	Total    *decimal.Decimal `json:"total,omitempty"`
}

// TaxStatus says what of a product is taxed.
type TaxStatus string

// The tax statuses of a product or shipping method.
const (
	Taxable      TaxStatus = "taxable"
	ShippingOnly TaxStatus = "shipping" // the product is not taxed, its shipping is
	NotTaxable   TaxStatus = "none"
)

// Adjustment is one change that a price rule (a quantity tier, a customer group, one piece free) made to a line.
// It changes the line's price before coupons and tax, and so reaches the order as the line's subtotal.
type Adjustment struct {
	// Rule names the rule for programs, Label for the customer.
	Rule  string `json:"rule"`
	Label string `json:"label,omitempty"`
	// Amount is added to the whole line's price, in the terms of UnitPrice; it is negative when the rule makes the line cheaper.
	Amount decimal.Decimal `json:"amount"`
}

// ShippingLine is a shipping rate that was chosen.
type ShippingLine struct {
	// RateID is WooCommerce's id of the rate, such as "flat_rate:3"; MethodID is its kind, such as "flat_rate".
	RateID     string `json:"rate_id"`
	MethodID   string `json:"method_id"`
	InstanceID int64  `json:"instance_id,omitempty"`
	Title      string `json:"title,omitempty"`
	// Cost is without tax, in up to six decimals.
	Cost    decimal.Decimal `json:"cost"`
	Taxable bool            `json:"taxable"`
}

// Fee is an extra charge, or a discount when its amount is negative.
type Fee struct {
	Name string `json:"name"`
	// Amount is without tax. A negative amount is taxed by WooCommerce whatever Taxable says, in proportion to the rest.
	Amount   decimal.Decimal `json:"amount"`
	Taxable  bool            `json:"taxable"`
	TaxClass string          `json:"tax_class,omitempty"`
}

// Customer is who is buying, as far as coupons ask.
type Customer struct {
	// ID is the customer's id in the store, 0 for a guest.
	ID int64 `json:"id,omitempty"`
	// Email is the account's address, BillingEmail the one given at the checkout.
	Email        string `json:"email,omitempty"`
	BillingEmail string `json:"billing_email,omitempty"`
}

// Exchange is the conversion between the catalogue's currency and the quote's.
type Exchange struct {
	From pricing.Currency `json:"from"`
	To   pricing.Currency `json:"to"`
	// Rate is how many units of To one unit of From is worth.
	Rate decimal.Decimal `json:"rate"`
	// At is when the rate was read, Source from where.
	At     time.Time `json:"at"`
	Source string    `json:"source,omitempty"`
}
