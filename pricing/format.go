package pricing

import "github.com/shopspring/decimal"

// Position says where the currency symbol stands, as WooCommerce's option
// woocommerce_currency_pos does. The spaces are non-breaking (U+00A0).
type Position uint8

// The four positions.
const (
	Left       Position = iota // ₹499.00
	Right                      // 499.00₹
	LeftSpace                  // ₹ 499.00
	RightSpace                 // 499.00 ₹
)

// Grouping says how the digits before the point are grouped.
type Grouping uint8

const (
	// Western groups by threes: 1,234,567. WooCommerce does so for INR too.
	Western Grouping = iota
	// Indian groups the last three digits, then by twos: 12,34,567.
	Indian
)

// Format is how a store writes prices: WooCommerce's currency options. It
// both writes (Money, Amount) and, given to NewParser, reads.
type Format struct {
	Symbol    string   // "₹"; HTML entities and tags are understood by NewParser
	Position  Position // where the symbol stands
	Thousand  string   // separator of groups, may be empty
	Decimal   string   // separator of decimals
	Decimals  int      // how many decimals are shown, 0 to 8
	Grouping  Grouping // Western or Indian
	TrimZeros bool     // leave decimals out when all of them are zero
}

// IndianFormat writes ₹1,23,456.50.
func IndianFormat() Format {
	return Format{Symbol: "₹", Thousand: ",", Decimal: ".", Decimals: 2, Grouping: Indian}
}

// Money writes an amount with the store's symbol and separators, rounded to
// the format's decimals.
func (f Format) Money(m Money) string { return f.Amount(m.Decimal()) }

// Amount writes an amount of major units, rounded half away from zero to
// the format's decimals.
func (f Format) Amount(d decimal.Decimal) string {
	return f.Symbol + d.StringFixed(int32(f.Decimals))
}
