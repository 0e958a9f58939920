package quote

import "slices"

// finishedOrder computes the order with every coupon that its own conditions allow, in the order they are given
// (WC_REST_Orders_Controller::calculate_coupons). All are checked before the first is applied, and each once more with
// those before it applied; one that fails would make WooCommerce refuse the order, so it is left out and reported.
func (c *calc) finishedOrder(entered []*coupon) (*order, error) {
	o := c.newOrder()
	bare := o.spending()
	var applied []*coupon
	for _, cp := range entered {
		reason := c.valid(cp, bare)
		if reason == CouponAccepted && slices.ContainsFunc(applied, cp.same) {
			reason = CouponAlreadyApplied
		}
		if reason == CouponAccepted {
			reason = c.valid(cp, o.spending())
		}
		if reason != CouponAccepted {
			o.refused = append(o.refused, CouponDecision{Code: cleanCode(cp.Code), Reason: reason})
			continue
		}
		applied = append(applied, cp)
		o.applyCoupon(cp)
	}
	return o, c.failed
}

// spending is what an order's coupons compare with their minimum and maximum: the lines before discount, and with
// prices that include tax all tax that is in the order at that moment, also that of shipping.
func (o *order) spending() spending {
	s := spending{subtotal: o.toCents(o.inOrder, o.totals.subtotal), byEmail: true}
	if o.in.Settings.PricesIncludeTax {
		s.subtotal += o.totals.totalTax
	}
	return s
}

// applyCoupon computes one more coupon and calculates the totals again (WC_Abstract_Order::recalculate_coupons). Every
// line starts again from its subtotal; what earlier coupons took does not change.
func (o *order) applyCoupon(cp *coupon) {
	if o.discounts == nil {
		o.discounts = o.newDiscounts(o.couponPrices())
		if o.rules.beforeCoupon {
			o.stored = make([]amount, len(o.lines))
		}
	}
	for i := range o.lines {
		if o.stored != nil {
			o.stored[i] = o.lines[i].total
		}
		o.lines[i].total = o.lines[i].subtotal
	}
	o.discounts.apply(cp)
	o.coupons = append(o.coupons, o.couponLine(cp, o.discounts.by[len(o.discounts.by)-1]))
	o.discountLines(o.discounts.taken)
	o.calculate()
}

// couponPrices are the lines' prices as coupons see them: with the rounded tax when prices include tax.
func (o *order) couponPrices() []amount {
	prices := make([]amount, len(o.lines))
	for i := range o.lines {
		prices[i] = o.lines[i].subtotal
		if o.in.Settings.PricesIncludeTax {
			prices[i] += o.lines[i].subtotalTax
		}
	}
	return prices
}

// discountLines takes the discounts off the lines; a discount on a price with tax loses its share of tax first.
func (o *order) discountLines(taken []amount) {
	for i := range o.lines {
		l, off := &o.lines[i], o.toUnit(taken[i])
		if o.in.Settings.PricesIncludeTax && o.in.Settings.TaxEnabled && o.items[i].taxable() {
			off -= l.rates.sumIn(taken[i], o.inOrder)
		}
		l.total = max(0, l.total-off)
	}
}

// toUnit rounds to six decimals of the currency.
func (o *order) toUnit(a amount) amount { return grid(0).round(a, o.inOrder.unit, halfUp) }

// couponLine is what a coupon took, split into discount and tax (WC_Abstract_Order::set_coupon_discount_amounts).
func (o *order) couponLine(cp *coupon, by []amount) orderCoupon {
	line := orderCoupon{coupon: cp, discount: sum(by)}
	for i := range by {
		if !o.in.Settings.TaxEnabled || !o.items[i].taxable() {
			continue
		}
		tax := o.discountTax(i, by[i])
		if !o.in.Settings.RoundAtSubtotal {
			tax = o.inOrder.grid.round(tax, cent, o.taxMode)
		}
		line.discountTax += tax
		if o.in.Settings.PricesIncludeTax {
			line.discount -= tax
		}
	}
	return line
}

func (o *order) discountTax(i int, off amount) amount {
	if o.in.Settings.PricesIncludeTax {
		return o.lines[i].rates.sumIn(off, o.inOrder)
	}
	return o.lines[i].rates.sumOn(off, o.inOrder)
}
