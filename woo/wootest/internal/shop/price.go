package shop

import (
	"html"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// Decimals is woocommerce_price_num_decimals.
func (sh *Shop) Decimals() int32 {
	n, err := strconv.ParseInt(sh.Values["woocommerce_price_num_decimals"], 10, 32)
	if err != nil {
		return 2
	}
	return int32(n)
}

// Symbol is the currency's, as WooCommerce stores it: an HTML entity.
func (sh *Shop) Symbol() string {
	s, _ := sh.Currency.Get("symbol")
	return wp.RawText(s)
}

// CurrencyCode is the currency's ISO 4217 code.
func (sh *Shop) CurrencyCode() string {
	s, _ := sh.Currency.Get("code")
	return wp.RawText(s)
}

// Number formats an amount as wc_price does, without the symbol: thousands
// are grouped the Western way whatever the currency.
func (sh *Shop) Number(d decimal.Decimal) string {
	fixed := d.Abs().StringFixed(sh.Decimals())
	whole, frac, _ := strings.Cut(fixed, ".")
	var b strings.Builder
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(sh.Values["woocommerce_price_thousand_sep"])
		}
		b.WriteRune(c)
	}
	if frac != "" {
		b.WriteString(sh.Values["woocommerce_price_decimal_sep"] + frac)
	}
	return b.String()
}

// around puts the symbol where woocommerce_currency_pos says.
func (sh *Shop) around(symbol, number, space string) string {
	switch sh.Values["woocommerce_currency_pos"] {
	case "right":
		return number + symbol
	case "left_space":
		return symbol + space + number
	case "right_space":
		return number + space + symbol
	}
	return symbol + number
}

// Formatted is the price string of WooGraphQL: symbol decoded, the entity of
// a space left as it is (wc_graphql_price).
func (sh *Shop) Formatted(d decimal.Decimal) string {
	text := sh.around(html.UnescapeString(sh.Symbol()), sh.Number(d), "&nbsp;")
	if d.IsNegative() {
		return "-" + text
	}
	return text
}

// Encoded is the same with the symbol as WooCommerce stores it, an entity.
func (sh *Shop) Encoded(d decimal.Decimal) string {
	return sh.around(sh.Symbol(), sh.Number(d), "&nbsp;")
}

// PriceSpan is wc_price's markup.
func (sh *Shop) PriceSpan(d decimal.Decimal, hidden bool) string {
	attr := ""
	if hidden {
		attr = ` aria-hidden="true"`
	}
	sign := ""
	if d.IsNegative() {
		sign = "-"
	}
	symbol := `<span class="woocommerce-Price-currencySymbol">` + sh.Symbol() + `</span>`
	return `<span class="woocommerce-Price-amount amount"` + attr + `><bdi>` + sign + sh.around(symbol, sh.Number(d), "&nbsp;") + `</bdi></span>`
}

// Displayed is the price the shop page shows: with or without tax at the
// shop's own address (wc_get_price_to_display).
func (sh *Shop) Displayed(p *Product, price decimal.Decimal) decimal.Decimal {
	inclusive, show := sh.PricesIncludeTax(), sh.Values["woocommerce_tax_display_shop"] == "incl"
	if p.TaxStatus != "taxable" || !sh.Yes("woocommerce_calc_taxes") || inclusive == show {
		return price
	}
	rates := sh.MatchRates(p.TaxClass, sh.BaseAddress())
	if inclusive {
		return price.Sub(SumShares(InclusiveTax(price, rates)))
	}
	for _, share := range ExclusiveTax(price, rates) {
		if !sh.Yes("woocommerce_tax_round_at_subtotal") {
			share.Amount = share.Amount.Round(sh.Decimals())
		}
		price = price.Add(share.Amount)
	}
	return price
}
