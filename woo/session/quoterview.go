package session

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/quote"
)

// view is the store's cart in the words of a quote. A shipping rate that was
// not asked for, which WooCommerce chooses by itself, is left out.
func (p *pricer) view(q quote.Quote) quote.CartView {
	c := p.filled.cart
	v := quote.CartView{TaxedAt: q.TaxedAt}
	contents := decimal.Zero
	for _, l := range c.Lines {
		v.Lines = append(v.Lines, quote.CartLine{Subtotal: l.Subtotal, SubtotalTax: l.SubtotalTax, Total: l.Total, TotalTax: l.TotalTax})
		contents = contents.Add(l.Total)
	}
	for _, f := range c.Fees {
		v.Fees = append(v.Fees, quote.CartFee{Name: f.Name, Amount: f.Total, Total: f.Total, Tax: f.Tax.Decimal})
	}
	for _, k := range c.Coupons {
		v.Coupons = append(v.Coupons, quote.CartCoupon{Code: k.Code, Discount: k.Discount, DiscountTax: k.DiscountTax})
		v.Decisions = append(v.Decisions, quote.CouponDecision{Code: k.Code, Accepted: true})
		v.DiscountOrder = append(v.DiscountOrder, k.Code)
	}
	v.Decisions = append(v.Decisions, q.Refused...)
	for _, t := range c.Taxes {
		v.TaxTotals = append(v.TaxTotals, quote.CartTaxRow{Label: t.Label, Amount: t.Amount})
	}
	t := c.Totals
	v.Totals = quote.CartTotals{
		Subtotal: t.Subtotal, SubtotalTax: t.SubtotalTax, DiscountTotal: t.Discount, DiscountTax: t.DiscountTax,
		CartContentsTotal: contents, ShippingTotal: t.Shipping, ShippingTax: t.ShippingTax, FeeTotal: t.Fees, FeeTax: t.FeesTax,
		Total: t.Total.Decimal(), TotalTax: t.Tax, DisplayedSubtotal: t.Subtotal,
	}
	v.Totals.CartContentsTax = t.Tax.Sub(t.ShippingTax).Sub(t.FeesTax)
	if p.rules.Settings.CartDisplay == quote.DisplayInclusive {
		v.Totals.DisplayedSubtotal = t.Subtotal.Add(t.SubtotalTax)
	}
	if rate, ok := p.rate(); ok {
		v.Shipping = []quote.CartShipping{{RateID: rate.ID, Cost: rate.Cost.Decimal}}
	} else {
		v.Totals.Total = v.Totals.Total.Sub(t.Shipping).Sub(t.ShippingTax)
		v.Totals.TotalTax = v.Totals.TotalTax.Sub(t.ShippingTax)
		v.Totals.ShippingTotal, v.Totals.ShippingTax = decimal.Zero, decimal.Zero
	}
	v.Differences = p.differences(q, v)
	return v
}

// Why an order's amount is not that of the store's cart.
const (
	taxedApart   = "the cart finds the tax inside the price with tax, an order puts it on the price without, which is kept to six decimals"
	statedAmount = "no price explains this line: the order is sent the cart's amount without tax and taxes it again"
	foldedApart  = "a coupon that an order cannot compute is in the lines' amounts, which the order taxes again"
	couponsApart = "the cart computes coupons by type and amount, an order as they were entered and on rounded tax"
	shippedTaxed = "an order taxes every shipping line, and rounds it by itself"
	feesApart    = "an order has the cart's fees rounded to the currency, and those charged besides"
)

// differences are the amounts in which the order is not what the cart shows.
func (p *pricer) differences(q quote.Quote, v quote.CartView) []quote.CartDifference {
	d := differences{places: int32(p.rules.Settings.Decimals)}
	o, t := q.Totals, v.Totals
	d.note("total", o.Total.Decimal(), t.Total, p.why())
	d.note("total_tax", o.TotalTax.Decimal(), t.TotalTax, p.why())
	d.note("subtotal", o.Subtotal.Decimal(), t.Subtotal, p.why())
	d.note("subtotal_tax", o.SubtotalTax.Decimal(), t.SubtotalTax, p.why())
	d.note("discount_total", o.DiscountTotal.Decimal(), t.DiscountTotal, p.why())
	d.note("discount_tax", o.DiscountTax.Decimal(), t.DiscountTax, p.why())
	d.note("shipping_total", o.ShippingTotal.Decimal(), t.ShippingTotal, shippedTaxed)
	d.note("shipping_tax", o.ShippingTax.Decimal(), t.ShippingTax, shippedTaxed)
	d.note("fee_total", o.FeeTotal.Decimal(), t.FeeTotal, feesApart)
	d.note("fee_tax", o.FeeTax.Decimal(), t.FeeTax, feesApart)
	for i, l := range q.Lines {
		at, why := fmt.Sprintf("lines[%d].", i), p.why()
		if p.stated[i] {
			why = statedAmount
		}
		d.note(at+"subtotal", l.Subtotal, v.Lines[i].Subtotal, why)
		d.note(at+"subtotal_tax", l.SubtotalTax, v.Lines[i].SubtotalTax, why)
		d.note(at+"total", l.Total, v.Lines[i].Total, why)
		d.note(at+"total_tax", l.TotalTax, v.Lines[i].TotalTax, why)
	}
	return d.found
}

