package main

import (
	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// newDecisions tells what became of every coupon, with the words the shopper reads.
func newDecisions(in *quote.Input, cart *quote.CartView) []decisionOutput {
	out := []decisionOutput{}
	texts := quote.CouponMessages(*in, cart.Decisions, quote.CouponWords{Price: prices(in.Settings)})
	for i, d := range cart.Decisions {
		o := decisionOutput{Code: d.Code, Accepted: d.Accepted, Removed: append([]string{}, d.Removed...)}
		if !d.Accepted {
			code := int(d.Reason)
			o.Reason, o.Error = &code, &texts[i]
		}
		out = append(out, o)
	}
	return out
}

// prices writes amounts as a store with WooCommerce's default format does.
func prices(s quote.Settings) func(decimal.Decimal) string {
	symbols := map[pricing.Currency]string{"INR": "₹", "EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "KWD": "د.ك", "AED": "د.إ"}
	symbol, ok := symbols[s.Currency]
	if !ok {
		symbol = string(s.Currency)
	}
	f := pricing.WesternFormat(symbol)
	f.Decimals = s.Decimals
	return f.Amount
}
