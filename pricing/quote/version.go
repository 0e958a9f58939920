package quote

import (
	"strconv"
	"strings"
)

// arithmetic is what differs between WooCommerce versions.
type arithmetic struct {
	// normalises: amounts are taken to six decimals before they are rounded (NumberUtil::round of 10.x).
	normalises bool
	// byUnitPrice: coupons walk the lines by unit price; 9.8 multiplied the line's price by the quantity again.
	byUnitPrice bool
	// exactShipping: a rate's cost keeps its fractions; 9.8 rounded it after taxing it.
	exactShipping bool
	// standardFallback: an inherited shipping class without shipping rates falls back to the standard class (9.8).
	standardFallback bool
}

// newArithmetic chooses the arithmetic of a version: 9.8 has its own, 10.x and 11.x agree on every total. Other 9.x
// versions were not measured.
func newArithmetic(version string) (arithmetic, error) {
	current := arithmetic{normalises: true, byUnitPrice: true, exactShipping: true}
	if version == "" {
		return current, nil
	}
	major, rest, _ := strings.Cut(version, ".")
	minor, _, _ := strings.Cut(rest, ".")
	n, err := strconv.ParseUint(major, 10, 16)
	switch {
	case err != nil || len(version) > 32:
		return arithmetic{}, invalid("settings.version", "must be a WooCommerce version such as 10.4.3")
	case n >= 10:
		return current, nil
	case n == 9 && minor == "8":
		return arithmetic{standardFallback: true}, nil
	}
	return arithmetic{}, &UnsupportedError{Feature: "the arithmetic of WooCommerce versions before 9.8, and of 9.9"}
}
