package pricing

import (
	"strings"
	"unicode/utf8"
)

// longestQuick is the longest text that quick looks at, in bytes.
const longestQuick = 64

// quick reads a number with the store's symbol at its side and nothing else, or digits alone: what nearly every text is.
// It answers false, without a verdict, for all others, so it knows only the commonest spelling of everything.
func (p *Parser) quick(s string, n *number) bool {
	if s == "" || len(s) > longestQuick {
		return false
	}
	i, end := p.trimSymbol(s)
	if i == 0 && end == len(s) {
		return isDigits(s) && p.digits(s, 0, 0, n)
	}
	return i < end && p.digits(s[:end], i, p.separator, n)
}

// trimSymbol cuts a symbol and one space between it and the number off its side of s.
func (p *Parser) trimSymbol(s string) (start, end int) {
	for _, symbol := range p.symbols {
		switch {
		case !p.right && strings.HasPrefix(s, symbol):
			start = len(symbol)
			if rest := s[start:]; strings.HasPrefix(rest, " ") {
				start++
			} else if strings.HasPrefix(rest, "\u00a0") {
				start += 2
			}
			return start, len(s)
		case p.right && strings.HasSuffix(s, symbol):
			s = s[:len(s)-len(symbol)]
			return 0, len(strings.TrimSuffix(strings.TrimSuffix(s, " "), "\u00a0"))
		}
	}
	return 0, len(s)
}

func isDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}

// digits reads all of s from i on as a number whose thousands are set off by a byte, 0 for none.
func (p *Parser) digits(s string, i int, thousand byte, n *number) bool {
	var g groups
	var units int64
	start, run, behind := i, i, -1
	digits := 0
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c-'0' <= 9:
			units = units*10 + int64(c-'0')
			digits++
			continue
		case behind >= 0 || i == run:
			return false
		case c == thousand && c != 0:
			g.next(i - run)
		case rune(c) == p.point && c < utf8.RuneSelf && g.last(i-run):
			behind = digits
		default:
			return false
		}
		run = i + 1
	}
	if i == run || digits > maxDigits || (behind < 0 && !g.last(i-run)) {
		return false
	}
	n.units, n.decimals = units, 0
	if behind >= 0 {
		n.decimals = digits - behind
	}
	return n.decimals <= p.decimals && (digits-n.decimals == 1 || s[start] != '0')
}
