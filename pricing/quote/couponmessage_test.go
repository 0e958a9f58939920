package quote_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// recordedWords are the names and prices of the store that the coupons were recorded from.
var recordedWords = quote.CouponWords{
	Price:    pricing.WesternFormat("₹").Amount,
	Category: func(id int64) string { return fmt.Sprint("Orc cat ", id) },
}

// TestCouponMessagesOfWooCommerce compares with what shoppers of a real store were told.
func TestCouponMessagesOfWooCommerce(t *testing.T) {
	compared := map[quote.CouponReason]int{}
	for _, r := range oracle[couponRecord](t, "coupons-rules") {
		in := r.input(t)
		for i := range in.Lines {
			l := &in.Lines[i]
			if l.Name = fmt.Sprint("Orc ", l.ProductID); l.ParentID != 0 {
				l.Name = fmt.Sprintf("Orc V %d - %c", l.ParentID, 'A'+byte((l.ProductID+1)%2))
			}
		}
		got, err := quote.Cart(in)
		if err != nil {
			t.Fatal(err)
		}
		messages := quote.CouponMessages(in, got.Decisions, recordedWords)
		for i, s := range r.Output.Steps {
			if messages[i] != s.Message {
				t.Errorf("%s: %s: %q, want %q", r.ID, s.Code, messages[i], s.Message)
			}
			compared[got.Decisions[i].Reason]++
		}
	}
	if len(compared) < 12 {
		t.Errorf("only %d reasons compared: %v", len(compared), compared)
	}
}

func TestCouponMessagesInOtherVersions(t *testing.T) {
	in := shop(t)
	in.Coupons = []quote.Coupon{{Code: "DIWALI", MinimumAmount: dec("500"), ExcludedProductIDs: []int64{1}, ExcludedCategoryIDs: []int64{9}}, {Code: "alone", IndividualUse: true}}
	in.Lines[0].CategoryIDs = []int64{9}
	tests := []struct {
		version string
		reason  quote.CouponReason
		want    string
	}{
		{"9.8.5", quote.CouponNotExists, `Coupon "diwali" does not exist!`},
		{"9.9.5", quote.CouponNotExists, `Coupon "diwali" does not exist!`},
		{"10.0.2", quote.CouponNotExists, `Coupon "diwali" cannot be applied because it does not exist.`},
		{"9.8.5", quote.CouponAlreadyApplied, "Coupon code already applied!"},
		{"9.9.5", quote.CouponAlreadyApplied, `Coupon code "diwali" already applied!`},
		{"9.8.5", quote.CouponExpired, "This coupon has expired."},
		{"9.8.5", quote.CouponUsageLimit, "Coupon usage limit has been reached."},
		{"9.8.5", quote.CouponUsageStuckGuest, "Coupon usage limit has been reached. Please try again after some time, or contact us for help."},
		{"11.0.1", quote.CouponUsageStuck, `Usage limit for coupon "diwali" has been reached. If you were using this coupon just now but your order was not complete, you can retry or cancel the order by going to the my account page.`},
		{"9.8.5", quote.CouponMinimum, "The minimum spend for this coupon is INR 500.00."},
		{"9.8.5", quote.CouponExcludedProducts, "Sorry, this coupon is not applicable to the products: #1."},
		{"", quote.CouponExcludedCategories, `Sorry, coupon "diwali" is not applicable to the categories: #9.`},
		{"", quote.CouponInvalidRemoved, `Sorry, it seems the coupon "diwali" is invalid - it has now been removed from your order.`},
		{"", quote.CouponIndividualUse, `Sorry, coupon "alone" has already been applied and cannot be used in conjunction with other coupons.`},
	}
	for _, tt := range tests {
		in.Settings.Version = tt.version
		got := quote.CouponMessages(in, []quote.CouponDecision{{Code: "other", Accepted: true}, {Code: "diwali", Reason: tt.reason}}, quote.CouponWords{})
		if len(got) != 2 || got[0] != "" || got[1] != tt.want {
			t.Errorf("%s, %d: %q, want %q", tt.version, tt.reason, got, tt.want)
		}
	}
}

// Every reason has words, even for a coupon that the input does not hold.
func TestEveryReasonHasWords(t *testing.T) {
	seen := map[string]quote.CouponReason{}
	for reason := quote.CouponInvalidRemoved; reason <= quote.CouponUsageStuckGuest; reason++ {
		text := quote.CouponMessages(shop(t), []quote.CouponDecision{{Code: "x", Reason: reason}}, quote.CouponWords{})[0]
		if reason == 111 {
			continue // WooCommerce has no such code
		}
		if other, known := seen[text]; known || text == "" {
			t.Errorf("%d and %d: %q", reason, other, text)
		}
		seen[text] = reason
	}
}

func ExampleCouponMessages() {
	in := quote.Input{
		Settings: quote.Settings{Currency: pricing.INR, Decimals: 2, Version: "10.4.3"},
		Lines:    []quote.Line{{ProductID: 1, UnitPrice: decimal.NewFromInt(499), Quantity: 1}},
		Coupons:  []quote.Coupon{{ID: 7, Code: "diwali", Type: quote.PercentCoupon, Amount: decimal.NewFromInt(10), MinimumAmount: decimal.NewFromInt(1000)}},
	}
	q, err := quote.Calculate(in)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, text := range quote.CouponMessages(in, q.Refused, quote.CouponWords{Price: pricing.IndianFormat().Amount}) {
		fmt.Println(text)
	}
	// Output: The minimum spend for coupon "diwali" is ₹1,000.00.
}
