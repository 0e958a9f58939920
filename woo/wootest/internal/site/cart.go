package site

import (
	"crypto/md5" // a cookie's fingerprint of the cart; no secret depends on it
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
)

// CartItem is one line of a cart.
type CartItem struct {
	Key                    string
	ProductID, VariationID int64
	Quantity               int64
	Variation              []CartChoice // the attributes that were chosen, in the product's order
	Extra                  []SessionValue
	Line                   quote.CartLine // as the totals were last calculated
}

// CartChoice is a chosen attribute: "attribute_pa_size" and the term's slug, or
// "attribute_engraving" and the text of a local attribute.
type CartChoice struct{ Name, Value string }

// Product is what the item sells: the variation when it has one; nil when the
// store no longer knows it.
func (i CartItem) Product(st *State) *shop.Product {
	if i.VariationID != 0 {
		return st.Products[i.VariationID]
	}
	return st.Products[i.ProductID]
}

// SessionCustomer is what a session knows of its shopper (WC_Customer with the
// session's data store). What was never said is empty; WithDefaults fills it in.
type SessionCustomer struct {
	Billing, Shipping Address
	VATExempt         bool
	Calculated        bool // calculated_shipping: the shopper asked for rates
	Settled           bool // the defaults were filled in by this request; what is empty since was emptied
}

// WithDefaults is WC_Customer_Data_Store_Session::set_defaults: a country or
// state that is missing is the shop's own; those of the shipping address follow
// the billing address unless a shipping address was given.
func (c SessionCustomer) WithDefaults(sh *shop.Shop) SessionCustomer {
	if c.Settled {
		return c
	}
	base := sh.DefaultLocation()
	shipped := c.hasShipping()
	if c.Billing.Country == "" {
		c.Billing.Country = base.Country
	}
	if c.Shipping.Country == "" && !shipped {
		c.Shipping.Country = c.Billing.Country
	}
	if c.Billing.State == "" {
		c.Billing.State = base.State
	}
	if c.Shipping.State == "" && !shipped {
		c.Shipping.State = c.Billing.State
	}
	return c
}

// hasShipping is WC_Customer::has_shipping_address.
func (c SessionCustomer) hasShipping() bool {
	a := c.Shipping
	return strings.TrimSpace(a.FirstName+a.LastName+a.Company+a.Address1+a.Address2+a.City+a.State+a.Postcode+a.Country+a.Phone) != ""
}

// CartTotals are a cart's totals as they were last calculated. They are not
// changed once they are made.
type CartTotals struct {
	View   quote.CartView
	Chosen []shipping.Rate // the rate that is paid for
}

// Hash stands for WC_Cart::get_cart_hash: equal for equal contents and totals.
func (s *Session) Hash() string {
	sum := md5.New()
	for _, i := range s.Items {
		_, _ = fmt.Fprintf(sum, "%s %d %s %s\n", i.Key, i.Quantity, i.Line.Total, i.Line.TotalTax) // a hash takes every write
	}
	if s.Totals != nil {
		_, _ = fmt.Fprint(sum, s.Totals.View.Totals.Total)
	}
	return hex.EncodeToString(sum.Sum(nil))
}
