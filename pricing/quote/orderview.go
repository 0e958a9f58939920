package quote

import "github.com/shopspring/decimal"

// OrderView is an order as WooCommerce stores it: every amount as its REST API gives it with dp=6. Calculate puts the
// same numbers into a Quote; the view also holds for stores whose prices have more decimals than their currency.
type OrderView struct {
	Lines    []OrderLine      `json:"lines"`
	Shipping []OrderPart      `json:"shipping,omitempty"`
	Fees     []OrderPart      `json:"fees,omitempty"`
	Coupons  []QuoteCoupon    `json:"coupons,omitempty"`
	Refused  []CouponDecision `json:"refused,omitempty"`
	Taxes    []OrderTax       `json:"taxes,omitempty"`
	Totals   OrderTotals      `json:"totals"`
	TaxedAt  Destination      `json:"taxed_at"`
}

// OrderLine is a product line: amounts without tax, and their taxes.
type OrderLine struct {
	Subtotal    decimal.Decimal `json:"subtotal"`
	SubtotalTax decimal.Decimal `json:"subtotal_tax"`
	Total       decimal.Decimal `json:"total"`
	TotalTax    decimal.Decimal `json:"total_tax"`
	Taxes       []TaxShare      `json:"taxes,omitempty"`
}

// OrderPart is a shipping or fee line.
type OrderPart struct {
	Total    decimal.Decimal `json:"total"`
	TotalTax decimal.Decimal `json:"total_tax"`
	Taxes    []TaxShare      `json:"taxes,omitempty"`
}

// OrderTax is one tax line.
type OrderTax struct {
	RateID      int64           `json:"rate_id"`
	Code        string          `json:"code"`
	Label       string          `json:"label"`
	Percent     decimal.Decimal `json:"percent"`
	Compound    bool            `json:"compound,omitempty"`
	Tax         decimal.Decimal `json:"tax"`
	ShippingTax decimal.Decimal `json:"shipping_tax"`
}

// OrderTotals are the order's own totals.
type OrderTotals struct {
	Subtotal      decimal.Decimal `json:"subtotal"`
	SubtotalTax   decimal.Decimal `json:"subtotal_tax"`
	DiscountTotal decimal.Decimal `json:"discount_total"`
	DiscountTax   decimal.Decimal `json:"discount_tax"`
	ShippingTotal decimal.Decimal `json:"shipping_total"`
	ShippingTax   decimal.Decimal `json:"shipping_tax"`
	FeeTotal      decimal.Decimal `json:"fee_total"`
	FeeTax        decimal.Decimal `json:"fee_tax"`
	CartTax       decimal.Decimal `json:"cart_tax"`
	TotalTax      decimal.Decimal `json:"total_tax"`
	Total         decimal.Decimal `json:"total"`
}

// Order computes the order alone, with the errors of Calculate. Coupons are judged as the REST API judges them, which
// is not all that the cart does: it lets coupons for individual use stand beside others.
func Order(in Input) (OrderView, error) {
	c, err := newCalc(&in)
	if err != nil {
		return OrderView{}, err
	}
	o, err := c.finishedOrder(c.readCoupons())
	if err != nil {
		return OrderView{}, err
	}
	return o.view(), nil
}

func (o *order) view() OrderView {
	v := OrderView{Lines: make([]OrderLine, len(o.lines)), Totals: o.viewTotals(), TaxedAt: o.destination(o.at)}
	for i := range o.lines {
		l := &o.lines[i]
		v.Lines[i] = OrderLine{
			Subtotal: o.six(l.subtotal), SubtotalTax: o.six(l.subtotalTax),
			Total: o.six(l.total), TotalTax: o.six(l.totalTax), Taxes: o.lineShares(l),
		}
	}
	if o.ships {
		v.Shipping = []OrderPart{o.part(&o.shipping)}
	}
	for i := range o.fees {
		v.Fees = append(v.Fees, o.part(&o.fees[i]))
	}
	v.Coupons, v.Refused, v.Taxes = o.couponLines(), o.refused, o.taxLines()
	return v
}

