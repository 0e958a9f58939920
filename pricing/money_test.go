package pricing_test

import (
	"errors"
	"math"
	"testing"

	"github.com/ankkor/ankkor/pricing"
	"github.com/google/go-cmp/cmp"
)

// money makes an amount of a known currency.
func money(tb testing.TB, minor int64, c pricing.Currency) pricing.Money {
	tb.Helper()
	m, err := pricing.New(minor, c)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func TestNew(t *testing.T) {
	m, err := pricing.New(49900, pricing.INR)
	if err != nil || m.Minor() != 49900 || m.Currency() != pricing.INR {
		t.Errorf("got %d %s, %v", m.Minor(), m.Currency(), err)
	}
	if pricing.Paise(49900) != m {
		t.Error("Paise makes another amount")
	}
	for _, code := range []pricing.Currency{"", "inr", "XXX"} {
		if m, err := pricing.New(1, code); !errors.Is(err, pricing.ErrInvalid) || m != (pricing.Money{}) {
			t.Errorf("currency %q: %v, %v", code, m, err)
		}
	}
}

func TestArithmetic(t *testing.T) {
	const most, least = math.MaxInt64, math.MinInt64
	type op func(a, b pricing.Money) (pricing.Money, error)
	add, sub := pricing.Money.Add, pricing.Money.Sub
	mul := func(a, b pricing.Money) (pricing.Money, error) { return a.Mul(b.Minor()) }
	neg := func(a, _ pricing.Money) (pricing.Money, error) { return a.Neg() }
	tests := []struct {
		name     string
		op       op
		a, b     int64
		want     int64
		overflow bool
	}{
		{"add", add, 100, 23, 123, false},
		{"add negative", add, 100, -101, -1, false},
		{"add zero to the most", add, most, 0, most, false},
		{"add zero to the least", add, least, 0, least, false},
		{"add most and least", add, most, least, -1, false},
		{"add over", add, most, 1, 0, true},
		{"add under", add, least, -1, 0, true},
		{"add least twice", add, least, least, 0, true},
		{"sub", sub, 100, 123, -23, false},
		{"sub zero from the least", sub, least, 0, least, false},
		{"sub equal least", sub, least, least, 0, false},
		{"sub over", sub, most, -1, 0, true},
		{"sub under", sub, least, 1, 0, true},
		{"sub the least from zero", sub, 0, least, 0, true},
		{"sub the least from -1", sub, -1, least, most, false},
		{"mul", mul, 49900, 3, 149700, false},
		{"mul by zero", mul, most, 0, 0, false},
		{"mul zero", mul, 0, least, 0, false},
		{"mul signs", mul, -7, -6, 42, false},
		{"mul to the least", mul, 1 << 62, -2, least, false},
		{"mul over by one", mul, 1 << 62, 2, 0, true},
		{"mul least by -1", mul, least, -1, 0, true},
		{"mul least by 1", mul, least, 1, least, false},
		{"mul far over", mul, most, most, 0, true},
		{"neg", neg, 5, 0, -5, false},
		{"neg most", neg, most, 0, -most, false},
		{"neg least", neg, least, 0, 0, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.op(pricing.Paise(tt.a), pricing.Paise(tt.b))
			want := pricing.Paise(tt.want)
			if tt.overflow {
				want = pricing.Money{}
			}
			if errors.Is(err, pricing.ErrOverflow) != tt.overflow || got != want {
				t.Errorf("got %v, %v; want %v, overflow %t", got, err, want, tt.overflow)
			}
		})
	}
}

func TestCurrenciesDoNotMix(t *testing.T) {
	rupees, dollars := pricing.Paise(100), money(t, 100, pricing.USD)
	ops := map[string]func() error{
		"Add": func() error { _, err := rupees.Add(dollars); return err },
		"Sub": func() error { _, err := rupees.Sub(dollars); return err },
		"Cmp": func() error { _, err := rupees.Cmp(dollars); return err },
		"Sum": func() error { _, err := pricing.Sum(pricing.Money{}, rupees, dollars); return err },
		// Zero dollars are dollars; only the zero value is nothing.
		"Add zero": func() error { _, err := rupees.Add(money(t, 0, pricing.USD)); return err },
	}
	for name, op := range ops {
		err := op()
		var mismatch *pricing.CurrencyMismatchError
		if !errors.Is(err, pricing.ErrCurrencyMismatch) || !errors.As(err, &mismatch) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if mismatch.Have != pricing.USD || mismatch.Want != pricing.INR {
			t.Errorf("%s: have %s, want %s", name, mismatch.Have, mismatch.Want)
		}
	}
}

