package pricing

import "github.com/shopspring/decimal"

// Price is what a store's price text says, exactly as shown there, in major
// units. The store decides whether shown prices include tax.
type Price struct {
	// Min is the price, or the lower end of a range.
	Min decimal.Decimal
	// Max equals Min for a single price. It is not Valid for "From: ₹499":
	// the upper end is not known.
	Max decimal.NullDecimal
	// Regular and Sale are Valid when the text shows both, on sale; Min and
	// Max are then the sale price.
	Regular, Sale decimal.NullDecimal
	// Suffix holds amounts of the text after the price, such as the price
	// without tax, in order of appearance.
	Suffix []decimal.Decimal
	// List holds every amount of a comma list, which is how WooGraphQL
	// writes the raw prices of a product's variations. Else it is nil.
	List []decimal.Decimal
}

// A PriceParser reads the price texts of one store.
//
// Implementations are configured once, are immutable afterwards and safe for
// concurrent use. Package pricingtest holds the conformance suite.
type PriceParser interface {
	// ParsePrice reads one text. It answers the exact amounts or an error,
	// never a guess, and keeps nothing of the text:
	//   - a text without any amount is ErrNoPrice, never a price of zero;
	//   - a text with more than one reading is ErrAmbiguous;
	//   - exponents, misplaced signs, wrong grouping, excess digits, other
	//     currencies and over-long texts are ErrInvalid.
	// The same text always gets the same answer. It does not panic.
	ParsePrice(text string) (Price, error)
}

// Parser is the PriceParser for WooCommerce's texts.
type Parser struct {
	format Format
}

var _ PriceParser = (*Parser)(nil)

// Option changes what a Parser accepts.
type Option func(*Parser)

// NewParser makes a parser for the store's own settings.
func NewParser(f Format, opts ...Option) (*Parser, error) {
	p := &Parser{format: f}
	for _, opt := range opts {
		opt(p)
	}
	return p, nil
}

// ParsePrice implements PriceParser.
func (p *Parser) ParsePrice(text string) (Price, error) {
	return Price{}, &ParseError{Reason: "nothing is read yet", Err: ErrNoPrice}
}

// ParseMoney reads a text that shows one price, as Money of the store's
// currency. A range, or an amount finer than the minor unit, is refused.
func (p *Parser) ParseMoney(text string, c Currency) (Money, error) {
	return Money{}, &ParseError{Reason: "nothing is read yet", Err: ErrNoPrice}
}
