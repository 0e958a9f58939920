package cart

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The longest texts, in bytes of UTF-8.
const (
	MaxNote      = 2000
	MaxCoupon    = 100
	maxChangeID  = 64
	maxPairs     = 10
	maxPairName  = 100
	maxPairValue = 500
	maxRefText   = 2000     // all names and values of a ref together
	maxCartText  = 64 << 10 // those of all lines together: so a full cart always fits into MaxJSON, escapes included
	maxExactInt  = 1<<53 - 1
)

// NormalizeCoupon returns a code in the form that is stored and compared: without surrounding blanks, in lower case,
// as wc_format_coupon_code does.
func NormalizeCoupon(code string) string { return strings.ToLower(strings.TrimSpace(code)) }

func normalizeNote(note string) string { return strings.ReplaceAll(note, "\r\n", "\n") }

// checkText refuses what is no text: invalid UTF-8, its replacement character (what encoding/json makes of
// invalid UTF-8), control characters other than those allowed, and more than most bytes.
func checkText(field, s string, most int, allowed string) error {
	switch {
	case len(s) > most:
		return invalid(field, fmt.Sprintf("is longer than %d bytes", most))
	case !utf8.ValidString(s) || strings.ContainsRune(s, utf8.RuneError):
		return invalid(field, "is not valid UTF-8")
	}
	for _, r := range s {
		if unicode.IsControl(r) && !strings.ContainsRune(allowed, r) {
			return invalid(field, "holds a control character")
		}
	}
	return nil
}

func tooMany(field string, most int) error {
	return invalid(field, fmt.Sprintf("would be more than %d", most))
}

func overCap(most int64) error {
	return invalid("quantity", fmt.Sprintf("is over %d, the most of this line", most))
}
