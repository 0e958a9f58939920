package quote

import "slices"

// calc is one calculation: the checked input, and what is looked up while it runs.
type calc struct {
	in    *Input
	rules arithmetic
	// decimals of the store's prices.
	decimals int
	// minor is how many of the currency's minor units a cent is; only Calculate knows it.
	minor amount
	// taxed: tax is charged at all. inclusive: prices contain it. taxMode is where half a cent of tax goes, which
	// follows the option even while tax is disabled.
	taxed, inclusive bool
	taxMode          mode
	inCart, inOrder  precision
	// base is the shop's own place.
	base  place
	items []item
	sets  []foundSet
	// known are the rates that were met, by the slot they have in a tally.
	known []*TaxRate
	// codes are theirs, written when they are asked for.
	codes []string
	// sixes and exacts show amounts with six decimals and with all they have; store holds the lines' taxes.
	sixes, exacts shown
	store         []amount
	// failed is the first thing found wrong after the input was checked.
	failed error
}

type setKey struct {
	class    string
	at       place
	shipping bool
}

// item is a line with what both arithmetics need of it.
type item struct {
	*Line
	// price is the whole line's, with price rules, as the store holds prices, to six decimals of the currency.
	price   amount
	status  TaxStatus
	product int64
	parent  int64
}

func (i *item) taxable() bool { return i.status == Taxable }

