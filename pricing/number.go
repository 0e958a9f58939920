package pricing

import "github.com/shopspring/decimal"

// maxDigits bounds the digits of one amount, decimals included. 18 digits
// always fit an int64.
const maxDigits = 18

// number is an amount as written: units × 10^-decimals.
type number struct {
	units    int64
	decimals int
}

func (n number) decimal() decimal.Decimal {
	return decimal.New(n.units, -int32(n.decimals))
}

// normal drops zeros at the end of the decimals, so that equal amounts are
// == to each other.
func (n number) normal() number {
	for n.decimals > 0 && n.units%10 == 0 {
		n = number{n.units / 10, n.decimals - 1}
	}
	return n
}

func (n number) equal(o number) bool { return n.normal() == o.normal() }

// less compares exactly; both have at most 18 digits, so scaling by their
// decimals may overflow and is left to decimal.
func (n number) less(o number) bool {
	if n.decimals == o.decimals {
		return n.units < o.units
	}
	return n.decimal().LessThan(o.decimal())
}

// minor is the amount in units of 10^-digits. The reason is empty when it is
// exact and fits.
func (n number) minor(digits int) (int64, string) {
	if n.decimals > digits {
		n = n.normal()
	}
	if n.decimals > digits {
		return 0, "is finer than the currency's minor unit"
	}
	units, err := scaleUp(magnitude(n.units), digits-n.decimals)
	minor, ok := signed(units, n.units < 0)
	if err != nil || !ok {
		return 0, "does not fit 64 bits of minor units"
	}
	return minor, ""
}

// groups checks thousand separators while a number is read.
type groups struct {
	count  int  // separators so far
	first  int  // digits before the first one
	uneven bool // a middle group is not three digits: not Western
	odd    bool // a middle group is not two digits: not Indian
}

// next takes the digits before a separator.
func (g *groups) next(digits int) {
	if g.count == 0 {
		g.first = digits
	} else {
		g.uneven = g.uneven || digits != 3
		g.odd = g.odd || digits != 2
	}
	g.count++
}

// last takes the digits of the final group and tells whether all of it is
// Western (1,234,567) or Indian (12,34,567) grouping, or none at all.
func (g *groups) last(digits int) bool {
	if g.count == 0 {
		return true
	}
	western := !g.uneven && g.first <= 3
	indian := !g.odd && g.first <= 2
	return digits == 3 && (western || indian)
}

const (
	tooLong     = "more than 18 digits"
	badGrouping = "digits grouped neither the Western nor the Indian way"
	tooMany     = "more decimals than the store shows"
	needless    = "needless zero in front"
)

// number reads digits with the store's separators from s[i], which is a
// digit, as far as they go. A separator counts only between digits. The
// reason is empty when the number is well-formed.
func (p *Parser) number(s string, i int, n *number) (end int, reason string) {
	var g groups
	var units int64 // may wrap around; too many digits are refused below
	start, run := i, i
	digits, whole := 0, -1
	for i < len(s) {
		if d := s[i] - '0'; d <= 9 {
			units = units*10 + int64(d)
			i++
			continue
		}
		kind, next := p.separatorAt(s, i)
		if kind == noSeparator || whole >= 0 {
			break // what follows the decimals is another number, if any
		}
		digits += i - run
		switch {
		case kind == thousands:
			g.next(i - run)
		case !g.last(i - run):
			return i, badGrouping
		default:
			whole = digits
		}
		i, run = next, next
	}
	digits += i - run
	if whole < 0 {
		if !g.last(i - run) {
			return i, badGrouping
		}
		whole = digits
	}
	n.units, n.decimals = units, digits-whole
	switch {
	case digits > maxDigits:
		return i, tooLong
	case n.decimals > p.decimals:
		return i, tooMany
	case whole > 1 && s[start] == '0':
		return i, needless
	}
	return i, ""
}

type separatorKind uint8

const (
	noSeparator separatorKind = iota
	thousands
	point
)

// separatorAt tells which of the store's separators is at s[i], and where
// the digit behind it is.
func (p *Parser) separatorAt(s string, i int) (separatorKind, int) {
	r, next := rune(s[i]), i+1
	if r >= 0x80 || r == '&' || r < ' ' {
		var width int
		r, width = decode(s, i)
		r, next = fold(r), i+width
	}
	switch {
	case next >= len(s) || !isDigit(s[next]):
		return noSeparator, 0
	case r == p.thousand:
		return thousands, next
	case r == p.point:
		return point, next
	}
	return noSeparator, 0
}
