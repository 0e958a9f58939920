package session

import (
	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
)

// Cart is a shopper's cart as the store computes it (WC_Cart). Amounts are in
// major units of Currency; those of lines, fees, coupons and rates are without
// tax unless a field says otherwise.
type Cart struct {
	Currency pricing.Currency
	Lines    []Line
	Coupons  []Coupon
	Fees     []Fee
	// Packages are what is shipped separately, most often one. A cart that
	// needs no shipping, or that has no address yet, may have none.
	Packages []Package
	// Taxes are the rows a shopper reads. The Store API has them only where the
	// shop shows its taxes itemized.
	Taxes         []Tax
	Totals        Totals
	NeedsShipping bool
	// Customer is nil where the answer did not say: WooGraphQL tells it when a
	// cart is read or the customer changed.
	Customer *Customer
	// Notices say what is wrong with the cart as it stands: pieces that were
	// sold meanwhile, a coupon that no longer applies. WooGraphQL has none.
	Notices []Notice
	// PaymentMethods are the ids of the gateways offered; nil over WooGraphQL.
	PaymentMethods []string
	// Places is how many decimals the amounts of lines, fees, coupons and rates
	// were rounded to before they were sent, as the Store API does; negative
	// where they are as the cart keeps them.
	Places int
}

// Unrounded is the Places of a cart whose amounts are as WooCommerce keeps them.
const Unrounded = -1

// Line is an item in the cart with its quantity.
type Line struct {
	// Key names the line in this cart (the id that WooGraphQL has for it besides
	// cannot be asked for: the server fails on it).
	Key string
	// ProductID is 0 for a variation where the door does not tell its product,
	// as the Store API does not; VariationID is 0 for anything but a variation.
	ProductID, VariationID int64
	// Attributes are the variation's, by name ("pa_size"): the value as the door
	// sends it, a term's slug over WooGraphQL and its name over the Store API.
	Attributes map[string]string
	// Data is what else was chosen, where the store shows it.
	Data     map[string]string
	Name     string
	SKU      string
	Quantity int64
	// UnitPrice is one piece as the store shows it, with or without tax as its
	// cart does; not Valid where the door does not tell.
	UnitPrice decimal.NullDecimal
	// Subtotal is before coupons, Total after them.
	Subtotal, SubtotalTax decimal.Decimal
	Total, TotalTax       decimal.Decimal
}

// ItemID is the id of what is sold: the variation's, or else the product's.
func (l Line) ItemID() int64 {
	if l.VariationID != 0 {
		return l.VariationID
	}
	return l.ProductID
}

// Coupon is a coupon in the cart. Codes are in lower case, as the store keeps them.
type Coupon struct {
	Code string
	// Type is the kind of discount, such as "percent"; WooGraphQL does not tell.
	Type                  string
	Discount, DiscountTax decimal.Decimal
}

// Fee is an extra charge, or a discount when its amount is negative.
type Fee struct {
	ID, Name string
	Total    decimal.Decimal
	// Tax is not Valid over WooGraphQL, which tells Taxable and TaxClass instead:
	// "" for the standard class, else the class as a GraphQL enum ("GST_12").
	Tax      decimal.NullDecimal
	Taxable  bool
	TaxClass string
}

// Package is a part of the cart that is shipped by itself.
type Package struct {
	ID    string
	Name  string
	Rates []Rate
}

// Chosen is the rate that is in the total, if there is one.
func (p Package) Chosen() (Rate, bool) {
	for _, r := range p.Rates {
		if r.Chosen {
			return r, true
		}
	}
	return Rate{}, false
}

// Rate is a way to ship a package.
type Rate struct {
	ID         string // "flat_rate:1", what [Session.ChooseShipping] takes
	MethodID   string
	InstanceID int64
	Label      string
	// Cost is without tax. It and Tax are not Valid with WooGraphQL before 1.0,
	// which only tells Shown.
	Cost, Tax decimal.NullDecimal
	// Shown is the price as the store shows it, with tax where its cart has it;
	// only WooGraphQL tells.
	Shown  decimal.NullDecimal
	Chosen bool
}

// Tax is a row of the taxes in the total.
type Tax struct {
	Label  string
	Amount decimal.Decimal
}

// Totals are the cart's totals. Subtotal, Discount, Shipping and Fees are
// without their tax, which stands beside them. They need not add up to the
// paisa: each is rounded by itself.
type Totals struct {
	Subtotal, SubtotalTax decimal.Decimal
	Discount, DiscountTax decimal.Decimal
	Shipping, ShippingTax decimal.Decimal
	Fees, FeesTax         decimal.Decimal
	Tax                   decimal.Decimal
	// Total is what the shopper pays.
	Total pricing.Money
}

// Customer is where the cart is billed and shipped to.
type Customer struct {
	Billing, Shipping checkout.Address
}

// Notice is a remark of the store, tags and entities removed.
type Notice struct {
	Code    string
	Message string
}

// find returns the line with a key.
func (c Cart) find(key string) (Line, bool) {
	for _, l := range c.Lines {
		if l.Key == key {
			return l, true
		}
	}
	return Line{}, false
}
