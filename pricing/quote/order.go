package quote

// order computes the totals of a WooCommerce order (WC_Abstract_Order::calculate_totals), the arithmetic of orders
// that are created over REST or by an administrator.
type order struct {
	*calc
	at       place
	lines    []orderLine
	shipping orderPart
	ships    bool
	fees     []orderPart
	coupons  []orderCoupon
	totals   orderTotals
	// stored are the lines' totals as the database held them when fees were taxed last, where that is what counts.
	stored    []amount
	discounts *discounts
	refused   []CouponDecision
	// taxShares is where the taxes of many lines are kept together.
	taxShares []TaxShare
}

// orderLine is a line of the order, without tax; every amount has six decimals of the currency.
type orderLine struct {
	subtotal, total           amount
	subtotalTaxes, totalTaxes []amount
	subtotalTax, totalTax     amount
	rates                     *taxSet
}

// orderPart is a shipping or fee line.
type orderPart struct {
	total, tax amount
	taxes      tally
}

type orderCoupon struct {
	*coupon
	discount, discountTax amount
}

type orderTotals struct {
	subtotal, subtotalTax, discount, discountTax        amount
	shipping, shippingTax, fees, feeTax, cartTax, total amount
	totalTax                                            amount
	cartTaxes, shippingTaxes                            tally
}

// newOrder makes the order without coupons.
func (c *calc) newOrder() *order {
	o := &order{calc: c, at: c.orderPlace(), ships: len(c.in.Shipping) > 0}
	o.lines = make([]orderLine, len(c.items))
	for i := range c.items {
		c.newOrderLine(&o.lines[i], &c.items[i], o.at)
	}
	for i := range c.in.Shipping {
		o.shipping.total, _ = c.parse(c.in.Shipping[i].Cost)
	}
	o.fees = make([]orderPart, len(c.in.Fees))
	for i := range c.in.Fees {
		o.fees[i].total, _ = c.parse(c.in.Fees[i].Amount)
	}
	o.calculate()
	return o
}

// orderPlace is where the order is taxed (WC_Abstract_Order::get_tax_location): at the shipping address, at the
// billing address when there is none, else at the shop.
func (c *calc) orderPlace() place {
	s := &c.in.Settings
	to := placeOf(c.in.ShipTo.Country, c.in.ShipTo.State)
	if s.TaxBasedOn == BasedOnBilling || (s.TaxBasedOn != BasedOnBase && to.country == "") {
		to = placeOf(c.in.BillTo.Country, c.in.BillTo.State)
	}
	if s.TaxBasedOn == BasedOnBase || to.country == "" || c.pickedUp() {
		return c.base
	}
	return to
}

// newOrderLine takes the price apart (wc_get_price_excluding_tax): the shop's own tax is taken out of a price with
// tax, whoever buys; with a fixed gross price, the customer's.
func (c *calc) newOrderLine(l *orderLine, it *item, at place) {
	l.subtotal, l.rates = it.price, c.set(it.TaxClass, at)
	if c.inclusive && it.taxable() {
		l.subtotal -= c.priceRates(it, at, l.rates).sumIn(it.price, c.inOrder)
		if c.in.VATExempt {
			l.subtotal = c.toCents(c.inOrder, l.subtotal)
		}
	}
	l.total = l.subtotal
	if g := it.Given; g != nil {
		l.subtotal, l.total = c.given(g.Subtotal, l.subtotal), c.given(g.Total, l.total)
	}
	l.subtotal = max(l.subtotal, l.total)
}

// priceRates are the rates a price with tax contains, for an item that is charged those of a place.
func (c *calc) priceRates(it *item, at place, charged *taxSet) *taxSet {
	if c.in.Settings.FixedGrossPrice || at == c.base {
		return charged
	}
	return c.set(it.TaxClass, c.base)
}

// calculate works out taxes and totals of what the lines, shipping and fees are now.
func (o *order) calculate() {
	o.totals = orderTotals{}
	t := &o.totals
	total := amount(0)
	for i := range o.lines {
		t.subtotal += o.lineAmount(o.inOrder, o.lines[i].subtotal)
		total += o.lineAmount(o.inOrder, o.lines[i].total)
	}
	if o.ships {
		t.shipping = o.toCents(o.inOrder, o.shipping.total)
	}
	o.capFees(total)
	for i := range o.fees {
		t.fees += o.fees[i].total
	}
	o.tax()
	t.discount = o.toCents(o.inOrder, t.subtotal-total)
	t.total = o.toCents(o.inOrder, total+t.fees+t.shipping+t.cartTax+t.shippingTax)
	t.totalTax = o.toCents(o.inOrder, t.cartTax+t.shippingTax)
}

// tax taxes every part and adds the taxes up by rate.
func (o *order) tax() {
	t := &o.totals
	before, after := amount(0), amount(0)
	for i := range o.lines {
		o.taxLine(i)
		if l := &o.lines[i]; len(l.totalTaxes) > 0 {
			o.collectLine(&t.cartTaxes, o.inOrder, l.rates, l.totalTaxes, l.rates.charged)
		}
		before += sum(o.lines[i].subtotalTaxes)
		after += sum(o.lines[i].totalTaxes)
		t.subtotalTax += o.lines[i].subtotalTax
	}
	for i := range o.fees {
		o.taxFee(i)
		o.collect(&t.cartTaxes, &o.fees[i])
		t.feeTax += o.fees[i].tax
	}
	if o.ships {
		o.taxShipping()
		o.collect(&t.shippingTaxes, &o.shipping)
	}
	t.cartTax, t.shippingTax = t.cartTaxes.total(), t.shippingTaxes.total()
	t.discountTax = o.inOrder.grid.round(before-after, cent, o.taxMode)
}

// taxLine charges the customer's rates on the line without tax.
func (o *order) taxLine(i int) {
	l := &o.lines[i]
	if !o.taxed || !o.items[i].taxable() {
		return
	}
	if l.subtotalTaxes == nil {
		l.subtotalTaxes = l.rates.on(o.room(len(l.rates.rates)), l.subtotal, o.inOrder)
		l.subtotalTax = o.lineTaxes(o.inOrder, l.subtotalTaxes)
	}
	if l.total == l.subtotal {
		l.totalTaxes, l.totalTax = l.subtotalTaxes, l.subtotalTax
		return
	}
	l.totalTaxes = l.rates.on(o.room(len(l.rates.rates)), l.total, o.inOrder)
	l.totalTax = o.lineTaxes(o.inOrder, l.totalTaxes)
}

// taxShipping taxes shipping, whatever the rate's own tax status was: an order does not keep it.
func (o *order) taxShipping() {
	o.shipping.taxes = tally{}
	if !o.taxed {
		return
	}
	o.shippingRates(o.at, (*item).taxesShipping).charge(&o.shipping.taxes, o.shipping.total, o.inOrder)
	o.shipping.tax = o.roundedTally(&o.shipping.taxes)
}

// collect adds a part's taxes to those of the order.
func (o *order) collect(into *tally, p *orderPart) {
	for _, slot := range p.taxes.order {
		into.add(slot, o.lineTax(o.inOrder, p.taxes.of(slot)))
	}
}

func (o *order) roundedTally(t *tally) amount {
	total := amount(0)
	for _, slot := range t.order {
		total += o.lineTax(o.inOrder, t.of(slot))
	}
	return total
}
