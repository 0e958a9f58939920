package wootest

import (
	"html"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// decimals is woocommerce_price_num_decimals.
func (sh *shop) decimals() int32 {
	n, err := strconv.ParseInt(sh.values["woocommerce_price_num_decimals"], 10, 32)
	if err != nil {
		return 2
	}
	return int32(n)
}

func (sh *shop) symbol() string {
	s, _ := sh.currency.Get("symbol")
	return wp.RawText(s)
}

func (sh *shop) currencyCode() string {
	s, _ := sh.currency.Get("code")
	return wp.RawText(s)
}

// number formats an amount as wc_price does, without the symbol: thousands
// are grouped the Western way whatever the currency.
func (sh *shop) number(d decimal.Decimal) string {
	fixed := d.Abs().StringFixed(sh.decimals())
	whole, frac, _ := strings.Cut(fixed, ".")
	var b strings.Builder
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(sh.values["woocommerce_price_thousand_sep"])
		}
		b.WriteRune(c)
	}
	if frac != "" {
		b.WriteString(sh.values["woocommerce_price_decimal_sep"] + frac)
	}
	return b.String()
}

// around puts the symbol where woocommerce_currency_pos says.
func (sh *shop) around(symbol, number, space string) string {
	switch sh.values["woocommerce_currency_pos"] {
	case "right":
		return number + symbol
	case "left_space":
		return symbol + space + number
	case "right_space":
		return number + space + symbol
	}
	return symbol + number
}

// formatted is the price string of WooGraphQL: symbol decoded, the entity of
// a space left as it is (wc_graphql_price).
func (sh *shop) formatted(d decimal.Decimal) string {
	text := sh.around(html.UnescapeString(sh.symbol()), sh.number(d), "&nbsp;")
	if d.IsNegative() {
		return "-" + text
	}
	return text
}

// encoded is the same with the symbol as WooCommerce stores it, an entity.
func (sh *shop) encoded(d decimal.Decimal) string {
	return sh.around(sh.symbol(), sh.number(d), "&nbsp;")
}

// priceSpan is wc_price's markup.
func (sh *shop) priceSpan(d decimal.Decimal, hidden bool) string {
	attr := ""
	if hidden {
		attr = ` aria-hidden="true"`
	}
	symbol := `<span class="woocommerce-Price-currencySymbol">` + sh.symbol() + `</span>`
	return `<span class="woocommerce-Price-amount amount"` + attr + `><bdi>` + sh.around(symbol, sh.number(d), "&nbsp;") + `</bdi></span>`
}

// displayed is the price the shop page shows: with or without tax at the
// shop's own address (wc_get_price_to_display).
func (sh *shop) displayed(p *product, price decimal.Decimal) decimal.Decimal {
	inclusive, show := sh.pricesIncludeTax(), sh.values["woocommerce_tax_display_shop"] == "incl"
	if p.TaxStatus != "taxable" || !sh.yes("woocommerce_calc_taxes") || inclusive == show {
		return price
	}
	rates := sh.matchRates(p.TaxClass, sh.baseAddress())
	if inclusive {
		return price.Sub(sumShares(inclusiveTax(price, rates)))
	}
	for _, share := range exclusiveTax(price, rates) {
		if !sh.yes("woocommerce_tax_round_at_subtotal") {
			share.amount = share.amount.Round(sh.decimals())
		}
		price = price.Add(share.amount)
	}
	return price
}
