package graphql

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// orderConnections are an order's items by kind, its refunds and its notes.
func (g *request) orderConnections(o *site.Order) map[string]any {
	return map[string]any{
		"lineItems":     itemConnection(o.Lines, func(l *site.OrderLine) entry { return entry{l.ID, g.lineNode(o, l)} }),
		"shippingLines": itemConnection(o.Ships, func(s *site.ShippingLine) entry { return entry{s.ID, g.shippingNode(o, s)} }),
		"taxLines":      itemConnection(o.Taxes, func(t *site.TaxLine) entry { return entry{t.ID, g.taxNode(o, t)} }),
		"feeLines":      itemConnection(o.Fees, func(f *site.FeeLine) entry { return entry{f.ID, g.feeNode(o, f)} }),
		"couponLines":   itemConnection(o.Coupons, func(c *site.CouponLine) entry { return entry{c.ID, g.couponNode(o, c)} }),
		"refunds": resolver(func(args map[string]any) (any, error) {
			if g.ownerSight(o) != sightFull {
				return connection(nil, args), nil
			}
			return connection(g.refundEntries(o), args), nil
		}),
		"orderNotes": resolver(func(args map[string]any) (any, error) {
			return connection(g.noteEntries(o), args), nil
		}),
	}
}

// itemConnection pages through items; without first all of them come.
func itemConnection[T any](items []*T, node func(*T) entry) resolver {
	return func(args map[string]any) (any, error) {
		var entries []entry
		for _, i := range items {
			entries = append(entries, node(i))
		}
		if args["first"] == nil && args["last"] == nil {
			args = map[string]any{"first": int64(max(len(entries), 1)), "after": args["after"], "before": args["before"]}
		}
		return connection(entries, args), nil
	}
}

// itemNode are the fields every kind of order item has.
func (g *request) itemNode(kind string, o *site.Order, id int64, meta []shop.MetaData, fields map[string]any) *node {
	fields["id"] = base64.StdEncoding.EncodeToString([]byte("order_item:" + wp.Itoa(o.ID) + "+" + wp.Itoa(id)))
	fields["databaseId"], fields["orderId"], fields["metaData"] = id, o.ID, metaResolver(meta)
	return &node{kind: kind, fields: fields}
}

func (g *request) lineNode(o *site.Order, l *site.OrderLine) *node {
	fields := map[string]any{
		"productId": nullID(l.ProductID), "variationId": nullID(l.Variation), "quantity": nullID(l.Quantity), "itemDownloads": nil,
		"taxes": g.taxStatements(o, l.Taxes), "product": g.lineProductEdge(l), "variation": g.lineVariationEdge(l),
	}
	fields["taxStatus"], fields["taxClass"] = "TAXABLE", any(taxEnum(l.TaxClass))
	if p := g.state.ProductOf(l); p != nil && p.TaxStatus != "taxable" {
		fields["taxStatus"], fields["taxClass"] = strings.ToUpper(p.TaxStatus), nil
	}
	for name, d := range map[string]decimal.Decimal{
		"subtotal": l.Subtotal, "subtotalTax": l.SubtotalTax, "total": l.Total, "totalTax": l.TotalTax,
	} {
		fields[name] = nil
		if !d.IsZero() {
			fields[name] = g.amount(d, plainText(d))
		}
	}
	return g.itemNode("LineItem", o, l.ID, l.Meta, fields)
}

// lineProductEdge is the product as the public sees it; a line without one has
// no edge.
func (g *request) lineProductEdge(l *site.OrderLine) any {
	p := g.state.Products[l.ProductID]
	if p == nil && l.Variation != 0 && g.state.Products[l.Variation] != nil {
		p = g.state.Products[g.state.Products[l.Variation].ParentID]
	}
	return g.edgeTo(p)
}

func (g *request) lineVariationEdge(l *site.OrderLine) any {
	if l.Variation == 0 {
		return nil
	}
	return g.edgeTo(g.state.Products[l.Variation])
}

func (g *request) edgeTo(p *shop.Product) any {
	if p == nil {
		return nil
	}
	sold := g.publicNode(p)
	if sold == nil {
		return nil
	}
	return &node{fields: map[string]any{"node": sold, "cursor": cursorOf(p.ID)}}
}

