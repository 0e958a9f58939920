package wootest

import (
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// place is an address as far as taxes look at it.
type place struct{ country, state string }

// baseAddress is the shop's own country and state ("IN:MH").
func (sh *shop) baseAddress() place {
	country, state, _ := strings.Cut(sh.values["woocommerce_default_country"], ":")
	return place{country, state}
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
		return wp.ContainsText(list, country)
	case "all_except":
		return !wp.ContainsText(sh.lists["woocommerce_all_except_countries"], country)
	}
	return country != ""
}
