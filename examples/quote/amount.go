package main

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/quote"
)

// number writes a decimal as a JSON number.
type number decimal.Decimal

// MarshalJSON implements json.Marshaler.
func (n number) MarshalJSON() ([]byte, error) { return []byte(shortest(decimal.Decimal(n))), nil }

func plain(d decimal.Decimal) string { return d.StringFixed(max(-d.Exponent(), 0)) }

// shortest writes a decimal without trailing zeros.
func shortest(d decimal.Decimal) string {
	text := plain(d)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// shown is an amount as wc_price prints it: 15 significant digits, then half away from zero.
func shown(d decimal.Decimal, places int) string {
	if extra := d.NumDigits() - 15; extra > 0 {
		d = d.Round(-d.Exponent() - int32(extra))
	}
	return d.StringFixed(int32(places))
}

// taxMap writes taxes by rate in WooCommerce's order.
type taxMap []quote.CartTax

// MarshalJSON implements json.Marshaler.
func (m taxMap) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, t := range m {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendQuote(b, strconv.FormatInt(t.RateID, 10))
		b = append(append(b, ':'), shortest(t.Amount)...)
	}
	return append(b, '}'), nil
}