// taxStatements are a line's taxes per rate, numbers and not text; what is
// zero is null.
func (g *request) taxStatements(o *site.Order, taxes []site.LineTax) any {
	nodes := []*node{}
	for _, x := range taxes {
		subtotal := any(nil)
		if x.HasSubtotal {
			subtotal = nullNumber(x.Subtotal)
		}
		var row any
		if i := slices.IndexFunc(o.Taxes, func(t *site.TaxLine) bool { return t.Rate.ID == x.Rate }); i >= 0 {
			row = g.taxNode(o, o.Taxes[i])
		}
		nodes = append(nodes, &node{kind: "OrderItemTax", fields: map[string]any{
			"taxLineId": x.Rate, "subtotal": subtotal, "total": nullNumber(x.Total), "amount": nil, "taxLine": row,
		}})
	}
	return nodes
}

func (g *request) shippingNode(o *site.Order, s *site.ShippingLine) *node {
	return g.itemNode("ShippingLine", o, s.ID, s.Meta, map[string]any{
		"methodTitle": wp.Nullable(s.Title), "total": nullAmount(s.Total), "totalTax": nullAmount(s.TotalTax),
		"taxes": g.taxStatements(o, s.Taxes), "taxClass": "STANDARD", "shippingMethod": g.methodNode(s.Method),
	})
}

// methodNode is a shipping method by its id, null for one the shop lacks.
func (g *request) methodNode(id string) any {
	for _, m := range g.site.Shop.Methods {
		found, _ := m.Get("id")
		if wp.RawText(found) != id {
			continue
		}
		return &node{kind: "ShippingMethod", fields: map[string]any{
			"id": base64.StdEncoding.EncodeToString([]byte("shipping_method:" + id)), "databaseId": id,
			"title": memberText(m, "title"), "description": methodText(g.site.Shop, id),
		}}
	}
	return nil
}

// methodText is a method's description as the zones' lists hold it.
func methodText(sh *shop.Shop, id string) any {
	for _, ways := range sh.ZoneWays {
		for _, m := range ways {
			if memberText(m, "method_id") == id {
				return wp.Nullable(memberText(m, "method_description"))
			}
		}
	}
	return nil
}

func (g *request) taxNode(o *site.Order, t *site.TaxLine) *node {
	return g.itemNode("TaxLine", o, t.ID, nil, map[string]any{
		"rateCode": t.Rate.Code(), "label": wp.Nullable(t.Rate.Name), "taxTotal": nullAmount(t.Tax),
		"shippingTaxTotal": plainText(t.ShippingTaxes), "isCompound": t.Rate.Compound, "taxRate": g.rateNode(t.Rate),
	})
}

func (g *request) rateNode(r shop.TaxRate) *node {
	return &node{kind: "TaxRate", fields: map[string]any{
		"id": globalID("tax_rate", r.ID), "databaseId": r.ID, "country": wp.Nullable(r.Country), "state": wp.Nullable(r.State),
		"rate": r.Rate.StringFixed(4), "name": r.Name, "priority": r.Priority, "compound": r.Compound, "shipping": r.Shipping,
		"class": taxEnum(string(r.Class)), "order": r.Order, "city": "*", "postcode": "*", "cities": []string{"*"}, "postcodes": []string{"*"},
	}}
}

func (g *request) feeNode(o *site.Order, f *site.FeeLine) *node {
	class := any(nil)
	if f.TaxStatus == "taxable" {
		class = taxEnum(f.TaxClass)
	}
	return g.itemNode("FeeLine", o, f.ID, f.Meta, map[string]any{
		"name": wp.Nullable(f.Name), "amount": nullAmount(f.Amount), "taxStatus": strings.ToUpper(f.TaxStatus), "taxClass": class,
		"total": nullAmount(f.Total), "totalTax": nullAmount(f.TotalTax), "taxes": g.taxStatements(o, f.Taxes),
	})
}

// couponNode: the coupon itself is for the back office.
func (g *request) couponNode(o *site.Order, c *site.CouponLine) *node {
	return g.itemNode("CouponLine", o, c.ID, nil, map[string]any{
		"code": c.Code, "discount": nullAmount(c.Discount), "discountTax": nullAmount(c.DiscountTax), "coupon": nil,
	})
}

func nullID(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

// nullAmount is a bare amount as stored, null when it is zero.
func nullAmount(d decimal.Decimal) any {
	if d.IsZero() {
		return nil
	}
	return plainText(d)
}

// nullNumber is an amount as a JSON number with the six decimals of the
// database, null when it is zero.
func nullNumber(d decimal.Decimal) any {
	if d.IsZero() {
		return nil
	}
	return wp.JSONNumber(d.Round(wp.RoundingPrecision))
}
