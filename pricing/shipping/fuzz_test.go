package shipping_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/ankkor/ankkor/pricing/shipping"
)

// FuzzFormula feeds cost formulas: every answer is a cost or a typed error.
func FuzzFormula(f *testing.F) {
	for _, s := range []string{
		"49", "10 + 5 * [qty]", "[cost] * 0.1", `25 + [fee percent="5" min_fee="10"]`, "2 ^ 3", "(([qty] - 1) * 15) + 60", "1.234,50", "-2^-2", "e(pi)", "[fee",
		"9^99", "1/0", "((((((((1", "+ - * /", "..", "1..2", "[fee percent=\"1e9\"]",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, formula string) {
		rates, err := shipping.Rates(everywhere(flatRate(formula)), request())
		checkAnswer(t, err)
		for _, r := range rates {
			if r.Cost.Exponent() < -20 || r.Cost.Exponent() > 0 {
				t.Errorf("%q costs %s", formula, r.Cost)
			}
		}
	})
}

// FuzzRates feeds whatever JSON can hold.
func FuzzRates(f *testing.F) {
	zones, err := json.Marshal(shipping.FlatWithFreeThreshold(dec("49"), dec("999")))
	if err != nil {
		f.Fatal(err)
	}
	req, err := json.Marshal(request())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(zones, req)
	f.Add([]byte(`[{"id":1,"locations":[{"type":"postcode","code":"..."}]}]`), []byte(`{"postcode":"*","lines":[{"quantity":1,"total":"1e-20"}]}`))
	f.Fuzz(func(t *testing.T, z, r []byte) {
		var zones []shipping.Zone
		var req shipping.Request
		if json.Unmarshal(z, &zones) != nil || json.Unmarshal(r, &req) != nil {
			return
		}
		_, err := shipping.Rates(zones, req)
		checkAnswer(t, err)
	})
}

func checkAnswer(t *testing.T, err error) {
	t.Helper()
	if err != nil && !errors.Is(err, shipping.ErrInvalid) && !errors.Is(err, shipping.ErrUnsupported) {
		t.Errorf("untyped error %v", err)
	}
}
