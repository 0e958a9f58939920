package shipping

import "math/big"

// flatRate is the method's cost plus what its shipping classes cost (WC_Shipping_Flat_Rate::calculate_shipping). A
// method whose costs are all empty is not offered.
func (p *parcel) flatRate(m *Method) (cost, bool, error) {
	var total cost
	set := m.Cost != ""
	if set {
		c, err := p.evaluate("cost", m.Cost, &p.all)
		if err != nil {
			return cost{}, false, err
		}
		total = c
	}
	if p.req.NoShippingClasses {
		return total, set, nil
	}
	highest := new(big.Rat)
	for i := range p.classes {
		field, formula := m.classCost(p.classes[i].class)
		if formula == "" {
			continue
		}
		set = true
		c, err := p.evaluate(field, formula, &p.classes[i])
		if err != nil {
			return cost{}, false, err
		}
		if m.ClassType == PerOrder {
			highest = larger(highest, c.value())
		} else {
			total = total.plus(c.value())
		}
	}
	if highest.Sign() > 0 {
		total = total.plus(highest)
	}
	return total, set, nil
}

// classCost is the formula for a class, and its field.
func (m *Method) classCost(class string) (field, formula string) {
	if class == "" {
		return "no_class_cost", m.NoClassCost
	}
	return "class_costs[" + class + "]", m.ClassCosts[class]
}

func larger(a, b *big.Rat) *big.Rat {
	if b.Cmp(a) > 0 {
		return b
	}
	return a
}
