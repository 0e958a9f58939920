package quote

import (
	"slices"

	"github.com/shopspring/decimal"
)

// Cart computes WooCommerce's cart alone, with the errors of Calculate. The cart is taken as it settles: what a
// shopper sees after the page is loaded again.
func Cart(in Input) (CartView, error) {
	c, err := newCalc(&in)
	if err != nil {
		return CartView{}, err
	}
	k, _ := c.finishedCart()
	if c.failed != nil {
		return CartView{}, c.failed
	}
	return k.view(), nil
}

// finishedCart computes the cart, and gives the coupons that are in it.
func (c *calc) finishedCart() (*cart, []*coupon) {
	k := c.newCart()
	decisions, applied := k.enter()
	k.decisions = decisions
	k.applyCoupons(applied)
	k.finish()
	return k, applied
}

func (k *cart) view() CartView {
	v := CartView{
		Lines: make([]CartLine, len(k.lines)), Decisions: k.decisions, TaxTotals: k.taxTotals(),
		Totals: k.viewTotals(), TaxedAt: k.destination(k.at),
	}
	var shares []CartTax
	for i := range k.lines {
		k.viewLine(&v.Lines[i], &k.lines[i], &shares)
	}
	for i := range k.in.Shipping {
		v.Shipping = append(v.Shipping, CartShipping{
			RateID: k.in.Shipping[i].RateID, Cost: k.in.Shipping[i].Cost, Taxes: k.shares(&k.shipping.raw),
		})
	}
	for _, i := range k.shownFees() {
		f := &k.fees[i]
		v.Fees = append(v.Fees, CartFee{
			Name: k.in.Fees[f.asked].Name, Amount: k.in.Fees[f.asked].Amount,
			Total: k.exact(f.total), Tax: k.exact(f.tax), Taxes: k.shares(&f.taxes),
		})
	}
	for _, cp := range k.coupons {
		v.Coupons = append(v.Coupons, CartCoupon{
			Code: cleanCode(cp.Code), Discount: k.exact(cp.discount), DiscountTax: k.exact(cp.discountTax),
		})
	}
	for _, n := range k.computed {
		v.DiscountOrder = append(v.DiscountOrder, cleanCode(k.coupons[n].Code))
	}
	return v
}

// exact shows an amount with everything the cart keeps of it.
func (c *calc) exact(a amount) decimal.Decimal { return c.exacts.decimal(a) }

// viewLine shows a line. A line without a discount has its taxes once.
func (k *cart) viewLine(v *CartLine, l *cartLine, shares *[]CartTax) {
	v.Subtotal, v.SubtotalTax = k.exact(l.subtotal), k.exact(l.subtotalTax)
	if v.Total, v.TotalTax = v.Subtotal, v.SubtotalTax; l.total != l.subtotal || l.totalTax != l.subtotalTax {
		v.Total, v.TotalTax = k.exact(l.total), k.exact(l.totalTax)
	}
	v.SubtotalTaxes = k.lineShares(l, l.subtotalTaxes, shares)
	if v.TotalTaxes = v.SubtotalTaxes; !slices.Equal(l.subtotalTaxes, l.totalTaxes) {
		v.TotalTaxes = k.lineShares(l, l.totalTaxes, shares)
	}
}

// lineShares cuts a line's taxes off a slice that many lines share.
func (k *cart) lineShares(l *cartLine, taxes []amount, room *[]CartTax) []CartTax {
	if len(taxes) == 0 {
		return nil
	}
	if cap(*room)-len(*room) < len(taxes) {
		*room = make([]CartTax, 0, max(len(taxes), 2*len(k.lines)))
	}
	at := len(*room)
	for _, n := range l.listed(taxes) {
		*room = append(*room, CartTax{RateID: l.rates.rates[n].ID, Amount: k.exact(taxes[n])})
	}
	return (*room)[at:len(*room):len(*room)]
}

func (k *cart) shares(t *tally) []CartTax {
	if len(t.order) == 0 {
		return nil
	}
	shares := make([]CartTax, 0, len(t.order))
	for _, slot := range t.order {
		shares = append(shares, CartTax{RateID: k.known[slot].ID, Amount: k.exact(t.of(slot))})
	}
	return shares
}

func (k *cart) viewTotals() CartTotals {
	t := &k.totals
	return CartTotals{
		Subtotal: k.exact(t.subtotal), SubtotalTax: k.exact(t.subtotalTax),
		DiscountTotal: k.exact(t.discount), DiscountTax: k.exact(t.discountTax),
		CartContentsTotal: k.exact(t.contents), CartContentsTax: k.exact(t.contentsTax),
		ShippingTotal: k.exact(t.shipping), ShippingTax: k.exact(t.shippingTax),
		FeeTotal: k.exact(t.fees), FeeTax: k.exact(t.feeTax),
		Total: k.exact(t.total), TotalTax: k.exact(t.totalTax),
		CartContentsTaxes: k.shares(&t.contentsTaxes), ShippingTaxes: k.shares(&t.shippingTaxes), FeeTaxes: k.shares(&t.feeTaxes),
		DisplayedSubtotal: k.exact(k.displayedSubtotal()),
	}
}

// taxTotals are the rows a customer reads (WC_Cart::get_tax_totals): by code, so 9 % and 2.5 % CGST are one row when
// both are called CGST. Shipping's part is rounded by itself. Rows of nothing are left out.
func (k *cart) taxTotals() []CartTaxRow {
	met := k.metRates()
	if len(met) == 0 {
		return nil
	}
	rows, amounts := make([]CartTaxRow, 0, len(met)), make([]amount, 0, len(met))
	for _, slot := range met {
		r := k.known[slot]
		at := findRow(rows, k.code(slot))
		if at < 0 {
			at = len(rows)
			rows, amounts = append(rows, CartTaxRow{Code: k.code(slot)}), append(amounts, 0)
		}
		rows[at].Label, rows[at].RateID, rows[at].Compound = r.label(), r.ID, r.Compound
		amounts[at] += k.rowTax(slot)
	}
	kept := rows[:0]
	for i, row := range rows {
		if amounts[i] != 0 {
			row.Amount = k.exact(amounts[i])
			kept = append(kept, row)
		}
	}
	return kept
}

// rowTax is one rate's tax in its row.
func (k *cart) rowTax(slot int) amount {
	t := &k.totals
	round := func(a amount) amount { return k.inCart.grid.round(a, cent, k.taxMode) }
	tax := t.contentsTaxes.of(slot) + t.feeTaxes.of(slot)
	if t.shippingTaxes.has(slot) {
		tax = round(tax) + k.toCents(k.inCart, t.shippingTaxes.of(slot))
	}
	return round(tax)
}

// metRates are the rates in the order WooCommerce merges them: shipping, lines, fees.
func (k *cart) metRates() []int {
	var all tally
	for _, t := range []*tally{&k.totals.shippingTaxes, &k.totals.contentsTaxes, &k.totals.feeTaxes} {
		for _, slot := range t.order {
			all.add(slot, 0)
		}
	}
	return all.order
}

func findRow(rows []CartTaxRow, code string) int {
	for i := range rows {
		if rows[i].Code == code {
			return i
		}
	}
	return -1
}
