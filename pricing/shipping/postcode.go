package shipping

import (
	"fmt"
	"strings"
)

// cleanPostcode is a postcode as WooCommerce compares it: capitals, without spaces and dashes.
func cleanPostcode(s string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "\t", "").Replace(s))
}

// coversPostcode matches a range a...b, a prefix*, or the postcode itself (wc_postcode_location_matcher).
func (l ZoneLocation) coversPostcode(postcode string) bool {
	postcode = cleanPostcode(postcode)
	if from, to, ok := strings.Cut(l.Code, "..."); ok {
		return inRange(postcode, cleanPostcode(from), cleanPostcode(to))
	}
	code := cleanPostcode(l.Code)
	if prefix, ok := strings.CutSuffix(code, "*"); ok {
		return strings.HasPrefix(postcode, prefix)
	}
	return postcode == code
}

// inRange compares numbers as numbers. When an end has letters, every sign is turned into two digits first, and the
// ends are filled up with zeros.
func inRange(postcode, from, to string) bool {
	if !isNumber(from) || !isNumber(to) {
		postcode, from, to = spell(postcode), spell(from), spell(to)
		for len(from) < len(postcode) {
			from += "0"
		}
		for len(to) < len(postcode) {
			to += "0"
		}
	}
	if !isNumber(postcode) {
		return false
	}
	return compareNumbers(postcode, from) >= 0 && compareNumbers(postcode, to) <= 0
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func compareNumbers(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

// spell writes each digit with two digits and each letter as its place in the alphabet: PE30 is 16050300.
func spell(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		switch {
		case c >= '0' && c <= '9':
			fmt.Fprintf(&b, "%02d", c-'0')
		case c >= 'A' && c <= 'Z':
			fmt.Fprintf(&b, "%02d", c-'A'+1)
		default:
			b.WriteString("00")
		}
	}
	return b.String()
}
