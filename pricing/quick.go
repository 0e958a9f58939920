package pricing

import (
	"slices"
	"strings"
)

// quick reads a number with the store's symbol at its side and nothing else, or digits alone: what nearly every text is.
// It answers false, without a verdict, for all others, so it knows only the commonest spelling of everything.
func (p *Parser) quick(s string) (n number, ok bool) {
	start, end, side := 0, len(s), bareSide
	if p.right {
		for end > 0 && !isDigit(s[end-1]) && len(s)-end < longestSide {
			end--
			side = side<<8 | uint64(s[end])
		}
	} else {
		if s != "" && s[0] == '&' && p.entity != "" && strings.HasPrefix(s, p.entity) {
			start, side = len(p.entity), p.own[0]
		}
		for start < end && !isDigit(s[start]) && start < longestSide {
			side = side<<8 | uint64(s[start])
			start++
		}
	}
	own := side == p.own[0] || side == p.own[1] || side == p.own[2]
	if !own && !slices.Contains(p.others, side) || end-start > maxDigits {
		return number{}, false
	}
	thousand, point := p.asciiThousand, p.asciiPoint
	if side == bareSide {
		thousand, point = -1, -1
	}
	return p.digits(s[start:end], thousand, point)
}

// digits reads all of s, at most maxDigits bytes.
func (p *Parser) digits(s string, thousand, point rune) (n number, ok bool) {
	var separators uint64 // which bytes are one, the first at the highest bit
	whole := len(s)       // where the whole part ends
	for i := range len(s) {
		c := s[i]
		if d := c - '0'; d <= 9 {
			n.units = n.units*10 + int64(d)
			continue
		}
		switch {
		case whole < len(s):
			return number{}, false
		case rune(c) == thousand:
			separators |= 1 << 63 >> (uint(i) & 63)
		case rune(c) == point:
			whole = i
		default:
			return number{}, false
		}
	}
	if whole < len(s) {
		n.decimals = len(s) - whole - 1
		if n.decimals == 0 || n.decimals > p.decimals {
			return number{}, false
		}
	}
	if separators != 0 && !grouped(separators>>(uint(64-whole)&63), uint(whole)&63) {
		return number{}, false
	}
	return n, whole > 0 && isDigit(s[0]) && (s[0] != '0' || whole == 1)
}

// Where the separators of a number are, counted from the last digit of its whole part: in 1,234,567 and in 12,34,567.
const (
	westernGroups = 0x8888888888888888
	indianGroups  = 0x9249249249249248
)

// grouped tells whether the separators in a whole part of so many bytes are exactly those of Western or of Indian
// grouping.
func grouped(separators uint64, length uint) bool {
	all := uint64(1)<<length - 1
	return separators == westernGroups&all || separators == indianGroups&all
}

// A side is what stands beside a number, up to longestSide bytes of it in one word behind a 1, read towards the number.
const (
	bareSide    uint64 = 1
	longestSide int    = 7
)

// learnSides notes the sides that quick knows, of the store's own symbol and of its other spellings.
func (p *Parser) learnSides(own string) {
	p.own = p.sidesOf(own)
	p.others = []uint64{bareSide}
	for _, symbol := range p.symbols {
		if symbol != own && !strings.ContainsAny(symbol, "0123456789") {
			sides := p.sidesOf(symbol)
			p.others = append(p.others, sides[:]...)
		}
	}
	if entity := entities(own); entity != own && p.own[0] != bareSide {
		p.entity = entity
	}
}

// sidesOf packs a symbol alone, with a space between it and the number, and with a non-breaking space.
func (p *Parser) sidesOf(symbol string) [3]uint64 {
	return [3]uint64{p.side(symbol, ""), p.side(symbol, " "), p.side(symbol, "\u00a0")}
}

// side packs a symbol and what separates it from the number. What is too long is bareSide.
func (p *Parser) side(symbol, gap string) uint64 {
	text := []byte(symbol + gap)
	if p.right {
		text = []byte(gap + symbol)
		slices.Reverse(text)
	}
	side := bareSide
	if symbol == "" || len(text) > longestSide {
		return side
	}
	for _, c := range text {
		side = side<<8 | uint64(c)
	}
	return side
}
