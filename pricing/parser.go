package pricing

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// MaxText is the longest price text that is read, in bytes. The longest that
// WooCommerce was seen to write, a sale with two amounts in its suffix, has
// under 1000.
const MaxText = 4096

// Parser is the PriceParser for what WooCommerce, its REST API and WooGraphQL
// send: amounts as text or as HTML, ranges, sale prices, "From:", suffixes
// and raw lists. It reads Western and Indian grouping of the same separators
// alike. It is immutable and safe for concurrent use.
type Parser struct {
	symbols  []string // spellings, longest first; none when the store shows no symbol
	right    bool     // the symbol stands behind the number
	spaced   bool     // the store writes a space between sign and symbol, because its symbol begins with one
	thousand rune     // folded; -1 when there is none
	point    rune     // folded
	decimals int
	suffix   []string // the suffix's words before, between and behind its amounts

	// What quick knows.
	asciiThousand, asciiPoint rune      // thousand and point, -1 when they are not ASCII
	own                       [3]uint64 // the store's own symbol as sides: alone, with a space, with a non-breaking space
	others                    []uint64  // its other spellings likewise, and no symbol at all
	entity                    string    // the store's own symbol as an entity, if it has one
}

var _ PriceParser = (*Parser)(nil)

// Option widens what a Parser accepts.
type Option func(*Parser)

// WithSymbols accepts more spellings of the store's symbol, for a store that
// changed it or texts from elsewhere: WithSymbols("Rs.", "INR"). All of them
// must mean the store's one currency.
func WithSymbols(spellings ...string) Option {
	return func(p *Parser) {
		for _, s := range spellings {
			p.addSymbol(s)
		}
	}
}

// NewParser makes a parser from the store's settings. For a store whose
// symbol is ₹, the spellings "Rs.", "Rs" and "INR" are read too. Settings
// that make prices unreadable are refused, all at once, with *InvalidErrors
// naming "symbol", "thousand", "decimal", "decimals" or "position".
func NewParser(f Format, opts ...Option) (*Parser, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	text := f.plain()
	p := &Parser{
		right:    f.Position == Right || f.Position == RightSpace,
		thousand: separatorRune(text.Thousand),
		point:    separatorRune(text.Decimal),
		decimals: f.Decimals,
		suffix:   suffixWords(f.Suffix),
	}
	p.asciiThousand, p.asciiPoint = ascii(p.thousand), ascii(p.point)
	p.spaced = !p.right && gap(text.place("", false), 0) > 0
	p.addSymbol(f.Symbol)
	if strings.TrimSpace(text.Symbol) == "₹" {
		WithSymbols("Rs.", "Rs", "INR")(p)
	}
	for _, opt := range opts {
		opt(p)
	}
	p.learnSides(strings.TrimSpace(text.Symbol))
	return p, nil
}

// addSymbol adds a spelling, decoded and as HTML has it, where WooCommerce
// writes the symbol with its entities.
func (p *Parser) addSymbol(s string) {
	text := plainText(s)
	for _, spelling := range []string{text, s, entities(text)} {
		spelling = strings.TrimSpace(spelling)
		if spelling == "" || strings.Contains(spelling, "<") || slices.Contains(p.symbols, spelling) {
			continue
		}
		p.symbols = append(p.symbols, spelling)
	}
	slices.SortStableFunc(p.symbols, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
}

// ascii is a separator if it is one byte of text, else -1.
func ascii(separator rune) rune {
	if separator >= utf8.RuneSelf {
		return -1
	}
	return separator
}

// separatorRune is the one character of a separator, or -1.
func separatorRune(s string) rune {
	if s == "" {
		return -1
	}
	r, _ := utf8.DecodeRuneInString(s)
	return fold(r)
}

// ParsePrice implements PriceParser for texts of up to MaxText bytes and
// amounts of up to 18 digits. Its errors are *ParseErrors.
func (p *Parser) ParsePrice(text string) (Price, error) {
	if n, ok := p.quick(text); ok {
		amount := n.decimal()
		return Price{Min: amount, Max: decimal.NullDecimal{Decimal: amount, Valid: true}}, nil
	}
	return p.readPrice(text)
}

// readPrice is ParsePrice for the texts that quick does not know.
func (p *Parser) readPrice(text string) (Price, error) {
	var n number
	if p.single(text, &n) {
		amount := n.decimal()
		return Price{Min: amount, Max: decimal.NullDecimal{Decimal: amount, Valid: true}}, nil
	}
	r, err := p.read(text)
	if err != nil {
		return Price{}, err
	}
	return r.price(), nil
}

// ParseAmount reads a text that shows one price, as a decimal in major units.
// Of a sale it is the reduced price. Ranges, "From:" and everything ParsePrice
// refuses are *ParseErrors.
func (p *Parser) ParseAmount(text string) (decimal.Decimal, error) {
	if n, ok := p.quick(text); ok {
		return n.decimal(), nil
	}
	n, err := p.one(text)
	if err != nil {
		return decimal.Decimal{}, err
	}
	return n.decimal(), nil
}

// one reads a text that shows one price.
func (p *Parser) one(text string) (n number, err error) {
	if p.single(text, &n) {
		return n, nil
	}
	r, err := p.read(text)
	if err == nil && (!r.hasMax || !r.min.equal(r.max)) {
		err = &ParseError{Reason: "more than one price", Err: ErrAmbiguous}
	}
	return r.min, err
}

// ParseMoney reads a text that shows one price, in the store's currency. Of
// a sale it is the reduced price. Ranges, "From:", amounts finer than the
// minor unit and everything ParsePrice refuses are *ParseErrors. It does not
// allocate for a text that is one amount.
func (p *Parser) ParseMoney(text string, c Currency) (Money, error) {
	digits := minorDigits(c)
	if digits < 0 {
		return Money{}, errCurrency()
	}
	n, ok := p.quick(text)
	if !ok {
		var err error
		if n, err = p.one(text); err != nil {
			return Money{}, err
		}
	}
	minor, reason := n.minor(digits)
	if reason != "" {
		return Money{}, &ParseError{Reason: "the amount " + reason}
	}
	return Money{minor, c}, nil
}

// single reads the commonest text, one amount with nothing but formatting
// around it. It answers false, without a verdict, for everything else.
func (p *Parser) single(s string, n *number) bool {
	if s == "" || len(s) > MaxText {
		return false
	}
	i := 0
	if s[0] == '<' {
		if i = gap(s, 0); i == len(s) {
			return false
		}
	}
	var a amount
	found, reason := p.amountAt(s, i, &a)
	if !found || reason != "" || a.end < len(s) && gap(s, a.end) < len(s) {
		return false
	}
	if !a.symbol && (i > 0 || strings.Contains(s, ".")) {
		return false // may be raw, and another number then
	}
	*n = a.number
	return true
}

// read is ParsePrice without the conversion to decimals.
func (p *Parser) read(s string) (reading, error) {
	if len(s) > MaxText {
		return reading{}, &ParseError{Offset: MaxText, Reason: "longer than 4096 bytes"}
	}
	if r, decided, err := p.bare(s); decided {
		return r, err
	}
	sc := scanner{parser: p, s: s}
	if err := sc.scan(); err != nil {
		return reading{}, err
	}
	return sc.interpret()
}
