package storeapi

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/accounts"
	"github.com/ankkor/ankkor/woo/wootest/internal/carts"
	"github.com/ankkor/ankkor/woo/wootest/internal/orders"
	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/sessions"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// cart is the cart one Store API request works on.
type cart struct {
	*carts.Basket
	user    int64 // who is signed in, 0 for nobody
	byToken bool  // the session was named by a Cart-Token
	added   bool  // a line was added: the cart's cookies are set
}

// cartRoute wraps a handler as WooCommerce's AbstractCartRoute does: the session
// is loaded, a write without a Cart-Token needs a nonce, and every answer says
// nonce, user, token and hash of the cart, refusals too.
func cartRoute(handle handler) handler {
	return func(c *Call) (rest.Answer, *wire.Error) {
		if err := c.loadCart(); err != nil {
			return rest.Answer{}, err
		}
		err := c.checkNonce(c.Method != http.MethodGet)
		var a rest.Answer
		if err == nil {
			a, err = handle(c)
		}
		if err != nil && err.Status == http.StatusConflict {
			c.conflict(err)
		}
		if c.Method != http.MethodGet {
			c.syncDraft()
		}
		c.State.SaveSession(c.cart.Session, c.Site.Now())
		a.Header = c.cartHeader()
		return a, err
	}
}

// loadCart finds the session: by a good Cart-Token, by the signed-in user, by
// WooCommerce's cookie, or a new guest's. Quantities beyond what is allowed now
// are put right (CartController::normalize_cart).
func (c *Call) loadCart() *wire.Error {
	defer c.lookBack()()
	who := accounts.WhoIs(c.Site, c.State, c.req)
	cart := &cart{user: cmp.Or(who.SignedIn(), sessions.CookieUser(c.Site, c.State, c.req))}
	id, err := sessions.CartTokenCustomer(c.Site, c.req.Header.Get("Cart-Token"))
	cart.byToken = err == nil
	switch {
	case cart.byToken:
	case cart.user != 0:
		id = wp.Itoa(cart.user)
	default:
		id = sessions.CookieSession(c.Site, c.req)
	}
	cart.Basket, _ = carts.New(c.Site, c.State, c.State.Session(id, c.Site.Now()))
	c.cart = cart
	for _, i := range cart.Session.Items {
		if limit := c.quantityLimit(i.Product(c.State)); i.Quantity > limit {
			if _, err := cart.SetQuantity(i.Key, limit); err != nil {
				return c.broken(err)
			}
		}
	}
	return c.recalculate()
}

// recalculate is CartController::calculate_totals: prices, stock and addresses
// may have changed since the session was saved.
func (c *Call) recalculate() *wire.Error {
	if err := c.cart.Calculate(); err != nil {
		return c.broken(err)
	}
	return nil
}

// broken is an error of wootest's own.
func (c *Call) broken(err error) *wire.Error {
	return wire.Fault(http.StatusInternalServerError, "woocommerce_rest_unknown_server_error", err.Error())
}

// checkNonce wants a nonce where one is needed and no Cart-Token came.
func (c *Call) checkNonce(needed bool) *wire.Error {
	nonce := c.req.Header.Get("Nonce")
	switch {
	case !needed || c.cart.byToken:
		return nil
	case nonce == "":
		return wire.Fault(http.StatusUnauthorized, "woocommerce_rest_missing_nonce", "Missing the Nonce header. This endpoint requires a valid nonce.")
	case nonce != CartNonce(c.Site, c.cart.user, 0) && nonce != CartNonce(c.Site, c.cart.user, 1):
		return wire.Fault(http.StatusForbidden, "woocommerce_rest_invalid_nonce", "Nonce is invalid.")
	}
	return nil
}

// nonceTick is how long a nonce is made the same; it is taken for as long
// again.
const nonceTick = 12 * time.Hour

// CartNonce is wp_create_nonce of the Store API: the same for all guests. Age says
// how many ticks ago it was made.
func CartNonce(s *site.Site, user, age int64) string {
	tick := (s.Now().Unix()+int64(nonceTick/time.Second)-1)/int64(nonceTick/time.Second) - age
	mac := hmac.New(sha256.New, s.Secret)
	_, _ = fmt.Fprintf(mac, "nonce|wc_store_api|%d|%d", tick, user) // a hash takes every write
	return hex.EncodeToString(mac.Sum(nil))[:10]
}

// conflict puts the cart as it is into the answer, so that a client can start
// again from it.
func (c *Call) conflict(err *wire.Error) {
	data := wp.Object{{"status", err.Status}}
	if given, ok := err.Data.(wp.Object); ok {
		data = given
	}
	data = append(data, err.Extra...)
	err.Data = data.With("cart", c.cartView())
}

func (c *Call) cartHeader() http.Header {
	h := c.nonceHeader()
	h.Set("Cart-Token", sessions.NewCartToken(c.Site, c.cart.Session.ID))
	h.Set("Cart-Hash", c.cart.hash())
	if c.cart.added {
		h.Add("Set-Cookie", "woocommerce_items_in_cart=1; path=/")
		h.Add("Set-Cookie", "woocommerce_cart_hash="+c.cart.Session.Hash()+"; path=/")
	}
	if c.cart.added && !c.cart.byToken && c.cart.user == 0 {
		h.Add("Set-Cookie", sessions.SessionCookie(c.Site, c.cart.Session.ID))
	}
	return h
}

