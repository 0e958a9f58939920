package graphql

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/carts"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// cartMutations are the mutations of a cart. WooGraphQL runs those of one
// session one after the other; here they hold the store's lock.
func (g *request) cartMutations() map[string]mutation {
	return map[string]mutation{
		"addToCart":            g.onCart(g.addToCart),
		"addCartItems":         g.onCart(g.addCartItems),
		"fillCart":             g.onCart(g.fillCart),
		"updateItemQuantities": g.onCart(g.updateItemQuantities),
		"removeItemsFromCart":  g.onCart(g.removeItems),
		"restoreCartItems":     g.onCart(g.restoreItems),
		"emptyCart":            g.onCart(g.emptyCart),
		"applyCoupon":          g.onCart(g.applyCoupon),
		"removeCoupons":        g.onCart(g.removeCoupons),
		"updateShippingMethod": g.onCart(g.updateShippingMethod),
		"addFee":               g.onCart(g.addFee),
	}
}

// cartMutation works on the request's cart.
type cartMutation func(b *carts.Basket, input map[string]any) (map[string]any, error)

// onCart checks the session token first; what succeeds answers the cart, saves
// the session and issues a token. What a mutation did before it failed stays,
// as in WooCommerce, but no token is issued.
func (g *request) onCart(run cartMutation) mutation {
	return func(input map[string]any) (map[string]any, error) {
		b, err := g.workingCart()
		if err != nil {
			return nil, err
		}
		payload, err := run(b, input)
		g.visit.Changed(err == nil)
		if err != nil {
			return nil, asUserError(err)
		}
		if _, ok := payload["cart"]; !ok {
			payload["cart"] = g.cartNode(b)
		}
		return payload, nil
	}
}

// asUserError keeps the text of what the shopper did wrong, and of what
// wootest cannot do.
func asUserError(err error) error {
	var known wire.UserError
	if errors.As(err, &known) {
		return known
	}
	return wire.UserError(err.Error())
}

// addToCart: a quantity of 0 counts as none given and adds one.
func (g *request) addToCart(b *carts.Basket, input map[string]any) (map[string]any, error) {
	key, err := g.addItem(b, input)
	if err != nil {
		return nil, err
	}
	g.visit.Cookies = true
	return map[string]any{"cartItem": g.itemByKey(b, key)}, nil
}

// addItem is Cart_Mutation::prepare_cart_item and WC_Cart::add_to_cart.
func (g *request) addItem(b *carts.Basket, input map[string]any) (string, error) {
	a := carts.Addition{ProductID: toInt(input["productId"]), VariationID: toInt(input["variationId"]), Quantity: toInt(input["quantity"])}
	if a.ProductID == 0 {
		return "", wire.UserError("No product ID provided")
	}
	p := g.state.Products[a.ProductID]
	if p == nil {
		return "", wire.UserError("No product found matching the ID provided")
	}
	if a.Quantity == 0 {
		a.Quantity = 1
	}
	var err error
	if a.Choices, err = g.choices(p, input["variation"]); err != nil {
		return "", err
	}
	a.Extra = extraValues(argText(input, "extraData"))
	return b.Add(a)
}

// choices is Cart_Mutation::prepare_attributes: names with or without the
// "pa_" of a global attribute.
func (g *request) choices(p *shop.Product, given any) ([]site.CartChoice, error) {
	var out []site.CartChoice
	for _, one := range inputs(given) {
		name := argText(one, "attributeName")
		known := ""
		for _, a := range p.Attributes {
			if key := shop.AttributeKey(a); key == "pa_"+name || key == name && known == "" {
				known = key
			}
		}
		if known == "" {
			return nil, wire.UserError(name + " is not a valid attribute of the product: " + g.state.FullName(p) + ".")
		}
		out = append(out, site.CartChoice{Name: "attribute_" + known, Value: argText(one, "attributeValue")})
	}
	return out, nil
}

// extraValues reads extraData, a JSON object as text. What is no object counts
// as none.
func extraValues(text string) []site.SessionValue {
	var out []site.SessionValue
	o, err := wp.DecodeObject([]byte(text))
	if err != nil {
		return nil
	}
	for _, m := range o {
		value := wp.RawText(m.Value)
		if sub, ok := m.Value.(wp.Object); ok {
			raw, _ := json.Marshal(sub) // it has just been decoded
			value = string(raw)
		}
		out = append(out, site.SessionValue{Key: m.Key, Value: value})
	}
	return out
}

