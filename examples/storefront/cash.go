package main

import (
	"errors"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/adjust"
)

// cash is cash on delivery on this shop's terms: ₹40 for the courier, up to ₹5,000, from ₹2,000 on ₹199 beforehand, and
// not where the courier takes no cash.
func cash() checkout.PaymentOption {
	return checkout.PaymentOption{
		Method: payment.MethodCOD, Title: "Cash on delivery", Gateway: payment.CashOnDelivery{},
		Cash: &checkout.CashTerms{
			Currency:   pricing.INR,
			Rules:      checkout.CashRules{DenyPINs: []string{"79", "744"}, MaxTotal: pricing.Paise(5_000_00)},
			Fee:        adjust.CashOnDelivery{Name: "Cash on delivery", Amount: decimal.NewFromInt(40)},
			Prepayment: payment.Prepayment{Through: payment.MethodRazorpay, Fixed: pricing.Paise(199_00), From: pricing.Paise(2_000_00)},
		},
	}
}

// way is a way to pay, as the review shows it.
type way struct {
	checkout.PaymentChoice
	Why string // it is not offered; empty when it is
}

// waysToPay are those that fit the purchase. One that would be offered for another purchase is shown with the reason; of
// cash for what nobody brings there is nothing to say.
func waysToPay(choices []checkout.PaymentChoice) []way {
	var ways []way
	for _, c := range choices {
		nobodyComes := false
		for _, r := range c.Refusals {
			nobodyComes = nobodyComes || r.Code == checkout.RefusedNothingToDeliver
		}
		if !nobodyComes {
			ways = append(ways, way{c, reasons(c.Refusals)})
		}
	}
	return ways
}

// offers reports whether a way to pay can be chosen.
func offers(ways []way, method payment.Method) bool {
	for _, w := range ways {
		if w.Option.Method == method {
			return w.Why == ""
		}
	}
	return false
}

func reasons(refusals []checkout.Refusal) string {
	texts := make([]string, len(refusals))
	for i, r := range refusals {
		texts[i] = r.Reason
	}
	return strings.Join(texts, " ")
}

// whyNotThisWay is the shopper's sentence for a way to pay that was refused.
func whyNotThisWay(err error) string {
	var refused *checkout.NotEligibleError
	if !errors.As(err, &refused) {
		return ""
	}
	for _, r := range refused.Refusals {
		if r.Code == checkout.RefusedNothingToDeliver {
			return ""
		}
	}
	return reasons(refused.Refusals)
}
