package pricing_test

import (
	"errors"
	"math/big"
	"testing"

	"github.com/ankkor/ankkor/pricing"
	"github.com/shopspring/decimal"
)

func TestFromDecimal(t *testing.T) {
	const up, down, exact = pricing.HalfUp, pricing.HalfDown, pricing.Exact
	tests := []struct {
		amount   string
		currency pricing.Currency
		rounding pricing.Rounding
		minor    int64
	}{
		{"499", pricing.INR, exact, 49900},
		{"499.000000", pricing.INR, exact, 49900},
		{"-0.01", pricing.INR, exact, -1},
		{"0", pricing.INR, exact, 0},
		{"4.99e2", pricing.INR, exact, 49900},
		{"1e16", pricing.INR, exact, 1000000000000000000},
		{"92233720368547758.07", pricing.INR, exact, 1<<63 - 1},
		{"-92233720368547758.08", pricing.INR, exact, -1 << 63},
		{"1500", pricing.JPY, exact, 1500},
		{"1.234", pricing.KWD, exact, 1234},
		// A half goes away from zero, or towards it.
		{"1.005", pricing.INR, up, 101},
		{"1.005", pricing.INR, down, 100},
		{"-1.005", pricing.INR, up, -101},
		{"-1.005", pricing.INR, down, -100},
		{"1.015", pricing.INR, up, 102},
		{"1.015", pricing.INR, down, 101},
		{"0.5", pricing.JPY, up, 1},
		{"0.5", pricing.JPY, down, 0},
		{"-0.5", pricing.JPY, up, -1},
		{"1.2345", pricing.KWD, up, 1235},
		{"1.2345", pricing.KWD, down, 1234},
		// Anything else goes to the nearest.
		{"1.0049999", pricing.INR, up, 100},
		{"1.0050001", pricing.INR, down, 101},
		{"-1.0050001", pricing.INR, down, -101},
		{"33.333333", pricing.INR, up, 3333},
		{"0.004", pricing.INR, up, 0},
		{"-0.004", pricing.INR, up, 0},
		{"1e-9000", pricing.INR, up, 0},
		{"92233720368547758.0749", pricing.INR, up, 1<<63 - 1},
	}
	for _, tt := range tests {
		got, err := pricing.FromDecimal(decimal.RequireFromString(tt.amount), tt.currency, tt.rounding)
		if want := money(t, tt.minor, tt.currency); err != nil || got != want {
			t.Errorf("%s %s by %d: %v, %v; want %v", tt.amount, tt.currency, tt.rounding, got, err, want)
		}
	}
}

func TestFromDecimalRefuses(t *testing.T) {
	digits := new(big.Int).Exp(big.NewInt(10), big.NewInt(5000), nil)
	tests := []struct {
		name     string
		amount   decimal.Decimal
		currency pricing.Currency
		rounding pricing.Rounding
		field    string
		overflow bool
	}{
		{"finer than a paisa", decimal.New(1005, -3), pricing.INR, pricing.Exact, "amount", false},
		{"finer than a yen", decimal.New(15, -1), pricing.JPY, pricing.Exact, "amount", false},
		{"far finer than a paisa", decimal.New(1, -1_000_000_000), pricing.INR, pricing.Exact, "amount", false},
		{"the most and one", decimal.RequireFromString("92233720368547758.08"), pricing.INR, pricing.Exact, "amount", true},
		{"rounds over the most", decimal.RequireFromString("92233720368547758.075"), pricing.INR, pricing.HalfUp, "amount", true},
		{"wraps around as an IntPart", decimal.New(1, 17), pricing.INR, pricing.HalfUp, "amount", true},
		{"huge exponent", decimal.New(1, 1_000_000_000), pricing.INR, pricing.HalfUp, "amount", true},
		{"largest exponent", decimal.New(1, 1<<31-1), pricing.INR, pricing.HalfUp, "amount", true},
		{"many digits", decimal.NewFromBigInt(digits, 0), pricing.INR, pricing.HalfUp, "amount", true},
		{"many digits, small amount", decimal.NewFromBigInt(digits, -5000), pricing.INR, pricing.HalfUp, "amount", true},
		{"currency", decimal.New(1, 0), "inr", pricing.HalfUp, "currency", false},
		{"no currency", decimal.New(1, 0), "", pricing.HalfUp, "currency", false},
		{"rounding", decimal.New(1, 0), pricing.INR, 9, "rounding", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := pricing.FromDecimal(tt.amount, tt.currency, tt.rounding)
			refusedField(t, tt.field, func() error { return err })
			if errors.Is(err, pricing.ErrOverflow) != tt.overflow {
				t.Errorf("%v: overflow, want %t", err, tt.overflow)
			}
		})
	}
}

// An exponent is no work: if it were expanded, this test would not end.
func TestFromDecimalExponentBombs(t *testing.T) {
	for _, exponent := range []int32{1 << 30, 1<<31 - 1, -1 << 30, -1 << 31} {
		bomb := decimal.New(123456789, exponent)
		for _, r := range []pricing.Rounding{pricing.Exact, pricing.HalfUp, pricing.HalfDown} {
			m, err := pricing.FromDecimal(bomb, pricing.INR, r)
			if rounded := exponent < 0 && r != pricing.Exact; (err == nil) != rounded || !m.IsZero() {
				t.Errorf("1e%d by %d: %v, %v", exponent, r, m, err)
			}
		}
		if got := pricing.IndianFormat().Amount(bomb); len(got) > 30 {
			t.Errorf("1e%d is written with %d bytes", exponent, len(got))
		}
	}
}

// Zero is zero with any exponent.
func TestFromDecimalZero(t *testing.T) {
	for _, exponent := range []int32{0, 1 << 30, -1 << 30} {
		m, err := pricing.FromDecimal(decimal.New(0, exponent), pricing.INR, pricing.Exact)
		if err != nil || m != pricing.Paise(0) {
			t.Errorf("0e%d: %v, %v", exponent, m, err)
		}
	}
}