// inputs is a list of input objects.
func inputs(v any) []map[string]any {
	list, ok := v.([]any)
	if one, single := v.(map[string]any); single {
		list, ok = []any{one}, true
	}
	if !ok {
		return nil
	}
	var out []map[string]any
	for _, x := range list {
		if o, isObject := x.(map[string]any); isObject {
			out = append(out, o)
		}
	}
	return out
}

// updateItemQuantities checks no stock. A key that is not in the cart fails the
// way PHP does.
func (g *request) updateItemQuantities(b *carts.Basket, input map[string]any) (map[string]any, error) {
	items := inputs(input["items"])
	if len(items) == 0 {
		return nil, wire.UserError("No item data provided")
	}
	var updated, failed []string
	removed := []*node{}
	for _, one := range items {
		key, quantity := argText(one, "key"), toInt(one["quantity"])
		before := g.itemByKey(b, key)
		ok, err := b.SetQuantity(key, quantity)
		switch {
		case err != nil:
			return nil, err
		case !ok && quantity > 0:
			return nil, errInternal
		case !ok:
			failed = append(failed, key)
		case quantity == 0:
			removed = append(removed, before)
		default:
			updated = append(updated, key)
		}
	}
	if len(failed) > 0 {
		return nil, wire.UserError("Cart items identified with keys " + strings.Join(failed, ", ") + " failed to update")
	}
	now := g.itemsByKey(b, updated)
	return map[string]any{"updated": now, "removed": removed, "items": append(now[:len(now):len(now)], removed...)}, nil
}

func (g *request) itemsByKey(b *carts.Basket, keys []string) []*node {
	nodes := []*node{}
	for _, key := range keys {
		nodes = append(nodes, g.itemByKey(b, key))
	}
	return nodes
}

func (g *request) removeItems(b *carts.Basket, input map[string]any) (map[string]any, error) {
	keys := textList(input["keys"])
	if b.Empty() {
		return nil, wire.UserError("No items in cart to remove.")
	}
	if len(keys) == 0 && input["all"] != true {
		return nil, wire.UserError("No cart item keys provided")
	}
	if input["all"] == true {
		keys = nil
		for _, i := range b.Session.Items {
			keys = append(keys, i.Key)
		}
	}
	for _, key := range keys {
		if _, ok := b.Item(key); !ok {
			return nil, wire.UserError("No cart item found with the key: " + key)
		}
	}
	nodes := g.itemsByKey(b, keys)
	for _, key := range keys {
		ok, err := b.Remove(key)
		if err != nil {
			return nil, err
		}
		if !ok { // named twice
			return nil, wire.UserError("Failed to remove item " + key + " from cart.")
		}
	}
	return map[string]any{"cartItems": nodes}, nil
}

func (g *request) restoreItems(b *carts.Basket, input map[string]any) (map[string]any, error) {
	keys := textList(input["keys"])
	if len(keys) == 0 {
		return nil, wire.UserError("No cart item keys provided")
	}
	for _, key := range keys {
		ok, err := b.Restore(key)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, wire.UserError("Failed to restore cart item with the key: " + key)
		}
	}
	return map[string]any{"cartItems": g.itemsByKey(b, keys)}, nil
}

// emptyCart answers the cart as it was and as it is.
func (g *request) emptyCart(b *carts.Basket, _ map[string]any) (map[string]any, error) {
	if b.Empty() {
		return nil, wire.UserError("Cart is empty")
	}
	before := *b
	before.Session = b.Session.Clone()
	b.Clear()
	return map[string]any{"deletedCart": g.cartNode(&before)}, nil
}

func (g *request) updateShippingMethod(b *carts.Basket, input map[string]any) (map[string]any, error) {
	methods := textList(input["shippingMethods"])
	if len(methods) == 0 {
		return nil, wire.UserError("No shipping method provided")
	}
	before := b.Session.Chosen
	for at, id := range methods {
		if id == "" {
			continue
		}
		if err := b.ChooseRate(at, id); err != nil {
			b.Session.Chosen = before
			return nil, err
		}
	}
	return map[string]any{}, b.Calculate()
}

// addFee is for the back office, whose fees live no longer than the request.
func (g *request) addFee(*carts.Basket, map[string]any) (map[string]any, error) {
	if !g.who.User.IsStaff() {
		return nil, wire.UserError("You do not have the appropriate capabilities to perform this action.")
	}
	return nil, wire.UserError("wootest does not offer fees in a cart")
}
