package pricing_test

import (
	"errors"
	"math"
	"testing"

	"github.com/ankkor/ankkor/pricing"
	"github.com/google/go-cmp/cmp"
)

// minors are the amounts in minor units.
func minors(ms []pricing.Money) []int64 {
	var ns []int64
	for _, m := range ms {
		ns = append(ns, m.Minor())
	}
	return ns
}

func TestSplit(t *testing.T) {
	tests := []struct {
		name  string
		minor int64
		parts int
		want  []int64
	}{
		{"even", 9900, 3, []int64{3300, 3300, 3300}},
		{"larger parts first", 10000, 3, []int64{3334, 3333, 3333}},
		{"two left", 11, 3, []int64{4, 4, 3}},
		{"more parts than paise", 2, 4, []int64{1, 1, 0, 0}},
		{"one part", 10001, 1, []int64{10001}},
		{"nothing to split", 0, 2, []int64{0, 0}},
		{"negative", -10000, 3, []int64{-3334, -3333, -3333}},
		{"negative, two left", -11, 3, []int64{-4, -4, -3}},
		{"the least", math.MinInt64, 2, []int64{math.MinInt64 / 2, math.MinInt64 / 2}},
		{"the most", math.MaxInt64, 2, []int64{1 << 62, 1<<62 - 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			parts, err := pricing.Paise(tt.minor).Split(tt.parts)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, minors(parts)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if sum, err := pricing.Sum(parts...); err != nil || sum != pricing.Paise(tt.minor) {
				t.Errorf("adds up to %v, %v", sum, err)
			}
		})
	}
}

func TestSplitRefuses(t *testing.T) {
	for _, n := range []int{0, -1, math.MinInt, 65537, math.MaxInt} {
		refusedField(t, "parts", func() error { _, err := pricing.Paise(100).Split(n); return err })
	}
	if parts, err := pricing.Paise(100).Split(65536); err != nil || len(parts) != 65536 {
		t.Errorf("65536 parts: %d, %v", len(parts), err)
	}
}

func TestProrate(t *testing.T) {
	const most = math.MaxInt64
	tests := []struct {
		name    string
		minor   int64
		weights []int64
		want    []int64
	}{
		{"in proportion", 10000, []int64{1, 3}, []int64{2500, 7500}},
		{"largest remainder", 100, []int64{1, 5, 1}, []int64{14, 72, 14}},
		{"of equal remainders the earlier", 100, []int64{1, 1, 1}, []int64{34, 33, 33}},
		{"two of three", 101, []int64{1, 1, 1}, []int64{34, 34, 33}},
		{"a later part lost more", 5, []int64{3, 4}, []int64{2, 3}},
		{"in the order of loss", 10, []int64{4, 3, 4}, []int64{4, 3, 3}},
		{"zero weight gets nothing", 100, []int64{0, 3, 0, 4}, []int64{0, 43, 0, 57}},
		{"one weight", 7, []int64{5}, []int64{7}},
		{"nothing to divide", 0, []int64{1, 2}, []int64{0, 0}},
		{"negative", -100, []int64{1, 1, 1}, []int64{-34, -33, -33}},
		{"negative, largest remainder", -100, []int64{1, 5, 1}, []int64{-14, -72, -14}},
		{"the least", math.MinInt64, []int64{1}, []int64{math.MinInt64}},
		{"the least, in two", math.MinInt64, []int64{1, 1}, []int64{math.MinInt64 / 2, math.MinInt64 / 2}},
		{"products beyond 64 bits", most, []int64{most - 1, 1}, []int64{most - 1, 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			parts, err := pricing.Paise(tt.minor).Prorate(tt.weights)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, minors(parts)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			for _, part := range parts {
				if part.Currency() != pricing.INR {
					t.Errorf("a part in %q", part.Currency())
				}
			}
		})
	}
}

func TestProrateRefuses(t *testing.T) {
	for name, weights := range map[string][]int64{
		"none":         nil,
		"all zero":     {0, 0},
		"negative":     {5, -1},
		"the least":    {math.MinInt64},
		"sum over":     {math.MaxInt64, 1},
		"sum far over": {math.MaxInt64, math.MaxInt64, math.MaxInt64},
	} {
		t.Run(name, func(t *testing.T) {
			refusedField(t, "weights", func() error { _, err := pricing.Paise(100).Prorate(weights); return err })
		})
	}
	_, err := pricing.Paise(100).Prorate([]int64{math.MaxInt64, 1})
	if !errors.Is(err, pricing.ErrOverflow) {
		t.Errorf("weights over 64 bits: %v", err)
	}
}

// refusedField expects an *InvalidError that names the field.
func refusedField(t *testing.T, field string, call func() error) {
	t.Helper()
	err := call()
	var invalid *pricing.InvalidError
	if !errors.Is(err, pricing.ErrInvalid) || !errors.As(err, &invalid) {
		t.Errorf("got %v, want an InvalidError", err)
		return
	}
	if invalid.Field != field || invalid.Reason == "" {
		t.Errorf("field %q (%s), want %q", invalid.Field, invalid.Reason, field)
	}
}
