package orders

import (
	"slices"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// Totals does the arithmetic of one order: WC_Abstract_Order::calculate_totals
// and what it calls, in decimals instead of PHP's doubles.
type Totals struct {
	Shop  *shop.Shop
	State *site.State
	order *site.Order
	rates map[string][]shop.TaxRate // by class, at the order's tax address
	At    shop.Place
	// weights replaces the lines' totals when negative fees are spread over
	// tax classes: with coupons WooCommerce still sees the lines as they were
	// stored before the discount.
	weights map[int64]decimal.Decimal
}

// NewTotals begins the arithmetic of an order that the caller may change.
func NewTotals(s *site.Site, st *site.State, o *site.Order) *Totals {
	t := &Totals{Shop: s.Shop, State: st, order: o, rates: map[string][]shop.TaxRate{}}
	t.At = t.taxAddress()
	return t
}

// taxAddress is where the tax is due (WC_Abstract_Order::get_tax_location):
// the shipping address, or the billing address when the shop says so or there
// is no country, or the shop's own, also for what is picked up there.
func (t *Totals) taxAddress() shop.Place {
	o, basis := t.order, t.Shop.Values["woocommerce_tax_based_on"]
	at := shop.Place{Country: o.Billing.Country, State: o.Billing.State}
	if basis == "shipping" && o.Shipping.Country != "" {
		at = shop.Place{Country: o.Shipping.Country, State: o.Shipping.State}
	}
	if basis == "base" || at.Country == "" || slices.ContainsFunc(o.Ships, PickedUp) {
		return t.Shop.BaseAddress()
	}
	return at
}

// PickedUp says whether the line is a local pickup, which moves where tax is due.
func PickedUp(s *site.ShippingLine) bool {
	return s.Method == "local_pickup" || s.Method == "legacy_local_pickup"
}

func (t *Totals) ratesFor(class string) []shop.TaxRate {
	if _, ok := t.rates[class]; !ok {
		t.rates[class] = t.Shop.MatchRates(class, t.At)
	}
	return t.rates[class]
}

func (t *Totals) perLine() bool     { return !t.Shop.Yes("woocommerce_tax_round_at_subtotal") }
func (t *Totals) taxesOn() bool     { return t.Shop.Yes("woocommerce_calc_taxes") }
func (t *Totals) halfDownTax() bool { return t.Shop.Yes("woocommerce_prices_include_tax") }

// Round is wc_round's: six places first, then half away from zero.
func (t *Totals) Round(d decimal.Decimal) decimal.Decimal {
	return d.Round(wp.RoundingPrecision).Round(t.Shop.Decimals())
}

// roundTax is wc_round_tax_total: half goes down when the shop enters prices
// with tax.
func (t *Totals) roundTax(d decimal.Decimal) decimal.Decimal {
	if t.halfDownTax() {
		return RoundHalfDown(d.Round(wp.RoundingPrecision), t.Shop.Decimals())
	}
	return t.Round(d)
}

// lineTaxRound rounds one line's tax unless the shop rounds at the subtotal.
func (t *Totals) lineTaxRound(d decimal.Decimal) decimal.Decimal {
	if t.perLine() {
		return t.roundTax(d)
	}
	return d
}

// LineAmountRound rounds an amount of a line to the currency, unless the shop rounds at the
// subtotal.
func (t *Totals) LineAmountRound(d decimal.Decimal) decimal.Decimal {
	if t.perLine() {
		return t.Round(d)
	}
	return d
}

// RoundHalfDown is PHP's round with PHP_ROUND_HALF_DOWN: what WooCommerce rounds tax with where
// prices include it.
func RoundHalfDown(d decimal.Decimal, places int32) decimal.Decimal {
	up := d.Round(places)
	half := decimal.New(5, -places-1)
	if up.Sub(d).Abs().Equal(half) {
		return d.Truncate(places)
	}
	return up
}

// Calculate fills in every tax and total of the order.
func (t *Totals) Calculate() {
	subtotal, total := t.LineSums()
	o := t.order
	o.ShipTotal = decimal.Zero
	for _, s := range o.Ships {
		o.ShipTotal = o.ShipTotal.Add(t.Round(s.Total))
	}
	fees := t.feeSum(total)
	t.taxLines()
	o.Discount = t.Round(subtotal.Sub(total))
	o.DiscountTax = t.roundTax(t.lineTaxSum(func(x site.LineTax) decimal.Decimal { return x.Subtotal.Sub(x.Total) }))
	o.Total = t.Round(decimal.Sum(total, fees, o.ShipTotal, o.CartTax, o.ShipTax))
}

// LineSums are the lines' subtotals and totals, each line rounded as the shop says.
func (t *Totals) LineSums() (subtotal, total decimal.Decimal) {
	for _, l := range t.order.Lines {
		subtotal = subtotal.Add(t.LineAmountRound(l.Subtotal))
		total = total.Add(t.LineAmountRound(l.Total))
	}
	return subtotal, total
}

func (t *Totals) lineTaxSum(of func(site.LineTax) decimal.Decimal) decimal.Decimal {
	sum := decimal.Zero
	for _, l := range t.order.Lines {
		for _, x := range l.Taxes {
			sum = sum.Add(of(x))
		}
	}
	return sum
}

// feeSum adds the fees; one that would take the order below zero is cut off,
// but only while something is left to take from.
func (t *Totals) feeSum(lines decimal.Decimal) decimal.Decimal {
	sum := decimal.Zero
	for _, f := range t.order.Fees {
		if f.Total.IsNegative() {
			floor := t.Round(decimal.Sum(lines, sum, t.order.ShipTotal)).Neg()
			if f.Total.LessThan(floor) && floor.IsNegative() {
				f.Total = floor
			}
		}
		sum = sum.Add(f.Total)
	}
	return sum
}

// taxLines computes every line's taxes and the order's tax rows.
func (t *Totals) taxLines() {
	o := t.order
	for _, l := range o.Lines {
		t.taxProduct(l)
	}
	for _, f := range o.Fees {
		f.Taxes = t.feeTaxes(f)
		f.TotalTax = t.roundedSum(f.Taxes)
	}
	class, ok := t.shippingClass()
	for _, s := range o.Ships {
		s.Taxes = nil
		if ok && s.TaxStatus == "taxable" && t.taxesOn() {
			s.Taxes = totalsOnly(shop.ExclusiveTax(s.Total, ShippingRates(t.ratesFor(class))))
		}
		s.TotalTax = t.roundedSum(s.Taxes)
	}
	t.taxRows()
}

func (t *Totals) taxProduct(l *site.OrderLine) {
	l.Taxes, l.TotalTax, l.SubtotalTax = nil, decimal.Zero, decimal.Zero
	if t.lineTaxStatus(l) != "taxable" || !t.taxesOn() {
		return
	}
	rates := t.ratesFor(l.TaxClass)
	before := shop.ExclusiveTax(l.Subtotal, rates)
	for i, s := range shop.ExclusiveTax(l.Total, rates) {
		x := site.LineTax{Rate: s.Rate, Total: s.Amount, Subtotal: before[i].Amount, HasSubtotal: true}
		l.Taxes = append(l.Taxes, x)
		l.TotalTax = l.TotalTax.Add(t.lineTaxRound(x.Total))
		l.SubtotalTax = l.SubtotalTax.Add(t.lineTaxRound(x.Subtotal))
	}
}

func (t *Totals) lineTaxStatus(l *site.OrderLine) string {
	if p := t.State.ProductOf(l); p != nil {
		return p.TaxStatus
	}
	return "taxable"
}

func (t *Totals) roundedSum(taxes []site.LineTax) decimal.Decimal {
	sum := decimal.Zero
	for _, x := range taxes {
		sum = sum.Add(t.lineTaxRound(x.Total))
	}
	return sum
}

func totalsOnly(list []shop.Share) []site.LineTax {
	var out []site.LineTax
	for _, s := range list {
		out = append(out, site.LineTax{Rate: s.Rate, Total: s.Amount})
	}
	return out
}

// ShippingRates are those of the rates that tax shipping.
func ShippingRates(rates []shop.TaxRate) []shop.TaxRate {
	return slices.DeleteFunc(slices.Clone(rates), func(r shop.TaxRate) bool { return !r.Shipping })
}

// itemClasses are the tax classes of the lines that are taxable or whose
// shipping is, in the order of the lines.
func (t *Totals) itemClasses() []string {
	var out []string
	for _, l := range t.order.Lines {
		if status := t.lineTaxStatus(l); status != "none" && !slices.Contains(out, l.TaxClass) {
			out = append(out, l.TaxClass)
		}
	}
	return out
}

// shippingClass is the class shipping is taxed with; "inherit" takes the
// standard class when a line has it, else the first of the shop's classes
// that a line has. False means shipping is not taxed.
func (t *Totals) shippingClass() (string, bool) {
	class := t.Shop.Values["woocommerce_shipping_tax_class"]
	if class != "inherit" {
		return class, true
	}
	found := t.itemClasses()
	for _, c := range append([]string{""}, TaxClassSlugs(t.Shop)...) {
		if slices.Contains(found, c) {
			return c, true
		}
	}
	return "", false
}

// TaxClassSlugs are the additional tax classes in the site's order.
func TaxClassSlugs(sh *shop.Shop) []string {
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
func (t *Totals) taxRows() {
	rows := &taxTable{totals: t}
	for _, l := range t.order.Lines {
		rows.cart(l.Taxes)
	}
	for _, f := range t.order.Fees {
		rows.cart(f.Taxes)
	}
	for _, s := range t.order.Ships {
		rows.shipping(s.Taxes)
	}
	t.order.Taxes = rows.keepIDs(t.order.Taxes)
	t.order.CartTax, t.order.ShipTax = decimal.Zero, decimal.Zero
	for _, r := range t.order.Taxes {
		t.order.CartTax = t.order.CartTax.Add(r.Tax)
		t.order.ShipTax = t.order.ShipTax.Add(r.ShippingTaxes)
	}
	t.order.TotalTax = t.Round(t.order.CartTax.Add(t.order.ShipTax))
}

// taxTable collects tax rows in the order their rates appear.
type taxTable struct {
	totals *Totals
	rows   []*site.TaxLine
}

func (b *taxTable) row(rate int64) *site.TaxLine {
	for _, r := range b.rows {
		if r.Rate.ID == rate {
			return r
		}
	}
	row := &site.TaxLine{Rate: shop.TaxRate{ID: rate}}
	for _, r := range b.totals.Shop.Rates {
		if r.ID == rate {
			row.Rate = r
		}
	}
	b.rows = append(b.rows, row)
	return row
}

func (b *taxTable) cart(taxes []site.LineTax) {
	for _, x := range taxes {
		r := b.row(x.Rate)
		r.Tax = r.Tax.Add(b.totals.lineTaxRound(x.Total))
	}
}

func (b *taxTable) shipping(taxes []site.LineTax) {
	for _, x := range taxes {
		r := b.row(x.Rate)
		r.ShippingTaxes = r.ShippingTaxes.Add(b.totals.lineTaxRound(x.Total))
	}
}

// keepIDs gives rows that were there before their item id back.
func (b *taxTable) keepIDs(old []*site.TaxLine) []*site.TaxLine {
	for _, row := range b.rows {
		for _, o := range old {
			if o.Rate.ID == row.Rate.ID {
				row.ID = o.ID
			}
		}
		if row.ID == 0 {
			row.ID = b.totals.State.ItemID()
		}
	}
	return b.rows
}
