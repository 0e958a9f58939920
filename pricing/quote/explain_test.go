package quote_test

import (
	"strings"
	"testing"

	"github.com/ankkor/ankkor/pricing/quote"
)

func TestExplainAnswersWhy99799(t *testing.T) {
	in := shop(t)
	in.Explain = true
	q := calculate(t, in)
	want := []struct{ subject, from, to, says string }{
		{"lines[0].subtotal", "998.000000", "891.071428", "contains CGST 6 % and SGST 6 %"},
		{"lines[0].tax[CGST]", "53.464286", "53.460000", "half down because prices include tax"},
		{"lines[0].tax[SGST]", "53.464286", "53.460000", "rounded on its own"},
		{"lines[0].total", "891.071428", "891.070000", "every line is rounded"},
		{"total", "997.991428", "997.990000", "added up"},
	}
	if len(q.Trace) != len(want) {
		t.Fatalf("%d steps: %+v", len(q.Trace), q.Trace)
	}
	for i, w := range want {
		s := q.Trace[i]
		if s.Subject != w.subject || s.From.StringFixed(6) != w.from || s.To.StringFixed(6) != w.to || !strings.Contains(s.Rule, w.says) {
			t.Errorf("step %d: %s %s -> %s: %s", i, s.Subject, s.From.StringFixed(6), s.To.StringFixed(6), s.Rule)
		}
	}
}

func TestExplainCoversEveryPart(t *testing.T) {
	in := full(t)
	in.Fees = append(in.Fees, quote.Fee{Name: "too much", Amount: dec("-99999")})
	in.Shipping[0].Cost = dec("49.005")
	in.Lines[0].Given = &quote.Given{Total: ptr("800")}
	in.Shipping[0].Taxable = false
	q := calculate(t, in)
	for _, subject := range []string{
		"lines[0].subtotal", "lines[0].total", "lines[1].price", "lines[1].subtotal", "lines[1].tax[SGST]",
		"shipping.total", "shipping.tax[CGST]", "fees[0].tax[CGST]", "fees[1].total", "fees[1].tax[CGST]", "total", "cart.shipping_tax",
	} {
		found := false
		for _, s := range q.Trace {
			found = found || s.Subject == subject
			if s.Rule == "" {
				t.Errorf("%s has no rule", s.Subject)
			}
		}
		if !found {
			t.Errorf("nothing is said of %s", subject)
		}
	}
}

func TestExplainOtherSettings(t *testing.T) {
	cases := map[string]struct {
		change func(*quote.Input)
		says   string
	}{
		"rounds at subtotal":   {func(in *quote.Input) { in.Settings.RoundAtSubtotal = true }, "rounds at the subtotal"},
		"prices without tax":   {func(in *quote.Input) { in.Settings.PricesIncludeTax = false }, "on its own, half up"},
		"customer pays no tax": {func(in *quote.Input) { in.VATExempt = true }, "because the customer pays no tax"},
		"given by hand":        {func(in *quote.Input) { in.Lines[0].Given = &quote.Given{Subtotal: ptr("5")} }, "were given"},
	}
	for name, c := range cases {
		in := shop(t)
		in.Explain = true
		c.change(&in)
		all := ""
		for _, s := range calculate(t, in).Trace {
			all += s.Rule + "\n"
		}
		if !strings.Contains(all, c.says) {
			t.Errorf("%s: %s", name, all)
		}
	}
}

func TestNoTraceUnlessAsked(t *testing.T) {
	if q := calculate(t, shop(t)); q.Trace != nil {
		t.Errorf("trace %+v", q.Trace)
	}
}
