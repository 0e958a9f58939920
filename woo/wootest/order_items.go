package wootest

import (
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// withoutTax is wc_get_price_excluding_tax: the amount less the tax of the
// shop's own address, to six decimals.
func (sh *shop) withoutTax(p *product, amount decimal.Decimal) decimal.Decimal {
	if p.TaxStatus == "taxable" && sh.pricesIncludeTax() {
		amount = amount.Sub(sumShares(inclusiveTax(amount, sh.matchRates(p.TaxClass, sh.baseAddress()))))
	}
	return amount.Round(wp.RoundingPrecision)
}
