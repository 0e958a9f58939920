package quote

import (
	"encoding/json"
	"errors"

	"github.com/shopspring/decimal"
)

// fixed writes a decimal as a string without an exponent. The package encodes its decimals itself because the decimal
// package's own encoding depends on variables that any package of the host can set.
type fixed decimal.Decimal

// MarshalJSON implements json.Marshaler.
func (f fixed) MarshalJSON() ([]byte, error) {
	text, err := appendFixed(append(make([]byte, 0, 24), '"'), decimal.Decimal(f))
	return append(text, '"'), err
}

// fixedText is the plain form of a decimal, with the digits it has.
func fixedText(d decimal.Decimal) (string, error) {
	if e := d.Exponent(); e > 100 || e < -100 {
		return "", errors.New("quote: a decimal with an exponent beyond 100 cannot be written")
	}
	return d.StringFixed(max(-d.Exponent(), 0)), nil
}

func optional(d *decimal.Decimal) *fixed { return (*fixed)(d) }

// The methods below write every decimal with fixed; what they do not name is written as its tags say.

// MarshalJSON implements json.Marshaler.
func (r TaxRate) MarshalJSON() ([]byte, error) {
	type rest TaxRate
	return json.Marshal(struct {
		rest
		Rate fixed `json:"rate"`
	}{rest(r), fixed(r.Rate)})
}

// MarshalJSON implements json.Marshaler.
func (l Line) MarshalJSON() ([]byte, error) {
	type rest Line
	return json.Marshal(struct {
		rest
		UnitPrice    fixed `json:"unit_price"`
		RegularPrice fixed `json:"regular_price"`
		Weight       fixed `json:"weight"`
	}{rest(l), fixed(l.UnitPrice), fixed(l.RegularPrice), fixed(l.Weight)})
}

// MarshalJSON implements json.Marshaler.
func (g Given) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Subtotal *fixed `json:"subtotal,omitempty"`
		Total    *fixed `json:"total,omitempty"`
	}{optional(g.Subtotal), optional(g.Total)})
}

// MarshalJSON implements json.Marshaler.
func (a Adjustment) MarshalJSON() ([]byte, error) {
	type rest Adjustment
	return json.Marshal(struct {
		rest
		Amount fixed `json:"amount"`
	}{rest(a), fixed(a.Amount)})
}

// MarshalJSON implements json.Marshaler.
func (s ShippingLine) MarshalJSON() ([]byte, error) {
	type rest ShippingLine
	return json.Marshal(struct {
		rest
		Cost fixed `json:"cost"`
	}{rest(s), fixed(s.Cost)})
}

// MarshalJSON implements json.Marshaler.
func (f Fee) MarshalJSON() ([]byte, error) {
	type rest Fee
	return json.Marshal(struct {
		rest
		Amount fixed `json:"amount"`
	}{rest(f), fixed(f.Amount)})
}

// MarshalJSON implements json.Marshaler.
func (e Exchange) MarshalJSON() ([]byte, error) {
	type rest Exchange
	return json.Marshal(struct {
		rest
		Rate fixed `json:"rate"`
	}{rest(e), fixed(e.Rate)})
}

// MarshalJSON implements json.Marshaler.
func (c Coupon) MarshalJSON() ([]byte, error) {
	type rest Coupon
	return json.Marshal(struct {
		rest
		Amount        fixed `json:"amount"`
		MinimumAmount fixed `json:"minimum_amount"`
		MaximumAmount fixed `json:"maximum_amount"`
	}{rest(c), fixed(c.Amount), fixed(c.MinimumAmount), fixed(c.MaximumAmount)})
}

// MarshalJSON implements json.Marshaler.
func (s Step) MarshalJSON() ([]byte, error) {
	type rest Step
	return json.Marshal(struct {
		rest
		From fixed `json:"from"`
		To   fixed `json:"to"`
	}{rest(s), fixed(s.From), fixed(s.To)})
}
