package storeapi

import (
	"net/http"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/carts"
	"github.com/ankkor/ankkor/woo/wootest/internal/orders"
	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

func checkoutRoutes() []route {
	gateways := []param{
		{name: "create_account", kind: "boolean", late: true},
		{name: "customer_note", kind: "string", late: true}, {name: "payment_data", kind: "array", late: true, items: &param{kind: "object"}},
	}
	pay := append([]param{{name: "billing_address", kind: "", required: true, loose: true}}, gateways...)
	return []route{
		{"GET", "checkout", nil, checkoutRoute((*Call).getCheckout)},
		{"POST", "checkout", pay, checkoutRoute((*Call).placeOrder)},
		{"PUT PATCH", "checkout", gateways, checkoutRoute((*Call).updateCheckout)},
		{"POST", "checkout/{id}", pay, orderRoute(checkoutRoute((*Call).payOrder))},
		{"GET", "order/{id}", nil, orderRoute((*Call).getOrder)},
	}
}

// checkoutRoute is cartRoute for the checkout: it checks addresses and gateway
// as parameters, before anything is loaded, it keeps the draft itself, and it
// wants a nonce for reading too, because reading makes the draft.
func checkoutRoute(handle handler) handler {
	return func(c *Call) (rest.Answer, *wire.Error) {
		if err := c.checkPosted(); err != nil {
			return rest.Answer{}, err
		}
		if err := c.loadCart(); err != nil {
			return rest.Answer{}, err
		}
		err := c.checkNonce(true)
		var a rest.Answer
		if err == nil {
			a, err = handle(c)
		}
		if err != nil && err.Status == http.StatusConflict {
			c.conflict(err)
		}
		c.State.SaveSession(c.cart.Session, c.Site.Now())
		a.Header = c.cartHeader()
		return a, err
	}
}

// checkPosted validates the addresses and the gateway that were posted.
func (c *Call) checkPosted() *wire.Error {
	var bad rest.ParamErrors
	for _, name := range []string{"billing_address", "shipping_address"} {
		posted := c.bodyOf(name)
		if posted == nil {
			continue
		}
		a := c.mergedAddress(site.Address{}, posted, true)
		refuseAddress(&bad, name, c.addressFindings(a, map[bool]string{true: wp.Text(posted["email"])}[name == "billing_address"]))
	}
	if method, sent := c.Args["payment_method"]; sent && c.Method != http.MethodGet {
		known := append([]string{""}, gatewayIDs(c.Site.Shop)...)
		if _, text := method.(string); !text {
			bad.WrongType("payment_method", "payment_method", "string")
		} else if !slices.Contains(known, wp.Text(method)) {
			bad.Enum("payment_method", known)
		}
	}
	return bad.Err()
}

func gatewayIDs(sh *shop.Shop) []string {
	out := []string{}
	for _, g := range sh.Gateways {
		out = append(out, g.ID)
	}
	return out
}

// getCheckout makes the draft order of the cart, or brings it up to date.
func (c *Call) getCheckout() (rest.Answer, *wire.Error) {
	o, err := c.draftOrder()
	if err != nil {
		return rest.Answer{}, err
	}
	return rest.OK(c.checkoutView(o, wp.Object{{"payment_status", ""}, {"payment_details", []wp.Object{}}, {"redirect_url", ""}}, nil))
}

// updateCheckout keeps note and gateway on the draft (PUT, PATCH); it answers
// the cart with it.
func (c *Call) updateCheckout() (rest.Answer, *wire.Error) {
	o, err := c.draftOrder()
	if err != nil {
		return rest.Answer{}, err
	}
	if err := c.orderFromRequest(o); err != nil {
		return rest.Answer{}, err
	}
	if asked := c.Args["__experimental_calc_totals"]; asked != nil && wp.Truthy(wp.Text(asked)) {
		if err := c.cartInOrder(); err != nil {
			return rest.Answer{}, err
		}
	}
	return rest.OK(c.checkoutView(o, nil, c.cartView()))
}

// placeOrder is POST /checkout. Nothing keeps two that overlap apart but the
// emptied cart: the second finds it empty, or makes a second order (see
// Config.CheckoutWindow and the Overlap fault).
func (c *Call) placeOrder() (rest.Answer, *wire.Error) {
	if err := c.cartInOrder(); err != nil {
		return rest.Answer{}, err
	}
	c.customerFromRequest()
	if err := c.recalculate(); err != nil {
		return rest.Answer{}, err
	}
	o, err := c.draftOrder()
	if err == nil {
		err = c.orderFromRequest(o)
	}
	if err == nil {
		err = c.readyToPay(o)
	}
	if err != nil {
		return rest.Answer{}, err
	}
	return c.payDraft(o)
}

// payDraft turns the draft into the order and lets the gateway have it.
func (c *Call) payDraft(o *site.Order) (rest.Answer, *wire.Error) {
	o.Status = "pending"
	orders.AddNote(c.Site, c.State, o, "Order status changed from Draft to Pending payment.")
	c.cart.Pay(o, false, "")
	c.cart.Clear()
	c.cart.Session.Draft = 0
	return c.paid(o)
}

// paid is the answer of a gateway that has done its part.
func (c *Call) paid(o *site.Order) (rest.Answer, *wire.Error) {
	url := carts.ReceivedURL(c.Base, o)
	return rest.OK(c.checkoutView(o, wp.Object{
		{"payment_status", "success"},
		{"payment_details", []wp.Object{{{"key", "result"}, {"value", "success"}}, {{"key", "redirect"}, {"value", url}}}},
		{"redirect_url", url},
	}, nil))
}

// cartInOrder refuses an empty cart and one whose items cannot be had: 409 with
// the cart, and the status once more under "0".
func (c *Call) cartInOrder() *wire.Error {
	defer c.lookBack()()
	refuse := func(inner int, code, text string) *wire.Error {
		return &wire.Error{Status: http.StatusConflict, Code: code, Message: text, Data: wp.Object{{"0", inner}, {"status", http.StatusConflict}}}
	}
	if c.cart.Empty() {
		return refuse(http.StatusBadRequest, "woocommerce_rest_cart_empty", "Cannot place an order, your cart is empty.")
	}
	if found := c.stockFindings(); len(found) > 0 {
		return refuse(http.StatusConflict, found[0].code, found[0].message())
	}
	if dropped := c.dropCoupons(); len(dropped) > 0 {
		return refuse(http.StatusConflict, couponError, dropped[0])
	}
	return nil
}

// draftOrder is the session's draft, brought up to date, or a new one.
func (c *Call) draftOrder() (*site.Order, *wire.Error) {
	if o := c.openDraft(); o != nil {
		c.fillDraft(o)
		return o, nil
	}
	if c.cart.Empty() {
		return nil, wire.Fault(http.StatusBadRequest, "woocommerce_rest_cart_empty", "Cannot create order from empty cart.")
	}
	o := c.cart.NewOrder()
	o.ID, o.Status, o.CreatedVia = c.State.PostID(), "checkout-draft", "store-api"
	c.State.Orders[o.ID] = o
	c.fillDraft(o)
	c.cart.Session.Draft = o.ID
	c.Site.Emit(c.State, "order.created", o.ID)
	return o, nil
}

// openDraft is the session's draft order as long as it can still be paid: a
// copy that replaces it, so that older states keep theirs.
func (c *Call) openDraft() *site.Order {
	o := c.State.Orders[c.cart.Session.Draft]
	if o == nil || o.Status != "checkout-draft" && o.Status != "pending" && o.Status != "failed" {
		return nil
	}
	return c.State.EditOrder(o.ID)
}

// fillDraft is OrderController::update_order_from_cart: the cart's lines with
// totals and taxes as orders calculate them, which can differ from the cart's
// by paise.
func (c *Call) fillDraft(o *site.Order) {
	customer := c.cart.Session.Customer.WithDefaults(c.Site.Shop)
	o.Billing, o.Shipping = customer.Billing, customer.Shipping
	o.Shipping.Email = ""
	o.CustomerID, o.CartHash = c.cart.user, c.cart.hash()
	o.PayMethod = c.defaultGateway()
	o.PayTitle = carts.GatewayTitle(c.Site.Shop, o.PayMethod)
	c.cart.Fill(o)
	t := orders.NewTotals(c.Site, c.State, o)
	t.At = c.cart.taxedAt()
	t.Calculate()
	o.Modified = c.Site.Now()
	o.UserAgent, o.IPAddress = c.req.Header.Get("User-Agent"), "127.0.0.1"
}

// defaultGateway is the session's choice, or the first gateway.
func (c *Call) defaultGateway() string {
	enabled := paymentMethods(c.Site.Shop)
	if chosen := c.cart.Session.Payment; slices.Contains(enabled, chosen) {
		return chosen
	}
	return strings.Join(enabled[:min(1, len(enabled))], "")
}

// syncDraft keeps a draft in step with the cart after every change of it.
func (c *Call) syncDraft() {
	if o := c.openDraft(); o != nil && !c.cart.Empty() {
		c.fillDraft(o)
	}
}

// customerFromRequest keeps the posted addresses in the session, member by
// member. A shipping address that was not posted stays as it is.
func (c *Call) customerFromRequest() {
	customer := c.cart.Session.Customer.WithDefaults(c.Site.Shop)
	billing, shipping := c.bodyOf("billing_address"), c.bodyOf("shipping_address")
	if !c.cart.NeedsShipping() {
		shipping = billing
	}
	customer.Billing = c.mergedAddress(customer.Billing, billing, true)
	customer.Shipping = c.mergedAddress(customer.Shipping, shipping, false)
	customer.Shipping.Email = ""
	c.cart.Session.Customer = customer
}

// orderFromRequest puts note and gateway on the order.
func (c *Call) orderFromRequest(o *site.Order) *wire.Error {
	o.Note = strings.TrimSpace(stripTags(wp.Text(c.Args["customer_note"])))
	method, sh := wp.Text(c.Args["payment_method"]), c.Site.Shop
	if method == "" {
		if o.Total.IsPositive() && c.Method == http.MethodPost {
			return wire.Fault(http.StatusBadRequest, "woocommerce_rest_checkout_missing_payment_method", "No payment method provided.")
		}
		if !o.Total.IsPositive() {
			o.PayMethod, o.PayTitle = "", ""
		}
		return nil
	}
	found, enabled := carts.Gateway(sh, method)
	if !enabled {
		title := method
		for _, g := range sh.Gateways {
			if g.ID == method {
				title = g.Title
			}
		}
		return wire.Fault(http.StatusBadRequest, "woocommerce_rest_checkout_payment_method_disabled",
			title+" is not available for this order—please choose a different payment method")
	}
	c.cart.Session.Payment, o.PayMethod, o.PayTitle = found.ID, found.ID, found.Title
	return nil
}

// readyToPay is OrderController::validate_order_before_payment.
func (c *Call) readyToPay(o *site.Order) *wire.Error {
	if err := c.couponsOfBuyer(o); err != nil {
		return err
	}
	if o.Billing.Email == "" {
		return wire.Fault(http.StatusBadRequest, "woocommerce_rest_missing_email_address", "A valid email address is required")
	}
	if c.cart.NeedsShipping() && len(c.cart.Session.Totals.Chosen) == 0 {
		return wire.Fault(http.StatusBadRequest, "woocommerce_rest_invalid_shipping_option", "Sorry, this order requires a shipping option.")
	}
	return c.addressesComplete(o)
}

// couponsOfBuyer takes off the coupons that this e-mail address may not use, or
// no more, and refuses the order as it was.
func (c *Call) couponsOfBuyer(o *site.Order) *wire.Error {
	removed := wp.Object{}
	for _, code := range slices.Clone(c.cart.Session.Coupons) {
		k := c.State.CouponByCode(code)
		if k == nil {
			continue
		}
		var text string
		switch {
		case len(k.EmailRestrictions) > 0 && !emailFits(k.EmailRestrictions, o.Billing.Email):
			text = "Please enter a valid email to use coupon code &quot;" + wp.EscHTML(code) + "&quot;."
		case k.UsageLimitPerUser != nil && *k.UsageLimitPerUser > 0 && usedBy(k, o) >= *k.UsageLimitPerUser:
			text = "Usage limit for coupon &quot;" + wp.EscHTML(code) + "&quot; has been reached."
		default:
			continue
		}
		removed = removed.With(code, text)
		if _, err := c.cart.RemoveCoupon(code); err != nil {
			return c.broken(err)
		}
	}
	if len(removed) == 0 {
		return nil
	}
	c.fillDraft(o)
	text, _ := removed[0].Value.(string)
	message := `"` + removed[0].Key + `" was removed from the cart. ` + text
	if len(removed) > 1 {
		var codes []string
		for _, m := range removed {
			codes = append(codes, m.Key)
		}
		message = `Invalid coupons were removed from the cart: "` + strings.Join(codes, `", "`) + `"`
	}
	return &wire.Error{Status: http.StatusConflict, Code: "woocommerce_rest_cart_coupon_errors", Message: message,
		Data: wp.Object{{"removed_coupons", removed}, {"status", http.StatusConflict}}}
}

// emailFits compares with a coupon's addresses, where * stands for anything.
func emailFits(allowed []string, email string) bool {
	email = strings.ToLower(email)
	return slices.ContainsFunc(allowed, func(pattern string) bool {
		pattern = strings.ToLower(pattern)
		if before, after, ok := strings.Cut(pattern, "*"); ok {
			return strings.HasPrefix(email, before) && strings.HasSuffix(email, after)
		}
		return pattern == email
	})
}

func usedBy(k *site.Coupon, o *site.Order) int64 {
	n := int64(0)
	for _, who := range k.UsedBy {
		if strings.EqualFold(who, o.Billing.Email) || o.CustomerID != 0 && who == wp.Itoa(o.CustomerID) {
			n++
		}
	}
	return n
}

// checkoutView is an order as the checkout answers it (WooCommerce's StoreApi
// CheckoutSchema).
func (c *Call) checkoutView(o *site.Order, result wp.Object, cart wp.Object) wp.Object {
	var paid, kept any
	if result != nil {
		paid = result
	}
	if cart != nil {
		kept = cart
	}
	return wp.Object{
		{"order_id", o.ID}, {"status", o.Status}, {"order_key", o.Key}, {"order_number", wp.Itoa(o.ID)}, {"customer_note", o.Note},
		{"customer_id", o.CustomerID}, {"billing_address", c.addressView(o.Billing, true)},
		{"shipping_address", c.addressView(o.Shipping, false)}, {"payment_method", o.PayMethod}, {"payment_result", paid},
		{"additional_fields", wp.Object{}}, {"__experimentalCart", kept}, {"extensions", wp.Object{}},
	}
}
