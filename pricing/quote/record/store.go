package record

import (
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// Settings are WooCommerce's options as records name them.
type Settings struct {
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

// Settings are the same for a WooCommerce version.
func (s Settings) Settings(version string) quote.Settings {
	return quote.Settings{
		Currency: s.Currency, Decimals: s.Decimals, TaxEnabled: s.TaxEnabled, PricesIncludeTax: s.Inclusive,
		RoundAtSubtotal: s.AtSubtotal, BaseCountry: s.BaseCountry, BaseState: s.BaseState, TaxBasedOn: s.BasedOn,
		CartDisplay: s.Display, ShippingTaxClass: s.Shipping, FixedGrossPrice: s.Adjust != nil && !*s.Adjust,
		SequentialDiscounts: s.Sequential, Version: version, TaxClasses: s.Classes,
	}
}

// Line is a line of a cart.
type Line struct {
	Product    int64           `json:"product_id"`
	Parent     int64           `json:"parent_id"`
	Name       string          `json:"name"`
	Categories []int64         `json:"category_ids"`
	Price      Amount          `json:"price"`
	Regular    Amount          `json:"regular_price"`
	Quantity   int64           `json:"quantity"`
	TaxStatus  quote.TaxStatus `json:"tax_status"`
	TaxClass   string          `json:"tax_class"`
	OnSale     bool            `json:"on_sale"`
	Class      string          `json:"shipping_class"`
	Weight     Amount          `json:"weight"`
	Virtual    bool            `json:"virtual"`
}

// Line is the line to be quoted.
func (l Line) Line() quote.Line {
	return quote.Line{
		ProductID: l.Product, ParentID: l.Parent, Name: l.Name, CategoryIDs: l.Categories,
		UnitPrice: l.Price.Decimal, RegularPrice: l.Regular.Decimal, Quantity: l.Quantity, OnSale: l.OnSale,
		TaxStatus: l.TaxStatus, TaxClass: l.TaxClass, ShippingClass: l.Class, Weight: l.Weight.Decimal, Virtual: l.Virtual,
	}
}

// Lines are lines to be quoted. One without a price is an *quote.InvalidError: nothing is free by accident.
func Lines(lines []Line) ([]quote.Line, error) {
	var out []quote.Line
	for i, l := range lines {
		if !l.Price.Set {
			return nil, missing("lines", i, "price")
		}
		out = append(out, l.Line())
	}
	return out, nil
}

// Fee is a charge besides the goods.
type Fee struct {
	Name     string `json:"name"`
	Amount   Amount `json:"amount"`
	Taxable  bool   `json:"taxable"`
	TaxClass string `json:"tax_class"`
}

// Fees are fees to be quoted. One without an amount is an *quote.InvalidError.
func Fees(fees []Fee) ([]quote.Fee, error) {
	var out []quote.Fee
	for i, f := range fees {
		if !f.Amount.Set {
			return nil, missing("fees", i, "amount")
		}
		out = append(out, quote.Fee{Name: f.Name, Amount: f.Amount.Decimal, Taxable: f.Taxable, TaxClass: f.TaxClass})
	}
	return out, nil
}
