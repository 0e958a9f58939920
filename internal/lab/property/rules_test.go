package property_test

import (
	"errors"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/adjust"
	"github.com/ankkor/ankkor/pricing/exchange"
	"github.com/ankkor/ankkor/pricing/gst"
	"github.com/ankkor/ankkor/pricing/quote"
)

func anyReduction() *rapid.Generator[adjust.Reduction] {
	return rapid.Custom(func(t *rapid.T) adjust.Reduction {
		kind := rapid.SampledFrom([]adjust.Kind{adjust.Percent, adjust.Amount, adjust.Fixed}).Draw(t, "kind")
		most := int64(10_000_000)
		if kind == adjust.Percent {
			most = 1_000_000
		}
		return adjust.Reduction{Kind: kind, Value: decimal.New(rapid.Int64Range(0, most).Draw(t, "value"), -4)}
	})
}

func anyRule() *rapid.Generator[adjust.Rule] {
	return rapid.Custom(func(t *rapid.T) adjust.Rule {
		r := anyReduction().Draw(t, "reduction")
		scope := adjust.Scope{ExcludeSale: rapid.Bool().Draw(t, "not on sale")}
		if rapid.Bool().Draw(t, "some products") {
			scope.Products = []int64{1, 2, 3}
		}
		switch rapid.IntRange(0, 3).Draw(t, "rule") {
		case 0:
			from := rapid.Int64Range(1, 20).Draw(t, "from")
			return adjust.Tiers{ID: "tiers", Scope: scope, Together: rapid.Bool().Draw(t, "together"), Steps: []adjust.Step{{From: from, Price: r}, {From: from + 5, Price: r}}}
		case 1:
			return adjust.Timed{ID: "timed", Scope: scope, Price: r}
		case 2:
			return adjust.Group{ID: "group", Scope: scope, Group: rapid.SampledFrom([]string{"dealer", "nobody"}).Draw(t, "group"), Price: r}
		}
		b := adjust.BuyGet{ID: "buyget", Buy: scope, X: rapid.Int64Range(1, 5).Draw(t, "x"), Y: rapid.Int64Range(1, 5).Draw(t, "y"), Most: rapid.Int64Range(0, 9).Draw(t, "most"), Price: r}
		if rapid.Bool().Draw(t, "something else") {
			b.Get = &adjust.Scope{Products: []int64{2}}
		}
		return b
	})
}

// ruled is a purchase to which price rules were applied.
func ruled(t *rapid.T) quote.Input {
	in := anyInput().Draw(t, "input")
	in, err := adjust.Apply(in, adjust.Buyer{Groups: []string{"dealer"}}, rapid.SliceOfN(anyRule(), 0, 4).Draw(t, "rules")...)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// posted is the purchase as an order is created of it: from the quote's lines and not from prices.
func posted(in quote.Input, q quote.Quote) quote.Input {
	lines := in.Lines
	in.Lines = nil
	for i, l := range lines {
		total := q.Lines[i].Total
		if len(q.Coupons) > 0 {
			total = q.Lines[i].Subtotal // WooCommerce takes the coupons off itself
		}
		l.Adjustments, l.UnitPrice, l.Given = nil, decimal.Decimal{}, &quote.Given{Subtotal: &q.Lines[i].Subtotal, Total: &total}
		in.Lines = append(in.Lines, l)
	}
	coupons := in.Coupons
	in.Coupons = nil
	for _, c := range coupons {
		for _, taken := range q.Coupons {
			if taken.Code == c.Code {
				in.Coupons = append(in.Coupons, c)
			}
		}
	}
	return in
}

// TestRulesReachTheOrder: whatever the rules did, the order that is created of the quote has the quote's numbers.
func TestRulesReachTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := ruled(t)
		q := quoteOf(t, in)
		order, err := quote.Order(posted(in, q))
		if err != nil {
			t.Fatal(err)
		}
		for name, pair := range map[string][2]decimal.Decimal{
			"total": {q.Totals.Total.Decimal(), order.Totals.Total}, "tax": {q.Totals.TotalTax.Decimal(), order.Totals.TotalTax},
			"discount": {q.Totals.DiscountTotal.Decimal(), order.Totals.DiscountTotal},
		} {
			if !pair[0].Equal(pair[1]) {
				t.Errorf("%s: quoted %s, ordered %s", name, pair[0], pair[1])
			}
		}
		for i := range q.Lines {
			if !q.Lines[i].Total.Equal(order.Lines[i].Total) || !q.Lines[i].TotalTax.Equal(order.Lines[i].TotalTax) {
				t.Errorf("line %d: quoted %+v, ordered %+v", i, q.Lines[i], order.Lines[i])
			}
		}
	})
}

