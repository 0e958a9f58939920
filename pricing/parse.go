package pricing

import "math/bits"

// Parse reads an amount that is not negative, written as a plain decimal:
// digits, and after a point at most as many as the currency has ("499",
// "499.5" and "499.00" for INR). Everything else is refused with an
// *InvalidError: signs, exponents, separators, spaces, leading zeros, digits
// of other scripts, excess decimals, the empty string. What is too large for
// 64 bits is ErrOverflow as well.
//
// It is for configuration, query parameters and the like. Texts with a
// currency symbol or thousand separators are a PriceParser's.
func Parse(amount string, c Currency) (Money, error) {
	if len(amount) > 0 && amount[0] == '-' {
		return Money{}, invalid("amount", "must not be negative")
	}
	return ParseSigned(amount, c)
}

// ParseSigned is Parse for amounts that may be negative, such as a
// correction: one '-' may stand in front. "-0" is refused.
func ParseSigned(amount string, c Currency) (Money, error) {
	digits := minorDigits(c)
	if digits < 0 {
		return Money{}, errCurrency()
	}
	negative := len(amount) > 0 && amount[0] == '-'
	if negative {
		amount = amount[1:]
	}
	units, err := scanPlain(amount, digits)
	if err != nil {
		return Money{}, err
	}
	minor, ok := signed(units, negative)
	if !ok {
		return Money{}, outOfRange()
	}
	if negative && minor == 0 {
		return Money{}, invalid("amount", "zero has no sign")
	}
	return Money{minor, c}, nil
}

func outOfRange() error {
	return &InvalidError{Field: "amount", Reason: "does not fit 64 bits of minor units", Err: ErrOverflow}
}

// maxPlain is the longest amount of 64 bits without its sign: 19 digits and
// a point.
const maxPlain = 20

// scanPlain reads digits with an optional point into minor units.
func scanPlain(s string, decimals int) (uint64, error) {
	switch {
	case s == "":
		return 0, invalid("amount", "is empty")
	case len(s) > maxPlain:
		return 0, outOfRange()
	case len(s) > 1 && s[0] == '0' && s[1] != '.':
		return 0, invalid("amount", "starts with a needless zero")
	}
	var units uint64
	written := 0 // digits after the point
	for i, last := 0, len(s)-1; i <= last; i++ {
		switch {
		case isDigit(s[i]):
			units = units*10 + uint64(s[i]-'0')
		case s[i] == '.' && written == 0 && i > 0 && i < last:
			written = last - i
		default:
			return 0, invalid("amount", "want digits with at most one point, such as 499.00")
		}
	}
	switch {
	case written > decimals:
		return 0, invalid("amount", "has more decimals than the currency")
	case written == 0 && len(s) == maxPlain:
		return 0, outOfRange()
	}
	return scaleUp(units, decimals-written)
}

func isDigit(ch byte) bool { return ch-'0' <= 9 }

// scaleUp appends zeros.
func scaleUp(units uint64, zeros int) (uint64, error) {
	hi, lo := bits.Mul64(units, pow10(zeros))
	if hi != 0 {
		return 0, outOfRange()
	}
	return lo, nil
}
