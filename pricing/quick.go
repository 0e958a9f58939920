package pricing

import (
	"strings"
	"unicode/utf8"
)

// longestQuick is the longest text that quick looks at, in bytes.
const longestQuick = 64

// quick reads a number with the store's symbol at its side and nothing else, or digits alone: what nearly every text is.
// It answers false, without a verdict, for all others, so it knows only the commonest spelling of everything.
func (p *Parser) quick(s string) (n number, ok bool) {
	if s == "" || len(s) > longestQuick {
		return number{}, false
	}
	i, end := p.trimSymbol(s)
	if i == 0 && end == len(s) {
		n, ok = p.digits(s, 0)
		return n, ok && n.decimals == 0
	}
	return p.digits(s[i:end], p.separator)
}

// trimSymbol cuts a symbol and one space between it and the number off its side of s.
func (p *Parser) trimSymbol(s string) (start, end int) {
	if p.right {
		return 0, p.trimRight(s)
	}
	if !p.edges[s[0]] {
		return 0, len(s)
	}
	for _, symbol := range p.symbols {
		if symbol[0] == s[0] && strings.HasPrefix(s, symbol) {
			start = len(symbol)
			if rest := s[start:]; strings.HasPrefix(rest, " ") {
				start++
			} else if strings.HasPrefix(rest, "\u00a0") {
				start += len("\u00a0")
			}
			break
		}
	}
	return start, len(s)
}

// trimRight is where the number in front of a symbol ends.
func (p *Parser) trimRight(s string) int {
	if !p.edges[s[len(s)-1]] {
		return len(s)
	}
	for _, symbol := range p.symbols {
		if symbol[len(symbol)-1] == s[len(s)-1] && strings.HasSuffix(s, symbol) {
			s = s[:len(s)-len(symbol)]
			return len(strings.TrimSuffix(strings.TrimSuffix(s, " "), "\u00a0"))
		}
	}
	return len(s)
}

// digits reads all of s as a number whose thousands are set off by a byte, 0 for none.
func (p *Parser) digits(s string, thousand byte) (n number, ok bool) {
	var g groups
	i, run, pointed := 0, 0, false
	for ; i < len(s); i++ {
		c := s[i]
		if d := c - '0'; d <= 9 {
			n.units = n.units*10 + int64(d)
			continue
		}
		switch {
		case pointed || i == run:
			return n, false
		case c == thousand && c != 0:
			g.next(i - run)
		case rune(c) == p.point && c < utf8.RuneSelf && g.last(i-run):
			pointed = true
		default:
			return n, false
		}
		run = i + 1
	}
	whole := i - g.count
	if pointed {
		n.decimals = i - run
		whole -= n.decimals + 1
	}
	return n, i > run && whole+n.decimals <= maxDigits && (pointed || g.last(i-run)) && n.decimals <= p.decimals && (whole == 1 || s[0] != '0')
}
