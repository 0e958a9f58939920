package quote

import "encoding/json"

// MarshalJSON implements json.Marshaler.
func (l QuoteLine) MarshalJSON() ([]byte, error) {
	type rest QuoteLine
	return json.Marshal(struct {
		rest
		UnitPrice   fixed `json:"unit_price"`
		Subtotal    fixed `json:"subtotal"`
		Total       fixed `json:"total"`
		SubtotalTax fixed `json:"subtotal_tax"`
		TotalTax    fixed `json:"total_tax"`
	}{rest(l), fixed(l.UnitPrice), fixed(l.Subtotal), fixed(l.Total), fixed(l.SubtotalTax), fixed(l.TotalTax)})
}

// MarshalJSON implements json.Marshaler.
func (s TaxShare) MarshalJSON() ([]byte, error) {
	type rest TaxShare
	return json.Marshal(struct {
		rest
		Total    fixed `json:"total"`
		Subtotal fixed `json:"subtotal"`
	}{rest(s), fixed(s.Total), fixed(s.Subtotal)})
}

// MarshalJSON implements json.Marshaler.
func (s QuoteShipping) MarshalJSON() ([]byte, error) {
	type rest QuoteShipping
	return json.Marshal(struct {
		rest
		Total    fixed `json:"total"`
		TotalTax fixed `json:"total_tax"`
	}{rest(s), fixed(s.Total), fixed(s.TotalTax)})
}

// MarshalJSON implements json.Marshaler.
func (f QuoteFee) MarshalJSON() ([]byte, error) {
	type rest QuoteFee
	return json.Marshal(struct {
		rest
		Total    fixed `json:"total"`
		TotalTax fixed `json:"total_tax"`
	}{rest(f), fixed(f.Total), fixed(f.TotalTax)})
}

// MarshalJSON implements json.Marshaler.
func (c QuoteCoupon) MarshalJSON() ([]byte, error) {
	type rest QuoteCoupon
	return json.Marshal(struct {
		rest
		Discount    fixed `json:"discount"`
		DiscountTax fixed `json:"discount_tax"`
	}{rest(c), fixed(c.Discount), fixed(c.DiscountTax)})
}

// MarshalJSON implements json.Marshaler.
func (r TaxRow) MarshalJSON() ([]byte, error) {
	type rest TaxRow
	return json.Marshal(struct {
		rest
		Percent fixed `json:"percent"`
	}{rest(r), fixed(r.Percent)})
}

// MarshalJSON implements json.Marshaler.
func (l OrderLine) MarshalJSON() ([]byte, error) {
	type rest OrderLine
	return json.Marshal(struct {
		rest
		Subtotal    fixed `json:"subtotal"`
		SubtotalTax fixed `json:"subtotal_tax"`
		Total       fixed `json:"total"`
		TotalTax    fixed `json:"total_tax"`
	}{rest(l), fixed(l.Subtotal), fixed(l.SubtotalTax), fixed(l.Total), fixed(l.TotalTax)})
}

// MarshalJSON implements json.Marshaler.
func (p OrderPart) MarshalJSON() ([]byte, error) {
	type rest OrderPart
	return json.Marshal(struct {
		rest
		Total    fixed `json:"total"`
		TotalTax fixed `json:"total_tax"`
	}{rest(p), fixed(p.Total), fixed(p.TotalTax)})
}

// MarshalJSON implements json.Marshaler.
func (t OrderTax) MarshalJSON() ([]byte, error) {
	type rest OrderTax
	return json.Marshal(struct {
		rest
		Percent     fixed `json:"percent"`
		Tax         fixed `json:"tax"`
		ShippingTax fixed `json:"shipping_tax"`
	}{rest(t), fixed(t.Percent), fixed(t.Tax), fixed(t.ShippingTax)})
}

// MarshalJSON implements json.Marshaler.
func (t OrderTotals) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Subtotal      fixed `json:"subtotal"`
		SubtotalTax   fixed `json:"subtotal_tax"`
		DiscountTotal fixed `json:"discount_total"`
		DiscountTax   fixed `json:"discount_tax"`
		ShippingTotal fixed `json:"shipping_total"`
		ShippingTax   fixed `json:"shipping_tax"`
		FeeTotal      fixed `json:"fee_total"`
		FeeTax        fixed `json:"fee_tax"`
		CartTax       fixed `json:"cart_tax"`
		TotalTax      fixed `json:"total_tax"`
		Total         fixed `json:"total"`
	}{
		fixed(t.Subtotal), fixed(t.SubtotalTax), fixed(t.DiscountTotal), fixed(t.DiscountTax), fixed(t.ShippingTotal),
		fixed(t.ShippingTax), fixed(t.FeeTotal), fixed(t.FeeTax), fixed(t.CartTax), fixed(t.TotalTax), fixed(t.Total),
	})
}
