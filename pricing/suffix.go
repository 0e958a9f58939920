package pricing

import (
	"strings"
	"unicode"
)

// suffixWords cuts WooCommerce's price display suffix at its placeholders,
// {price_including_tax} and {price_excluding_tax}. No suffix is nil.
func suffixWords(template string) []string {
	if strings.TrimSpace(template) == "" {
		return nil
	}
	const mark = "\x00"
	marked := strings.NewReplacer("{price_including_tax}", mark, "{price_excluding_tax}", mark, mark, "").Replace(template)
	words := strings.Split(marked, mark)
	for i := range words {
		words[i] = squeeze(words[i])
	}
	return words
}

// isSuffix reports whether the text from an offset on is the store's suffix
// with the given amounts in it. The full stop that ends a screen-reader text
// may stand in front.
func (p *Parser) isSuffix(s string, from int, as []amount) bool {
	if len(p.suffix) != len(as)+1 {
		return false
	}
	for i, want := range p.suffix {
		to := len(s)
		if i < len(as) {
			to = as[i].start
		}
		text := squeeze(s[from:to])
		if i == 0 {
			text = strings.TrimLeft(text, ".。।")
		}
		if text != want {
			return false
		}
		if i < len(as) {
			from = as[i].end
		}
	}
	return true
}

// squeeze leaves out tags, entities and spaces, to compare by words.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, plainText(s))
}
