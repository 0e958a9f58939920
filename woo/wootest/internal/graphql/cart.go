package graphql

import (
	"github.com/ankkor/ankkor/woo/wootest/internal/carts"
	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// errInternal is what a caller reads of any error that was not meant for
// it.
const errInternal = wire.UserError("Internal server error")

// noResolver is a field of the schema that WooGraphQL forgot to resolve and
// that must not be null, such as CartItem.id.
func noResolver(map[string]any) (any, error) { return nil, errInternal }

// workingCart is the cart of this request, or what is wrong with its token.
func (g *request) workingCart() (*carts.Basket, error) {
	if g.visit.TokenErr != nil {
		return nil, wire.UserError(g.visit.TokenErr.Error())
	}
	return g.visit.Basket(), nil
}

// cart is RootQuery.cart.
func (g *request) cart(map[string]any) (any, error) {
	b, err := g.workingCart()
	if err != nil {
		return nil, err
	}
	return g.cartNode(b), nil
}

// cartNode is a cart of the graph. Its amounts are as they were last
// calculated until total is asked for, which calculates: selected before it in
// the document they can be old, as in WooGraphQL.
func (g *request) cartNode(b *carts.Basket) *node {
	fields := map[string]any{
		"total": g.cartTotal(b), "isEmpty": b.Empty(), "displayPricesIncludeTax": b.ShowsTax(), "needsShippingAddress": b.NeedsShipping(),
		"fees": nil, "contents": resolver(func(args map[string]any) (any, error) { return g.contents(b, args), nil }),
		"chosenShippingMethods": resolver(func(map[string]any) (any, error) {
			if !b.NeedsShipping() {
				return []string{}, nil
			}
			return rest.OrEmpty(b.Session.Chosen), nil
		}),
		"availableShippingMethods": resolver(func(map[string]any) (any, error) { return g.shippingPackages(b) }),
		"totalTaxes":               resolver(func(map[string]any) (any, error) { return g.cartTaxes(b), nil }),
		"taxLines":                 resolver(func(map[string]any) (any, error) { return g.cartTaxLines(b), nil }),
		"appliedCoupons": resolver(func(map[string]any) (any, error) {
			if len(b.Session.Coupons) == 0 {
				return nil, nil
			}
			return g.appliedCoupons(b, b.Session.Coupons), nil
		}),
	}
	for name, of := range cartAmounts(b) {
		fields[name] = g.cartAmount(of)
	}
	return &node{kind: "Cart", fields: fields}
}

// cartAmounts are a cart's amounts by field, read when they are asked for.
func cartAmounts(b *carts.Basket) map[string]func() decimal.Decimal {
	totals := func() *site.CartTotals { return b.Session.Totals }
	return map[string]func() decimal.Decimal{
		"subtotal":      func() decimal.Decimal { return totals().View.Totals.Subtotal },
		"subtotalTax":   func() decimal.Decimal { return totals().View.Totals.SubtotalTax },
		"discountTotal": func() decimal.Decimal { return totals().View.Totals.DiscountTotal },
		"discountTax":   func() decimal.Decimal { return totals().View.Totals.DiscountTax },
		"shippingTotal": func() decimal.Decimal { return totals().View.Totals.ShippingTotal },
		"shippingTax":   func() decimal.Decimal { return totals().View.Totals.ShippingTax },
		"contentsTax":   func() decimal.Decimal { return totals().View.Totals.CartContentsTax },
		"feeTotal":      func() decimal.Decimal { return totals().View.Totals.FeeTotal },
		"feeTax":        func() decimal.Decimal { return totals().View.Totals.FeeTax },
		"totalTax":      func() decimal.Decimal { return totals().View.Totals.TotalTax },
		"contentsTotal": func() decimal.Decimal {
			t := totals().View.Totals
			if b.ShowsTax() {
				return t.Subtotal.Add(t.SubtotalTax)
			}
			return t.Subtotal
		},
	}
}

// cartAmount is an amount of the cart: FORMATTED as the shop writes prices,
// RAW as PHP prints the number.
func (g *request) cartAmount(of func() decimal.Decimal) resolver {
	return func(args map[string]any) (any, error) {
		if argText(args, "format") == "RAW" {
			return of().String(), nil
		}
		return g.site.Shop.Formatted(of()), nil
	}
}

// cartTotal calculates the cart; RAW keeps the currency's decimals, but an
// empty cart's is 0.
func (g *request) cartTotal(b *carts.Basket) resolver {
	return func(args map[string]any) (any, error) {
		if err := b.Calculate(); err != nil {
			return nil, wire.UserError(err.Error())
		}
		g.visit.Changed(false)
		total, places := b.Session.Totals.View.Totals.Total, g.site.Shop.Decimals()
		if argText(args, "format") != "RAW" {
			return g.site.Shop.Formatted(total), nil
		}
		if b.Empty() {
			places = 0
		}
		return total.StringFixed(places), nil
	}
}

// cartTaxes are the tax rows a customer reads; a row of nothing is null.
func (g *request) cartTaxes(b *carts.Basket) any {
	var nodes []*node
	for _, row := range b.Session.Totals.View.TaxTotals {
		var compound, amount any
		if row.Compound {
			compound = true
		}
		if !row.Amount.IsZero() {
			amount = g.cartAmount(func() decimal.Decimal { return row.Amount })
		}
		nodes = append(nodes, &node{kind: "CartTax", fields: map[string]any{
			"id": wp.Itoa(row.RateID), "label": row.Label, "isCompound": compound, "amount": amount,
		}})
	}
	if len(nodes) == 0 {
		return nil
	}
	return nodes
}

func (g *request) cartTaxLines(b *carts.Basket) []*node {
	nodes := []*node{}
	if g.site.Shop.Values["woocommerce_tax_total_display"] != "itemized" {
		return nodes
	}
	for _, row := range b.Session.Totals.View.TaxTotals {
		nodes = append(nodes, &node{kind: "CartTaxLine", fields: map[string]any{
			"name": row.Label, "price": g.site.Shop.Number(row.Amount), "rate": percentText(carts.TaxRate(g.site.Shop, row.RateID)),
		}})
	}
	return nodes
}

// percentText is WC_Tax::get_rate_percent.
func percentText(r shop.TaxRate) string { return r.Rate.String() + "%" }

// appliedCoupons answers coupons by the codes as they were given: discounts are
// kept under the small letters, so a coupon just applied in capitals shows
// none.
func (g *request) appliedCoupons(b *carts.Basket, codes []string) []*node {
	nodes := []*node{}
	for _, code := range codes {
		nodes = append(nodes, g.appliedCoupon(b, code))
	}
	return nodes
}

func (g *request) appliedCoupon(b *carts.Basket, code string) *node {
	description := ""
	if c := g.state.CouponByCode(carts.CouponCode(code)); c != nil {
		description = c.Description
	}
	amount := func(pick func(discount, tax decimal.Decimal) decimal.Decimal) resolver {
		return g.cartAmount(func() decimal.Decimal {
			for _, c := range b.Session.Totals.View.Coupons {
				if c.Code == code {
					return pick(c.Discount, c.DiscountTax).Round(g.site.Shop.Decimals())
				}
			}
			return decimal.Zero
		})
	}
	return &node{kind: "AppliedCoupon", fields: map[string]any{
		"code": code, "description": description,
		"discountAmount": amount(func(d, _ decimal.Decimal) decimal.Decimal { return d }),
		"discountTax":    amount(func(_, t decimal.Decimal) decimal.Decimal { return t }),
	}}
}

// shippingPackages are the packages with their rates; a cart that ships
// nothing has none.
func (g *request) shippingPackages(b *carts.Basket) (any, error) {
	nodes := []*node{}
	if !b.NeedsShipping() {
		return nodes, nil
	}
	offer, err := b.Offer()
	if err != nil {
		return nil, wire.UserError(err.Error())
	}
	var rates []*node
	for _, r := range offer {
		rates = append(rates, g.cartRateNode(b, r))
	}
	pack := &node{kind: "ShippingPackage", fields: map[string]any{
		"packageDetails": b.PackageText(), "supportsShippingCalculator": true, "rates": rates,
	}}
	if len(rates) == 0 {
		pack.fields["rates"] = nil
	}
	return append(nodes, pack), nil
}

// cartRateNode: cost is with tax where the cart shows it, subtotal never.
func (g *request) cartRateNode(b *carts.Basket, r carts.Rate) *node {
	tax := shop.SumShares(r.Taxes).Round(g.site.Shop.Decimals())
	cost := r.Cost
	if b.Site.Shop.Values["woocommerce_tax_display_cart"] == "incl" {
		cost = cost.Add(tax)
	}
	amount := func(d decimal.Decimal) resolver { return g.cartAmount(func() decimal.Decimal { return d }) }
	return &node{kind: "ShippingRate", fields: map[string]any{
		"id": r.ID, "methodId": r.MethodID, "instanceId": r.InstanceID, "label": wp.Nullable(r.Label),
		"cost": amount(cost), "subtotal": amount(r.Cost), "taxTotal": amount(tax),
	}}
}
