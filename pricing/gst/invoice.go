package gst

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// Invoice is the tax part of an invoice: one row for each rate. Its taxes are the order's own, rounded as WooCommerce
// rounded them, so the invoice and the order say the same.
type Invoice struct {
	Rows []Row `json:"rows"`
	// Taxable and Tax are the sums of the rows; Rounding is what the order's total has more than they come to.
	Taxable  pricing.Money `json:"taxable"`
	Tax      pricing.Money `json:"tax"`
	Rounding pricing.Money `json:"rounding"`
	Total    pricing.Money `json:"total"`
}

// Row is what was sold at one rate.
type Row struct {
	// Class is the tax class's slug. Percent is the whole rate, CGST and SGST together. Exempt goods are in a row of 0.
	Class   string          `json:"class"`
	Percent decimal.Decimal `json:"percent"`
	// Taxable is what goods, shipping and fees come to without tax, after discounts.
	Taxable pricing.Money `json:"taxable"`
	CGST    pricing.Money `json:"cgst"`
	SGST    pricing.Money `json:"sgst"`
	UTGST   pricing.Money `json:"utgst"`
	IGST    pricing.Money `json:"igst"`
	// Cess is every other tax.
	Cess pricing.Money `json:"cess"`
}

// Tax is the sum of the row's taxes.
func (r Row) Tax() (pricing.Money, error) {
	return pricing.Sum(r.CGST, r.SGST, r.UTGST, r.IGST, r.Cess)
}

// NewInvoice arranges a quote's taxes as an invoice needs them; rates is the tax table the quote was made with. A
// discount that WooCommerce spread over several rates (a negative fee) is spread over the rows by their tax. It returns
// an *InvalidError when the quote has a tax that is not in the table, and otherwise only pricing's errors for amounts
// that cannot be.
func NewInvoice(q quote.Quote, rates []quote.TaxRate) (Invoice, error) {
	b := builder{q: &q, classes: map[int64]string{}}
	for _, r := range rates {
		b.classes[r.ID] = r.Class
	}
	for _, t := range q.Taxes {
		class, ok := b.classes[t.RateID]
		if !ok {
			return Invoice{}, &InvalidError{"rates", "must be the table that the quote was made with"}
		}
		b.tax(class, t)
	}
	for _, l := range q.Lines {
		b.taxable(l.Total, l.Taxes)
	}
	for _, s := range q.Shipping {
		b.taxable(s.Total, s.Taxes)
	}
	for _, f := range q.Fees {
		b.taxable(f.Total, f.Taxes)
	}
	return b.invoice()
}

// builder adds up rows.
type builder struct {
	q       *quote.Quote
	classes map[int64]string
	rows    []*row
	err     error
}

type row struct {
	Row
	exempt  bool
	taxable decimal.Decimal
}

func (b *builder) row(class string, exempt bool) *row {
	i := slices.IndexFunc(b.rows, func(r *row) bool { return r.exempt == exempt && (exempt || r.Class == class) })
	if i >= 0 {
		return b.rows[i]
	}
	r := &row{Row: Row{Class: class}, exempt: exempt}
	b.rows = append(b.rows, r)
	return r
}

// tax adds a tax row of the order to its class.
func (b *builder) tax(class string, t quote.TaxRow) {
	r := b.row(class, false)
	r.Percent = r.Percent.Add(t.Percent)
	sum, err := t.Tax.Add(t.ShippingTax)
	into := &r.Cess
	switch strings.ToUpper(t.Label) {
	case "CGST":
		into = &r.CGST
	case "SGST":
		into = &r.SGST
	case "UTGST":
		into = &r.UTGST
	case "IGST":
		into = &r.IGST
	}
	if err == nil {
		*into, err = into.Add(sum)
	}
	b.keep(err)
}

func (b *builder) keep(err error) {
	if b.err == nil {
		b.err = err
	}
}

// taxable adds a part of the order to the rows it was taxed in: whole when there is one, else by the tax in each. What
// no tax accounts for is exempt.
func (b *builder) taxable(total decimal.Decimal, taxes []quote.TaxShare) {
	by := map[string]decimal.Decimal{}
	var order []string
	for _, t := range taxes {
		class, ok := b.classes[t.RateID]
		if !ok || !b.known(t.RateID) {
			continue
		}
		if _, seen := by[class]; !seen {
			order = append(order, class)
		}
		by[class] = by[class].Add(t.Total)
	}
	switch {
	case len(order) == 0:
		r := b.row("", true)
		r.taxable = r.taxable.Add(total)
		return
	case len(order) == 1 && !total.IsNegative():
		r := b.row(order[0], false)
		r.taxable = r.taxable.Add(total)
		return
	}
	left := total
	for _, class := range order {
		r := b.row(class, false)
		if r.Percent.IsZero() {
			continue
		}
		part := by[class].Shift(2).DivRound(r.Percent, 6)
		r.taxable, left = r.taxable.Add(part), left.Sub(part)
	}
	if left.Round(2).IsZero() || len(order) == 1 && left.Abs().LessThan(decimal.New(1, 0)) {
		r := b.row(order[len(order)-1], false)
		r.taxable = r.taxable.Add(left)
		return
	}
	r := b.row("", true)
	r.taxable = r.taxable.Add(left)
}

// known says whether the order has a tax row of the rate. WooCommerce leaves out none, not even of 0 %.
func (b *builder) known(rate int64) bool {
	return slices.ContainsFunc(b.q.Taxes, func(t quote.TaxRow) bool { return t.RateID == rate })
}

func (b *builder) invoice() (Invoice, error) {
	out := Invoice{Total: b.q.Totals.Total}
	zero, err := pricing.New(0, b.q.Currency)
	b.keep(err)
	out.Taxable, out.Tax = zero, zero
	for _, r := range b.rows {
		var err error
		if r.Taxable, err = pricing.FromDecimal(r.taxable, b.q.Currency, pricing.HalfUp); err != nil {
			return Invoice{}, err
		}
		for _, m := range []*pricing.Money{&r.CGST, &r.SGST, &r.UTGST, &r.IGST, &r.Cess} {
			*m, err = m.Add(zero)
			b.keep(err)
		}
		tax, err := r.Tax()
		b.keep(err)
		out.Taxable, err = out.Taxable.Add(r.Taxable)
		b.keep(err)
		out.Tax, err = out.Tax.Add(tax)
		b.keep(err)
		out.Rows = append(out.Rows, r.Row)
	}
	sum, err := out.Taxable.Add(out.Tax)
	b.keep(err)
	out.Rounding, err = out.Total.Sub(sum)
	b.keep(err)
	if b.err != nil {
		return Invoice{}, b.err
	}
	return out, nil
}
