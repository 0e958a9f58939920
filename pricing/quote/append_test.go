package quote_test

import (
	"encoding/json"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/quote"
)

// FuzzNumbersAreWritten holds the JSON of decimals against what decimal itself writes, digit by digit.
func FuzzNumbersAreWritten(f *testing.F) {
	for _, n := range []int64{0, 1, -1, 5, -10, 49900, 26732143, -999999999999999999, 1e18, 9223372036854775807, -9223372036854775808} {
		for _, e := range []int32{0, -1, -2, -6, -8, -18, -19, -100, -101, 1, 100, 101} {
			f.Add(n, e)
		}
	}
	f.Fuzz(func(t *testing.T, coefficient int64, exponent int32) {
		exponent %= 110
		d := decimal.New(coefficient, exponent)
		got, err := json.Marshal(quote.CartTax{RateID: 7, Amount: d})
		if exponent > 100 || exponent < -100 {
			if err == nil {
				t.Fatalf("%de%d is written as %s", coefficient, exponent, got)
			}
			return
		}
		if want := `{"rate_id":7,"amount":"` + d.StringFixed(max(-exponent, 0)) + `"}`; err != nil || string(got) != want {
			t.Fatalf("%de%d is written as %s, want %s (%v)", coefficient, exponent, got, want, err)
		}
	})
}

// FuzzNamesAreWritten holds the JSON of texts against encoding/json's own.
func FuzzNamesAreWritten(f *testing.F) {
	for _, s := range []string{"", "Terracotta mug", `"\`, "<b>&amp;</b>", "a\x00b\n\x7f", "₹1,299", "\u2028", "\xff", "CGST 6 %"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		want, err := json.Marshal(map[string]any{"code": name})
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(quote.CartTaxRow{Code: name})
		if rest := `,"label":"","rate_id":0,"amount":"0"}`; err != nil || string(got) != string(want[:len(want)-1])+rest {
			t.Fatalf("%q is written as %s (%v)", name, got, err)
		}
	})
}
