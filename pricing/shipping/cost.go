package shipping

import (
	"math/big"
	"strings"

	"github.com/shopspring/decimal"
)

// cost is the price of a rate. A formula that is a plain number is kept as it was written; what was computed is a
// double in WooCommerce and is stored with six decimals (wc_format_decimal).
type cost struct {
	rat     *big.Rat
	written bool
	places  int // after the point, when it was written
}

func (c cost) value() *big.Rat {
	if c.rat == nil {
		return new(big.Rat)
	}
	return c.rat
}

func (c cost) plus(r *big.Rat) cost { return cost{rat: new(big.Rat).Add(c.value(), r)} }

func (c cost) decimal() decimal.Decimal {
	switch {
	case c.written && c.places > writtenPlaces:
		return ratDecimal(c.rat, writtenPlaces)
	case c.written:
		return decimal.NewFromBigInt(new(big.Int).Quo(new(big.Int).Mul(c.rat.Num(), tenTo(c.places)), c.rat.Denom()), -int32(c.places))
	}
	return ratDecimal(c.value(), 6)
}

// writtenPlaces is more than a number with 14 significant digits can have and still be a price.
const writtenPlaces = 20

func tenTo(places int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
}

// ratDecimal rounds half away from zero and drops trailing zeros.
func ratDecimal(r *big.Rat, places int) decimal.Decimal {
	text := strings.TrimRight(strings.TrimRight(r.FloatString(places), "0"), ".")
	d, err := decimal.NewFromString(text)
	if err != nil {
		return decimal.Decimal{} // cannot be: FloatString writes plain numbers
	}
	return d
}

// significantText writes a number as PHP turns a double into text: with 14 significant digits. It reports false for
// numbers that PHP would write with an exponent, which no formula can contain.
func significantText(r *big.Rat) (string, bool) {
	if r.Sign() == 0 {
		return "0", true
	}
	abs := new(big.Rat).Abs(r)
	places := 14
	for limit := big.NewRat(1, 1); abs.Cmp(limit) >= 0; limit.Mul(limit, big.NewRat(10, 1)) {
		if places--; places < 0 {
			return "", false
		}
	}
	for limit := big.NewRat(1, 10); abs.Cmp(limit) < 0; limit.Quo(limit, big.NewRat(10, 1)) {
		if places++; places > 17 {
			return "", false
		}
	}
	text := r.FloatString(places)
	if places > 0 {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text, true
}