type differences struct {
	places int32
	found  []quote.CartDifference
}

func (d *differences) note(field string, order, cart decimal.Decimal, why string) {
	order, cart = order.Round(d.places), cart.Round(d.places)
	if !order.Equal(cart) {
		d.found = append(d.found, quote.CartDifference{Field: field, Order: order, Cart: cart, Reason: why})
	}
}

func (p *pricer) why() string {
	switch {
	case p.folded:
		return foldedApart
	case len(p.filled.cart.Coupons) > 0:
		return couponsApart
	case len(p.fees) > 0:
		return feesApart
	case slices.Contains(p.stated, true):
		return statedAmount
	}
	return taxedApart
}

// agree refuses a quote whose order is further from the cart than rounding
// goes: every line's, fee's and the shipping's taxes are rounded apart, and
// coupons hand out the last paise of each piece their own way.
func (p *pricer) agree(q quote.Quote) error {
	extra, extraTax := decimal.Zero, decimal.Zero // charged besides
	for i := len(p.filled.cart.Fees); i < len(q.Fees); i++ {
		extra, extraTax = extra.Add(q.Fees[i].Total), extraTax.Add(q.Fees[i].TotalTax)
	}
	apart := int64(2)
	for i, l := range q.Lines {
		steps := int64(len(l.Taxes) + 1)
		if len(p.filled.cart.Coupons) > 0 {
			steps += l.Quantity + 1
		}
		if got := p.filled.cart.Lines[i].TotalTax; !near(l.TotalTax, got, p.steps(steps)) {
			return &DisagreementError{Field: fmt.Sprintf("lines[%d].total_tax", i), Order: l.TotalTax, Cart: got}
		}
		apart += steps
	}
	apart += int64(2*len(q.Fees) + 2*len(q.Shipping))
	if order := q.Totals.FeeTax.Decimal().Sub(extraTax); !near(order, q.Cart.Totals.FeeTax, p.steps(int64(2*len(q.Fees)+1))) {
		return &DisagreementError{Field: "fee_tax", Order: order, Cart: q.Cart.Totals.FeeTax}
	}
	shippingTax := decimal.Zero // an order taxes shipping that the cart does not
	if untaxed(q) {
		shippingTax = q.Totals.ShippingTax.Decimal().Sub(q.Cart.Totals.ShippingTax)
	}
	order := q.Totals.Total.Decimal().Sub(extra).Sub(extraTax).Sub(shippingTax)
	if !near(order, q.Cart.Totals.Total, p.steps(apart)) {
		return &DisagreementError{Field: "total", Order: order, Cart: q.Cart.Totals.Total}
	}
	return nil
}

func (p *pricer) steps(n int64) decimal.Decimal { return p.unit().Mul(decimal.NewFromInt(n)) }

// untaxed reports whether the chosen rate shows no tax of its own.
func untaxed(q quote.Quote) bool { return len(q.Shipping) == 1 && !q.Shipping[0].Taxable }

// refusals are the coupons that count for nothing: those the store refused,
// with the reason that the rulebook gives, and those that left the cart again.
func (p *pricer) refusals(in quote.Input, order []quote.CouponDecision) []quote.CouponDecision {
	var all []quote.CouponDecision
	if !p.folded {
		all = order
	}
	for _, code := range p.req.Coupons {
		same := func(k Coupon) bool { return strings.EqualFold(k.Code, code) }
		if slices.ContainsFunc(p.filled.cart.Coupons, same) {
			continue
		}
		all = append(all, quote.CouponDecision{Code: strings.ToLower(code), Reason: p.reason(in, code)})
	}
	return all
}

// reason asks the engine why a coupon does not count. WooCommerce's own reason
// is a sentence in the shop's language.
func (p *pricer) reason(in quote.Input, code string) quote.CouponReason {
	coupon, ok := p.rules.Coupons[strings.ToLower(code)]
	if !ok {
		return quote.CouponNotExists
	}
	in.Coupons = []quote.Coupon{coupon}
	if view, err := quote.Cart(in); err == nil && len(view.Decisions) == 1 && !view.Decisions[0].Accepted {
		return view.Decisions[0].Reason
	}
	if len(p.filled.cart.Coupons) > 0 {
		return quote.CouponIndividualUse
	}
	return quote.CouponInvalidRemoved
}
