package wootest

import (
	"encoding/base64"
	"slices"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/shopspring/decimal"
)

// contents is Cart.contents. Its counts are of the whole cart, and 0 when the
// page holds nothing.
func (g *gqlRequest) contents(b *basket, args map[string]any) *gqlNode {
	items := b.sess.items
	if where, ok := args["where"].(map[string]any); ok && where["needsShipping"] != nil {
		items = slices.DeleteFunc(slices.Clone(items), func(i cartItem) bool {
			p := b.st.products[i.productID]
			return p == nil || p.NeedsShipping() != (where["needsShipping"] == true)
		})
	}
	var entries []entry
	for at, i := range items {
		entries = append(entries, entry{int64(at) + 1, g.cartItemNode(b, i)})
	}
	page := connection(entries, g.itemCursors(items, args))
	g.keyCursors(page, items)
	nodes, _ := page.fields["nodes"].([]*gqlNode)
	page.fields["itemCount"], page.fields["productCount"] = 0, 0
	if len(nodes) > 0 {
		page.fields["itemCount"], page.fields["productCount"] = b.count(), len(b.sess.items)
	}
	return page
}

// itemCursors turns the cursors of the arguments, which hold item keys, into
// the positions that connection pages by.
func (g *gqlRequest) itemCursors(items []cartItem, args map[string]any) map[string]any {
	out := map[string]any{"first": args["first"], "last": args["last"]}
	for _, name := range []string{"after", "before"} {
		for at, i := range items {
			if argText(args, name) == keyCursor(i.key) {
				out[name] = cursorOf(int64(at) + 1)
			}
		}
	}
	return out
}

func keyCursor(key string) string {
	return base64.StdEncoding.EncodeToString([]byte("arrayconnection:" + key))
}

// keyCursors writes item keys where connection put positions.
func (g *gqlRequest) keyCursors(page *gqlNode, items []cartItem) {
	rename := func(fields map[string]any, name string) {
		if text, ok := fields[name].(string); ok {
			fields[name] = keyCursor(items[idOfCursor(text)-1].key)
		}
	}
	if edges, ok := page.fields["edges"].([]*gqlNode); ok {
		for _, e := range edges {
			rename(e.fields, "cursor")
		}
	}
	if info, ok := page.fields["pageInfo"].(*gqlNode); ok {
		rename(info.fields, "startCursor")
		rename(info.fields, "endCursor")
	}
}

// itemByKey is the item as it is in the cart now. For one that is not there
// WooGraphQL resolves an item of nothing, whose key cannot be null.
func (g *gqlRequest) itemByKey(b *basket, key string) *gqlNode {
	i, ok := b.item(key)
	node := g.cartItemNode(b, i)
	if !ok {
		node.fields["key"], node.fields["quantity"] = resolver(noResolver), nil
	}
	return node
}

// cartItemNode is a cart item. Total is with tax after coupons, subtotal without
// tax before them.
func (g *gqlRequest) cartItemNode(b *basket, i cartItem) *gqlNode {
	line := func() decimalLine { return lineNow(b, i) }
	fields := map[string]any{
		"key": i.key, "id": resolver(noResolver), "quantity": i.quantity, "extraData": extraData(i),
		"subtotal":    g.cartAmount(func() decimal.Decimal { return line().subtotal }),
		"subtotalTax": g.cartAmount(func() decimal.Decimal { return line().subtotalTax }),
		"total":       g.cartAmount(func() decimal.Decimal { return line().total.Add(line().tax) }),
		"tax":         g.cartAmount(func() decimal.Decimal { return line().tax }),
		"product":     g.itemProduct(i), "variation": nil,
	}
	if v := g.st.products[i.variationID]; v != nil {
		fields["variation"] = &gqlNode{fields: map[string]any{
			"cursor": cursorOf(v.ID), "node": g.productNode(v), "attributes": g.itemAttributes(v, i),
		}}
	}
	return &gqlNode{kind: "SimpleCartItem", fields: fields}
}

// decimalLine are an item's amounts.
type decimalLine struct{ subtotal, subtotalTax, total, tax decimal.Decimal }

// lineNow are the amounts of an item as they are when they are asked for; one
// that has left the cart keeps its last ones.
func lineNow(b *basket, i cartItem) decimalLine {
	if now, ok := b.item(i.key); ok {
		i = now
	}
	return decimalLine{i.line.Subtotal, i.line.SubtotalTax, i.line.Total, i.line.TotalTax}
}

func (g *gqlRequest) itemProduct(i cartItem) any {
	p := g.st.products[i.productID]
	if p == nil || p.Status != "publish" {
		return nil
	}
	chosen := []*gqlNode{}
	for _, c := range i.variation {
		chosen = append(chosen, &gqlNode{kind: "SimpleAttribute", fields: map[string]any{
			"id": resolver(noResolver), "name": c.name, "value": c.value,
		}})
	}
	return &gqlNode{fields: map[string]any{"cursor": cursorOf(p.ID), "node": g.productNode(p), "simpleVariations": chosen}}
}

// itemAttributes are the variation's attributes with the values that were
// chosen for those it leaves open.
func (g *gqlRequest) itemAttributes(v *shop.Product, i cartItem) []*gqlNode {
	nodes := []*gqlNode{}
	for _, a := range g.st.chosen(v) {
		for _, c := range i.variation {
			if c.name == "attribute_"+shop.AttributeKey(a) {
				a.Option = c.value
			}
		}
		label := a.Name
		if a.ID == 0 {
			label = shop.AttributeKey(a)
		}
		nodes = append(nodes, g.chosenNode(v.ID, a, label))
	}
	return nodes
}

func extraData(i cartItem) resolver {
	return func(args map[string]any) (any, error) {
		wanted := textList(args["keysIn"])
		if key := argText(args, "key"); key != "" {
			wanted = []string{key}
		}
		nodes := []*gqlNode{}
		for _, x := range i.extra {
			if len(wanted) == 0 || slices.Contains(wanted, x.key) {
				nodes = append(nodes, &gqlNode{kind: "MetaData", fields: map[string]any{"id": "cart__" + x.key, "key": x.key, "value": x.value}})
			}
		}
		return nodes, nil
	}
}
