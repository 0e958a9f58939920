package quote_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/ankkor/ankkor/pricing/quote"
)

// FuzzCalculate feeds whatever JSON can hold. Every answer is a typed error or a quote that keeps its promises.
func FuzzCalculate(f *testing.F) {
	for _, in := range []quote.Input{shop(f), full(f), fiftyLines(f)} {
		data, err := json.Marshal(in)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"settings":{"currency":"INR"},"lines":[{"unit_price":"1e9","quantity":1}]}`))
	f.Add([]byte(`{"settings":{"currency":"KWD","decimals":3,"tax_enabled":true},"ship_to":{"country":"KW"},"rates":[{"id":1,"rate":33.3333,"compound":true}],"lines":[{"unit_price":0.0005,"quantity":3}],"fees":[{"amount":-5}]}`))
	f.Add([]byte(`{"settings":{"currency":"INR","decimals":2},"lines":[{"unit_price":"0.005","quantity":7}],"coupons":[{"id":1,"code":"x","type":"fixed_cart","amount":"99","limit_usage_to_x_items":2}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var in quote.Input
		if json.Unmarshal(data, &in) != nil {
			return
		}
		q, err := quote.Calculate(in)
		if err != nil {
			var invalid *quote.InvalidError
			var unsupported *quote.UnsupportedError
			if !errors.As(err, &invalid) && !errors.As(err, &unsupported) {
				t.Fatalf("untyped error %v", err)
			}
			return
		}
		keepsPromises(t, q)
	})
}

func keepsPromises(t *testing.T, q quote.Quote) {
	t.Helper()
	if q.Totals.Total.Sign() < 0 && len(q.Fees) == 0 {
		t.Errorf("total %s", q.Totals.Total)
	}
	for i, l := range q.Lines {
		if l.Subtotal.IsNegative() || l.Total.IsNegative() || l.Total.GreaterThan(l.Subtotal) {
			t.Errorf("line %d: subtotal %s, total %s", i, l.Subtotal, l.Total)
		}
	}
	data, err := json.Marshal(q)
	if err != nil {
		t.Fatal(err)
	}
	var back quote.Quote
	if err := json.Unmarshal(data, &back); err != nil || back.Hash() != q.Hash() {
		t.Errorf("stored quote: %v", err)
	}
}
