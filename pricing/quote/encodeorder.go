package quote

import "encoding/json"

// MarshalJSON implements json.Marshaler.
func (l QuoteLine) MarshalJSON() ([]byte, error) {
	o := newObject(768)
	o.textIf("key", l.Key)
	o.number("product_id", l.ProductID)
	o.numberIf("variation_id", l.VariationID)
	o.textIf("name", l.Name)
	o.textIf("sku", l.SKU)
	o.number("quantity", l.Quantity)
	o.text("tax_class", l.TaxClass)
	o.flagIf("tax_class_chosen", l.TaxClassChosen)
	o.text("tax_status", string(l.TaxStatus))
	listIf(o, "taxes", l.Taxes, writeTaxShare)
	o.money("gross", l.Gross)
	if len(l.Adjustments) > 0 {
		o.rest("adjustments", l.Adjustments)
	}
	o.decimal("unit_price", l.UnitPrice)
	o.decimal("subtotal", l.Subtotal)
	o.decimal("total", l.Total)
	o.decimal("subtotal_tax", l.SubtotalTax)
	o.decimal("total_tax", l.TotalTax)
	return o.end()
}

// MarshalJSON implements json.Marshaler.
func (s TaxShare) MarshalJSON() ([]byte, error) {
	o := newObject(80)
	writeTaxShare(o, &s)
	return o.end()
}

func writeTaxShare(o *object, s *TaxShare) {
	o.number("rate_id", s.RateID)
	o.decimal("total", s.Total)
	o.decimal("subtotal", s.Subtotal)
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
	o := newObject(256)
	o.number("rate_id", r.RateID)
	o.text("code", r.Code)
	o.text("label", r.Label)
	o.flagIf("compound", r.Compound)
	o.money("tax", r.Tax)
	o.money("shipping_tax", r.ShippingTax)
	o.decimal("percent", r.Percent)
	return o.end()
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
