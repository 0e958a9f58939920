package quote

import "math/big"

// capFees keeps negative fees from taking off more than there is (WC_Abstract_Order::calculate_totals). A fee that was
// capped stays so.
func (o *order) capFees(lines amount) {
	fees := amount(0)
	for i := range o.fees {
		if f := &o.fees[i]; f.total < 0 {
			most := -o.toCents(o.inOrder, lines+fees+o.totals.shipping)
			if f.total < most && most < 0 {
				f.total = most
			}
		}
		fees += o.fees[i].total
	}
}

// taxFee taxes a fee by its own class. A negative fee is a discount on everything: its tax is spread over the classes
// of lines, fees and shipping in proportion to what they cost (WC_Order_Item_Fee::calculate_taxes).
func (o *order) taxFee(i int) {
	f, asked := &o.fees[i], &o.in.Fees[i]
	f.taxes, f.tax = tally{}, 0
	switch {
	case !o.taxed:
		return
	case f.total < 0:
		o.spread(f)
	case asked.Taxable:
		o.set(asked.TaxClass, o.at).charge(&f.taxes, f.total, o.inOrder)
	}
	f.tax = o.roundedTally(&f.taxes)
}

func (o *order) spread(f *orderPart) {
	costs := o.classCosts()
	costs.charge(&f.taxes, f.total, o.inOrder, func(class string) *taxSet { return o.set(class, o.at) })
}

// costs are amounts by tax class, with what is not taxed counted apart.
type costs struct {
	of    map[string]amount
	order []string
	total amount
}

// list makes a place for a class; classes keep the order in which they are listed.
func (c *costs) list(class string) {
	if c.of == nil {
		c.of = map[string]amount{}
	}
	if _, ok := c.of[class]; !ok {
		c.of[class] = 0
		c.order = append(c.order, class)
	}
}

func (c *costs) add(class string, a amount, taxable bool) {
	if a <= 0 {
		return
	}
	c.total += a
	if taxable {
		c.list(class)
		c.of[class] += a
	}
}

// charge adds the taxes of an amount that is spread over the classes in proportion to their costs.
func (c *costs) charge(into *tally, a amount, p precision, rates func(class string) *taxSet) {
	for _, class := range c.order {
		if c.of[class] == 0 {
			continue
		}
		t := rates(class)
		for _, i := range t.charged {
			into.add(t.slots[i], c.part(a, class, t.outside[i], p))
		}
	}
}

// part is the tax of one rate on a class's proportion of an amount.
func (c *costs) part(a amount, class string, s share, p precision) amount {
	n, d := big.NewInt(int64(c.of[class])), big.NewInt(int64(c.total))
	if s.wide != nil {
		return p.grid.ratioWide(a, n.Mul(n, s.wide.Num()), d.Mul(d, s.wide.Denom()), p.unit, halfUp)
	}
	n.Mul(n, new(big.Int).SetUint64(s.n))
	return p.grid.ratioWide(a, n, d.Mul(d, new(big.Int).SetUint64(s.d)), p.unit, halfUp)
}

// classCosts adds up what the order's parts cost by tax class.
func (o *order) classCosts() costs {
	var c costs
	for i := range o.items {
		if o.items[i].status != NotTaxable {
			c.list(o.items[i].TaxClass)
		}
	}
	class := o.in.Settings.ShippingTaxClass
	if class == InheritShippingClass {
		class = c.first()
	}
	for i := range o.items {
		total := o.lines[i].total
		if o.stored != nil {
			total = o.stored[i]
		}
		c.add(o.items[i].TaxClass, total, o.items[i].taxable())
	}
	for i := range o.fees {
		c.add(o.in.Fees[i].TaxClass, o.fees[i].total, o.in.Fees[i].Taxable)
	}
	if o.ships {
		c.add(class, o.shipping.total, true)
	}
	return c
}

// first is the class that was listed first, the standard class when there is none.
func (c *costs) first() string {
	if len(c.order) == 0 {
		return ""
	}
	return c.order[0]
}