// The zero value is nothing: it takes the other's currency.
func TestNothing(t *testing.T) {
	var nothing pricing.Money
	dollars := money(t, 100, pricing.USD)
	minus := money(t, -100, pricing.USD)
	checks := map[string]struct {
		got  func() (pricing.Money, error)
		want pricing.Money
	}{
		"0 + d":       {func() (pricing.Money, error) { return nothing.Add(dollars) }, dollars},
		"d + 0":       {func() (pricing.Money, error) { return dollars.Add(nothing) }, dollars},
		"0 - d":       {func() (pricing.Money, error) { return nothing.Sub(dollars) }, minus},
		"d - 0":       {func() (pricing.Money, error) { return dollars.Sub(nothing) }, dollars},
		"0 + 0":       {func() (pricing.Money, error) { return nothing.Add(nothing) }, nothing},
		"0 × 3":       {func() (pricing.Money, error) { return nothing.Mul(3) }, nothing},
		"sum of none": {func() (pricing.Money, error) { return pricing.Sum() }, nothing},
		"sum":         {func() (pricing.Money, error) { return pricing.Sum(nothing, dollars, minus, dollars) }, dollars},
	}
	for name, c := range checks {
		if got, err := c.got(); err != nil || got != c.want {
			t.Errorf("%s: got %v, %v; want %v", name, got, err, c.want)
		}
	}
	if order, err := nothing.Cmp(dollars); order != -1 || err != nil {
		t.Errorf("0 against $1: %d, %v", order, err)
	}
	if nothing.String() != "0" || nothing.Currency() != "" || !nothing.IsZero() {
		t.Errorf("nothing is %q in %q", nothing, nothing.Currency())
	}
}

func TestCmp(t *testing.T) {
	for _, tt := range []struct {
		a, b int64
		want int
	}{{1, 2, -1}, {2, 2, 0}, {3, 2, 1}, {-3, 2, -1}, {math.MinInt64, math.MaxInt64, -1}} {
		if got, err := pricing.Paise(tt.a).Cmp(pricing.Paise(tt.b)); got != tt.want || err != nil {
			t.Errorf("%d against %d: %d, %v", tt.a, tt.b, got, err)
		}
	}
}

func TestEqual(t *testing.T) {
	a := pricing.Paise(100)
	if !a.Equal(pricing.Paise(100)) || a.Equal(pricing.Paise(101)) || a.Equal(money(t, 100, pricing.USD)) {
		t.Error("Equal is not sameness of amount and currency")
	}
	if pricing.Paise(0).Equal(pricing.Money{}) {
		t.Error("₹0.00 equals nothing, and so would $0.00, but they do not equal each other")
	}
	// go-cmp compares through Equal, in spite of the unexported fields.
	if diff := cmp.Diff([]pricing.Money{a}, []pricing.Money{pricing.Paise(100)}); diff != "" {
		t.Error(diff)
	}
	if cmp.Diff(a, pricing.Paise(101)) == "" {
		t.Error("go-cmp finds no difference")
	}
}

func TestSign(t *testing.T) {
	for minor, want := range map[int64]int{-5: -1, 0: 0, 5: 1, math.MinInt64: -1} {
		m := pricing.Paise(minor)
		if m.Sign() != want || m.IsZero() != (want == 0) {
			t.Errorf("%d: sign %d, zero %t", minor, m.Sign(), m.IsZero())
		}
	}
}

func TestAmounts(t *testing.T) {
	tests := []struct {
		minor    int64
		currency pricing.Currency
		amount   string
	}{
		{49900, pricing.INR, "499.00"},
		{5, pricing.INR, "0.05"},
		{-5, pricing.INR, "-0.05"},
		{0, pricing.INR, "0.00"},
		{math.MinInt64, pricing.INR, "-92233720368547758.08"},
		{math.MaxInt64, pricing.INR, "92233720368547758.07"},
		{1500, pricing.JPY, "1500"},
		{math.MinInt64, pricing.JPY, "-9223372036854775808"},
		{1234, pricing.KWD, "1.234"},
		{-1, pricing.KWD, "-0.001"},
		{12345, "CLF", "1.2345"},
	}
	for _, tt := range tests {
		m := money(t, tt.minor, tt.currency)
		if m.Amount() != tt.amount {
			t.Errorf("%d %s: amount %s, want %s", tt.minor, tt.currency, m.Amount(), tt.amount)
		}
		if want := string(tt.currency) + " " + tt.amount; m.String() != want {
			t.Errorf("%d %s: %s, want %s", tt.minor, tt.currency, m, want)
		}
		if d := m.Decimal(); d.StringFixed(-d.Exponent()) != tt.amount {
			t.Errorf("%d %s: decimal %s, want %s", tt.minor, tt.currency, d, tt.amount)
		}
	}
}

func TestMoneyDoesNotAllocate(t *testing.T) {
	a, b := pricing.Paise(129900), pricing.Paise(4900)
	allocs := testing.AllocsPerRun(100, func() {
		line, _ := a.Mul(3)
		sum, _ := line.Add(b)
		rest, _ := sum.Sub(a)
		_, _ = rest.Cmp(b)
		_, _ = rest.Neg()
	})
	if allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}