func (c *Call) nonceHeader() http.Header {
	user := int64(0)
	if c.cart != nil {
		user = c.cart.user
	}
	h := http.Header{}
	h.Set("Nonce", CartNonce(c.Site, user, 0))
	h.Set("Nonce-Timestamp", strconv.FormatInt(c.Site.Now().Unix(), 10))
	h["User-ID"] = []string{wp.Itoa(user)}
	if user != 0 {
		accounts.NoCache(h)
	}
	return h
}

// hash is empty for an empty cart.
func (c *cart) hash() string {
	if c.Empty() {
		return ""
	}
	return c.Session.Hash()
}

// taxedAt is where the cart is taxed (WC_Customer::get_taxable_address).
func (c *cart) taxedAt() shop.Place {
	if at := c.Session.Totals.View.TaxedAt; at.Country != "" {
		return shop.Place{Country: at.Country, State: at.State}
	}
	sh := c.Site.Shop
	switch customer := c.Session.Customer.WithDefaults(sh); sh.Values["woocommerce_tax_based_on"] {
	case "billing":
		return shop.Place{Country: customer.Billing.Country, State: customer.Billing.State}
	case "shipping":
		return shop.Place{Country: customer.Shipping.Country, State: customer.Shipping.State}
	}
	return sh.BaseAddress()
}

// cartView is the cart as every cart route answers it (WooCommerce's StoreApi
// CartSchema).
func (c *Call) cartView() wp.Object {
	problems := c.cartErrors() // first: it takes off coupons that no longer count
	b, sh := c.cart, c.Site.Shop
	customer := b.Session.Customer.WithDefaults(sh)
	return wp.Object{
		{"items", rest.ViewAll(b.Session.Items, c.itemView)}, {"coupons", c.cartCoupons()}, {"fees", []wp.Object{}}, {"totals", c.cartTotals()},
		{"shipping_address", c.addressView(customer.Shipping, false)}, {"billing_address", c.addressView(customer.Billing, true)},
		{"needs_payment", b.Session.Totals.View.Totals.Total.IsPositive()}, {"needs_shipping", b.NeedsShipping()},
		{"payment_requirements", []string{"products"}}, {"has_calculated_shipping", b.NeedsShipping()}, {"shipping_rates", c.cartPackages()},
		{"items_count", b.Count()}, {"items_weight", c.cartWeight()}, {"cross_sells", c.crossSells()}, {"errors", problems},
		{"payment_methods", paymentMethods(sh)}, {"extensions", wp.Object{}},
	}
}

// cartTotals are in minor units; shipping is null until it is calculated.
func (c *Call) cartTotals() wp.Object {
	sh, t := c.Site.Shop, c.cart.Session.Totals.View.Totals
	var shipping, shippingTax any
	if c.cart.NeedsShipping() {
		shipping, shippingTax = minor(sh, t.ShippingTotal), minor(sh, t.ShippingTax)
	}
	o := wp.Object{
		{"total_items", minor(sh, t.Subtotal)}, {"total_items_tax", minor(sh, t.SubtotalTax)}, {"total_fees", minor(sh, t.FeeTotal)},
		{"total_fees_tax", minor(sh, t.FeeTax)}, {"total_discount", minor(sh, t.DiscountTotal)}, {"total_discount_tax", minor(sh, t.DiscountTax)},
		{"total_shipping", shipping}, {"total_shipping_tax", shippingTax}, {"total_price", minor(sh, t.Total)}, {"total_tax", minor(sh, t.TotalTax)},
		{"tax_lines", c.cartTaxLines()},
	}
	return append(o, currencyMembers(sh)...)
}

// cartTaxLines are the rows of WC_Cart::get_tax_totals. The percentage is that
// of the last rate a row was made of.
func (c *Call) cartTaxLines() []wp.Object {
	out, sh := []wp.Object{}, c.Site.Shop
	if sh.Values["woocommerce_tax_total_display"] != "itemized" {
		return out
	}
	for _, row := range c.cart.Session.Totals.View.TaxTotals {
		out = append(out, wp.Object{{"name", row.Label}, {"price", minor(sh, row.Amount)}, {"rate", ratePercent(sh, row.RateID) + "%"}})
	}
	return out
}

func ratePercent(sh *shop.Shop, id int64) string {
	for _, r := range sh.Rates {
		if r.ID == id {
			return r.Rate.String()
		}
	}
	return "0"
}

func (c *Call) cartCoupons() []wp.Object {
	out, sh := []wp.Object{}, c.Site.Shop
	for _, code := range c.cart.Session.Coupons {
		kind, off, tax := "fixed_cart", decimal.Zero, decimal.Zero
		if k := c.State.CouponByCode(code); k != nil {
			kind = k.DiscountType
		}
		for _, x := range c.cart.Session.Totals.View.Coupons {
			if x.Code == code {
				off, tax = x.Discount, x.DiscountTax
			}
		}
		totals := wp.Object{{"total_discount", minor(sh, off)}, {"total_discount_tax", orders.RoundHalfDown(tax.Shift(sh.Decimals()), 0).String()}}
		out = append(out, wp.Object{{"code", code}, {"discount_type", kind}, {"totals", append(totals, currencyMembers(sh)...)}})
	}
	return out
}

// paymentMethods are the gateways that are switched on.
func paymentMethods(sh *shop.Shop) []string {
	out := []string{}
	for _, g := range sh.Gateways {
		if g.Enabled {
			out = append(out, g.ID)
		}
	}
	return out
}
