package shop

import (
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// Place is an address as far as taxes look at it.
type Place struct{ Country, State string }

// BaseAddress is the shop's own country and state ("IN:MH").
func (sh *Shop) BaseAddress() Place {
	country, state, _ := strings.Cut(sh.Values["woocommerce_default_country"], ":")
	return Place{country, state}
}

// DefaultLocation is wc_get_customer_default_location: the shop's own place
// when it sells there, unless the setting says that nothing is known at first.
func (sh *Shop) DefaultLocation() Place {
	if sh.Values["woocommerce_default_customer_address"] == "" {
		return Place{}
	}
	base := sh.BaseAddress()
	if !sh.SellsTo(base.Country) {
		return Place{}
	}
	return base
}

// SellsTo says whether the shop sells to a country.
func (sh *Shop) SellsTo(country string) bool {
	list := sh.Lists["woocommerce_specific_allowed_countries"]
	switch sh.Values["woocommerce_allowed_countries"] {
	case "specific":
		return wp.ContainsText(list, country)
	case "all_except":
		return !wp.ContainsText(sh.Lists["woocommerce_all_except_countries"], country)
	}
	return country != ""
}
