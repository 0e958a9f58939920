package shop

import (
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// WithoutTax is wc_get_price_excluding_tax: the amount less the tax of the
// shop's own address, to six decimals.
func (sh *Shop) WithoutTax(p *Product, amount decimal.Decimal) decimal.Decimal {
	if p.TaxStatus == "taxable" && sh.PricesIncludeTax() {
		amount = amount.Sub(SumShares(InclusiveTax(amount, sh.MatchRates(p.TaxClass, sh.BaseAddress()))))
	}
	return amount.Round(wp.RoundingPrecision)
}
