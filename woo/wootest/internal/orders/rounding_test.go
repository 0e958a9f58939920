package orders_test

import (
	"testing"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/woo/wootest/internal/orders"
)

// TestRoundHalfDown holds it against round(…, PHP_ROUND_HALF_DOWN) of PHP 8.2: value,
// whole, two decimals.
func TestRoundHalfDown(t *testing.T) {
	for _, c := range [][3]string{
		{"1.005", "1", "1"}, {"1.015", "1", "1.01"}, {"2.5", "2", "2.5"}, {"2.675", "3", "2.67"}, {"-1.005", "-1", "-1"}, {"-2.5", "-2", "-2.5"},
		{"1.0049999", "1", "1"}, {"1.0050001", "1", "1.01"}, {"10", "10", "10"}, {"0.125", "0", "0.12"}, {"106.925", "107", "106.92"}, {"53.465", "53", "53.46"},
	} {
		d := decimal.RequireFromString(c[0])
		whole, two := orders.RoundHalfDown(d, 0).String(), orders.RoundHalfDown(d, 2).String()
		if whole != c[1] || two != c[2] {
			t.Errorf("%s is %s and %s, PHP says %s and %s", c[0], whole, two, c[1], c[2])
		}
	}
}
