package orders

import (
	"slices"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/shopspring/decimal"
)

// feeTaxes are a fee's taxes. A negative fee has no class of its own: its tax
// is taken back from the classes of everything else in proportion
// (WC_Order_Item_Fee::calculate_taxes).
func (t *Totals) feeTaxes(f *site.FeeLine) []site.LineTax {
	if !t.taxesOn() {
		return nil
	}
	if !f.Total.IsNegative() {
		if f.TaxStatus != "taxable" {
			return nil
		}
		return totalsOnly(shop.ExclusiveTax(f.Total, t.ratesFor(f.TaxClass)))
	}
	return t.spread(f.Total)
}

// classCost is what taxable things of one class cost together.
type classCost struct {
	class   string
	taxable bool
	cost    decimal.Decimal
}

func (t *Totals) spread(amount decimal.Decimal) []site.LineTax {
	costs := t.classCosts()
	whole := decimal.Zero
	for _, c := range costs {
		whole = whole.Add(c.cost)
	}
	var out []site.LineTax
	for _, c := range costs {
		if !c.taxable || c.cost.IsZero() {
			continue
		}
		part := amount.Mul(c.cost).DivRound(whole, shop.DivisionDigits)
		out = mergeTaxes(out, totalsOnly(shop.ExclusiveTax(part, t.ratesFor(c.class))))
	}
	return out
}

func mergeTaxes(into, add []site.LineTax) []site.LineTax {
	for _, x := range add {
		i := slices.IndexFunc(into, func(y site.LineTax) bool { return y.Rate == x.Rate })
		if i < 0 {
			into = append(into, x)
			continue
		}
		into[i].Total = into[i].Total.Add(x.Total)
	}
	return into
}

// classCosts adds up lines, fees and shipping that cost something, by class.
func (t *Totals) classCosts() []classCost {
	classes := t.itemClasses()
	var costs []classCost
	for _, c := range classes {
		costs = append(costs, classCost{class: c, taxable: true})
	}
	add := func(class, status string, cost decimal.Decimal) {
		if cost.IsNegative() {
			return
		}
		if class == "inherit" && len(classes) > 0 {
			class = classes[0]
		}
		costs = addCost(costs, class, status == "taxable", cost)
	}
	for _, l := range t.order.Lines {
		add(l.TaxClass, t.lineTaxStatus(l), t.weight(l))
	}
	for _, f := range t.order.Fees {
		add(f.TaxClass, f.TaxStatus, f.Total)
	}
	for _, s := range t.order.Ships {
		add(t.Shop.Values["woocommerce_shipping_tax_class"], s.TaxStatus, s.Total)
	}
	return costs
}

func addCost(costs []classCost, class string, taxable bool, cost decimal.Decimal) []classCost {
	if !taxable {
		class = ""
	}
	for i, c := range costs {
		if c.class == class && c.taxable == taxable {
			costs[i].cost = c.cost.Add(cost)
			return costs
		}
	}
	return append(costs, classCost{class, taxable, cost})
}

func (t *Totals) weight(l *site.OrderLine) decimal.Decimal {
	if w, ok := t.weights[l.ID]; ok {
		return w
	}
	return l.Total
}
