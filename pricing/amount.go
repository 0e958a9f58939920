package pricing

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// amount is a number in a text, with its sign and symbol.
type amount struct {
	number
	start, end int  // where it stands, sign and symbol included
	symbol     bool // the store's symbol is there
	glued      bool // a letter, '+' or '%' follows without a space
	before     gapText
	role       role
}

// amountAt reads an amount that begins at s[i]: a sign, the symbol on its
// side, and a number. A text that is none is not found; one that is wrong in
// itself, such as ₹-5 or ₹12,34, has a reason.
func (p *Parser) amountAt(s string, i int, a *amount) (found bool, reason string) {
	a.start = i
	negative := s[i] == '-'
	if negative {
		i = skipTags(s, i+1)
		if p.signAt(a.start) {
			i = gap(s, i)
		}
		if i == len(s) {
			return false, ""
		}
	}
	if !p.right {
		if behind := p.symbolAt(s, i); behind > i {
			a.symbol = true
			i = gap(s, behind)
		}
	}
	if i == len(s) || !isDigit(s[i]) {
		return false, a.misplacedSign(s, i)
	}
	a.end, reason = p.number(s, i, &a.number)
	if reason != "" {
		return true, reason
	}
	if p.right {
		a.takeSymbol(p, s)
	}
	if negative {
		a.units = -a.units
	}
	a.glued, reason = glue(s, a.end)
	return true, reason
}

// signAt says that a minus is a sign even if a space follows: in front of everything, where the store writes one.
// Further on, "- 5" is the end of a range.
func (p *Parser) signAt(i int) bool { return p.spaced && i == 0 }

// takeSymbol looks for the symbol behind the number.
func (a *amount) takeSymbol(p *Parser, s string) {
	at := gap(s, a.end)
	if behind := p.symbolAt(s, at); behind > at {
		a.end, a.symbol = behind, true
	}
}

// misplacedSign recognises ₹-5: a sign between symbol and number.
func (a *amount) misplacedSign(s string, i int) string {
	if a.symbol && i+1 < len(s) && (s[i] == '-' || s[i] == '+') && isDigit(s[i+1]) {
		return "sign between symbol and number"
	}
	return ""
}

// glue looks at what follows an amount directly. Letters may: WooCommerce's
// text without tags reads "₹499.00Current price is: ₹499.00."
func glue(s string, i int) (glued bool, reason string) {
	if i == len(s) {
		return false, ""
	}
	ch := s[i]
	if ch >= utf8.RuneSelf {
		r, _ := utf8.DecodeRuneInString(s[i:])
		return unicode.IsLetter(r), ""
	}
	if ch|0x20 == 'e' && i+1 < len(s) {
		exponent := strings.TrimLeft(s[i+1:], "+-")
		if exponent != "" && isDigit(exponent[0]) {
			return true, "exponent"
		}
	}
	return isLetter(ch) || ch == '+' || ch == '%', ""
}

// symbolAt answers the offset behind the symbol at s[i], or i.
func (p *Parser) symbolAt(s string, i int) int {
	if i == len(s) {
		return i
	}
	for _, symbol := range p.symbols {
		if symbol[0] == s[i] && strings.HasPrefix(s[i:], symbol) {
			return i + len(symbol)
		}
	}
	for _, symbol := range p.symbols {
		if end := spelled(s, i, symbol); end > i {
			return end
		}
	}
	return i
}

// spelled compares character by character, with entities decoded and all
// spaces alike. It answers the offset behind the symbol, or i.
func spelled(s string, i int, symbol string) int {
	at := i
	for _, want := range symbol {
		if at >= len(s) {
			return i
		}
		r, width := decode(s, at)
		if fold(r) != fold(want) {
			return i
		}
		at += width
	}
	return at
}
