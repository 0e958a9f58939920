package wootest

import (
	"crypto/md5" // a cookie's fingerprint of the cart; no secret depends on it
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
)

// cartItem is one line of a cart.
type cartItem struct {
	key                    string
	productID, variationID int64
	quantity               int64
	variation              []cartChoice // the attributes that were chosen, in the product's order
	extra                  []sessionValue
	line                   quote.CartLine // as the totals were last calculated
}

// cartChoice is a chosen attribute: "attribute_pa_size" and the term's slug, or
// "attribute_engraving" and the text of a local attribute.
type cartChoice struct{ name, value string }

// product is what the item sells: the variation when it has one; nil when the
// store no longer knows it.
func (i cartItem) product(st *state) *shop.Product {
	if i.variationID != 0 {
		return st.products[i.variationID]
	}
	return st.products[i.productID]
}

// sessionCustomer is what a session knows of its shopper (WC_Customer with the
// session's data store). What was never said is empty; withDefaults fills it in.
type sessionCustomer struct {
	billing, shipping address
	vatExempt         bool
	calculated        bool // calculated_shipping: the shopper asked for rates
	settled           bool // the defaults were filled in by this request; what is empty since was emptied
}

// withDefaults is WC_Customer_Data_Store_Session::set_defaults: a country or
// state that is missing is the shop's own; those of the shipping address follow
// the billing address unless a shipping address was given.
func (c sessionCustomer) withDefaults(sh *shop.Shop) sessionCustomer {
	if c.settled {
		return c
	}
	base := sh.DefaultLocation()
	shipped := c.hasShipping()
	if c.billing.Country == "" {
		c.billing.Country = base.Country
	}
	if c.shipping.Country == "" && !shipped {
		c.shipping.Country = c.billing.Country
	}
	if c.billing.State == "" {
		c.billing.State = base.State
	}
	if c.shipping.State == "" && !shipped {
		c.shipping.State = c.billing.State
	}
	return c
}

// hasShipping is WC_Customer::has_shipping_address.
func (c sessionCustomer) hasShipping() bool {
	a := c.shipping
	return strings.TrimSpace(a.FirstName+a.LastName+a.Company+a.Address1+a.Address2+a.City+a.State+a.Postcode+a.Country+a.Phone) != ""
}

// cartTotals are a cart's totals as they were last calculated. They are not
// changed once they are made.
type cartTotals struct {
	view   quote.CartView
	chosen []shipping.Rate // the rate that is paid for
}

// hash stands for WC_Cart::get_cart_hash: equal for equal contents and totals.
func (s *session) hash() string {
	sum := md5.New()
	for _, i := range s.items {
		_, _ = fmt.Fprintf(sum, "%s %d %s %s\n", i.key, i.quantity, i.line.Total, i.line.TotalTax) // a hash takes every write
	}
	if s.totals != nil {
		_, _ = fmt.Fprint(sum, s.totals.view.Totals.Total)
	}
	return hex.EncodeToString(sum.Sum(nil))
}