// TestRulesOnlyMakeCheaper, never cheaper than nothing, in the store's decimals, and say what they did.
func TestRulesOnlyMakeCheaper(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for i, l := range ruled(t).Lines {
			left := l.UnitPrice.Mul(decimal.NewFromInt(l.Quantity))
			for _, a := range l.Adjustments {
				if left = left.Add(a.Amount); !a.Amount.IsNegative() || left.IsNegative() || a.Rule == "" {
					t.Errorf("line %d: %+v leaves %s", i, a, left)
				}
			}
		}
	})
}

// TestConversionIsNear: a converted price is within half a step of the exact one, and the quote holds one currency.
func TestConversionIsNear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := ruled(t)
		to := rapid.SampledFrom([]pricing.Currency{pricing.USD, pricing.JPY, pricing.KWD}).Draw(t, "currency")
		rate := exchange.Rate{From: pricing.INR, To: to, Value: decimal.New(rapid.Int64Range(1, 2_000_000).Draw(t, "rate"), -6)}
		step := decimal.New(rapid.SampledFrom([]int64{1, 5, 100}).Draw(t, "step"), -int32(to.MinorDigits()))
		c, err := exchange.NewConverter(rate, exchange.RoundTo(step))
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.Input(in)
		if err != nil {
			t.Fatal(err)
		}
		for i, l := range got.Lines {
			off := in.Lines[i].UnitPrice.Mul(rate.Value).Sub(l.UnitPrice).Abs()
			if off.Add(off).GreaterThan(step) || !l.UnitPrice.Mod(step).IsZero() {
				t.Errorf("%s at %s in steps of %s became %s", in.Lines[i].UnitPrice, rate.Value, step, l.UnitPrice)
			}
		}
		q, err := quote.Calculate(got)
		if errors.Is(err, quote.ErrInvalid) {
			t.Skip("more than can be charged in the other currency")
		}
		if err != nil {
			t.Fatal(err)
		}
		if q.Totals.Total.Currency() != to || q.Exchange == nil || !q.Exchange.Rate.Equal(rate.Value) {
			t.Errorf("%s at %+v", q.Totals.Total, q.Exchange)
		}
	})
}

// TestInvoicesAddUp: the rows of an invoice come to the order's tax exactly, and with the rounding to its total; both
// halves of GST are equal.
func TestInvoicesAddUp(t *testing.T) {
	rates, err := quote.GSTRates("KA", gst.Slabs()...)
	if err != nil {
		t.Fatal(err)
	}
	limit := decimal.NewFromInt(2500)
	rapid.Check(t, func(t *rapid.T) {
		in := ruled(t)
		in.Rates = rates
		for i := range in.Lines {
			in.Lines[i].TaxClass = rapid.SampledFrom([]string{"", "gst-0", "gst-0-25", "gst-5", "gst-18"}).Draw(t, "slab")
		}
		for i := range in.Fees {
			in.Fees[i].TaxClass = "gst-18"
		}
		in, err := gst.Classify(in, gst.Rule{Scope: adjust.Scope{Products: []int64{1, 2}}, Class: "gst-5", Limit: &limit, Above: "gst-18"})
		if err != nil {
			t.Fatal(err)
		}
		q := quoteOf(t, in)
		invoice, err := gst.NewInvoice(q, rates)
		if err != nil {
			t.Fatal(err)
		}
		tax := pricing.Money{}
		for _, r := range invoice.Rows {
			if !r.CGST.Equal(r.SGST) {
				t.Errorf("halves %s and %s", r.CGST, r.SGST)
			}
			of, err := r.Tax()
			if err == nil {
				tax, err = tax.Add(of)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		sum, err := pricing.Sum(invoice.Taxable, tax, invoice.Rounding)
		if err != nil || !sum.Equal(q.Totals.Total) {
			t.Errorf("%s and %s and %s is not %s, %v", invoice.Taxable, tax, invoice.Rounding, q.Totals.Total, err)
		}
		if most := int64(len(in.Lines)+len(in.Fees)+4) * 100; invoice.Rounding.Minor() > most || invoice.Rounding.Minor() < -most {
			t.Errorf("a rounding of %s", invoice.Rounding)
		}
	})
}
