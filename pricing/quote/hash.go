package quote

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
)

// Hash returns a digest of everything in the quote that is charged or promised: SHA-256 in hexadecimal over a
// canonical form, in which equal numbers are equal however they are written.
//
// It does not cover what can change without the customer paying or getting anything else: At, RulesVersion and Version,
// names and labels, refused coupons, the cart's view and the trace. Two quotes have the same hash exactly when Compare
// finds no difference.
func (q Quote) Hash() string {
	c := newCanon(&q)
	all := "quote 1\n" + c.currency + strings.Join(c.lines, "") + c.shipping + c.fees + strings.Join(c.coupons, "") + c.taxes + c.totals
	sum := sha256.Sum256([]byte(all))
	return hex.EncodeToString(sum[:])
}

// canon is a quote's canonical form in parts: one or more lines of text each, words quoted, numbers without trailing zeros.
type canon struct {
	currency string
	lines    []string
	shipping string
	fees     string
	coupons  []string
	taxes    string
	totals   string
}

func newCanon(q *Quote) canon {
	var c canon
	c.currency = text("currency", string(q.Currency), q.Decimals, q.VATExempt)
	if e := q.Exchange; e != nil {
		c.currency += text("exchange", string(e.From), string(e.To), e.Rate)
	}
	for i := range q.Lines {
		c.lines = append(c.lines, canonLine(&q.Lines[i]))
	}
	for i := range q.Shipping {
		s := &q.Shipping[i]
		c.shipping += text("shipping", s.RateID, s.MethodID, s.InstanceID, s.Total, s.TotalTax) + canonTaxes(s.Taxes)
	}
	for i := range q.Fees {
		f := &q.Fees[i]
		c.fees += text("fee", f.Name, f.Taxable, f.TaxClass, f.Total, f.TotalTax) + canonTaxes(f.Taxes)
	}
	for i := range q.Coupons {
		c.coupons = append(c.coupons, canonCoupon(&q.Coupons[i]))
	}
	for i := range q.Taxes {
		r := &q.Taxes[i]
		c.taxes += text("tax", r.RateID, r.Code, r.Percent, r.Compound, r.Tax, r.ShippingTax)
	}
	t := &q.Totals
	c.totals = text("totals", t.Subtotal, t.SubtotalTax, t.DiscountTotal, t.DiscountTax,
		t.ShippingTotal, t.ShippingTax, t.FeeTotal, t.FeeTax,
		t.CartTax, t.TotalTax, t.Total)
	return c
}

func canonLine(l *QuoteLine) string {
	s := text("line", l.Key, l.ProductID, l.VariationID, l.Quantity, l.UnitPrice, l.TaxClass, string(l.TaxStatus),
		l.Subtotal, l.SubtotalTax, l.Total, l.TotalTax, l.Gross) + canonTaxes(l.Taxes)
	for i := range l.Adjustments {
		s += text("adjustment", l.Adjustments[i].Rule, l.Adjustments[i].Amount)
	}
	return s
}

func canonCoupon(c *QuoteCoupon) string {
	return text("coupon", c.ID, c.Code, string(c.Type), c.Discount, c.DiscountTax, c.FreeShipping)
}

func canonTaxes(shares []TaxShare) string {
	s := ""
	for i := range shares {
		s += text("share", shares[i].RateID, shares[i].Total, shares[i].Subtotal)
	}
	return s
}

// text is one line of the canonical form.
func text(kind string, fields ...any) string {
	b := append(make([]byte, 0, 256), kind...)
	for _, f := range fields {
		b = append(b, ' ')
		switch v := f.(type) {
		case string:
			b = strconv.AppendQuote(b, v)
		case decimal.Decimal:
			b = appendShortest(b, v)
		case pricing.Money:
			b = strconv.AppendQuote(b, v.String())
		case int64:
			b = strconv.AppendInt(b, v, 10)
		default:
			b = fmt.Appendf(b, "%v", v)
		}
	}
	return string(append(b, '\n'))
}

// appendShortest writes a decimal without trailing zeros and without an exponent; one that is out of all proportion is
// written with its parts, so that hashing is cheap for every value.
func appendShortest(b []byte, d decimal.Decimal) []byte {
	n := len(b)
	b, err := appendFixed(b, d)
	if err != nil {
		return fmt.Appendf(b[:n], "%se%d", d.Coefficient(), d.Exponent())
	}
	if bytes.IndexByte(b[n:], '.') >= 0 {
		b = bytes.TrimRight(bytes.TrimRight(b, "0"), ".")
	}
	if string(b[n:]) == "-0" {
		return append(b[:n], '0')
	}
	return b
}

func shortest(d decimal.Decimal) string { return string(appendShortest(nil, d)) }
