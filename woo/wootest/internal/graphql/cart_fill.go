package graphql

import (
	"github.com/ankkor/ankkor/woo/wootest/internal/carts"
	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// itemFailure is an entry of cartErrors for an item.
func itemFailure(input map[string]any, err error) *node {
	var variation any
	if given := inputs(input["variation"]); len(given) > 0 {
		nodes := []*node{}
		for _, one := range given {
			nodes = append(nodes, &node{fields: map[string]any{
				"attributeName": one["attributeName"], "attributeValue": one["attributeValue"], "id": one["id"],
			}})
		}
		variation = nodes
	}
	return &node{kind: "CartItemError", fields: map[string]any{
		"type": "INVALID_CART_ITEM", "reasons": []string{err.Error()}, "productId": toInt(input["productId"]),
		"quantity": input["quantity"], "variationId": input["variationId"], "variation": variation,
		"extraData": wp.Nullable(argText(input, "extraData")),
	}}
}

// addAll adds items one by one; one that is refused does not stop the others.
func (g *request) addAll(b *carts.Basket, input map[string]any) (keys []string, failures []*node, err error) {
	items := inputs(input["items"])
	if len(items) == 0 {
		return nil, nil, wire.UserError("No cart item data provided")
	}
	failures = []*node{}
	for _, one := range items {
		key, err := g.addItem(b, one)
		if err != nil {
			failures = append(failures, itemFailure(one, err))
			continue
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, nil, wire.UserError("Failed to add any cart items. Please check input.")
	}
	g.visit.Cookies = true
	return keys, failures, nil
}

func (g *request) addCartItems(b *carts.Basket, input map[string]any) (map[string]any, error) {
	keys, failures, err := g.addAll(b, input)
	if err != nil {
		return nil, err
	}
	return map[string]any{"added": g.itemsByKey(b, keys), "cartErrors": failures}, nil
}

// fillCart adds items, then coupons, then chooses rates.
func (g *request) fillCart(b *carts.Basket, input map[string]any) (map[string]any, error) {
	keys, failures, err := g.addAll(b, input)
	if err != nil {
		return nil, err
	}
	var applied []string
	for _, code := range textList(input["coupons"]) {
		if err := g.useCoupon(b, code); err != nil {
			failures = append(failures, &node{kind: "CouponError", fields: map[string]any{
				"type": "INVALID_COUPON", "code": code, "reasons": []string{err.Error()},
			}})
			continue
		}
		applied = append(applied, code)
	}
	for at, id := range textList(input["shippingMethods"]) {
		if err := b.ChooseRate(at, id); id != "" && err != nil {
			failures = append(failures, &node{kind: "ShippingMethodError", fields: map[string]any{
				"type": "INVALID_SHIPPING_METHOD", "package": at, "chosenMethod": id, "reasons": []string{err.Error()},
			}})
		}
	}
	payload := map[string]any{"added": g.itemsByKey(b, keys), "cartErrors": failures, "applied": nil, "chosenShippingMethods": nil}
	if len(applied) > 0 {
		payload["applied"] = g.appliedCoupons(b, applied)
	}
	if len(textList(input["shippingMethods"])) > 0 && len(b.Session.Chosen) > 0 {
		payload["chosenShippingMethods"] = rest.OrEmpty(b.Session.Chosen)
	}
	return payload, b.Calculate()
}

// useCoupon is Cart_Mutation::validate_coupon and WC_Cart::apply_coupon.
func (g *request) useCoupon(b *carts.Basket, code string) error {
	if err := b.CheckCoupon(code); err != nil {
		return err
	}
	if b.HasCoupon(code) {
		return wire.UserError("This coupon has already been applied to the cart")
	}
	return b.ApplyCoupon(code)
}

func (g *request) applyCoupon(b *carts.Basket, input map[string]any) (map[string]any, error) {
	code := argText(input, "code")
	if err := g.useCoupon(b, code); err != nil {
		return nil, err
	}
	return map[string]any{"applied": g.appliedCoupon(b, code)}, nil
}

func (g *request) removeCoupons(b *carts.Basket, input map[string]any) (map[string]any, error) {
	codes := textList(input["codes"])
	if len(codes) == 0 {
		return nil, wire.UserError("No coupon codes provided")
	}
	for _, code := range codes {
		ok, err := b.RemoveCoupon(code)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, wire.UserError("This coupon has not been applied to the cart.")
		}
	}
	return map[string]any{}, b.Calculate()
}
