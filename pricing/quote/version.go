package quote

import "github.com/ankkor/ankkor/pricing/internal/release"

// arithmetic is what differs between WooCommerce versions.
type arithmetic struct {
	// exactShipping: a rate's cost keeps its fractions; before 9.9 it was rounded after taxing it
	// (WC_Shipping_Method::add_rate).
	exactShipping bool
	// byUnitPrice: coupons walk the lines by unit price; before 10.0 by the line's price times the quantity again
	// (WC_Discounts::sort_by_price).
	byUnitPrice bool
	// normalises: amounts are taken to six decimals before they are rounded, since 10.1 (NumberUtil::normalize).
	normalises bool
	// standardFallback: an inherited shipping class without shipping rates falls back to the standard class, until 10.1
	// (WC_Tax::get_shipping_tax_rates).
	standardFallback bool
	// beforeCoupon: the tax of a negative fee is shared out by what the lines cost before the coupon that is being
	// applied; from 10.9 on, where an item knows its order (WC_Order_Item::set_order), by what they cost after it.
	beforeCoupon bool
}

// newArithmetic chooses the arithmetic of a version.
func newArithmetic(version string) (arithmetic, error) {
	r, ok := release.Parse(version)
	switch {
	case !ok:
		return arithmetic{}, invalid("settings.version", "must be a WooCommerce version such as 10.4.3")
	case !r.From(9, 8):
		return arithmetic{}, &UnsupportedError{Feature: "the arithmetic of WooCommerce versions before 9.8"}
	}
	return arithmetic{
		exactShipping:    r.From(9, 9),
		byUnitPrice:      r.From(10, 0),
		normalises:       r.From(10, 1),
		standardFallback: !r.From(10, 1),
		beforeCoupon:     !r.From(10, 9),
	}, nil
}

// Evidence is what the arithmetic for a WooCommerce version rests on.
type Evidence string

const (
	// Measured versions computed carts, or carts and orders, that the tests hold the engine against.
	Measured Evidence = "measured"
	// Compared versions lie between measured ones, and the source files that make totals were read for what differs.
	Compared Evidence = "compared"
	// Assumed versions are newer than every measured one, or unknown. They get the newest arithmetic known, and the
	// trace of a quote says so.
	Assumed Evidence = "assumed"
)

// EvidenceFor tells what the arithmetic for a version rests on, for a doctor or a dashboard to show. Its errors are
// those of Calculate for that version.
func EvidenceFor(version string) (Evidence, error) {
	if _, err := newArithmetic(version); err != nil {
		return "", err
	}
	r, _ := release.Parse(version)
	switch {
	case version == "" || r.From(11, 1):
		return Assumed, nil
	case r.Major == 9, r.Major == 10 && (r.Minor == 0 || r.Minor == 4), r.Major == 11:
		return Measured, nil
	}
	return Compared, nil
}

// noteVersion says in the trace what is assumed of a version that nobody has measured.
func (t *telling) noteVersion(version string) {
	if evidence, _ := EvidenceFor(version); evidence != Assumed {
		return
	}
	rule := "the store does not tell its WooCommerce version; its totals are computed as 11.0 computes them"
	if version != "" {
		rule = "WooCommerce " + version + " is newer than every version this engine was measured with; its totals are computed as 11.0 computes them"
	}
	t.steps = append(t.steps, Step{Subject: "settings.version", Rule: rule})
}
