package quote_test

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/quote"
)

// comparison collects how a result differs from a record.
type comparison struct {
	places int32
	diffs  []string
}

func (c *comparison) equal(what string, want, got any) {
	if want != got {
		c.diffs = append(c.diffs, fmt.Sprintf("%s: want %v, got %v", what, want, got))
	}
}

// text compares an amount that WooCommerce wrote with a fixed number of decimals (number_format).
func (c *comparison) text(what, want string, got decimal.Decimal) {
	c.equal(what, want, got.StringFixed(c.places))
}

// full compares an amount that WooCommerce did not round: PHP's double against an exact decimal.
func (c *comparison) full(what string, want number, got decimal.Decimal) {
	if want.Sub(got).Abs().GreaterThan(decimal.New(1, -6)) {
		c.diffs = append(c.diffs, fmt.Sprintf("%s: want %v, got %v", what, want, got))
	}
}

func (c *comparison) taxes(at string, want restPart, got []quote.TaxShare) {
	c.equal(at+"taxes", len(want.Taxes), len(got))
	for i := range min(len(want.Taxes), len(got)) {
		c.equal(at+"rate", want.Taxes[i].ID, got[i].RateID)
		c.equal(at+"tax", want.Taxes[i].Total.StringFixed(c.places), got[i].Total.StringFixed(c.places))
		c.equal(at+"tax before discount", want.Taxes[i].Subtotal.StringFixed(c.places), got[i].Subtotal.StringFixed(c.places))
	}
}

// amount compares an unrounded amount and what wc_price shows of it: 15 significant digits, half away from zero.
func (c *comparison) amount(what string, want number, shown string, got decimal.Decimal) {
	c.full(what, want, got)
	if digits := int32(got.NumDigits()) + got.Exponent(); got.NumDigits() > 15 {
		got = got.Round(15 - digits)
	}
	c.text(what+" shown", shown, got)
}

func (c *comparison) list(what string, want taxList, got []quote.CartTax) {
	c.equal(what, len(want), len(got))
	for i := range min(len(want), len(got)) {
		c.equal(what+" rate", want[i].RateID, got[i].RateID)
		c.full(what, number{Decimal: want[i].Amount}, got[i].Amount)
	}
}
