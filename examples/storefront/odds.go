package main

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/quote"
)

// odds explains, in one sentence, the paise that a bill does not explain by itself: a row that is not price times pieces,
// rows that do not come to the total. WooCommerce's arithmetic has them; see packages quote and gst. It is empty when
// everything adds up.
func odds(q *quote.Quote) string {
	var rows []string
	sum := delivery(*q)
	for _, l := range q.Lines {
		sum = sum.Add(l.Gross.Decimal())
		if due := l.UnitPrice.Mul(decimal.NewFromInt(l.Quantity)); byPaise(l, due) {
			rows = append(rows, l.Name+" comes to "+rupees.Money(l.Gross)+" instead of "+rupees.Amount(due))
		}
	}
	for _, f := range q.Fees {
		sum = sum.Add(f.Total).Add(f.TotalTax)
	}
	total := q.Totals.Total.Decimal()
	var why []string
	if len(rows) > 0 {
		why = append(why, strings.Join(rows, ", ")+": GST is taken out of the price and put back as "+taxNames(q)+", each rounded to the paisa by itself")
	}
	if shown := sum.Round(2); !shown.Equal(total) {
		why = append(why, "the rows, each rounded by itself, come to "+rupees.Amount(shown)+", the total is rounded once, to "+rupees.Amount(total))
	}
	if len(why) == 0 {
		return ""
	}
	return "To the paisa: " + strings.Join(why, "; ") + ", as WooCommerce does it."
}

// byPaise reports whether a line without a discount misses what its price comes to by a rounding: one paisa for each tax,
// and one for the line.
func byPaise(l quote.QuoteLine, due decimal.Decimal) bool {
	if !l.Total.Equal(l.Subtotal) || len(l.Adjustments) > 0 {
		return false
	}
	most := decimal.New(int64(len(l.Taxes)+1), -2)
	off := l.Gross.Decimal().Sub(due).Abs()
	return off.IsPositive() && off.LessThanOrEqual(most)
}

// taxNames are the names of the taxes on the bill: "CGST and SGST".
func taxNames(q *quote.Quote) string {
	var names []string
	seen := map[string]bool{}
	for _, t := range q.Taxes {
		if !seen[t.Label] {
			names = append(names, t.Label)
		}
		seen[t.Label] = true
	}
	return strings.Join(names, " and ")
}
