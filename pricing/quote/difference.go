package quote

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

// beside shows the cart and lists the amounts in which the order is not what the cart shows.
func (k *cart) beside(o *order) *CartView {
	v := k.view()
	d := differences{k: k, o: o}
	t, w := &o.totals, &k.totals
	d.note("total", t.total, w.total, d.why())
	d.note("total_tax", t.totalTax, w.totalTax, d.why())
	d.note("subtotal", t.subtotal, w.subtotal, taxedApart)
	d.note("subtotal_tax", t.subtotalTax, w.subtotalTax, taxedApart)
	d.note("discount_total", t.discount, w.discount, d.whyDiscount())
	d.note("discount_tax", t.discountTax, w.discountTax, d.whyDiscount())
	d.note("shipping_total", t.shipping, w.shipping, "an order rounds shipping by itself")
	d.note("shipping_tax", t.shippingTax, w.shippingTax, d.whyShipping())
	d.note("fee_total", t.fees, w.fees, feesApart)
	d.note("fee_tax", t.feeTax, w.feeTax, feesApart)
	for i := range o.lines {
		a, b := &o.lines[i], &k.lines[i]
		d.line(i, "subtotal", a.subtotal, b.subtotal, taxedApart)
		d.line(i, "subtotal_tax", a.subtotalTax, b.subtotalTax, taxedApart)
		d.line(i, "total", a.total, b.total, d.why())
		d.line(i, "total_tax", a.totalTax, b.totalTax, d.why())
	}
	v.Differences = d.found
	return &v
}

// Why an order's amount is not the cart's.
const (
	taxedApart = "the cart finds the tax inside the price with tax, an order puts it on the price without, which is kept to six decimals"
	feesApart  = "the cart computes its largest fees first, an order as they come, and negative ones against the lines before coupons"
	couponsUse = "the cart computes coupons by type and amount, an order as they were entered and on rounded tax"
)

type differences struct {
	k     *cart
	o     *order
	found []CartDifference
}

func (d *differences) note(field string, order, cart amount, why string) {
	if order == cart {
		return
	}
	a, b := grid(0).round(order, cent, halfUp), grid(0).round(cart, cent, halfUp)
	if a == b {
		return
	}
	if d.o.at != d.k.at {
		why = "the order is taxed in another place than the cart, which knows no address yet"
	}
	d.found = append(d.found, CartDifference{Field: field, Order: d.shown(a), Cart: d.shown(b), Reason: why})
}

func (d *differences) line(i int, field string, order, cart amount, why string) {
	before := len(d.found)
	if d.note(field, order, cart, why); len(d.found) > before {
		d.found[before].Field = fmt.Sprintf("lines[%d].%s", i, field)
	}
}

// shown is an amount as a page shows it.
func (d *differences) shown(a amount) decimal.Decimal {
	s := newShown(d.o.decimals, d.o.decimals)
	return s.decimal(a)
}

func (d *differences) why() string {
	switch {
	case len(d.o.coupons) > 0 || len(d.k.coupons) > 0:
		return d.whyDiscount()
	case len(d.o.in.Fees) > 0 && d.o.totals.feeTax != d.k.totals.feeTax:
		return feesApart
	case d.o.totals.shippingTax != d.k.totals.shippingTax:
		return d.whyShipping()
	}
	return taxedApart
}

func (d *differences) whyDiscount() string {
	if len(d.o.coupons) != len(d.k.coupons) {
		return "the order does not take a coupon that the cart takes"
	}
	return couponsUse
}

func (d *differences) whyShipping() string {
	for i := range d.o.in.Shipping {
		if !d.o.in.Shipping[i].Taxable {
			return "an order taxes every shipping line, whatever the method says"
		}
	}
	if d.o.in.Settings.ShippingTaxClass == InheritShippingClass && slices.ContainsFunc(d.o.items, func(i item) bool { return i.Virtual }) {
		return "shipping inherits its tax class from everything in an order, but only from what is shipped in the cart"
	}
	return "the cart rounds half a paisa of shipping tax up, an order as the prices' tax is rounded"
}