// newCalc checks the input and prepares it.
func newCalc(in *Input) (*calc, error) {
	if err := in.Settings.check(); err != nil {
		return nil, err
	}
	rules, err := newArithmetic(in.Settings.Version)
	if err != nil {
		return nil, err
	}
	c := &calc{
		in: in, rules: rules, decimals: in.Settings.Decimals,
		taxed:     in.Settings.TaxEnabled && !in.VATExempt,
		inclusive: in.Settings.TaxEnabled && in.Settings.PricesIncludeTax,
		base:      placeOf(in.Settings.BaseCountry, in.Settings.BaseState),
		sixes:     newShown(in.Settings.Decimals, 6), exacts: newShown(in.Settings.Decimals, in.Settings.Decimals+6),
	}
	if in.Settings.PricesIncludeTax {
		c.taxMode = halfDown
	}
	c.inCart = precision{grid: 1, unit: 1}
	c.inOrder = precision{grid: grid(pow10(c.decimals)), unit: amount(pow10(c.decimals))}
	if !rules.normalises {
		c.inCart.grid, c.inOrder.grid = 0, 0
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	return c, nil
}

// set finds the rates of a class at a place.
func (c *calc) set(class string, at place) *taxSet { return c.lookup(setKey{class: class, at: at}) }

// shippingSet finds those of them that apply to shipping.
func (c *calc) shippingSet(class string, at place) *taxSet {
	return c.lookup(setKey{class: class, at: at, shipping: true})
}

// foundSet is a set that was looked up; there are never more than a few.
type foundSet struct {
	setKey
	*taxSet
}

func (c *calc) lookup(key setKey) *taxSet {
	for i := range c.sets {
		if c.sets[i].setKey == key {
			return c.sets[i].taxSet
		}
	}
	rates := matchRates(c.in.Rates, key.class, key.at)
	if key.shipping {
		rates = onlyShipping(rates)
	}
	t := newTaxSet(rates)
	if t.heavy() {
		c.fail(invalid("rates", "must not add more than 700 % to an amount"))
	}
	for i := range rates {
		t.slots[i] = c.slot(rates[i])
	}
	c.sets = append(c.sets, foundSet{key, t})
	return t
}

// fail keeps the first thing that went wrong.
func (c *calc) fail(err error) {
	if c.failed == nil {
		c.failed = err
	}
}

func onlyShipping(rates []*TaxRate) []*TaxRate {
	kept := rates[:0]
	for _, r := range rates {
		if r.Shipping {
			kept = append(kept, r)
		}
	}
	return kept
}

// slot is the rate's place in a tally; a rate that was not met before gets the next one.
func (c *calc) slot(r *TaxRate) int {
	if s := slices.Index(c.known, r); s >= 0 {
		return s
	}
	c.known = append(c.known, r)
	return len(c.known) - 1
}

// code is the rate code of a slot.
func (c *calc) code(slot int) string {
	for len(c.codes) <= slot {
		c.codes = append(c.codes, c.known[len(c.codes)].code())
	}
	return c.codes[slot]
}

// pickedUp: the customer comes to the shop, so the shop's own tax applies.
func (c *calc) pickedUp() bool {
	for i := range c.in.Shipping {
		if m := c.in.Shipping[i].MethodID; m == "local_pickup" || m == "legacy_local_pickup" {
			return true
		}
	}
	return false
}

// room is an empty slice for n amounts, cut from a larger one.
func (c *calc) room(n int) []amount {
	if cap(c.store)-len(c.store) < n {
		c.store = make([]amount, 0, max(n, 4*len(c.items)))
	}
	at := len(c.store)
	c.store = c.store[:at+n]
	return c.store[at : at : at+n]
}

// toCents rounds to whole cents; halves go up.
func (c *calc) toCents(p precision, a amount) amount { return p.grid.round(a, cent, halfUp) }

// lineTax is a tax as a line shows it: rounded, unless the store rounds at the subtotal.
func (c *calc) lineTax(p precision, a amount) amount {
	if c.in.Settings.RoundAtSubtotal {
		return a
	}
	return p.grid.round(a, cent, c.taxMode)
}

// lineAmount is an amount without tax as totals count it: rounded, unless the store rounds at the subtotal.
func (c *calc) lineAmount(p precision, a amount) amount {
	if c.in.Settings.RoundAtSubtotal {
		return a
	}
	return p.grid.round(a, cent, halfUp)
}

func (c *calc) lineTaxes(p precision, taxes []amount) amount {
	rounded, total := amount(0), amount(0)
	for i, t := range taxes {
		if i == 0 || t != taxes[i-1] {
			rounded = c.lineTax(p, t)
		}
		total += rounded
	}
	return total
}

// collectLine adds a line's taxes, as it shows them, to those of the whole, in the order they are listed.
func (c *calc) collectLine(into *tally, p precision, set *taxSet, taxes []amount, listed []int) {
	last, rounded := amount(0), amount(0)
	for _, n := range listed {
		if taxes[n] != last {
			last, rounded = taxes[n], c.lineTax(p, taxes[n])
		}
		into.add(set.slots[n], rounded)
	}
}

// inheritedClass is the class shipping takes from the items that count: the standard class when one has it, else the
// first in the site's order; false when nothing is taxed.
func (c *calc) inheritedClass(counts func(*item) bool) (string, bool) {
	var found []string
	for i := range c.items {
		it := &c.items[i]
		switch {
		case !counts(it):
		case it.TaxClass == "":
			return "", true
		case !slices.Contains(found, it.TaxClass):
			found = append(found, it.TaxClass)
		}
	}
	if len(found) == 0 {
		return "", false
	}
	for _, class := range c.in.Settings.TaxClasses {
		if slices.Contains(found, class) {
			return class, true
		}
	}
	return slices.Min(found), true
}

// taxesShipping: an order asks every item whose tax status concerns shipping (WC_Abstract_Order::get_items_tax_classes).
func (i *item) taxesShipping() bool { return i.status != NotTaxable }

// isShippingTaxable: the cart asks only those that are shipped (WC_Product::is_shipping_taxable).
func (i *item) isShippingTaxable() bool { return i.taxesShipping() && !i.Virtual }

// shippingRates are the rates shipping is taxed with at a place; counts says whose class it may inherit.
func (c *calc) shippingRates(at place, counts func(*item) bool) *taxSet {
	class, ok := c.shippingClass(counts)
	if !ok {
		return newTaxSet(nil)
	}
	return c.shippingSet(class, at)
}

// shippingClass is the class shipping is taxed in. There is none when it is inherited and nothing is taxed.
func (c *calc) shippingClass(counts func(*item) bool) (class string, ok bool) {
	if class = c.in.Settings.ShippingTaxClass; class != InheritShippingClass {
		return class, true
	}
	return c.inheritedClass(counts)
}
