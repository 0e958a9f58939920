package quote

import "slices"

// cart computes WooCommerce's cart (WC_Cart_Totals), the arithmetic behind what a shopper is shown.
type cart struct {
	*calc
	at       place
	lines    []cartLine
	shipping cartPart
	fees     []cartPart
	coupons  []cartCoupon
	// computed is the order in which the coupons were computed.
	computed  []int
	decisions []CouponDecision
	totals    cartTotals
}

// cartLine is a line without tax, to six decimals of a cent.
type cartLine struct {
	// price is what coupons are taken off: with tax when inclusive.
	price                     amount
	inclusive                 bool
	rates                     *taxSet
	subtotal, total           amount
	subtotalTaxes, totalTaxes []amount
	subtotalTax, totalTax     amount
}

// cartPart is the shipping or a fee.
type cartPart struct {
	asked      int // its place in the Input
	total, tax amount
	taxes      tally
	// raw are the taxes before they were rounded.
	raw tally
}

type cartCoupon struct {
	*coupon
	discount, discountTax amount
}

type cartTotals struct {
	subtotal, subtotalTax, discount, discountTax amount
	contents, contentsTax                        amount
	shipping, shippingTax, fees, feeTax          amount
	total, totalTax                              amount
	contentsTaxes, shippingTaxes, feeTaxes       tally
}

// newCart prices the lines and adds up what they cost before coupons.
func (c *calc) newCart() *cart {
	k := &cart{calc: c, at: c.cartPlace(), lines: make([]cartLine, len(c.items))}
	for i := range c.items {
		l := &k.lines[i]
		k.newLine(l, &c.items[i])
		k.totals.subtotal += c.lineAmount(c.inCart, l.subtotal)
		k.totals.subtotalTax += l.subtotalTax
	}
	return k
}

// cartPlace is where the cart is taxed (WC_Customer::get_taxable_address). Unlike an order it does not fall back on
// another address: a customer without one pays no tax yet.
func (c *calc) cartPlace() place {
	switch s := &c.in.Settings; {
	case s.TaxBasedOn == BasedOnBase || c.pickedUp():
		return c.base
	case s.TaxBasedOn == BasedOnBilling:
		return placeOf(c.in.BillTo.Country, c.in.BillTo.State)
	}
	return placeOf(c.in.ShipTo.Country, c.in.ShipTo.State)
}

func (k *cart) newLine(l *cartLine, it *item) {
	l.price, l.inclusive, l.rates = it.price, k.inclusive, k.set(it.TaxClass, k.at)
	if k.inclusive && it.taxable() {
		k.adjust(l, it)
	}
	l.subtotal = l.price
	if k.taxed && it.taxable() {
		l.subtotal, l.subtotalTaxes = k.split(l, l.price)
		l.subtotalTax = k.lineTaxes(k.inCart, l.subtotalTaxes)
	}
}

// adjust puts the customer's tax into a price that was entered with the shop's (adjust_non_base_location_price), or
// takes the tax out of it when the customer pays none (remove_item_base_taxes).
func (k *cart) adjust(l *cartLine, it *item) {
	base := k.priceRates(it, k.at, l.rates)
	if k.in.VATExempt {
		l.price = k.toCents(k.inCart, l.price-base.sumIn(l.price, k.inCart))
		l.inclusive = false
		return
	}
	if base == l.rates || slices.Equal(base.slots, l.rates.slots) {
		return
	}
	net := l.price - base.sumIn(l.price, k.inCart)
	l.price = net + l.rates.sumOn(net, k.inCart)
}

// split takes an amount apart into what it is without tax and its taxes.
func (k *cart) split(l *cartLine, a amount) (amount, []amount) {
	room := k.room(len(l.rates.rates))
	if l.inclusive {
		taxes := l.rates.in(room, a, k.inCart)
		return a - sum(taxes), taxes
	}
	return a, l.rates.on(room, a, k.inCart)
}

// listed is the order in which WooCommerce lists the line's taxes.
func (l *cartLine) listed(taxes []amount) []int {
	switch {
	case len(taxes) == 0:
		return nil
	case !l.inclusive:
		return l.rates.charged
	}
	return l.rates.natural
}

// displayedSubtotal is what minimum and maximum spends are compared with.
func (k *cart) displayedSubtotal() amount {
	if k.in.Settings.CartDisplay == DisplayInclusive && !k.in.VATExempt {
		return k.totals.subtotal + k.totals.subtotalTax
	}
	return k.totals.subtotal
}

// finish computes everything after the coupons.
func (k *cart) finish() {
	for i := range k.lines {
		l := &k.lines[i]
		switch {
		case !k.taxed || !k.items[i].taxable():
		case l.total == l.price:
			l.total, l.totalTaxes, l.totalTax = l.subtotal, l.subtotalTaxes, l.subtotalTax
		default:
			l.total, l.totalTaxes = k.split(l, l.total)
			l.totalTax = k.lineTaxes(k.inCart, l.totalTaxes)
		}
		k.totals.contents += k.lineAmount(k.inCart, l.total)
		k.collectLine(&k.totals.contentsTaxes, k.inCart, l.rates, l.totalTaxes, l.listed(l.totalTaxes))
	}
	k.totals.contentsTax = k.totals.contentsTaxes.total()
	k.ship()
	k.addFees()
	k.grandTotal()
}

// ship taxes the chosen rate in units of the currency, as shipping methods do, and rounds in cents.
func (k *cart) ship() {
	for i := range k.in.Shipping {
		s := &k.in.Shipping[i]
		cost := k.fine(s.Cost)
		if k.taxed && s.Taxable && cost > 0 {
			k.cartShippingRates().charge(&k.shipping.raw, cost, k.inOrder)
		}
		for _, slot := range k.shipping.raw.order {
			k.shipping.taxes.add(slot, k.lineAmount(k.inCart, k.shipping.raw.of(slot)))
		}
		k.shipping.total, _ = k.parse(s.Cost)
		if !k.rules.exactShipping {
			k.shipping.total = grid(0).round(cost, cent, halfUp)
		}
		k.shipping.tax = k.shipping.taxes.total()
	}
	k.totals.shipping, k.totals.shippingTax, k.totals.shippingTaxes = k.shipping.total, k.shipping.tax, k.shipping.taxes
}

// cartShippingRates are the rates of shipping; before 10.1 the standard ones when its class has none.
func (k *cart) cartShippingRates() *taxSet {
	class, ok := k.shippingClass((*item).isShippingTaxable)
	if !ok {
		return newTaxSet(nil)
	}
	rates := k.shippingSet(class, k.at)
	if k.rules.standardFallback && len(rates.rates) == 0 {
		return k.shippingSet("", k.at)
	}
	return rates
}

// grandTotal adds everything up. The total counts every tax as it is rounded on its line; the tax total rounds those
// of fees and shipping once more, so it need not be the sum of its parts.
func (k *cart) grandTotal() {
	t := &k.totals
	extras := amount(0)
	for _, slot := range t.shippingTaxes.order {
		extras += k.lineTax(k.inCart, t.shippingTaxes.of(slot))
	}
	for i := range k.fees {
		extras += k.fees[i].tax
	}
	t.total = max(0, k.toCents(k.inCart, t.contents+t.fees+t.shipping+t.contentsTax+extras))
	t.totalTax = grid(0).round(t.contentsTax+k.toCents(k.inCart, extras), cent, k.taxMode)
}
