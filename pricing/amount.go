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
	bare       bool // the store has a symbol, but it is not there
	glued      bool // a letter, '+' or '%' follows without a space
	before     gapText
	role       role
}

// amountAt reads an amount that begins at s[i]: a sign, the symbol on its
// side, and a number. A text that is none is not found; one that is wrong in
// itself, such as ₹-5 or ₹12,34, has a reason.
func (p *Parser) amountAt(s string, i int) (a amount, found bool, reason string) {
	a.start = i
	negative := s[i] == '-'
	if negative {
		if i = skipTags(s, i+1); i == len(s) {
			return a, false, ""
		}
	}
	a.bare = len(p.symbols) > 0
	if !p.right {
		if behind := p.symbolAt(s, i); behind > i {
			a.bare = false
			i = gap(s, behind)
		}
	}
	if i == len(s) || !isDigit(s[i]) {
		return a, false, p.misplacedSign(s, i, a.bare)
	}
	a.number, a.end, reason = p.number(s, i)
	if p.right && reason == "" {
		a.takeSymbol(p, s)
	}
	if negative {
		a.units = -a.units
	}
	if reason == "" {
		a.glued, reason = glue(s, a.end)
	}
	return a, true, reason
}

// takeSymbol looks for the symbol behind the number.
func (a *amount) takeSymbol(p *Parser, s string) {
	at := gap(s, a.end)
	if behind := p.symbolAt(s, at); behind > at {
		a.end, a.bare = behind, false
	}
}

// misplacedSign recognises ₹-5: a sign between symbol and number.
func (p *Parser) misplacedSign(s string, i int, bare bool) string {
	if !bare && i+1 < len(s) && (s[i] == '-' || s[i] == '+') && isDigit(s[i+1]) && !p.right {
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
	for _, symbol := range p.symbols {
		if strings.HasPrefix(s[i:], symbol) {
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

// skipTags skips formatting tags, but no spaces: a sign stands directly at
// its amount.
func skipTags(s string, i int) int {
	for i < len(s) && s[i] == '<' {
		t := tagAt(s, i)
		if t.end == 0 || t.role != plain {
			return i
		}
		i = t.end
	}
	return i
}
