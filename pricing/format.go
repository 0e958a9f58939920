package pricing

import (
	"html"
	"strings"

	"github.com/shopspring/decimal"
)

// Position says where the currency symbol stands: WooCommerce's option
// woocommerce_currency_pos.
type Position uint8

// The four positions. The space is non-breaking (U+00A0).
const (
	Left       Position = iota // ₹499.00
	Right                      // 499.00₹
	LeftSpace                  // ₹ 499.00
	RightSpace                 // 499.00 ₹
)

// Grouping says how the digits before the decimals are grouped.
type Grouping uint8

const (
	// Western groups by threes: 1,234,567. WooCommerce does so, for INR too.
	Western Grouping = iota
	// Indian sets off the last three digits, then groups by twos: 12,34,567.
	// Shops get it by a filter on formatted_woocommerce_price.
	Indian
)

// Format is how a store writes prices, taken from its settings. It writes
// (methods Money and Amount) and configures reading (NewParser). Symbol,
// Thousand and Decimal may be written as WooCommerce stores them, with HTML
// entities ("&#8377;", "&nbsp;") and tags.
type Format struct {
	Symbol    string   // get_woocommerce_currency_symbol; may be empty
	Position  Position // woocommerce_currency_pos
	Thousand  string   // woocommerce_price_thousand_sep; may be empty
	Decimal   string   // woocommerce_price_decimal_sep; empty means ".", as it does to WooCommerce
	Decimals  int      // woocommerce_price_num_decimals, 0 to 10
	Grouping  Grouping // how Money and Amount group; a Parser reads either
	TrimZeros bool     // filter woocommerce_price_trim_zeros: ₹499, but ₹499.50
	Suffix    string   // woocommerce_price_display_suffix, for reading: "incl. GST", "{price_excluding_tax} plus GST"
}

// IndianFormat writes ₹1,23,456.50.
func IndianFormat() Format {
	return Format{Symbol: "₹", Thousand: ",", Decimal: ".", Decimals: 2, Grouping: Indian}
}

// WesternFormat writes $123,456.50 with the given symbol. With "₹" it is how
// WooCommerce itself writes rupees: ₹123,456.50.
func WesternFormat(symbol string) Format {
	return Format{Symbol: symbol, Thousand: ",", Decimal: ".", Decimals: 2}
}

// Money writes an amount as the store shows it, rounded half away from zero
// where the store shows fewer decimals than the currency has. The currency's
// own code is not written: the symbol is the store's.
func (f Format) Money(m Money) string { return f.Amount(m.Decimal()) }

// maxExponent bounds how far Amount expands a decimal.
const maxExponent = 1000

// Amount writes an amount of major units as wc_price does, without HTML:
// rounded half away from zero to the store's decimals, a minus in front of
// everything else. An amount that rounds to zero has no sign. Amounts with an
// exponent beyond ±1000 are written with the exponent, never expanded.
func (f Format) Amount(d decimal.Decimal) string {
	f = f.plain()
	if e := d.Exponent(); e > maxExponent || e < -maxExponent {
		return f.place(d.Coefficient().String()+"e"+decimal.NewFromInt32(e).String(), false)
	}
	rounded := d.Round(int32(f.Decimals))
	whole, part, _ := strings.Cut(rounded.Abs().StringFixed(int32(f.Decimals)), ".")
	number := f.group(whole)
	if part != "" && !(f.TrimZeros && strings.Trim(part, "0") == "") {
		number += f.Decimal + part
	}
	return f.place(number, rounded.Sign() < 0)
}

// plain decodes what is stored as HTML and fills in WooCommerce's defaults.
func (f Format) plain() Format {
	f.Symbol = plainText(f.Symbol)
	f.Thousand = plainText(f.Thousand)
	f.Decimal = plainText(f.Decimal)
	if f.Decimal == "" {
		f.Decimal = "."
	}
	f.Decimals = min(max(f.Decimals, 0), maxDecimals)
	return f
}

// maxDecimals is how many decimals a store may show.
const maxDecimals = 10

// plainText strips tags and decodes entities of a setting.
func plainText(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return s
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "<")
		b.WriteString(before)
		_, after, closed := strings.Cut(rest, ">")
		if !found || !closed {
			return html.UnescapeString(b.String())
		}
		s = after
	}
}

// group sets thousand separators into digits.
func (f Format) group(digits string) string {
	if f.Thousand == "" || len(digits) <= 3 {
		return digits
	}
	size := 3
	if f.Grouping == Indian {
		size = 2
	}
	var b strings.Builder
	head := len(digits) - 3
	for i := range head {
		if i > 0 && (head-i)%size == 0 {
			b.WriteString(f.Thousand)
		}
		b.WriteByte(digits[i])
	}
	b.WriteString(f.Thousand)
	b.WriteString(digits[head:])
	return b.String()
}

// place puts the symbol and the sign at a number.
func (f Format) place(number string, negative bool) string {
	const space = "\u00a0"
	switch f.Position {
	case Right:
		number += f.Symbol
	case LeftSpace:
		number = f.Symbol + space + number
	case RightSpace:
		number += space + f.Symbol
	default:
		number = f.Symbol + number
	}
	if negative {
		return "-" + number
	}
	return number
}
