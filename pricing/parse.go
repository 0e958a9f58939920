package pricing

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
	if _, err := ParseCurrency(string(c)); err != nil {
		return Money{}, err
	}
	negative := len(amount) > 0 && amount[0] == '-'
	if negative {
		amount = amount[1:]
	}
	units, err := scanPlain(amount, c.MinorDigits())
	if err != nil {
		return Money{}, err
	}
	minor, ok := signed(units, negative)
	if !ok {
		return Money{}, outOfRange("amount")
	}
	if negative && minor == 0 {
		return Money{}, invalid("amount", "zero has no sign")
	}
	return Money{minor, c}, nil
}

func outOfRange(field string) error {
	return &InvalidError{Field: field, Reason: "does not fit 64 bits of minor units", Err: ErrOverflow}
}

// maxPlain is longer than any amount of 64 bits: 19 digits and a point.
const maxPlain = 24

// scanPlain reads digits with an optional point into minor units.
func scanPlain(s string, decimals int) (uint64, error) {
	switch {
	case s == "":
		return 0, invalid("amount", "is empty")
	case len(s) > maxPlain:
		return 0, outOfRange("amount")
	case len(s) > 1 && s[0] == '0' && s[1] != '.':
		return 0, invalid("amount", "starts with a needless zero")
	}
	var units uint64
	point := -1
	for i := range len(s) {
		switch ch := s[i]; {
		case ch >= '0' && ch <= '9':
			if units > (1<<63-9)/10 && units > (1<<63-uint64(ch-'0'))/10 {
				return 0, outOfRange("amount")
			}
			units = units*10 + uint64(ch-'0')
		case ch == '.' && point < 0 && i > 0 && i < len(s)-1:
			point = i
		default:
			return 0, invalid("amount", "want digits with at most one point, such as 499.00")
		}
	}
	written := 0
	if point >= 0 {
		written = len(s) - 1 - point
	}
	if written > decimals {
		return 0, invalid("amount", "has more decimals than the currency")
	}
	return scaleUp(units, decimals-written)
}

func scaleUp(units uint64, zeros int) (uint64, error) {
	p := pow10(zeros)
	if units > (1<<63)/p {
		return 0, outOfRange("amount")
	}
	return units * p, nil
}
