package quote

import "encoding/json"

// MarshalJSON implements json.Marshaler.
func (l CartLine) MarshalJSON() ([]byte, error) {
	o := newObject(512)
	listIf(o, "subtotal_taxes", l.SubtotalTaxes, writeCartTax)
	listIf(o, "total_taxes", l.TotalTaxes, writeCartTax)
	o.decimal("subtotal", l.Subtotal)
	o.decimal("subtotal_tax", l.SubtotalTax)
	o.decimal("total", l.Total)
	o.decimal("total_tax", l.TotalTax)
	return o.end()
}

// MarshalJSON implements json.Marshaler.
func (t CartTax) MarshalJSON() ([]byte, error) {
	o := newObject(64)
	writeCartTax(o, &t)
	return o.end()
}

func writeCartTax(o *object, t *CartTax) {
	o.number("rate_id", t.RateID)
	o.decimal("amount", t.Amount)
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
	o := newObject(128)
	o.text("code", r.Code)
	o.text("label", r.Label)
	o.number("rate_id", r.RateID)
	o.flagIf("compound", r.Compound)
	o.decimal("amount", r.Amount)
	return o.end()
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
	o := newObject(1024)
	listIf(o, "cart_contents_taxes", t.CartContentsTaxes, writeCartTax)
	listIf(o, "shipping_taxes", t.ShippingTaxes, writeCartTax)
	listIf(o, "fee_taxes", t.FeeTaxes, writeCartTax)
	o.decimal("subtotal", t.Subtotal)
	o.decimal("subtotal_tax", t.SubtotalTax)
	o.decimal("discount_total", t.DiscountTotal)
	o.decimal("discount_tax", t.DiscountTax)
	o.decimal("cart_contents_total", t.CartContentsTotal)
	o.decimal("cart_contents_tax", t.CartContentsTax)
	o.decimal("shipping_total", t.ShippingTotal)
	o.decimal("shipping_tax", t.ShippingTax)
	o.decimal("fee_total", t.FeeTotal)
	o.decimal("fee_tax", t.FeeTax)
	o.decimal("total", t.Total)
	o.decimal("total_tax", t.TotalTax)
	o.decimal("displayed_subtotal", t.DisplayedSubtotal)
	return o.end()
}
