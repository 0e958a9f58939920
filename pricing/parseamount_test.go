package pricing_test

import (
	"errors"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
)

func TestParseAmount(t *testing.T) {
	p := parserFor(t, pricing.IndianFormat())
	tests := []struct {
		text, want string
		err        error
	}{
		{"₹1,00,000.50", "100000.50", nil},
		{"₹100,000.50", "100000.50", nil},
		{"1299", "1299", nil},
		{span, "1299.00", nil},
		{"<del>₹999.00</del> <ins>₹749.00</ins>", "749.00", nil},
		{"₹499.00 - ₹1,299.00", "", pricing.ErrAmbiguous},
		{"", "", pricing.ErrNoPrice},
		{"₹1e5", "", pricing.ErrInvalid},
		{"₹12,34", "", pricing.ErrInvalid},
	}
	for _, tt := range tests {
		got, err := p.ParseAmount(tt.text)
		if !errors.Is(err, tt.err) {
			t.Errorf("%q: %v, want %v", tt.text, err, tt.err)
			continue
		}
		if err == nil && !got.Equal(decimal.RequireFromString(tt.want)) {
			t.Errorf("%q is %s, want %s", tt.text, got, tt.want)
		}
	}
}
