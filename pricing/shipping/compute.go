package shipping

import (
	"math/big"
	"strings"
)

// Limits of a formula.
const (
	maxDepth = 40
	maxBits  = 2048
)

// formula computes an expression without spaces, in exact fractions. Its language is that of WooCommerce's cost fields
// (WC_Eval_Math): + - * / ^ and parentheses, e = 2.71 and pi = 3.14, and two operands side by side are multiplied.
type formula struct {
	text  string
	at    int
	depth int
}

// binding is how tightly an operator binds; ^ is the tightest, and a sign binds like *.
func binding(op byte) int {
	switch op {
	case '+', '-':
		return 1
	case '*', '/':
		return 2
	case '^':
		return 3
	}
	return 0
}

// compute evaluates a formula that is not empty.
func compute(text string) (cost, error) {
	if len(text) > 4*maxFormula {
		return cost{}, invalid("", "is too long")
	}
	f := &formula{text: text}
	written, places := f.number() == len(text), 0
	if point := strings.IndexByte(text, '.'); point >= 0 {
		places = len(text) - point - 1
	}
	value, err := f.expression(1)
	if err != nil {
		return cost{}, err
	}
	if f.at < len(f.text) {
		return cost{}, invalid("", "has a sign that does not belong into a cost, or a parenthesis too many")
	}
	return cost{rat: value, written: written, places: places}, nil
}

// expression reads operands joined by operators that bind at least as tightly as least.
func (f *formula) expression(least int) (*big.Rat, error) {
	if f.depth++; f.depth > maxDepth {
		return nil, invalid("", "is nested too deeply")
	}
	defer func() { f.depth-- }()
	left, err := f.operand()
	for err == nil && f.at < len(f.text) {
		op, width := f.text[f.at], 1
		if f.startsOperand() {
			op, width = '*', 0
		}
		b := binding(op)
		if b < least {
			return left, nil
		}
		f.at += width
		next := b + 1
		if op == '^' {
			next = b
		}
		var right *big.Rat
		if right, err = f.expression(next); err == nil {
			left, err = apply(op, left, right)
		}
	}
	return left, err
}

func (f *formula) operand() (*big.Rat, error) {
	if f.at >= len(f.text) {
		return nil, invalid("", "ends where a number is expected")
	}
	switch c := f.text[f.at]; {
	case c == '-':
		f.at++
		v, err := f.expression(3)
		if err != nil {
			return nil, err
		}
		return v.Neg(v), nil
	case c == '(':
		f.at++
		return f.closed()
	}
	if n := f.number(); n > 0 {
		digits := f.text[f.at : f.at+n]
		f.at += n
		if v, ok := plainNumber(digits); ok {
			return v, nil
		}
		return nil, invalid("", "has a number that is too long")
	}
	for name, value := range map[string]*big.Rat{"pi": big.NewRat(314, 100), "e": big.NewRat(271, 100)} {
		if f.word() == name {
			f.at += len(name)
			return value, nil
		}
	}
	return nil, invalid("", "has something that is neither a number nor [qty], [cost] or [fee]")
}

// closed reads an expression up to its parenthesis.
func (f *formula) closed() (*big.Rat, error) {
	v, err := f.expression(1)
	if err != nil {
		return nil, err
	}
	if f.at >= len(f.text) || f.text[f.at] != ')' {
		return nil, invalid("", "has a parenthesis that is not closed")
	}
	f.at++
	return v, nil
}

// startsOperand says whether a number, name or parenthesis begins here.
func (f *formula) startsOperand() bool {
	return f.text[f.at] == '(' || f.number() > 0 || f.word() != ""
}

// number is the length of the number that begins here: digits, with a point among, before or after them.
func (f *formula) number() int {
	rest := f.text[f.at:]
	whole := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
	if whole < len(rest) && rest[whole] == '.' {
		fraction := rest[whole+1:]
		n := len(fraction) - len(strings.TrimLeft(fraction, "0123456789"))
		if whole > 0 || n > 0 {
			return whole + 1 + n
		}
	}
	return whole
}

// word is the name that begins here.
func (f *formula) word() string {
	rest := f.text[f.at:]
	n := 0
	for n < len(rest) && (isLetter(rest[n]) || (n > 0 && (rest[n] == '_' || (rest[n] >= '0' && rest[n] <= '9')))) {
		n++
	}
	return rest[:n]
}

func isLetter(c byte) bool { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') }

// apply computes one operation.
func apply(op byte, a, b *big.Rat) (*big.Rat, error) {
	v := new(big.Rat)
	switch op {
	case '+':
		v.Add(a, b)
	case '-':
		v.Sub(a, b)
	case '*':
		v.Mul(a, b)
	case '/':
		if b.Sign() == 0 {
			return nil, invalid("", "divides by zero for this cart")
		}
		v.Quo(a, b)
	default:
		return power(a, b)
	}
	return v, tooLarge(v)
}

func tooLarge(v *big.Rat) error {
	if v.Num().BitLen() > maxBits || v.Denom().BitLen() > maxBits {
		return invalid("", "becomes too large")
	}
	return nil
}

// power raises to a whole exponent; the others have no exact result.
func power(a, b *big.Rat) (*big.Rat, error) {
	if !b.IsInt() || !b.Num().IsInt64() {
		return nil, &UnsupportedError{Feature: "powers with an exponent that is not a whole number"}
	}
	n := b.Num().Int64()
	size := int64(max(a.Num().BitLen(), a.Denom().BitLen(), 1))
	if n > maxBits || n < -maxBits || size*max(n, -n) > maxBits {
		return nil, invalid("", "becomes too large")
	}
	if n < 0 && a.Sign() == 0 {
		return nil, invalid("", "divides by zero for this cart")
	}
	e := big.NewInt(max(n, -n))
	num, den := new(big.Int).Exp(a.Num(), e, nil), new(big.Int).Exp(a.Denom(), e, nil)
	if n < 0 {
		num, den = den, num
	}
	return new(big.Rat).SetFrac(num, den), nil
}