// six shows an amount in six decimals of the currency, as orders keep it.
func (c *calc) six(a amount) decimal.Decimal { return c.sixes.decimal(a) }

func (o *order) part(p *orderPart) OrderPart {
	return OrderPart{Total: o.six(p.total), TotalTax: o.six(p.tax), Taxes: o.shares(&p.taxes)}
}

// lineShares cuts a line's taxes off a slice that many lines share.
func (o *order) lineShares(l *orderLine) []TaxShare {
	if len(l.totalTaxes) == 0 {
		return nil
	}
	n := len(l.rates.charged)
	if cap(o.taxShares)-len(o.taxShares) < n {
		o.taxShares = make([]TaxShare, 0, max(n, 2*len(o.lines)))
	}
	at := len(o.taxShares)
	for _, k := range l.rates.charged {
		s := TaxShare{RateID: l.rates.rates[k].ID, Total: o.six(l.totalTaxes[k])}
		if s.Subtotal = s.Total; l.subtotalTaxes[k] != l.totalTaxes[k] {
			s.Subtotal = o.six(l.subtotalTaxes[k])
		}
		o.taxShares = append(o.taxShares, s)
	}
	return o.taxShares[at : at+n : at+n]
}

func (o *order) shares(t *tally) []TaxShare {
	if len(t.order) == 0 {
		return nil
	}
	shares := make([]TaxShare, 0, len(t.order))
	for _, slot := range t.order {
		shares = append(shares, TaxShare{RateID: o.known[slot].ID, Total: o.six(t.of(slot))})
	}
	return shares
}

func (o *order) couponLines() []QuoteCoupon {
	var lines []QuoteCoupon
	for _, c := range o.coupons {
		lines = append(lines, QuoteCoupon{
			ID: c.ID, Code: cleanCode(c.Code), Type: c.Type, FreeShipping: c.FreeShipping,
			Discount: o.six(c.discount), DiscountTax: o.six(c.discountTax),
		})
	}
	return lines
}

// taxLines are the tax lines in the order WooCommerce adds them: as the rates are first met in lines, fees, shipping.
func (o *order) taxLines() []OrderTax {
	t := &o.totals
	if len(t.cartTaxes.order)+len(t.shippingTaxes.order) == 0 {
		return nil
	}
	rows := make([]OrderTax, 0, len(o.known))
	row := func(slot int) OrderTax {
		r := o.known[slot]
		return OrderTax{
			RateID: r.ID, Code: o.code(slot), Label: r.label(), Percent: r.Rate, Compound: r.Compound,
			Tax: o.six(t.cartTaxes.of(slot)), ShippingTax: o.six(t.shippingTaxes.of(slot)),
		}
	}
	for _, slot := range t.cartTaxes.order {
		rows = append(rows, row(slot))
	}
	for _, slot := range t.shippingTaxes.order {
		if !t.cartTaxes.has(slot) {
			rows = append(rows, row(slot))
		}
	}
	return rows
}

func (o *order) viewTotals() OrderTotals {
	t := &o.totals
	return OrderTotals{
		Subtotal: o.six(t.subtotal), SubtotalTax: o.six(t.subtotalTax),
		DiscountTotal: o.six(t.discount), DiscountTax: o.six(t.discountTax),
		ShippingTotal: o.six(t.shipping), ShippingTax: o.six(t.shippingTax),
		FeeTotal: o.six(t.fees), FeeTax: o.six(t.feeTax),
		CartTax: o.six(t.cartTax), TotalTax: o.six(t.totalTax), Total: o.six(t.total),
	}
}

// destination is the address that was taxed, with the postcode and city of the input it came from.
func (c *calc) destination(at place) Destination {
	for _, d := range []Destination{c.in.ShipTo, c.in.BillTo} {
		if placeOf(d.Country, d.State) == at {
			return d
		}
	}
	return Destination{Country: at.country, State: at.state}
}
