package pricing

import (
	"html"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxEntity is longer than the longest entity a price text holds.
const maxEntity = 32

// decode gives the character at s[i] and how many bytes it takes, an HTML
// entity counting as one character. Invalid UTF-8 is utf8.RuneError of one
// byte.
func decode(s string, i int) (rune, int) {
	switch ch := s[i]; {
	case ch == '&':
		return decodeEntity(s[i:])
	case ch < utf8.RuneSelf:
		return rune(ch), 1
	}
	return utf8.DecodeRuneInString(s[i:])
}

// decodeEntity reads "&nbsp;", "&#8377;" and the like; anything else is an
// ampersand.
func decodeEntity(s string) (rune, int) {
	switch {
	case strings.HasPrefix(s, "&nbsp;"):
		return ' ', len("&nbsp;")
	case strings.HasPrefix(s, "&ndash;"):
		return '–', len("&ndash;")
	}
	end := strings.IndexByte(s[:min(len(s), maxEntity)], ';')
	if end < 0 {
		return '&', 1
	}
	if r, ok := decodeNumeric(s[:end]); ok {
		return r, end + 1
	}
	decoded := html.UnescapeString(s[:end+1])
	r, width := utf8.DecodeRuneInString(decoded)
	if width != len(decoded) {
		return '&', 1
	}
	return r, end + 1
}

// decodeNumeric reads "&#8377" and "&#x20b9" without the allocations of
// package html, which keeps the exceptions below U+00A0.
func decodeNumeric(s string) (rune, bool) {
	digits, isNumeric := strings.CutPrefix(s, "&#")
	base := 10
	if hex, isHex := strings.CutPrefix(digits, "x"); isHex {
		digits, base = hex, 16
	}
	if !isNumeric || digits == "" {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, base, 32)
	return rune(n), err == nil && n >= 0xa0 && n <= unicode.MaxRune && utf8.ValidRune(rune(n))
}

// fold makes one character of those that stores use for the same purpose:
// all spaces, and all apostrophes.
func fold(r rune) rune {
	switch {
	case r < utf8.RuneSelf && r > ' ':
		return r
	case r == '’' || r == '‘' || r == 'ʼ' || r == '′':
		return '\''
	case unicode.IsSpace(r):
		return ' '
	}
	return r
}

// entities writes characters beyond ASCII as WooCommerce's table of currency
// symbols mostly does: "&#8377;" for ₹.
func entities(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
		} else {
			b.WriteString("&#" + strconv.Itoa(int(r)) + ";")
		}
	}
	return b.String()
}
