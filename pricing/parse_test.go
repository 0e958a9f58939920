package pricing_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/pricing"
)

// badAmounts are no plain decimals of rupees, whoever sends them: as JSON,
// from a database, in configuration.
var badAmounts = []string{
	"1e1000000000", "1e-2147483648", "1e10000", "1e2", "1E2",
	"NaN", "Inf", "-Inf", "infinity", "nil", "null",
	"", " ", " 1", "1 ", "\t1", "1\n", "\x001",
	"+1", "1.", ".5", ".", "-", "--1", "1-", "-.5", "-1.",
	"1,000.00", "1_000", "1 000", "1'000", "1.000.00",
	"١٢", "१२", "１２", "1٫5", "−1",
	"1.005", "1.000", "0.001",
	"0x10", "0b1", "0o7", "007", "00", "01.00", "-0", "-0.00", "00.5",
	"₹1", "1 INR", "INR 1.00", "1.0.0",
	"92233720368547758.08", "92233720368547759", "99999999999999999999", "18446744073709551616",
	"100000000000000000000000000000", strings.Repeat("9", 1<<20), "0." + strings.Repeat("0", 1<<20),
	"\xff", "1\xff",
}

func TestParseRefuses(t *testing.T) {
	for _, amount := range badAmounts {
		t.Run(name(amount), func(t *testing.T) {
			got, err := pricing.Parse(amount, pricing.INR)
			refusedField(t, "amount", func() error { return err })
			if got != (pricing.Money{}) {
				t.Errorf("an error, and %v", got)
			}
			if len(amount) > 3 && strings.Contains(err.Error(), amount) {
				t.Errorf("the error repeats the value: %v", err)
			}
		})
	}
}

func name(s string) string {
	if len(s) > 20 {
		return s[:20] + "..."
	}
	return s
}

// What is negative is refused where an amount is asked for, and read where a
// signed one is.
func TestParseSign(t *testing.T) {
	for amount, minor := range map[string]int64{"-0.01": -1, "-1": -100, "-92233720368547758.08": -1 << 63} {
		refusedField(t, "amount", func() error { _, err := pricing.Parse(amount, pricing.INR); return err })
		if m, err := pricing.ParseSigned(amount, pricing.INR); err != nil || m.Minor() != minor {
			t.Errorf("%s: %v, %v", amount, m, err)
		}
	}
	for _, amount := range badAmounts {
		if _, err := pricing.ParseSigned(amount, pricing.INR); !errors.Is(err, pricing.ErrInvalid) {
			t.Errorf("%s: %v", name(amount), err)
		}
	}
}

func TestParse(t *testing.T) {
	tests := []struct {
		amount   string
		currency pricing.Currency
		minor    int64
	}{
		{"499", pricing.INR, 49900},
		{"499.5", pricing.INR, 49950},
		{"499.00", pricing.INR, 49900},
		{"0", pricing.INR, 0},
		{"0.00", pricing.INR, 0},
		{"0.07", pricing.INR, 7},
		{"1.10", pricing.INR, 110},
		{"92233720368547758.07", pricing.INR, 1<<63 - 1},
		{"90071992547409.93", pricing.INR, 9007199254740993},
		{"9007199254740993", pricing.JPY, 9007199254740993},
		{"1500", pricing.JPY, 1500},
		{"9223372036854775807", pricing.JPY, 1<<63 - 1},
		{"1.234", pricing.KWD, 1234},
		{"1.2345", "CLF", 12345},
	}
	for _, tt := range tests {
		m, err := pricing.Parse(tt.amount, tt.currency)
		if err != nil || m != money(t, tt.minor, tt.currency) {
			t.Errorf("%s %s: %v, %v", tt.amount, tt.currency, m, err)
		}
	}
}

func TestParseKnowsTheCurrency(t *testing.T) {
	for _, tt := range []struct {
		amount   string
		currency pricing.Currency
		field    string
	}{
		{"1.5", pricing.JPY, "amount"},
		{"1.0", pricing.JPY, "amount"},
		{"1.2345", pricing.KWD, "amount"},
		{"1.00", "inr", "currency"},
		{"1.00", "XXX", "currency"},
		{"1.00", "", "currency"},
		{"1.00", "INR ", "currency"},
		{"1.00", "₹", "currency"},
	} {
		t.Run(tt.amount+" "+string(tt.currency), func(t *testing.T) {
			refusedField(t, tt.field, func() error { _, err := pricing.Parse(tt.amount, tt.currency); return err })
		})
	}
}

func TestParseOverflow(t *testing.T) {
	for _, amount := range []string{"92233720368547758.08", "9223372036854775808", "99999999999999999999", strings.Repeat("9", 100)} {
		if _, err := pricing.Parse(amount, pricing.INR); !errors.Is(err, pricing.ErrOverflow) {
			t.Errorf("%s: %v, want ErrOverflow", name(amount), err)
		}
	}
}
