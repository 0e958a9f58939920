package wootest

import (
	"slices"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// totals does the arithmetic of one order: WC_Abstract_Order::calculate_totals
// and what it calls, in decimals instead of PHP's doubles.
type totals struct {
	shop  *shop.Shop
	state *state
	order *order
	rates map[string][]shop.TaxRate // by class, at the order's tax address
	at    shop.Place
	// weights replaces the lines' totals when negative fees are spread over
	// tax classes: with coupons WooCommerce still sees the lines as they were
	// stored before the discount.
	weights map[int64]decimal.Decimal
}

func (s *site) newTotals(st *state, o *order) *totals {
	t := &totals{shop: s.shop, state: st, order: o, rates: map[string][]shop.TaxRate{}}
	t.at = t.taxAddress()
	return t
}

// taxAddress is where the tax is due (WC_Abstract_Order::get_tax_location):
// the shipping address, or the billing address when the shop says so or there
// is no country, or the shop's own, also for what is picked up there.
func (t *totals) taxAddress() shop.Place {
	o, basis := t.order, t.shop.Values["woocommerce_tax_based_on"]
	at := shop.Place{Country: o.billing.Country, State: o.billing.State}
	if basis == "shipping" && o.shipping.Country != "" {
		at = shop.Place{Country: o.shipping.Country, State: o.shipping.State}
	}
	if basis == "base" || at.Country == "" || slices.ContainsFunc(o.ships, (*shippingLine).pickedUp) {
		return t.shop.BaseAddress()
	}
	return at
}

func (s *shippingLine) pickedUp() bool {
	return s.method == "local_pickup" || s.method == "legacy_local_pickup"
}

func (t *totals) ratesFor(class string) []shop.TaxRate {
	if _, ok := t.rates[class]; !ok {
		t.rates[class] = t.shop.MatchRates(class, t.at)
	}
	return t.rates[class]
}

func (t *totals) perLine() bool     { return !t.shop.Yes("woocommerce_tax_round_at_subtotal") }
func (t *totals) taxesOn() bool     { return t.shop.Yes("woocommerce_calc_taxes") }
func (t *totals) halfDownTax() bool { return t.shop.Yes("woocommerce_prices_include_tax") }

// round is wc_round's: six places first, then half away from zero.
func (t *totals) round(d decimal.Decimal) decimal.Decimal {
	return d.Round(wp.RoundingPrecision).Round(t.shop.Decimals())
}

// roundTax is wc_round_tax_total: half goes down when the shop enters prices
// with tax.
func (t *totals) roundTax(d decimal.Decimal) decimal.Decimal {
	if t.halfDownTax() {
		return roundHalfDown(d.Round(wp.RoundingPrecision), t.shop.Decimals())
	}
	return t.round(d)
}

// lineTaxRound rounds one line's tax unless the shop rounds at the subtotal.
func (t *totals) lineTaxRound(d decimal.Decimal) decimal.Decimal {
	if t.perLine() {
		return t.roundTax(d)
	}
	return d
}

func (t *totals) lineAmountRound(d decimal.Decimal) decimal.Decimal {
	if t.perLine() {
		return t.round(d)
	}
	return d
}

func roundHalfDown(d decimal.Decimal, places int32) decimal.Decimal {
	up := d.Round(places)
	half := decimal.New(5, -places-1)
	if up.Sub(d).Abs().Equal(half) {
		return d.Truncate(places)
	}
	return up
}

// calculate fills in every tax and total of the order.
func (t *totals) calculate() {
	subtotal, total := t.lineSums()
	o := t.order
	o.shipTotal = decimal.Zero
	for _, s := range o.ships {
		o.shipTotal = o.shipTotal.Add(t.round(s.total))
	}
	fees := t.feeSum(total)
	t.taxLines()
	o.discount = t.round(subtotal.Sub(total))
	o.discountTax = t.roundTax(t.lineTaxSum(func(x lineTax) decimal.Decimal { return x.subtotal.Sub(x.total) }))
	o.total = t.round(decimal.Sum(total, fees, o.shipTotal, o.cartTax, o.shipTax))
}

func (t *totals) lineSums() (subtotal, total decimal.Decimal) {
	for _, l := range t.order.lines {
		subtotal = subtotal.Add(t.lineAmountRound(l.subtotal))
		total = total.Add(t.lineAmountRound(l.total))
	}
	return subtotal, total
}

func (t *totals) lineTaxSum(of func(lineTax) decimal.Decimal) decimal.Decimal {
	sum := decimal.Zero
	for _, l := range t.order.lines {
		for _, x := range l.taxes {
			sum = sum.Add(of(x))
		}
	}
	return sum
}

// feeSum adds the fees; one that would take the order below zero is cut off,
// but only while something is left to take from.
func (t *totals) feeSum(lines decimal.Decimal) decimal.Decimal {
	sum := decimal.Zero
	for _, f := range t.order.fees {
		if f.total.IsNegative() {
			floor := t.round(decimal.Sum(lines, sum, t.order.shipTotal)).Neg()
			if f.total.LessThan(floor) && floor.IsNegative() {
				f.total = floor
			}
		}
		sum = sum.Add(f.total)
	}
	return sum
}

// taxLines computes every line's taxes and the order's tax rows.
func (t *totals) taxLines() {
	o := t.order
	for _, l := range o.lines {
		t.taxProduct(l)
	}
	for _, f := range o.fees {
		f.taxes = t.feeTaxes(f)
		f.totalTax = t.roundedSum(f.taxes)
	}
	class, ok := t.shippingClass()
	for _, s := range o.ships {
		s.taxes = nil
		if ok && s.taxStatus == "taxable" && t.taxesOn() {
			s.taxes = totalsOnly(shop.ExclusiveTax(s.total, shippingRates(t.ratesFor(class))))
		}
		s.totalTax = t.roundedSum(s.taxes)
	}
	t.taxRows()
}

func (t *totals) taxProduct(l *orderLine) {
	l.taxes, l.totalTax, l.subtotalTax = nil, decimal.Zero, decimal.Zero
	if t.lineTaxStatus(l) != "taxable" || !t.taxesOn() {
		return
	}
	rates := t.ratesFor(l.taxClass)
	before := shop.ExclusiveTax(l.subtotal, rates)
	for i, s := range shop.ExclusiveTax(l.total, rates) {
		x := lineTax{rate: s.Rate, total: s.Amount, subtotal: before[i].Amount, hasSubtotal: true}
		l.taxes = append(l.taxes, x)
		l.totalTax = l.totalTax.Add(t.lineTaxRound(x.total))
		l.subtotalTax = l.subtotalTax.Add(t.lineTaxRound(x.subtotal))
	}
}

func (t *totals) lineTaxStatus(l *orderLine) string {
	if p := t.state.productOf(l); p != nil {
		return p.TaxStatus
	}
	return "taxable"
}

func (t *totals) roundedSum(taxes []lineTax) decimal.Decimal {
	sum := decimal.Zero
	for _, x := range taxes {
		sum = sum.Add(t.lineTaxRound(x.total))
	}
	return sum
}

func totalsOnly(list []shop.Share) []lineTax {
	var out []lineTax
	for _, s := range list {
		out = append(out, lineTax{rate: s.Rate, total: s.Amount})
	}
	return out
}

func shippingRates(rates []shop.TaxRate) []shop.TaxRate {
	return slices.DeleteFunc(slices.Clone(rates), func(r shop.TaxRate) bool { return !r.Shipping })
}

// itemClasses are the tax classes of the lines that are taxable or whose
// shipping is, in the order of the lines.
func (t *totals) itemClasses() []string {
	var out []string
	for _, l := range t.order.lines {
		if status := t.lineTaxStatus(l); status != "none" && !slices.Contains(out, l.taxClass) {
			out = append(out, l.taxClass)
		}
	}
	return out
}

// shippingClass is the class shipping is taxed with; "inherit" takes the
// standard class when a line has it, else the first of the shop's classes
// that a line has. False means shipping is not taxed.
func (t *totals) shippingClass() (string, bool) {
	class := t.shop.Values["woocommerce_shipping_tax_class"]
	if class != "inherit" {
		return class, true
	}
	found := t.itemClasses()
	for _, c := range append([]string{""}, classSlugs(t.shop)...) {
		if slices.Contains(found, c) {
			return c, true
		}
	}
	return "", false
}

// classSlugs are the additional tax classes in the site's order.
func classSlugs(sh *shop.Shop) []string {
	var out []string
	for _, c := range sh.TaxClasses {
		slug, _ := c.Get("slug")
		if text := wp.RawText(slug); text != "standard" {
			out = append(out, text)
		}
	}
	return out
}

// taxRows sums the taxes per rate (WC_Abstract_Order::update_taxes).
func (t *totals) taxRows() {
	rows := &taxTable{totals: t}
	for _, l := range t.order.lines {
		rows.cart(l.taxes)
	}
	for _, f := range t.order.fees {
		rows.cart(f.taxes)
	}
	for _, s := range t.order.ships {
		rows.shipping(s.taxes)
	}
	t.order.taxes = rows.keepIDs(t.order.taxes)
	t.order.cartTax, t.order.shipTax = decimal.Zero, decimal.Zero
	for _, r := range t.order.taxes {
		t.order.cartTax = t.order.cartTax.Add(r.tax)
		t.order.shipTax = t.order.shipTax.Add(r.shippingTaxes)
	}
	t.order.totalTax = t.round(t.order.cartTax.Add(t.order.shipTax))
}

// taxTable collects tax rows in the order their rates appear.
type taxTable struct {
	totals *totals
	rows   []*taxLine
}

func (b *taxTable) row(rate int64) *taxLine {
	for _, r := range b.rows {
		if r.rate.ID == rate {
			return r
		}
	}
	row := &taxLine{rate: shop.TaxRate{ID: rate}}
	for _, r := range b.totals.shop.Rates {
		if r.ID == rate {
			row.rate = r
		}
	}
	b.rows = append(b.rows, row)
	return row
}

func (b *taxTable) cart(taxes []lineTax) {
	for _, x := range taxes {
		r := b.row(x.rate)
		r.tax = r.tax.Add(b.totals.lineTaxRound(x.total))
	}
}

func (b *taxTable) shipping(taxes []lineTax) {
	for _, x := range taxes {
		r := b.row(x.rate)
		r.shippingTaxes = r.shippingTaxes.Add(b.totals.lineTaxRound(x.total))
	}
}

// keepIDs gives rows that were there before their item id back.
func (b *taxTable) keepIDs(old []*taxLine) []*taxLine {
	for _, row := range b.rows {
		for _, o := range old {
			if o.rate.ID == row.rate.ID {
				row.id = o.id
			}
		}
		if row.id == 0 {
			row.id = b.totals.state.itemID()
		}
	}
	return b.rows
}
