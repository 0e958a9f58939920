package adjust

import "github.com/shopspring/decimal"

// Kind says what a Reduction's value is.
type Kind string

// The kinds of a reduction.
const (
	Percent Kind = "percent" // a percentage of the price, from 0 to 100
	Amount  Kind = "amount"  // an amount off each piece
	Fixed   Kind = "fixed"   // the price of a piece; nothing happens when it is cheaper already
)

// Reduction is how a price gets lower. Amounts are in the terms of quote.Line.UnitPrice: with tax when the store's
// prices are.
type Reduction struct {
	Kind  Kind            `json:"kind"`
	Value decimal.Decimal `json:"value"`
}

// PercentOff takes a percentage off.
func PercentOff(percent decimal.Decimal) Reduction { return Reduction{Percent, percent} }

// AmountOff takes an amount off each piece.
func AmountOff(amount decimal.Decimal) Reduction { return Reduction{Amount, amount} }

// FixedPrice is what a piece costs.
func FixedPrice(price decimal.Decimal) Reduction { return Reduction{Fixed, price} }

// check returns what is wrong with the reduction, or "".
func (r Reduction) check() string {
	switch {
	case r.Kind != Percent && r.Kind != Amount && r.Kind != Fixed:
		return "must be of kind percent, amount or fixed"
	case !plain(r.Value) || r.Value.IsNegative():
		return "must be a plain number of zero or more"
	case r.Kind == Percent && r.Value.GreaterThan(decimal.NewFromInt(100)):
		return "must be at most 100 percent"
	}
	return ""
}

// of is the change for so many pieces that cost price together: zero or negative.
func (r Reduction) of(price decimal.Decimal, pieces int64) decimal.Decimal {
	n := decimal.NewFromInt(pieces)
	switch r.Kind {
	case Percent:
		return price.Mul(r.Value).Shift(-2).Neg()
	case Amount:
		return decimal.Min(price, r.Value.Mul(n)).Neg()
	}
	return decimal.Min(decimal.Decimal{}, r.Value.Mul(n).Sub(price))
}
