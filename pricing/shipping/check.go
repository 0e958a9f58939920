package shipping

import (
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/internal/release"
)

func invalid(field, reason string) error { return &InvalidError{Field: field, Reason: reason} }

// in puts the outer part of a path before an *InvalidError's field.
func in(err error, outer string) error {
	var e *InvalidError
	if !errors.As(err, &e) {
		return err
	}
	field := outer
	if e.Field != "" {
		field = outer + "." + e.Field
	}
	return &InvalidError{Field: field, Reason: e.Reason}
}

func check(zones []Zone, req *Request) error {
	if len(zones) > MaxZones {
		return invalid("zones", fmt.Sprintf("must not be more than %d", MaxZones))
	}
	seen := map[int64]bool{}
	for i := range zones {
		switch {
		case len(zones[i].Methods) > MaxMethods:
			return invalid(fmt.Sprintf("zones[%d].methods", i), fmt.Sprintf("must not be more than %d", MaxMethods))
		case seen[zones[i].ID]:
			return invalid(fmt.Sprintf("zones[%d].id", i), "must be different from every other zone's")
		}
		seen[zones[i].ID] = true
		for k := range zones[i].Methods {
			if !sane(zones[i].Methods[k].MinAmount) {
				return invalid(fmt.Sprintf("zones[%d].methods[%d].min_amount", i, k), "must be a plain amount of zero or more")
			}
		}
	}
	return req.check()
}

func (r *Request) check() error {
	switch {
	case r.Decimals < 0 || r.Decimals > 4:
		return invalid("decimals", "must be from 0 to 4")
	case len(r.Lines) > MaxLines:
		return invalid("lines", fmt.Sprintf("must not be more than %d", MaxLines))
	case len(r.Postcode) > 100:
		return invalid("postcode", "must not be longer than 100 bytes")
	case !sane(r.DisplayedSubtotal):
		return invalid("displayed_subtotal", "must be a plain amount of zero or more")
	case !sane(r.Discount):
		return invalid("discount", "must be a plain amount of zero or more")
	}
	for i := range r.Lines {
		switch l := &r.Lines[i]; {
		case l.Quantity < 1 || l.Quantity > 1_000_000:
			return invalid(fmt.Sprintf("lines[%d].quantity", i), "must be a whole number from 1 to 1000000")
		case !sane(l.Total.Abs()): // WooCommerce's coupons can take a fraction of a paisa more than there is
			return invalid(fmt.Sprintf("lines[%d].total", i), "must be a plain amount")
		}
	}
	return nil
}

// sane keeps out amounts that are negative, or too long to compute with.
func sane(d decimal.Decimal) bool {
	return d.Exponent() >= -20 && d.Exponent() <= 12 && d.NumDigits() <= 30 && !d.IsNegative()
}

// roundsFees: since WooCommerce 10.6, [fee] is rounded to the store's decimals (WC_Shipping_Flat_Rate::fee).
func (r *Request) roundsFees() bool {
	version, ok := release.Parse(r.Version)
	return ok && version.From(10, 6)
}
