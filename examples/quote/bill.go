package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/quote"
)

// bill is a quote to be read by people.
type bill struct {
	quote.Quote
	version  string
	refusals []string // what the shopper is told of each refused coupon
}

func newBill(in quote.Input) (*bill, error) {
	in.Explain = true
	q, err := quote.Calculate(in)
	if err != nil {
		return nil, err
	}
	b := &bill{q, in.Settings.Version, quote.CouponMessages(in, q.Refused, quote.CouponWords{Price: prices(in.Settings)})}
	if b.version == "" {
		b.version = "of unknown version"
	}
	return b, nil
}

// text is the bill: what is bought, what it costs, and how that came about.
func (b *bill) text(name string) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s: %s, WooCommerce %s, taxed at %s\n\n", name, b.Currency, b.version, b.place())
	b.table(&out, b.writeLines)
	out.WriteByte('\n')
	b.table(&out, b.writeTotals)
	b.writeNotes(&out)
	out.WriteByte('\n')
	return out.String()
}

func (b *bill) place() string {
	if b.TaxedAt.Country == "" {
		return "no address"
	}
	return strings.TrimSuffix(b.TaxedAt.Country+"-"+b.TaxedAt.State, "-")
}

func (b *bill) table(out *strings.Builder, write func(w *tabwriter.Writer)) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	write(w)
	_ = w.Flush() // a strings.Builder takes everything
}

func (b *bill) writeLines(w *tabwriter.Writer) {
	fmt.Fprintln(w, "product\tpieces\tprice\tbefore tax\tdiscount\ttax\tto pay\t")
	for i := range b.Lines {
		l := &b.Lines[i]
		fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%s\t%s\t%s\t\n", productName(l), l.Quantity, shortest(l.UnitPrice),
			shortest(l.Subtotal), shortest(l.Subtotal.Sub(l.Total)), b.two(l.TotalTax), l.Gross.Amount())
		for _, a := range l.Adjustments {
			fmt.Fprintf(w, "%s\t\t%s\t\t\t\t\t\n", ruleName(a), shortest(a.Amount))
		}
	}
}

func productName(l *quote.QuoteLine) string {
	switch {
	case l.Name != "":
		return l.Name
	case l.VariationID != 0:
		return fmt.Sprint("#", l.VariationID)
	}
	return fmt.Sprint("#", l.ProductID)
}

func ruleName(a quote.Adjustment) string {
	if a.Label != "" {
		return a.Label
	}
	return a.Rule
}

func (b *bill) writeTotals(w *tabwriter.Writer) {
	row := func(what, amount string) { fmt.Fprintf(w, "%s\t%s\t\n", what, amount) }
	t := &b.Totals
	row("goods before tax", t.Subtotal.Amount())
	for _, c := range b.Coupons {
		row("coupon "+c.Code, shortest(c.Discount.Neg()))
	}
	for _, s := range b.Shipping {
		row("shipping, "+strings.TrimSpace(s.Title+" "+s.RateID), b.two(s.Total))
	}
	for _, f := range b.Fees {
		row(f.Name, b.two(f.Total))
	}
	for _, tax := range b.Taxes {
		row(fmt.Sprintf("%s %s %%", tax.Label, shortest(tax.Percent)), tax.Tax.Amount())
		if !tax.ShippingTax.IsZero() {
			row(fmt.Sprintf("%s %s %% on shipping", tax.Label, shortest(tax.Percent)), tax.ShippingTax.Amount())
		}
	}
	row("TOTAL", t.Total.Amount())
}

// two writes an amount in the store's decimals.
func (b *bill) two(d decimal.Decimal) string { return d.StringFixed(int32(b.Decimals)) }

func (b *bill) writeNotes(out *strings.Builder) {
	for i, text := range b.refusals {
		fmt.Fprintf(out, "\n%s (%d)\n", text, b.Refused[i].Reason)
	}
	if len(b.Trace) > 0 {
		out.WriteString("\nHow it came about:\n")
	}
	for _, s := range b.Trace {
		if s.From.IsZero() && s.To.IsZero() {
			fmt.Fprintf(out, "  %s: %s\n", s.Subject, s.Rule)
			continue
		}
		fmt.Fprintf(out, "  %s: %s -> %s\n      %s\n", s.Subject, shortest(s.From), shortest(s.To), s.Rule)
	}
}
