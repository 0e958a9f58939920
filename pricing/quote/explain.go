package quote

import (
	"fmt"
	"strings"
)

// explain tells how the order's numbers came about: every rounding, in words. It is written from the finished order, so
// it costs nothing when nobody asks.
func (o *order) explain(k *cart) []Step {
	var t telling
	t.o = o
	t.noteVersion(o.in.Settings.Version)
	for i := range o.lines {
		t.line(i)
	}
	if o.ships {
		t.step("shipping.total", o.shipping.total, o.totals.shipping, "each shipping line is rounded to the store's decimals, half up")
		t.taxes("shipping", &o.shipping.taxes)
	}
	for i := range o.fees {
		at := fmt.Sprintf("fees[%d]", i)
		if asked, _ := o.parse(o.in.Fees[i].Amount); asked != o.fees[i].total {
			t.step(at+".total", asked, o.fees[i].total, "a discount cannot take off more than lines, shipping and the fees before it come to")
		}
		t.taxes(at, &o.fees[i].taxes)
	}
	t.total()
	for _, d := range k.beside(o).Differences {
		t.steps = append(t.steps, Step{Subject: "cart." + d.Field, Rule: "WooCommerce's cart would show another amount: " + d.Reason, From: d.Order, To: d.Cart})
	}
	return t.steps
}

// telling collects the steps of an explanation.
type telling struct {
	o     *order
	steps []Step
}

func (t *telling) step(subject string, from, to amount, rule string) {
	t.steps = append(t.steps, Step{Subject: subject, Rule: rule, From: t.o.six(from), To: t.o.six(to)})
}

func (t *telling) line(i int) {
	o := t.o
	it, l, at := &o.items[i], &o.lines[i], fmt.Sprintf("lines[%d]", i)
	price, _ := o.product(mustScale(it), it.Quantity)
	for _, a := range it.Adjustments {
		change, _ := o.parse(a.Amount)
		t.step(at+".price", price, price+change, "price rule "+a.Rule)
		price += change
	}
	if it.Given != nil {
		t.step(at+".subtotal", price, l.subtotal, "the line's amounts were given and not computed from the price")
	} else if l.subtotal != price {
		t.step(at+".subtotal", price, l.subtotal, t.inside(i))
	}
	if l.total != l.subtotal {
		t.step(at+".total", l.subtotal, l.total, "coupons take their whole paise off the line, less the tax contained in them, in six decimals")
	}
	for _, n := range l.rates.charged {
		if len(l.totalTaxes) == 0 {
			break
		}
		r := l.rates.rates[n]
		t.rounding(fmt.Sprintf("%s.tax[%s]", at, r.label()), l.totalTaxes[n],
			fmt.Sprintf("%s %s %% on the line without tax, in six decimals (WC_Tax::calc_exclusive_tax)", r.label(), shortest(r.Rate)))
	}
}

// inside says how tax was taken out of a price.
func (t *telling) inside(i int) string {
	rates := t.o.priceRates(&t.o.items[i], t.o.at, t.o.lines[i].rates).rates
	parts := make([]string, len(rates))
	for i := range rates {
		parts[i] = rates[i].label() + " " + shortest(rates[i].Rate) + " %"
	}
	rule := "the price contains " + strings.Join(parts, " and ") + "; each is taken out in six decimals (WC_Tax::calc_inclusive_tax)"
	if t.o.in.VATExempt {
		rule += ", and what is left is rounded because the customer pays no tax"
	}
	return rule
}

// rounding tells how a tax became part of the total.
func (t *telling) rounding(subject string, tax amount, rule string) {
	switch {
	case t.o.in.Settings.RoundAtSubtotal:
		rule += "; it is not rounded on its own because the store rounds at the subtotal"
	case t.o.taxMode == halfDown:
		rule += "; each rate is rounded on its own, half down because prices include tax"
	default:
		rule += "; each rate is rounded on its own, half up"
	}
	t.step(subject, tax, t.o.lineTax(t.o.inOrder, tax), rule)
}

func (t *telling) taxes(at string, taxes *tally) {
	for _, slot := range taxes.order {
		r := t.o.known[slot]
		t.rounding(fmt.Sprintf("%s.tax[%s]", at, r.label()), taxes.of(slot), fmt.Sprintf("%s %s %%, in six decimals", r.label(), shortest(r.Rate)))
	}
}

func (t *telling) total() {
	o, all := t.o, amount(0)
	for i := range o.lines {
		all += o.lines[i].total
		if !o.in.Settings.RoundAtSubtotal {
			t.step(fmt.Sprintf("lines[%d].total", i), o.lines[i].total, o.lineAmount(o.inOrder, o.lines[i].total), "every line is rounded before lines are added up, half up")
		}
	}
	exact := all + o.shipping.total + o.totals.fees + o.totals.cartTax + o.totals.shippingTax
	t.step("total", exact, o.totals.total, "lines, shipping, fees and every tax as it was rounded, added up and rounded (WC_Abstract_Order::calculate_totals)")
}

// mustScale is the unit price taken apart; the input was checked.
func mustScale(it *item) scaled {
	s, _ := scale(it.UnitPrice)
	return s
}
