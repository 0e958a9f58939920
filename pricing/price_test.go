package pricing_test

import (
	"testing"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
)

func TestPriceEqual(t *testing.T) {
	amount := decimal.RequireFromString
	maybe := func(s string) decimal.NullDecimal { return decimal.NewNullDecimal(amount(s)) }
	price := pricing.Price{Min: amount("499"), Max: maybe("499")}
	sale := price.WithDetails(pricing.PriceDetails{Regular: maybe("599"), Sale: maybe("499")})
	tests := []struct {
		name string
		a, b pricing.Price
		want bool
	}{
		{"the same", price, price, true},
		{"other zeros", price, pricing.Price{Min: amount("499.00"), Max: maybe("499.0")}, true},
		{"no details", price, price.WithDetails(pricing.PriceDetails{}), true},
		{"details taken away", price, sale.WithDetails(pricing.PriceDetails{}), true},
		{"empty suffix", price, price.WithDetails(pricing.PriceDetails{Suffix: []decimal.Decimal{}}), true},
		{"other price", price, pricing.Price{Min: amount("498"), Max: maybe("499")}, false},
		{"other end", price, pricing.Price{Min: amount("499"), Max: maybe("500")}, false},
		{"unknown end", price, pricing.Price{Min: amount("499")}, false},
		{"sale", price, sale, false},
		{"other regular price", sale, price.WithDetails(pricing.PriceDetails{Regular: maybe("598"), Sale: maybe("499")}), false},
		{"other sale price", sale, price.WithDetails(pricing.PriceDetails{Regular: maybe("599"), Sale: maybe("498")}), false},
		{"suffix", price, price.WithDetails(pricing.PriceDetails{Suffix: []decimal.Decimal{amount("1")}}), false},
		{"list", price, price.WithDetails(pricing.PriceDetails{List: []decimal.Decimal{amount("1")}}), false},
		{"free", price, price.WithDetails(pricing.PriceDetails{Free: true}), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.a.Equal(tt.b); got != tt.want {
				t.Errorf("%t, want %t", got, tt.want)
			}
			if got := tt.b.Equal(tt.a); got != tt.want {
				t.Errorf("the other way round %t, want %t", got, tt.want)
			}
		})
	}
}

// Details are a copy: changing them changes no Price.
func TestDetailsAreCopied(t *testing.T) {
	given := pricing.PriceDetails{Free: true}
	price := pricing.Price{}.WithDetails(given)
	given.Free = false
	d := price.Details()
	d.Free = false
	if !price.Details().Free {
		t.Error("the price changed with the caller's details")
	}
}
