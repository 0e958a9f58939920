package pricing_test

import (
	"strings"
	"testing"

	"github.com/ankkor/ankkor/pricing"
)

func TestCurrencyDigits(t *testing.T) {
	for digits, codes := range map[int]string{
		0: "JPY KRW VND ISK XOF",
		2: "INR USD EUR GBP AED CHF SEK PKR LKR NPR BDT BGN XCG ZWG",
		3: "KWD BHD OMR JOD TND IQD LYD",
		4: "CLF UYW",
	} {
		for _, code := range strings.Fields(codes) {
			c, err := pricing.ParseCurrency(code)
			if err != nil || c.MinorDigits() != digits {
				t.Errorf("%s: %d digits, %v; want %d", code, c.MinorDigits(), err, digits)
			}
		}
	}
}

// Of all 26³ codes these many are accepted: ISO 4217's list one, less XAD,
// and BGN.
func TestCurrencyCount(t *testing.T) {
	count := 0
	code := []byte("AAA")
	for code[0] = 'A'; code[0] <= 'Z'; code[0]++ {
		for code[1] = 'A'; code[1] <= 'Z'; code[1]++ {
			for code[2] = 'A'; code[2] <= 'Z'; code[2]++ {
				if _, err := pricing.ParseCurrency(string(code)); err == nil {
					count++
				}
			}
		}
	}
	if count != 165 {
		t.Errorf("%d currencies", count)
	}
}

func TestParseCurrencyRefuses(t *testing.T) {
	for _, code := range []string{
		"", "inr", "Inr", "XXX", "XTS", "XAU", "XDR", "IN", "INRR", "INR ", " INR", "I\x00R", "₹", "356",
		"DEM", "HRK", "ANG", "ZWL", strings.Repeat("INR", 1<<20),
	} {
		refusedField(t, "currency", func() error { _, err := pricing.ParseCurrency(code); return err })
		if digits := pricing.Currency(code).MinorDigits(); digits != 0 {
			t.Errorf("%.10q has %d digits", code, digits)
		}
	}
}
