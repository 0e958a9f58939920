package gst

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/adjust"
	"github.com/ankkor/ankkor/pricing/quote"
)

// Rule gives goods a tax class, all of them or according to what a piece is sold for.
type Rule struct {
	// Scope is what the rule is for. Of several rules for a line the last counts.
	Scope adjust.Scope `json:"scope"`
	// Class is the tax class's slug: of all goods, or, with a Limit, of those that are sold for the limit or less.
	Class string `json:"class"`
	// Limit is the most a piece may be sold for, without tax and after discounts; nil is no limit.
	Limit *decimal.Decimal `json:"limit,omitempty"`
	// Above is the class of what is sold for more.
	Above string `json:"above,omitempty"`
}

// Apparel is the rule for clothes and footwear from 22 September 2025: 5 % up to ₹2,500 a piece, 18 % above.
func Apparel(scope adjust.Scope) Rule {
	limit := decimal.NewFromInt(2500)
	return Rule{Scope: scope, Class: Class("5"), Limit: &limit, Above: Class("18")}
}

// Exempt is the rule for goods without tax, such as books: the class of 0 %.
func Exempt(scope adjust.Scope) Rule { return Rule{Scope: scope, Class: Class("0")} }

// Classify returns in with the tax classes that its rules give. in itself is not changed.
//
// What a piece is sold for is found by pricing the order with every good in its lower class: after price rules and
// coupons, without tax. So a coupon can bring a shirt of ₹2,700 under the limit. Where prices include tax, a price is
// compared after the lower class's tax was taken out: ₹2,625 is ₹2,500 and 5 %, and the last price of the lower class.
//
// The class reaches the order: quote.QuoteLine.TaxClassChosen says that the order line must be created with it.
// Classify returns the errors of quote.Order, and an *InvalidError for a rule that cannot be.
func Classify(in quote.Input, rules ...Rule) (quote.Input, error) {
	in.Lines = slices.Clone(in.Lines)
	limits := make([]*Rule, len(in.Lines))
	limited := false
	for n := range rules {
		r := &rules[n]
		if r.Limit != nil && (r.Limit.IsNegative() || r.Limit.NumDigits() > 18 || r.Limit.Exponent() < -18 || r.Limit.Exponent() > 18) {
			return quote.Input{}, &InvalidError{fmt.Sprintf("rules[%d].limit", n), "must be a plain amount of zero or more"}
		}
		for i := range in.Lines {
			if r.Scope.Covers(in.Lines[i]) {
				choose(&in.Lines[i], r.Class)
				limits[i] = r
				limited = limited || r.Limit != nil
			}
		}
	}
	if !limited {
		return in, nil
	}
	order, err := quote.Order(in)
	if err != nil {
		return quote.Input{}, err
	}
	for i, r := range limits {
		if r == nil || r.Limit == nil {
			continue
		}
		most := r.Limit.Mul(decimal.NewFromInt(in.Lines[i].Quantity))
		if order.Lines[i].Total.Round(int32(in.Settings.Decimals)).GreaterThan(most) {
			choose(&in.Lines[i], r.Above)
		}
	}
	return in, nil
}

// choose notes that the class is of this sale and not the product's own.
func choose(l *quote.Line, class string) { l.TaxClass, l.TaxClassChosen = class, true }
