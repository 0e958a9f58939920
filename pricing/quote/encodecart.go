package quote

import "encoding/json"

// MarshalJSON implements json.Marshaler.
func (l CartLine) MarshalJSON() ([]byte, error) {
	type rest CartLine
	return json.Marshal(struct {
		rest
		Subtotal    fixed `json:"subtotal"`
		SubtotalTax fixed `json:"subtotal_tax"`
		Total       fixed `json:"total"`
		TotalTax    fixed `json:"total_tax"`
	}{rest(l), fixed(l.Subtotal), fixed(l.SubtotalTax), fixed(l.Total), fixed(l.TotalTax)})
}

// MarshalJSON implements json.Marshaler.
func (t CartTax) MarshalJSON() ([]byte, error) {
	type rest CartTax
	return json.Marshal(struct {
		rest
		Amount fixed `json:"amount"`
	}{rest(t), fixed(t.Amount)})
}

// MarshalJSON implements json.Marshaler.
func (s CartShipping) MarshalJSON() ([]byte, error) {
	type rest CartShipping
	return json.Marshal(struct {
		rest
		Cost fixed `json:"cost"`
	}{rest(s), fixed(s.Cost)})
}

// MarshalJSON implements json.Marshaler.
func (f CartFee) MarshalJSON() ([]byte, error) {
	type rest CartFee
	return json.Marshal(struct {
		rest
		Amount fixed `json:"amount"`
		Total  fixed `json:"total"`
		Tax    fixed `json:"tax"`
	}{rest(f), fixed(f.Amount), fixed(f.Total), fixed(f.Tax)})
}

// MarshalJSON implements json.Marshaler.
func (c CartCoupon) MarshalJSON() ([]byte, error) {
	type rest CartCoupon
	return json.Marshal(struct {
		rest
		Discount    fixed `json:"discount"`
		DiscountTax fixed `json:"discount_tax"`
	}{rest(c), fixed(c.Discount), fixed(c.DiscountTax)})
}

// MarshalJSON implements json.Marshaler.
func (r CartTaxRow) MarshalJSON() ([]byte, error) {
	type rest CartTaxRow
	return json.Marshal(struct {
		rest
		Amount fixed `json:"amount"`
	}{rest(r), fixed(r.Amount)})
}

// MarshalJSON implements json.Marshaler.
func (d CartDifference) MarshalJSON() ([]byte, error) {
	type rest CartDifference
	return json.Marshal(struct {
		rest
		Order fixed `json:"order"`
		Cart  fixed `json:"cart"`
	}{rest(d), fixed(d.Order), fixed(d.Cart)})
}

// MarshalJSON implements json.Marshaler.
func (t CartTotals) MarshalJSON() ([]byte, error) {
	type rest CartTotals
	return json.Marshal(struct {
		rest
		Subtotal          fixed `json:"subtotal"`
		SubtotalTax       fixed `json:"subtotal_tax"`
		DiscountTotal     fixed `json:"discount_total"`
		DiscountTax       fixed `json:"discount_tax"`
		CartContentsTotal fixed `json:"cart_contents_total"`
		CartContentsTax   fixed `json:"cart_contents_tax"`
		ShippingTotal     fixed `json:"shipping_total"`
		ShippingTax       fixed `json:"shipping_tax"`
		FeeTotal          fixed `json:"fee_total"`
		FeeTax            fixed `json:"fee_tax"`
		Total             fixed `json:"total"`
		TotalTax          fixed `json:"total_tax"`
		DisplayedSubtotal fixed `json:"displayed_subtotal"`
	}{
		rest(t), fixed(t.Subtotal), fixed(t.SubtotalTax), fixed(t.DiscountTotal), fixed(t.DiscountTax),
		fixed(t.CartContentsTotal), fixed(t.CartContentsTax), fixed(t.ShippingTotal), fixed(t.ShippingTax),
		fixed(t.FeeTotal), fixed(t.FeeTax), fixed(t.Total), fixed(t.TotalTax), fixed(t.DisplayedSubtotal),
	})
}
