package graphql

import (
	"encoding/json"
	"slices"

	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/woo/wootest/internal/carts"
	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
	"github.com/vektah/gqlparser/v2/ast"
)

// sessionEntries is Customer.session: the keys of the session row in the order
// WooCommerce first sets them. The values have WooCommerce's members but for
// those only it can compute, such as hashes.
func (g *request) sessionEntries() []*node {
	s := g.visit.Session
	nodes := []*node{}
	add := func(key string, value any) {
		raw, err := wp.PlainJSON(value)
		if text, ok := value.(string); ok {
			raw, err = []byte(text), nil
		}
		if err == nil {
			nodes = append(nodes, &node{kind: "MetaData", fields: map[string]any{"id": nil, "key": key, "value": wp.Nullable(string(raw))}})
		}
	}
	if b := g.visit.Basket(); len(s.Items) > 0 && b.NeedsShipping() {
		add("shipping_for_package_0", packageData(b))
		add("previous_shipping_methods", [][]string{s.Offered})
		add("chosen_shipping_methods", s.Chosen)
		add("shipping_method_counts", []int{len(s.Offered)})
	}
	if len(s.Items) > 0 {
		add("cart_totals", totalsData(s.Totals.View.Totals))
		add("cart", cartData(s))
	}
	if len(s.Coupons) > 0 {
		add("applied_coupons", s.Coupons)
	}
	if s.Customer != (site.SessionCustomer{}) {
		add("customer", customerData(s.Customer))
	}
	for _, v := range s.Values {
		add(v.Key, v.Value)
	}
	if s.Draft != 0 {
		add("store_api_draft_order", s.Draft)
	}
	return nodes
}

func packageData(b *carts.Basket) wp.Object {
	offer, err := b.Offer()
	if err != nil {
		return wp.Object{}
	}
	rates := wp.Object{}
	for _, r := range offer {
		rates = rates.With(r.ID, wp.Object{{"data", wp.Object{
			{"id", r.ID}, {"method_id", r.MethodID}, {"instance_id", r.InstanceID}, {"label", r.Label}, {"cost", r.Cost.String()},
		}}})
	}
	return wp.Object{{"rates", rates}}
}

func number(d decimal.Decimal) json.Number { return json.Number(d.String()) }

func totalsData(t quote.CartTotals) wp.Object {
	return wp.Object{
		{"subtotal", t.Subtotal.String()}, {"subtotal_tax", number(t.SubtotalTax)}, {"shipping_total", t.ShippingTotal.String()},
		{"shipping_tax", number(t.ShippingTax)}, {"discount_total", number(t.DiscountTotal)}, {"discount_tax", number(t.DiscountTax)},
		{"cart_contents_total", t.CartContentsTotal.String()}, {"cart_contents_tax", number(t.CartContentsTax)},
		{"fee_total", t.FeeTotal.String()}, {"fee_tax", number(t.FeeTax)}, {"total", t.Total.String()}, {"total_tax", number(t.TotalTax)},
	}
}

func cartData(s *site.Session) wp.Object {
	out := wp.Object{}
	for _, i := range s.Items {
		chosen := wp.Object{}
		for _, c := range i.Variation {
			chosen = chosen.With(c.Name, c.Value)
		}
		out = out.With(i.Key, wp.Object{
			{"key", i.Key}, {"product_id", i.ProductID}, {"variation_id", i.VariationID}, {"variation", chosen}, {"quantity", i.Quantity},
			{"line_subtotal", number(i.Line.Subtotal)}, {"line_subtotal_tax", number(i.Line.SubtotalTax)},
			{"line_total", number(i.Line.Total)}, {"line_tax", number(i.Line.TotalTax)},
		})
	}
	return out
}

func customerData(c site.SessionCustomer) wp.Object {
	out := wp.Object{}
	for _, m := range rest.BillingView(c.Billing) {
		out = out.With(m.Key, m.Value)
	}
	for _, m := range rest.ShippingView(c.Shipping) {
		out = out.With("shipping_"+m.Key, m.Value)
	}
	return out
}

// cartTokenFor is the Cart-Token on a user or customer: for the user alone.
func (g *request) cartTokenFor(u *site.User) any {
	if g.who.SignedIn() != u.ID {
		return nil
	}
	return g.visit.CartToken()
}

// cartTokenSchema are the fields the setting adds.
const cartTokenSchema = `
extend type LoginPayload { cartToken: String }
extend type Customer { cartToken: String }`

// withoutSessionTokens takes the fields for tokens that are not issued out of
// the schema.
func withoutSessionTokens(schema *ast.Schema) {
	for _, name := range []string{"LoginPayload", "Customer"} {
		if def := schema.Types[name]; def != nil {
			def.Fields = slices.DeleteFunc(def.Fields, func(f *ast.FieldDefinition) bool { return f.Name == "sessionToken" })
		}
	}
}
