package shipping

import (
	"encoding/json"
	"errors"

	"github.com/shopspring/decimal"
)

// fixed writes a decimal as a string without an exponent. The decimal package's own encoding depends on variables that
// any package of the host can set.
type fixed decimal.Decimal

// MarshalJSON implements json.Marshaler.
func (f fixed) MarshalJSON() ([]byte, error) {
	d := decimal.Decimal(f)
	if !sane(d.Abs()) {
		return nil, errors.New("shipping: a decimal of more than 30 digits cannot be written")
	}
	return []byte(`"` + plain(d) + `"`), nil
}

// MarshalJSON implements json.Marshaler.
func (m Method) MarshalJSON() ([]byte, error) {
	type rest Method
	return json.Marshal(struct {
		rest
		MinAmount fixed `json:"min_amount"`
	}{rest(m), fixed(m.MinAmount)})
}

// MarshalJSON implements json.Marshaler.
func (r Request) MarshalJSON() ([]byte, error) {
	type rest Request
	return json.Marshal(struct {
		rest
		DisplayedSubtotal fixed `json:"displayed_subtotal"`
		Discount          fixed `json:"discount"`
	}{rest(r), fixed(r.DisplayedSubtotal), fixed(r.Discount)})
}

// MarshalJSON implements json.Marshaler.
func (l Line) MarshalJSON() ([]byte, error) {
	type rest Line
	return json.Marshal(struct {
		rest
		Total  fixed `json:"total"`
		Weight fixed `json:"weight"`
	}{rest(l), fixed(l.Total), fixed(l.Weight)})
}

// MarshalJSON implements json.Marshaler.
func (r Rate) MarshalJSON() ([]byte, error) {
	type rest Rate
	return json.Marshal(struct {
		rest
		Cost fixed `json:"cost"`
	}{rest(r), fixed(r.Cost)})
}
