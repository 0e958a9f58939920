package storeapi

import (
	"html"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/orders"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// minor is an amount in the currency's smallest unit, as text without
// separators (StoreApi\Formatters\MoneyFormatter).
func minor(sh *shop.Shop, d decimal.Decimal) string {
	return d.Shift(sh.Decimals()).Round(0).String()
}

// rawMinor is an amount with the precision WooCommerce computes with, as the
// raw_prices of a cart item have it.
func rawMinor(d decimal.Decimal) string {
	return d.Round(wp.RoundingPrecision).Shift(wp.RoundingPrecision).Round(0).String()
}

// currencyMembers say how amounts beside them are to be shown
// (StoreApi\Formatters\CurrencyFormatter).
func currencyMembers(sh *shop.Shop) wp.Object {
	symbol := html.UnescapeString(sh.Symbol())
	prefix, suffix := symbol, ""
	switch sh.Values["woocommerce_currency_pos"] {
	case "left_space":
		prefix = symbol + " "
	case "right":
		prefix, suffix = "", symbol
	case "right_space":
		prefix, suffix = "", " "+symbol
	}
	return wp.Object{
		{"currency_code", sh.CurrencyCode()}, {"currency_symbol", symbol}, {"currency_minor_unit", sh.Decimals()},
		{"currency_decimal_separator", sh.Values["woocommerce_price_decimal_sep"]},
		{"currency_thousand_separator", sh.Values["woocommerce_price_thousand_sep"]},
		{"currency_prefix", prefix}, {"currency_suffix", suffix},
	}
}

// priced is what a product's price is at an address: prices are displayed with
// or without tax, and one that includes the shop's own tax is changed to the
// address's (wc_get_price_including_tax, wc_get_price_excluding_tax).
type priced struct {
	shop      *shop.Shop
	at        shop.Place
	inclusive bool // show with tax
}

// of answers a product's price as shown at the address.
func (v priced) of(p *shop.Product, price decimal.Decimal) decimal.Decimal {
	sh := v.shop
	if p.TaxStatus != "taxable" || !sh.Yes("woocommerce_calc_taxes") {
		return price
	}
	rates, base := sh.MatchRates(p.TaxClass, v.at), sh.MatchRates(p.TaxClass, sh.BaseAddress())
	switch {
	case !sh.PricesIncludeTax() && v.inclusive:
		return price.Add(v.total(shop.ExclusiveTax(price, rates))).Round(sh.Decimals())
	case sh.PricesIncludeTax() && !v.inclusive:
		return price.Sub(shop.SumShares(shop.InclusiveTax(price, base)))
	case sh.PricesIncludeTax() && !sameRates(rates, base):
		inside := shop.InclusiveTax(price, base)
		outside := shop.ExclusiveTax(price.Sub(shop.SumShares(inside)), rates)
		return price.Sub(v.total(inside)).Add(v.total(outside)).Round(sh.Decimals())
	}
	return price
}

// total adds up taxes, each rounded unless the shop rounds at the subtotal.
func (v priced) total(list []shop.Share) decimal.Decimal {
	if v.shop.Yes("woocommerce_tax_round_at_subtotal") {
		return shop.SumShares(list)
	}
	sum := decimal.Zero
	for _, s := range list {
		sum = sum.Add(roundTax(v.shop, s.Amount))
	}
	return sum
}

// roundTax is wc_round_tax_total: half down where prices include tax.
func roundTax(sh *shop.Shop, d decimal.Decimal) decimal.Decimal {
	if sh.PricesIncludeTax() {
		return orders.RoundHalfDown(d.Round(wp.RoundingPrecision), sh.Decimals())
	}
	return d.Round(sh.Decimals())
}

func sameRates(a, b []shop.TaxRate) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].ID != b[i].ID {
			return false
		}
	}
	return true
}

// texturize is the part of wptexturize, convert_chars and trim that WooCommerce
// sends names through: dashes, dots and quotes outside of tags.
func texturize(text string) string {
	var b strings.Builder
	for text = strings.TrimSpace(text); text != ""; {
		plain, rest, tagged := strings.Cut(text, "<")
		b.WriteString(curl(plain))
		if !tagged {
			break
		}
		tag, after, _ := strings.Cut(rest, ">")
		b.WriteString("<" + tag + ">")
		text = after
	}
	return b.String()
}

func curl(text string) string {
	text = strings.NewReplacer(" - ", " &#8211; ", "--", "&#8211;", "...", "&#8230;", ` "`, " &#8220;", ` '`, " &#8216;").Replace(text)
	if rest, ok := strings.CutPrefix(text, `"`); ok {
		text = "&#8220;" + rest
	}
	return strings.NewReplacer(`"`, "&#8221;", `'`, "&#8217;").Replace(text)
}
