package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// newDecisions tells what became of every coupon, with the words the shopper reads.
func newDecisions(in *quote.Input, cart *quote.CartView) []decisionOutput {
	out := []decisionOutput{}
	individual := ""
	for i, d := range cart.Decisions {
		o := decisionOutput{Code: d.Code, Accepted: d.Accepted, Removed: append([]string{}, d.Removed...)}
		if d.Accepted && in.Coupons[i].IndividualUse {
			individual = d.Code
		}
		if !d.Accepted {
			code, text := int(d.Reason), message(in, &in.Coupons[i], d, individual)
			o.Reason, o.Error = &code, &text
		}
		out = append(out, o)
	}
	return out
}

// message is what the shopper reads of a refused coupon (WC_Coupon::get_coupon_error, in English). Products and
// categories without a name in the record are called by their ids.
func message(in *quote.Input, c *quote.Coupon, d quote.CouponDecision, individual string) string {
	code := `"` + d.Code + `"`
	if strings.HasPrefix(in.Settings.Version, "9.") {
		return strings.Replace(currentMessage(in, c, d.Reason, code, individual), "coupon "+code+" is", "this coupon is", 1)
	}
	return currentMessage(in, c, d.Reason, code, individual)
}

func currentMessage(in *quote.Input, c *quote.Coupon, reason quote.CouponReason, code, individual string) string {
	switch reason {
	case quote.CouponNotYours:
		return "Please enter a valid email at checkout to use coupon code " + code + "."
	case quote.CouponAlreadyApplied:
		return "Coupon code " + code + " already applied!"
	case quote.CouponIndividualUse:
		return fmt.Sprintf("Sorry, coupon %q has already been applied and cannot be used in conjunction with other coupons.", individual)
	case quote.CouponNotExists:
		return "Coupon " + code + " cannot be applied because it does not exist."
	case quote.CouponUsageLimit:
		return "Usage limit for coupon " + code + " has been reached."
	case quote.CouponExpired:
		return "Coupon " + code + " has expired."
	case quote.CouponMinimum:
		return "The minimum spend for coupon " + code + " is " + price(in, c.MinimumAmount) + "."
	case quote.CouponMaximum:
		return "The maximum spend for coupon " + code + " is " + price(in, c.MaximumAmount) + "."
	case quote.CouponSaleItems:
		return "Sorry, coupon " + code + " is not valid for sale items."
	case quote.CouponExcludedProducts:
		return "Sorry, coupon " + code + " is not applicable to the products: " + excludedProducts(in, c) + "."
	case quote.CouponExcludedCategories:
		return "Sorry, coupon " + code + " is not applicable to the categories: " + excludedCategories(in, c) + "."
	case quote.CouponUsageStuck, quote.CouponUsageStuckGuest:
		return "Usage limit for coupon " + code + " has been reached. Please try again after some time, or contact us for help."
	}
	return "Sorry, coupon " + code + " is not applicable to selected products."
}

// price writes an amount as a store with WooCommerce's default format does.
func price(in *quote.Input, d decimal.Decimal) string {
	symbols := map[pricing.Currency]string{"INR": "₹", "EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "KWD": "د.ك", "AED": "د.إ"}
	symbol, ok := symbols[in.Settings.Currency]
	if !ok {
		symbol = string(in.Settings.Currency)
	}
	f := pricing.WesternFormat(symbol)
	f.Decimals = in.Settings.Decimals
	return f.Amount(d)
}

func excludedProducts(in *quote.Input, c *quote.Coupon) string {
	var names []string
	for _, l := range in.Lines {
		if slices.Contains(c.ExcludedProductIDs, l.ProductID) || slices.Contains(c.ExcludedProductIDs, l.ParentID) {
			name := l.Name
			if name == "" {
				name = fmt.Sprint("#", l.ProductID)
			}
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

func excludedCategories(in *quote.Input, c *quote.Coupon) string {
	var names []string
	for _, l := range in.Lines {
		for _, id := range l.CategoryIDs {
			if name := fmt.Sprint("#", id); slices.Contains(c.ExcludedCategoryIDs, id) && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return strings.Join(names, ", ")
}
