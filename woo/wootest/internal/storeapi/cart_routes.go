package storeapi

import (
	"net/http"

	"github.com/ankkor/ankkor/woo/wootest/internal/carts"
	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

func cartRoutes() []route {
	key := param{name: "key", kind: "string"}
	quantity := param{name: "quantity", kind: "number", late: true}
	code := param{name: "code", kind: "string", late: true}
	add := []param{
		{name: "id", loose: true}, quantity,
		{name: "variation", kind: "array", late: true, items: &param{kind: "object", nested: []param{
			{name: "attribute", kind: "string"}, {name: "value", kind: "string"},
		}}},
	}
	rate := []param{{name: "package_id", loose: true}, {name: "rate_id", kind: "string", required: true, late: true}}
	return []route{
		{"GET", "cart", nil, cartRoute((*Call).getCart)},
		{"POST", "cart/add-item", add, cartRoute((*Call).addItem)},
		{"POST", "cart/update-item", []param{key, quantity}, cartRoute((*Call).updateItem)},
		{"POST", "cart/remove-item", []param{key}, cartRoute((*Call).removeItem)},
		{"POST", "cart/apply-coupon", []param{code}, cartRoute((*Call).applyCoupon)},
		{"POST", "cart/remove-coupon", []param{code}, cartRoute((*Call).removeCoupon)},
		{"POST", "cart/update-customer", nil, cartRoute((*Call).updateCustomer)},
		{"POST", "cart/select-shipping-rate", rate, cartRoute((*Call).selectRate)},
		{"POST", "cart/extensions", nil, cartRoute((*Call).extend)},
		{"GET", "cart/items", nil, cartRoute((*Call).listItems)},
		{"POST", "cart/items", add, cartRoute((*Call).createItem)},
		{"DELETE", "cart/items", nil, cartRoute((*Call).emptyItems)},
		{"GET", "cart/items/{key}", nil, cartRoute((*Call).getItem)},
		{"POST PUT PATCH", "cart/items/{key}", []param{quantity}, cartRoute((*Call).putItem)},
		{"DELETE", "cart/items/{key}", nil, cartRoute((*Call).deleteItem)},
		{"GET", "cart/coupons", nil, cartRoute((*Call).listCartCoupons)},
		{"POST", "cart/coupons", []param{code}, knownCoupon(cartRoute((*Call).createCartCoupon))},
		{"DELETE", "cart/coupons", nil, cartRoute((*Call).emptyCoupons)},
		{"GET", "cart/coupons/{code}", nil, cartRoute((*Call).getCartCoupon)},
		{"DELETE", "cart/coupons/{code}", nil, cartRoute((*Call).deleteCartCoupon)},
	}
}

// theCart answers the whole cart.
func (c *Call) theCart() (rest.Answer, *wire.Error) { return rest.OK(c.cartView()) }

func (c *Call) getCart() (rest.Answer, *wire.Error) { return c.theCart() }

func (c *Call) addItem() (rest.Answer, *wire.Error) {
	if _, err := c.put(); err != nil {
		return rest.Answer{}, err
	}
	return rest.Answer{Status: http.StatusCreated, Body: c.cartView()}, nil
}

func (c *Call) updateItem() (rest.Answer, *wire.Error) {
	if _, sent := c.Args["quantity"]; sent {
		if err := c.setItemQuantity(wp.Text(c.Args["key"])); err != nil {
			return rest.Answer{}, err
		}
	}
	return c.theCart()
}

// setItemQuantity is CartController::set_cart_item_quantity.
func (c *Call) setItemQuantity(key string) *wire.Error {
	item, ok := c.cart.Item(key)
	if !ok {
		return noSuchItem("Cart item does not exist.")
	}
	quantity := wp.Int(c.Args["quantity"])
	if err := c.quantityAllowed(item.Product(c.State), quantity); err != nil {
		return err
	}
	if _, err := c.cart.SetQuantity(key, quantity); err != nil {
		return c.broken(err)
	}
	return nil
}

func noSuchItem(text string) *wire.Error {
	return wire.Fault(http.StatusConflict, "woocommerce_rest_cart_invalid_key", text)
}

func (c *Call) removeItem() (rest.Answer, *wire.Error) {
	found, err := c.cart.Remove(wp.Text(c.Args["key"]))
	if err != nil {
		return rest.Answer{}, c.broken(err)
	}
	if !found {
		return rest.Answer{}, noSuchItem("Cart item no longer exists or is invalid.")
	}
	return c.theCart()
}

// couponsEnabled refuses every coupon route of a shop without coupons.
func (c *Call) couponsEnabled() *wire.Error {
	if !c.Site.Shop.Yes("woocommerce_enable_coupons") {
		return wire.Fault(http.StatusNotFound, "woocommerce_rest_cart_coupon_disabled", "Coupons are disabled.")
	}
	return nil
}

func (c *Call) applyCoupon() (rest.Answer, *wire.Error) {
	if err := c.takeCoupon(wp.Text(c.Args["code"])); err != nil {
		return rest.Answer{}, err
	}
	return c.theCart()
}

// takeCoupon is CartController::apply_coupon. Its texts are not those of the
// shop's pages.
func (c *Call) takeCoupon(code string) *wire.Error {
	if err := c.couponsEnabled(); err != nil {
		return err
	}
	refuse := func(text string) *wire.Error { return wire.Fault(http.StatusBadRequest, couponError, text) }
	code = carts.CouponCode(code)
	if c.cart.HasCoupon(code) || code == "" && len(c.cart.Session.Coupons) > 0 { // WC_Cart::has_discount: no code means any
		return refuse("Coupon code &quot;" + wp.EscHTML(code) + "&quot; has already been applied.")
	}
	if err := c.cart.CheckCoupon(code); err != nil {
		return refuse(stripTags(err.Error()))
	}
	for _, other := range c.cart.Session.Coupons {
		if o := c.State.CouponByCode(other); o != nil && o.IndividualUse {
			return refuse("&quot;" + wp.EscHTML(other) + "&quot; has already been applied and cannot be used in conjunction with other coupons.")
		}
	}
	if err := c.cart.ApplyCoupon(code); err != nil {
		return refuse(stripTags(err.Error()))
	}
	return nil
}

// removeCoupon refuses a code that is no good before it looks whether it
// is applied.
func (c *Call) removeCoupon() (rest.Answer, *wire.Error) {
	if err := c.couponsEnabled(); err != nil {
		return rest.Answer{}, err
	}
	code := carts.CouponCode(wp.Text(c.Args["code"]))
	if c.cart.CheckCoupon(code) != nil {
		return rest.Answer{}, wire.Fault(http.StatusBadRequest, couponError, "Invalid coupon code.")
	}
	found, err := c.cart.RemoveCoupon(code)
	if err != nil {
		return rest.Answer{}, c.broken(err)
	}
	if !found {
		return rest.Answer{}, wire.Fault(http.StatusConflict, "woocommerce_rest_cart_coupon_invalid_code",
			"Coupon cannot be removed because it is not already applied to the cart.")
	}
	return c.theCart()
}

// selectRate believes any package and any rate; calculating the totals puts the
// default rate in the place of one that is not offered.
func (c *Call) selectRate() (rest.Answer, *wire.Error) {
	switch pack, sent := c.Args["package_id"]; {
	case !sent || pack == nil || wp.Text(pack) == "0":
		c.cart.Session.Chosen = []string{wp.Text(c.Args["rate_id"])}
	}
	if err := c.recalculate(); err != nil {
		return rest.Answer{}, err
	}
	return c.theCart()
}

// extend is for plugins; there are none here.
func (c *Call) extend() (rest.Answer, *wire.Error) {
	return rest.Answer{}, wire.Fault(http.StatusBadRequest, "woocommerce_rest_cart_extensions_error",
		"There is no such namespace registered: "+wp.Text(c.Args["namespace"])+".")
}

// listItems and the routes below it are the same cart as a collection.
func (c *Call) listItems() (rest.Answer, *wire.Error) {
	return rest.Answer{Status: http.StatusOK, Body: rest.ViewAll(c.cart.Session.Items, c.linkedItem)}, nil
}

// linkedItem is an item with its address.
func (c *Call) linkedItem(i site.CartItem) wp.Object {
	return c.itemView(i).With("_links", c.cartLinks("cart/items", i.Key, rest.AllMethods()))
}

func (c *Call) cartLinks(collection, key string, allow []string) wp.Object {
	return wp.Object{
		{"self", []wp.Object{{{"href", c.addressOf(collection + "/" + key)}, {"targetHints", wp.Object{{"allow", allow}}}}}},
		{"collection", []wp.Object{{{"href", c.addressOf(collection)}}}},
	}
}

func (c *Call) createItem() (rest.Answer, *wire.Error) {
	key, err := c.put()
	if err != nil {
		return rest.Answer{}, err
	}
	item, _ := c.cart.Item(key)
	return rest.Answer{Status: http.StatusCreated, Body: c.linkedItem(item), Single: true}, nil
}

func (c *Call) emptyItems() (rest.Answer, *wire.Error) {
	c.cart.Clear()
	return rest.Answer{Status: http.StatusOK, Body: []wp.Object{}}, nil
}

// getItem answers an item whose links are the route's pattern, as WooCommerce
// 10.4.3 writes them.
func (c *Call) getItem() (rest.Answer, *wire.Error) {
	item, ok := c.cart.Item(wp.Text(c.Args["key"]))
	if !ok {
		return rest.Answer{}, noSuchItem("Cart item does not exist.")
	}
	root := c.addressOf(`cart/items/(?P<key>[\w-]{32})`)
	return rest.OK(c.itemView(item).With("_links", wp.Object{
		{"self", []wp.Object{{{"href", root + "/" + item.Key}}}}, {"collection", []wp.Object{{{"href", root}}}},
	}))
}

func (c *Call) putItem() (rest.Answer, *wire.Error) {
	key := wp.Text(c.Args["key"])
	if _, ok := c.cart.Item(key); !ok {
		return rest.Answer{}, noSuchItem("Cart item does not exist.")
	}
	if _, sent := c.Args["quantity"]; sent {
		if err := c.setItemQuantity(key); err != nil {
			return rest.Answer{}, err
		}
	}
	return c.getItem()
}

func (c *Call) deleteItem() (rest.Answer, *wire.Error) {
	found, err := c.cart.Remove(wp.Text(c.Args["key"]))
	if err != nil {
		return rest.Answer{}, c.broken(err)
	}
	if !found {
		return rest.Answer{}, noSuchItem("Cart item does not exist.")
	}
	return rest.Answer{Status: http.StatusNoContent}, nil
}

func (c *Call) listCartCoupons() (rest.Answer, *wire.Error) {
	return rest.Answer{Status: http.StatusOK, Body: rest.ViewAll(c.cartCoupons(), c.linkedCoupon)}, nil
}

func (c *Call) linkedCoupon(o wp.Object) wp.Object {
	code, _ := o.Get("code")
	text, _ := code.(string)
	return o.With("_links", c.cartLinks("cart/coupons", text, []string{"GET", "DELETE"}))
}

// knownCoupon refuses a code that does not exist as a wrong parameter, before a
// cart is loaded.
func knownCoupon(handle handler) handler {
	return func(c *Call) (rest.Answer, *wire.Error) {
		if c.State.CouponByCode(carts.CouponCode(wp.Text(c.Args["code"]))) == nil {
			return rest.Answer{}, &wire.Error{Status: http.StatusBadRequest, Code: "rest_invalid_param", Message: "Invalid parameter(s): code",
				Extra: wp.Object{{"params", wp.Object{{"code", "Invalid parameter."}}}, {"details", []wp.Object{}}}}
		}
		return handle(c)
	}
}

func (c *Call) createCartCoupon() (rest.Answer, *wire.Error) {
	code := carts.CouponCode(wp.Text(c.Args["code"]))
	if err := c.takeCoupon(code); err != nil {
		return rest.Answer{}, err
	}
	a, err := c.oneCoupon(code)
	a.Status = http.StatusCreated
	return a, err
}

func (c *Call) emptyCoupons() (rest.Answer, *wire.Error) {
	c.cart.Session.Coupons = nil
	if err := c.recalculate(); err != nil {
		return rest.Answer{}, err
	}
	return rest.Answer{Status: http.StatusOK, Body: []wp.Object{}}, nil
}

func (c *Call) getCartCoupon() (rest.Answer, *wire.Error) {
	return c.oneCoupon(wp.Text(c.Args["code"]))
}

func (c *Call) oneCoupon(code string) (rest.Answer, *wire.Error) {
	for _, o := range c.cartCoupons() {
		if have, _ := o.Get("code"); have == carts.CouponCode(code) {
			return rest.OK(c.linkedCoupon(o))
		}
	}
	return rest.Answer{}, wire.Fault(http.StatusNotFound, "woocommerce_rest_cart_coupon_invalid_code", "Coupon does not exist in the cart.")
}

func (c *Call) deleteCartCoupon() (rest.Answer, *wire.Error) {
	if _, err := c.oneCoupon(wp.Text(c.Args["code"])); err != nil {
		return rest.Answer{}, err
	}
	if _, err := c.cart.RemoveCoupon(wp.Text(c.Args["code"])); err != nil {
		return rest.Answer{}, c.broken(err)
	}
	return rest.Answer{Status: http.StatusNoContent}, nil
}

// bodyOf is the part of the body under a name, as members; nil when it was not
// sent, empty when it is no object.
func (c *Call) bodyOf(name string) map[string]any {
	raw, sent := c.Body[name]
	if !sent {
		return nil
	}
	members, ok := wp.DecodeAny(raw).(map[string]any)
	if !ok {
		return map[string]any{}
	}
	return members
}
