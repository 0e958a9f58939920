package wootest

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// orderConnections are an order's items by kind, its refunds and its notes.
func (g *gqlRequest) orderConnections(o *order) map[string]any {
	return map[string]any{
		"lineItems":     itemConnection(o.lines, func(l *orderLine) entry { return entry{l.id, g.lineNode(o, l)} }),
		"shippingLines": itemConnection(o.ships, func(s *shippingLine) entry { return entry{s.id, g.shippingNode(o, s)} }),
		"taxLines":      itemConnection(o.taxes, func(t *taxLine) entry { return entry{t.id, g.taxNode(o, t)} }),
		"feeLines":      itemConnection(o.fees, func(f *feeLine) entry { return entry{f.id, g.feeNode(o, f)} }),
		"couponLines":   itemConnection(o.coupons, func(c *couponLine) entry { return entry{c.id, g.couponNode(o, c)} }),
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
func (g *gqlRequest) itemNode(kind string, o *order, id int64, meta []shop.MetaData, fields map[string]any) *gqlNode {
	fields["id"] = base64.StdEncoding.EncodeToString([]byte("order_item:" + wp.Itoa(o.id) + "+" + wp.Itoa(id)))
	fields["databaseId"], fields["orderId"], fields["metaData"] = id, o.id, metaResolver(meta)
	return &gqlNode{kind: kind, fields: fields}
}

func (g *gqlRequest) lineNode(o *order, l *orderLine) *gqlNode {
	fields := map[string]any{
		"productId": nullID(l.productID), "variationId": nullID(l.variation), "quantity": nullID(l.quantity), "itemDownloads": nil,
		"taxes": g.taxStatements(o, l.taxes), "product": g.lineProductEdge(l), "variation": g.lineVariationEdge(l),
	}
	fields["taxStatus"], fields["taxClass"] = "TAXABLE", any(taxEnum(l.taxClass))
	if p := g.st.productOf(l); p != nil && p.TaxStatus != "taxable" {
		fields["taxStatus"], fields["taxClass"] = strings.ToUpper(p.TaxStatus), nil
	}
	for name, d := range map[string]decimal.Decimal{
		"subtotal": l.subtotal, "subtotalTax": l.subtotalTax, "total": l.total, "totalTax": l.totalTax,
	} {
		fields[name] = nil
		if !d.IsZero() {
			fields[name] = g.amount(d, plainText(d))
		}
	}
	return g.itemNode("LineItem", o, l.id, l.meta, fields)
}

// lineProductEdge is the product as the public sees it; a line without one has
// no edge.
func (g *gqlRequest) lineProductEdge(l *orderLine) any {
	p := g.st.products[l.productID]
	if p == nil && l.variation != 0 && g.st.products[l.variation] != nil {
		p = g.st.products[g.st.products[l.variation].ParentID]
	}
	return g.edgeTo(p)
}

func (g *gqlRequest) lineVariationEdge(l *orderLine) any {
	if l.variation == 0 {
		return nil
	}
	return g.edgeTo(g.st.products[l.variation])
}

func (g *gqlRequest) edgeTo(p *shop.Product) any {
	if p == nil {
		return nil
	}
	node := g.publicNode(p)
	if node == nil {
		return nil
	}
	return &gqlNode{fields: map[string]any{"node": node, "cursor": cursorOf(p.ID)}}
}

// taxStatements are a line's taxes per rate, numbers and not text; what is
// zero is null.
func (g *gqlRequest) taxStatements(o *order, taxes []lineTax) any {
	nodes := []*gqlNode{}
	for _, x := range taxes {
		subtotal := any(nil)
		if x.hasSubtotal {
			subtotal = nullNumber(x.subtotal)
		}
		var row any
		if i := slices.IndexFunc(o.taxes, func(t *taxLine) bool { return t.rate.ID == x.rate }); i >= 0 {
			row = g.taxNode(o, o.taxes[i])
		}
		nodes = append(nodes, &gqlNode{kind: "OrderItemTax", fields: map[string]any{
			"taxLineId": x.rate, "subtotal": subtotal, "total": nullNumber(x.total), "amount": nil, "taxLine": row,
		}})
	}
	return nodes
}

func (g *gqlRequest) shippingNode(o *order, s *shippingLine) *gqlNode {
	return g.itemNode("ShippingLine", o, s.id, s.meta, map[string]any{
		"methodTitle": wp.Nullable(s.title), "total": nullAmount(s.total), "totalTax": nullAmount(s.totalTax),
		"taxes": g.taxStatements(o, s.taxes), "taxClass": "STANDARD", "shippingMethod": g.methodNode(s.method),
	})
}

// methodNode is a shipping method by its id, null for one the shop lacks.
func (g *gqlRequest) methodNode(id string) any {
	for _, m := range g.store.shop.Methods {
		found, _ := m.Get("id")
		if wp.RawText(found) != id {
			continue
		}
		return &gqlNode{kind: "ShippingMethod", fields: map[string]any{
			"id": base64.StdEncoding.EncodeToString([]byte("shipping_method:" + id)), "databaseId": id,
			"title": memberText(m, "title"), "description": methodText(g.store.shop, id),
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

func (g *gqlRequest) taxNode(o *order, t *taxLine) *gqlNode {
	return g.itemNode("TaxLine", o, t.id, nil, map[string]any{
		"rateCode": t.rate.Code(), "label": wp.Nullable(t.rate.Name), "taxTotal": nullAmount(t.tax),
		"shippingTaxTotal": plainText(t.shippingTaxes), "isCompound": t.rate.Compound, "taxRate": g.rateNode(t.rate),
	})
}

func (g *gqlRequest) rateNode(r shop.TaxRate) *gqlNode {
	return &gqlNode{kind: "TaxRate", fields: map[string]any{
		"id": globalID("tax_rate", r.ID), "databaseId": r.ID, "country": wp.Nullable(r.Country), "state": wp.Nullable(r.State),
		"rate": r.Rate.StringFixed(4), "name": r.Name, "priority": r.Priority, "compound": r.Compound, "shipping": r.Shipping,
		"class": taxEnum(string(r.Class)), "order": r.Order, "city": "*", "postcode": "*", "cities": []string{"*"}, "postcodes": []string{"*"},
	}}
}

func (g *gqlRequest) feeNode(o *order, f *feeLine) *gqlNode {
	class := any(nil)
	if f.taxStatus == "taxable" {
		class = taxEnum(f.taxClass)
	}
	return g.itemNode("FeeLine", o, f.id, f.meta, map[string]any{
		"name": wp.Nullable(f.name), "amount": nullAmount(f.amount), "taxStatus": strings.ToUpper(f.taxStatus), "taxClass": class,
		"total": nullAmount(f.total), "totalTax": nullAmount(f.totalTax), "taxes": g.taxStatements(o, f.taxes),
	})
}

// couponNode: the coupon itself is for the back office.
func (g *gqlRequest) couponNode(o *order, c *couponLine) *gqlNode {
	return g.itemNode("CouponLine", o, c.id, nil, map[string]any{
		"code": c.code, "discount": nullAmount(c.discount), "discountTax": nullAmount(c.discountTax), "coupon": nil,
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
