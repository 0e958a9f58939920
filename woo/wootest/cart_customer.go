package wootest

import "strings"

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
func (c sessionCustomer) withDefaults(sh *shop) sessionCustomer {
	if c.settled {
		return c
	}
	base := sh.defaultLocation()
	shipped := c.hasShipping()
	if c.billing.Country == "" {
		c.billing.Country = base.country
	}
	if c.shipping.Country == "" && !shipped {
		c.shipping.Country = c.billing.Country
	}
	if c.billing.State == "" {
		c.billing.State = base.state
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

// defaultLocation is wc_get_customer_default_location: the shop's own place
// when it sells there, unless the setting says that nothing is known at first.
func (sh *shop) defaultLocation() place {
	if sh.values["woocommerce_default_customer_address"] == "" {
		return place{}
	}
	base := sh.baseAddress()
	if !sh.sellsTo(base.country) {
		return place{}
	}
	return base
}

// sellsTo says whether the shop sells to a country.
func (sh *shop) sellsTo(country string) bool {
	list := sh.lists["woocommerce_specific_allowed_countries"]
	switch sh.values["woocommerce_allowed_countries"] {
	case "specific":
		return containsText(list, country)
	case "all_except":
		return !containsText(sh.lists["woocommerce_all_except_countries"], country)
	}
	return country != ""
}

func containsText(list []string, text string) bool {
	for _, x := range list {
		if x == text {
			return true
		}
	}
	return false
}
