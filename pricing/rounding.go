package pricing

import (
	"math/big"

	"github.com/shopspring/decimal"
)

// Rounding says what becomes of digits finer than the minor unit.
type Rounding uint8

const (
	// Exact refuses them. It is the zero value: rounding is asked for by name.
	Exact Rounding = iota
	// HalfUp rounds to the nearest minor unit and a half away from zero, as
	// PHP's round and WooCommerce's totals do.
	HalfUp
	// HalfDown rounds to the nearest minor unit and a half towards zero, as
	// WooCommerce rounds taxes when prices include them.
	HalfDown
)

// maxCoefficientBits bounds the work FromDecimal does for one amount.
const maxCoefficientBits = 1024

// FromDecimal makes Money of an amount in major units. With Exact, digits
// finer than the minor unit are an *InvalidError; amounts out of range are
// ErrOverflow. The work is bounded whatever the exponent: 1e1000000000 and
// 1e-1000000000 are answered at once.
func FromDecimal(d decimal.Decimal, c Currency, r Rounding) (Money, error) {
	if _, err := ParseCurrency(string(c)); err != nil {
		return Money{}, err
	}
	if r > HalfDown {
		return Money{}, invalid("rounding", "want Exact, HalfUp or HalfDown")
	}
	coefficient := d.Coefficient()
	if coefficient.BitLen() > maxCoefficientBits {
		return Money{}, &InvalidError{Field: "amount", Reason: "has too many digits", Err: ErrOverflow}
	}
	shift := int64(d.Exponent()) + int64(c.MinorDigits())
	minor, err := toMinor(coefficient, shift, r)
	if err != nil {
		return Money{}, err
	}
	return Money{minor, c}, nil
}

// toMinor is coefficient × 10^shift as an int64.
func toMinor(coefficient *big.Int, shift int64, r Rounding) (int64, error) {
	switch {
	case coefficient.Sign() == 0:
		return 0, nil
	case shift > 18:
		return 0, outOfRange()
	case shift >= 0:
		coefficient.Mul(coefficient, tenTo(shift))
	case shift < -maxCoefficientBits: // far below half a unit
		if r == Exact {
			return 0, tooFine()
		}
		return 0, nil
	default:
		if err := divideRound(coefficient, tenTo(-shift), r); err != nil {
			return 0, err
		}
	}
	if !coefficient.IsInt64() {
		return 0, outOfRange()
	}
	return coefficient.Int64(), nil
}

// divideRound sets n to n/by, rounded as r says.
func divideRound(n, by *big.Int, r Rounding) error {
	var rest big.Int
	sign := int64(n.Sign())
	n.QuoRem(n, by, &rest)
	if rest.Sign() == 0 {
		return nil
	}
	if r == Exact {
		return tooFine()
	}
	half := rest.Lsh(rest.Abs(&rest), 1).Cmp(by)
	if half > 0 || half == 0 && r == HalfUp {
		n.Add(n, big.NewInt(sign))
	}
	return nil
}

func tooFine() error {
	return invalid("amount", "is finer than the currency's minor unit; name a rounding")
}

func tenTo(n int64) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(n), nil)
}
