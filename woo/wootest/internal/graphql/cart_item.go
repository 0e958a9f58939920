package graphql

import (
	"encoding/base64"
	"slices"

	"github.com/ankkor/ankkor/woo/wootest/internal/carts"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/shopspring/decimal"
)

// contents is Cart.contents. Its counts are of the whole cart, and 0 when the
// page holds nothing.
func (g *request) contents(b *carts.Basket, args map[string]any) *node {
	items := b.Session.Items
	if where, ok := args["where"].(map[string]any); ok && where["needsShipping"] != nil {
		items = slices.DeleteFunc(slices.Clone(items), func(i site.CartItem) bool {
			p := b.State.Products[i.ProductID]
			return p == nil || p.NeedsShipping() != (where["needsShipping"] == true)
		})
	}
	var entries []entry
	for at, i := range items {
		entries = append(entries, entry{int64(at) + 1, g.cartItemNode(b, i)})
	}
	page := connection(entries, g.itemCursors(items, args))
	g.keyCursors(page, items)
	nodes, _ := page.fields["nodes"].([]*node)
	page.fields["itemCount"], page.fields["productCount"] = 0, 0
	if len(nodes) > 0 {
		page.fields["itemCount"], page.fields["productCount"] = b.Count(), len(b.Session.Items)
	}
	return page
}

// itemCursors turns the cursors of the arguments, which hold item keys, into
// the positions that connection pages by.
func (g *request) itemCursors(items []site.CartItem, args map[string]any) map[string]any {
	out := map[string]any{"first": args["first"], "last": args["last"]}
	for _, name := range []string{"after", "before"} {
		for at, i := range items {
			if argText(args, name) == keyCursor(i.Key) {
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
func (g *request) keyCursors(page *node, items []site.CartItem) {
	rename := func(fields map[string]any, name string) {
		if text, ok := fields[name].(string); ok {
			fields[name] = keyCursor(items[idOfCursor(text)-1].Key)
		}
	}
	if edges, ok := page.fields["edges"].([]*node); ok {
		for _, e := range edges {
			rename(e.fields, "cursor")
		}
	}
	if info, ok := page.fields["pageInfo"].(*node); ok {
		rename(info.fields, "startCursor")
		rename(info.fields, "endCursor")
	}
}

// itemByKey is the item as it is in the cart now. For one that is not there
// WooGraphQL resolves an item of nothing, whose key cannot be null.
func (g *request) itemByKey(b *carts.Basket, key string) *node {
	i, ok := b.Item(key)
	node := g.cartItemNode(b, i)
	if !ok {
		node.fields["key"], node.fields["quantity"] = resolver(noResolver), nil
	}
	return node
}

// cartItemNode is a cart item. Total is with tax after coupons, subtotal without
// tax before them.
func (g *request) cartItemNode(b *carts.Basket, i site.CartItem) *node {
	line := func() decimalLine { return lineNow(b, i) }
	fields := map[string]any{
		"key": i.Key, "id": resolver(noResolver), "quantity": i.Quantity, "extraData": extraData(i),
		"subtotal":    g.cartAmount(func() decimal.Decimal { return line().subtotal }),
		"subtotalTax": g.cartAmount(func() decimal.Decimal { return line().subtotalTax }),
		"total":       g.cartAmount(func() decimal.Decimal { return line().total.Add(line().tax) }),
		"tax":         g.cartAmount(func() decimal.Decimal { return line().tax }),
		"product":     g.itemProduct(i), "variation": nil,
	}
	if v := g.state.Products[i.VariationID]; v != nil {
		fields["variation"] = &node{fields: map[string]any{
			"cursor": cursorOf(v.ID), "node": g.productNode(v), "attributes": g.itemAttributes(v, i),
		}}
	}
	return &node{kind: "SimpleCartItem", fields: fields}
}

// decimalLine are an item's amounts.
type decimalLine struct{ subtotal, subtotalTax, total, tax decimal.Decimal }

// lineNow are the amounts of an item as they are when they are asked for; one
// that has left the cart keeps its last ones.
func lineNow(b *carts.Basket, i site.CartItem) decimalLine {
	if now, ok := b.Item(i.Key); ok {
		i = now
	}
	return decimalLine{i.Line.Subtotal, i.Line.SubtotalTax, i.Line.Total, i.Line.TotalTax}
}

func (g *request) itemProduct(i site.CartItem) any {
	p := g.state.Products[i.ProductID]
	if p == nil || p.Status != "publish" {
		return nil
	}
	chosen := []*node{}
	for _, c := range i.Variation {
		chosen = append(chosen, &node{kind: "SimpleAttribute", fields: map[string]any{
			"id": resolver(noResolver), "name": c.Name, "value": c.Value,
		}})
	}
	return &node{fields: map[string]any{"cursor": cursorOf(p.ID), "node": g.productNode(p), "simpleVariations": chosen}}
}

// itemAttributes are the variation's attributes with the values that were
// chosen for those it leaves open.
func (g *request) itemAttributes(v *shop.Product, i site.CartItem) []*node {
	nodes := []*node{}
	for _, a := range g.state.Chosen(v) {
		for _, c := range i.Variation {
			if c.Name == "attribute_"+shop.AttributeKey(a) {
				a.Option = c.Value
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

func extraData(i site.CartItem) resolver {
	return func(args map[string]any) (any, error) {
		wanted := textList(args["keysIn"])
		if key := argText(args, "key"); key != "" {
			wanted = []string{key}
		}
		nodes := []*node{}
		for _, x := range i.Extra {
			if len(wanted) == 0 || slices.Contains(wanted, x.Key) {
				nodes = append(nodes, &node{kind: "MetaData", fields: map[string]any{"id": "cart__" + x.Key, "key": x.Key, "value": x.Value}})
			}
		}
		return nodes, nil
	}
}
