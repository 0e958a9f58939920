package shipping

// free says whether free shipping is offered (WC_Shipping_Free_Shipping::is_available).
func (p *parcel) free(m *Method) bool {
	coupon := p.req.FreeShippingCoupon
	switch m.Requires {
	case RequireCoupon:
		return coupon
	case RequireMinAmount:
		return p.enough(m)
	case RequireEither:
		return coupon || p.enough(m)
	case RequireBoth:
		return coupon && p.enough(m)
	}
	return true
}

// enough compares what the cart shows, after coupons unless the method ignores them, with the method's minimum.
func (p *parcel) enough(m *Method) bool {
	total := p.req.DisplayedSubtotal
	if !m.IgnoreDiscounts {
		total = total.Sub(p.req.Discount)
	}
	return total.Round(int32(p.req.Decimals)).Cmp(m.MinAmount) >= 0
}
