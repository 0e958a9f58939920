package quote

import (
	"fmt"
	"slices"

	"github.com/ankkor/ankkor/pricing"
)

// Calculate computes the order WooCommerce makes of in. It is pure: equal input gives an equal quote.
//
// It returns an *InvalidError (errors.Is ErrInvalid) that names the field for input that cannot be true, and an
// *UnsupportedError (errors.Is ErrUnsupported) for what it cannot compute exactly. It never panics and may be
// called from any number of goroutines.
func Calculate(in Input) (Quote, error) {
	c, err := newCalc(&in)
	if err != nil {
		return Quote{}, err
	}
	digits := in.Settings.Currency.MinorDigits()
	if c.decimals > digits {
		return Quote{}, &UnsupportedError{Feature: fmt.Sprintf("totals with %d decimals in a currency of %d", c.decimals, digits)}
	}
	c.minor = amount(pow10(digits - c.decimals))
	k, applied := c.finishedCart()
	o, err := c.finishedOrder(applied)
	if err != nil {
		return Quote{}, err
	}
	q := o.quote()
	q.Refused = refusals(k.decisions, o.refused)
	q.Cart = k.beside(o)
	if in.Explain {
		q.Trace = o.explain(k)
	}
	return q, c.failed
}

// refusals are the coupons that the cart or the order does not take, in the order they were entered.
func refusals(cart, order []CouponDecision) []CouponDecision {
	var refused []CouponDecision
	for _, d := range cart {
		removed := slices.ContainsFunc(cart, func(by CouponDecision) bool { return slices.Contains(by.Removed, d.Code) })
		at := slices.IndexFunc(order, func(o CouponDecision) bool { return o.Code == d.Code })
		switch {
		case !d.Accepted:
			refused = append(refused, d)
		case removed:
			refused = append(refused, CouponDecision{Code: d.Code, Reason: CouponIndividualUse})
		case at >= 0:
			refused = append(refused, order[at])
		}
	}
	return refused
}

// quote puts the order into a Quote.
func (o *order) quote() Quote {
	q := Quote{
		Currency: o.in.Settings.Currency, Decimals: o.decimals, At: o.in.At, RulesVersion: o.in.RulesVersion,
		Version: o.in.Settings.Version, Exchange: o.in.Exchange, VATExempt: o.in.VATExempt,
		Lines: make([]QuoteLine, len(o.lines)), Coupons: o.couponLines(),
		TaxedAt: o.destination(o.at), Totals: o.moneyTotals(),
	}
	for i := range o.lines {
		o.quoteLine(&q.Lines[i], i)
	}
	for i := range o.in.Shipping {
		q.Shipping = append(q.Shipping, o.quoteShipping(&o.in.Shipping[i]))
	}
	for i := range o.in.Fees {
		f, asked := &o.fees[i], &o.in.Fees[i]
		q.Fees = append(q.Fees, QuoteFee{
			Name: asked.Name, Taxable: asked.Taxable, TaxClass: asked.TaxClass,
			Total: o.six(f.total), TotalTax: o.six(f.tax), Taxes: o.shares(&f.taxes),
		})
	}
	if rows := o.taxLines(); len(rows) > 0 {
		q.Taxes = make([]TaxRow, len(rows))
		for i := range rows {
			q.Taxes[i] = o.moneyRow(&rows[i])
		}
	}
	return q
}

// quoteLine writes a line where it stays: it is too large to be copied about.
func (o *order) quoteLine(q *QuoteLine, i int) {
	it, l := &o.items[i], &o.lines[i]
	q.ProductID, q.VariationID = it.ProductID, it.VariationID
	if q.VariationID == 0 && it.parent != 0 {
		q.ProductID, q.VariationID = it.parent, it.ProductID
	}
	q.Key, q.Name, q.SKU = it.Key, it.Name, it.SKU
	q.Quantity, q.UnitPrice = it.Quantity, it.UnitPrice
	q.TaxClass, q.TaxClassChosen, q.TaxStatus = it.TaxClass, it.TaxClassChosen, it.status
	q.Subtotal, q.SubtotalTax = o.six(l.subtotal), o.six(l.subtotalTax)
	if q.Total, q.TotalTax = q.Subtotal, q.SubtotalTax; l.total != l.subtotal || l.totalTax != l.subtotalTax {
		q.Total, q.TotalTax = o.six(l.total), o.six(l.totalTax)
	}
	q.Taxes, q.Gross = o.lineShares(l), o.money(l.total+l.totalTax)
	q.Adjustments = slices.Clone(it.Adjustments)
}

func (o *order) quoteShipping(s *ShippingLine) QuoteShipping {
	return QuoteShipping{
		RateID: s.RateID, MethodID: s.MethodID, InstanceID: s.InstanceID, Title: s.Title, Taxable: s.Taxable,
		Total: o.six(o.shipping.total), TotalTax: o.six(o.shipping.tax), Taxes: o.shares(&o.shipping.taxes),
	}
}

// money rounds an amount to the store's decimals as it is shown.
func (c *calc) money(a amount) pricing.Money {
	minor := c.toCents(c.inOrder, a) / cent
	minor *= c.minor
	m, err := pricing.New(int64(minor), c.in.Settings.Currency)
	if err != nil {
		c.fail(invalid("settings.currency", "cannot hold the total"))
	}
	return m
}

func (o *order) moneyTotals() Totals {
	t := &o.totals
	return Totals{
		Subtotal: o.money(t.subtotal), SubtotalTax: o.money(t.subtotalTax),
		DiscountTotal: o.money(t.discount), DiscountTax: o.money(t.discountTax),
		ShippingTotal: o.money(t.shipping), ShippingTax: o.money(t.shippingTax),
		FeeTotal: o.money(t.fees), FeeTax: o.money(t.feeTax),
		CartTax: o.money(t.cartTax), TotalTax: o.money(t.totalTax), Total: o.money(t.total),
	}
}

func (o *order) moneyRow(row *OrderTax) TaxRow {
	return TaxRow{
		RateID: row.RateID, Code: row.Code, Label: row.Label, Percent: row.Percent, Compound: row.Compound,
		Tax: o.money(o.fine(row.Tax)), ShippingTax: o.money(o.fine(row.ShippingTax)),
	}
}
