package quote

// addFees computes the fees, the largest first, so that discounts come last.
func (k *cart) addFees() {
	order := make([]int, len(k.in.Fees))
	for i := range order {
		order[i] = i
	}
	k.sortFees(order)
	for _, i := range order {
		f := cartPart{asked: i}
		f.total, _ = k.parse(k.in.Fees[i].Amount)
		if f.total < 0 {
			f.total = max(f.total, -k.toCents(k.inCart, k.totals.contents+k.totals.fees+k.totals.shipping))
		}
		k.taxFee(&f)
		k.totals.fees += f.total
		k.totals.feeTax += f.tax
		k.fees = append(k.fees, f)
	}
}

// sortFees sorts by amount, the largest first (WC_Cart_Fees::sort_fees_callback). Of two equal fees WooCommerce says
// that each comes after the other, so how PHP sorts decides: it takes the first three together, and lets every further
// one sink to its place.
func (k *cart) sortFees(order []int) {
	after := func(i, j int) bool { return k.in.Fees[order[i]].Amount.Cmp(k.in.Fees[order[j]].Amount) <= 0 }
	swap := func(i, j int) { order[i], order[j] = order[j], order[i] }
	sorted := 1
	if len(order) >= 3 {
		sortThree(after, swap)
		sorted = 3
	}
	for i := sorted; i < len(order); i++ {
		for at := i; at > 0 && after(at-1, at); at-- {
			swap(at-1, at)
		}
	}
}

func sortThree(after func(i, j int) bool, swap func(i, j int)) {
	switch {
	case after(0, 1) && !after(2, 1):
		swap(0, 2)
	case after(0, 1):
		swap(0, 1)
		if after(1, 2) {
			swap(1, 2)
		}
	case after(1, 2):
		swap(1, 2)
		if after(0, 1) {
			swap(0, 1)
		}
	}
}

// equalFees says whether two fees have the same amount.
func (c *calc) equalFees() bool {
	for i := range c.in.Fees {
		for j := range i {
			if c.in.Fees[i].Amount.Equal(c.in.Fees[j].Amount) {
				return true
			}
		}
	}
	return false
}

// shownFees are the places of the fees as the cart lists them: WooCommerce sorts them once more to show them.
func (k *cart) shownFees() []int {
	asked := make([]int, len(k.fees))
	at := make([]int, len(k.fees))
	for i := range k.fees {
		asked[i] = k.fees[i].asked
		at[k.fees[i].asked] = i
	}
	k.sortFees(asked)
	for i := range asked {
		asked[i] = at[asked[i]]
	}
	return asked
}

// taxFee taxes a fee by its class. A negative one is a discount on everything, whatever it says of itself.
func (k *cart) taxFee(f *cartPart) {
	asked := &k.in.Fees[f.asked]
	switch {
	case !k.taxed:
		return
	case f.total < 0:
		k.spread(f)
	case asked.Taxable:
		k.set(asked.TaxClass, k.at).charge(&f.taxes, f.total, k.inCart)
	}
	for _, slot := range f.taxes.order {
		f.tax += k.lineTax(k.inCart, f.taxes.of(slot))
		k.totals.feeTaxes.add(slot, f.taxes.of(slot))
	}
}

// spread taxes a negative fee in proportion to what the classes cost.
func (k *cart) spread(f *cartPart) {
	costs := k.classCosts()
	costs.charge(&f.taxes, f.total, k.inCart, func(class string) *taxSet { return k.set(class, k.at) })
}

// classCosts adds up lines after coupons, the fees so far and shipping by tax class (get_tax_class_costs).
func (k *cart) classCosts() costs {
	var c costs
	for i := range k.items {
		c.list(k.items[i].TaxClass)
	}
	class := k.in.Settings.ShippingTaxClass
	if class == InheritShippingClass {
		class = c.first()
	}
	if len(k.in.Shipping) > 0 {
		c.list(class)
	}
	for i := range k.lines {
		c.add(k.items[i].TaxClass, k.lines[i].total, k.items[i].taxable())
	}
	for i := range k.fees {
		asked := &k.in.Fees[k.fees[i].asked]
		c.add(asked.TaxClass, k.fees[i].total, asked.Taxable)
	}
	if len(k.in.Shipping) > 0 {
		c.add(class, k.shipping.total, true)
	}
	return c
}
