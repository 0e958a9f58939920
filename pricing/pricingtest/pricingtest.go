// Package pricingtest is the conformance suite for pricing.PriceParser.
//
// A parser of your own passes it from an ordinary test:
//
//	func TestParser(t *testing.T) {
//		pricingtest.Run(t, func(f pricing.Format) (pricing.PriceParser, error) {
//			return myparser.New(f)
//		})
//	}
//
// Every subtest is named after one promise of the interface, and a failure
// says which text broke it. The suite needs the standard library only.
package pricingtest

import (
	"errors"
	"testing"

	"github.com/ankkor/ankkor/pricing"
)

// New makes the parser under test for a store's settings. Settings it is not
// made for it refuses with errors.ErrUnsupported, and what needs them is
// skipped; IndianFormat must be supported.
type New func(f pricing.Format) (pricing.PriceParser, error)

// Run checks every promise of pricing.PriceParser.
func Run(t *testing.T, newParser New) {
	t.Run("reads what stores write", newParser.reads)
	t.Run("Indian and Western grouping are one number", newParser.groupings)
	t.Run("reads back what Format writes", newParser.formats)
	t.Run("is exact", newParser.exact)
	t.Run("no amount is not zero", newParser.noPrice)
	t.Run("ambiguous is an error", newParser.ambiguous)
	t.Run("malformed is an error", newParser.malformed)
	t.Run("over-long is an error", newParser.long)
	t.Run("hostile text does not panic", newParser.hostile)
	t.Run("the same text gets the same answer", newParser.repeatable)
}

// parser is a parser for the settings, or the end of the test.
func (n New) parser(t *testing.T, f pricing.Format) pricing.PriceParser {
	t.Helper()
	p, err := n(f)
	switch {
	case err == nil:
		return p
	case errors.Is(err, errors.ErrUnsupported) && f != pricing.IndianFormat():
		t.Skipf("not made for %+v", f)
	default:
		t.Fatalf("cannot be made for %+v: %v", f, err)
	}
	return nil
}

// Stores of several kinds.
var (
	rupees = pricing.IndianFormat()
	rs     = pricing.Format{Symbol: "Rs.", Position: pricing.LeftSpace, Thousand: ",", Decimal: ".", Decimals: 2}
	slash  = pricing.Format{Symbol: "/-", Position: pricing.Right, Thousand: ",", Decimal: ".", Decimals: 2}
	euro   = pricing.Format{Symbol: "&euro;", Position: pricing.RightSpace, Thousand: ".", Decimal: ",", Decimals: 2}
	krona  = pricing.Format{Symbol: "kr", Position: pricing.RightSpace, Thousand: " ", Decimal: ",", Decimals: 2}
	franc  = pricing.Format{Symbol: "CHF", Position: pricing.LeftSpace, Thousand: "'", Decimal: ".", Decimals: 2}
	yen    = pricing.Format{Symbol: "¥", Thousand: ",", Decimal: ".", Decimals: 0}
	dinar  = pricing.Format{Symbol: "KD", Position: pricing.RightSpace, Thousand: ".", Decimal: ",", Decimals: 3}
	taxed  = pricing.Format{Symbol: "₹", Thousand: ",", Decimal: ".", Decimals: 2, Suffix: "excl. GST {price_excluding_tax}"}
)
